import t from 'tap';
import { auditOf, isNotable, manyCases } from '../src/cases/access-audit.ts';
import type { HourCount } from '../src/cases/stores/access-report-store.ts';
import { makeZone } from '../src/engine/time/zone.ts';
import { accessActions } from '../src/trust/access-log-store.ts';
import { lineText } from '../src/web/log/access-log-model.ts';
import type { Browser } from './fixtures/browser.ts';
import { startSite, type TestSite, verifyFindings } from './fixtures/site.ts';
import { startCase, type Story } from './fixtures/story.ts';
import { texts } from './fixtures/view-samples.ts';

const signal = { betreftMedewerker: false, feit: 'Kwam zonder ontbijt.', bron: 'eigen-waarneming', datum: '2026-03-02' };
const child = { naam: 'Sem Bakker', groep: '5' };

t.test('who saw what', async (t) => {
  const site = await startSite();
  t.teardown(() => site.stop());
  const [smit, vries, hofman, jansen, admin] = await Promise.all(['smit', 'vries', 'hofman', 'jansen', 'beheer'].map((person) => site.signIn(person))) as [Browser, Browser, Browser, Browser, Browser];
  const { story } = await startCase(site, smit, 'signaal', signal, child);
  const at = `/cases/${story.number}`;
  const log = `${at}/access-log`;

  await t.test('every way to look at a case leaves its line, and the page tells each as a sentence', async (t) => {
    await vries.get('/cases?zoek=bakker');
    const page = await story.look(vries);
    await vries.get(`${at}/tasks/signaal`);
    await vries.get(page.links.find(({ href }) => href.startsWith(`${at}/records/`))?.href ?? '');
    await vries.get(`${at}/documents`);
    for (const way of ['', '?print=1', '/text']) t.equal((await vries.get(`${at}/documents/signalenoverzicht${way}`)).status, 200, way);
    t.equal((await jansen.get(at)).status, 404);
    const shown = await vries.get(`${log}?soort=all`);
    t.equal(shown.title, `Wie heeft wat gezien in zaak ${story.number} - Stappenplan`);
    for (const line of [
      'J. Smit startte de zaak.', 'U had de zaak in een lijst.', 'U vond de zaak met zoeken.', 'U opende de zaak.', 'U opende een taak van de zaak. (Leg een signaal vast)', 'U las een vastlegging van de zaak. (Leerling)',
      'U las een document van de zaak. (Overzicht van signalen)', 'U drukte iets af van de zaak. (Overzicht van signalen)', 'U haalde iets van de zaak op als bestand. (Overzicht van signalen, text)',
      'P. Jansen vroeg de zaak op en werd geweigerd.', 'U keek wie de zaak heeft gezien.'
    ]) t.match(shown.text, line);
    t.notMatch((await vries.get(log)).text, 'in een lijst', 'lists are asked for apart');
    t.match((await vries.get(`${log}?soort=refused`)).text, /1 regel\..*Maandag 2 maart 2026.*P\. Jansen vroeg de zaak op/);
    t.match((await (await story.look(vries)).follow('Wie heeft wat gezien')).text, 'Niemand kan een regel veranderen');
  });

  await t.test('only who sees the whole case sees its log, and is in it for looking', async (t) => {
    t.notMatch((await story.look(smit)).html, `${log}"`, 'who sees the own part has no link to it');
    for (const person of [smit, jansen, admin]) for (const way of ['', '?print=1', '/file']) t.equal((await person.get(`${log}${way}`)).status, 404);
    t.match((await hofman.get(`${log}?soort=refused`)).text, /J\. Smit vroeg|P\. Jansen vroeg/);
    t.match((await vries.get(log)).text, 'M. Hofman keek wie de zaak heeft gezien.');
  });

  await t.test('a period that is no day is said beside its field, and what was typed stays', async (t) => {
    const wrong = await vries.get(`${log}?van=gisteren&tot=3-3-2026`);
    t.same([wrong.status, wrong.title.startsWith('Fout: ')], [422, true]);
    t.match(wrong.html, /value="gisteren"/);
    t.match(wrong.html, /href="#van"/);
    t.match((await vries.get(`${log}?van=3-3-2026`)).text, 'In deze periode is hier niets vastgelegd');
    t.match((await vries.get(`${log}?van=2-3-2026&tot=2-3-2026`)).text, 'startte de zaak');
  });

  await t.test('the file is for a Dutch Excel, holds no formula, and taking it along is in the log', async (t) => {
    await site.services.people.rename(site.people['jansen']?.id ?? '', '=HYPERLINK("http://x")');
    const { text, headers } = await raw(site, vries, `${log}/file`);
    t.equal(headers.get('content-disposition'), `attachment; filename="${story.number}-inzage.csv"`);
    t.ok(text.startsWith('\ufeff"Moment (UTC)";"Dag";"Tijd";"Wie";"Zaak";"Wat";"Soort";"Onderdeel";"Regel"\r\n'));
    t.match(text, /"2026-03-02T09:00:00\.000Z";"02-03-2026";"10:00";"A\. de Vries";"[^"]*";"A\. de Vries opende de zaak\.";"view";"";"\d+"/);
    t.match(text, `"'=HYPERLINK(""http://x"")"`);
    t.match((await vries.get(log)).text, 'U haalde iets van de zaak op als bestand. (dit overzicht)');
    const paper = await vries.get(`${log}?print=1&soort=refused`);
    t.match(paper.text, /Periode: het begin tot en met nu.*=HYPERLINK.*vroeg de zaak op en werd geweigerd.*Gemaakt op .* door A\. de Vries/);
    await site.services.people.rename(site.people['jansen']?.id ?? '', 'P. Jansen');
  });

  await t.test('everybody sees what they did themselves, and of a try that was refused nothing that tells whether the case is there', async (t) => {
    await jansen.get('/cases/2026-ZZZZ');
    const own = await (await jansen.get('/cases')).follow('Wat er van u is vastgelegd');
    t.match(own.text, /10:00 U vroeg een zaak op en werd geweigerd\. 5 keer/);
    t.notMatch(own.html, story.number);
    t.match((await smit.get('/account/access-log')).text, `U startte zaak ${story.number}.`);
    for (const person of [jansen, admin, smit]) t.equal((await person.get(`/access-log/people/${site.people['vries']?.id ?? ''}`)).status, 404, 'of others nothing');
  });

  await t.test('who looks after it sees what a colleague did in the cases that are theirs as well', async (t) => {
    const of = (person: string): string => `/access-log/people/${site.people[person]?.id ?? ''}`;
    t.match((await hofman.get(of('jansen'))).text, new RegExp(`Wat P\\. Jansen heeft ingezien.*P\\. Jansen vroeg zaak ${story.number} op en werd geweigerd`));
    t.match((await hofman.get(of('vries'))).text, `A. de Vries drukte iets af van zaak ${story.number}. (Overzicht van signalen)`);
    const visser = await site.signIn('visser');
    const board = await visser.get(of('vries'));
    t.equal(board.status, 200);
    t.notMatch(board.text, story.number, 'a role opens no case');
    t.equal((await hofman.get('/access-log/people/nobody')).status, 404);
    t.match((await hofman.get('/account/access-log')).text, 'U keek in een overzicht van wie wat heeft gezien.');
  });

  await t.test('fifty lines fill a page', async (t) => {
    for (let look = 0; look < 51; look += 1) await story.look(vries);
    const together = await vries.get(log);
    t.match(together.text, /U opende de zaak\. \d+ keer/, 'lines that say the same stand as one');
    t.notMatch(together.text, 'Bladzijde 1');
    const first = await together.follow('Alle regels apart');
    t.match(first.text, 'Bladzijde 1 van 2');
    t.match((await first.follow('Gelijke regels samen')).text, /\d+ keer/);
    t.match((await first.follow('Oudere regels')).text, /J\. Smit startte de zaak.*Nieuwere regels Bladzijde 2 van 2/);
  });

  await t.test('when no line can be written, no page of a case is shown, not one', async (t) => {
    const pages = await casePages(vries, story);
    t.ok(pages.length > 25, String(pages.length));
    await site.database.write(async (connection) => { await connection.raw("CREATE TRIGGER no_log BEFORE INSERT ON access_log BEGIN SELECT RAISE(ABORT, 'no log'); END"); });
    for (const path of [...pages, '/cases', '/cases?zoek=bakker', '/account/access-log', '/access-log', `${log}/file`]) {
      const page = await (path === '/access-log' ? hofman : vries).get(path);
      t.equal(page.status, 503, path);
      t.notMatch(page.text, /Sem|Bakker|ontbijt|startte de zaak/, path);
    }
    const { text } = await raw(site, vries, `${at}/documents/signalenoverzicht/text`);
    t.notMatch(text, /Sem|Bakker/);
    await site.database.write(async (connection) => { await connection.raw('DROP TRIGGER no_log'); });
    t.equal((await story.look(vries)).status, 200);
  });

  await t.test('the page says how long lines stay, and of which days they are gone; the months before are not called quiet', async (t) => {
    t.match((await vries.get(log)).text, 'Regels blijven 5 jaar staan.');
    site.clock.now = '2031-04-02T09:00:00.000Z';
    t.same((await site.services.logTerm.run()).broken, []);
    const own = await site.signIn('vries');
    const gone = 'Regels blijven 5 jaar staan. Wat hier van vóór woensdag 1 april 2026 stond, is vernietigd.';
    const page = await own.get(log);
    t.match(page.text, new RegExp(`1 regel\\. ${gone} Woensdag 2 april 2031 11:00 U keek wie de zaak heeft gezien\\.`));
    t.match((await own.get(`${log}?tot=31-3-2026`)).text, `Geen regels ${gone}`);
    t.match((await own.get(`${log}?van=1-4-2026&tot=1-4-2026`)).text, 'In deze periode is hier niets vastgelegd.');
    t.match((await own.get(`${log}?tot=31-3-2026&print=1`)).text, gone);
    t.match((await own.get('/account/access-log')).text, gone);
    const director = await site.signIn('hofman');
    const month = await director.get('/access-log?maand=2026-03');
    t.match(month.text, 'Van deze maand zijn geen regels meer te zien');
    t.notMatch(month.text, /Er valt niets op|Ik heb dit nagekeken/);
    t.match((await director.get('/access-log?maand=2026-04')).text, 'Er valt niets op');
    t.same(await verifyFindings(site), []);
  });
});

t.test('who is shut out of a case finds no trace of it in any log, and the same pages as where it never was', async (t) => {
  const pages = async (hidden: boolean): Promise<string[]> => {
    const site = await startSite();
    t.teardown(() => site.stop());
    const [smit, hofman, jansen] = await Promise.all(['smit', 'hofman', 'jansen'].map((person) => site.signIn(person))) as [Browser, Browser, Browser];
    const number = hidden ? (await startCase(site, smit, 'signaal', { ...signal, betreftMedewerker: true, medewerker: { id: site.people['hofman']?.id ?? '' } }, child)).story.number : '2026-ZZZZ';
    for (const person of [hofman, jansen]) t.equal((await person.get(`/cases/${number}`)).status, 404);
    site.clock.now = '2026-03-02T09:05:00.000Z';
    const seen: string[] = [];
    for (const path of ['/account/access-log?soort=all', '/access-log?maand=2026-03', ...['hofman', 'jansen'].map((key) => `/access-log/people/${site.people[key]?.id ?? ''}`), '/cases', `/cases/${number}/access-log`]) {
      const { status, text } = await hofman.get(path);
      seen.push(`${String(status)} ${text.replaceAll(number, 'N')}`);
    }
    return seen;
  };
  const [there, never] = [await pages(true), await pages(false)];
  t.strictSame(there, never);
  t.match(there[1], 'P. Jansen vroeg een zaak op en werd geweigerd.');
});

t.test('once a month whoever looks after it is asked to, with what stands out, and ticks it off', async (t) => {
  const site = await startSite({ now: '2026-02-27T23:30:00.000Z' });
  t.teardown(() => site.stop());
  const [smit, hofman, jansen] = await Promise.all(['smit', 'hofman', 'jansen'].map((person) => site.signIn(person))) as [Browser, Browser, Browser];
  const { story } = await startCase(site, smit, 'signaal', { ...signal, datum: '2026-02-27' }, child);
  await jansen.get(`/cases/${story.number}`);
  await (await (await site.signIn('visser')).get('/emergency-access')).submit({ number: story.number, reason: 'De politie vraagt wie de voogd is.' });
  t.notMatch((await hofman.get('/cases')).text, 'Kijk na wie', 'the month has not ended');
  site.clock.now = '2026-03-02T09:00:00.000Z';
  const [director, teacher, other] = await Promise.all(['hofman', 'smit', 'visser'].map((person) => site.signIn(person))) as [Browser, Browser, Browser];
  t.notMatch((await teacher.get('/cases')).text, 'Kijk na wie');
  t.notMatch((await other.get('/cases')).text, 'Kijk na wie', 'nothing happened in cases of this person');
  t.equal((await teacher.get('/access-log')).status, 404);
  t.equal((await teacher.post('/access-log/reviews', `_csrf=${tokenIn(await teacher.get('/cases'))}`)).status, 404);
  const page = await (await director.get('/cases')).follow('Kijk na wie dossiers heeft bekeken');
  t.match(page.text, /in februari 2026.*Wat opvalt J\. Smit opende zaken in de nacht: zaterdag 28 februari\..*P\. Jansen vroeg een zaak op en werd geweigerd\./);
  t.match(page.text, 'K. Visser opende een zaak in een noodsituatie.');
  t.match(page.text, /Per collega .*J\. Smit 1 zaak ingezien of veranderd en \d+ keer ingezien\./);
  const refused = await page.submit({ remark: ' ' });
  t.same([refused.status, refused.title.startsWith('Fout: ')], [422, true]);
  t.match(refused.text, 'Er valt iets op. Schrijf op wat u daarvan vond.');
  const done = await refused.submit({ remark: 'Jansen had het verkeerde nummer. ' });
  t.match(done.text, 'Nagekeken op maandag 2 maart 2026: Jansen had het verkeerde nummer.');
  t.notMatch((await director.get('/cases')).text, 'Kijk na wie');
  t.notMatch(JSON.stringify(await site.database.read('access_reviews')), 'verkeerde nummer', 'the remark is sealed');
  t.match((await director.get('/access-log?maand=2026-01')).text, /Er valt niets op.*Eerder nagekeken Februari 2026 Nagekeken op/);
  t.match((await director.get('/access-log?maand=2026-03')).text, 'Deze maand loopt nog');
  t.equal((await director.post('/access-log/reviews', new URLSearchParams([['_csrf', tokenIn(done)], ['month', '2026-03'], ['remark', 'x']]))).status, 400);
  const beheer = await site.signIn('beheer');
  const wrong = (n: number) => site.services.accessReports.note(Array.from({ length: n }, () => ({ person: site.people['jansen']?.id ?? '', case: null, action: 'signInFailed' as const, detail: 'password' })), site.clock.now);
  await wrong(9);
  t.notMatch((await beheer.get('/people')).text, 'Vaak verkeerd');
  await wrong(1);
  for (const path of ['/people', '/school']) t.match((await beheer.get(path)).text, /Vaak verkeerd ingelogd .*P\. Jansen: 10 keer, het laatst vandaag/, 'an administrator is told of wrong tries again and again');
  site.clock.now = '2026-04-01T09:00:00.000Z';
  t.match((await (await site.signIn('hofman')).get('/cases')).text, 'Over maart 2026.', 'the next month asks again');
});

t.test('a day with many cases and a night stand out, whatever the season; an ordinary day does not', async (t) => {
  const zone = makeZone('Europe/Amsterdam');
  const view = (chain: string, hour: string, person = 'a'): HourCount => ({ person, chain, hour, action: 'view', count: 2 });
  const many = Array.from({ length: manyCases + 1 }, (_, index) => view(`c${String(index)}`, '2026-07-01T10:00:00.000Z'));
  t.match(auditOf(many, zone), [{ person: 'a', cases: manyCases + 1, seen: 2 * (manyCases + 1), busyDays: [{ day: '2026-07-01', cases: manyCases + 1 }], nights: [] }]);
  t.match(auditOf([view('c', '2026-07-01T20:00:00.000Z'), view('c', '2026-07-01T21:00:00.000Z', 'b'), view('c', '2026-01-01T05:00:00.000Z', 'c'), view('c', '2026-01-01T04:00:00.000Z', 'd')], zone).map((one) => [one.person, isNotable(one)]), [['a', false], ['b', true], ['c', false], ['d', true]]);
});

t.test('every action that can be written down has its sentence', async (t) => {
  for (const action of accessActions) for (const number of ['2026-K7QM', null]) t.match(lineText({ sequence: 1, at: '', person: 'p', number, action, detail: null }, { nameOf: () => 'j. Smit', t: texts, inCase: false, titles: { models: [], recordTitle: null } }), /^(J\. Smit|Inloggen) [^{}]+\.$/);
});

/** Every page of a case that can be reached from its own page, one click deep and two. */
async function casePages(browser: Browser, story: Story): Promise<string[]> {
  const own = `/cases/${story.number}`;
  const linksOf = async (path: string): Promise<string[]> => (await browser.get(path)).links.map(({ href }) => href.replace(/#.*$/, '')).filter((href) => href.startsWith(own));
  const first = [...new Set(await linksOf(own))];
  const second = await Promise.all(first.map((path) => linksOf(path)));
  return [...new Set([...first, ...second.flat()])];
}

async function raw(site: TestSite, browser: Browser, path: string): Promise<{ text: string; headers: Headers }> {
  const response = await fetch(new URL(path, site.address), { headers: { cookie: browser.cookie() } });
  // text() would take the mark at the start away.
  return { text: Buffer.from(await response.arrayBuffer()).toString('utf8'), headers: response.headers };
}

function tokenIn({ html }: { html: string }): string {
  return /name="_csrf" value="([^"]*)"/.exec(html)?.[1] ?? '';
}
