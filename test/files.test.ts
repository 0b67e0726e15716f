import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Document, Packer, Paragraph } from 'docx';
import t, { type Test } from 'tap';
import { mostFiles } from '../src/cases/stores/file-store.ts';
import { filesIn } from '../src/forms/file-answer.ts';
import { mostFileBytes } from '../src/forms/file-kinds.ts';
import { readAccessLog } from '../src/trust/access-log-store.ts';
import { readFileKind } from '../src/trust/file-kind.ts';
import { harmlessVirus, makeScan } from '../src/trust/scan.ts';
import type { Browser, Page } from './fixtures/browser.ts';
import { hostile, samples, zipBomb } from './fixtures/sample-files.ts';
import { startChromium } from './fixtures/chromium.ts';
import { password, startSite, verifyFindings, type TestSite } from './fixtures/site.ts';
import { startPostgres } from './fixtures/postgres.ts';
import { temporaryFolder } from './fixtures/storage.ts';

t.test('a file is what its content says, under a name that agrees with it', async (t) => {
  for (const [ending, content] of Object.entries(samples)) t.match(await readFileKind(`Brief.${ending.toUpperCase()}`, content), { name: `Brief.${ending.toUpperCase()}` }, ending);
  t.match(await readFileKind('verslag.docx', await Packer.toBuffer(new Document({ sections: [{ children: [new Paragraph('Hallo')] }] }))), { type: /wordprocessingml/ }, 'as Word writes it');
  const refused = await Promise.all(Object.entries(hostile).map(async ([name, content]) => [name, await readFileKind(name, content)] as const));
  t.strictSame(Object.fromEntries(refused.map(([name, kind]) => [name, 'refused' in kind ? kind.refused : kind.type])), {
    'macros.docm': 'macros', 'macros.docx': 'macros', 'macros.odt': 'macros', 'tabel.xlsx': 'unknown', 'page.pdf': 'unknown', 'plaatje.png': 'unknown', 'program.pdf': 'unknown',
    'foto.pdf': 'otherKind', 'foto.html': 'otherKind', 'brief.docx': 'otherKind', 'archief.docx': 'unknown', 'leeg.pdf': 'empty'
  });
  t.match(await readFileKind('groot.pdf', Buffer.concat([samples.pdf, Buffer.alloc(mostFileBytes)])), { refused: 'large' });
});

t.test('a ZIP that grows to hundreds of megabytes is refused without being unpacked', async (t) => {
  const bomb = zipBomb();
  const [memory, began] = [process.memoryUsage().rss, performance.now()];
  t.match(await readFileKind('bom.docx', bomb), { refused: 'unknown' });
  t.ok(performance.now() - began < 2_000);
  t.ok(process.memoryUsage().rss - memory < 100_000_000);
});

t.test('a name is only ever shown: no path, no sign that hides its ending, never empty and never long', async (t) => {
  const names = ['../../etc/passwd', 'C:\\Users\\naam\\scan.pdf', 'a\u202efdp.exe.pdf', 'a\r\nSet-Cookie: x".pdf', '.htaccess', '   ', 'naar\u00a0huis  .pdf', `${'x'.repeat(300)}.pdf`, 'e\u0301.pdf'];
  t.strictSame(await Promise.all(names.map(async (name) => (await readFileKind(name, samples.pdf)).name)), [
    'passwd.pdf', 'scan.pdf', 'afdp.exe.pdf', 'aSet-Cookie x.pdf', 'htaccess.pdf', 'bestand.pdf', 'naar huis.pdf', `${'x'.repeat(100)}.pdf`, 'é.pdf'
  ]);
});

t.test('a file is taken, kept, handed out only to be saved, corrected and erased', async (t) => { await fromChoosingToErasing(t, ''); });

t.test('and on PostgreSQL', async (t) => {
  const server = await startPostgres();
  t.teardown(() => server.stop());
  await fromChoosingToErasing(t, await server.newDatabase());
});

t.test('what is not taken is said at its question in a sentence, and all that was typed stays', async (t) => {
  const { site, smit, path } = await withCase(t);
  let page = await smit.get(`${path}/tasks/signaal`);
  t.match(page.html, /enctype="multipart\/form-data"/);
  t.match(page.html, /accept="image\/jpeg,image\/png,image\/heic,\.pdf/);
  const files = (['page.pdf', 'macros.docx', 'foto.html', 'leeg.pdf'] as const).map((name) => new File([hostile[name]], name));
  for (const file of [...files, new File([samples.pdf, Buffer.alloc(11 * 1_048_576 - samples.pdf.length)], 'groot.pdf')]) {
    const again = page = await page.submit({ '/feit': 'Hij zat onder tafel.' }, { files: { '/bestanden': [file] } });
    t.equal(again.status, 422, file.name);
    t.match(again.html, /<a href="#v\/bestanden">/);
    t.match(again.html, /id="v\/bestanden-fout"[^>]*>(?:<span[^>]*>Fout: <\/span>)[^<]*(leeg|10 MB|pdf, jpg|macro|past niet)/, file.name);
    t.match(again.html, 'Hij zat onder tafel.');
    t.notMatch(again.html, /name="\/bestanden\/0"/);
  }
  t.strictSame(await site.database.read('files'), []);
  const one = await page.submit({}, { files: { '/bestanden': [new File([samples.pdf], 'goed.pdf'), new File([hostile['page.pdf']], 'slecht.pdf')] } });
  t.equal(one.status, 422);
  t.match(one.text, 'goed.pdf (PDF, 1 kB)', 'what is good beside it stays');
  t.match(one.text, 'slecht.pdf kan er niet bij');
  t.notMatch(site.log.join(), /pdf|feit/);
});

t.test('with a scanner a file is kept only when it is clean, what was typed stays, and an emergency is not held up', async (t) => {
  const form = (id: string): string => JSON.stringify({
    $schema: './.schemas/form.json', id, version: '1.0.0', language: 'nl', title: id,
    schema: { type: 'object', properties: { feit: { type: 'string', title: 'Feit', maxLength: 100, 'x-name': 'feit' }, bestanden: { type: 'array', maxItems: 5, title: 'Bestanden', items: { type: 'object', format: 'file' } } } }
  });
  const route = {
    $schema: './.schemas/workflow.json', id: 'vlug', version: '1.0.0', language: 'nl', title: 'Vlug', roles: { leerkracht: { title: 'Leerkracht' } }, offer: { title: 'Iets anders', text: 'Voor de proef.' }, access: { read: ['leerkracht'] }, start: 'een',
    tasks: { melding: { title: 'Melding', form: 'melding', opensCase: true, repeat: true }, nood: { title: 'Nood', form: 'nood', repeat: true, emergency: true, opensCase: true } },
    steps: { een: { title: 'Een', transitions: { klaar: { title: 'Klaar', close: 'klaar' } } } }, outcomes: { klaar: { title: 'Klaar' } }, retention: { from: 'case.closedAt', keep: { years: 2 }, basis: 'schoolbesluit' }
  };
  const folder = t.testdir({ workflows: { 'vlug.json': JSON.stringify(route) }, forms: { 'melding.json': form('melding'), 'nood.json': form('nood') } });
  const site = await startSite({ contentDir: folder, settings: { SCAN_COMMAND: scannerIn(t).join(' ') } });
  t.teardown(() => site.stop());
  const smit = await site.signIn('smit');
  const virus = new File([samples.pdf, harmlessVirus], 'besmet.pdf');
  const unknown = new File([samples.pdf, 'kapot'], 'vreemd.pdf');
  let page = await (await smit.get('/cases/new?route=vlug')).submit({ '/feit': 'Zij had geen jas aan.' }, { files: { '/bestanden': [virus, new File([samples.pdf], 'goed.pdf')] } });
  t.equal(page.status, 422);
  t.match(page.text, 'besmet.pdf is niet bewaard: de virusscanner vond er iets in.');
  t.match(page.html, 'Zij had geen jas aan.');
  t.match(page.text, 'goed.pdf (PDF, 1 kB)', 'what is clean beside it stays');
  page = await page.submit({}, { button: 'Toevoegen', files: { '/bestanden': [unknown] } });
  t.match(page.text, 'vreemd.pdf is niet bewaard: de virusscanner van de server kon er niet naar kijken.');
  t.equal((await site.database.read('files')).length, 1);
  t.strictSame(site.log.map((line) => (JSON.parse(line) as { scan?: string }).scan), ['found', 'failed']);
  t.notMatch(site.log.join(), /besmet|vreemd|jas|pdf/);
  const sent = await (await smit.get('/emergency-note')).submit({ '/feit': 'De politie komt.' }, { form: '/emergency-note', files: { '/bestanden': [virus, unknown] } });
  t.match(sent.path, /^\/cases\/2026-/, 'it is there');
  t.equal((await site.database.read('files')).length, 2, 'with what the scanner could not look at, and without what it found something in');
  const task = await smit.get(`${sent.path.split('?')[0] ?? ''}/tasks/nood`);
  t.match((await task.submit({ '/feit': 'Zij zijn er.' }, { files: { '/bestanden': [virus] } })).text, 'Klopt dit?', 'nor in a case that is there');
});

t.test('a scanner that is slow, away or stops reading is one that cannot look, and gets none of the settings', async (t) => {
  const scanner = scannerIn(t);
  const scan = makeScan(scanner);
  t.strictSame(await Promise.all([scan(samples.pdf), scan(harmlessVirus), scan(Buffer.from('kapot')), scan(Buffer.from('geheim')), scan(Buffer.alloc(mostFileBytes, 'x'))]), ['clean', 'found', 'failed', 'clean', 'clean']);
  const began = performance.now();
  t.equal(await scan(Buffer.from('traag'), { timeoutMs: 300 }), 'failed');
  t.ok(performance.now() - began < 5_000);
  t.equal(await makeScan(['/nergens/scanner'])(samples.pdf), 'failed');
  t.equal(await makeScan([process.execPath, '-e', 'process.exit(0)'])(Buffer.alloc(mostFileBytes)), 'clean', 'one that reads nothing');
  t.equal(await makeScan(null)(harmlessVirus), 'clean', 'there is none');
});

t.test('a body that is too large, cut or of another kind is refused, and nobody who is not signed in sends a large one', async (t) => {
  const { site, smit, path } = await withCase(t);
  const send = async (body: Buffer, headers: { [name: string]: string }): Promise<number> => (await fetch(`${site.address}${path}/tasks/signaal`, { method: 'POST', body, headers: { origin: site.address, ...headers }, redirect: 'manual' })).status;
  const type = { 'content-type': 'multipart/form-data; boundary=eengrens', cookie: smit.cookie() };
  const part = '--eengrens\r\nContent-Disposition: form-data; name="/bestanden"; filename="a.pdf"\r\n\r\n';
  t.strictSame([
    await send(Buffer.from(`${part}%PDF`), type),
    await send(Buffer.from(`${part}%PDF\r\n--anders--\r\n`), type),
    await send(Buffer.from('{}'), { ...type, 'content-type': 'application/json' }),
    await send(Buffer.from(`${part}%PDF\r\n--eengrens--\r\n`), type),
    await send(Buffer.concat([Buffer.from(part), Buffer.alloc(26 * 1_048_576)]), type),
    await send(Buffer.concat([Buffer.from(part), Buffer.alloc(2 * 1_048_576)]), { ...type, cookie: '' })
  ], [400, 400, 400, 403, 413, 401], 'the fourth has no token');
  t.strictSame(await site.database.read('files'), []);
});

t.test('a reference counts only for the person and the draft it was added to', async (t) => {
  const { site, smit, path } = await withCase(t);
  const ib = await site.signIn('vries');
  const mine = await (await ib.get(`${path}/tasks/signaal`)).submit({}, { button: 'Toevoegen', files: { '/bestanden': [new File([samples.pdf], 'van de ib.pdf')] } });
  const reference = /name="\/bestanden\/0" value="([^"]*)"/.exec(mine.html)?.[1]?.replaceAll('&quot;', '"') ?? '';
  const { id } = JSON.parse(reference) as { id: string };
  const signal = { ...aSignal, '/bestanden/0': reference };
  const foreign = await (await smit.get(`${path}/tasks/signaal`)).submit(signal);
  t.equal(foreign.status, 422);
  t.match(foreign.text, 'Een bestand bij “Hoort er een tekening, brief of bericht bij?” is er niet meer.');
  t.notMatch(foreign.html, /van de ib/);
  t.equal((await smit.get(`${path}/files/${id}`)).status, 404, 'nor is it read');
  t.equal((await ib.get(`${path}/files/${id}`)).status, 200);
  const other = await (await ib.get(`${path}/tasks/toestemming`)).submit({ '/verklaring': reference });
  t.notMatch(other.html, /van de ib/, 'nor in another draft of the same person');
  const renamed = await (await ib.get(`${path}/tasks/signaal`)).submit({ ...aSignal, '/bestanden/0': reference.replace('van de ib', 'iets anders').replace('"bytes":69', '"bytes":1') });
  t.match(renamed.text, 'van de ib.pdf (PDF, 1 kB)', 'what was stored counts, whatever the post says of it');
  t.match((await readAccessLog(site.database.read, await caseId(site))).filter(({ action }) => action === 'refused').length, 1);
});

t.test('a case is full with twenty files, and removing one makes room at once', async (t) => {
  const { site, smit, path } = await withCase(t);
  let page = await smit.get(`${path}/tasks/signaal`);
  const many = (count: number): File[] => Array.from({ length: count }, (_, index) => new File([samples.pdf], `${String(index + 1)}.pdf`));
  page = await page.submit({}, { button: 'Toevoegen', files: { '/bestanden': many(mostFiles + 1) } });
  t.match(page.text, `${String(mostFiles + 1)}.pdf kan er niet bij: in deze zaak kunnen 20 bestanden.`);
  page = await page.submit({}, { button: 'Verwijderen' });
  t.notMatch(page.text, /\b1\.pdf/);
  t.equal((await site.database.read('files')).length, mostFiles - 1);
  page = await page.submit({}, { button: 'Toevoegen', files: { '/bestanden': [new File([samples.png], 'nieuw.png')] } });
  t.match(page.text, 'nieuw.png (PNG, 1 kB)');
  t.match((await page.submit(aSignal)).text, 'Laat bij “Hoort er een tekening, brief of bericht bij?” ten hoogste 5 bestanden staan.');
});

t.test('when the disk is full what was typed is given back, and no half file stays', async (t) => {
  const { site, smit, path } = await withCase(t);
  const page = await smit.get(`${path}/tasks/signaal`);
  await site.database.write(async (connection) => { await connection.raw('PRAGMA max_page_count = 1'); });
  const full = await page.submit({ '/feit': 'Zij had geen jas aan.' }, { files: { '/bestanden': [new File([samples.pdf, Buffer.alloc(5_000_000)], 'groot.pdf')] } });
  t.equal(full.status, 503);
  t.match(full.text, 'Zij had geen jas aan.');
  await site.database.write(async (connection) => { await connection.raw('PRAGMA max_page_count = 1000000'); });
  t.strictSame([await site.database.read('files'), await site.database.read('file_parts')], [[], []]);
  t.notMatch(site.log.join(), /groot|jas/);
});

t.test('in a browser a chosen file goes at once and what was typed stays; without JavaScript a button does the same', async (t) => {
  const { site, path } = await withCase(t);
  const browser = await startChromium();
  t.teardown(() => browser.close());
  const faults: string[] = [];
  for (const javaScriptEnabled of [true, false]) {
    const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    page.on('console', (message) => { if (message.type() === 'error' && !message.text().includes('422')) faults.push(message.text()); });
    await page.goto(`${site.address}/sign-in`);
    await page.fill('#email', site.people['smit']?.email ?? '');
    await page.fill('#password', password);
    await page.click('button.sp-button--wide');
    await page.goto(`${site.address}${path}/tasks/signaal`);
    await page.fill('[name="/feit"]', 'Zij tekende dit.');
    const name = javaScriptEnabled ? 'tekening.png' : 'brief.pdf';
    const choose = (given: string, buffer: Buffer): Promise<void> => page.setInputFiles('input[name="/bestanden"]', { name: given, mimeType: '', buffer });
    await choose(name, javaScriptEnabled ? samples.png : samples.pdf);
    if (!javaScriptEnabled) await page.getByRole('button', { name: 'Toevoegen' }).click();
    await page.getByText(`${name} (`).waitFor();
    t.equal(await page.inputValue('[name="/feit"]'), 'Zij tekende dit.');
    await choose('page.pdf', hostile['page.pdf']);
    if (!javaScriptEnabled) await page.getByRole('button', { name: 'Toevoegen' }).click();
    await page.locator('[id="v/bestanden-fout"]').getByText('page.pdf kan er niet bij').waitFor();
    t.equal(await page.locator('.sp-files__item').count(), 1, 'what was taken before stays');
    if (javaScriptEnabled) {
      t.equal(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'), 0, 'nothing stands outside a phone');
      await page.fill('[name="/feit"]', 'Zij tekende dit thuis.');
      await page.getByText('Concept bewaard').waitFor();
      t.equal(await page.locator('[name="_beside"]').inputValue(), '', 'saving goes on from the draft the file was added to');
    }
    await page.getByRole('button', { name: `Verwijderen ${name}` }).click();
    await page.getByText(`${name} (`).waitFor({ state: 'detached' });
    await context.close();
  }
  t.strictSame(faults, []);
});

const aSignal = { '/betreftMedewerker': 'false', '/feit': 'Een tekening van thuis.', '/bron': 'eigen-waarneming', '/datum#dag': '2', '/datum#maand': '3', '/datum#jaar': '2026' };

/** From choosing a file, over correcting and restoring, to the end of its case. */
async function fromChoosingToErasing(t: Test, databaseUrl: string): Promise<void> {
  const { site, smit, path } = await withCase(t, databaseUrl);
  let page = await smit.get(`${path}/tasks/signaal`);
  page = await page.submit({ '/feit': 'Een' }, { button: 'Toevoegen', files: { '/bestanden': [new File([samples.png], 'teke"ning é.png'), new File([samples.pdf], 'brief.pdf')] } });
  t.match(page.text, 'tekening é.png (PNG, 1 kB)');
  page = await page.submit({ '/bron': '' });
  t.equal(page.status, 422, 'something is missing');
  t.match(page.text, 'brief.pdf (PDF, 1 kB)', 'the files stay');
  await (await smit.get(`${path}/tasks/signaal`)).submit({}, { button: 'Later verder' });
  page = await (await smit.get(`${path}/tasks/signaal`)).submit(aSignal);
  t.match(page.text, 'Klopt dit?');
  const link = page.links.find(({ text }) => text.startsWith('tekening'));
  t.match(link?.href, /^\/cases\/[^/]+\/files\/[0-9a-f-]{36}$/, 'an id, no name');
  await page.submit();
  const record = await smit.get(`${path}/records/3`);
  t.match(record.text, 'brief.pdf (PDF, 1 kB)');
  const got = await fetch(new URL(link?.href ?? '', site.address), { headers: { cookie: smit.cookie() } });
  t.strictSame(Buffer.from(await got.arrayBuffer()), samples.png);
  t.strictSame(['content-disposition', 'content-type', 'x-content-type-options', 'content-security-policy', 'cache-control'].map((name) => got.headers.get(name)), [
    'attachment; filename="tekening e.png"; filename*=UTF-8\'\'tekening%20%C3%A9.png', 'image/png', 'nosniff', "default-src 'none'; sandbox", 'no-store'
  ]);
  const log = (await readAccessLog(site.database.read, await caseId(site))).filter(({ action }) => action === 'download');
  t.match(log, [{ person: site.people['smit']?.id, detail: link?.href.split('/').at(-1) }]);
  t.equal(log.length, 1);
  const others: [string, number][] = [['vries', 200], ['jansen', 404], ['beheer', 404]];
  for (const [person, status] of others) t.equal((await (await site.signIn(person)).get(link?.href ?? '')).status, status, person);
  await correctsIt(t, site, smit, path, link?.href ?? '');
  t.same(await verifyFindings(site), []);
  const all = JSON.stringify([await site.database.read('files'), await site.database.read('records'), await site.database.read('drafts'), await site.database.read('events')]);
  t.notMatch(all, /tekening|brief/);
  t.notMatch(site.log.join(), /tekening|brief/);
  await site.services.cases.passTime(await caseId(site));
}

async function correctsIt(t: Test, site: TestSite, smit: Browser, path: string, first: string): Promise<void> {
  let page = await smit.get(`${path}/records/3/correction`);
  t.match(page.text, 'tekening é.png (PNG, 1 kB)');
  page = await page.submit({}, { button: 'Verwijderen tekening' });
  t.notMatch(page.text, 'tekening é.png');
  page = await page.submit({ reason: 'De verkeerde tekening toegevoegd.' }, { files: { '/bestanden': [new File([samples.docx], 'uitleg.docx')] } });
  t.match(page.text, 'uitleg.docx (Word, 1 kB)');
  await page.submit();
  const record = await smit.get(`${path}/records/3`);
  t.match(record.text, 'uitleg.docx (Word, 1 kB)');
  t.equal((await smit.get(first)).status, 200, 'an earlier version still has it');
  const { state } = (await site.services.cases.open({ id: site.people['vries']?.id ?? '', roles: ['ib'], school: site.school, settings: {} }, path.split('/').at(-1) ?? '', 'view'))?.stored ?? {};
  t.strictSame(filesIn(state?.records.find(({ id }) => id === 3)?.answers).map(({ naam }) => naam), ['brief.pdf', 'uitleg.docx']);
}

/** A real program that looks for the harmless virus; it cannot look at "kapot", takes its time for "traag" and finds "geheim" if it knows a setting. */
function scannerIn(t: Test): string[] {
  process.env['DATABASE_URL_OF_A_TEST'] = 'geheim';
  const file = join(temporaryFolder(t), 'scanner.mjs');
  writeFileSync(file, `
    const parts = [];
    for await (const part of process.stdin) parts.push(part);
    const text = Buffer.concat(parts).toString('latin1');
    if (text.includes('traag')) setTimeout(() => undefined, 60_000);
    else process.exitCode = text.includes('kapot') ? 2 : text.includes('EICAR') || (text.includes('geheim') && 'DATABASE_URL_OF_A_TEST' in process.env) ? 1 : 0;
  `);
  return [process.execPath, file];
}

async function withCase(t: { teardown(done: () => unknown): unknown }, databaseUrl = ''): Promise<{ site: TestSite; smit: Browser; path: string }> {
  const site = await startSite({ databaseUrl });
  t.teardown(() => site.stop());
  const smit = await site.signIn('smit');
  const started: Page = await (await smit.get('/cases/new?route=meldcode')).submit({ ...aSignal, 'subject/naam': 'Sem', 'subject/groep': '5' });
  return { site, smit, path: started.path.split('?')[0] ?? '' };
}

async function caseId({ database }: TestSite): Promise<string> {
  return (await database.read('cases').first<{ id: string }>('id')).id;
}
