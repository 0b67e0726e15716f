import fc from 'fast-check';
import t from 'tap';
import { bundleFromText, bundleText, makeBundle } from '../src/definitions/make-bundle.ts';
import { endOfTerm } from '../src/engine/time/durations.ts';
import { overview } from '../src/engine/overview/overview.ts';
import { apply } from '../src/engine/commands/transition.ts';
import { addDays, isWorkday } from '../src/engine/time/workdays.ts';
import { makeZone } from '../src/engine/time/zone.ts';
import { act, attempt, begin, choice, coordinator, director, eventsOf, everything, noon, type Played, refused, smallRoute, submit, take, teacher } from './fixtures/small-route.ts';

const active = ({ state }: Played): string[] => state.visits.filter(({ status }) => status === 'active').map(({ step }) => step);

t.test('semantics 9: a top-level task is for its performers, else those of the definition; its author keeps own records', async (t) => {
  const model = smallRoute({
    performers: ['ib'],
    tasks: { start: { form: 'start', repeat: true, opensCase: true, performers: ['leraar', 'ib'], later: ['rest'] }, bestuur: { form: 'bestuur', performers: ['author', 'directie'] }, vrij: { form: 'vrij', repeat: true }, nood: { form: 'nood', repeat: true, emergency: true } },
    steps: { een: { title: 'Stap 1', performers: ['directie'], tasks: { verslag: { form: 'verslag' } }, transitions: {} } }
  });
  const played = begin(model, { a: 1 }, { by: teacher });
  const may = (by: typeof teacher, task: string): boolean => attempt({ ...played, by }, { type: 'submit', task, answers: {} }).ok;
  t.same([teacher, coordinator, director].map((by) => may(by, 'vrij')), [false, true, false], 'those of the step never extend to the top level');
  t.same([teacher, coordinator, director].map((by) => may(by, 'bestuur')), [true, false, true]);
  t.same([teacher, coordinator, director].map((by) => may(by, 'verslag')), [false, false, true]);
  t.same([teacher, coordinator, director].map((by) => may(by, 'nood')), [true, true, true], 'nothing holds up an emergency');
  const update = { type: 'update', record: 1, answers: { rest: 'x' } } as const;
  t.same([teacher, coordinator, director].map((by) => attempt({ ...played, by }, update).ok), [true, true, false]);
  t.equal(refused({ ...played, by: director }, update).texts[0], 'Dit kan alleen worden gedaan door: Leraar, Intern begeleider.');
});

const later = smallRoute({
  subject: 'kind',
  tasks: { vraag: { form: 'vraag', title: 'Vraag het', later: ['antwoord'], done: { 'this.antwoord': { answered: true } } } },
  events: { nee: { for: 'vraag', on: { 'for.antwoord': 'nee' }, notify: ['directie'] } },
  steps: {
    een: { title: 'Stap 1', transitions: { verder: { title: 'Verder', to: 'twee', when: { 'vraag.antwoord': 'ja' } } } },
    twee: { title: 'Stap 2', transitions: { klaar: { title: 'Klaar', close: 'goed' } } }
  }
}, { vraag: { wat: { type: 'string', title: 'Wat vraagt u?' }, antwoord: choice('ja', 'nee') }, kind: { naam: { type: 'string', title: 'Naam' }, weg: { type: 'string', format: 'date', title: 'Weg op' } } });

t.test('semantics 10: a later answer is a new version that conditions read; it undoes nothing and may fire an event', async (t) => {
  const played = submit(begin(later, {}, { subject: { naam: 'Sem' } }), 'vraag', { wat: 'x', antwoord: 'ja' });
  take(played, 'een', 'verder');
  act(played, { type: 'update', record: 3, answers: { antwoord: 'nee' } });
  t.match(played.state.records.at(-1), { id: 3, version: 2, by: 'vries', updatedBy: 'vries', answers: { wat: 'x', antwoord: 'nee' } });
  t.same(active(played), ['twee']);
  t.same(eventsOf(played, 'noticed').map(({ roles }) => roles), [['directie']]);
  t.same(refused(played, { type: 'update', record: 3, answers: { wat: 'y' } }), { code: 'frozen', texts: ['Dit antwoord ligt vast en kan zo niet worden gewijzigd: ‘Wat vraagt u?’.'] });
});

t.test('semantics 10: of a closed case only the subject may be filled in', async (t) => {
  const played = begin(later, {}, { subject: { naam: 'Sem' } });
  take(take(submit(played, 'vraag', { antwoord: 'ja' }), 'een', 'verder'), 'twee', 'klaar');
  t.equal(refused(played, { type: 'update', record: 3, answers: { antwoord: 'nee' } }).code, 'closed');
  act(played, { type: 'update', record: 1, answers: { weg: '2026-07-17' } });
  t.same(played.state.records[0]?.answers, { naam: 'Sem', weg: '2026-07-17' });
  t.equal(played.state.status, 'closed');
});

t.test('semantics 12: a hash is over minified JSON in file order, strings NFC; the text gives the same bundle back', async (t) => {
  const { workflow } = smallRoute({}).bundle;
  const forms = { start: { id: 'start', version: '1', language: 'nl', title: 'Be\u0301gin', schema: { type: 'object', properties: { b: { title: 'B' }, a: { title: 'A' } } } } } as const;
  const files = { forms, documents: {}, partials: {} };
  const bundle = makeBundle(workflow, files);
  t.match(bundleText(bundle), /"Bégin".*"b":.*"a":/u);
  t.same(bundleFromText(bundleText(bundle)), bundle);
  t.equal(makeBundle(workflow, { ...files, forms: { start: { ...forms.start, title: 'B\u00e9gin' } } }).hash, bundle.hash);
  const turned = { ...forms.start, schema: { type: 'object', properties: { a: { title: 'A' }, b: { title: 'B' } } } } as const;
  t.not(makeBundle(workflow, { ...files, forms: { start: turned } }).hash, bundle.hash);
});

t.test('semantics 13: the first form takes the subject along; without it that is an open task and never a refusal', async (t) => {
  const model = smallRoute({ subject: 'kind', performers: ['ib'], tasks: { start: { form: 'start', repeat: true, opensCase: true, performers: ['leraar', 'ib'] } }, events: { scherm: { for: 'start', on: { 'for.geheim': true }, restrict: { to: ['author', 'directie'], never: 'for.wie' } } } }, { kind: { naam: { type: 'string', title: 'Naam' } } });
  const known = begin(model, {}, { by: teacher, subject: { naam: 'Sem' } });
  t.same(known.state.records.map(({ task, answers }) => [task, answers]), [['kind', { naam: 'Sem' }], ['start', {}]]);
  t.equal(known.state.responsible, 'smit');
  const unknown = begin(model, { geheim: true, wie: ['hofman'] }, { by: teacher });
  t.match(unknown.state.restriction, { to: ['author', 'directie'], never: ['hofman'] }, 'restricted in the same act');
  const now = overview(model, unknown.state, everything(teacher), noon);
  t.match(now.now, { type: 'task', task: { id: 'kind', status: 'todo' } });
  t.ok(submit(unknown, 'kind', { naam: 'Sem' }), 'who started it may say whom it is about');
  t.equal(apply(model, null, { type: 'open', task: 'kind', answers: {}, subject: null }, teacher, noon).ok, false);
});

t.test('semantics 14: no days is the end of that day, also at weekends; working days pass over holidays', async (t) => {
  const zone = makeZone('Europe/Amsterdam');
  t.equal(endOfTerm('2026-03-21', { days: 0 }, zone), '2026-03-21T22:59:59.999Z');
  t.equal(endOfTerm('2026-03-21T10:00:00.000Z', { days: 0 }, zone), '2026-03-21T22:59:59.999Z');
  t.equal(endOfTerm('2026-03-28', { days: 1 }, zone), '2026-03-29T21:59:59.999Z', 'the clock is moved');
  t.equal(endOfTerm('2026-04-02', { workdays: 1 }, zone), '2026-04-07T21:59:59.999Z', 'past Good Friday and Easter Monday');
  t.equal(endOfTerm('2026-03-18T10:00:00.000Z', { hours: 2 }, zone), '2026-03-18T12:00:00.000Z');
  t.equal(endOfTerm('2026-01-31', { months: 1 }, zone), '2026-02-28T22:59:59.999Z');
  fc.assert(fc.property(fc.integer({ min: 0, max: 9000 }), fc.integer({ min: 1, max: 30 }), (offset, days) => isWorkday(zone.dayOf(endOfTerm(addDays('2024-01-01', offset), { workdays: days }, zone)))), { numRuns: 200 });
});

t.test('semantics 17: answered on a task is one record handed in, also incomplete; done is complete', async (t) => {
  const model = smallRoute({ ...later.workflow, steps: { een: { title: 'Stap 1', transitions: { ingevuld: { title: 'A', to: 'een', when: { vraag: { answered: true } } }, klaar: { title: 'B', to: 'een', when: { 'tasks.vraag': 'done' } } } } } });
  const played = begin(model);
  const can = (transition: string): boolean => attempt(played, { type: 'take', step: 'een', transition, answers: null }).ok;
  t.same([can('ingevuld'), can('klaar')], [false, false]);
  submit(played, 'vraag', { wat: 'x' });
  t.same([can('ingevuld'), can('klaar')], [true, false]);
  act(played, { type: 'update', record: 2, answers: { antwoord: 'nee' } });
  t.same([can('ingevuld'), can('klaar')], [true, true]);
});

t.test('trap consent: an update that would hide a frozen answer is refused, one that may change is dropped', async (t) => {
  const model = smallRoute({ tasks: { toestemming: { form: 'toestemming', later: ['status', 'ingetrokkenOp'] } } }, { toestemming: {
    status: choice('gegeven', 'ingetrokken'),
    getekendOp: { type: 'string', format: 'date', title: 'Wanneer getekend?', when: { status: 'gegeven' } },
    ingetrokkenOp: { type: 'string', format: 'date', title: 'Wanneer ingetrokken?', when: { status: 'ingetrokken' } }
  } });
  const signed = submit(begin(model), 'toestemming', { status: 'gegeven', getekendOp: '2026-03-01' });
  t.same(refused(signed, { type: 'update', record: 2, answers: { status: 'ingetrokken', ingetrokkenOp: '2026-03-18' } }), { code: 'frozen', texts: ['Dit antwoord ligt vast en kan zo niet worden gewijzigd: ‘Wanneer getekend?’.'] });
  const withdrawn = submit(begin(model), 'toestemming', { status: 'ingetrokken', ingetrokkenOp: '2026-03-10' });
  act(withdrawn, { type: 'update', record: 2, answers: { status: 'gegeven' } });
  t.same(withdrawn.state.records[1]?.answers, { status: 'gegeven' });
});

t.test('trap follow-ups: a follow-up that is only asked never holds up closing', async (t) => {
  const model = smallRoute({ tasks: { delen: { form: 'delen', repeat: true, done: { 'this.gedeeld': true } } }, steps: { een: { title: 'Stap 1', transitions: { klaar: { title: 'Klaar', close: 'goed' } } } } });
  t.equal(take(submit(begin(model), 'delen', {}), 'een', 'klaar').state.status, 'closed');
});

t.test('trap order: the order of keys is the order on the screen, of reasons and of events', async (t) => {
  const view = (ids: string[]): string[] => {
    const model = smallRoute({ steps: { een: { title: 'Stap 1', tasks: Object.fromEntries(ids.map((id) => [id, { form: 'leeg' }])), transitions: {} } } });
    return overview(model, begin(model).state, everything(coordinator), noon).activeSteps[0]?.tasks.map(({ id }) => id) ?? [];
  };
  t.same(view(['zeven', 'een1', 'acht']), ['zeven', 'een1', 'acht']);
  t.same(view(['acht', 'zeven']), ['acht', 'zeven']);
});
