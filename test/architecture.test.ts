import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import ts from 'typescript';
import { projectRoot } from '../src/config.ts';
import { isObject } from '../src/definitions/json-values.ts';

/** From left to right: a folder imports only from itself and from what stands left of it (docs: CONTRIBUTING.md). */
const order = ['definitions', 'engine', 'forms', 'documents', 'database', 'trust', 'staff', 'partners', 'cases', 'jobs', 'web', 'cli'];
/** The same inside the large folders; '' for the files beside their folders. */
const inside: { [folder: string]: string[] } = {
  web: ['words', 'views', 'site', 'forms', 'sign-in', 'school', 'documents', 'disclosures', 'log', 'cases', 'tasks', 'records', ''],
  engine: ['state', 'time', 'conditions', 'model', 'reading', 'commands', 'overview', 'scenarios', 'versions'],
  cases: ['stores', '']
};
const src = join(projectRoot, 'src');

type Lock = { packages: { [path: string]: { version: string; integrity?: string; resolved?: string; dev?: boolean } } };
type PackagesScript = {
  lowest: { [name: string]: string };
  lockedVersions: (lock: Lock) => { [name: string]: string[] };
  judge: (known: { audit: unknown; outdated: unknown; locked: { [name: string]: string[] }; times: unknown; now: number }) => { name: string; late: boolean; text: string }[];
};

type Source = { file: string; tree: ts.SourceFile; imports: string[] };

const sources: Source[] = filesIn(src, '.ts').map((file) => {
  const tree = ts.createSourceFile(file, readFileSync(join(src, file), 'utf8'), ts.ScriptTarget.ES2023, true);
  return { file, tree, imports: importsOf(tree).filter((name) => name.startsWith('.')).map((name) => relative(src, join(src, dirname(file), name))) };
});
const byFile = new Map(sources.map((source) => [source.file, source]));
/** Browser modules are a small world of their own. */
const server = sources.filter(({ file }) => !file.startsWith('web/assets/'));

t.test('every folder has a place in the order, and imports only from the left', async (t) => {
  t.strictSame([...new Set(sources.map(folderOf))].filter((folder) => folder !== '' && !order.includes(folder)), []);
  t.strictSame(server.flatMap((source) => source.imports
    .filter((target) => folderOf(source) !== '' && order.indexOf(folderAt(target)) > order.indexOf(folderOf(source)))
    .map((target) => `${source.file} imports ${target}`)), []);
});

t.test('inside a large folder, too, every folder has a place in the order and imports only from the left', async (t) => {
  const large = server.filter((source) => Object.hasOwn(inside, folderOf(source)));
  t.strictSame(large.filter(({ file }) => placeInside(file) === -1).map(({ file }) => file), []);
  t.strictSame(large.flatMap((source) => source.imports
    .filter((target) => folderAt(target) === folderOf(source) && placeInside(target) > placeInside(source.file))
    .map((target) => `${source.file} imports ${target}`)), []);
});

t.test('a file beside the folders that a folder imports knows no folder itself', async (t) => {
  const shared = new Set(server.filter((source) => folderOf(source) !== '').flatMap(({ imports }) => imports.filter((target) => folderAt(target) === '')));
  const knowing = [...shared].flatMap((file) => [...reachedFrom(file)].filter((target) => folderAt(target) !== '').map((target) => `${file} reaches ${target}`));
  t.ok(shared.size > 2);
  t.strictSame(knowing, []);
});

t.test('no file imports itself by way of others, not even for a type', async (t) => {
  t.strictSame(sources.flatMap(({ file, imports }) => (imports.some((target) => target === file || reachedFrom(target).has(file)) ? [file] : [])), []);
});

t.test('every import leads to a file of the project', async (t) => {
  t.strictSame(server.flatMap(({ file, imports }) => imports.filter((target) => target.endsWith('.ts') && !byFile.has(target) && !target.startsWith('..')).map((target) => `${file}: ${target}`)), []);
});

t.test('every package is locked by its hash, and those with known holes are new enough', async (t) => {
  const lock = JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8')) as Lock;
  const installed = Object.entries(lock.packages).filter(([path]) => path !== '');
  t.ok(installed.length > 100);
  t.strictSame(installed.filter(([, { integrity, resolved }]) => !/^sha512-/.test(integrity ?? '') || !/^https:\/\/registry\.npmjs\.org\//.test(resolved ?? 'https://registry.npmjs.org/')).map(([path]) => path), []);
  const numbered = (version: string): number => version.split('.').reduce((sum, part) => sum * 1_000 + Number(part), 0);
  const { lockedVersions, lowest } = await packagesScript();
  const locked = lockedVersions(lock);
  for (const [name, least] of Object.entries(lowest)) t.ok((locked[name] ?? ['0']).every((version) => numbered(version) >= numbered(least)), name);
  t.ok(Object.keys(lowest).length >= 2);
});

t.test('a package is late when what mends or renews it came out longer ago than is written down', async (t) => {
  const { judge, lockedVersions } = await packagesScript();
  const lock = { packages: { '': { version: '0.1.0' }, 'node_modules/a/node_modules/b': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0' }, 'node_modules/c': { version: '1.0.0' }, 'node_modules/d': { version: '0.4.1', dev: true } } };
  const locked = lockedVersions(lock);
  t.strictSame(locked, { b: ['2.0.0', '1.0.0'], c: ['1.0.0'] });
  const hole = (name: string, range: string, severity: string, score: number) => ({ name, via: ['another', { range, severity, cvss: { score }, url: 'https://github.com/advisories/x' }] });
  const times = { b: { created: '2026-01-01T00:00:00Z', '1.0.1': '2026-10-01T00:00:00Z', '2.0.0': '2026-03-01T00:00:00Z', '2.0.1-rc.1': '2026-03-02T00:00:00Z', '2.0.1': '2026-10-10T00:00:00Z' }, c: { '1.0.0': '2026-01-01T00:00:00Z', '1.0.1': '2026-09-01T00:00:00Z', '1.1.0': '2026-11-01T00:00:00Z' } };
  const judged = (day: string, vulnerabilities: { [name: string]: unknown }, outdated = {}): string[] => (
    judge({ audit: { vulnerabilities }, outdated, locked, times, now: Date.parse(`${day}T00:00:00Z`) }).map(({ name, late, text }) => `${name} ${late ? 'late' : 'in time'} ${text.replace(/^.*; /, '')}`)
  );
  t.strictSame(judged('2026-10-17', { b: hole('b', '>=2.0.0 <2.0.1', 'high', 0) }), ['b in time 2.0.1 came out 7 days ago, in time is 7']);
  t.strictSame(judged('2026-10-18', { b: hole('b', '>=2.0.0 <2.0.1', 'moderate', 7.1) }), ['b late 2.0.1 came out 8 days ago, in time is 7']);
  t.strictSame(judged('2026-10-18', { b: hole('b', '<=1.0.0 || =3.0.0', 'low', 3) }), ['b in time 1.0.1 came out 17 days ago, in time is 30'], 'the one deeper down');
  t.strictSame(judged('2026-10-18', { c: hole('c', '*', 'critical', 9.8) }), ['c in time no release mends it yet']);
  t.strictSame(judged('2026-12-02', {}, { c: { current: '1.0.0', wanted: '1.1.0', latest: '2.0.0' } }), ['c in time 1.0.1 came out 92 days ago, in time is 92']);
  t.strictSame(judged('2026-12-03', {}, { c: { wanted: '1.1.0', latest: '2.0.0' } }), ['c late 1.0.1 came out 93 days ago, in time is 92']);
  t.strictSame(judged('2026-12-03', {}, { c: { wanted: '1.0.0', latest: '2.0.0' } }), [], 'another main version is a choice');
});

t.test('nothing reaches another machine but the database and the provider of accounts, and no certificate goes unchecked', async (t) => {
  const reaching = ['node:http', 'node:https', 'node:http2', 'node:net', 'node:tls', 'node:dgram', 'node:dns', 'undici', 'pg', 'knex', 'openid-client', 'nodemailer'];
  const found = server.flatMap(({ file, tree }) => importsFrom(tree).filter(({ from }) => reaching.includes(from)).map(({ from, names }) => `${file}: ${from} ${names.join(' ')}`));
  const allowed = [/^(database|migrate)[^:]*: knex/, /^[^:]+: knex Knex$/, /^staff\/school-accounts\.ts: openid-client/, /^(config|web\/sign-in\/passkey-place)\.ts: node:net isIP$/, /^main\.ts: node:net AddressInfo$/];
  t.strictSame(found.filter((one) => !allowed.some((pattern) => pattern.test(one))), []);
  t.strictSame(namedIn(server, ['fetch', 'WebSocket', 'XMLHttpRequest', 'EventSource', 'rejectUnauthorized', 'NODE_TLS_REJECT_UNAUTHORIZED']), []);
});

t.test('no program is started but those of the settings, without a shell, and no code is made of text, but for templates and forms behind their gates', async (t) => {
  const found = server.flatMap(({ file, tree }) => importsFrom(tree).map(({ from }) => `${file}: ${from}`));
  t.strictSame(found.filter((one) => /: (node:child_process|node:vm|node:cluster|node:inspector|node:repl|node:v8)$/.test(one)), ['trust/run-program.ts: node:child_process']);
  const starter = server.filter(({ file }) => file === 'trust/run-program.ts');
  t.strictSame(starter.flatMap(({ tree }) => importsFrom(tree).flatMap(({ names }) => names)), ['spawn']);
  t.strictSame(namedIn(starter, ['shell']), []);
  t.strictSame(server.filter(({ imports }) => imports.includes('trust/run-program.ts')).map(({ file }) => file), ['trust/scan.ts']);
  t.strictSame(namedIn(sources, ['eval', 'Function']), []);
  t.strictSame(found.filter((one) => / (handlebars|ajv|ajv\/.*)$/.test(one)).map((one) => one.split(':')[0]).filter((file, place, all) => all.indexOf(file) === place).sort(), [
    'definitions/schema-findings.ts', 'documents/gate.ts', 'documents/helpers.ts', 'documents/render-budget.ts', 'documents/template-ast.ts', 'forms/make-validator.ts', 'web/site/page.ts'
  ]);
});

t.test('no text of somebody becomes part of a question to the database', async (t) => {
  const raws = server.flatMap(({ file, tree }) => callsIn(tree).filter(({ name }) => /^(raw|\w+Raw)$/.test(name)).map(({ first }) => ({ file, first })));
  t.ok(raws.length > 20);
  // These two put in the names of columns of their own, and the word for counting of the database.
  const own = ['jobs/archive.ts', 'cases/stores/draft-store.ts'];
  t.strictSame(raws.filter(({ file, first }) => !/^('[^']*'|"[^"]*"|`[^`$]*`)$/.test(first) && !own.includes(file)), []);
  t.strictSame(namedIn(server, ['RegExp']), [], 'nor of a pattern');
});

t.test('sealing, hashing and drawing lots are done with what the page about security names, and with nothing else', async (t) => {
  const names = new Set(server.flatMap(({ tree }) => importsFrom(tree).filter(({ from }) => from === 'node:crypto').flatMap((one) => one.names)));
  t.strictSame([...names].sort(), ['Hash', 'createCipheriv', 'createDecipheriv', 'createHash', 'createHmac', 'hkdfSync', 'randomBytes', 'timingSafeEqual']);
  const ways = new Set(server.flatMap(({ tree }) => callsIn(tree).filter(({ name }) => ['createCipheriv', 'createDecipheriv', 'createHash', 'createHmac', 'hkdfSync'].includes(name)).map(({ first }) => first)));
  t.strictSame([...ways].sort(), ["'aes-256-gcm'", "'sha256'"]);
  t.strictSame(server.flatMap(({ file, tree }) => found(tree, (node) => ts.isPropertyAccessExpression(node) && node.getText() === 'Math.random').map(() => file)), []);
  const page = readFileSync(join(projectRoot, 'docs', 'security.md'), 'utf8');
  t.strictSame(['AES-256-GCM', 'SHA-256', 'HMAC-SHA-256', 'HKDF-SHA-256', 'argon2id', '`drafts`', '`csrf`', '`index`', '`factors`', '`codes`'].filter((word) => !page.includes(word)), []);
});

t.test('the scripts of the pages write text and no markup, keep nothing in the browser, and listen to nobody else', async (t) => {
  const scripts = sources.filter(({ file }) => file.startsWith('web/assets/'));
  t.ok(scripts.length > 10);
  t.strictSame(namedIn(scripts, ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'write', 'writeln', 'createContextualFragment', 'setHTMLUnsafe', 'localStorage', 'sessionStorage', 'indexedDB', 'cookie', 'serviceWorker', 'opener', 'parent']), []);
  // Between the tabs of this site: a channel that no other site hears.
  t.strictSame(namedIn(scripts, ['postMessage']).map((one) => one.split(':')[0]), ['web/assets/cover.ts']);
  t.match(scripts.find(({ file }) => file === 'web/assets/cover.ts')?.tree.text, 'new BroadcastChannel(');
});

t.test('a migration that was released is never edited', async (t) => {
  // Released with 0.1.0. A change of the database is a new migration, with its line here when it is released.
  const released = { '0001-start.ts': '0161c5dfa2dda8c1d572957ade4075b19facf576fcd3a9c187b6ed2b5dc732c8' };
  const hashOf = (file: string): string => createHash('sha256').update(readFileSync(join(projectRoot, 'migrations', file))).digest('hex');
  t.strictSame(Object.fromEntries(Object.keys(released).map((file) => [file, hashOf(file)])), released);
});

t.test('definitions, engine, forms and documents have no clock, no chance and no effects', async (t) => {
  const pure = server.filter((source) => ['definitions', 'engine', 'forms', 'documents'].includes(folderOf(source)));
  // Reading the content folder and the schemas is what these two are for.
  const readers = ['definitions/content-files.ts', 'definitions/schema-findings.ts'];
  const allowed = (file: string): string[] => (readers.includes(file) ? ['node:fs', 'node:path'] : file === 'definitions/make-bundle.ts' ? ['node:crypto'] : []);
  t.strictSame(pure.flatMap(({ file, tree }) => importsOf(tree).filter((name) => name.startsWith('node:') && !allowed(file).includes(name)).map((name) => `${file} imports ${name}`)), []);
  t.strictSame(pure.flatMap(({ file, tree }) => found(tree, isEffect).map((text) => `${file}: ${text}`)), []);
});

t.test('the source has no any, no assertion that something is there, no console and no switched-off check', async (t) => {
  const bad = (node: ts.Node): boolean => node.kind === ts.SyntaxKind.AnyKeyword || ts.isNonNullExpression(node) || (ts.isIdentifier(node) && node.text === 'console');
  const written = sources.filter(({ file }) => !file.endsWith('.types.ts'));
  t.strictSame(written.flatMap(({ file, tree }) => found(tree, bad).map((text) => `${file}: ${text}`)), []);
  t.strictSame(written.filter(({ tree }) => /@ts-|eslint-disable/.test(tree.text)).map(({ file }) => file), []);
});

t.test('the source knows no id of a route, form, step, task, role or anything else a school names', async (t) => {
  const ids = idsOfContent();
  t.ok(ids.size > 100);
  // A list of words that people choose as a password, an option of a command, the name by which a template prints the school board, and a keyword of JSON Forms.
  const allowed = (file: string, word: string): boolean => file === 'staff/common-passwords.ts' || (file === 'cli/route-arguments.ts' && word === 'plan') || (file === 'documents/document-data.ts' && word === 'bestuur') || (word === 'effect' && ['definitions/checks/form-rules.ts', 'definitions/form.types.ts', 'definitions/layout-rules.ts'].includes(file));
  t.strictSame(sources.flatMap(({ file, tree }) => [...wordsIn(tree)].filter((word) => ids.has(word) && !allowed(file, word)).map((word) => `${file}: ${word}`)), []);
});

t.test('no page and no sentence names a protocol', async (t) => {
  const names = /meldcode|zorgroute|veilig thuis|kindermishandeling|huiselijk geweld/i;
  const texts = [...filesIn(src, '.hbs'), ...filesIn(src, '.json'), ...filesIn(src, '.ts')];
  t.strictSame(texts.filter((file) => names.test(readFileSync(join(src, file), 'utf8'))), []);
});

function filesIn(folder: string, extension: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(extension)).sort();
}

function importsOf(tree: ts.SourceFile): string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    const from = ts.isImportDeclaration(node) || ts.isExportDeclaration(node) ? node.moduleSpecifier
      : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword ? node.arguments[0]
      : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
    if (from !== undefined && ts.isStringLiteral(from)) names.push(from.text);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return names;
}

/** What a file imports, by name; types too. */
function importsFrom(tree: ts.SourceFile): { from: string; names: string[] }[] {
  return tree.statements.filter(ts.isImportDeclaration).map(({ moduleSpecifier, importClause }) => ({
    from: ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : '',
    names: [
      ...(importClause?.name === undefined ? [] : [importClause.name.text]),
      ...(importClause?.namedBindings === undefined ? [] : ts.isNamedImports(importClause.namedBindings) ? importClause.namedBindings.elements.map(({ name }) => name.text) : [importClause.namedBindings.name.text])
    ]
  }));
}

/** Where files name one of these: file and what stands there. */
function namedIn(all: Source[], names: string[]): string[] {
  return all.flatMap(({ file, tree }) => found(tree, (node) => ts.isIdentifier(node) && names.includes(node.text) && !ts.isPropertyAssignment(node.parent) && !ts.isTypeReferenceNode(node.parent)).map((text) => `${file}: ${text}`));
}

/** Calls in a file: what is called, and its first argument as written. */
function callsIn(tree: ts.SourceFile): { name: string; first: string }[] {
  const calls: { name: string; first: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) calls.push({ name: node.expression.getText(tree).split('.').at(-1) ?? '', first: node.arguments[0]?.getText(tree) ?? '' });
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return calls;
}

function folderOf({ file }: Source): string {
  return folderAt(file);
}

/** The first folder of a path; '' for a file beside the folders. */
function folderAt(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : '';
}

/** Where the folder inside a large folder stands in its order; -1: nowhere. */
function placeInside(file: string): number {
  const [folder = '', ...rest] = file.split('/');
  return inside[folder]?.indexOf(rest.length > 1 ? (rest[0] ?? '') : '') ?? -1;
}

/** The file itself and everything it imports, in any number of steps. */
function reachedFrom(file: string): Set<string> {
  const reached = new Set<string>();
  const open = [file];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    open.push(...(byFile.get(next)?.imports ?? []));
  }
  return reached;
}

function found(tree: ts.SourceFile, test: (node: ts.Node) => boolean): string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (test(node)) texts.push(node.getText(tree).slice(0, 60));
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return texts;
}

function isEffect(node: ts.Node): boolean {
  if (ts.isNewExpression(node)) return node.expression.getText() === 'Date' && (node.arguments?.length ?? 0) === 0;
  if (ts.isPropertyAccessExpression(node)) return ['Date.now', 'Math.random', 'performance.now'].includes(node.getText()) || node.expression.getText() === 'process';
  return ts.isIdentifier(node) && ['setTimeout', 'setInterval', 'setImmediate', 'fetch'].includes(node.text);
}

/** Names and texts in code, as whole words; comments do not count. */
function wordsIn(tree: ts.SourceFile): Set<string> {
  const words = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) || ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      for (const word of node.text.split(/[^A-Za-z0-9_-]+/)) words.add(word);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return words;
}

function idsOfContent(): Set<string> {
  const routes = filesIn(join(projectRoot, 'workflows'), '.json').map((file): unknown => JSON.parse(readFileSync(join(projectRoot, 'workflows', file), 'utf8'))).filter((file) => isObject(file) && 'steps' in file);
  const forms = filesIn(join(projectRoot, 'forms'), '.json').map((file) => file.slice(0, -5));
  const templates = filesIn(join(projectRoot, 'documents'), '.hbs').map((file) => file.slice(0, -4)).filter((name) => !name.startsWith('partials/'));
  return new Set([...routes.flatMap(idsIn), ...forms, ...templates]);
}

const keyed = ['roles', 'partnerRoles', 'facts', 'tasks', 'rules', 'transitions', 'steps', 'events', 'documents', 'outcomes'];

function idsIn(part: unknown): string[] {
  if (!isObject(part)) return [];
  return [
    ...(typeof part['id'] === 'string' ? [part['id']] : []),
    ...keyed.flatMap((key) => (isObject(part[key]) ? Object.entries(part[key]).flatMap(([id, inner]) => [id, ...idsIn(inner)]) : []))
  ];
}

async function packagesScript(): Promise<PackagesScript> {
  return await import(pathToFileURL(join(projectRoot, 'scripts', 'packages.mjs')).href) as PackagesScript;
}
