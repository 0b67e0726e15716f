import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import language, { type TextDocument } from 'vscode-json-languageservice';
import { projectRoot } from '../src/config.ts';
import { editorSchemas } from '../src/definitions/editor-schemas.ts';
import { content } from './fixtures/practice-school.ts';
import { checkShape, copyOfContent } from './fixtures/mistakes.ts';
import { readContent } from '../src/definitions/read-content.ts';
import { writeFiles } from '../src/write-files.ts';

// What plain VS Code makes of the content folder: the same language service, with the schemas that the check writes.
const schemas = new Map(editorSchemas({ ...content.readable, calendars: ['schooldagen'] }).map(({ file, text }) => [`file:///school/${file}`, text]));
const service = language.getLanguageService({
  schemaRequestService: (uri) => (schemas.has(uri) ? Promise.resolve(schemas.get(uri) ?? '') : Promise.reject(new Error(`No schema ${uri}.`))),
  workspaceContext: { resolveRelativePath: (relative, base) => new URL(relative, base).href }
});
service.configure({ validate: true, allowComments: false });

type Opened = { document: TextDocument; tree: ReturnType<typeof service.parseJSONDocument> };

t.test('every file that ships is without underlines', async (t) => {
  const files = ['meldcode.json', 'meldcode.demo.json', 'meldcode.scenarios.json', 'sociale-kaart/starter.json'].map((name) => `workflows/${name}`);
  for (const { id } of content.readable.routes) files.push(`workflows/${id}.json`);
  for (const id of Object.keys(content.readable.forms)) files.push(`forms/${id}.json`);
  for (const file of files) t.strictSame(await underlined(open(file)), [], file);
});

t.test('inside when an editor completes tasks with their questions, and then the answers', async (t) => {
  const file = 'workflows/meldcode.json';
  const [before, after] = ['"when": { "samenvatting.zijnErZorgen": "nee" }', (text: string): string => `"when": { ${text} }`];
  const names = await offered(file, before, after('"|"'));
  for (const name of ['samenvatting.zijnErZorgen', 'besluit.kanBeschermen', 'leerling.naam', 'signaal', 'facts.betreftMedewerker', 'steps.hulp', 'tasks.melding', 'settings.zorgoverleg', 'all']) t.ok(names.includes(name), name);
  t.notOk(names.includes('signaal.feit'), 'a task with several records is a list');
  t.strictSame(await offered(file, before, after('"samenvatting.zijnErZorgen": |')).then(words), ['ja', 'nee', 'onduidelijk']);
  t.strictSame(await offered(file, before, after('"facts.betreftMedewerker": |')).then(words), ['false', 'true']);
  t.ok((await offered(file, before, after('"steps.hulp": |'))).includes('"reached"'));
  const inRow = await offered(file, before, after('"signaal": { "some": { "|" } }'));
  t.ok(inRow.includes('bijzondereVorm') && inRow.includes('feit'));
  t.ok((await offered(file, before, after('"signaal": { "last": { "richting": | } }'))).includes('"bevestigt"'));
  t.ok((await offered(file, before, after('"signaal": { "|" }'))).includes('every'));
});

t.test('a typo in a question, an answer, an operator or a keyword gets an underline', async (t) => {
  const file = 'workflows/meldcode.json';
  const when = '"when": { "samenvatting.zijnErZorgen": "nee" }';
  const wrong = (text: string): Promise<string[]> => underlined(open(file, when, `"when": { ${text} }`));
  t.strictSame(await wrong('"samenvatting.zijnErZorgn": "nee"'), ['"samenvatting.zijnErZorgn"']);
  t.strictSame(await wrong('"samenvatting.zijnErZorgen": "neen"'), ['"neen"']);
  t.strictSame(await wrong('"samenvatting.zijnErZorgen": ["ja", "neen"]'), ['"neen"']);
  t.strictSame(await wrong('"besluit.beslotenOp": { "onOrAftr": "2026-01-01" }'), ['"onOrAftr"']);
  t.strictSame(await wrong('"signaal": { "sme": { "feit": "x" } }'), ['"sme"']);
  t.strictSame(await wrong('"signaal": { "some": { "feti": "x" } }'), ['"feti"']);
  t.strictSame(await wrong('"any": [{ "steps.hulp": "klaar" }]'), ['"klaar"']);
  t.strictSame(await underlined(open(file, '"decide": "one"', '"decde": "one"')), ['"decde"']);
  t.strictSame(await underlined(open(file, '"within": { "days": 14 }', '"within": { "schooldagn": 2 }')), ['"schooldagn"']);
  t.ok((await offered(file, '"within": { "days": 14 }', '"within": { "|" }')).includes('schooldagen'), 'a calendar is a unit of its own');
});

t.test('in a form a condition completes the questions of that form', async (t) => {
  const file = 'forms/afsluiting.json';
  const when = '"when": { "oudersIngelicht": false }';
  t.ok((await offered(file, when, '"when": { "|" }')).includes('conclusie'));
  t.strictSame(await underlined(open(file, when, '"when": { "oudersIngelich": false }')), ['"oudersIngelich"']);
  t.strictSame(await underlined(open(file, when, '"when": { "oudersIngelicht": "nee" }')), ['"nee"']);
});

t.test('a file with texts in another language completes where each text stands, and the text it is translated from', async (t) => {
  const file = 'forms/afsluiting.json';
  const whole = readFileSync(join(projectRoot, file), 'utf8');
  const { title, schema } = JSON.parse(whole) as { title: string; schema: { properties: { conclusie: { title: string } } } };
  const other = (texts: string): string => `{ "$schema": "./.schemas/translation.json", "of": "${file}", "language": "en", "texts": { ${texts} } }`;
  const places = await offered(file, whole, other('"|"'));
  t.ok(places.includes('/title') && places.includes('/schema/properties/conclusie/title'));
  t.notOk(places.some((place) => place.endsWith('/const') || place.includes('/when')));
  t.ok((await offered(file, whole, other('"/title": { "from": | }'))).includes(JSON.stringify(title)));
  t.strictSame(await underlined(open(file, whole, other(`"/title": { "from": ${JSON.stringify(title)}, "txt": "Close" }, "/schema/properties/conclusie/title": { "from": ${JSON.stringify(schema.properties.conclusie.title)}, "text": "What is the conclusion?" }`))), ['"/title"', '"txt"']);
});

t.test('the files are written beside the content, only when they changed, and never read as content', async (t) => {
  const folder = copyOfContent(t);
  const { readable } = readContent(folder, { checkShape });
  writeFiles(folder, editorSchemas(readable));
  t.ok(existsSync(join(folder, 'workflows/.schemas/workflow.json')) && existsSync(join(folder, 'forms/.schemas/gesprek.form.json')));
  t.strictSame(readContent(folder, { checkShape }).problems, []);
  t.match(readFileSync(join(projectRoot, '.gitignore'), 'utf8'), /^workflows\/\.schemas\/\nforms\/\.schemas\/$/m);
});

/** Opens a file of the shipped content, with one change. */
function open(file: string, from = '', to = ''): Opened {
  const text = readFileSync(join(projectRoot, file), 'utf8');
  if (from !== '' && !text.includes(from)) throw new Error(`"${from}" does not stand in ${file}.`);
  const document = language.TextDocument.create(`file:///school/${file}`, 'json', 1, text.replace(from, () => to));
  return { document, tree: service.parseJSONDocument(document) };
}

async function underlined({ document, tree }: Opened): Promise<string[]> {
  const found = await service.doValidation(document, tree);
  return found.map(({ range }) => document.getText(range));
}

/** What is offered at the bar in the changed text. */
async function offered(file: string, from: string, to: string): Promise<string[]> {
  const { document } = open(file, from, to);
  const at = document.getText().indexOf('|');
  const clean = language.TextDocument.create(document.uri, 'json', 1, document.getText().replace('|', ''));
  const list = await service.doComplete(clean, clean.positionAt(at), service.parseJSONDocument(clean));
  return list?.items.map(({ label }) => label) ?? [];
}

function words(labels: string[]): string[] {
  return labels.filter((label) => /^"?[a-z-]+"?$/.test(label)).map((label) => label.replaceAll('"', '')).sort();
}
