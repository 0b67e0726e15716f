import t from 'tap';
import type { FormDefinition } from '../src/definitions/form.types.ts';
import { consequences } from '../src/engine/overview/consequences.ts';
import { nextDue } from '../src/engine/reading/due.ts';
import type { NowView, TaskView } from '../src/engine/model/overview-types.ts';
import { overview } from '../src/engine/overview/overview.ts';
import { summaryFields, summaryText } from '../src/engine/model/summary.ts';
import { act, attempt, begin, choice, coordinator, director, everything, noon, ownOnly, type Played, smallRoute, submit, succeeded, take, teacher, translate } from './fixtures/small-route.ts';

const route = smallRoute({
  subject: 'kind', performers: ['leraar', 'ib', 'directie'],
  facts: { ernstig: { 'keuze.ernst': 'hoog' } },
  tasks: {
    start: { form: 'start', title: 'Begin', repeat: true, opensCase: true },
    nood: { form: 'nood', title: 'Leg een noodsituatie vast', repeat: true, emergency: true },
    bestuur: { form: 'bestuur', title: 'Meld het bestuur', required: true, when: { 'facts.ernstig': true }, performers: ['directie'], due: { within: { days: 0 } } },
    vraag: { form: 'vraag', title: 'Vraag toestemming', repeat: true, later: ['antwoord'], done: { 'this.antwoord': { answered: true } }, due: { from: 'this.op', within: { days: 14 } } },
    terug: { form: 'start', title: 'Kijk terug', repeat: true, when: { 'steps.twee': 'reached' } }
  },
  transitions: { onterecht: { title: 'Ten onrechte geopend', close: 'goed', performers: ['directie'], unfinished: true } },
  steps: {
    een: {
      label: '1', title: 'Stap 1', shortTitle: 'Kijken', text: 'Kort', guidance: '# Uitleg', performers: ['ib', 'directie'], due: { within: { workdays: 10 } },
      tasks: { verslag: { form: 'verslag', title: 'Maak een verslag', required: true }, keuze: { form: 'keuze', title: 'Kies', required: true }, notitie: { form: 'notitie', title: 'Schrijf een notitie', repeat: true } },
      rules: { samen: { must: { 'verslag.samen': true }, message: 'Het is niet samen besproken.', waivable: ['directie'] } },
      transitions: { verder: { title: 'Verder', to: 'twee', performers: ['ib'], when: { 'keuze.ernst': { answered: true } } }, klaar: { title: 'Afsluiten', close: 'goed', when: { 'keuze.ernst': 'laag' } } }
    },
    twee: { label: '2', title: 'Stap 2', performers: ['directie'], tasks: { besluit: { form: 'besluit', title: 'Besluit', required: true } }, transitions: { klaar: { title: 'Afsluiten', close: 'goed', form: 'afsluiting' }, terug: { title: 'Terug', to: 'een', performers: ['directie'], unfinished: true } } }
  },
  documents: { brief: { template: 'brief', title: 'Brief', when: { verslag: { answered: true } } } }
}, {
  kind: { naam: { type: 'string', title: 'Naam' } }, keuze: { ernst: choice('laag', 'hoog') }, verslag: { samen: { type: 'boolean', title: 'Samen?' } },
  vraag: { op: { type: 'string', format: 'date', title: 'Wanneer?' }, antwoord: choice('ja', 'nee') }
});
const started = (by = coordinator): Played => begin(route, { feit: 'x' }, { by, subject: { naam: 'Sem' } });
const look = ({ state, now }: Played, by = coordinator, at = now): ReturnType<typeof overview> => overview(route, state, everything(by), at);
const nowOf = (played: Played, by = coordinator, at = played.now): NowView => look(played, by, at).now;
const taskOf = (played: Played, id: string, by = coordinator): TaskView | undefined => {
  const { activeSteps, tasks, unfinished } = look(played, by);
  return [...activeSteps.flatMap((step) => step.tasks), ...tasks, ...unfinished].find((task) => task.id === id);
};

t.test('the one thing to do is a required task of the step, in file order, then of the top level, and never an optional one', async (t) => {
  const played = started();
  t.match(nowOf(played), { type: 'task', task: { id: 'verslag' }, record: null });
  submit(played, 'verslag', { samen: true });
  t.match(nowOf(played), { type: 'task', task: { id: 'keuze' } });
  submit(played, 'keuze', { ernst: 'hoog' });
  t.match(nowOf(played, director), { type: 'task', task: { id: 'bestuur' } });
  t.match(nowOf(played), { type: 'decide', step: 'een', title: 'Stap 1' });
});

t.test('a record left open is asked of who may fill it in, after what is required; what is late comes first', async (t) => {
  const played = submit(started(), 'vraag', { op: '2026-03-18' });
  t.match(nowOf(played), { type: 'task', task: { id: 'verslag' } });
  t.match(nowOf(played, coordinator, '2026-04-02T09:00:00.000Z'), { type: 'task', task: { id: 'verslag', due: { day: '2026-04-01', late: true } } });
  submit(submit(played, 'verslag', { samen: true }), 'keuze', { ernst: 'laag' });
  t.match(nowOf(played), { type: 'task', task: { id: 'vraag', required: false, due: { day: '2026-04-01', at: '2026-04-01T21:59:59.999Z', late: false } }, record: 3 });
  act(played, { type: 'update', record: 3, answers: { antwoord: 'ja' } });
  t.match(nowOf(played), { type: 'decide' });
});

t.test('whoever has nothing to do is told on whom the case waits; a closed case says so', async (t) => {
  const played = started();
  t.match(nowOf(played, teacher), { type: 'wait', on: ['Intern begeleider', 'Directeur'], task: { id: 'verslag', status: 'waiting' } });
  submit(submit(played, 'verslag', { samen: true }), 'keuze', { ernst: 'laag' });
  t.match(nowOf(played, teacher), { type: 'wait', on: ['Intern begeleider', 'Directeur'], task: null });
  take(played, 'een', 'verder');
  t.match(nowOf(played), { type: 'wait', on: ['Directeur'], task: { id: 'besluit' } });
  const closed = take({ ...submit({ ...played, by: director }, 'besluit'), by: director }, 'twee', 'klaar', {});
  t.match(look(closed), { status: 'closed', outcome: { id: 'goed', title: 'Goed afgelopen' }, now: { type: 'closed' }, activeSteps: [], exits: [], unfinished: [] });
  t.notOk(look(closed).tasks.some(({ mayAdd }) => mayAdd), 'nothing can be added any more');
});

t.test('each task says whether it is to do, waits, may be done, is done, comes later or is ruled out, and why', async (t) => {
  const played = started();
  const seen = (id: string, by = coordinator): unknown => {
    const task = taskOf(played, id, by);
    return [task?.status, task?.reasons, task?.mayAdd];
  };
  t.same(seen('verslag'), ['todo', [], true]);
  t.same(seen('verslag', teacher), ['waiting', [], false]);
  t.same(seen('notitie'), ['optional', [], true]);
  t.same(seen('notitie', teacher), ['notYet', [], false], 'the performers say for whom it is');
  t.same(seen('bestuur'), ['notYet', ['Doe eerst ‘Kies’.'], false]);
  t.same(seen('terug'), ['notYet', ['Dit kan pas vanaf ‘Stap 2’.'], false]);
  submit(submit(played, 'keuze', { ernst: 'laag' }), 'notitie');
  t.same(seen('bestuur'), ['notApplicable', ['Dit kan alleen als dit geldt: ‘Keuze’ bij ‘Kies’ is ‘Antwoord hoog’.'], false]);
  t.same(seen('keuze'), ['done', [], false]);
  t.same(seen('notitie'), ['done', [], true], 'and once more');
});

t.test('the subject stands first and an emergency last; nothing shuts an emergency', async (t) => {
  const played = started(teacher);
  t.same(look(played, teacher).tasks.map(({ id }) => id), ['kind', 'start', 'bestuur', 'vraag', 'terug', 'nood']);
  t.match(taskOf(played, 'nood', teacher), { emergency: true, mayAdd: true });
});

t.test('each way out is open, refused or closed, with every reason, who may take it and where it leads', async (t) => {
  const played = started();
  t.match(look(played).activeSteps[0]?.exits, [
    { id: 'verder', status: 'closed', mayTake: true, performers: ['Intern begeleider'], reasons: [{ kind: 'condition', text: 'Doe eerst ‘Kies’.', task: 'keuze' }], to: [{ id: 'twee', label: '2', title: 'Stap 2' }], close: null },
    { id: 'klaar', status: 'closed', to: [], close: { id: 'goed', title: 'Goed afgelopen' } }
  ]);
  submit(played, 'keuze', { ernst: 'hoog' });
  t.match(look(played).activeSteps[0]?.exits[0], { status: 'refused', reasons: [{ kind: 'task', text: 'Doe eerst ‘Maak een verslag’.', task: 'verslag' }, { kind: 'rule', rule: 'samen', waivable: ['directie'], task: 'verslag' }] });
  submit(played, 'verslag', { samen: true });
  t.match(look(played).activeSteps[0]?.exits[0], { status: 'open', reasons: [] });
  t.match(look(played).exits, [{ step: null, id: 'onterecht', status: 'open', mayTake: false, performers: ['Directeur'] }]);
});

t.test('the steps say where they stand, since when, how often and where they lead', async (t) => {
  const played = submit(submit(started(), 'verslag', { samen: true }), 'keuze', { ernst: 'laag' });
  played.now = '2026-03-20T10:00:00.000Z';
  take(played, 'een', 'verder');
  t.same(look(played).steps, [
    { id: 'een', label: '1', title: 'Stap 1', shortTitle: 'Kijken', text: 'Kort', status: 'completed', at: played.now, by: 'vries', reason: null, visits: 1, leadsTo: ['twee'], closes: true, wentTo: ['twee'], closed: false },
    { id: 'twee', label: '2', title: 'Stap 2', shortTitle: 'Stap 2', text: null, status: 'active', at: played.now, by: null, reason: null, visits: 1, leadsTo: ['een'], closes: true, wentTo: [], closed: false }
  ]);
  t.match(look(played).activeSteps, [{ step: 'twee', visit: 2, label: '2', title: 'Stap 2', guidance: null }]);
});

t.test('what was left open in a step that was left stands apart, without a term, and may still be handed in', async (t) => {
  const played = submit(submit(started(), 'verslag', { samen: true }), 'keuze', { ernst: 'hoog' });
  take(played, 'een', 'verder');
  played.by = director;
  take(played, 'twee', 'terug');
  t.match(look(played).unfinished, [{ id: 'besluit', status: 'notYet', due: null, performers: ['Directeur'], mayAdd: false }]);
  t.match(look(played, director).unfinished, [{ id: 'besluit', status: 'optional', mayAdd: true }]);
  t.match(nowOf(played), { type: 'task', task: { id: 'verslag', visit: 3 } }, 'and is not the thing to do now');
  submit(played, 'besluit');
  t.same(look(played).unfinished, []);
});

t.test('with own access only own records and offered tasks are seen, no names, no ways out of others, and nothing to wait for', async (t) => {
  const played = begin(route, { feit: 'x' }, { by: teacher, subject: { naam: 'Sem' } });
  const withOthers = submit(submit(submit(submit({ ...played, by: coordinator }, 'verslag', { samen: true }), 'keuze', { ernst: 'hoog' }), 'vraag', { op: '2026-03-18' }), 'start', { feit: 'y' });
  const seen = overview(route, withOthers.state, ownOnly(teacher), noon);
  t.same(seen.activeSteps.map(({ tasks, exits }) => [tasks, exits]), [[[], []]]);
  t.same(seen.tasks.map(({ id, records }) => [id, records.length]), [['kind', 1], ['start', 1], ['vraag', 0], ['nood', 0]]);
  t.same([seen.exits, seen.hints, seen.now], [[], [], { type: 'nothing' }]);
  t.notMatch(JSON.stringify(seen), /vries/);
});

t.test('a term counts from an answer, from when the task was asked for, or is that of its step; open records keep their own', async (t) => {
  const played = started();
  t.match(taskOf(played, 'verslag')?.due, { day: '2026-04-01', late: false }, 'ten working days of the step');
  played.now = '2026-03-20T23:30:00.000Z';
  submit(played, 'keuze', { ernst: 'hoog' });
  t.match(taskOf(played, 'bestuur')?.due, { day: '2026-03-21' }, 'asked for half past midnight in Amsterdam');
  played.now = '2026-03-23T10:00:00.000Z';
  submit(played, 'vraag', { op: '2026-03-02' });
  t.match(taskOf(played, 'bestuur')?.due, { day: '2026-03-21', late: true }, 'later acts do not move it');
  t.equal(nextDue(route, played.state, played.now), '2026-03-16T22:59:59.999Z');
  act(played, { type: 'update', record: played.state.lastRecord, answers: { antwoord: 'ja' } });
  t.equal(nextDue(route, played.state, played.now), '2026-03-21T22:59:59.999Z');
  submit({ ...played, by: director }, 'bestuur');
  t.equal(taskOf(submit(played, 'verslag', { samen: true }), 'verslag')?.due, null, 'what is done has no term');
});

t.test('the check page says what happens: documents, tasks by whom, and what stays shut and why', async (t) => {
  const played = started();
  const told = (command: Parameters<typeof attempt>[1], by = coordinator): string[] => consequences(route, played.state, succeeded(attempt({ ...played, by }, command)), everything(by), noon);
  t.same(told({ type: 'submit', task: 'verslag', answers: { samen: false } }), ['Dit document kan nu worden gemaakt: Brief.']);
  t.same(told({ type: 'submit', task: 'keuze', answers: { ernst: 'hoog' } }), [
    'Nieuwe taak: Meld het bestuur. Wie: directeur.',
    '‘Verder’ kan nog niet. Doe eerst ‘Maak een verslag’. Het is niet samen besproken.'
  ]);
  t.same(told({ type: 'submit', task: 'vraag', answers: { op: '2026-03-18' } }), ['Vul later nog aan: Vraag toestemming.']);
  submit(submit(played, 'verslag', { samen: true }), 'keuze', { ernst: 'hoog' });
  t.same(told({ type: 'take', step: 'een', transition: 'verder', answers: null }), [
    'Afgerond: Stap 1.', 'De zaak gaat naar: Stap 2.', 'Nieuwe taak: Besluit. Wie: directeur.', 'Dit kan nu ook: Kijk terug.'
  ]);
  t.same(told({ type: 'take', step: null, transition: 'onterecht', answers: null }, director), [
    'Afgerond: Stap 1.', 'Vervalt: Meld het bestuur.', 'De zaak wordt afgesloten: Goed afgelopen.'
  ]);
  t.same(told({ type: 'submit', task: 'start', answers: {} }), [], 'nothing follows');
});

t.test('a summary fills in answers in words and leaves out a part whose answers are all missing', async (t) => {
  const form: FormDefinition = { id: 'f', version: '1', language: 'nl', title: 'F', summary: '{naam}, groep {groep}, {keuze} op {op}, {wie}', schema: { type: 'object', properties: { naam: { title: 'Naam', type: 'string' }, groep: { title: 'Groep', type: 'string' }, keuze: choice('a', 'b'), op: { title: 'Op', type: 'string', format: 'date' }, wie: { title: 'Wie', type: 'object' } } } };
  t.equal(summaryText(form, { naam: 'Sem  de\nBakker', groep: '5' }, translate), 'Sem de Bakker, groep 5');
  t.equal(summaryText(form, { naam: 'Sem', keuze: ['a', 'b'], op: '2026-03-18', wie: { id: 'x', naam: 'M. Hofman' } }, translate), 'Sem, Antwoord a, Antwoord b op 18 maart 2026, M. Hofman');
  t.equal(summaryText(form, {}, translate), '');
  t.ok(summaryText(form, { naam: 'woord '.repeat(100) }, translate).length <= 161);
  t.same(summaryFields(form), ['naam', 'groep', 'keuze', 'op', 'wie']);
});
