import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { projectRoot } from '../src/config.ts';
import { overlayFiles, printEffective } from '../src/cli/overlay-files.ts';
import type { Bundle, Json } from '../src/definitions/bundle.ts';
import { whenHolds } from '../src/definitions/checks/constant.ts';
import { checkGaps } from '../src/definitions/checks/gaps.ts';
import { formScope } from '../src/definitions/checks/scope.ts';
import { shapeOfRecord } from '../src/definitions/checks/shapes.ts';
import type { Field, FormDefinition } from '../src/definitions/form.types.ts';
import { isObject } from '../src/definitions/json-values.ts';
import { bundleFromText, bundleText, hashOf, makeBundle } from '../src/definitions/make-bundle.ts';
import { nearest } from '../src/definitions/nearest.ts';
import { notYetInFields, refusedInFields } from '../src/definitions/not-yet-built.ts';
import type { Finding } from '../src/definitions/problem.ts';
import { readContent } from '../src/definitions/read-content.ts';
import { readSchema, type FileKind } from '../src/definitions/schema-findings.ts';
import { withTerms } from '../src/definitions/terms.ts';
import type { Condition, TransitionDefinition, WorkflowDefinition } from '../src/definitions/workflow.types.ts';
import { checkContent } from '../src/documents/check-content.ts';
import { loadContent } from '../src/documents/load-content.ts';
import { readTexts } from '../src/texts.ts';
import { copyOfContent, smallContent } from './fixtures/mistakes.ts';

const translate = readTexts('nl');
const kinds: FileKind[] = ['workflow', 'form', 'demo', 'partner-map'];

t.test('the shipped content has no problem, not even a warning', async (t) => {
  const { lines, ok } = checkContent(projectRoot, translate);
  t.equal(ok, true);
  t.equal(lines.length, 1);
  t.match(lines[0], /^\d+ routes?, \d+ formulieren, \d+ documenten: geen fouten\.$/);
});

t.test('a folder that is sound is summed up in one line; one without routes is refused', async (t) => {
  t.match(checkContent(smallContent, translate), { lines: ['1 route, 4 formulieren, 1 document: geen fouten.'], ok: true });
  const empty = t.testdir({});
  t.match(checkContent(empty, translate), { lines: [`In ${empty} staat geen map workflows. Kies een map met workflows, forms en documents.`], ok: false });
});

t.test('the command prints the problems and exits with 1; with a sound folder with 0', async (t) => {
  const folder = copyOfContent(t);
  const command = join(projectRoot, 'dist', 'src', 'cli', 'check.js');
  t.equal(execFileSync(process.execPath, [command, folder], { encoding: 'utf8' }), '1 route, 4 formulieren, 1 document: geen fouten.\n');
  rmSync(join(folder, 'forms', 'leerling.json'));
  const { status, stdout } = spawnSync(process.execPath, [command, folder], { encoding: 'utf8' });
  t.equal(status, 1);
  t.match(stdout, /^workflows\/klein\.json:8:14: Het formulier "leerling" is er niet in de map forms\.\n[^]*\d+ fout(en)? gevonden\.\n$/);
});

t.test('a file with an error leaves out the routes that use it, and no other', async (t) => {
  const folder = copyOfContent(t);
  const route = readFileSync(join(folder, 'workflows/klein.json'), 'utf8');
  writeFileSync(join(folder, 'workflows/los.json'), route.replace('"id": "klein"', '"id": "los"').replaceAll('"form": "besluit"', '"form": "keuze"'));
  writeFileSync(join(folder, 'forms/keuze.json'), readFileSync(join(folder, 'forms/besluit.json'), 'utf8').replace('"id": "besluit"', '"id": "keuze"'));
  t.strictSame(loadContent(folder, translate).workflows.map(({ workflow }) => workflow.id), ['klein', 'los']);
  writeFileSync(join(folder, 'forms/besluit.json'), '{');
  const content = loadContent(folder, translate);
  t.strictSame(content.workflows.map(({ workflow }) => workflow.id), ['los']);
  t.strictSame(content.names, ['klein', 'los']);
});

t.test('a template with a field that does not exist leaves out its route and is told once', async (t) => {
  const folder = copyOfContent(t);
  writeFileSync(join(folder, 'workflows/los.json'), readFileSync(join(folder, 'workflows/klein.json'), 'utf8').replace('"id": "klein"', '"id": "los"'));
  writeFileSync(join(folder, 'documents/verslag.hbs'), '<p>{{antwoord onderwerp.nam}}</p>\n');
  const { workflows, problems } = loadContent(folder, translate);
  t.strictSame(workflows, []);
  t.strictSame(problems.map(({ file, line, proposal }) => ({ file, line, proposal })), [{ file: 'documents/verslag.hbs', line: 1, proposal: 'naam' }]);
});

t.test('files outside the folder are not read, and hidden or other files are passed over', async (t) => {
  const folder = copyOfContent(t);
  symlinkSync('/etc/hostname', join(folder, 'forms/elders.json'));
  writeFileSync(join(folder, 'forms/.geheim.json'), '{');
  writeFileSync(join(folder, 'forms/lees-mij.txt'), 'Hallo');
  mkdirSync(join(folder, 'forms/map.json'));
  t.strictSame(readContent(folder).problems.map(({ file, code }) => [file, code]), [['forms/elders.json', 'symbolicLink'], ['forms/lees-mij.txt', 'unreadFile']]);
});

t.test('no file makes the check fail: whatever one value is changed into, there are problems or none', async (t) => {
  const folder = copyOfContent(t);
  const files = ['workflows/klein.json', 'workflows/klein.demo.json', ...readdirSync(join(folder, 'forms')).map((name) => `forms/${name}`)];
  const texts = new Map(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
    fc.constantFrom<Json>('constructor', '__proto__', 'melding', 'for.wat', '#/$defs/deelnemer', '#/properties/datum', { $ref: '#/$defs/deelnemer' }, { field: 'melding.soort' }, { constructor: true }, [[]], {}, 0)
  );
  fc.assert(fc.property(fc.constantFrom(...files), fc.nat(), odd, fc.boolean(), (file, place, value, isKey) => {
    writeFileSync(join(folder, file), JSON.stringify(changed(JSON.parse(texts.get(file) ?? '') as Json, place, value, isKey)));
    const { problems } = loadContent(folder, translate);
    if (problems.some(({ code }) => code === 'unusableForm')) throw new Error(problems.map(({ text }) => text).join('\n'));
    writeFileSync(join(folder, file), texts.get(file) ?? '');
  }), { numRuns: 60 });
});

t.test('every keyword of every kind of file has a description', async (t) => {
  t.strictSame(kinds.flatMap((kind) => undescribed(readSchema(kind), kind)), []);
});

t.test('no keyword waits and is refused for good', async (t) => {
  t.strictSame(notYetInFields.filter(({ keyword }) => Object.hasOwn(refusedInFields, keyword)), []);
});

t.test('the generated types are up to date', async (t) => {
  const folder = t.testdir({ src: { definitions: {} } });
  const definitions = join(folder, 'src', 'definitions');
  const schemas = readdirSync(join(projectRoot, 'src', 'definitions')).filter((name) => name.endsWith('.schema.json'));
  for (const name of schemas) cpSync(join(projectRoot, 'src', 'definitions', name), join(definitions, name));
  execFileSync(process.execPath, [join(projectRoot, 'scripts', 'generate-types.mjs')], { cwd: folder });
  const written = readdirSync(definitions).filter((name) => name.endsWith('.types.ts'));
  t.strictSame(written, ['form.types.ts', 'workflow.types.ts']);
  for (const name of written) t.equal(readFileSync(join(definitions, name), 'utf8'), readFileSync(join(projectRoot, 'src', 'definitions', name), 'utf8'), name);
});

t.test('every finding has its sentence, and every sentence is used', async (t) => {
  const elsewhere = ['documents/check-content', 'documents/load-content', 'engine/scenarios/play', 'engine/scenarios/play-scenarios', 'engine/scenarios/expectations', 'engine/scenarios/taken', 'cli/explain-routes'];
  const sources = [...sourcesIn(join(projectRoot, 'src', 'definitions')), ...elsewhere.map((name) => readFileSync(join(projectRoot, 'src', `${name}.ts`), 'utf8'))];
  const sentences = JSON.parse(readFileSync(join(projectRoot, 'src/texts/nl/definitions.json'), 'utf8')) as { [key: string]: string };
  const quoted = new Set(sources.join('\n').match(/'[A-Za-z0-9.]+'/g)?.map((word) => word.slice(1, -1)));
  const codes = sources.flatMap((source) => [...source.matchAll(/(?:\bfinding|\blost|\beach)\(\s*'([A-Za-z0-9.]+)'|code: '([A-Za-z0-9.]+)'|'(unknown(?!Head|Name)[A-Z][A-Za-z]+)'/g)].map(([, one, other, third]) => one ?? other ?? third ?? ''));
  t.ok(codes.length > 100);
  t.strictSame([...new Set(codes)].filter((code) => !Object.hasOwn(sentences, code)), []);
  const isDynamic = (key: string): boolean => /^(syntax|impossible\.|type\.)|_(one|other)$/.test(key);
  const known = new Set([...quoted, ...sources.join('\n').match(/definitions\.[A-Za-z]+/g)?.map((word) => word.slice(12)) ?? []]);
  t.strictSame(Object.keys(sentences).filter((key) => !isDynamic(key) && !known.has(key)), []);
  t.strictSame(Object.entries(sentences).filter(([key, sentence]) => !/[.?:]$/.test(sentence) && !/^(or|unusableForm|actRefused|requirement(Lost|NoGuidance|NotOne)|type\..*|.*_(one|other))$/.test(key)), []);
});

t.test('semantics 12: the hash of a bundle follows its content: order counts, the writing of an accent does not', async (t) => {
  const workflow: WorkflowDefinition = {
    id: 'klein', version: '1.0.0', language: 'nl', title: 'Geloof', start: 'een', roles: { ib: {}, leraar: {} },
    steps: { een: { title: 'Een', transitions: { klaar: { title: 'Klaar', close: 'goed' } } } }, outcomes: { goed: {} }, access: { read: ['ib'] }
  };
  const hashOf = (parts: Partial<WorkflowDefinition>): string => makeBundle({ ...workflow, ...parts }, { forms: {}, documents: {}, partials: {} }).hash;
  t.match(hashOf({}), /^[0-9a-f]{64}$/);
  t.equal(hashOf({}), hashOf({}));
  t.equal(hashOf({ title: 'Caf\u00e9' }), hashOf({ title: 'Cafe\u0301' }));
  t.not(hashOf({ title: 'Cafe' }), hashOf({ title: 'Caf\u00e9' }));
  t.not(hashOf({ roles: { leraar: {}, ib: {} } }), hashOf({}));
  const bundle = makeBundle({ ...workflow, title: 'Regel\n\u0301' }, { forms: {}, documents: {}, partials: {} });
  t.strictSame(bundleFromText(bundleText(bundle)), bundle);
  t.strictSame(Object.keys(bundleFromText(bundleText(bundle)).workflow.roles), ['ib', 'leraar']);
});

t.test('a bundle holds only the forms, templates and partials its route uses', async (t) => {
  const content = readContent(smallContent);
  const [bundle] = content.workflows;
  t.strictSame(Object.keys(bundle?.forms ?? {}), ['leerling', 'melding', 'gesprek', 'besluit']);
  t.strictSame(Object.keys(bundle?.documents ?? {}), ['verslag']);
});

t.test('a slip of one letter is proposed, also with two letters swapped; another word is not', async (t) => {
  t.equal(nearest('klien', ['klein', 'groot']), 'klein');
  t.equal(nearest('titel', ['title', 'text']), 'title');
  t.equal(nearest('Repeat', ['repeat']), 'repeat');
  t.equal(nearest('gesprekken', ['gesprek']), 'gesprek');
  t.equal(nearest('appel', ['peer', 'banaan']), null);
  t.equal(nearest('a', ['b']), 'b');
  t.equal(nearest('x', []), null);
});

const yesNo = (name: string, more: Partial<Field> = {}): { [name: string]: Field } => ({ [name]: { type: 'boolean', title: name, ...more } });
const choice = (name: string, size: number): { [name: string]: Field } => ({ [name]: { type: 'string', title: name, enum: Array.from({ length: size }, (_, index) => `a${String(index)}`) } });

t.test('a gap is found where answers leave no way out, with those answers', async (t) => {
  t.strictSame(codes(gapsOf({ ...yesNo('a'), ...yesNo('b') }, [{ 'b.a': true, 'b.b': true }, { 'b.a': false }])), [['gap', '"b.a": true, "b.b": false']]);
  t.strictSame(codes(gapsOf({ ...yesNo('a'), ...yesNo('b') }, [{ 'b.a': true }, { 'b.a': false }])), []);
  t.strictSame(codes(gapsOf(yesNo('a'), [{ any: [{ 'b.a': true }, { none: [{ 'b.a': true }] }] }, { 'b.a': { not: true } }])), [['overlap', '"b.a": false']]);
});

t.test('a question that is not asked or can wait leaves no gap, one that need not be answered does', async (t) => {
  const hidden = { ...yesNo('a'), ...yesNo('b', { when: { a: true } }) };
  t.strictSame(codes(gapsOf(hidden, [{ 'b.a': false }, { 'b.b': true }, { 'b.b': false }])), []);
  t.strictSame(codes(gapsOf(yesNo('a'), [{ 'b.a': true }, { 'b.a': false }], [])), [['gap', '"b.a": { "answered": false }']]);
  const waits = { steps: { een: { title: 'Een', decide: 'one' as const, tasks: { b: { form: 'b', later: ['a'] } }, transitions: { w0: { title: 'Weg', close: 'goed', when: { 'b.a': true } }, w1: { title: 'Weg', close: 'goed', when: { 'b.a': false } } } } } };
  t.strictSame(codes(gapsOf(yesNo('a'), [], [], waits)), []);
});

t.test('a number or a day is tried on both sides of every border', async (t) => {
  const number: { [name: string]: Field } = { a: { type: 'integer', title: 'a' } };
  t.strictSame(codes(gapsOf(number, [{ 'b.a': { atLeast: 5 } }, { 'b.a': { atMost: 3 } }])), [['gap', '"b.a": 4']]);
  t.strictSame(codes(gapsOf(number, [{ 'b.a': { atLeast: 5 } }, { 'b.a': { atMost: 4 } }])), []);
  const day: { [name: string]: Field } = { a: { type: 'string', format: 'date', title: 'a' } };
  t.strictSame(codes(gapsOf(day, [{ 'b.a': { onOrAfter: '2026-01-02' } }, { 'b.a': { onOrBefore: '2026-01-01' } }])), []);
  t.strictSame(codes(gapsOf(day, [{ 'b.a': { onOrAfter: '2026-01-03' } }, { 'b.a': { onOrBefore: '2026-01-01' } }])), [['gap', '"b.a": "2026-01-02"']]);
});

t.test('a number is tried within the smallest and the largest that its question allows', async (t) => {
  const number = (more: Partial<Field>): { [name: string]: Field } => ({ a: { type: 'integer', title: 'a', ...more } });
  const ways = [{ 'b.a': { atLeast: 3 } }, { 'b.a': [1, 2] }];
  t.strictSame(codes(gapsOf(number({}), ways)), [['gap', '"b.a": 0']]);
  t.strictSame(codes(gapsOf(number({ minimum: 1, maximum: 5 }), ways)), []);
  t.strictSame(codes(gapsOf(number({ exclusiveMinimum: 0 }), ways)), []);
  t.strictSame(codes(gapsOf(number({ minimum: 1 }), [{ 'b.a': { atLeast: 3 } }, { 'b.a': 1 }])), [['gap', '"b.a": 2']]);
  t.strictSame(codes(gapsOf(number({ type: 'number' }), [{ 'b.a': { atLeast: 5 } }, { 'b.a': { atMost: 4 } }])), [['gap', '"b.a": 4.5']], 'fractions lie between');
  const holds = (condition: object, more: Partial<Field>): string => {
    const form: FormDefinition = { id: 'b', version: '1.0.0', language: 'nl', title: 'b', schema: { type: 'object', properties: number(more) } };
    return whenHolds(condition, { facts: {}, scope: formScope(shapeOfRecord(form)), step: '' });
  };
  t.equal(holds({ a: { atLeast: 11 } }, {}), 'sometimes');
  t.equal(holds({ a: { atLeast: 11 } }, { maximum: 10 }), 'never');
  t.equal(holds({ a: { atLeast: 10 } }, { exclusiveMaximum: 10 }), 'never');
  t.equal(holds({ any: [{ a: { atLeast: 1 } }, { a: { answered: false } }] }, { minimum: 1 }), 'always');
});

t.test('a hard rule takes away the answers it refuses, and a way without a condition closes every gap', async (t) => {
  const rule = { R: { must: { 'b.a': true }, message: 'Zeg ja.' } };
  t.strictSame(codes(gapsOf(yesNo('a'), [{ 'b.a': true }, { all: [{ 'b.a': true }, { 'b.a': false }] }], ['a'], { rules: rule })), []);
  t.strictSame(codes(gapsOf(yesNo('a'), [{ 'b.a': true }, { all: [{ 'b.a': true }, { 'b.a': false }] }], ['a'], { rules: { R: { ...rule.R, waivable: ['ib'] } } })), [['gap', '"b.a": false']]);
  t.strictSame(codes(gapsOf(yesNo('a'), [{ 'b.a': true }, undefined])), []);
});

t.test('with more than 10 000 combinations a sample is taken, and said so', async (t) => {
  const many = { ...choice('a', 10), ...choice('b', 10), ...choice('c', 10), ...choice('d', 11) };
  const all: Condition[] = [{ 'b.a': 'a0', 'b.b': { answered: true }, 'b.c': { answered: true }, 'b.d': { answered: true } }, { 'b.a': { not: 'a0' } }];
  t.strictSame(codes(gapsOf(many, all)).map(([code]) => code), ['gapsSampled']);
  t.strictSame(codes(gapsOf(many, [{ 'b.a': ['a0', 'a1'], 'b.b': 'a0', 'b.c': 'a0', 'b.d': 'a0' }, { 'b.a': 'a3' }])).map(([code]) => code), ['gap']);
});

t.test('what cannot be worked out from single answers makes a gap a perhaps', async (t) => {
  t.strictSame(codes(gapsOf(yesNo('a'), [{ 'b.a': true }, { 'b.a': false, 'start': { some: { a: true } } }])), [
    ['maybeGap', '"b.a": false, "none": [{ "start": {"some":{"a":true}} }]']
  ]);
});

/** The gaps of a step with one task `b` that asks these questions, required unless named otherwise, and ways out with these conditions. */
t.test('terms: a school renames a role in one file, in routes, forms, overlays and documents, with a capital at the start of a sentence', async (t) => {
  t.equal(withTerms("{{term 'ib'}} en {{term 'ib'}}. {{term \"ib\"}}, {{term 'wie'}} {{{term 'ib'}}}", { ib: 'zorgcoördinator' }), "Zorgcoördinator en zorgcoördinator. Zorgcoördinator, {{term 'wie'}} {{{term 'ib'}}}");
  const folder = copyOfContent(t);
  const change = (file: string, from: string, to: string): void => { writeFileSync(join(folder, file), readFileSync(join(folder, file), 'utf8').replace(from, () => to)); };
  change('workflows/klein.json', '"Intern begeleider"', '"{{term \'ib\'}}"');
  change('forms/gesprek.json', '"title": "', '"description": "Vraag het de {{term \'ib\'}}.", "title": "');
  change('documents/verslag.hbs', '<h1>', '<p>Gesproken met de {{term "ib"}}.</p><h1>');
  const { version, hash } = { version: '1.0.0', hash: hashOf(JSON.parse(readFileSync(join(folder, 'workflows/klein.json'), 'utf8')) as Json) };
  writeFileSync(join(folder, 'workflows/klein.overlay.json'), JSON.stringify({ $schema: './.schemas/overlay.json', extends: { id: 'klein', version, hash }, introduction: 'Bel de {{term "ib"}}.' }));
  const named = (word: string): Bundle | undefined => {
    writeFileSync(join(folder, 'workflows/terms.json'), JSON.stringify({ $schema: './.schemas/terms.json', terms: { ib: word } }));
    const { workflows, problems } = loadContent(folder, readTexts('nl'));
    t.strictSame(problems.filter(({ severity }) => severity === 'error'), []);
    return workflows[0];
  };
  const renamed = named('kwaliteitscoördinator');
  t.match(renamed, { workflow: { roles: { ib: { title: 'Kwaliteitscoördinator' } }, introduction: 'Bel de kwaliteitscoördinator.' }, forms: { gesprek: { description: 'Vraag het de kwaliteitscoördinator.' } }, documents: { verslag: /Gesproken met de kwaliteitscoördinator\./ } });
  t.not(renamed?.hash, named('intern begeleider')?.hash, 'a case keeps the words of its version');
  t.match(printEffective(folder, overlayFiles(folder, 'klein')).join('\n'), /klein\.overlay\.json:1 +\| +"introduction": "Bel de intern begeleider\."/);
});

function gapsOf(questions: { [name: string]: Field }, whens: (Condition | undefined)[], required = Object.keys(questions), more: Partial<WorkflowDefinition> = {}): Finding[] {
  const transitions: [string, TransitionDefinition][] = whens.map((when, index) => [`w${String(index)}`, { title: 'Weg', close: 'goed', ...(when === undefined ? {} : { when }) }]);
  const form = (id: string, properties: { [name: string]: Field }): FormDefinition =>
    ({ id, version: '1.0.0', language: 'nl', title: id, schema: { type: 'object', required: id === 'b' ? required : [], properties } });
  const workflow: WorkflowDefinition = {
    id: 'klein', version: '1.0.0', language: 'nl', title: 'Klein', start: 'een', roles: { ib: {} }, outcomes: { goed: {} }, access: { read: ['ib'] },
    tasks: { start: { form: 'a', repeat: true } },
    steps: { een: { title: 'Een', decide: 'one', tasks: { b: { form: 'b', required: true } }, transitions: Object.fromEntries(transitions) } },
    ...more
  };
  return checkGaps(workflow, { a: form('a', yesNo('a')), b: form('b', questions) });
}

function codes(findings: Finding[]): [string, unknown][] {
  return findings.map(({ code, params }) => [code, params['answers']]);
}

/** Puts a value at the n-th place of a JSON value, or under a new key beside it. */
function changed(root: Json, place: number, value: Json, isKey: boolean): Json {
  const count = (node: Json): number => 1 + (typeof node === 'object' && node !== null ? Object.values(node).reduce<number>((sum, child) => sum + count(child), 0) : 0);
  let left = place % count(root);
  const walk = (node: Json): Json => {
    left -= 1;
    if (left === -1) return isKey && isObject(node) ? { ...node, [typeof value === 'string' ? value : 'vreemd']: value } : value;
    if (Array.isArray(node)) return node.map(walk);
    return typeof node === 'object' && node !== null ? Object.fromEntries(Object.entries(node).map(([key, child]) => [key, walk(child)])) : node;
  };
  return walk(root);
}

function undescribed(schema: unknown, at: string): string[] {
  if (Array.isArray(schema)) return schema.flatMap((part, index) => undescribed(part, `${at}/${String(index)}`));
  if (!isObject(schema)) return [];
  const properties = isObject(schema['properties']) ? Object.entries(schema['properties']) : [];
  const bare = properties.filter(([, property]) => !isObject(property) || !describes(property, at)).map(([name]) => `${at}/${name}`);
  const definitions = isObject(schema['definitions']) ? Object.entries(schema['definitions']) : [];
  const others = Object.entries(schema).filter(([key]) => key !== 'properties' && key !== 'definitions');
  return [...bare, ...[...properties, ...definitions, ...others].flatMap(([name, part]) => undescribed(part, `${at}/${name}`))];
}

/** A keyword has words of its own, or those of the part it refers to. */
function describes(property: { [keyword: string]: unknown }, at: string): boolean {
  if (typeof property['description'] === 'string') return true;
  const [file = '', pointer = ''] = typeof property['$ref'] === 'string' ? property['$ref'].split('#') : [];
  const kind = kinds.find((one) => one === (file === '' ? at.split('/')[0] : file));
  let part: unknown = kind === undefined || pointer === '' ? undefined : readSchema(kind);
  for (const name of pointer.split('/').slice(1)) part = isObject(part) ? part[name] : undefined;
  return isObject(part) && typeof part['description'] === 'string';
}

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.types.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}
