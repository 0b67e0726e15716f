import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { projectRoot } from '../src/config.ts';
import type { Json } from '../src/definitions/bundle.ts';
import { hashOf } from '../src/definitions/make-bundle.ts';
import { changesOf, differencesOf, isSame, withPatch } from '../src/definitions/overlay.ts';
import { checkContent } from '../src/documents/check-content.ts';
import { loadContent } from '../src/documents/load-content.ts';
import { readTexts } from '../src/texts.ts';
import { copyOfContent } from './fixtures/mistakes.ts';

// What a school changes in a route or form that stays as it was delivered (definitions.md, Versions: overlay).

const translate = readTexts('nl');
type Change = { [key: string]: unknown };

t.test('an overlay is a merge patch over the keyed maps: null removes, lists are replaced whole, the rest stays', async (t) => {
  const base = { tasks: { een: { title: 'Een', performers: ['a', 'b'] }, twee: { title: 'Twee' } }, title: 'Oud' };
  t.strictSame(withPatch(base, { title: 'Nieuw', tasks: { een: { performers: ['c'] }, twee: null } }), { tasks: { een: { title: 'Een', performers: ['c'] } }, title: 'Nieuw' });
});

t.test('semantics 12: overlay can add but not place: allow "before": "id" on an added task, step, transition, field', async (t) => {
  const base = { steps: { een: {}, twee: {} }, schema: { properties: { a: {}, b: {} } } };
  const result = withPatch(base, { steps: { nieuw: { title: 'N', before: 'twee' }, laatst: {} }, schema: { properties: { c: { type: 'string', before: 'a' } } } });
  t.equal(JSON.stringify(result), '{"steps":{"een":{},"nieuw":{"title":"N"},"twee":{},"laatst":{}},"schema":{"properties":{"c":{"type":"string"},"a":{},"b":{}}}}');
  const ways = { steps: { een: { tasks: { t1: {}, t2: {} }, transitions: { w1: {} } } } };
  t.equal(JSON.stringify(withPatch(ways, { steps: { een: { tasks: { nieuw: { before: 't2' } }, transitions: { eerst: { before: 'w1' } } } } })), '{"steps":{"een":{"tasks":{"t1":{},"nieuw":{},"t2":{}},"transitions":{"eerst":{},"w1":{}}}}}');
  t.equal(JSON.stringify(withPatch(base, { facts: { before: { 'a.b': 'x' } } })), JSON.stringify({ ...base, facts: { before: { 'a.b': 'x' } } }), 'elsewhere it is a name like any other');
});

t.test('semantics 12: overlay arrays (performers, waivable) are replaced whole', async (t) => {
  const { workflow } = merged(t, { workflow: { performers: ['ib'], rules: { R1: { waivable: ['leraar'] } } } });
  t.strictSame([workflow.performers, workflow.rules?.['R1']?.waivable], [['ib'], ['leraar']]);
});

t.test('a question that is added to a form with a layout stands before its sibling there too, without one at the end', async (t) => {
  const base = { schema: { properties: { a: {}, b: {} } }, uischema: { type: 'VerticalLayout', elements: [{ type: 'Group', elements: [{ type: 'Control', scope: '#/properties/a' }] }, { type: 'Control', scope: '#/properties/b' }] } };
  const scopes = (value: Json): string[] => [...JSON.stringify(value).matchAll(/#\/properties\/(\w+)/g)].map(([, name = '']) => name);
  t.strictSame(scopes(withPatch(base, { schema: { properties: { c: { before: 'a' }, d: {} } } })), ['c', 'a', 'b', 'd']);
  t.strictSame(scopes(withPatch(base, { schema: { properties: { c: {} } }, uischema: { elements: [] } })), [], 'its own layout wins');
});

t.test('what an overlay changes and what two versions differ in agree with what comes out', async () => {
  const value = fc.letrec<{ json: Json; object: { [key: string]: Json } }>((tie) => ({
    json: fc.oneof({ depthSize: 'small' }, fc.constantFrom(1, 'a', true), fc.array(fc.constantFrom(1, 2), { maxLength: 2 }), tie('object')),
    object: fc.dictionary(fc.constantFrom('a', 'b', 'steps', '__proto__'), tie('json'), { maxKeys: 3 })
  })).object;
  fc.assert(fc.property(value, value, (base, patch) => {
    const result = withPatch(base, patch);
    return changesOf(base, patch).length === 0 === isSame(sorted(base), sorted(result)) && differencesOf(result, result).length === 0
      && isSame(sorted(withPatch(result, patch)), sorted(result));
  }));
});

t.test('the whole content reads a changed route and form as one, and says so line by line', async (t) => {
  const folder = changed(t, {
    workflow: {
      tasks: { huisbezoek: { title: 'Huisbezoek', form: 'gesprek', repeat: true, before: 'melding' } },
      steps: { kijken: { rules: { R2: { must: { 'tasks.gesprek': 'done' }, message: 'Leg eerst het gesprek vast.' } } } }
    },
    form: { schema: { properties: { plaats: { type: 'string', title: 'Waar was dat?', maxLength: 100, before: 'datum' } } } }
  });
  t.strictSame(checkContent(folder, translate).lines, ['1 route, 4 formulieren, 1 document: geen fouten.']);
  const [bundle] = loadContent(folder, translate).workflows;
  t.strictSame(Object.keys(bundle?.workflow.tasks ?? {}), ['huisbezoek', 'melding']);
  t.strictSame(Object.keys(bundle?.forms['melding']?.schema.properties ?? {}), ['wat', 'soort', 'plaats', 'datum']);
  t.notMatch(JSON.stringify(bundle), /"before"|"extends"/);
  const { status, stdout } = command('check', folder, '--effective', 'klein');
  t.equal(status, 0);
  const own = readFileSync(join(folder, 'workflows/klein.overlay.json'), 'utf8').split('\n').findIndex((line) => line.includes('"huisbezoek"')) + 1;
  t.match(stdout, new RegExp(`^klein\\.overlay\\.json:${String(own)} *\\| {5}"huisbezoek": \\{$`, 'm'));
  t.match(stdout, /^klein\.json:20 +\| {5}"melding": \{$/m);
  t.strictSame(JSON.parse(stdout.replace(/^[^|]*\| /gm, '')), bundle?.workflow);
  t.match(spawnSync(process.execPath, ['dist/src/cli/check.js', '--explain', 'klein'], { cwd: projectRoot, encoding: 'utf8', env: { ...process.env, CONTENT_DIR: folder } }).stdout, /^workflows\/klein\.overlay\.json:\d+:\d+: steps\.kijken\.rules\.R2\.must: ‘Gesprek’ is gedaan\.$/m, 'a condition too is told where it was written');
  t.match(command('check', folder, '--effective', 'klein', '--language', 'en').stderr, /^workflows\/klein\.en\.json is er niet\./);
  writeFileSync(join(folder, 'workflows/klein.en.json'), JSON.stringify({ $schema: './.schemas/translation.json', of: 'workflows/klein.json', language: 'en', texts: { '/rules/R1/message': { from: 'Spreek eerst met {leerling.naam}.', text: 'First talk to {leerling.naam}.' } } }));
  t.match(command('check', folder, '--effective', 'klein', '--language', 'en').stdout, /^klein\.en\.json:1 +\| {5,}"message": "First talk to \{leerling\.naam\}\.",?$/m);
  t.equal(command('check', folder, '--language', 'en').status, 1, 'a language without a file to print');
  const cut = spawnSync('sh', ['-c', `${process.execPath} dist/src/cli/check.js ${folder} --effective klein | head -n 1`], { cwd: projectRoot, encoding: 'utf8' });
  t.strictSame([cut.stdout.split('\n').length, cut.stderr], [2, ''], 'whoever reads only the first line');
});

t.test('a mistake is told where it was written: in the overlay or in its base', async (t) => {
  t.strictSame(told(t, { workflow: { tasks: { meldign: { repeat: false } } } }), ['workflows/klein.overlay.json: "meldign" bestaat nog niet in wat u aanpast. Wilt u het toevoegen? Dan ontbreekt "form". Bedoelde u "melding"?']);
  t.strictSame(told(t, { workflow: { steps: { kijken: { tasks: { gesprek: { repaet: true } } } } } }), ['workflows/klein.overlay.json: Het sleutelwoord "repaet" is hier niet bekend. Bedoelde u "repeat"?']);
  t.strictSame(told(t, { workflow: { facts: { isDringend: { melding: { some: { soort: 'dringent' } } } } } }).length, 1);
  t.match(told(t, { workflow: { facts: { isDringend: { melding: { some: { soort: 'dringent' } } } } } })[0], /^workflows\/klein\.overlay\.json: .*Bedoelde u "dringend"\?$/);
  t.strictSame(told(t, { workflow: { title: null } }), ['workflows/klein.overlay.json: Het sleutelwoord "title" ontbreekt.']);
  t.strictSame(told(t, { workflow: { rules: { R2: null } } }), ['workflows/klein.overlay.json: "R2" kan niet weg: het staat niet in wat u aanpast. Bedoelde u "R1"?']);
  t.strictSame(told(t, { form: { schema: { properties: { plaats: { type: 'string', title: 'Waar?', before: 'dautm' } } } } }), ['forms/melding.overlay.json: Er is hier geen "dautm" om dit voor te zetten. Bedoelde u "datum"?']);
  t.ok(told(t, { form: { schema: { properties: { wat: null } } } }).includes('workflows/klein.json: Het veld "wat" is er niet in dit formulier.'), 'what still names it');
});

t.test('a scenario or practice case that names what an overlay took away is told so and left out, with what goes on from it', async (t) => {
  const folder = changed(t, { workflow: { rules: { R1: null } } });
  const begun = { person: 'juf', open: 'melding', subject: { naam: 'Noor' }, answers: { wat: 'Kwam te laat.', soort: 'gewoon' } };
  writeFileSync(join(folder, 'workflows/klein.scenarios.json'), JSON.stringify({
    $schema: './.schemas/scenarios.json', workflow: 'klein', today: '2026-03-18', people: { juf: ['leraar'], ib: ['ib'] },
    scenarios: {
      weg: { title: 'Voorbij', when: [begun, { person: 'ib', waive: 'R1', reason: 'De ouder was er bij.' }], expect: { outcome: null } },
      verder: { title: 'Gaat daarop door', given: 'weg', when: [{ day: 1 }], expect: { outcome: 'klaar' } },
      blijft: { title: 'Blijft', when: [begun], expect: { outcome: 'klaar' } }
    }
  }));
  const lines = checkContent(folder, translate, { today: '2026-03-18' }).lines.map((line) => line.replace(/:\d+:\d+/, ''));
  const gone = 'Let op: Dit gaat over R1, en dat is weg door uw aanpassing in workflows/klein.overlay.json. Het wordt overgeslagen.';
  t.ok(lines.includes(`workflows/klein.demo.json: ${gone}`) && lines.includes(`workflows/klein.scenarios.json: ${gone}`), lines.join('; '));
  t.match(lines.filter((line) => line.startsWith('workflows/klein.overlay.json')), [/: blijft\.|blijft/], 'only what is left is played');
  t.notMatch(lines.join(' '), /verder gaat|weg, verder/);
  const { workflows, demos } = loadContent(folder, translate);
  t.same([workflows.length, demos.map(({ data }) => data.cases.length)], [1, [0]], 'and nothing else stands still');
});

t.test('an overlay that does not check keeps its route from being used without it', async (t) => {
  for (const text of ['{', '{}', '{ "$schema": "./.schemas/overlay.json", "extends": { "id": "anders" } }']) {
    const folder = copyOfContent(t);
    writeFileSync(join(folder, 'workflows/klein.overlay.json'), text);
    const { workflows, names } = loadContent(folder, translate);
    t.strictSame([workflows, names], [[], ['klein']]);
  }
  const folder = copyOfContent(t);
  writeFileSync(join(folder, 'workflows/klien.overlay.json'), '{ "$schema": "./.schemas/overlay.json", "extends": { "id": "klien" } }');
  t.match(checkContent(folder, translate).lines[0], /^workflows\/klien\.overlay\.json:1:\d+: Er is geen workflows\/klien\.json om aan te passen\. Bedoelde u "klein"\?$/);
});

t.test('a base may lock paths: tighten, never drop', async (t) => {
  const lock = ['steps.kijken.tasks.gesprek', 'rules.R1', 'steps.kiezen'];
  const refused = (workflow: Change): string[] => told(t, { workflow, lock });
  const sentence = (name: string): string[] => [`workflows/klein.overlay.json: Dit mag niet worden losser gemaakt of weggehaald: "${name}" ligt vast. Strenger of anders verwoord mag wel.`];
  t.strictSame(refused({ steps: { kijken: { tasks: { gesprek: { required: false } } } } }), sentence('steps.kijken.tasks.gesprek'));
  t.strictSame(refused({ steps: { kijken: { tasks: { gesprek: { when: { 'facts.isDringend': true } } } } } }), sentence('steps.kijken.tasks.gesprek'));
  t.strictSame(refused({ rules: { R1: { waivable: ['ib', 'leraar'] } } }), sentence('rules.R1'));
  t.ok(refused({ rules: { R1: null } }).includes(String(sentence('rules.R1'))));
  t.strictSame(refused({ rules: { R1: { waivable: null, message: 'Spreek eerst met het kind.' } } }), []);
  t.strictSame(refused({ steps: { kiezen: { title: 'Beslissen', rules: { R3: { must: { 'besluit.hulp': { answered: true } }, message: 'Kies eerst.' } } } } }), []);
  t.match(told(t, { lock: ['steps.kijkne.tasks'] }), [/^workflows\/klein\.json: "steps\.kijkne\.tasks" is er niet, dus dit legt niets vast\. Bedoelde u "steps\.kijken\.tasks"\?$/]);
});

t.test('a changed base is compared three ways: disjoint changes merge and are reported, the same path blocks and shows both texts', async (t) => {
  const folder = copyOfContent(t);
  t.equal(overlay(folder, 'start', 'klein').status, 0);
  t.ok(existsSync(join(folder, 'workflows/bases/klein.json')));
  t.match(overlay(folder, 'start', 'klein').stderr, /workflows\/klein\.overlay\.json is er al/);
  change(folder, 'workflows/klein.overlay.json', /\n\}\n$/, ',\n  "steps": { "kijken": { "title": "Rondkijken" } }\n}\n');
  t.strictSame(checkContent(folder, translate).lines.length, 1);
  change(folder, 'workflows/klein.json', '"title": "Kiezen"', '"title": "Beslissen"');
  t.match(checkContent(folder, translate), { ok: true, lines: [/klein\.overlay\.json:6:\d+: Let op: workflows\/klein\.json is veranderd sinds u dit schreef\. Wat niet met het uwe botst, is overgenomen \(1\): steps\.kiezen\.title/, /./] });
  t.equal(loadContent(folder, translate).workflows[0]?.workflow.steps['kiezen']?.title, 'Beslissen');
  change(folder, 'workflows/klein.json', '"title": "Kijken"', '"title": "Onderzoeken"');
  t.match(checkContent(folder, translate), { ok: false, lines: [/klein\.overlay\.json:8:\d+: U en workflows\/klein\.json hebben allebei dit veranderd\. Het was "Kijken"; in workflows\/klein\.json is het nu "Onderzoeken"; u schrijft "Rondkijken"\./, /./] });
  t.strictSame(loadContent(folder, translate).workflows, [], 'the same path blocks publishing');
  t.equal(overlay(folder, 'accept', 'workflows/klein.json').status, 0);
  t.strictSame(checkContent(folder, translate).lines.length, 1);
  t.equal(loadContent(folder, translate).workflows[0]?.workflow.steps['kijken']?.title, 'Rondkijken');
});

t.test('scenarios of the delivered route that go otherwise with the changes of a school are told in one line', async (t) => {
  const folder = copyOfContent(t);
  const acts = [
    { person: 'ib', open: 'melding', answers: { wat: 'Een blauwe plek.', soort: 'gewoon', datum: '@0' }, subject: { naam: 'Noor' } }, { person: 'ib', submit: 'gesprek', answers: {} }, { person: 'ib', take: 'verder' }
  ];
  const scenarios = { $schema: './.schemas/scenarios.json', workflow: 'klein', today: '2026-03-18', people: { ib: ['ib'] }, scenarios: { verder: { title: 'Na het gesprek komt het besluit', when: acts, expect: { holds: { 'steps.kiezen': 'active' } } } } };
  writeFileSync(join(folder, 'workflows/klein.scenarios.json'), JSON.stringify(scenarios));
  t.notMatch(checkContent(folder, translate).lines, [/steps\.kiezen|geweigerd/]);
  write(folder, 'workflows', 'klein', { steps: { kijken: { rules: { R2: { must: { 'leerling.naam': { answered: false } }, message: 'Nog niet.' } } } } });
  t.match(checkContent(folder, translate), { ok: true, lines: [/^workflows\/klein\.overlay\.json:1:1: Let op: Met uw veranderingen gaat dit anders .* \(1\): verder\./, /1 waarschuwing\.$/] });
});

t.test('without the copy, or without a version, nobody can compare: that is said', async (t) => {
  const folder = changed(t, { workflow: { title: 'Anders' } });
  change(folder, 'workflows/klein.json', '"version": "1.0.0"', '"version": "1.1.0"');
  t.match(checkContent(folder, translate), { ok: false, lines: [/is veranderd sinds u dit schreef, en de oude versie staat niet in workflows\/bases\/klein\.json/, /./] });
  change(folder, 'workflows/klein.overlay.json', /,\s*"hash": "[^"]*"/, '');
  t.match(checkContent(folder, translate), { ok: true, lines: [/Let op: Hier staat niet welke versie van workflows\/klein\.json u aanpast/, /./] });
});

t.test('the overlay command refuses what it does not know', async (t) => {
  const folder = copyOfContent(t);
  t.match(overlay(folder, 'begin', 'klein').stderr, /npm run overlay -- start\|accept BESTAND/);
  t.match(overlay(folder, 'start', 'kliein').stderr, /^kliein is er niet in /);
  t.match(overlay(folder, 'accept', 'forms/melding').stderr, /^forms\/melding\.overlay\.json is er niet in /);
});

type Changes = { workflow?: Change; form?: Change; lock?: string[] };

/** The small content with overlays that go with it as it is. */
function changed(t: { testdir: () => string }, { workflow, form, lock }: Changes): string {
  const folder = copyOfContent(t);
  if (lock !== undefined) change(folder, 'workflows/klein.json', '"id": "klein",', `"id": "klein", "lock": ${JSON.stringify(lock)},`);
  write(folder, 'workflows', 'klein', workflow);
  write(folder, 'forms', 'melding', form);
  return folder;
}

function write(folder: string, kind: string, id: string, patch: Change | undefined): void {
  if (patch === undefined) return;
  const base = JSON.parse(readFileSync(join(folder, kind, `${id}.json`), 'utf8')) as Json;
  writeFileSync(join(folder, kind, `${id}.overlay.json`), JSON.stringify({ $schema: './.schemas/overlay.json', extends: { id, hash: hashOf(base) }, ...patch }, null, 2));
}

function merged(t: { testdir: () => string }, changes: Changes): ReturnType<typeof loadContent>['workflows'][number] {
  const [bundle] = loadContent(changed(t, changes), translate).workflows;
  if (bundle === undefined) throw new Error('The route does not check.');
  return bundle;
}

/** What the check says, without lines and columns and without the line that sums up. */
function told(t: { testdir: () => string }, changes: Changes): string[] {
  return checkContent(changed(t, changes), translate).lines.slice(0, -1).map((line) => line.replace(/:\d+:\d+/, ''));
}

function change(folder: string, file: string, from: string | RegExp, to: string): void {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, () => to));
}

function command(name: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(projectRoot, 'dist', 'src', 'cli', `${name}.js`), ...args], { encoding: 'utf8' });
}

function overlay(folder: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(projectRoot, 'dist', 'src', 'cli', 'overlay.js'), ...args], { encoding: 'utf8', env: { ...process.env, CONTENT_DIR: folder } });
}

/** Order is meaning elsewhere; here only what is there counts. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, inside]) => [key, sorted(inside)])) : value;
}
