import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { projectRoot } from '../src/config.ts';
import { formatProblem, type Problem } from '../src/definitions/problem.ts';
import { checkContent } from '../src/documents/check-content.ts';
import { readTexts } from '../src/texts.ts';
import { checkShape, copyOfContent, smallContent } from './fixtures/mistakes.ts';

// docs/findings.md is the list of mistakes: every example in it is made, and what the check says of it is read.
const translate = readTexts('nl');
const page = readFileSync(join(projectRoot, 'docs', 'findings.md'), 'utf8');

type Files = { [file: string]: string };
type Change = { file: string; today: string | undefined; at: string | null; bad: string | null; good: string | null };
type Example = { code: string; around: Files; changes: Change[]; said: string[] };

const examples = page.split(/^## /m).slice(1).flatMap((section) => {
  const [intro = '', ...entries] = section.split(/^### /m);
  const around = Object.fromEntries([...intro.matchAll(/^```(?:json|hbs) (\S+)\n([^]*?)^```$/gm)].map(([, file = '', text = '']) => [file, text]));
  return entries.map((entry): Example => ({ code: /^\S+/.exec(entry)?.[0] ?? '', around, changes: changesIn(entry), said: [...entry.matchAll(/^> (.+)$/gm)].map(([, line = '']) => line) }));
});

t.test('every finding has an example, or says why it has none', async (t) => {
  const none = ['proposal', 'warning', 'info', 'clean', 'cleanWithWarnings', 'found', 'noWorkflows', 'noRoute', 'explainFirst', 'or'];
  // What is said in English of a template are its findings; the other sentences are printed.
  const codes = ['nl/definitions', 'en/documents'].flatMap((file) => Object.keys(JSON.parse(readFileSync(join(projectRoot, `src/texts/${file}.json`), 'utf8')) as Files))
    .filter((key) => !none.includes(key) && !/^type\.|_(one|other)$/.test(key));
  const intros = page.split(/^## /m).map((section) => section.split(/^### /m)[0] ?? '').join('\n');
  const told = [...intros.matchAll(/`([A-Za-z0-9]+)`(?= [|(])/g)].map(([, code = '']) => code);
  t.strictSame(codes.filter((code) => !examples.some((one) => one.code === code) && !told.includes(code)), []);
  t.strictSame([...examples.map(({ code }) => code), ...told].filter((code) => !codes.includes(code)), []);
  t.ok(examples.length >= 260 && told.length <= 23);
});

t.test('what is wrong in an example is told with this code, at this place and in these words; what is right is not', async (t) => {
  const folder = copyOfContent(t);
  t.strictSame(checked(folder, {}), []);
  for (const example of examples) {
    const main = example.changes.at(-1)?.file ?? '';
    const [bad, good] = [filesOf(example, 'bad'), filesOf(example, 'good')];
    const problems = checked(folder, bad, example.changes[0]?.today);
    t.strictSame(problems.map((problem) => formatProblem(problem, translate).replace(`${main}:`, '')), example.said, example.code);
    t.ok(problems.some(({ code }) => code === example.code), example.code);
    // An example that is right as it stands in the small route was checked above.
    if (Object.entries(good).some(([file, text]) => text !== (example.around[file] ?? originalOf(file)))) t.notOk(checked(folder, good).some(({ code }) => code === example.code), `${example.code}, right`);
  }
});

t.test('what cannot be shown as a piece of text is told as well', async (t) => {
  const content = copyOfContent(t);
  symlinkSync('klein.json', join(content, 'workflows/ander.json'));
  writeFileSync(join(content, 'forms/groot.json'), ' '.repeat(257 * 1024));
  writeFileSync(join(content, 'forms/vreemd.json'), Buffer.from([0x7b, 0xff, 0x7d]));
  writeFileSync(join(content, 'documents/Verslag twee.hbs'), '<h1>Verslag</h1>');
  copyFileSync(join(content, 'workflows/klein.json'), join(content, 'workflows/klein (1).json'));
  writeFileSync(join(content, 'documents/verslag - kopie.hbs'), '<h1>Verslag</h1>');
  writeFileSync(join(content, 'forms/gesprek.json.txt'), '{}');
  mkdirSync(join(content, 'forms/oud'));
  const partner = { organisation: 'Wijkteam', roles: ['wijkteam'], verifiedOn: null };
  writeFileSync(join(content, 'workflows/kaart.json'), JSON.stringify({ $schema: './.schemas/partner-map.json', title: 'Kaart', partners: Array(501).fill(partner) }));
  t.strictSame(codesIn(content), ['documents/Verslag twee.hbs badFileName', 'documents/verslag - kopie.hbs copiedFile', 'forms/gesprek.json.txt unreadFile', 'forms/groot.json largeFile', 'forms/oud unreadFile', 'forms/vreemd.json notUtf8', 'workflows/ander.json symbolicLink', 'workflows/kaart.json longList', 'workflows/klein (1).json copiedFile']);
});

t.test('a folder that leads elsewhere, and a file that nothing uses', async (t) => {
  const content = copyOfContent(t);
  copyFileSync(join(smallContent, 'documents/verslag.hbs'), join(content, 'documents/brief.hbs'));
  t.strictSame(codesIn(content), ['documents/brief.hbs unusedFile']);
  symlinkSync(join(smallContent, 'forms'), join(content, 'workflows/sociale-kaart'));
  t.ok(codesIn(content).includes('workflows/sociale-kaart/besluit.json outsideFolder'));
});

function changesIn(entry: string): Change[] {
  return [...entry.matchAll(/^```diff (\S+) ?(\S+)?\n([^]*?)^```$/gm)].map(([, file = '', today, body = '']) => {
    const lines = body.trimEnd().split('\n');
    const after = (mark: string): string | null => {
      const found = lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length + 1));
      return found.length === 0 ? null : found.join('\n');
    };
    return { file, today, at: after('@@'), bad: after('-'), good: after('+') };
  });
}

/** A change without a wrong side is the same in both. */
function filesOf({ around, changes }: Example, side: 'bad' | 'good'): Files {
  return changes.reduce<Files>((files, { file, at, bad, good }) => {
    const text = files[file] ?? originalOf(file);
    const from = at ?? good ?? '';
    if (text.split(from).length !== 2) throw new Error(`"${from}" does not stand exactly once in ${file}.`);
    return { ...files, [file]: text.replace(from, () => (side === 'bad' ? (bad ?? good ?? '') : (good ?? ''))) };
  }, around);
}

function originalOf(file: string): string {
  return readFileSync(join(smallContent, file), 'utf8');
}

/** Checks the small content folder with these files, which are put back afterwards. */
function checked(folder: string, files: Files, today?: string): Problem[] {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const { problems } = checkContent(folder, translate, { checkShape, ...(today === undefined ? {} : { today }) });
  for (const file of Object.keys(files)) rmSync(join(folder, file));
  cpSync(smallContent, folder, { recursive: true });
  return problems;
}

function codesIn(folder: string): string[] {
  return checkContent(folder, translate, { checkShape }).problems.map(({ file, code }) => `${file} ${code}`);
}
