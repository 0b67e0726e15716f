import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import t from 'tap';
import { projectRoot, settings } from '../src/config.ts';
import type { Json } from '../src/definitions/bundle.ts';
import { checkCondition } from '../src/definitions/checks/conditions.ts';
import { operators } from '../src/definitions/checks/operators.ts';
import { workflowScope } from '../src/definitions/checks/scope.ts';
import { isObject } from '../src/definitions/json-values.ts';
import { hashOf } from '../src/definitions/make-bundle.ts';
import { notYetInFields, refusedInFields, type NotYetBuilt } from '../src/definitions/not-yet-built.ts';
import { fileKinds, readSchema, type FileKind } from '../src/definitions/schema-findings.ts';
import { checkContent } from '../src/documents/check-content.ts';
import { loadContent } from '../src/documents/load-content.ts';
import { mostFiles } from '../src/cases/stores/file-store.ts';
import { fileKinds as uploadKinds, mostFileBytes } from '../src/forms/file-kinds.ts';
import { releaseDays } from '../src/jobs/release.ts';
import { passwordCost, passwordProblem } from '../src/staff/passwords.ts';
import { sessionBounds } from '../src/staff/session-times.ts';
import { readTexts } from '../src/texts.ts';
import { mostPairs } from '../src/web/site/http.ts';
import { mostUploadBytes } from '../src/web/site/uploads.ts';

const translate = readTexts('nl');
const definitionsPage = read('docs/definitions.md');
const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'THREATS.md', ...readdirSync(join(projectRoot, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];
/** Fenced blocks of all pages, with what stands behind the three ticks. */
const blocks = pages.flatMap((page) => [...read(page).matchAll(/^ *```(\S*) ?(.*)\n([^]*?)^ *```$/gm)].map(([, language = '', name = '', text = '']) => ({ page, language, name, text })));

t.test('the files in the page about definitions are a content folder without a mistake', async (t) => {
  const folder = writtenFiles(t);
  t.strictSame(checkContent(folder, translate).lines, ['1 route, 2 formulieren, 1 document: geen fouten.']);
  t.equal(loadContent(folder, translate).demos.length, 1);
});

t.test('every other example is a part of the language', async (t) => {
  const ajv = new Ajv({ allErrors: true, strict: false });
  addFormats.default(ajv);
  for (const kind of fileKinds) ajv.addSchema(readSchema(kind));
  const parts = blocks.filter(({ language, name }) => language === 'json' && name !== 'overlay' && !name.includes('/'));
  const where = (name: string): string => (name === 'field' || name === 'element' ? `form#/definitions/${name}` : `workflow#/definitions/${name}`);
  t.ok(parts.length > 8);
  t.strictSame(parts.filter(({ name, text }) => !ajv.validate(where(name), JSON.parse(text))).map(({ page, text }) => `${page}: ${text}`), []);
});

t.test('every overlay in a page changes the route or form it names, without a mistake', async (t) => {
  const overlays = blocks.filter(({ name }) => name === 'overlay').map(({ page, text }) => ({ page, text, id: (JSON.parse(text) as { extends: { id: string } }).extends.id }));
  t.ok(overlays.length > 2);
  for (const page of new Set(overlays.map((one) => one.page))) {
    const folder = page === 'docs/definitions.md' ? writtenFiles(t) : t.testdir();
    if (page !== 'docs/definitions.md') {
      for (const name of ['workflows', 'forms', 'documents']) cpSync(join(projectRoot, name), join(folder, name), { recursive: true });
      for (const { name, text } of blocks.filter((block) => block.page === page && block.name.startsWith('forms/'))) writeFileSync(join(folder, name), text);
    }
    for (const { text, id } of overlays.filter((one) => one.page === page)) {
      const [base = ''] = [`workflows/${id}.json`, `forms/${id}.json`].filter((file) => existsSync(join(folder, file)));
      const hash = hashOf(JSON.parse(readFileSync(join(folder, base), 'utf8')) as Json);
      writeFileSync(join(folder, base.replace('.json', '.overlay.json')), text.replace(/"0{64}"/, `"${hash}"`));
    }
    t.match(checkContent(folder, translate).lines, [/geen fouten\.$/], page);
  }
});

t.test('the conditions in the page about definitions hold in its own route', async (t) => {
  const [bundle] = loadContent(writtenFiles(t), translate).workflows;
  if (bundle === undefined) throw new Error('No route.');
  const scope = workflowScope(bundle.workflow, bundle.forms, {});
  const conditions = blocks.filter(({ page, name }) => page === 'docs/definitions.md' && name === 'condition');
  t.ok(conditions.length > 1);
  t.strictSame(conditions.flatMap(({ text }) => checkCondition(JSON.parse(text), [], scope)), []);
});

t.test('the page names every operator, and no other', async (t) => {
  const table = definitionsPage.slice(definitionsPage.indexOf('| Operator |'), definitionsPage.indexOf('A missing answer never'));
  const named = table.split('\n').slice(2).flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([a-zA-Z]+)`/g)].map(([, name]) => name));
  t.strictSame([...new Set(named)].sort(), Object.keys(operators).sort());
});

t.test('the page lists every keyword with the words of its schema, and which ones come later', async (t) => {
  const [, listed = ''] = definitionsPage.split('## All keywords\n');
  t.equal(listed.slice(listed.indexOf('###')).trim(), keywordTables());
});

t.test('the page about forms says of each refused keyword why, and names what comes later', async (t) => {
  const text = read('docs/formulieren.md');
  const words = readTexts('nl');
  const rows = Object.entries(refusedInFields).map(([keyword, code]) => `| \`${keyword}\` | ${words(`definitions.${code}`, { key: keyword })} |`);
  t.equal(text.slice(text.indexOf('| --- | --- |\n') + 14, text.indexOf('\n\nOok geweigerd')), rows.join('\n'));
  const later = text.slice(text.indexOf('## Wat later komt'));
  t.strictSame(notYetInFields.map(({ keyword }) => keyword).filter((keyword) => !later.includes(`\`${keyword}\``)), []);
  t.strictSame([...later.matchAll(/`(x-[a-z]+)`/g)].map(([, keyword = '']) => keyword).filter((keyword) => !notYetInFields.some((one) => one.keyword === keyword)), []);
});

t.test('the readme names every setting with what it is when not set', async (t) => {
  const rows = [...read('README.md').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name);
  t.strictSame(rows, settings.map(({ name }) => name));
});

t.test('every proof that the page about security names is a test that exists', async (t) => {
  const [table = ''] = read('docs/security.md').split('## OWASP');
  const rows = table.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| ---') && !line.startsWith('| What |')).map((line) => line.split(' | ').at(-1)?.replace(/ \|$/, '') ?? '');
  const proofs = rows.map((cell) => /^`([^`]+\.ts)`: (.+)$/.exec(cell)).filter((found) => found !== null);
  t.ok(proofs.length > 40, String(proofs.length));
  t.strictSame(proofs.filter(([, file = '', name = '']) => !hasTest(file, name)).map(([cell]) => cell), []);
  t.strictSame(rows.filter((cell) => !cell.startsWith('`') && !/^(not yet|does not apply)/.test(cell)), [], 'what nothing proves says so');
});

t.test('the table of the ASVS is that of its rows, and each names a test or page that exists', async (t) => {
  const { levels, rows } = JSON.parse(read('test/fixtures/asvs.json')) as Asvs;
  const asked = Object.entries(levels).flatMap(([section, each]) => Array.from(each, (level, index) => ({ id: `${section}.${String(index + 1)}`, level })));
  t.equal(asked.length, 345, 'as many as version 5.0.0 has');
  t.strictSame(rows.map(({ id }) => id), asked.filter(({ level }) => level !== '3').map(({ id }) => id), 'every row of levels 1 and 2, in order');
  t.strictSame(rows.filter(({ tests, page, not, waits }) => [tests ?? page, not, waits].filter((one) => one !== undefined).length !== 1).map(({ id }) => id), [], 'proven, of no use, or missing');
  const named = rows.flatMap(({ id, tests = [] }) => tests.map((test) => ({ id, test })));
  t.strictSame(named.filter(({ test }) => { const [file = '', ...name] = test.split(': '); return !hasTest(file, name.join(': ')); }), []);
  const pageOf = rows.flatMap(({ id, page }) => (page === undefined ? [] : [{ id, page }]));
  t.strictSame(pageOf.filter(({ page }) => { const [file = '', heading = ''] = page.split(': '); return !new RegExp(`^#+ ${heading}$`, 'm').test(read(file)); }), []);
  const text = asvsPage({ levels, rows });
  if (process.env['WRITE'] === '1') writeFileSync(join(projectRoot, 'docs', 'asvs.md'), text);
  t.equal(read('docs/asvs.md'), text, 'docs/asvs.md is what its rows say: WRITE=1 npx tap test/docs.test.ts');
});

t.test('the page about security gives the limits that the program has', async (t) => {
  const text = read('docs/security.md');
  const { idleMinutes, hours } = sessionBounds;
  const limits = [
    `${String(idleMinutes.usual)} minutes without a request and ${String(hours.usual)} hours`, `${String(idleMinutes.least)} to ${String(idleMinutes.most)} minutes and ${String(hours.least)} to ${String(hours.most)} hours`,
    `${mostPairs.toLocaleString('en')} fields, with files ${String(mostUploadBytes / 1_048_576)} MiB`, `Each file has at most ${String(mostFileBytes / 1_048_576)} MB; a case ${String(mostFiles)}`,
    ...uploadKinds.map(({ title }) => title), `argon2id for passwords (${String(passwordCost.memoryCost / 1_024)} MiB`
  ];
  t.strictSame(limits.filter((limit) => !text.includes(limit)), []);
  const { frames, lowest } = await import(pathToFileURL(join(projectRoot, 'scripts', 'packages.mjs')).href) as { frames: { [what: string]: number }; lowest: { [name: string]: string } };
  t.strictSame([`within ${String(frames['serious'])} days after`, `else within ${String(frames['other'])};`, `within ${String(frames['update'])} days, and so does the next release`].filter((frame) => !text.includes(frame)), []);
  t.strictSame([...read('SECURITY.md').matchAll(/\b(\d+) days(?= after a release|;| \|$|, with our)/gm)].map(([, days]) => Number(days)), [frames['serious'], frames['other'], frames['update'], releaseDays]);
  t.strictSame(Object.entries(lowest).filter(([name, version]) => !new RegExp(`${name}( stays)? at ${version.replaceAll('.', '\\.')}`, 'i').test(read('SECURITY.md'))), []);
  t.equal(passwordProblem('x'.repeat(11), { name: '', email: '', school: '' }), 'tooShort', 'twelve');
});

t.test('every npm command in a page exists', async (t) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: { [name: string]: string } };
  const named = pages.flatMap((page) => [...read(page).matchAll(/npm run (?:--silent )?([a-z][a-z:-]*)/g)].map(([, name = '']) => name));
  t.ok(named.length > 5);
  t.strictSame([...new Set(named)].filter((name) => !Object.hasOwn(scripts, name)), []);
});

t.test('every link to a file leads somewhere', async (t) => {
  const broken = pages.flatMap((page) => [...read(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)[^)]*\)/g)]
    .filter(([, target = '']) => !existsSync(join(projectRoot, dirname(page), target)))
    .map(([, target]) => `${page}: ${String(target)}`));
  t.strictSame(broken, []);
});

/** `levels`: of each section the level of each of its requirements. A row is proven by tests or a page, does not apply (`not`), or `waits`. */
type Asvs = { levels: { [section: string]: string }; rows: AsvsRow[] };
type AsvsRow = { id: string; says: string; tests?: string[]; page?: string; not?: string; waits?: string };

const chapters = [
  'Encoding and sanitization', 'Validation and business logic', 'Web frontend', 'API and web service', 'Files', 'Authentication', 'Sessions', 'Authorization', 'Self-contained tokens', 'OAuth and OIDC',
  'Cryptography', 'Secure communication', 'Configuration', 'Data protection', 'Secure coding and architecture', 'Logging and error handling', 'WebRTC'
];

function asvsPage({ levels, rows }: Asvs): string {
  const levelOf = ({ id }: AsvsRow): string => { const [chapter = '', section = '', index = ''] = id.split('.'); return levels[`${chapter}.${section}`]?.[Number(index) - 1] ?? ''; };
  const count = (chosen: (row: AsvsRow) => boolean): string => ['1', '2'].map((level) => `${String(rows.filter((row) => levelOf(row) === level && chosen(row)).length)} of level ${level}`).join(', ');
  const proof = ({ tests = [], page, not, waits }: AsvsRow): string => {
    if (not !== undefined) return `does not apply: ${not}`;
    if (waits !== undefined) return `**not yet**: ${waits}`;
    const [file = '', heading = ''] = (page ?? '').split(': ');
    const link = page === undefined ? [] : [`[${heading}](${file.replace(/^docs\//, '')}#${heading.toLowerCase().replaceAll(' ', '-')})`];
    return [...link, ...tests.map((test) => test.replace(/^([^:]+): /, '`$1`: ').replace('${view}', 'each page'))].join('<br>');
  };
  const tables = chapters.map((title, index) => {
    const own = rows.filter(({ id }) => id.startsWith(`${String(index + 1)}.`));
    return `## ${String(index + 1)}. ${title}\n\n| Requirement | Level | In short | Proof |\n| --- | --- | --- | --- |\n${own.map((row) => `| ${row.id} | ${levelOf(row)} | ${row.says} | ${proof(row)} |`).join('\n')}\n`;
  });
  return [
    '# OWASP ASVS 5.0.0, levels 1 and 2\n',
    'Made of `test/fixtures/asvs.json` by `WRITE=1 npx tap test/docs.test.ts`; a test holds that it is the same, that no row of levels 1 and 2 is left out, and that every test and page it names exists. That the tests pass is what CI says. It is our own reading and no assessment by others.\n',
    'The numbers and levels are those of the [OWASP Application Security Verification Standard](https://owasp.org/www-project-application-security-verification-standard/) 5.0.0, of the OWASP Foundation, under [CC BY-SA 4.0](https://creativecommons.org/licenses/by-sa/4.0/). What each asks is given in short and in our words; this page is under that licence as well.\n',
    `| | |\n| --- | --- |\n| proven | ${count(({ not, waits }) => not === undefined && waits === undefined)} |\n| does not apply | ${count(({ not }) => not !== undefined)} |\n| not yet | ${count(({ waits }) => waits !== undefined)} |\n`,
    ...tables
  ].join('\n');
}

function hasTest(file: string, name: string): boolean {
  const text = read(`test/${file}`);
  return ["'", '`'].some((quote) => text.includes(`t.test(${quote}${name}${quote}`));
}

function read(file: string): string {
  return readFileSync(join(projectRoot, file), 'utf8');
}

/** Writes the examples that have the name of a file to a new folder. */
function writtenFiles(test: { testdir: () => string }): string {
  const folder = test.testdir();
  for (const { name, text } of blocks.filter((block) => block.page === 'docs/definitions.md' && block.name.includes('/'))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

type Table = { title: string; kind: FileKind; at: string; waiting?: readonly NotYetBuilt<unknown>[]; place?: string };

/** What stands under "All keywords": a table for each kind of object, in the order of the schema. */
function keywordTables(): string {
  const workflow = (title: string, at: string): Table => ({ title, kind: 'workflow', at });
  const definition = (title: string, name: string): Table => workflow(title, `definitions/${name}`);
  const tables: Table[] = [
    workflow('A route', ''),
    ...[['Legal basis', 'legalBasis'], ['Legal claim', 'legalClaim'], ['Not applicable', 'notApplicable'], ['Offer', 'offer'], ['Role, partner role and outcome', 'titled'], ['Setting', 'setting'], ['Task', 'task']].map(([title = '', name = '']) => definition(title, name)),
    workflow('Repeat', 'definitions/task/properties/repeat/anyOf/1'), workflow('Field of a task', 'definitions/field'),
    ...[['Term', 'moment'], ['Length of a term', 'term'], ['Duration', 'duration'], ['Rule', 'rule'], ['Step', 'step'], ['Transition', 'transition'], ['Event', 'event']].map(([title = '', name = '']) => definition(title, name)),
    workflow('Restrict', 'definitions/event/properties/restrict'),
    definition('Document', 'document'), workflow('Withhold', 'definitions/document/properties/withhold'), definition('Link', 'link'), workflow('Copy of a link', 'definitions/link/properties/copy/additionalProperties/anyOf/1'), workflow('Reopen', 'definitions/reopen'), definition('Access', 'access'), definition('Retention', 'retention'), definition('Who asks', 'disclosure'), definition('Ground', 'ground'),
    { title: 'A form', kind: 'form', at: '' }, { title: 'The answers of a form', kind: 'form', at: 'definitions/objectField' },
    { title: 'Question', kind: 'form', at: 'definitions/field', waiting: notYetInFields, place: 'field' },
    { title: 'Answers from data', kind: 'form', at: 'definitions/field/properties/x-options' },
    { title: 'Element of a layout', kind: 'form', at: 'definitions/element' },
    { title: 'Options of an element', kind: 'form', at: 'definitions/elementOptions' },
    { title: 'A practice school', kind: 'demo', at: '' }, { title: 'School', kind: 'demo', at: 'properties/school' }, { title: 'Partner of a practice school', kind: 'demo', at: 'definitions/partner' },
    { title: 'Person', kind: 'demo', at: 'definitions/person' }, { title: 'Case', kind: 'demo', at: 'definitions/case' }, { title: 'Command', kind: 'demo', at: 'definitions/command' },
    { title: 'Scenarios', kind: 'scenarios', at: '' }, { title: 'Scenario', kind: 'scenarios', at: 'definitions/scenario' }, { title: 'Act', kind: 'scenarios', at: 'definitions/act' }, { title: 'Expectation', kind: 'scenarios', at: 'definitions/expect' },
    { title: 'A calendar', kind: 'calendar', at: '' }, { title: 'How its days are called', kind: 'calendar', at: 'properties/unit' }, { title: 'Holiday', kind: 'calendar', at: 'definitions/holiday' },
    { title: 'Words of a school', kind: 'terms', at: '' },
    { title: 'Texts in another language', kind: 'translation', at: '' }, { title: 'Translated text', kind: 'translation', at: 'definitions/translated' },
    { title: 'Legal sources', kind: 'legal-sources', at: '' }, { title: 'Source', kind: 'legal-sources', at: 'definitions/source' },
    { title: 'Legal requirements', kind: 'legal-requirements', at: '' }, { title: 'List of requirements', kind: 'legal-requirements', at: 'definitions/list' }, { title: 'Part of a list', kind: 'legal-requirements', at: 'definitions/part' },
    { title: 'A partner directory', kind: 'partner-map', at: '' }, { title: 'Partner', kind: 'partner-map', at: 'definitions/partner' }
  ];
  return tables.map(({ title, kind, at, waiting = [], place }) => {
    const properties = partAt(partAt(readSchema(kind), at), 'properties');
    const rows = Object.entries(properties).map(([keyword, part]) => {
      const later = waiting.find((one) => one.in === place && one.keyword === keyword);
      const mark = later === undefined ? '' : ' *Later.*';
      return `| \`${keyword}\` | ${describe(part, kind).replaceAll('|', '\\|')}${mark} |`;
    });
    return `### ${title}\n\n| Keyword | |\n| --- | --- |\n${rows.join('\n')}`;
  }).join('\n\n');
}

function partAt(root: unknown, path: string): { [key: string]: unknown } {
  let part = root;
  for (const name of path.split('/').filter((one) => one !== '')) part = Array.isArray(part) ? part[Number(name)] : isObject(part) ? part[name] : undefined;
  if (!isObject(part)) throw new Error(`No part "${path}".`);
  return part;
}

function describe(part: unknown, kind: FileKind): string {
  if (!isObject(part)) return '';
  if (typeof part['description'] === 'string') return part['description'];
  if (typeof part['$ref'] !== 'string') return '';
  const [file = '', pointer = ''] = part['$ref'].split('#');
  const other = fileKinds.find((one) => one === file) ?? kind;
  return describe(partAt(readSchema(other), pointer), other);
}
