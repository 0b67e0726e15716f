import t from 'tap';
import { contrastInWords, contrastOf, readColour, themeCss } from '../src/web/school/colours.ts';
import { readLogo } from '../src/web/site/logo.ts';
import { readMultipart } from '../src/web/site/uploads.ts';
import { makeBrowser, type Browser, type Page } from './fixtures/browser.ts';
import { png } from './fixtures/school-samples.ts';
import { password, startSite } from './fixtures/site.ts';
import { startCase } from './fixtures/story.ts';

const jpeg = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.alloc(40), Buffer.from('ffd9', 'hex')]);
const school = { school: 'Basisschool De Linde', brin: '12ab', board: 'Stichting Noord', colour: '#7a1f5c' };
const admin = { name: 'An de Beheer', email: 'An@DeLinde.example', password, roles: 'ib' };

t.test('a new school is set up in five steps, each of which can wait', async (t) => {
  const site = await startSite({ empty: true, now: '2026-03-18T09:00:00.000Z' });
  t.teardown(() => site.stop());
  const token = await site.services.setUp.begin() ?? '';
  const browser = makeBrowser(site.address);

  const first = await browser.get(`/setup/${token}`);
  t.match(first.text, /Instellen: stap 1 van 5.*1 route staat klaar.*Welkom\. Hoe heet uw school\?.*Goed leesbaar \(8,4 op 1\)/);
  t.match((await first.follow('Ik zet een back-up terug')).text, 'npm run restore');
  const pale = await first.submit({ ...school, school: '', brin: 'x', colour: '#ffcc00' });
  t.equal(pale.status, 422);
  t.match(pale.text, /Vul de naam van de school in\..*twee cijfers en twee letters.*niet goed te lezen: 1,5 op 1\. Nodig is 4,5 op 1/);
  const looked = await first.submit(school, { button: 'Reken na' });
  t.match(looked.text, 'Goed leesbaar (9,6 op 1)');
  t.match(looked.html, '/assets/theme/7a1f5c.css', 'the page itself shows the colour');
  t.equal((await site.services.people.schools()).length, 0, 'looking keeps nothing');
  t.match((await first.submit(school, { files: { logo: new Blob(['<svg/>']) } })).text, 'Dit is geen png of jpg.');

  const second = await first.submit({ ...school, practice: 'yes' }, { files: { logo: new Blob([png]) } });
  t.equal(second.path, `/setup/${token}/account`);
  t.match(second.text, 'U wordt de beheerder van Basisschool De Linde.');
  const again = await browser.get(`/setup/${token}`);
  t.match(again.html, 'value="12AB"', 'one can go back and change the school');
  t.match((await second.submit({ ...admin, password: 'kort' })).text, 'ten minste 12 tekens');

  const key = await second.submit(admin);
  t.equal(key.path, '/school/setup/key', 'who made the account is signed in');
  t.equal((await browser.get(`/setup/${token}`)).status, 404, 'and the address has done its work');
  const groups = [...key.html.matchAll(/<li>([0-9A-Z]{5})<\/li>/g)].map(([, group = '']) => group);
  t.equal(groups.length, 13);
  t.match((await key.submit({ code: groups.slice(0, 3).join('-') })).text, 'Dit zijn niet de laatste drie groepen');
  const map = await key.submit({ code: groups.slice(-3).join(' ').toLowerCase() });
  t.equal(map.path, '/school/setup/partners');
  t.equal((await browser.get('/school/setup/key')).status, 404, 'what was written down is not shown again');

  t.match((await browser.get('/school')).text, /Nog instellen.*Sociale kaart.*Routes.*Collega’s/, 'stopped half-way, the rest is listed');
  const check = await map.submit();
  t.match(check.text, /Kloppen de noodnummers\?.*Veilig Thuis 0800-2000 Nog niet gecontroleerd/);
  t.notMatch(check.text, 'Alarmnummer', 'nobody calls 112 to try it');
  t.match(check.text, /Nog zonder nummer.*Begin bovenaan\. Schoolbestuur Een formulier vraagt collega’s om hier meteen te bellen\. Vul in.*Politie/);
  t.notMatch(check.html, /name="verified"[^>]*checked/, 'never ticked before');
  const ids = check.fields().flatMap((name) => (name.startsWith('phone-') ? [name.slice(6)] : []));
  const unheard = await check.submit({ verified: ids[1] ?? '', [`phone-${ids[1] ?? ''}`]: '' });
  t.match(unheard.text, 'Vul het nummer in dat u hebt gebeld.', 'nobody called a number that is not there');
  t.match(unheard.html, new RegExp(`name="verified"[^>]*value="${ids[1] ?? ''}" checked`), 'and what was ticked stays');
  const routes = await check.submit({ verified: ids[0] ?? '', [`phone-${ids[1] ?? ''}`]: '050-000 01 23' });
  t.match((await browser.get('/partners')).text, /Gecontroleerd op woensdag 18 maart 2026.*Crisisdienst jeugd in uw regio.*050-000 01 23/);

  t.match(routes.text, /Sinds 1 januari 2019 moet elke meldcode/, 'a route is shown with its notice');
  const none = await routes.submit({ routes: null });
  t.equal(none.status, 422);
  t.notMatch(none.html, /name="routes"[^>]*checked/, 'what was chosen stays');
  const people = await routes.submit();
  t.match(people.text, /Deze rollen heeft nog niemand.*Schoolbestuur\. Hierheen gaat een zaak die anderen op school niet mogen zien/);
  const invited = await (await people.follow('Collega toevoegen')).submit({ name: 'A. de Vries', email: 'a.devries@linde.example', roles: 'ib' });
  t.match(invited.html, /sp-copy">http:\/\/127\.0\.0\.1:\d+\/invitation\/[\w-]+</, 'the link stands by itself, to copy');
  const done = await (await invited.follow('Terug naar het instellen')).submit();
  t.equal(done.path, '/school?done=setup');
  t.notMatch(done.text, 'Nog instellen');
  t.match(await (await fetch(`${site.address}${/\/assets\/theme\/\w+\.css/.exec(done.html)?.[0] ?? ''}`)).text(), '--bar:#7a1f5c');
  const logo = await fetch(`${site.address}${/\/assets\/logo\/[\w/-]+/.exec(done.html)?.[0] ?? ''}`);
  t.same([logo.headers.get('content-type'), Buffer.from(await logo.arrayBuffer()).equals(png)], ['image/png', true]);

  const after = await done.submit({ board: 'Stichting Zuid', colour: '', logoRemove: 'yes' });
  t.equal(after.path, '/school?done=school');
  t.notMatch(after.html, /assets\/(theme|logo)/);
  t.match((await site.services.people.schools()).map(({ board }) => board), ['Stichting Zuid', 'Stichting De Vier Windstreken']);
});

t.test('a set-up that stopped after the school goes on after a new start', async (t) => {
  const site = await startSite({ empty: true });
  t.teardown(() => site.stop());
  const browser = makeBrowser(site.address);
  const old = await site.services.setUp.begin() ?? '';
  await (await browser.get(`/setup/${old}`)).submit({ ...school, practice: 'no' });
  const token = await site.services.setUp.begin() ?? '';
  t.equal((await browser.get(`/setup/${old}`)).status, 404);
  t.match((await browser.get(`/setup/${token}`)).html, /value="Basisschool De Linde"[\s\S]*value="no" checked/);
  const key = await (await browser.get(`/setup/${token}/account`)).submit(admin);
  t.equal(key.status, 200);
  t.equal((await site.services.people.schools()).length, 1, 'no practice school was asked for');
});

t.test('a practice school stands beside the real one and goes with one click', async (t) => {
  const site = await startSite({ now: '2026-03-18T09:00:00.000Z' });
  t.teardown(() => site.stop());
  const head = await site.signIn('beheer');
  const made = await (await head.get('/school')).submit({}, { form: '/school/practice' });
  t.match(made.text, 'De oefenschool staat klaar.');
  const choose = await made.follow('Andere school');
  const practice = await choose.submit({ school: idOf(choose, 'Basisschool De Wilgen') }, { form: '/schools' });
  t.match(practice.html, 'Oefenschool: alle namen en zaken zijn verzonnen.', 'a bar on every page');
  t.match(practice.text, /6 lopende zaken/, 'whoever made it sees every case');
  t.equal((await head.get('/school/setup/key')).status, 404, 'the recovery code is not shown here');

  const gone = await (await head.get('/school')).submit({}, { form: '/school/practice/remove' });
  t.match(gone.text, 'De oefenschool is weg.');
  t.notMatch(gone.html, 'Andere school');
  t.same((await site.services.people.schools()).map(({ name }) => name), ['Basisschool De Proef']);
  for (const table of ['cases', 'records', 'events', 'partners', 'drafts', 'blind_index']) {
    t.equal((await site.database.read(table)).length, 0, `no ${table} are left`);
  }
  t.equal((await site.database.read('people')).length, 6);
  t.equal((await site.signIn('smit')).cookie() === '', false, 'the real school works on');
});

t.test('a school fills in the settings of its routes, and running cases follow at once', async (t) => {
  const site = await startSite();
  t.teardown(() => site.stop());
  const head = await site.signIn('beheer');
  const vries = await site.signIn('vries');
  const { story } = await startCase(site, vries, 'signaal', { betreftMedewerker: false, feit: 'Kwam zonder ontbijt.', bron: 'eigen-waarneming', datum: '2026-03-02' }, { naam: 'Sem Bakker', groep: '5' });
  const form = await (await head.get('/school')).follow('Instellingen van de routes');
  t.match(form.text, /Is uw school aangesloten op de verwijsindex\?/);
  t.match(form.html, /name="meldcode.verwijsindex" type="radio" value="yes" checked/, 'the default until somebody answers');
  const off = await form.submit({ 'meldcode.verwijsindex': 'no', 'meldcode.overlegMet': ['directie', 'jeugdarts'] });
  t.equal(off.path, '/school?done=settings');
  const again = await head.get('/school/settings');
  t.match(again.html, /name="meldcode.verwijsindex" type="radio" value="no" checked/);
  t.match((await story.look(vries)).text, /aangesloten op de verwijsindex\?’ is ‘ja’/, 'the task that is not for this school says why');
  const wrong = await again.submit({ 'meldcode.overlegMet': ['bestaat-niet'] });
  t.equal(wrong.status, 422);
  t.match(wrong.text, 'Kies een antwoord.');
  t.match((await site.services.people.schools())[0]?.settings, { meldcode: { verwijsindex: false, overlegMet: ['directie', 'jeugdarts'] } });
  t.equal((await vries.get('/school/settings')).status, 404, 'only for administrators');
});

t.test('administrators of a practice school do not get at the accounts of a real one', async (t) => {
  const site = await startSite();
  t.teardown(() => site.stop());
  const head = await site.signIn('beheer');
  await (await head.get('/school')).submit({}, { form: '/school/practice' });
  const at = (await site.services.people.schools()).find(({ practice }) => practice)?.id ?? '';
  const groot = (await site.services.people.staff(at)).find(({ name }) => name === 'T. de Groot');
  const practiceAdmin = makeBrowser(site.address);
  const link = await site.services.invitations.invite(groot?.id ?? '', site.people['beheer']?.id ?? '');
  await (await practiceAdmin.get(`/invitation/${link}`)).submit({ password });
  await (await practiceAdmin.get('/sign-in')).submit({ email: groot?.email ?? '', password });
  const added = await (await practiceAdmin.get('/people/new')).submit({ name: 'Zomaar', email: 'smit@proef.example', roles: 'leerkracht' });
  t.equal(added.path, '/people?done=person', 'no link: this person has a password');
  const smit = `/people/${site.people['smit']?.id ?? ''}`;
  const page = await practiceAdmin.get(smit);
  t.notMatch(page.text, /Nieuwe link|Overal uitloggen/);
  const csrf = /name="_csrf" value="([^"]+)"/.exec(page.html)?.[1] ?? '';
  t.equal((await practiceAdmin.post(`${smit}/link`, new URLSearchParams({ _csrf: csrf }))).status, 404);
  await page.submit({ name: 'Andere Naam' });
  t.equal((await site.services.people.names([site.people['smit']?.id ?? ''])).get(site.people['smit']?.id ?? ''), 'J. Smit');
  t.match((await practiceAdmin.get('/school')).text, 'Meer beheer');
  t.notMatch((await practiceAdmin.get('/school')).text, 'Oefenschool weghalen', 'who works nowhere else does not take it away');
  const smitIn = makeBrowser(site.address);
  const chosen = await (await smitIn.get('/sign-in')).submit({ email: 'smit@proef.example', password });
  t.match(chosen.text, /Bij welke school wilt u werken\?.*Basisschool De Proef.*Basisschool De Wilgen/, 'somebody at two schools chooses after signing in');
  t.equal((await smitIn.post('/schools', new URLSearchParams({ _csrf: /name="_csrf" value="([^"]+)"/.exec(chosen.html)?.[1] ?? '', school: 'x' }))).status, 404);
});

t.test('people come with a link, have several roles, and leave on a day', async (t) => {
  const site = await startSite({ now: '2026-03-18T09:00:00.000Z' });
  t.teardown(() => site.stop());
  const head = await site.signIn('beheer');
  const form = await head.get('/people/new');
  const wrong = await form.submit({ name: '', email: 'x', until: '31-2-2026' });
  t.same([wrong.status, wrong.text.includes('Vul de naam in.'), wrong.text.includes('Vul een bestaande datum in')], [422, true, true]);
  t.match((await form.submit({ name: 'X', email: 'smit@proef.example', roles: 'ib' })).text, 'Met dit e-mailadres is er al een collega.');
  const link = await form.submit({ name: 'Bo Vos', email: 'bo@proef.example', roles: ['leerkracht', 'ib'], until: '19-3-2026' });
  t.match(link.text, 'U ziet deze link alleen nu.');
  t.match((await head.get('/people')).text, /Bo Vos bo@proef\.example Leerkracht, Intern begeleider Uitnodiging nog niet gebruikt Tot en met donderdag 19 maart 2026/);

  const bo = makeBrowser(site.address);
  const path = new URL(/http:\S+\/invitation\/\S+/.exec(link.text)?.[0] ?? '').pathname;
  const welcome = await bo.get(path);
  t.match(welcome.text, 'Welkom, Bo Vos');
  t.match((await welcome.submit({ password: 'Bo Vos 1234567' })).text, /Kies een ander/);
  t.equal((await welcome.submit({ password })).path, '/sign-in?why=password');
  t.match((await bo.get(path)).text, 'Deze link is gebruikt of verlopen.');
  t.equal((await signIn(bo, 'bo@proef.example')).path, '/cases');

  const own = await (await bo.get('/cases')).follow('Bo Vos');
  t.equal(own.path, '/account');
  t.match((await own.submit({ current: 'fout fout fout', password: 'een heel andere zin' })).text, 'Dit is niet uw wachtwoord van nu.');
  t.equal((await own.submit({ current: password, password: 'een heel andere zin' })).path, '/sign-in?why=password');
  t.equal((await signIn(bo, 'bo@proef.example')).status, 422, 'the old password is gone');
  t.equal((await signIn(bo, 'bo@proef.example', 'een heel andere zin')).path, '/cases');

  const edit = await (await head.get('/people')).follow('Bo Vos');
  await edit.submit({}, { form: '/sessions/end' });
  t.equal((await bo.get('/cases')).path, '/sign-in?next=%2Fcases', 'logged out everywhere');
  const reset = await edit.submit({}, { form: '/link' });
  const again = await bo.get(new URL(/http:\S+\/invitation\/\S+/.exec(reset.text)?.[0] ?? '').pathname);
  await again.submit({ password });
  t.equal((await signIn(bo, 'bo@proef.example')).path, '/cases', 'a forgotten password is chosen anew');
  const late = await edit.submit({}, { form: '/link' });
  site.clock.now = '2026-03-25T10:00:00.000Z';
  t.match((await bo.get(new URL(/http:\S+\/invitation\/\S+/.exec(late.text)?.[0] ?? '').pathname)).text, 'Deze link is gebruikt of verlopen.', 'after seven days');
  site.clock.now = '2026-03-20T09:00:00.000Z';
  t.equal((await bo.get('/cases')).path, '/sign-in?next=%2Fcases', 'after the last day a session ends');
  t.equal((await signIn(bo, 'bo@proef.example')).status, 422, 'and nobody signs in');
  t.match((await (await site.signIn('beheer')).get(`/people/${site.people['beheer']?.id ?? ''}`)).text, 'Beheer');
});

t.test('the work list says what others did since the visit before', async (t) => {
  const site = await startSite({ now: '2026-03-17T09:00:00.000Z' });
  t.teardown(() => site.stop());
  t.notMatch((await (await site.signIn('vries')).get('/cases')).text, 'vorige bezoek', 'a first visit has no before');
  site.clock.now = '2026-03-17T10:00:00.000Z';
  const smit = await site.signIn('smit');
  await startCase(site, smit, 'signaal', { betreftMedewerker: false, feit: 'Kwam zonder jas.', bron: 'eigen-waarneming', datum: '2026-03-17' }, { naam: 'Sem Bakker', groep: '5' });
  site.clock.now = '2026-03-18T09:00:00.000Z';
  const vries = await site.signIn('vries');
  t.match((await vries.get('/cases')).text, /Sinds uw vorige bezoek \(gisteren 10:00\) deed een collega iets in 1 zaak\..*Nieuw sinds gisteren 11:00/);
  t.match((await vries.get('/cases')).text, 'deed een collega iets', 'it stays as long as the session');
  site.clock.now = '2026-03-18T12:00:00.000Z';
  t.match((await (await site.signIn('vries')).get('/cases')).text, /Sinds uw vorige bezoek \(vandaag 10:00\) is er niets nieuws/);
  t.notMatch((await (await site.signIn('smit')).get('/cases')).text, /deed een collega/, 'what one did oneself is no news');
});

t.test('a route that a school does not offer cannot be started there', async (t) => {
  const site = await startSite();
  t.teardown(() => site.stop());
  await site.services.schools.setRoutesOff(site.school, ['meldcode'], site.people['beheer']?.id ?? '');
  const smit = await site.signIn('smit');
  t.match((await smit.get('/cases/new')).text, 'Er is nog geen route die u kunt starten.');
});

t.test('colours', async (t) => {
  t.same([readColour('0B5563'), readColour('#abc'), readColour('teal'), readColour('#12345')], ['#0b5563', '#aabbcc', null, null]);
  t.equal(contrastInWords(contrastOf('#0b5563', '#ffffff')), '8,4');
  t.equal(contrastInWords(contrastOf('#777777', '#ffffff')), '4,4', 'cut off, not rounded');
  const colours = ['#0b5563', '#7a1f5c', '#000000', '#b00020', '#00663a', '#1a237e', '#767676', '#6a4c00', '#c2185b', '#0000ff'];
  for (const colour of colours) {
    const values = [...themeCss(colour).matchAll(/--([\w-]+):(#\w{6})/g)].map(([, name = '', value = '']): [string, string] => [name, value]);
    const [light, dark] = [new Map(values.slice(0, values.length / 2)), new Map(values.slice(-Math.ceil(values.length / 2)))];
    const pairs: [string | undefined, string | undefined][] = [
      [light.get('brand'), '#ffffff'], [light.get('brand'), light.get('tint')], [light.get('bar'), '#ffffff'],
      [dark.get('brand'), '#12191d'], [dark.get('brand'), dark.get('tint')], [dark.get('brand'), dark.get('on-brand')], [dark.get('bar'), '#ffffff'], ['#e8eef0', dark.get('tint')]
    ];
    t.same(pairs.filter(([one = '', other = '']) => contrastOf(one, other) < 4.5), [], `${colour} gives readable text in light and dark`);
  }
});

t.test('a theme of a colour that cannot be read is not there', async (t) => {
  const site = await startSite();
  t.teardown(() => site.stop());
  for (const path of ['/assets/theme/ffcc00.css', '/assets/theme/x.css', '/assets/logo/x/y']) t.equal((await fetch(`${site.address}${path}`)).status, 404, path);
});

t.test('pictures are judged by what is in them', async (t) => {
  t.match(readLogo(png), { type: 'image/png' });
  t.match(readLogo(jpeg), { type: 'image/jpeg' });
  t.equal(readLogo(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"></svg>')), 'kind');
  t.equal(readLogo(Buffer.concat([png, Buffer.alloc(200 * 1024)])), 'tooLarge');
  const wide = Buffer.from(png);
  wide.writeUInt32BE(9_000, 16);
  t.equal(readLogo(wide), 'tooWide');
});

t.test('a form with files is taken apart, or refused', async (t) => {
  const type = 'multipart/form-data; boundary=eengrens';
  const body = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'));
  const part = 'Content-Disposition: form-data; name=';
  const read = await readMultipart(body('--eengrens', `${part}"a"`, '', 'één\r\nregel', '--eengrens', `${part}"f"; filename=""`, 'Content-Type: image/png', '', '', '--eengrens', `${part}"g"; filename="../ë%22.pdf"`, '', 'x-', '--eengrens', `${part}"h"; filename="leeg.png"`, '', '', '--eengrens--', ''), type);
  t.same(read?.pairs, [['a', 'één\r\nregel']]);
  t.same(read?.files.map(({ field, name, content }) => [field, name, content.toString()]), [['g', '../ë".pdf', 'x-'], ['h', 'leeg.png', '']], 'a field in which nothing was chosen is none');
  t.equal(await readMultipart(body('--eengrens', `${part}"a"`, '', '1'), type), null, 'the end is missing');
  t.equal(await readMultipart(body('--eengrens', 'X: y', '', '1', '--eengrens--'), type), null);
  for (const wrong of ['multipart/form-data', 'multipart/form-data; boundary=y', 'multipart/form-data; boundary=']) t.equal(await readMultipart(body('--eengrens', `${part}"a"`, '', '1', '--eengrens--'), wrong), null, wrong);
  await t.rejects(readMultipart(body(...Array.from({ length: 2_001 }, () => ['--eengrens', `${part}"a"`, '', '1']).flat(), '--eengrens--'), type), { code: 'tooLarge' });
});

function signIn(browser: Browser, email: string, word = password): Promise<Page> {
  return browser.get('/sign-in').then((page) => page.submit({ email, password: word }));
}

function idOf(page: Page, name: string): string {
  return new RegExp(`${name}[\\s\\S]*?name="school" value="([^"]+)"`).exec(page.html)?.[1] ?? '';
}

