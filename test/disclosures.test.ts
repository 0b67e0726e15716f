import { inflateSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import t, { type Test } from 'tap';
import { verify } from '../src/cases/verify.ts';
import type { Answers } from '../src/definitions/bundle.ts';
import type { FormDefinition } from '../src/definitions/form.types.ts';
import { settle } from '../src/documents/disclosure.ts';
import { disclosureSections } from '../src/documents/disclosure-sections.ts';
import type { DisclosureSection } from '../src/documents/disclosure-types.ts';
import { takeOut, treeText } from '../src/documents/disclosure-words.ts';
import { makePdfMaker } from '../src/pdf-maker.ts';
import { readTexts } from '../src/texts.ts';
import type { Browser, Filled, Page } from './fixtures/browser.ts';
import { readPdf, signsOf } from './fixtures/paper-files.ts';
import { startPostgres } from './fixtures/postgres.ts';
import { samples } from './fixtures/sample-files.ts';
import { startSite, type TestSite } from './fixtures/site.ts';
import { startCase, type Story } from './fixtures/story.ts';

const translate = readTexts('nl');
const pdfs = makePdfMaker();
t.teardown(() => pdfs.close());

/** What came from or is about somebody else than M. Bakker, who asks. */
const secrets = ['Veldhuis', 'Truus', 'overblijfkracht', 'Boer', '0612345678', 'Noor', 'zusje', 'scheiding'];

for (const kind of ['sqlite', 'postgres'] as const) {
  t.test(`what somebody who asks is given of a case holds nothing of what came from or is about others, anywhere in the file (${kind})`, async (t) => {
    const site = await siteOf(t, kind);
    const [vries, hofman] = [await site.signIn('vries'), await site.signIn('hofman')];
    const story = await caseWithOthers(site, vries);
    const here = await prepared(vries, story, { name: 'M. Bakker' });
    const words = await vries.get(`${here}/words`);
    t.match(words.text, /Veldhuis Staat ook in: Signaal: [^.]*/, 'a name in a free text is pointed out before approving');
    await words.submit(allOut(words));
    const reading = await vries.get(`${here}/reading`);
    await reading.submit(weighed(reading));
    const before = await fetchAs(site, hofman, here, 'pdf');
    t.equal(before.status, 422, 'nothing leaves before a second person approved');
    t.match((await hofman.get(`/cases/${story.number}/documents`)).text, /Een afschrift voor M\. Bakker wacht op uw goedkeuring/);
    const asked = here.slice(0, here.indexOf('/disclosures'));
    const asksAt = async (browser: Browser, path: string): Promise<boolean> => (await browser.get(path)).links.some(({ href }) => href === `${here}/reading`);
    t.notOk(await asksAt(vries, asked) || await asksAt(vries, '/cases'), 'who asked does not see the question');
    t.ok(await asksAt(hofman, asked), 'a second person meets it on the page of the case');
    const asks = async (): Promise<unknown[]> => (await site.database.read<{ asked: number | null }>('disclosures').select('asked')).map((row) => row.asked);
    t.same(await asks(), [1]);
    await site.database.write((connection) => connection('disclosures').update({ asked: null }));
    t.ok(await asksAt(hofman, asked) && await asksAt(hofman, '/cases'), 'also as it was kept before that stood beside it');
    t.match((await hofman.get('/cases')).text, new RegExp(`Zaak ${story.number}: A\\. de Vries vraagt u een afschrift te lezen en goed te keuren\\.`), 'and on their list');
    t.notOk(await asksAt(await site.signIn('smit'), '/cases'), 'never who does not see the whole case');
    const second = await (await hofman.get('/cases')).follow(`Zaak ${story.number}:`);
    t.match(second.text, /Dit geeft u.*Sem had geen jas aan\..*Dit laat u weg.*Truus Veldhuis.*gaat over of komt van iemand anders/s, 'what is left out stands beside what is given');
    t.match((await second.submit({ verdict: 'approved' })).text, /U keurde het afschrift goed/);
    t.notOk(await asksAt(hofman, '/cases'), 'what is done leaves the list');
    t.same(await asks(), [0], 'and is not opened for a list any more');
    const files: { [kind: string]: Buffer } = {};
    for (const one of kind === 'sqlite' ? ['pdf', 'word', 'print', 'zip'] : ['zip']) {
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
      ['disclose start', 'disclose prepare', 'disclose ask', 'disclose approve', 'export disclosure', ...(kind === 'sqlite' ? ['print disclosure', 'export disclosure'] : [])]);
    t.same((await verify(site.database, site.keys)).findings, []);
    t.notMatch(site.log.join(''), /Veldhuis|Bakker|Noor/);
    t.notMatch(JSON.stringify(await site.database.read('disclosures')), /Veldhuis|Bakker|Noor/, 'it is sealed');
  });
}

t.test('an approval is of another person and for exactly what they read; a colleague goes on where somebody stopped, and nothing that was typed is lost', async (t) => {
  const site = await siteOf(t, 'sqlite');
  const [smit, vries, hofman] = [await site.signIn('smit'), await site.signIn('vries'), await site.signIn('hofman')];
  const story = await caseWithOthers(site, vries);
  await (await vries.get(`/cases/${story.number}/documents/signalenoverzicht`)).submit({}, { form: '/versions' });
  const list = await vries.get(`/cases/${story.number}/disclosures`);
  t.match((await list.submit({ who: 'other', name: ' ' })).text, /Schrijf op wie erom vraagt/);
  const here = await prepared(vries, story, { name: 'M. Bakker' });
  const overview = await hofman.get(here);
  t.match(overview.text, /4 van 4 onderdelen bekeken.*Kies wat u daarmee doet.*Ophalen kan pas als een tweede persoon het heeft goedgekeurd/s);
  t.equal((await smit.get(here)).status, 404, 'not for who sees only their own part');

  const words = await hofman.get(`${here}/words`);
  t.match(words.text, /Documenten zoals zij zijn vastgelegd/, 'a document repeats what is left out elsewhere');
  await words.submit({ ...allOut(words), extra: 'te weinig geld\nThuis' });
  const preview = await vries.get(`${here}/preview`);
  t.match(preview.text, /Concept: nog niet goedgekeurd.*\[weggelaten\] denkt dat er \[weggelaten\] \[weggelaten\] is\..*Overzicht van signalen/s);
  t.notMatch(preview.text, /Veldhuis|Noor|weinig/);
  t.match((await vries.get(`${here}/words`)).html, /te weinig geld\nThuis<\/textarea>/, 'what was typed can be undone');

  const signal = (await vries.get(here)).links.find(({ text }) => text === 'Signaal')?.href ?? '';
  const isLeftOut = async (browser: Browser): Promise<boolean> => (await browser.get(signal)).html.includes('name="give:interpretatie" type="radio" value="no" checked');
  const begun = await vries.get(signal);
  const typed = new URLSearchParams([...begun.html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']): [string, string] => [name, value]));
  typed.append('give:interpretatie', 'no');
  const answer = await fetch(`${site.address}${signal}/draft`, { method: 'POST', body: typed, headers: { cookie: vries.cookie(), origin: site.address, accept: 'application/json' } });
  t.match(await answer.json(), { text: /^Concept bewaard om/ }, 'what is chosen is kept while nobody saves');
  t.same([await isLeftOut(vries), await isLeftOut(hofman)], [true, false], 'for who chose it');
  t.match((await begun.submit({ whole: 'each', 'give:interpretatie': 'yes' }, { button: 'Later verder' })).text, /Uw concept is bewaard/, 'without JavaScript by a button');
  t.match((await vries.get(signal)).text, /Concept bewaard \(vandaag/);
  const kept = async (): Promise<unknown[]> => site.database.read('drafts').where('task', 'like', 'disclosure/%');
  await (await vries.get(signal)).submit();
  t.same(await kept(), [], 'what is saved is no draft any more');

  const [mine, theirs] = [await vries.get(signal), await hofman.get(signal)];
  await theirs.submit({ whole: 'none' });
  const late = await mine.submit({ 'give:interpretatie': 'no', 'ground:interpretatie': 'strafbaar' });
  t.equal(late.status, 422);
  t.match(late.text, /M\. Hofman bewaarde dit onderdeel net voor u/);
  t.match(late.html, /name="give:interpretatie" type="radio" value="no" checked/, 'what was chosen stays');
  t.match((await late.submit({ whole: '' })).text, /Kies of u per vraag kiest of alles weglaat/);
  t.equal((await kept()).length, 1, 'of a page that was not taken it is kept as well');
  await (await vries.get(signal)).submit({ whole: 'none', ground: 'leerling' });
  t.same(await kept(), []);
  t.match((await vries.get(`${here}/preview`)).text, /Een vastlegging \[weggelaten: bescherming van de leerling\].*Wat is weggelaten.*bescherming van de leerling UAVG, artikel 41, lid 1, onder i: de bescherming van de betrokkene\. Een vastlegging/s, 'of a record that is left out whole neither title nor day stands in it');

  const words2 = await vries.get(`${here}/words`);
  await words2.submit(allOut(words2));
  const reading = await vries.get(`${here}/reading`);
  const short = await reading.submit({ 'weighing:leerling': 'Omdat.', 'weighing:derden': 'Anders is te zien wie het was.' });
  t.equal(short.status, 422);
  t.match(short.html, />Omdat\.<\/textarea>/);
  t.match((await vries.get(`${here}/reading`)).html, />Anders is te zien wie het was\.<\/textarea>/, 'it is kept all the same');
  await short.submit({ 'weighing:leerling': 'De leerling vroeg erom.' });
  t.notMatch((await vries.get(`${here}/reading`)).html, /name="verdict"/, 'who asked does not approve');
  const second = await hofman.get(`${here}/reading`);
  t.match(second.text, /Weging.*De leerling vroeg erom\./s);
  t.match((await second.submit({ verdict: 'returned', reason: 'Nee.' })).text, /ten minste 10 tekens/);
  await second.submit({ verdict: 'returned', reason: 'Laat het signaal toch zien.' });
  t.match((await vries.get(here)).text, /M\. Hofman gaf dit vandaag .* terug\. Laat het signaal toch zien\./);

  await (await vries.get(`${here}/reading`)).submit();
  const stale = await hofman.get(`${here}/reading`);
  await (await hofman.get(`${here}/reading`)).submit({ verdict: 'approved' });
  t.equal((await fetchAs(site, vries, here, 'print')).status, 200);
  await (await vries.get(signal)).submit({ whole: 'each' });
  t.match((await vries.get(here)).text, /Er is iets veranderd sinds dit werd gevraagd of goedgekeurd/);
  t.equal((await fetchAs(site, vries, here, 'print')).status, 422, 'what was chosen since is not approved');
  t.match((await stale.submit({ verdict: 'approved' })).text, /Vragen kan nog niet|Goedkeuring vragen/, 'an old page approves nothing');
  await (await vries.get(signal)).submit({ whole: 'none', ground: 'leerling' });
  t.equal((await fetchAs(site, vries, here, 'print')).status, 200, 'it reads as it was approved again');
  await story.handIn(vries, 'overleg', { metDirectie: false, metIb: false, uitkomst: 'Wij overleggen morgen.' });
  t.equal((await fetchAs(site, vries, here, 'print')).status, 422, 'nor is what was entered since');
  t.match((await vries.get(here)).text, /4 van 5 onderdelen bekeken/);

  await (await (await vries.get(here)).follow('Dit afschrift weggooien')).submit();
  t.equal((await vries.get(here)).status, 404);
  t.same((await site.database.read('disclosures')).length, 0);
  t.same((await verify(site.database, site.keys)).findings, []);
});

t.test('what is proposed comes of whose words they are: of the asker, of another in their list, of somebody else, or of nobody who can be told', async (t) => {
  const form = {
    id: 'gesprek', version: '1.0.0', language: 'nl', title: 'Gesprek', schema: {
      type: 'object', properties: {
        datum: { type: 'string', format: 'date', title: 'Wanneer?', 'x-date': true }, met: { type: 'string', title: 'Met wie?', 'x-source': 'third-party' },
        zei: { type: 'string', title: 'Wat zei die?', 'x-source': 'subject', 'x-of': 'met' }, kind: { type: 'string', title: 'Wat zei het kind?', 'x-source': 'subject' }, zag: { type: 'string', title: 'Wat zag u?', 'x-source': 'own' },
        arts: { type: 'string', title: 'Wat zei de arts?', 'x-access': ['ib'] }, erbij: { type: 'array', title: 'Wie was erbij?', items: { type: 'object', properties: { naam: { type: 'string', title: 'Naam', 'x-source': 'third-party' } } } }
      }
    }
  } as unknown as FormDefinition;
  const sectionsFor = (name: string, answers: Answers): DisclosureSection[] => disclosureSections({
    entries: [{ form, record: { id: 4, version: 1, task: 'gesprek', form: 'gesprek', source: null, visit: null, at: '2026-03-02T09:00:00.000Z', by: null, updatedBy: null, updatedAt: '2026-03-02T09:00:00.000Z', late: false, answers } }],
    askers: 'gesprek.erbij', asker: { kind: 'row', id: '4.1-1', name }, data: { stappen: [], afgezien: [] }, documents: [], words: { t: translate, chosen: () => null, leavesOut: () => false }
  });
  const answers: Answers = { datum: '2026-03-01', met: 'm. bakker', zei: 'Het gaat.', kind: 'Ik ben bang.', zag: 'Rustig.', arts: 'Geheim.', erbij: [{ id: '1-1', naam: 'M. Bakker' }, { id: '1-2', naam: 'R. Boer' }] };
  const [section] = sectionsFor('M. Bakker', answers);
  t.same(section?.parts.map(({ question, why, proposal, lines }) => [question, why, proposal, lines.join(' ')]), [
    ['Wanneer?', 'plain', true, 'zondag 1 maart 2026'], ['Met wie?', 'asker', true, 'm. bakker'], ['Wat zei die?', 'asker', true, 'Het gaat.'], ['Wat zei het kind?', 'subject', false, 'Ik ben bang.'], ['Wat zag u?', 'plain', true, 'Rustig.'],
    ['Wie was erbij?, 1: Naam', 'asker', true, 'M. Bakker'], ['Wie was erbij?, 2: Naam', 'other', false, 'R. Boer'], ['Wat zei de arts?', 'role', false, '']
  ]);
  t.match(['M. Bakker, vader', 'M. Bakker (vader)', 'M. Bakker, R. Boer', 'M. Bakker en R. Boer'].map((met) => sectionsFor('M. Bakker', { ...answers, met })[0]?.parts.find(({ question }) => question === 'Wat zei die?')?.proposal), [true, true, false, false]);
  t.match(sectionsFor('R. Boer', answers)[0]?.parts.filter(({ question }) => /^(Met|Wat zei die)/.test(question)), [{ why: 'third-party', proposal: false }, { why: 'other', proposal: false }]);
  const grounds = { derden: { title: 'iemand anders', text: 'Artikel 41.' } };
  const settled = settle({
    sections: sectionsFor('M. Bakker', answers), grounds, known: ['M. Bakker'], t: translate, head: { school: 'De Proef', number: '2026-AAAA', about: 'Sem', asker: 'M. Bakker', route: 'Zorg', madeOn: null },
    disclosure: { asker: { kind: 'row', id: '4.1-1', name: 'M. Bakker' }, sections: {}, words: {}, weighing: {}, verdict: null, given: [] }
  });
  t.match(treeText(settled.tree), /Het gaat\..*Wat zei de arts\?\s+\[weggelaten: iemand anders\]/s);
  t.notMatch(treeText(settled.tree), /bang|Boer|Geheim/);
  t.equal(takeOut("Jan-Peter\u2019s jas, jan-\npeter en Jan. Kim\u2019s fiets. Mo\u0308r.", ['Jan-Peter', 'Kim', 'Mör'], '[x]'), '[x] jas, [x] en Jan. [x] fiets. [x].');
  t.equal(takeOut('Kim belde; Kims moeder, KIM, Kimberley en kim@x.nl.', ['Kim'], '[x]'), '[x] belde; [x] moeder, [x], Kimberley en [x]@x.nl.', 'only whole words');
});

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
async function prepared(browser: Browser, story: Story, { name }: { name: string }): Promise<string> {
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

function allOut(page: Page): Filled {
  return Object.fromEntries([...page.html.matchAll(/name="(words:\d+)"/g)].map(([, name = '']) => [name, 'out']));
}
