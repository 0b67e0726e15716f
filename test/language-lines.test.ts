import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { evaluate } from 'feelin';
import t from 'tap';
import { projectRoot } from '../src/config.ts';
import { isObject } from '../src/definitions/json-values.ts';
import type { Term } from '../src/definitions/workflow.types.ts';
import { caseContext } from '../src/engine/model/case-context.ts';
import { nextDue } from '../src/engine/reading/due.ts';
import { conditionFeel } from '../src/engine/conditions/condition-feel.ts';
import { readCondition } from '../src/engine/conditions/condition-tree.ts';
import { answersContext, holds } from '../src/engine/conditions/conditions.ts';
import { offeredLinks } from '../src/engine/reading/links.ts';
import { overview } from '../src/engine/overview/overview.ts';
import { makeZone } from '../src/engine/time/zone.ts';
import { conditionSchema } from './fixtures/condition-schema.ts';
import { afterMistake as after } from './fixtures/mistakes.ts';
import { act, attempt, begin, choice, coordinator, director, eventsOf, everything, noon, type Played, refused, smallRoute, submit, take, teacher } from './fixtures/small-route.ts';

/**
 * What the page about the language promises, sentence by sentence, each with the name of the test that shows it or the code of the finding
 * (docs/findings.md, where each example is tried).
 */
type Shown = { test: string } | { finding: string | string[] };
const lines = Object.entries(JSON.parse(readFileSync(join(projectRoot, 'test', 'fixtures', 'language-lines.json'), 'utf8')) as { [part: string]: { [line: string]: Shown } })
  .flatMap(([part, said]) => Object.entries(said).map(([line, shown]) => ({ part, line, shown })));

t.test('every line about the language has a test whose name holds its words, or a finding', async (t) => {
  const names = new Set(testNames().map(withoutNumber));
  t.ok(lines.length > 120);
  t.same(lines.flatMap(({ line, shown }) => ('test' in shown && !names.has(withoutNumber(shown.test)) ? [`${line}: there is no test "${shown.test}"`] : [])), []);
  t.same(lines.flatMap(({ line, shown }) => ('test' in shown && sharedWords(line, shown.test).length < 2 ? [`${line}: "${shown.test}" holds only ${sharedWords(line, shown.test).join(' ')}`] : [])), []);
  const page = readFileSync(join(projectRoot, 'docs', 'findings.md'), 'utf8');
  t.same(lines.flatMap(({ line, shown }) => ('finding' in shown ? [shown.finding].flat().filter((code) => !page.includes(`\n### ${code}\n`) && !page.includes(`| \`${code}\` |`)).map((code) => `${line}: no finding ${code}`) : [])), []);
});

const keywords = {
  workflow: '$schema id version language title introduction legalBasis offer subject roles partnerRoles settings facts performers start tasks rules transitions steps events documents links outcomes reopen access retention disclosure lock',
  task: 'title form required repeat for when unless performers correct rules fields shows later done due documents countsAs opensCase intake emergency fourEyes check',
  rule: 'must when unless for message waivable hint', step: 'label title shortTitle guidance performers tasks rules due documents decide transitions waitForAll',
  transition: 'title performers when unless rules form unfinished to close stay link', event: 'for on at to close skips write restrict notify link',
  document: 'template title for when fourEyes withhold', link: 'workflow start show copy', moment: 'from within remind escalateTo', retention: 'from keep longer basis then destroyWithin'
};

t.test('every keyword of the language is a keyword of its schema: of a definition, task, rule, step, transition, event, document, link, moment and retention', async (t) => {
  const schema = JSON.parse(readFileSync(join(projectRoot, 'src/definitions/workflow.schema.json'), 'utf8')) as { properties: object; definitions: { [kind: string]: { properties?: object } } };
  for (const [kind, words] of Object.entries(keywords)) {
    const known = Object.keys(kind === 'workflow' ? schema.properties : (schema.definitions[kind]?.properties ?? {}));
    t.same(words.split(' ').filter((word) => !known.includes(word)), [], kind);
  }
});

t.test('all collections are objects keyed by id, never arrays: a list holds names, terms or values and nothing with an id', async (t) => {
  const schema = JSON.parse(readFileSync(join(projectRoot, 'src/definitions/workflow.schema.json'), 'utf8')) as unknown;
  const things = ['task', 'rule', 'step', 'transition', 'event', 'document', 'link', 'role', 'setting', 'outcome'];
  const lists = (value: unknown): unknown[] => (Array.isArray(value) ? value.flatMap(lists) : !isObject(value) ? [] : [...(value['type'] === 'array' ? [value['items']] : []), ...Object.values(value).flatMap(lists)]);
  t.ok(lists(schema).length > 10);
  t.same(lists(schema).filter((items) => things.some((kind) => JSON.stringify(items).includes(`#/definitions/${kind}"`))), []);
});

t.test('ids match the pattern, task ids are unique in a workflow, words that are reserved are refused, and a condition names the task and not the form', async (t) => {
  const route = 'workflows/klein.json';
  t.match(after(route, '"isDringend": {', '"is Dringend": {'), [/De naam "is Dringend"/]);
  t.match(after(route, '"besluit": { "form": "besluit", "required": true }', '"gesprek": { "form": "besluit" }').join('\n'), /"gesprek"/);
  t.match(after(route, '"gesprek": { "form": "gesprek", "required": true }', '"steps": { "form": "gesprek" }').join('\n'), /"steps"/);
  t.match(after(route, '"gesprek": { "form": "gesprek", "required": true }', '"praten": { "form": "gesprek", "required": true }').join('\n'), /"gesprek" is er niet in deze route/, 'the form alone is no name');
});

const active = ({ state }: Played): string[] => state.visits.filter(({ status }) => status === 'active').map(({ step }) => step);
const leave = { type: 'take', step: 'een', transition: 'verder', answers: null } as const;
const statusesOf = ({ model, state }: Played): string[] => overview(model, state, everything(coordinator), noon).tasks.concat(overview(model, state, everything(coordinator), noon).activeSteps.flatMap(({ tasks }) => tasks)).map(({ id, status }) => `${id} ${status}`);

const ways = smallRoute({ steps: {
  een: { title: 'Stap 1', decide: 'one', tasks: { keuze: { form: 'keuze', title: 'Kies' }, verslag: { form: 'verslag', title: 'Schrijf', required: true } }, transitions: {
    verder: { title: 'Verder', to: 'twee', when: { 'keuze.ernst': 'laag' } }, allebei: { title: 'Allebei', to: ['twee', 'drie'], when: { 'keuze.ernst': 'hoog' } }
  } },
  twee: { title: 'Stap 2', transitions: { terug: { title: 'Terug', to: 'een' }, klaar: { title: 'Klaar', close: 'goed' } } },
  drie: { title: 'Stap 3', transitions: { klaar: { title: 'Klaar', to: 'twee' } } }
} }, { keuze: { ernst: choice('laag', 'hoog') } });

t.test('a case has one or more active steps; a transition leaves its step and enters its target or targets', async (t) => {
  const chosen = (ernst: string): Played => submit(submit(begin(ways), 'verslag'), 'keuze', { ernst });
  t.same(active(begin(ways)), ['een']);
  t.same(active(take(chosen('laag'), 'een', 'verder')), ['twee']);
  t.same(active(take(chosen('hoog'), 'een', 'allebei')), ['twee', 'drie']);
});

t.test('decide one offers the transitions whose when holds, and a person picks', async (t) => {
  const played = submit(submit(begin(ways), 'verslag'), 'keuze', { ernst: 'laag' });
  t.same(active(played), ['een'], 'nothing is taken by itself');
  t.same(overview(ways, played.state, everything(coordinator), noon).activeSteps[0]?.exits.map(({ id, status }) => [id, status]), [['verder', 'open'], ['allebei', 'closed']]);
  t.equal(refused(played, { ...leave, transition: 'allebei' }).code, 'notOffered');
});

t.test('entering a step again is a new visit, and earlier records stay readable', async (t) => {
  const played = take(take(submit(submit(begin(ways), 'verslag', { tekst: 'Eerst.' }), 'keuze', { ernst: 'laag' }), 'een', 'verder'), 'twee', 'terug');
  t.same(played.state.visits.map(({ id, step, status }) => [id, step, status]), [[1, 'een', 'completed'], [2, 'twee', 'completed'], [3, 'een', 'active']]);
  t.same(statusesOf(played).filter((line) => line.startsWith('verslag')), ['verslag todo'], 'asked anew');
  t.match(played.state.records.find(({ task }) => task === 'verslag'), { visit: 1, answers: { tekst: 'Eerst.' } });
});

t.test('a transition may ask a form; unfinished lets required tasks stay open, never rules', async (t) => {
  const model = smallRoute({ steps: {
    een: { title: 'Stap 1', tasks: { verslag: { form: 'verslag', title: 'Schrijf', required: true } }, rules: { eerst: { must: { 'tasks.start': 'none' }, message: 'Dit kan nooit.' } }, transitions: { verder: { title: 'Verder', to: 'twee', unfinished: true, form: 'motivatie' } } },
    twee: { title: 'Stap 2', tasks: { plan: { form: 'plan', title: 'Plan', required: true } }, transitions: { klaar: { title: 'Klaar', close: 'goed', form: 'motivatie', unfinished: true } } }
  } }, { motivatie: { waarom: { type: 'string', title: 'Waarom?' } } });
  t.same(refused(begin(model), { ...leave, answers: { waarom: 'Omdat het moet.' } }).texts, ['Dit kan nooit.'], 'the task is not named, the rule is');
  const second = { ...begin(model), model: smallRoute({ ...model.workflow, steps: { ...model.workflow.steps, een: { title: 'Stap 1', transitions: { verder: { title: 'Verder', to: 'twee' } } } } }) };
  take(second, 'een', 'verder');
  t.match(refused(second, { type: 'take', step: 'twee', transition: 'klaar', answers: null }).texts, [/Vul .*Formulier motivatie/]);
  t.match(take(second, 'twee', 'klaar', { waarom: 'Klaar.' }).state, { status: 'closed', outcome: 'goed', records: [{}, { task: 'transition:twee:klaar', answers: { waarom: 'Klaar.' } }] });
});

t.test('steps never vanish: one passed over is skipped, with why, by whom and when', async (t) => {
  const model = smallRoute({
    tasks: { nood: { form: 'nood', title: 'Noodsituatie', repeat: true } },
    events: { spoed: { for: 'nood', on: { 'for.spoed': true }, to: 'drie', skips: ['twee'] } },
    steps: { een: { title: 'Stap 1', transitions: { verder: { title: 'Verder', to: 'twee' } } }, twee: { title: 'Stap 2', transitions: { verder: { title: 'Verder', to: 'drie' } } }, drie: { title: 'Stap 3', transitions: { klaar: { title: 'Klaar', close: 'goed' } } } }
  }, { nood: { spoed: { type: 'boolean', title: 'Spoed?' } } });
  const played = submit({ ...begin(model), by: teacher }, 'nood', { spoed: true });
  t.match(overview(model, played.state, everything(coordinator), noon).steps.map(({ id, status, reason, by, at }) => ({ id, status, reason, by, at })), [{ id: 'een', status: 'left' }, { id: 'twee', status: 'skipped', reason: 'Noodsituatie', by: 'smit', at: noon }, { id: 'drie', status: 'active' }]);
});

t.test('tasks inside a step run in any order; at the top level they are available in every step', async (t) => {
  const model = smallRoute({
    tasks: { altijd: { form: 'altijd', title: 'Altijd', repeat: true } },
    steps: { een: { title: 'Stap 1', tasks: { a: { form: 'a', title: 'A', required: true }, b: { form: 'b', title: 'B', required: true } }, transitions: { verder: { title: 'Verder', to: 'twee' } } }, twee: { title: 'Stap 2', transitions: { klaar: { title: 'Klaar', close: 'goed' } } } }
  });
  t.ok(attempt(submit(submit(begin(model), 'b'), 'a'), leave).ok);
  const played = take(submit(submit(submit(begin(model), 'a'), 'altijd'), 'b'), 'een', 'verder');
  t.ok(attempt(played, { type: 'submit', task: 'altijd', answers: {} }).ok);
  t.equal(refused(played, { type: 'submit', task: 'a', answers: {} }).code, 'notOpen');
});

t.test('required is true, false or a condition', async (t) => {
  const task = (required: boolean | object): object => ({ steps: { een: { title: 'Stap 1', tasks: { a: { form: 'a', title: 'A', required } }, transitions: { verder: { title: 'Verder', to: 'twee' } } }, twee: { title: 'Stap 2', transitions: { klaar: { title: 'Klaar', close: 'goed' } } } } });
  const leaves = (required: boolean | object): boolean => attempt(begin(smallRoute(task(required))), leave).ok;
  t.same([true, false, { 'tasks.start': 'done' }, { 'tasks.start': 'none' }].map(leaves), [false, true, false, true]);
});

t.test('done keeps a record open until it holds, and a task without a record is never done', async (t) => {
  const model = smallRoute({ tasks: { vraag: { form: 'vraag', title: 'Vraag het', later: ['antwoord'], done: { 'this.antwoord': { not: 'wacht' } } } } }, { vraag: { antwoord: choice('wacht', 'ja') } });
  t.ok(statusesOf(begin(model)).includes('vraag optional'), 'its done would hold of an answer that is missing');
  const waits = submit(begin(model), 'vraag', { antwoord: 'wacht' });
  t.ok(statusesOf(waits).includes('vraag todo'));
  t.ok(statusesOf(act(waits, { type: 'update', record: 2, answers: { antwoord: 'ja' } })).includes('vraag done'));
});

t.test('countsAs: the records of a task count as those of another one, in conditions, in follow-ups and in what is required', async (t) => {
  const model = smallRoute({ tasks: {
    advies: { form: 'advies', title: 'Vraag advies', repeat: true, required: true }, spoed: { form: 'advies', title: 'Spoed', repeat: true, countsAs: 'advies' }, delen: { form: 'delen', title: 'Deel', for: 'advies' }
  } }, { advies: { wie: choice('ib', 'arts') } });
  const asked = ({ state }: Played): [string, string | undefined][] => state.asked.map(({ task, source }) => [task, source]);
  const played = begin(model);
  t.same(asked(played), [['advies', undefined]]);
  submit(played, 'spoed', { wie: 'arts' });
  t.same(asked(played), [['delen', '2']]);
  const reads = (condition: object): boolean => holds(readCondition(condition), caseContext(model, played.state, noon, coordinator));
  t.same([{ advies: { some: { wie: 'arts' } } }, { 'tasks.advies': 'done' }, { spoed: { count: 1 } }, { advies: { count: 1 } }].map(reads), [true, true, true, true]);
});

t.test('the status of a step and of a task as a condition reads it: ahead, waiting, active, completed, left, skipped and reached; none, open, done and settled', async (t) => {
  const model = smallRoute({
    tasks: { nood: { form: 'nood', title: 'Nood', repeat: true }, vraag: { form: 'vraag', title: 'Vraag', required: true, later: ['antwoord'], done: { 'this.antwoord': { answered: true } } } },
    events: { spoed: { for: 'nood', on: { 'for.spoed': true }, to: 'drie', skips: ['twee'] } },
    steps: {
      een: { title: 'Stap 1', transitions: { verder: { title: 'Verder', to: ['twee', 'slot'] } } }, twee: { title: 'Stap 2', transitions: { verder: { title: 'Verder', to: 'drie' } } },
      drie: { title: 'Stap 3', transitions: { verder: { title: 'Verder', to: 'slot' } } }, slot: { title: 'Slot', waitForAll: true, transitions: { klaar: { title: 'Klaar', close: 'goed' } } }
    }
  }, { nood: { spoed: { type: 'boolean', title: 'Spoed?' } }, vraag: { antwoord: choice('ja', 'nee') } });
  const words = ({ state }: Played, kind: 'steps' | 'tasks', id: string, all: string[]): string[] => all.filter((word) => holds(readCondition({ [`${kind}.${id}`]: word }), caseContext(model, state, noon, coordinator)));
  const step = (played: Played, id: string): string => words(played, 'steps', id, ['ahead', 'waiting', 'active', 'completed', 'left', 'skipped', 'reached']).join(' ');
  const task = (played: Played, id: string): string => words(played, 'tasks', id, ['none', 'open', 'done', 'settled']).join(' ');
  const played = begin(model);
  t.same(['een', 'twee'].map((id) => step(played, id)), ['active reached', 'ahead']);
  t.same(['vraag', 'nood'].map((id) => task(played, id)), ['open', 'none settled']);
  t.equal(task(act(submit(played, 'vraag'), { type: 'update', record: 2, answers: { antwoord: 'ja' } }), 'vraag'), 'done settled');
  t.same(['een', 'twee', 'slot'].map((id) => step(take({ ...played }, 'een', 'verder'), id)), ['completed reached', 'active reached', 'waiting reached']);
  t.same(['een', 'twee'].map((id) => step(submit(played, 'nood', { spoed: true }), id)), ['left reached', 'skipped reached']);
});

t.test('a rule says must and a message with paths, and is asked with when, unless and for', async (t) => {
  const model = smallRoute({
    tasks: { keuze: { form: 'keuze', title: 'Kies' }, praat: { form: 'praat', title: 'Praat', repeat: true } },
    rules: {
      alsHoog: { when: { 'keuze.ernst': 'hoog' }, must: { 'tasks.praat': 'done' }, message: 'Praat eerst: het is {keuze.ernst}.' },
      tenzij: { unless: { 'keuze.ernst': 'hoog' }, must: { 'tasks.praat': 'none' }, message: 'Praten kan later.' },
      elk: { for: 'praat', must: { 'for.ernst': 'laag' }, message: 'Er is een gesprek met {for.ernst}.' }
    }
  }, { keuze: { ernst: choice('laag', 'hoog') }, praat: { ernst: choice('laag', 'hoog') } });
  t.ok(attempt(begin(model), leave).ok);
  const high = submit(begin(model), 'keuze', { ernst: 'hoog' });
  t.same(refused(high, leave).texts, ['Praat eerst: het is Antwoord hoog.']);
  t.same(refused(submit(high, 'praat', { ernst: 'hoog' }), leave).texts, ['Er is een gesprek met Antwoord hoog.']);
  t.same(refused(submit(begin(model), 'praat', { ernst: 'laag' }), leave).texts, ['Praten kan later.']);
});

t.test('rules of a task are asked when its record is handed in, those of a step, a transition or the top level when leaving; without waivable a rule is hard: nobody passes it', async (t) => {
  const never = (message: string): object => ({ must: { 'keuze.ernst': 'hoog' }, message });
  const model = smallRoute({
    tasks: { keuze: { form: 'keuze', title: 'Kies' }, praat: { form: 'praat', title: 'Praat', rules: { taak: { must: { 'this.ernst': 'hoog' }, message: 'Taak.' } } } },
    rules: { boven: never('Boven.') } as never,
    steps: {
      een: { title: 'Stap 1', rules: { stap: never('Stap.') } as never, transitions: { verder: { title: 'Verder', to: 'twee', rules: { weg: never('Weg.') } as never }, anders: { title: 'Anders', to: 'twee' } } },
      twee: { title: 'Stap 2', transitions: { klaar: { title: 'Klaar', close: 'goed' } } }
    }
  }, { keuze: { ernst: choice('laag', 'hoog') }, praat: { ernst: choice('laag', 'hoog') } });
  const played = begin(model);
  t.same(refused(played, { type: 'submit', task: 'praat', answers: { ernst: 'laag' } }).texts, ['Taak.']);
  t.same(refused(played, leave).texts, ['Boven.', 'Stap.', 'Weg.']);
  t.same(refused(played, { ...leave, transition: 'anders' }).texts, ['Boven.', 'Stap.']);
  for (const by of [teacher, coordinator, director]) t.notOk(attempt({ ...played, by }, { type: 'waive', rule: 'stap', step: 'een', reason: 'Daarom.' }).ok);
});

t.test('an event fires once per source, when its condition first becomes true', async (t) => {
  const model = smallRoute({ tasks: { meld: { form: 'meld', title: 'Meld', repeat: true, later: ['ernst'] } }, events: { hoog: { for: 'meld', on: { 'for.ernst': 'hoog' }, notify: ['ib'] } } }, { meld: { ernst: choice('laag', 'hoog') } });
  const played = submit(submit(begin(model), 'meld', { ernst: 'laag' }), 'meld', { ernst: 'hoog' });
  const keys = (): string[] => eventsOf(played, 'eventFired').map(({ key }) => key);
  t.same(keys(), ['hoog:3']);
  for (const ernst of ['hoog', 'laag', 'hoog']) act(played, { type: 'update', record: 2, answers: { ernst } });
  t.same(keys(), ['hoog:3', 'hoog:2']);
});

t.test('an event may write a complete record in the name of the system, restrict who sees the case with never and lift, notify roles and offer a link', async (t) => {
  const model = smallRoute({
    tasks: { meld: { form: 'meld', title: 'Meld', repeat: true } }, links: { ander: { workflow: 'ander' } },
    events: { alles: { for: 'meld', on: { 'for.wie': { answered: true } }, restrict: { to: ['author', 'directie'], never: 'for.wie', lift: ['directie'] }, write: { start: { wat: 'Gemeld.' } }, notify: ['directie'], link: 'ander' } }
  }, { start: { wat: { type: 'string', title: 'Wat?' } }, meld: { wie: { type: 'string', title: 'Wie?' } } });
  const played = submit(begin(model), 'meld', { wie: 'smit' });
  t.match(played.state.records.at(-1), { task: 'start', by: null, answers: { wat: 'Gemeld.' } });
  t.match(played.state.restriction, { to: ['author', 'directie'], never: ['smit'], lift: ['directie'] });
  t.match(played.state.notices, [{ event: 'alles', roles: ['directie'], record: 2 }]);
  t.same(offeredLinks({ model, state: played.state }).map(({ id }) => id), ['ander']);
  t.notOk(attempt(played, { type: 'lift', reason: 'Het mag weer.' }).ok, 'only who is named may end it');
  t.equal(act({ ...played, by: director }, { type: 'lift', reason: 'Het mag weer.' }).state.restriction, null);
});

t.test('a moment counts in minutes, hours, days, weeks, months, years or workdays; without from it counts from the moment the task came open', async (t) => {
  const due = (within: Term): string | null => {
    const model = smallRoute({ tasks: { bel: { form: 'bel', title: 'Bel', required: true, due: { within } } } });
    return nextDue(model, begin(model).state, noon);
  };
  t.same([{ minutes: 5 }, { hours: 2 }, { days: 0 }, { days: 3 }, { weeks: 1 }, { months: 1 }, { years: 1 }, { workdays: 3 }].map(due), [
    '2026-03-18T10:35:00.000Z', '2026-03-18T12:30:00.000Z', '2026-03-18T22:59:59.999Z', '2026-03-21T22:59:59.999Z', '2026-03-25T22:59:59.999Z', '2026-04-18T21:59:59.999Z', '2027-03-18T22:59:59.999Z', '2026-03-23T22:59:59.999Z'
  ]);
});

t.test('in its local subset a condition agrees with the JSON Schema made of it, as ajv reads it on random data', async (t) => {
  const zone = makeZone('Europe/Amsterdam');
  const ajv = new Ajv2020({ strict: false });
  const scalar = fc.constantFrom<string | number | boolean>('a', 'b', true, false, 1, 2, 3);
  const test = fc.letrec<{ test: unknown }>((tie) => ({ test: fc.oneof({ depthSize: 'small' },
    scalar, fc.uniqueArray(scalar, { minLength: 1, maxLength: 3 }), fc.record({ atLeast: fc.integer({ min: 0, max: 3 }) }), fc.record({ atMost: fc.integer({ min: 0, max: 3 }) }), fc.record({ answered: fc.boolean() }),
    fc.record({ not: tie('test') }), fc.record({ any: fc.array(tie('test'), { minLength: 1, maxLength: 2 }) }), fc.record({ all: fc.array(tie('test'), { minLength: 1, maxLength: 2 }) })
  ) })).test;
  const some = <Value extends object>(one: fc.Arbitrary<Value>): fc.Arbitrary<Value> => one.filter((value) => Object.keys(value).length > 0);
  const row = some(fc.record({ x: test, y: test }, { requiredKeys: [] }));
  const list = fc.oneof(fc.record({ some: row }), fc.record({ every: row }), fc.record({ none: row }), fc.record({ count: fc.record({ atLeast: fc.integer({ min: 0, max: 3 }) }) }));
  const condition = fc.letrec<{ condition: object }>((tie) => ({ condition: fc.oneof({ depthSize: 'small' },
    some(fc.record({ x: test, y: test, rijen: list }, { requiredKeys: [] })), fc.record({ all: fc.array(tie('condition'), { minLength: 1, maxLength: 2 }) }), fc.record({ any: fc.array(tie('condition'), { minLength: 1, maxLength: 2 }) }), fc.record({ none: fc.array(tie('condition'), { minLength: 1, maxLength: 2 }) })
  ) })).condition;
  const answers = fc.record({ x: scalar, y: scalar, rijen: fc.array(fc.record({ x: scalar, y: scalar }, { requiredKeys: [] }), { maxLength: 3 }) }, { requiredKeys: [] });
  let held = 0;
  t.doesNotThrow(() => { fc.assert(fc.property(condition, fc.array(answers, { minLength: 5, maxLength: 5 }), (one, all) => {
    const valid = ajv.compile(conditionSchema(one));
    return all.every((each) => {
      const ours = holds(readCondition(one), answersContext(each, noon, zone));
      if (ours) held += 1;
      return ours === valid(each);
    });
  }), { numRuns: 300, seed: 6 }); });
  t.ok(held > 300 && held < 1200, `${String(held)} of 1500 held`);
});

t.test('a condition has a FEEL form for export, which another engine reads as we do: true exactly when it holds', async (t) => {
  const zone = makeZone('Europe/Amsterdam');
  const said = (condition: object): string => conditionFeel(readCondition(condition), (head) => head === 'taak');
  t.equal(said({ 'gesprek.uitkomst': ['zorg', 'goed'], 'steps.wegen': { not: 'ahead' } }), '(gesprek.uitkomst = "zorg" or gesprek.uitkomst = "goed") and not((steps.wegen = "ahead") = true)');
  t.equal(said({ rijen: { some: { wie: { field: 'taak.wie' }, 'for.naam': 'x' } } }), 'some row1 in flatten([rijen])[item != null] satisfies ((row1.wie != null and list contains(flatten([taak.wie])[item != null], row1.wie)) and get value(here, "for").naam = "x") = true');
  t.equal(said({ op: { olderThan: { months: 1, days: 2 } } }), 'date(op) + duration("P0Y1M") + duration("P2D") < date(now)');
  t.equal(said({ op: { olderThan: { workdays: 5 } } }), 'later workday(date(op), 5) < date(now)');

  const day = fc.constantFrom('2026-03-17', '2026-03-18', '2016-02-29', '2014-03-19', '2026-01-31');
  const scalar = fc.constantFrom<string | number | boolean>('a', 'b', true, 1, 2);
  const other = fc.constantFrom('x', 'y').map((field) => ({ field }));
  const listed = <One>(one: fc.Arbitrary<One>): fc.Arbitrary<One[]> => fc.array(one, { maxLength: 2 });
  const some = <Value extends object>(one: fc.Arbitrary<Value>): fc.Arbitrary<Value> => one.filter((value) => Object.keys(value).length > 0);
  const { test, time } = fc.letrec<{ test: unknown; time: unknown }>((tie) => ({
    test: fc.oneof({ depthSize: 'small' }, scalar, listed(scalar), other, fc.record({ atLeast: fc.integer({ min: 0, max: 3 }) }), fc.record({ answered: fc.boolean() }), fc.record({ not: tie('test') }), fc.record({ any: listed(tie('test')) }), fc.record({ all: listed(tie('test')) }), fc.record({ none: listed(tie('test')) })),
    time: fc.oneof({ depthSize: 'small' }, fc.record({ onOrAfter: day }), fc.record({ onOrBefore: fc.constantFrom({ field: 'dag' }, { field: 'later' }) }), fc.record({ weekday: listed(fc.constantFrom(1, 2, 3, 'Sunday')) }),
      fc.record({ age: fc.record({ atLeast: fc.constantFrom(0, 10, 12), atMost: fc.constantFrom(11, 12), on: fc.constantFrom('dag', 'later') }, { requiredKeys: [] }) }), fc.record({ olderThan: fc.record({ days: fc.constantFrom(0, 1), months: fc.constantFrom(1, 120), weeks: fc.constantFrom(1, 5) }, { requiredKeys: ['days'] }) }), fc.record({ not: tie('time') }))
  }));
  const row = some(fc.record({ x: test, dag: time, 'now-and': test }, { requiredKeys: [] }));
  const list = fc.oneof(fc.record({ some: row }), fc.record({ every: row }), fc.record({ none: row }), fc.record({ last: row }), fc.record({ count: fc.record({ atLeast: fc.integer({ min: 0, max: 3 }) }) }), fc.record({ count: fc.constantFrom(0, 2) }));
  const condition = fc.letrec<{ condition: object }>((tie) => ({ condition: fc.oneof({ depthSize: 'small' },
    some(fc.record({ x: test, y: test, dag: time, rijen: list, woorden: fc.record({ some: scalar }), groep: fc.record({ x: test }) }, { requiredKeys: [] })), fc.record({ all: listed(tie('condition')) }), fc.record({ any: listed(tie('condition')) }), fc.record({ none: listed(tie('condition')) })
  ) })).condition;
  const answers = fc.record({
    x: scalar, y: scalar, dag: day, later: day, woorden: fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }), groep: fc.record({ x: scalar }, { requiredKeys: [] }),
    rijen: fc.array(fc.record({ x: scalar, dag: day, 'now-and': scalar }, { requiredKeys: [] }), { maxLength: 3 })
  }, { requiredKeys: [] });
  let held = 0;
  t.doesNotThrow(() => { fc.assert(fc.property(condition, fc.array(answers, { minLength: 3, maxLength: 3 }), (one, all) => all.every((each) => {
    const ours = holds(readCondition(one), answersContext(each, noon, zone));
    if (ours) held += 1;
    const given = JSON.parse(JSON.stringify(each)) as object;
    const read = evaluate(said(one), { ...given, here: given, now: noon }).value;
    return ours === (read === true);
  })), { numRuns: 200, seed: 7 }); });
  t.ok(held > 120 && held < 480, `${String(held)} of 600 held`);
});

/** The number of a case in front of a name says nothing of what is tested. */
function withoutNumber(name: string): string {
  return name.replace(/^(semantics \d+|trap [a-z-]+): /, '');
}

function testNames(): string[] {
  const files = readdirSync(join(projectRoot, 'test'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return files.flatMap((name) => [...readFileSync(join(projectRoot, 'test', name), 'utf8').matchAll(/\bt\.test\('((?:[^'\\]|\\.)+)'/g)].map(([, title = '']) => title));
}

/** Words of three letters or more that both hold, also when only their ends differ. */
function sharedWords(line: string, name: string): string[] {
  const words = (text: string): string[] => [...new Set(text.toLowerCase().match(/[a-z]{3,}/g) ?? [])].filter((word) => !['the', 'and', 'its', 'that', 'with', 'for', 'are', 'may', 'has', 'not', 'one', 'what', 'who', 'all', 'when', 'them', 'they', 'each', 'every', 'this', 'from', 'also', 'which', 'only', 'into', 'other', 'others'].includes(word));
  return words(line).filter((word) => words(name).some((other) => other.slice(0, 5) === word.slice(0, 5)));
}
