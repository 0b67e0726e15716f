import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { projectRoot } from '../src/config.ts';
import { readContent } from '../src/definitions/read-content.ts';
import { overview } from '../src/engine/overview.ts';
import { apply } from '../src/engine/transition.ts';
import { withSettings } from '../src/engine/with-settings.ts';
import { begin, coordinator, eventsOf, everything, noon, refused, shippedRoute, smallRoute, submit, take, teacher } from './fixtures/small-route.ts';

/** The cases two engineers would build differently, numbered, and the traps found while trying the language on paper. */
const lines = [...Array.from({ length: 27 }, (_, index) => String(index + 1)), ...['consent', 'per-record', 'follow-ups', 'value-lists', 'nesting', 'empty-list', 'order'].map((name) => `trap ${name}`)];
/** This number only goes down. */
const mostWaiting = 15;

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
  t.same(refused(played, { type: 'take', step: 'een', transition: 'verder', answers: null }).texts, ['Dit kan alleen als ‘Is er overleg?’ is ‘ja’.']);
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

function testNames(): string[] {
  const files = readdirSync(join(projectRoot, 'test'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts'));
  return files.flatMap((name) => [...readFileSync(join(projectRoot, 'test', name), 'utf8').matchAll(/\bt\.test\('([^']+)'/g)].map(([, title = '']) => title));
}

function codesOf(t: { teardown: (end: () => void) => void }, content: Files): string[] {
  const root = mkdtempSync(join(tmpdir(), 'content-'));
  t.teardown(() => { rmSync(root, { recursive: true }); });
  for (const folder of ['workflows', 'forms', 'documents']) mkdirSync(join(root, folder));
  const write = (path: string, file: object): void => { writeFileSync(join(root, path), JSON.stringify(file, null, 2)); };
  write('workflows/klein.json', { $schema: './.schemas/workflow.json', ...content.workflow });
  write('forms/a.json', { $schema: './.schemas/form.json', ...content.a });
  write('forms/b.json', { $schema: './.schemas/form.json', ...content.b });
  return readContent(root).problems.map(({ code }) => code);
}
