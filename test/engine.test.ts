import fc from 'fast-check';
import t from 'tap';
import type { Field } from '../src/definitions/form.types.ts';
import { stepStatus } from '../src/engine/model/visits.ts';
import { instanceOf } from '../src/engine/model/instances.ts';
import { overview } from '../src/engine/overview/overview.ts';
import { prefilledAnswers, prefills } from '../src/engine/reading/prefill.ts';
import { apply } from '../src/engine/commands/transition.ts';
import { act, attempt, begin, choice, coordinator, director, eventsOf, everything, noon, type Played, refused, smallRoute, submit, take, teacher } from './fixtures/small-route.ts';

const reason = 'De ouder was ziek en komt later.';
const active = ({ state }: Played): string[] => state.visits.filter(({ status }) => status === 'active').map(({ step }) => step);
const statuses = ({ model, state }: Played): string[] => [...model.steps.keys()].map((step) => stepStatus(model, state, step));
const leave = { type: 'take', step: 'een', transition: 'verder', answers: null } as const;

t.test('semantics 1: a required task of a step is asked before leaving it, judged at that moment', async (t) => {
  const model = smallRoute({ steps: {
    een: { title: 'Stap 1', tasks: { verslag: { form: 'verslag', title: 'Maak een verslag', required: { 'keuze.ernst': 'hoog' } }, keuze: { form: 'keuze', title: 'Kies' } }, transitions: { verder: { title: 'Verder', to: 'twee' } } },
    twee: { title: 'Stap 2', transitions: { klaar: { title: 'Klaar', close: 'goed' } } }
  } }, { keuze: { ernst: choice('laag', 'hoog') } });
  const played = begin(model);
  t.ok(attempt(played, leave).ok, 'an optional task never blocks');
  submit(played, 'keuze', { ernst: 'hoog' });
  t.same(refused(played, leave), { code: 'rules', texts: ['Doe eerst ‘Maak een verslag’.'] });
  t.same(active(take(submit(played, 'verslag'), 'een', 'verder')), ['twee']);
});

t.test('semantics 1: unfinished and events leave required tasks open; the top level asks them before closing only', async (t) => {
  const model = smallRoute({
    tasks: { ouders: { form: 'ouders', title: 'Praat met de ouders', required: true }, nood: { form: 'nood', repeat: true } },
    events: { spoed: { for: 'nood', on: { 'for.spoed': true }, to: 'twee' } },
    steps: {
      een: { title: 'Stap 1', tasks: { verslag: { form: 'verslag', required: true } }, transitions: { verder: { title: 'Verder', to: 'twee', unfinished: true } } },
      twee: { title: 'Stap 2', transitions: { klaar: { title: 'Klaar', close: 'goed' } } }
    }
  });
  t.same(active(take(begin(model), 'een', 'verder')), ['twee']);
  const played = submit(begin(model), 'nood', { spoed: true });
  t.same(active(played), ['twee']);
  t.same(refused(played, { type: 'take', step: 'twee', transition: 'klaar', answers: null }).texts, ['Doe eerst ‘Praat met de ouders’.']);
  t.equal(take(submit(played, 'ouders'), 'twee', 'klaar').state.outcome, 'goed');
});

const loop = smallRoute({ steps: {
  een: { title: 'Stap 1', tasks: { keuze: { form: 'keuze', title: 'Kies', required: true }, notitie: { form: 'notitie', repeat: true } }, transitions: { verder: { title: 'Verder', to: 'twee', when: { 'keuze.ernst': 'hoog' } }, opnieuw: { title: 'Opnieuw', to: 'een' } } },
  twee: { title: 'Stap 2', transitions: { terug: { title: 'Terug', to: 'een' }, klaar: { title: 'Klaar', close: 'goed', when: { notitie: { count: { atLeast: 1 } } } } } }
} }, { keuze: { ernst: choice('laag', 'hoog') } });

t.test('semantics 2: a single task reads the latest visit and is missing until filled in; repeated ones read the whole case', async (t) => {
  const played = take(submit(submit(begin(loop), 'keuze', { ernst: 'hoog' }), 'notitie'), 'een', 'verder');
  t.ok(attempt(played, { type: 'take', step: 'twee', transition: 'klaar', answers: null }).ok, 'a repeated record of an earlier step still counts');
  take(played, 'twee', 'terug');
  t.same(refused(played, leave), { code: 'notOffered', texts: ['Doe eerst ‘Kies’.'] });
  t.equal(played.state.records.filter(({ task }) => task === 'keuze').length, 1, 'the earlier record stays readable');
  t.same(active(take(submit(played, 'keuze', { ernst: 'hoog' }), 'een', 'verder')), ['twee']);
});

t.test('semantics 3: open tasks of a left step lapse and may come later; what was passed is not judged again', async (t) => {
  const model = smallRoute({ steps: {
    een: { title: 'Stap 1', tasks: { verslag: { form: 'verslag', title: 'Maak een verslag', required: true } }, transitions: { verder: { title: 'Verder', to: 'twee', unfinished: true } } },
    twee: { title: 'Stap 2', transitions: { klaar: { title: 'Klaar', close: 'goed', when: { verslag: { answered: true } } } } }
  } });
  const played = take(begin(model), 'een', 'verder');
  t.same(eventsOf(played, 'taskLapsed'), [{ type: 'taskLapsed', task: 'verslag', step: 'een' }]);
  t.same(eventsOf(played, 'stepEnded').map(({ status }) => status), ['left']);
  played.now = '2026-03-20T09:00:00.000Z';
  submit(played, 'verslag', { tekst: 'x' });
  t.match(played.state.records.at(-1), { late: true, visit: 1, at: '2026-03-20T09:00:00.000Z' });
  t.same(active(played), ['twee']);
  t.ok(attempt(played, { type: 'take', step: 'twee', transition: 'klaar', answers: null }).ok, 'conditions read it');
});

t.test('semantics 3: tasks of the top level lapse only at closing', async (t) => {
  const model = smallRoute({
    tasks: { ouders: { form: 'ouders', required: true } },
    transitions: { onterecht: { title: 'Ten onrechte', close: 'goed', unfinished: true } }
  });
  const played = take(begin(model), 'een', 'verder');
  t.same(eventsOf(played, 'taskLapsed'), []);
  t.same(eventsOf(take(played, null, 'onterecht'), 'taskLapsed'), [{ type: 'taskLapsed', task: 'ouders', step: null }]);
});

t.test('semantics 4: one act stores, restricts, writes, fires in file order, and moves at most once, by the first in the file', async (t) => {
  const model = smallRoute({
    tasks: { melding: { form: 'melding', repeat: true }, logboek: { form: 'logboek', repeat: true } },
    events: {
      verplaats: { for: 'melding', on: { 'for.ernst': 'hoog' }, to: 'twee' },
      anders: { for: 'melding', on: { 'for.ernst': 'hoog' }, to: 'drie' },
      schrijf: { for: 'melding', on: { 'for.ernst': 'hoog' }, write: { logboek: { wat: 'Ernst is {for.ernst}.', op: { field: 'now' } } } },
      gezien: { for: 'logboek', on: { 'for.wat': { answered: true } }, notify: ['directie'] },
      scherm: { for: 'melding', on: { 'for.ernst': 'hoog' }, restrict: { to: ['author', 'directie'] } }
    },
    steps: { een: { title: 'Stap 1', transitions: {} }, twee: { title: 'Stap 2', transitions: {} }, drie: { title: 'Stap 3', transitions: {} } }
  }, { melding: { ernst: choice('laag', 'hoog') }, logboek: { wat: { type: 'string', title: 'Wat?' }, op: { type: 'string', format: 'date', title: 'Wanneer?' } } });
  const played = begin(model);
  played.events = [];
  submit(played, 'melding', { ernst: 'hoog' });
  t.same(eventsOf(played, 'eventFired').map(({ event, moved }) => [event, moved]), [['scherm', false], ['schrijf', false], ['verplaats', true], ['anders', false], ['gezien', false]]);
  t.equal(played.events[0]?.type, 'recordEntered');
  t.same(active(played), ['twee']);
  t.match(played.state.records.at(-1), { task: 'logboek', by: null, answers: { wat: 'Ernst is Antwoord hoog.', op: '2026-03-18' } });
  submit(played, 'logboek', { wat: 'Nog iets.' });
  t.equal(eventsOf(played, 'eventFired').filter(({ event }) => event === 'schrijf').length, 1, 'each fires once per source');
});

t.test('semantics 4: two events that write for each other end', async (t) => {
  const model = smallRoute({
    tasks: { a: { form: 'a', repeat: true }, b: { form: 'b', repeat: true } },
    events: { heen: { for: 'a', on: { 'for.x': 'x' }, write: { b: { x: 'x' } } }, terug: { for: 'b', on: { 'for.x': 'x' }, write: { a: { x: 'x' } } } }
  });
  t.ok(submit(begin(model), 'a', { x: 'x' }).state.records.length < 200);
});

const ruled = smallRoute({
  rules: { top: { when: { 'keuze.ernst': 'hoog' }, must: { 'tasks.ouders': 'done' }, message: 'Praat eerst met de ouders.' } },
  tasks: { ouders: { form: 'ouders', title: 'Praat' }, nood: { form: 'nood', repeat: true } },
  events: { spoed: { for: 'nood', on: { 'for.spoed': true }, to: 'twee' } },
  steps: {
    een: {
      title: 'Stap 1', tasks: { keuze: { form: 'keuze', title: 'Kies', required: true } },
      rules: {
        zacht: { must: { 'ouders.samen': true }, message: 'Het is nog niet samen besproken.', waivable: ['ib'] },
        wenk: { must: { 'ouders.samen': true }, message: 'Bespreek het liefst samen.', hint: true }
      },
      transitions: {
        verder: { title: 'Verder', to: 'twee', rules: { eigen: { must: { 'keuze.ernst': { answered: true } }, message: 'De ernst is nog niet gekozen.' } } },
        terug: { title: 'Opnieuw', to: 'een', unfinished: true, rules: { mild: { must: { 'keuze.ernst': 'laag' }, message: 'Alleen bij lage ernst.', waivable: ['directie'] } } },
        dicht: { title: 'Dicht', to: 'twee', when: { 'keuze.ernst': 'laag' } }
      }
    },
    twee: { title: 'Stap 2', transitions: { terug: { title: 'Terug', to: 'een' }, klaar: { title: 'Klaar', close: 'goed' } } }
  }
}, { keuze: { ernst: choice('laag', 'hoog') }, ouders: { samen: { type: 'boolean', title: 'Samen?' } } });

t.test('semantics 5: all unmet reasons come back together, in file order; a hint never refuses', async (t) => {
  const played = begin(ruled);
  t.same(refused(played, leave).texts, ['Doe eerst ‘Kies’.', 'Het is nog niet samen besproken.', 'De ernst is nog niet gekozen.']);
  t.same(refused(played, { ...leave, transition: 'dicht' }), { code: 'notOffered', texts: ['Doe eerst ‘Kies’.'] }, 'a guard says first whether the choice is offered');
  submit(played, 'keuze', { ernst: 'hoog' });
  t.same(refused(played, leave).texts, ['Praat eerst met de ouders.', 'Het is nog niet samen besproken.']);
  t.same(overview(ruled, played.state, everything(coordinator), noon).hints, ['Bespreek het liefst samen.']);
});

t.test('semantics 5: a waiver names rule, visit and reason, by the named roles, and holds for that visit only', async (t) => {
  const played = submit(begin(ruled), 'keuze', { ernst: 'laag' });
  const waive = { type: 'waive', rule: 'zacht', step: 'een', reason } as const;
  t.equal(refused({ ...played, by: teacher }, waive).code, 'notPerformer');
  t.equal(refused(played, { ...waive, reason: 'Kan niet.' }).code, 'rules');
  t.equal(refused(played, { ...waive, rule: 'eigen' }).texts[0], 'Van deze regel kan niet worden afgeweken.');
  t.equal(refused(played, { ...waive, rule: 'nergens' }).code, 'unknown');
  take(act(played, waive), 'een', 'verder');
  t.match(played.state.waivers, [{ rule: 'zacht', visit: 1, by: 'vries', reason }]);
  t.same(eventsOf(played, 'transitionTaken')[0]?.waived, ['zacht']);
  submit(take(played, 'twee', 'terug'), 'keuze', { ernst: 'laag' });
  t.same(refused(played, leave).texts, ['Het is nog niet samen besproken.']);
});

t.test('semantics 5: a waiver of a rule of a task in a step holds for that visit only', async (t) => {
  const model = smallRoute({ steps: {
    een: { title: 'Stap 1', tasks: { gesprek: { form: 'gesprek', repeat: true, rules: { samen: { must: { 'this.samen': true }, message: 'Doe het samen.', waivable: ['ib'] } } } }, transitions: { opnieuw: { title: 'Opnieuw', to: 'een' } } }
  } });
  const played = begin(model);
  const alone = { type: 'submit', task: 'gesprek', answers: { samen: false } } as const;
  t.same(refused(played, alone), { code: 'rules', texts: ['Doe het samen.'] });
  act(act(played, { type: 'waive', rule: 'samen', step: 'een', reason }), alone);
  t.same(refused(take(played, 'een', 'opnieuw'), alone).texts, ['Doe het samen.']);
});

t.test('semantics 5: rules do not apply to events', async (t) => {
  t.same(active(submit(begin(ruled), 'nood', { spoed: true })), ['twee']);
});

t.test('semantics 6: with none of the choices the step waits and says all that is unmet; one is still a click', async (t) => {
  const model = smallRoute({ steps: {
    een: { title: 'Stap 1', decide: 'one', tasks: { keuze: { form: 'keuze', title: 'Kies' } }, transitions: { hulp: { title: 'Hulp', to: 'twee', when: { 'keuze.ernst': 'laag' } }, melden: { title: 'Melden', to: 'twee', when: { 'keuze.ernst': 'hoog' } } } },
    twee: { title: 'Stap 2', transitions: {} }
  } }, { keuze: { ernst: choice('laag', 'hoog', 'anders') } });
  const played = submit(begin(model), 'keuze', { ernst: 'anders' });
  const exits = (): unknown => overview(model, played.state, everything(coordinator), noon).activeSteps[0]?.exits.map(({ status, reasons }) => [status, reasons.map(({ text }) => text)]);
  t.same(exits(), [
    ['closed', ['Dit kan alleen als dit geldt: ‘Keuze’ bij ‘Kies’ is ‘Antwoord laag’.']],
    ['closed', ['Dit kan alleen als dit geldt: ‘Keuze’ bij ‘Kies’ is ‘Antwoord hoog’.']]
  ]);
  const one = submit(begin(model), 'keuze', { ernst: 'hoog' });
  t.same(active(one), ['een']);
  t.same(active(take(one, 'een', 'melden')), ['twee']);
});

t.test('semantics 7: to its own step is a new visit; an event to a step that runs makes no second copy', async (t) => {
  const again = take(submit(begin(loop), 'keuze', { ernst: 'laag' }), 'een', 'opnieuw');
  t.same(again.state.visits.map(({ step, status }) => [step, status]), [['een', 'completed'], ['een', 'active']]);
  const model = smallRoute({ tasks: { nood: { form: 'nood', repeat: true } }, events: { spoed: { for: 'nood', on: { 'for.spoed': true }, to: 'een' } } });
  const running = submit(begin(model), 'nood', { spoed: true });
  t.equal(running.state.visits.length, 1);
  t.same(eventsOf(running, 'stepAlreadyActive'), [{ type: 'stepAlreadyActive', step: 'een' }]);
});

const passing = smallRoute({
  tasks: { nood: { form: 'nood', repeat: true } },
  events: { spoed: { for: 'nood', on: { 'for.spoed': true }, to: 'vier', skips: ['een', 'twee', 'drie'], reason: 'noodsituatie' } },
  steps: {
    een: { title: 'Stap 1', transitions: { verder: { title: 'Verder', to: 'twee' } } },
    twee: { title: 'Stap 2', tasks: { verslag: { form: 'verslag', required: true } }, transitions: { verder: { title: 'Verder', to: 'drie', unfinished: true } } },
    drie: { title: 'Stap 3', transitions: { verder: { title: 'Verder', to: 'vier' } } },
    vier: { title: 'Stap 4', transitions: { terug: { title: 'Terug', to: 'drie' } } }
  }
});

t.test('semantics 7: a moving event leaves every active step, skips those not reached, and keeps completed ones', async (t) => {
  const played = submit(take(begin(passing), 'een', 'verder'), 'nood', { spoed: true });
  t.same(statuses(played), ['completed', 'skipped', 'skipped', 'active']);
  t.same(played.state.visits.map(({ status, endedVia }) => [status, endedVia]), [['completed', 'verder'], ['left', 'spoed'], ['active', null]]);
  t.same(eventsOf(played, 'taskLapsed').map(({ task }) => task), ['verslag']);
});

t.test('semantics 21: skips marks only steps without a completed visit; entering one takes the mark away, the log keeps it', async (t) => {
  const played = submit(take(begin(passing), 'een', 'verder'), 'nood', { spoed: true });
  t.match(played.state.skipped, { drie: { at: noon, by: 'vries', reason: 'noodsituatie' } });
  t.notOk('een' in played.state.skipped);
  take(played, 'vier', 'terug');
  t.same(statuses(played), ['completed', 'skipped', 'active', 'completed']);
  t.same(eventsOf(played, 'stepSkipped').map(({ step }) => step), ['twee', 'drie']);
});

t.test('semantics 8: at hand-in the state of now decides: a lapsed task comes in later, a closed case says so', async (t) => {
  const model = smallRoute({ steps: { een: { title: 'Stap 1', tasks: { verslag: { form: 'verslag', required: true, title: 'Maak een verslag' } }, transitions: { verder: { title: 'Verder', to: 'twee', unfinished: true } } }, twee: { title: 'Stap 2', transitions: { klaar: { title: 'Klaar', close: 'goed' } } } } });
  const hand = { type: 'submit', task: 'verslag', answers: {} } as const;
  const played = take(begin(model), 'een', 'verder');
  t.ok(attempt(played, hand).ok);
  t.same(refused(act(played, hand), hand).texts, ['Dit is al vastgelegd: Maak een verslag.']);
  t.equal(refused(played, { ...leave, step: 'een' }).code, 'notOpen', 'the second of two people gets the state of now');
  t.equal(refused(take(played, 'twee', 'klaar'), hand).code, 'closed');
});

t.test('semantics 18: closing at the top level ends the case wherever it stands', async (t) => {
  const model = smallRoute({ transitions: { onterecht: { title: 'Ten onrechte', close: 'goed', performers: ['directie'], form: 'afsluiting' } } });
  const played = begin(model);
  t.equal(refused(played, { type: 'take', step: null, transition: 'onterecht', answers: {} }).code, 'notPerformer');
  played.by = director;
  t.same(refused(played, { type: 'take', step: null, transition: 'onterecht', answers: null }).texts, ['Vul eerst in: Formulier afsluiting.']);
  take(played, null, 'onterecht', { waarom: 'Vergissing.' });
  t.match(played.state, { status: 'closed', outcome: 'goed', closedAt: noon });
  t.same(active(played), []);
  t.match(played.state.records.at(-1), { task: 'transition:*:onterecht', answers: { waarom: 'Vergissing.' } });
});

t.test('random acts of random people never throw, and never change the state they start from', async (t) => {
  const models = [ruled, loop, passing];
  const person = fc.constantFrom(teacher, coordinator, director);
  const name = fc.constantFrom('een', 'twee', 'drie', 'verder', 'terug', 'klaar', 'keuze', 'verslag', 'nood', 'vraag', 'kind', 'zacht', 'mild', 'constructor', '__proto__');
  const answers = fc.dictionary(fc.constantFrom('ernst', 'spoed', 'samen', 'antwoord', 'naam'), fc.constantFrom('laag', 'hoog', true, false, null, 'ja'), { maxKeys: 3 });
  const command = fc.oneof(
    fc.record({ type: fc.constant('submit' as const), task: name, answers }),
    fc.record({ type: fc.constant('update' as const), record: fc.integer({ min: 0, max: 6 }), answers }),
    fc.record({ type: fc.constant('take' as const), step: fc.oneof(name, fc.constant(null)), transition: name, answers: fc.oneof(answers, fc.constant(null)) }),
    fc.record({ type: fc.constant('waive' as const), rule: name, step: fc.oneof(name, fc.constant(null)), reason: fc.string() })
  );
  t.doesNotThrow(() => { fc.assert(fc.property(fc.constantFrom(...models), fc.array(fc.tuple(command, person), { maxLength: 15 }), (model, acts) => {
    let { state } = begin(model);
    for (const [one, by] of acts) {
      const before = JSON.stringify(state);
      const result = apply(model, state, one, by, noon);
      if (JSON.stringify(state) !== before) throw new Error('The state was changed in place.');
      if (result.ok) state = result.state;
      overview(model, state, everything(by), noon);
    }
    return state.status !== 'open' || state.visits.some(({ status }) => status === 'active');
  }), { numRuns: 500, seed: 4 }); });
});

t.test('a new record starts with what its task takes over, of several records the latest answer', async (t) => {
  const text: Field = { type: 'string', title: 'Wat?' };
  const model = smallRoute({
    tasks: {
      advies: { form: 'advies', title: 'Vraag advies', repeat: true },
      delen: { form: 'delen', title: 'Deel het', for: 'advies', fields: { wat: { prefill: 'for.wat' }, eerder: { prefill: 'advies.wat' }, begin: { prefill: 'verslag.wat' } } },
      verslag: { form: 'verslag', title: 'Schrijf' }
    }
  }, { advies: { wat: text, datum: { type: 'string', title: 'Wanneer?', format: 'date', 'x-date': true } }, delen: { wat: text, eerder: text, begin: text }, verslag: { wat: text } });
  const played = submit(submit(submit(begin(model), 'advies', { wat: 'laatst', datum: '2026-03-12' }), 'advies', { wat: 'eerst', datum: '2026-03-01' }), 'advies', { datum: '2026-03-13' });
  const task = model.tasks.get('delen');
  const started = (source: string): object => (task === undefined ? {} : prefilledAnswers(model, played.state, instanceOf({ model, state: played.state }, task, source), { person: coordinator, now: noon }));
  t.same(started('3'), { wat: 'eerst', eerder: 'laatst' }, 'what is not answered is not there');
  submit(played, 'verslag', { wat: 'begin' });
  t.same(started('2'), { wat: 'laatst', eerder: 'laatst', begin: 'begin' });
  t.same(task === undefined ? [] : prefills(model, played.state, instanceOf({ model, state: played.state }, task, '3'), { person: coordinator, now: noon }).map(({ field, from }) => [field, from]), [['wat', null], ['eerder', 'Vraag advies'], ['begin', 'Schrijf']], 'and says from where');
});
