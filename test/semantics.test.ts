import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { projectRoot } from '../src/config.ts';
import type { Field } from '../src/definitions/form.types.ts';
import { readContent } from '../src/definitions/read-content.ts';
import { overview } from '../src/engine/overview/overview.ts';
import { apply } from '../src/engine/commands/transition.ts';
import { withSettings } from '../src/engine/model/with-settings.ts';
import { act, begin, coordinator, eventsOf, everything, noon, refused, shippedRoute, smallRoute, submit, take, teacher } from './fixtures/small-route.ts';

/** The cases two engineers would build differently, numbered, and the traps found while trying the language on paper. */
const lines = [...Array.from({ length: 27 }, (_, index) => String(index + 1)), ...['consent', 'per-record', 'follow-ups', 'value-lists', 'nesting', 'empty-list', 'order'].map((name) => `trap ${name}`)];
/** This number only goes down. */
const mostWaiting = 0;

type Waiting = { [line: string]: { work: string; why: string }[] };
const waiting = JSON.parse(readFileSync(join(projectRoot, 'test', 'fixtures', 'semantics-waiting.json'), 'utf8')) as Waiting;

t.test('each decided case has a test with its words in the name, or says for which work it waits', async (t) => {
  const tested = testNames().flatMap((name) => /^(?:semantics (\d+)|(trap [a-z-]+)):? /.exec(name)?.slice(1).filter(Boolean) ?? []);
  t.same(lines.filter((line) => !tested.includes(line) && waiting[line] === undefined), []);
  t.same(tested.filter((line) => !lines.includes(line)), [], 'a name that means no line is a typing error');
});

t.test('what waits names a line and a later work, and only shrinks', async (t) => {
  t.same(Object.keys(waiting).filter((line) => !lines.includes(line)), []);
  t.same(Object.values(waiting).flat().filter(({ work, why }) => !/^[B-F]$/.test(work) || !why.endsWith('.')), []);
  t.ok(Object.keys(waiting).length <= mostWaiting);
});

t.test('semantics 27: what is offered, which task begins a case and what it asks first come from the definition', async (t) => {
  const model = shippedRoute('meldcode');
  t.ok(model.workflow.offer?.title);
  t.ok([...model.tasks.values()].filter(({ definition }) => definition.opensCase === true).every(({ definition }) => definition.intake?.includes('subject')));
  const closed = apply(model, null, { type: 'open', task: 'contact', answers: {}, subject: null }, teacher, '2026-03-18T10:30:00.000Z');
  t.match(closed, { ok: false, code: 'notOffered', reasons: [{ text: 'Met deze taak kan geen zaak worden begonnen.' }] });
  t.equal(refused(begin(smallRoute({})), { type: 'submit', task: 'bestaat-niet', answers: {} }).code, 'unknown');
});

t.test('semantics 15: settings are read live in conditions, copied into the event that used them, and change nothing at a passed step', async (t) => {
  const model = smallRoute({
    settings: {
      overleg: { type: 'boolean', title: 'Is er overleg?', default: false },
      wie: { type: 'string', title: 'Wie belt?', options: { ib: { title: 'De ib' }, leraar: { title: 'De leraar' } }, default: 'leraar' }, ander: { type: 'integer', title: 'Hoeveel?', default: 3 }
    },
    facts: { samen: { 'settings.overleg': true } },
    rules: { bellen: { must: { 'settings.wie': 'ib' }, message: 'Laat bellen door: {settings.wie}.', waivable: ['ib'] } },
    events: { tel: { on: { 'settings.ander': { atLeast: 4 } }, notify: ['ib'] } },
    steps: {
      een: { title: 'Stap 1', tasks: { verslag: { form: 'verslag', title: 'Schrijf', required: { 'settings.overleg': false } } }, transitions: { verder: { title: 'Verder', to: 'twee', when: { 'facts.samen': true } } } },
      twee: { title: 'Stap 2', transitions: { klaar: { title: 'Klaar', close: 'goed' } } }
    }
  });
  const played = begin(model);
  t.same(refused(played, { type: 'take', step: 'een', transition: 'verder', answers: null }).texts, ['Dit kan alleen als dit geldt: ‘Is er overleg?’ is ‘ja’.']);
  const talking = { ...played, model: withSettings(model, { overleg: true, wie: 'niemand' }) };
  t.same(refused(talking, { type: 'take', step: 'een', transition: 'verder', answers: null }).texts, ['Laat bellen door: De leraar.'], 'what no version allows counts as the default');
  const passed = take({ ...played, model: withSettings(model, { overleg: true, wie: 'ib' }) }, 'een', 'verder');
  t.same(eventsOf(passed, 'transitionTaken').map(({ settings }) => settings), [{ overleg: true, wie: 'ib' }], 'only those that were asked');
  const later = { ...passed, model: withSettings(model, { overleg: false, wie: 'ib', ander: 4 }) };
  t.same(overview(later.model, later.state, everything(coordinator), noon).steps.map(({ status }) => status), ['completed', 'active']);
  t.same(eventsOf(take(later, 'twee', 'klaar'), 'eventFired').map(({ event }) => event), [], 'a closed case has no consequences');
  const counting = submit({ ...passed, model: later.model, events: [] }, 'start');
  t.same(eventsOf(counting, 'eventFired').map(({ event, settings }) => [event, settings]), [['tel', { ander: 4 }]]);
});

type Files = { workflow: object; a: object; b: object };

const clean: Files = {
  workflow: {
    id: 'klein', version: '1.0.0', language: 'nl', title: 'Klein', start: 'een', roles: { ib: { title: 'Intern begeleider' } }, performers: ['ib'],
    tasks: { begin: { form: 'a', repeat: true, opensCase: true, intake: ['doel'] }, ander: { form: 'b' } },
    steps: { een: { title: 'Stap 1', transitions: { klaar: { title: 'Klaar', close: 'goed' } } } },
    outcomes: { goed: { title: 'Goed' } }, access: { read: ['ib'] }
  },
  a: { id: 'a', version: '1.0.0', language: 'nl', title: 'Formulier a', schema: { type: 'object', properties: { doel: { type: 'string', title: 'Doel', oneOf: [{ const: 'zorgteam', title: 'Zorgteam' }, { const: 'meldpunt', title: 'Meldpunt' }] } } } },
  b: { id: 'b', version: '1.0.0', language: 'nl', title: 'Formulier b', schema: { type: 'object', properties: { doel: { type: 'string', title: 'Doel', oneOf: [{ const: 'consultatie', title: 'Consultatie' }] } } } }
};

t.test('trap value-lists: two answers that can never be the same are found by the checker', async (t) => {
  const must = { begin: { some: { doel: { field: 'ander.doel' } } } };
  t.same(codesOf(t, clean), []);
  t.same(codesOf(t, { ...clean, workflow: { ...clean.workflow, rules: { zelfde: { must, message: 'Er is geen toestemming.' } } } }), ['neverEqual']);
});

t.test('trap nesting: six levels of all, any, none and quantifiers can be read, a seventh is refused', async (t) => {
  const nested = (levels: number): object => (levels === 0 ? { 'ander.doel': 'consultatie' } : { any: [nested(levels - 1)] });
  const ruled = (levels: number): Files => ({ ...clean, workflow: { ...clean.workflow, rules: { diep: { must: nested(levels), message: 'Te diep.' } } } });
  t.same(codesOf(t, ruled(6)), []);
  t.same(codesOf(t, ruled(7)), ['tooManyLevels']);
});

const advised: Field = { type: 'string', title: 'Wanneer?', format: 'date', 'x-date': true };
const named: Field = { type: 'array', title: 'Met wie?', 'x-name': 'de mensen', items: { type: 'object', properties: { naam: { type: 'string', title: 'Naam', 'x-name': 'de naam' } } } };

t.test('trap per-record: a follow-up for each record asks each by itself, one thread by repeat ends with its until', async (t) => {
  const model = smallRoute({
    tasks: {
      advies: { form: 'advies', title: 'Vraag advies', repeat: true }, extra: { form: 'advies', title: 'Spoed', repeat: true, countsAs: 'advies' },
      delen: { form: 'delen', title: 'Deel het', for: 'advies', when: { 'for.anoniem': { not: true } }, due: { from: 'for.datum', within: { days: 2 } } }
    }
  }, { advies: { datum: advised, anoniem: { type: 'boolean', title: 'Anoniem?' } } });
  const played = begin(model);
  const shares = (): { source: string | null; title: string; status: string; late: boolean | undefined }[] =>
    overview(model, played.state, everything(coordinator), played.now).tasks.filter(({ id }) => id === 'delen').map(({ source, title, status, due }) => ({ source, title, status, late: due?.late }));
  t.same(shares(), [{ source: null, title: 'Deel het', status: 'notYet', late: undefined }], 'with nothing to do it for, it says when it comes');
  submit(submit(submit(submit(played, 'advies', { datum: '2026-03-12' }), 'advies', { datum: '2026-03-18', anoniem: true }), 'advies', { datum: '2026-03-18' }), 'extra', { datum: '2026-03-18' });
  t.same(shares(), [
    { source: '2', title: 'Deel het: formulier advies van 12 maart', status: 'todo', late: true },
    { source: '4', title: 'Deel het: formulier advies van 18 maart (2)', status: 'todo', late: false },
    { source: '5', title: 'Deel het: formulier advies van 18 maart (3)', status: 'todo', late: false }
  ], 'asked, required or not; not of what `when` leaves out; also of what counts as advice');
  t.same(refused(played, { type: 'submit', task: 'delen', answers: {} }).code, 'unknown', 'which one must be said');
  t.same(refused(played, { type: 'submit', task: 'delen', source: '3', answers: {} }).code, 'unknown');
  act(played, { type: 'submit', task: 'delen', source: '4', answers: {} });
  t.same(shares().map(({ source, status }) => [source, status]), [['2', 'todo'], ['4', 'done'], ['5', 'todo']]);
  t.same(refused(played, { type: 'submit', task: 'delen', source: '4', answers: {} }).code, 'notOpen', 'each once');
  t.same(played.state.asked.map(({ task, source }) => [task, source]), [['delen', '2'], ['delen', '5']]);
  act(played, { type: 'correct', record: 4, answers: { anoniem: true }, reason: 'Het was toch anoniem.' });
  act(played, { type: 'correct', record: 5, answers: { anoniem: true }, reason: 'Het was toch anoniem.' });
  t.same(shares().map(({ source, status }) => [source, status]), [['2', 'todo'], ['4', 'done']], 'a correction takes away what is not done yet, and no record');
  take(take(played, 'een', 'verder'), 'twee', 'klaar');
  t.same(eventsOf(played, 'taskLapsed').map(({ task, source }) => [task, source]), [['delen', '2']], 'a follow-up holds up nothing, and lapses with the case');
});

t.test('semantics 1: each one of a required task for each record blocks by itself, and is named', async (t) => {
  const model = smallRoute({ tasks: { delen: { form: 'delen', title: 'Deel het', for: 'start', required: true } }, rules: { alles: { must: { 'tasks.delen': 'settled' }, message: 'Deel eerst alles.' } } }, { start: { datum: advised } });
  const played = submit(begin(model, { datum: '2026-03-12' }), 'start', { datum: '2026-03-13' });
  t.same(refused(played, { type: 'take', step: 'een', transition: 'verder', answers: null }).texts, ['Deel eerst alles.']);
  act(played, { type: 'submit', task: 'delen', source: '1', answers: {} });
  t.same(refused(played, { type: 'take', step: 'een', transition: 'verder', answers: null }).texts, ['Deel eerst alles.']);
  act(played, { type: 'submit', task: 'delen', source: '2', answers: {} });
  take(played, 'een', 'verder');
  submit(played, 'start', { datum: '2026-03-14' });
  t.ok(refused(played, { type: 'take', step: 'twee', transition: 'klaar', answers: null }).texts.includes('Doe eerst ‘Deel het: formulier start van 14 maart’.'));
});

t.test('semantics 2: sources filed in the same step count for their own visit, sources from outside are asked about again in each visit', async (t) => {
  const model = smallRoute({
    steps: {
      een: {
        title: 'Stap 1',
        tasks: { gesprek: { form: 'gesprek', title: 'Praat', repeat: true }, binnen: { form: 'na', title: 'Na een gesprek', for: 'gesprek' }, buiten: { form: 'na', title: 'Na een begin', for: 'start', required: true } },
        transitions: { verder: { title: 'Verder', to: 'twee' } }
      },
      twee: { title: 'Stap 2', transitions: { terug: { title: 'Terug', to: 'een' }, klaar: { title: 'Klaar', close: 'goed' } } }
    }
  });
  const played = submit(begin(model), 'gesprek');
  const asked = (): (string | null)[][] => overview(model, played.state, everything(coordinator), noon).activeSteps.flatMap(({ tasks }) => tasks).filter(({ id }) => id !== 'gesprek').map(({ id, source, status }) => [id, source, status]);
  t.same(asked(), [['binnen', '2', 'todo'], ['buiten', '1', 'todo']]);
  act(played, { type: 'submit', task: 'buiten', source: '1', answers: {} });
  take(played, 'een', 'verder');
  t.same(eventsOf(played, 'stepEnded').map(({ status }) => status), ['completed'], 'what is asked and not required leaves nothing undone');
  t.same(eventsOf(played, 'taskLapsed').map(({ task, source }) => [task, source]), [['binnen', '2']]);
  take(played, 'twee', 'terug');
  t.same(asked(), [['binnen', null, 'notYet'], ['buiten', '1', 'todo']]);
});

t.test('semantics 5: a rule for each row is asked of each, names it, and is waived for one of them', async (t) => {
  const model = smallRoute({
    tasks: { melding: { form: 'melding', title: 'Meld', repeat: true } },
    rules: { verteld: { for: 'melding', must: { 'for.verteld': true }, message: 'Vertel het aan {for.wie}.', waivable: ['ib'] } }
  }, { melding: { wie: { type: 'string', title: 'Wie?' }, verteld: { type: 'boolean', title: 'Verteld?' } } });
  const played = submit(submit(submit(begin(model), 'melding', { wie: 'de buurvrouw' }), 'melding', { wie: 'tante', verteld: true }), 'melding', { wie: 'opa' });
  const onward = { type: 'take' as const, step: 'een', transition: 'verder', answers: null };
  t.same(refused(played, onward).texts, ['Vertel het aan de buurvrouw.', 'Vertel het aan opa.']);
  t.same(refused(played, { type: 'waive', rule: 'verteld', step: null, reason: 'Niet meer te bereiken.' }).code, 'unknown', 'which one must be said');
  act(played, { type: 'waive', rule: 'verteld', source: '2', step: null, reason: 'Niet meer te bereiken.' });
  t.same(refused(played, onward).texts, ['Vertel het aan opa.']);
  t.same(played.state.waivers.map(({ rule, source }) => [rule, source]), [['verteld', '2']]);
  act(played, { type: 'waive', rule: 'verteld', source: '4', step: null, reason: 'Niet meer te bereiken.' });
  t.equal(take(played, 'een', 'verder').state.visits.at(-1)?.step, 'twee');
});

t.test('trap empty-list: a rule for each row of a list that may stay empty is a warning of the checker', async (t) => {
  const ruled = (list: Field, required: string[]): Files => ({
    ...clean, a: { ...clean.a, schema: { type: 'object', required, properties: { doel: { type: 'string', title: 'Doel' }, wie: list } } },
    workflow: { ...clean.workflow, tasks: { ander: { form: 'b' }, begin: { form: 'a', repeat: true, opensCase: true, rules: { ieder: { for: 'this.wie', must: { 'for.naam': { answered: true } }, message: 'Wie is {for.naam}?' } } } } }
  });
  t.same(codesOf(t, ruled(named, [])), ['forMayBeEmpty']);
  t.same(codesOf(t, ruled(named, ['wie'])), ['forMayBeEmpty']);
  t.same(codesOf(t, ruled({ ...named, minItems: 1 }, ['wie'])), []);
});

function testNames(): string[] {
  const files = readdirSync(join(projectRoot, 'test'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts'));
  return files.flatMap((name) => [...readFileSync(join(projectRoot, 'test', name), 'utf8').matchAll(/\bt\.test\('([^']+)'/g)].map(([, title = '']) => title));
}

function codesOf(t: { teardown: (end: () => void) => void }, content: Files): string[] {
  const root = mkdtempSync(join(tmpdir(), 'content-'));
  t.teardown(() => { rmSync(root, { recursive: true }); });
  for (const folder of ['workflows', 'forms', 'documents']) mkdirSync(join(root, folder));
  const write = (path: string, file: object): void => { writeFileSync(join(root, path), JSON.stringify(file, null, 2)); };
  const retention = { from: 'case.closedAt', keep: { years: 2 }, basis: 'schoolbesluit' };
  write('workflows/klein.json', { $schema: './.schemas/workflow.json', ...content.workflow, retention });
  write('forms/a.json', { $schema: './.schemas/form.json', ...content.a });
  write('forms/b.json', { $schema: './.schemas/form.json', ...content.b });
  return readContent(root).problems.map(({ code }) => code);
}
