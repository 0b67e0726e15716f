import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { projectRoot } from '../src/config.ts';
import { readPdf } from './fixtures/paper-files.ts';
import { copyOfContent, smallContent } from './fixtures/mistakes.ts';

// What stands around the findings themselves: the command, its forms and its two languages.

t.test('every sentence about a file is there in Dutch and in English, with the same words filled in', async (t) => {
  const english = textsOf('en/definitions.json');
  const dutch = textsOf('nl/definitions.json');
  t.strictSame(Object.keys(english).sort(), Object.keys(dutch).sort());
  t.strictSame(Object.keys(dutch).filter((key) => String(names(dutch[key])) !== String(names(english[key]))), []);
  const [own, other] = [textsOf('nl/documents.json'), textsOf('en/documents.json')];
  t.strictSame(Object.keys(other).filter((key) => String(names(own[key])) !== String(names(other[key]))), []);
});

t.test('as json each finding has its code, place, pointer, found value, two sentences and a proposal', async (t) => {
  const folder = copyOfContent(t);
  change(folder, 'workflows/klein.json', '"repeat": true,', '"repaet": true,');
  change(folder, 'documents/verslag.hbs', '{{/each}}', '{{/each}}\n<p>a & b</p>');
  const { status, stdout } = check(folder, '--format', 'json');
  t.equal(status, 1);
  t.strictSame(JSON.parse(stdout), {
    ok: false,
    summary: '2 fouten gevonden.',
    problems: [
      {
        code: 'ampersand', severity: 'error', file: 'documents/verslag.hbs', line: 6, column: 6, pointer: '', found: '& b</p>', proposal: null,
        text: { nl: 'Een los &-teken mag niet. Schrijf &amp;.', en: 'A loose & is not allowed. Write &amp;.' }
      },
      {
        code: 'unknownKeyword', severity: 'error', file: 'workflows/klein.json', line: 22, column: 7, pointer: '/tasks/melding/repaet', found: '"repaet"', proposal: 'repeat',
        text: { nl: 'Het sleutelwoord "repaet" is hier niet bekend.', en: 'The keyword "repaet" is not known here.' }
      }
    ]
  });
});

t.test('for github each finding is an annotation at its line, on the path from the root of the repository', async (t) => {
  const folder = copyOfContent(t);
  change(folder, 'workflows/klein.json', '"access": {', '"acces": {');
  const { status, stdout } = check(folder, '--format', 'github');
  t.equal(status, 1);
  t.match(stdout, /^::error file=\.tap\/[^,]*\/workflows\/klein\.json,line=62,col=3,title=unknownKeyword::workflows\/klein\.json:62:3: Het sleutelwoord "acces" is hier niet bekend\. Bedoelde u "access"\?\n1 fout gevonden\.\n$/);
});

t.test('--diff with --format json gives each difference with its sentence, and what it means for running cases', async (t) => {
  const folder = copyOfContent(t);
  const file = join(folder, 'workflows/klein.json');
  const diff = (): unknown => JSON.parse(check('--diff', join(smallContent, 'workflows/klein.json'), file, '--format', 'json').stdout);
  t.match(diff(), { route: 'klein', weight: null, differences: [] });
  change(folder, 'workflows/klein.json', '"days": 3', '"days": 5');
  t.match(diff(), {
    before: { hash: /^[0-9a-f]{64}$/ }, weight: 'compatible',
    differences: [{ kind: 'changed', place: [{ part: 'task', id: 'melding' }], keyword: ['due', 'within'], before: '3 dagen', after: '5 dagen', weight: 'compatible', text: /^Anders: taak .*3 dagen.*5 dagen/ }]
  });
  t.equal(check('--diff', file, file, '--format', 'github').status, 1);
});

t.test('a format or option that does not exist is refused with how to call it', async (t) => {
  for (const args of [['--diff', 'klein'], ['--format', 'xml'], ['--fromat', 'json'], ['.', 'te-veel']]) {
    const { status, stderr } = check(...args);
    t.equal(status, 1);
    t.match(stderr, /hoort niet bij deze opdracht\. Gebruik: npm run check -- \[MAP\] \[--format text\|json\|github\], of npm run check -- --diff VERSIE VERSIE/);
  }
});

t.test('every condition of a route is said in words at its place, with the titles of tasks, questions and answers', async (t) => {
  const folder = copyOfContent(t);
  const explain = (...args: string[]): ReturnType<typeof check> => checkIn(folder, '--explain', ...args);
  const { status, stdout } = explain('klein');
  t.equal(status, 0);
  t.strictSame(stdout.split('\n').slice(0, 4), [
    'workflows/klein.json:16:5: facts.isDringend: Bij ‘Melding’ staat minstens één keer: ‘Hoe dringend is het?’ is ‘Dringend’.',
    'workflows/klein.json:30:13: rules.R1.when: Bij ‘Melding’ staat minstens één keer: ‘Hoe dringend is het?’ is ‘Dringend’.',
    'workflows/klein.json:30:51: rules.R1.must: ‘Gesprek’ is gedaan.',
    'workflows/klein.json:45:56: steps.kiezen.transitions.helpen.when: ‘Gaat u helpen?’ bij ‘Besluit’ is ‘ja’ of ‘misschien’.'
  ]);
  t.equal(explain().stdout, stdout, 'without a route all of them');
  t.strictSame(explain('klein', '--feel').stdout.split('\n').slice(0, 4), [
    'workflows/klein.json:16:5: facts.isDringend: some row1 in flatten([melding])[item != null] satisfies (row1.soort = "dringend") = true',
    'workflows/klein.json:30:13: rules.R1.when: facts.isDringend = true',
    'workflows/klein.json:30:51: rules.R1.must: tasks.gesprek = "done"',
    'workflows/klein.json:45:56: steps.kiezen.transitions.helpen.when: besluit.hulp = "ja" or besluit.hulp = "misschien"'
  ], 'and for the tools of others');
  t.match(checkIn(folder, '--feel'), { status: 1, stderr: /--feel/ });
  t.match(explain('klien'), { status: 1, stderr: /Er is geen route "klien"\. Bedoelde u klein\?/ });
  change(folder, 'workflows/klein.json', '"facts.isDringend"', '"facts.isDringent"');
  t.match(explain('klein'), { status: 1, stdout: /Er staat een fout in de route "klein"/ });
});

t.test('a document is made as an example of a practice case, without publishing; a mistake is named, and undone it is made again', async (t) => {
  const folder = t.testdir();
  for (const name of ['workflows', 'forms', 'documents']) cpSync(join(projectRoot, name), join(folder, name), { recursive: true });
  const preview = (template: string): ReturnType<typeof check> => spawnSync(process.execPath, [join(projectRoot, 'dist', 'src', 'cli', 'check.js'), folder, '--preview', template], { encoding: 'utf8', cwd: folder });
  change(folder, 'documents/verwijsbrief.hbs', 'Geachte heer, mevrouw,', 'Beste hulpverlener,');
  t.match(preview('documents/verwijsbrief.hbs'), { status: 0, stdout: /voorbeeld-verwijsbrief\.pdf: Verwijsbrief van .*, van de oefenzaak ‘.*’\. Er is niets gepubliceerd\./ });
  t.match(readPdf(readFileSync(join(folder, 'voorbeeld-verwijsbrief.pdf'))).text, 'Beste hulpverlener,');
  change(folder, 'documents/verwijsbrief.hbs', 'antwoorden.feiten', 'antwoorden.fieten');
  change(folder, 'documents/verwijsbrief.hbs', '<p>Met vriendelijke groet,</p>', '<figure><img src="kart.png" alt="Een stip"></figure>\n<p>Met vriendelijke groet,</p>');
  writeFileSync(join(folder, 'documents', 'kaart.png'), Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'));
  writeFileSync(join(folder, 'documents', 'geen.png'), 'geen afbeelding');
  t.match(preview('verwijsbrief'), { status: 1, stdout: /documents\/verwijsbrief\.hbs:\d+:9: De afbeelding "kart\.png" staat niet in documents\/.* Bedoelde u "kaart\.png"\?/ });
  change(folder, 'documents/verwijsbrief.hbs', 'kart.png', 'kaart.png');
  t.match(preview('verwijsbrief'), { status: 1, stdout: /documents\/verwijsbrief\.hbs:\d+:\d+: .*"antwoorden\.fieten" bestaat niet.* Bedoelde u "feiten"\?/ });
  change(folder, 'documents/verwijsbrief.hbs', 'antwoorden.fieten', 'antwoorden.feiten');
  t.match(preview('verwijsbrief'), { status: 0 });
  t.ok(readPdf(readFileSync(join(folder, 'voorbeeld-verwijsbrief.pdf'))).tags.includes('Figure'), 'with the picture');
  t.match(preview('documents/partials/ondertekening.hbs'), { status: 1, stderr: /"ondertekening" is een onderdeel\. Kies een document waar het in staat: .*handelingsplan/ });
  t.match(preview('verwijsbrif'), { status: 1, stderr: 'Geen route noemt het sjabloon "verwijsbrif". Bedoelde u verwijsbrief?' });
});

function check(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return checkIn(projectRoot, ...args);
}

function checkIn(folder: string, ...args: string[]): ReturnType<typeof check> {
  return spawnSync(process.execPath, [join(projectRoot, 'dist', 'src', 'cli', 'check.js'), ...args], { encoding: 'utf8', env: { ...process.env, CONTENT_DIR: folder } });
}

function change(folder: string, file: string, from: string, to: string): void {
  const text = readFileSync(join(folder, file), 'utf8');
  if (!text.includes(from)) throw new Error(`"${from}" does not stand in ${file}.`);
  writeFileSync(join(folder, file), text.replace(from, () => to));
}

function textsOf(file: string): { [key: string]: string } {
  return JSON.parse(readFileSync(join(projectRoot, 'src', 'texts', file), 'utf8')) as { [key: string]: string };
}

/** The names filled in, sorted. */
function names(sentence = ''): string[] {
  return [...new Set([...sentence.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name))].sort();
}
