import { inflateSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import t, { type Test } from 'tap';
import { verify } from '../src/cases/verify.ts';
import { makePdfMaker } from '../src/pdf-maker.ts';
import type { Browser, Filled, Page } from './fixtures/browser.ts';
import { readPdf, signsOf } from './fixtures/paper-files.ts';
import { startPostgres } from './fixtures/postgres.ts';
import { samples } from './fixtures/sample-files.ts';
import { startSite, type TestSite } from './fixtures/site.ts';
import { startCase, type Story } from './fixtures/story.ts';

const pdfs = makePdfMaker();
t.teardown(() => pdfs.close());

/** What came from or is about somebody else than M. Bakker, who asks. */
const secrets = ['Veldhuis', 'Truus', 'overblijfkracht', 'Boer', '0612345678', 'Noor', 'zusje', 'scheiding'];

for (const kind of ['sqlite', 'postgres'] as const) {
  t.test(`what somebody who asks is given of a case holds nothing of what came from or is about others, anywhere in the file (${kind})`, async (t) => {
    const site = await siteOf(t, kind);
    const [vries, hofman] = [await site.signIn('vries'), await site.signIn('hofman')];
    const story = await caseWithOthers(site, vries);
    const here = await prepared(vries, story, { kind: 'row', name: 'M. Bakker' });
    const words = await vries.get(`${here}/words`);
    t.match(words.text, /Veldhuis Staat ook in: Signaal: [^.]*/, 'a name in a free text is pointed out before approving');
    await words.submit(Object.fromEntries([...words.html.matchAll(/name="(words:\d+)"/g)].map(([, name = '']) => [name, 'out'])));
    const reading = await vries.get(`${here}/reading`);
    await reading.submit(weighed(reading));
    const before = await fetchAs(site, hofman, here, 'pdf');
    t.equal(before.status, 422, 'nothing leaves before a second person approved');
    t.match((await hofman.get(`/cases/${story.number}/documents`)).text, /Een afschrift voor M\. Bakker wacht op uw goedkeuring/);
    const second = await hofman.get(`${here}/reading`);
    t.match(second.text, /Dit geeft u.*Sem had geen jas aan\..*Dit laat u weg.*Truus Veldhuis.*gaat over of komt van iemand anders/s, 'what is left out stands beside what is given');
    t.match((await second.submit({ verdict: 'approved' })).text, /U keurde het afschrift goed/);
    const files: { [kind: string]: Buffer } = {};
    for (const one of ['pdf', 'word', 'print', 'zip']) {
      const { status, bytes } = await fetchAs(site, hofman, here, one);
      files[one] = bytes;
      t.equal(status, 200, one);
      const everything = allIn(bytes);
      t.same(secrets.filter((secret) => everything.includes(secret.toLowerCase())), [], one);
      t.ok(everything.includes('geen jas aan'), `${one} holds what is given`);
      t.ok(everything.includes('weggelaten'), `${one} says that something is left out`);
    }
    const zip = unzipSync(files['zip'] ?? new Uint8Array());
    t.same(Object.keys(zip), ['LEESMIJ.txt', 'afschrift.pdf', 'bijlagen/bijlage-1.pdf'], 'the name of a file says nothing');
    t.same(Buffer.from(zip['bijlagen/bijlage-1.pdf'] ?? []), samples.pdf);
    const pdf = readPdf(zip['afschrift.pdf'] ?? new Uint8Array());
    t.match(signsOf(pdf.text), /Watdeschoolindezezaakbewaart.*GevraagddoorM\.Bakker.*Watisweggelaten.*UAVG,artikel41,lid1,onderi/);
    t.notMatch(pdf.text, /A\. de Vries|M\. Hofman|Wie de zaak inzag/, 'own workings stay out of it');
    t.same((await site.database.read<{ action: string; detail: string }>('access_log').whereIn('action', ['disclose', 'export', 'print']).orderBy('sequence').select('action', 'detail')).map(({ action, detail }) => `${action} ${detail.split(' ')[0] ?? ''}`).filter((line, index, all) => line !== all[index - 1]),
      ['disclose start', 'disclose prepare', 'disclose ask', 'disclose approve', 'export disclosure', 'print disclosure', 'export disclosure']);
    t.same((await verify(site.database, site.keys)).findings, []);
    t.notMatch(site.log.join(''), /Veldhuis|Bakker|Noor/);
    t.notMatch(JSON.stringify(await site.database.read('disclosures')), /Veldhuis|Bakker|Noor/, 'it is sealed');
  });
}

async function siteOf(t: Test, kind: 'sqlite' | 'postgres'): Promise<TestSite> {
  const postgres = kind === 'postgres' ? await startPostgres() : null;
  const site = await startSite({ pdfs, ...(postgres === null ? {} : { databaseUrl: await postgres.newDatabase() }) });
  t.teardown(async () => {
    await site.stop();
    await postgres?.stop();
  });
  return site;
}

/** A case in which others than the asker have a part: another parent, a colleague who saw something, a sister. */
async function caseWithOthers(site: TestSite, vries: Browser): Promise<Story> {
  const { story } = await startCase(site, vries, 'signaal', { betreftMedewerker: false, feit: 'Sem had geen jas aan. Zijn zusje Noor vertelde van de scheiding. Het vroor.', bron: 'collega', bronNaam: 'Truus Veldhuis, overblijfkracht', datum: '2026-03-02' }, { naam: 'Sem Bakker', groep: '5' });
  const { id } = site.people['vries'] ?? { id: '' };
  const reader = { id, roles: ['ib'], school: site.school, settings: {} };
  const records = (await site.services.cases.open(reader, story.number, 'view'))?.stored.state.records ?? [];
  const idOf = (task: string): number => records.find((record) => record.task === task)?.id ?? 0;
  const ouders = [{ naam: 'M. Bakker', relatie: 'vader', gezag: 'ja' }, { naam: 'R. de Boer', relatie: 'moeder', gezag: 'ja', telefoon: '0612345678' }];
  await site.services.cases.act(reader, story.number, { type: 'update', record: idOf('leerling'), answers: { ouders, gezin: 'Zusje Noor, 7 jaar.' } }, { key: 'ouders', draft: null });
  const later = await vries.get(`/cases/${story.number}/records/${String(idOf('signaal'))}`);
  await later.submit({ '/interpretatie': 'Veldhuis denkt dat er thuis te weinig geld is.' }, { files: { '/bestanden': [new File([samples.pdf], 'brief van Truus Veldhuis.pdf')] } });
  return story;
}

/** Goes through every part: takes over what is proposed, gives what nobody proposes, and leaves the sentence about the sister out. */
async function prepared(browser: Browser, story: Story, { name }: { kind: string; name: string }): Promise<string> {
  const start = await (await browser.get(`/cases/${story.number}/documents`)).follow('Afschrift voor een ouder of leerling');
  const value = new RegExp(`value="(row [^"]+)"[^>]*><label[^>]*>${name}<`).exec(start.html)?.[1] ?? '';
  let page = await start.submit({ who: value });
  const here = page.path;
  page = await page.follow('Verder met');
  while (page.path.includes('/sections/')) page = await page.submit(chosen(page));
  return here;
}

function chosen(page: Page): Filled {
  const open = [...page.html.matchAll(/name="(give:[^"]+)"/g)].map(([, name = '']) => name).filter((name) => !new RegExp(`name="${name.replaceAll('.', '\\.')}"[^>]* checked`).test(page.html));
  const sentence = /name="(without:feit)" type="checkbox" value="(\d)"[^>]*><label[^>]*>Zijn zusje/.exec(page.html);
  return { ...Object.fromEntries(open.map((name) => [name, 'yes'])), ...(sentence === null ? {} : { [sentence[1] ?? '']: sentence[2] ?? '' }) };
}

function weighed(page: Page): Filled {
  return Object.fromEntries(page.fields('/reading').filter((name) => name.startsWith('weighing:')).map((name) => [name, 'Anders is te zien wie iets vertelde.']));
}

async function fetchAs(site: TestSite, browser: Browser, here: string, kind: string): Promise<{ status: number; bytes: Buffer }> {
  const token = /name="_csrf" value="([^"]+)"/.exec((await browser.get(here)).html)?.[1] ?? '';
  const response = await fetch(`${site.address}${here}/file`, { method: 'POST', body: new URLSearchParams({ _csrf: token, kind }), headers: { cookie: browser.cookie(), origin: site.address } });
  return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
}

/** Every text in a file in small letters: as it is, what is packed or deflated inside it, in two signs a letter, and what a PDF shows. */
function allIn(bytes: Uint8Array): string {
  const data = Buffer.from(bytes);
  const texts = [data.toString('latin1'), data.toString('utf8'), data.toString('utf16le'), data.subarray(1).toString('utf16le')];
  if (data.subarray(0, 2).toString() === 'PK') texts.push(...Object.entries(unzipSync(data)).flatMap(([name, part]) => [name, allIn(part)]));
  if (data.subarray(0, 5).toString() === '%PDF-') {
    for (const [, stream = ''] of data.toString('latin1').matchAll(/stream\r?\n([^]*?)\r?\nendstream/g)) texts.push(...inflated(Buffer.from(stream, 'latin1')));
    if (data.includes('/StructTreeRoot')) { const { text, artifacts, title } = readPdf(data); texts.push(text, artifacts, title, text.replace(/-?\s+/g, '')); }
  }
  return texts.join('\n').toLowerCase();
}

function inflated(stream: Buffer): string[] {
  try {
    const text = inflateSync(stream);
    return [text.toString('latin1'), text.toString('utf16le'), text.subarray(1).toString('utf16le')];
  } catch { return []; }
}
