import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { password, startSite, type TestSite } from './fixtures/site.ts';
import { startCase } from './fixtures/story.ts';

/** Words nobody would write, each once. */
function makeCanaries(): { next: () => string; all: string[] } {
  const all: string[] = [];
  return { all, next: () => {
    const word = `kanarie${String(all.length).padStart(4, '0')}vogel`;
    all.push(word);
    return word;
  } };
}

/** Everything that lies on the disk of the server: database, write-ahead log, shared memory. */
function bytesIn(folder: string): Buffer {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
  return Buffer.concat(files.map((path) => readFileSync(path)));
}

/** Types a canary in every line of text of every form of a case and keeps it as a draft, as "Later verder" does. */
async function typeEverywhere(site: TestSite, next: () => string): Promise<void> {
  const vries = await site.signIn('vries');
  const { story } = await startCase(site, vries, 'signaal', { betreftMedewerker: false, feit: next(), bron: 'ander', bronNaam: next(), datum: '2026-03-02' }, { naam: next(), groep: '5' });
  await story.handIn(vries, 'samenvatting', { zijnErZorgen: 'ja', zorgen: next() });
  await story.waive(vries, 'signalen', 'S019', `Reden ${next()}`);
  const [route] = site.services.library.published();
  for (const task of route?.model.tasks.values() ?? []) {
    const page = await vries.get(`/cases/${story.number}/tasks/${task.id}`);
    if (!page.html.includes('value="later"')) continue;
    const typed = Object.fromEntries(page.fields('/tasks/').filter((name) => name.startsWith('/') && page.html.match(new RegExp(`<(textarea|input)[^>]*name="${name}"[^>]*(type="text"|rows=)`)) !== null).map((name) => [name, next()]));
    await page.submit(typed, { form: '/tasks/', button: 'Later verder' });
  }
}

t.test('what people type stands nowhere in clear: not in the database, its log, nor what the server writes down', async (t) => {
  const site = await startSite();
  t.teardown(() => site.stop());
  const { all, next } = makeCanaries();
  while (all.length < 1_000) await typeEverywhere(site, next);
  const vries = await site.signIn('vries');
  await vries.get(`/cases?zoek=${next()}`);
  await vries.get(`/cases/${next()}`);
  const disk = bytesIn(site.folder).toString('latin1');
  t.ok(disk.length > 100_000, 'there is something to look in');
  t.match(disk, site.people['vries']?.email ?? '', 'what is clear by design is found, so the search works');
  t.same(all.filter((word) => disk.includes(word)), [], `none of ${String(all.length)} on disk`);
  t.same(all.filter((word) => site.log.join('').includes(word)), [], 'none in the log');
  t.notMatch(disk, password);
});
