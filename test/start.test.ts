import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import knex from 'knex';
import t, { type Test } from 'tap';
import { projectRoot } from '../src/config.ts';
import { makeBrowser } from './fixtures/browser.ts';
import { copyOfContent } from './fixtures/mistakes.ts';
import { password } from './fixtures/site.ts';
import { temporaryFolder } from './fixtures/storage.ts';

/** The server as a process. `ended` gives how it stopped; `line` waits for one with these words. */
type Server = { process: ChildProcess; lines: string[]; errors: () => string; ended: Promise<number | null>; line: (words: string) => Promise<string> };

t.test('a new server prints the address at which a school is made, and stops cleanly on a signal', async (t) => {
  const folder = temporaryFolder(t);
  const content = copyOfContent(t);
  const settings = { ...settingsFor(folder), CONTENT_DIR: content };
  const first = start(t, settings);
  const address = addressIn(await first.line('Maak uw school'));
  const page = await makeBrowser(address.origin).get(address.pathname);
  t.match(page.text, 'Welkom. Hoe heet uw school?');
  t.equal((await fetch(`${address.origin}/readyz`)).status, 200);
  const account = await page.submit({ school: 'De Linde', practice: 'no' });
  const made = await account.submit({ name: 'An', email: 'an@linde.example', password });
  t.equal(made.path, '/school/setup/key');
  t.ok(existsSync(join(folder, 'keys', 'main.key')), 'the key stands beside the data, not in it');
  const groups = [...made.html.matchAll(/<li>([0-9A-Z]{5})<\/li>/g)].map(([, group = '']) => group);
  await made.submit({ code: groups.slice(-3).join('-') });
  const rotate = (...args: string[]): Server => run(t, join('cli', 'keys.js'), settings, args);
  const tooEarly = rotate('rotate');
  t.same([await tooEarly.ended, tooEarly.errors()], [1, `Een programma heeft de database ${join(folder, 'data', 'stappenplan.sqlite')} open. Stop eerst de server en probeer het opnieuw.\n`]);
  first.process.kill('SIGTERM');
  t.equal(await first.ended, 0);
  t.equal(first.errors(), '');
  const unknown = rotate('draai');
  t.same([await unknown.ended, unknown.errors()], [1, '"draai" hoort niet bij deze opdracht. Gebruik: npm run keys -- rotate\n']);
  const doctor = run(t, join('cli', 'doctor.js'), { ...settings, SECOND_FACTOR: '1' }, ['--format', 'json']);
  t.equal(await doctor.ended, 0, doctor.errors());
  t.match(JSON.parse(doctor.lines.join('\n')), { ok: true });
  t.match(doctor.lines.join('\n'), /past bij de database/);
  const rotated = rotate('rotate');
  t.equal(await rotated.ended, 0);
  t.match(rotated.lines.join(' '), /Er is een nieuwe sleutel in .*De oude sleutel staat in .*\.old.*druk de nieuwe af/);

  const route = join(content, 'workflows', 'klein.json');
  writeFileSync(route, readFileSync(route, 'utf8').replace('"title": "Een zorg over een leerling"', '"title": "Een andere zin"'));
  const second = start(t, settings);
  const again = addressIn(await second.line('Stappenplan draait'));
  const browser = makeBrowser(again.origin);
  t.equal((await browser.get(address.pathname)).status, 404, 'the set-up address is gone');
  const inside = await (await browser.get('/sign-in')).submit({ email: 'an@linde.example', password });
  t.match(inside.html, 'De Linde', 'and the school is still there');
  t.match((await browser.get('/school')).text, /Nieuwe herstelcode De sleutel is vernieuwd. De herstelcode op papier is van de oude sleutel/);
  const code = await browser.get('/school/setup/key');
  const fresh = [...code.html.matchAll(/<li>([0-9A-Z]{5})<\/li>/g)].map(([, group = '']) => group);
  t.not(fresh.join(), groups.join());
  t.equal((await code.submit({ code: groups.slice(-3).join('-') })).status, 422, 'the old print is not enough');
  const printed = await code.submit({ code: fresh.slice(-3).join('-') });
  t.equal(printed.path, '/school?done=recovery');
  t.notMatch(printed.text, 'Nieuwe herstelcode');
  t.equal((await browser.get('/school/setup/key')).status, 404);
  t.match(await second.line('Nog niet gepubliceerd'), 'Nog niet gepubliceerd: klein. Bekijk ze met npm run routes, publiceer ze met npm run routes -- publish.');
  t.notOk(second.lines.some((line) => line.includes('Maak uw school')));
  second.process.kill('SIGINT');
  t.equal(await second.ended, 0);

  const demo = start(t, settingsFor(folder), ['--demo']);
  t.equal(await demo.ended, 1);
  t.equal(demo.errors(), `In ${join(folder, 'data')} staan gegevens van een echte school. Een oefenschool komt daar niet bij: kies een andere DATA_DIR.\n`);
  t.same(demo.lines, []);
});

t.test('a demo prints who can sign in, and starts again with the same school', async (t) => {
  const folder = temporaryFolder(t);
  const server = start(t, settingsFor(folder), ['--demo']);
  const word = (await server.line('Wachtwoord voor iedereen')).split(': ')[1] ?? '';
  t.match(server.lines.join('\n'), /^Stappenplan draait op http\S+\nOefenschool: Basisschool De Wilgen\. Alle namen en zaken zijn verzonnen\. Inloggen als:\n[^]*a\.devries@dewilgen\.example {2}\(A\. de Vries, Intern begeleider\)/);
  const { origin } = addressIn(server.lines[0] ?? '');
  const list = await (await makeBrowser(origin).get('/sign-in')).submit({ email: 'a.devries@dewilgen.example', password: word });
  t.match(list.text, /lopende zaken/);
  t.notOk(server.lines.some((line) => line.includes('/setup/')), 'there is nothing to set up');
  server.process.kill('SIGTERM');
  t.equal(await server.ended, 0);
  const again = start(t, settingsFor(folder), ['--demo']);
  await again.line('De oefenschool staat er al.');
  again.process.kill('SIGTERM');
  t.equal(await again.ended, 0);
});

t.test('what keeps a server from starting is one clear sentence', async (t) => {
  await t.test('a taken port', async (t) => {
    const taken = createServer();
    await new Promise<void>((resolve) => { taken.listen(0, '127.0.0.1', resolve); });
    t.teardown(() => { taken.close(); });
    const port = String((taken.address() as { port: number }).port);
    await refuses(t, { ...settingsFor(temporaryFolder(t)), PORT: port }, `Poort ${port} op 127.0.0.1 is al in gebruik. Stop het andere programma of kies een andere PORT.`);
  });

  await t.test('a folder that cannot be written', async (t) => {
    const folder = temporaryFolder(t);
    const shut = join(folder, 'dicht');
    // Root may write anywhere, so a file stands where the folder should be.
    if (process.getuid?.() === 0) writeFileSync(shut, '');
    else mkdirSync(shut, { mode: 0o500 });
    t.teardown(() => { chmodSync(shut, 0o700); });
    if (existsSync('/proc/self')) await refuses(t, { ...settingsFor(folder), DATA_DIR: '/proc/nergens/data' }, /^De map \/proc\/nergens\/data kan niet worden gemaakt of beschreven \(ENOENT\)/);
    await refuses(t, { ...settingsFor(folder), DATA_DIR: join(shut, 'data') }, /^De map \S+\/data kan niet worden gemaakt of beschreven \((EACCES|ENOTDIR)\)\. Zet DATA_DIR op een map waarin dit programma mag schrijven\.$/);
  });

  await t.test('a newer database', async (t) => {
    const folder = temporaryFolder(t);
    const server = start(t, settingsFor(folder));
    await server.line('Maak uw school');
    server.process.kill('SIGTERM');
    await server.ended;
    const database = knex({ client: 'sqlite3', useNullAsDefault: true, connection: { filename: join(folder, 'data', 'stappenplan.sqlite') } });
    await database('migrations').insert({ name: '0999-later', at: '2030-01-01T00:00:00.000Z' });
    await database.destroy();
    await refuses(t, settingsFor(folder), 'De database is gemaakt met een nieuwere versie van Stappenplan (stap 0999-later). Installeer die versie of een latere.');
  });

  await t.test('a setting that cannot be used', async (t) => {
    await refuses(t, { ...settingsFor(temporaryFolder(t)), PORT: 'http' }, /^PORT is "http"\./);
    await refuses(t, settingsFor(temporaryFolder(t)), /^De optie --dmeo bestaat niet\./, ['--dmeo']);
  });
});

type Settings = { [name: string]: string };

function settingsFor(folder: string): Settings {
  return { DATA_DIR: join(folder, 'data'), KEY_FILE: join(folder, 'keys', 'main.key'), PORT: '0', SECOND_FACTOR: '0' };
}

async function refuses(t: Test, settings: Settings, sentence: string | RegExp, flags: string[] = []): Promise<void> {
  const server = start(t, settings, flags);
  t.equal(await server.ended, 1);
  t.match(server.errors().trimEnd().split('\n'), [sentence]);
  t.equal(server.errors().split('\n').length, 2, 'one line, no stack');
}

/** Starts what was built, as `npm start` does. */
function start(t: Test, settings: Settings, flags: string[] = []): Server {
  return run(t, 'main.js', settings, flags);
}

function run(t: Test, file: string, settings: Settings, flags: string[]): Server {
  const { PATH = '', HOME = '', TMPDIR = '' } = process.env;
  const child = spawn(process.execPath, [join(projectRoot, 'dist', 'src', file), ...flags], { env: { PATH, HOME, ...(TMPDIR === '' ? {} : { TMPDIR }), ...settings }, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let errors = '';
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    lines.splice(0, lines.length, ...out.split('\n').slice(0, -1));
    for (const look of waiting) look();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => { errors += text; });
  const ended = new Promise<number | null>((resolve) => { child.once('close', (code) => { resolve(code); }); });
  t.teardown(async () => {
    if (child.exitCode === null) child.kill('SIGKILL');
    await ended;
  });
  const line = (words: string): Promise<string> => new Promise((resolve, reject) => {
    const look = (): void => {
      const found = lines.find((one) => one.includes(words));
      if (found === undefined) return;
      waiting.delete(look);
      resolve(found);
    };
    waiting.add(look);
    look();
    void ended.then((code) => { reject(new Error(`The server ended (${String(code)}) before it said "${words}": ${out}${errors}`)); });
  });
  return { process: child, lines, errors: () => errors, ended, line };
}

function addressIn(line: string): URL {
  return new URL(/http:\/\/\S+/.exec(line)?.[0] ?? '');
}
