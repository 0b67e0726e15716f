import { join } from 'node:path';
import t from 'tap';
import { openDatabase } from '../src/database/database.ts';
import type { Browser } from './fixtures/browser.ts';
import { startSite, type TestSite } from './fixtures/site.ts';
import { startCase } from './fixtures/story.ts';

const signal = { betreftMedewerker: false, feit: 'Kwam zonder ontbijt.', bron: 'eigen-waarneming', datum: '2026-03-02' };

t.test('on a full disk what was typed comes back on a page with 503, and when there is space again the same post is taken', async (t) => {
  const site = await startSite();
  t.teardown(() => site.stop());
  const smit = await site.signIn('smit');
  const { path, token } = await openTask(site, smit);
  const typed = `Een lang verhaal. ${'Kwam zonder ontbijt. '.repeat(300)}`;
  const body = new URLSearchParams([['_csrf', token], ['_action', 'later'], ['/feit', typed]]);
  await limitPages(site, 1);
  const full = await smit.post(path, body);
  t.equal(full.status, 503);
  t.ok(full.text.includes(typed.trim().slice(0, 2_000)), 'the typed text');
  t.equal((await smit.get('/partners')).status, 200, 'what writes nothing goes on');
  await limitPages(site, 1_000_000);
  t.match((await full.submit()).path, 'done=draft', 'the page sends it again');
  t.equal((await smit.post(path, body)).status, 200);
});

t.test('while another program holds the database a post waits, and is refused with what was typed when that takes too long', async (t) => {
  const site = await startSite();
  t.teardown(() => site.stop());
  const smit = await site.signIn('smit');
  const { path, token } = await openTask(site, smit);
  const body = new URLSearchParams([['_csrf', token], ['_action', 'later'], ['/feit', 'Kwam zonder ontbijt.']]);
  const other = await openDatabase({ dataDir: join(site.folder, 'data'), databaseUrl: null });
  t.teardown(() => other.close());
  let release: () => void = () => undefined;
  const holding = other.write(() => new Promise<void>((resolve) => { release = resolve; }));
  const refused = await smit.post(path, body);
  t.equal(refused.status, 503);
  t.match(refused.text, 'Kwam zonder ontbijt.');
  release();
  await holding;
  t.equal((await smit.post(path, body)).status, 200);
});

/** A case, and its task to write in. */
async function openTask(site: TestSite, browser: Browser): Promise<{ path: string; token: string }> {
  const { story } = await startCase(site, browser, 'signaal', signal, { naam: 'Sem Bakker', groep: '5' });
  const path = `/cases/${story.number}/tasks/signaal`;
  return { path, token: /name="_csrf" value="([^"]*)"/.exec((await browser.get(path)).html)?.[1] ?? '' };
}

/** No page more than so many: as a disk that is full. */
async function limitPages({ database }: TestSite, pages: number): Promise<void> {
  await database.write(async (connection) => { await connection.raw(`PRAGMA max_page_count = ${String(pages)}`); });
}
