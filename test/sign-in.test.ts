import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { TOTP, Secret } from 'otpauth';
import t from 'tap';
import { readSessionTimes } from '../src/staff/session-times.ts';
import { readTexts } from '../src/texts.ts';
import { needsSecondFactor, accessTable } from '../src/trust/access.ts';
import { deviceOf, deviceText } from '../src/web/sign-in/device.ts';
import { makeBrowser, type Browser, type Page } from './fixtures/browser.ts';
import { startChromium } from './fixtures/chromium.ts';
import { startOidc, type Fault } from './fixtures/oidc.ts';
import { password, startSite, type TestSite } from './fixtures/site.ts';
import { startCase } from './fixtures/story.ts';

const signal = { betreftMedewerker: false, feit: 'Kwam zonder ontbijt op school.', bron: 'eigen-waarneming', datum: '2026-03-02' };
const child = { naam: 'Sem Bakker', groep: '5' };

t.test('a code after the password', async (t) => {
  const site = await startSite({ secondFactor: true });
  t.teardown(() => site.stop());
  const smit = makeBrowser(site.address);
  const enrol = await signIn(site, smit, 'smit');
  const phone = phoneOf(enrol);
  let codes: string[] = [];

  await t.test('whoever has none yet is led to make it first, and to nothing else', async (t) => {
    t.match(enrol.text, /Stel de tweede stap in.*Richt de app op dit vierkant.*Neem de code over/);
    t.equal((await smit.get('/cases')).path, '/second-factor?next=%2Fcases');
    t.equal((await smit.get('/account')).text, (await smit.get('/cases')).text, 'the same page and secret, whatever is asked');
    site.clock.now = later(site, 1);
    const other = makeBrowser(site.address);
    t.not(lettersOf(await signIn(site, other, 'smit')), lettersOf(enrol), 'in another session another');
    t.match((await enrol.submit({ code: '000000' })).text, 'Deze code klopt niet.');
    t.notMatch(enrol.html, /Sociale kaart|Mijn zaken/, 'the menu offers nothing either');
  });

  await t.test('the secret is not in the database as it is, and the codes on paper are shown once', async (t) => {
    const before = smit.cookie();
    const done = await enrol.submit({ code: phone(site) });
    codes = [...done.html.matchAll(/<li>([\dA-Z]{4}-[\dA-Z]{4}-[\dA-Z]{4})<\/li>/g)].map(([, code = '']) => code);
    t.equal(codes.length, 10);
    t.not(smit.cookie(), before, 'the session goes on under a new token');
    t.equal((await smit.get('/cases')).path, '/cases');
    const kept = JSON.stringify([await site.database.read('code_apps'), await site.database.read('recovery_codes')]);
    for (const secret of [...codes, ...codes.map((code) => code.replaceAll('-', '')), lettersOf(enrol)]) t.notMatch(kept, secret);
    t.match((await smit.get('/account')).text, /Een app geeft u codes, sinds maandag 2 maart 2026\. U hebt nog 10 herstelcodes\./);
  });

  await t.test('codes on paper are kept as passwords are, and those of before go on until they are used or renewed', async (t) => {
    const rows = await site.database.read<{ code_hash: string; person_id: string; made_at: string }>('recovery_codes');
    t.equal(rows.filter(({ code_hash }) => code_hash.startsWith('$argon2id$v=19$m=47104,t=1,p=1$')).length, 10);
    t.equal(new Set(rows.map(({ code_hash }) => code_hash.split('$')[4])).size, 1);
    // As version 0.1 kept them.
    const mark = (code: string): string => createHmac('sha256', site.keys.factors.hmac).update(JSON.stringify([site.people['smit']?.id, code])).digest('base64url');
    await site.database.write((connection) => connection('recovery_codes').insert({ ...rows[0], code_hash: mark('2222BBBB3333') }));
    t.equal((await (await signIn(site, makeBrowser(site.address), 'smit')).submit({ paper: '2222-bbbb-3333' })).path, '/cases');
    t.match((await (await signIn(site, makeBrowser(site.address), 'smit')).submit({ paper: '2222-bbbb-3333' })).text, 'Deze herstelcode klopt niet of is al gebruikt.');
    t.equal((await site.database.read('recovery_codes')).length, 10);
  });

  await t.test('a code counts once, also when it is sent twice at the same moment', async (t) => {
    site.clock.now = later(site, 60_000);
    const code = phone(site);
    const pages = await Promise.all([1, 2, 3].map(() => signIn(site, makeBrowser(site.address), 'smit')));
    const answers = await Promise.all(pages.map((page) => page.submit({ code })));
    t.same(answers.map(({ status }) => status).sort(), [200, 422, 422]);
    t.match((await (await signIn(site, makeBrowser(site.address), 'smit')).submit({ code })).text, 'Deze code klopt niet of is al gebruikt.');
  });

  await t.test('a clock may be half a minute off, and no more', async (t) => {
    for (const [off, status] of [[-60_000, 422], [60_000, 422], [-30_000, 200], [30_000, 200]] as const) {
      site.clock.now = later(site, 300_000);
      const page = await signIn(site, makeBrowser(site.address), 'smit');
      t.equal((await page.submit({ code: phone({ clock: { now: later(site, off) } }) })).status, status, `${String(off)} ms`);
    }
  });

  await t.test('a code on paper works once, in small letters too, and new ones end the old', async (t) => {
    const [first = '', second = '', third = ''] = codes;
    const browser = makeBrowser(site.address);
    t.equal((await (await signIn(site, browser, 'smit')).submit({ paper: first.toLowerCase().replaceAll('-', ' ') })).path, '/cases');
    t.match((await (await signIn(site, makeBrowser(site.address), 'smit')).submit({ paper: first })).text, 'Deze herstelcode klopt niet of is al gebruikt.');
    t.match((await browser.get('/account')).text, 'U hebt nog 9 herstelcodes.');
    t.match((await (await browser.get('/account')).submit({}, { form: '/second-factor/codes' })).text, 'Bewaar uw herstelcodes');
    t.equal((await (await signIn(site, makeBrowser(site.address), 'smit')).submit({ paper: second })).status, 422);
    t.match(JSON.stringify(await site.database.read('sign_in_tries')), '"failures":2', 'wrong codes are counted, apart from passwords');
    t.notMatch(JSON.stringify(await site.database.read('access_log')), third);
  });

  await t.test('with a password alone nobody links an app of their own', async (t) => {
    const thief = makeBrowser(site.address);
    const page = await signIn(site, thief, 'smit');
    t.equal((await thief.get('/second-factor/app')).path, '/second-factor?next=%2Fsecond-factor%2Fapp');
    const token = /name="_csrf" value="([^"]+)"/.exec(page.html)?.[1] ?? '';
    const { startedAt } = await site.services.sessions.find(thief.cookie().split('=')[1] ?? '', site.clock.now) ?? {};
    const linking = { person: site.people['smit']?.id ?? '', startedAt: startedAt ?? '' };
    const code = codeOf((await site.services.factors.newApp(linking, { issuer: 'x', email: 'x' })).letters, site.clock.now);
    await thief.post('/second-factor/app', new URLSearchParams({ _csrf: token, code }));
    t.equal((await thief.get('/cases')).path, '/second-factor?next=%2Fcases');
    t.equal(await site.services.factors.confirm(linking, code, { first: true, now: site.clock.now }), null, 'nor when somebody else was just first');
    t.equal((await thief.get('/session')).status, 200, 'the session itself goes on, to give the code');
  });

  await t.test('what was typed when the session ended goes through the code to the same place', async (t) => {
    site.clock.now = later(site, 300_000);
    const writer = makeBrowser(site.address);
    await (await signIn(site, writer, 'smit')).submit({ code: phone(site) });
    const form = await writer.get('/cases/new');
    site.clock.now = later(site, 9 * 3_600_000);
    const ended = await form.submit({ '/feit': 'Eerste regel.\r\n"Tweede" & derde.' });
    const code = await ended.submit({ email: site.people['smit']?.email ?? '', password });
    t.match([code.status, code.text], [401, /Vul uw code in/]);
    const wrong = await code.submit({ code: '12' });
    const back = await wrong.submit({ code: phone(site) });
    t.match(back.text, 'U bent weer ingelogd');
    t.match((await back.submit()).html, 'Eerste regel.\n&quot;Tweede&quot; &amp; derde.');
  });
});

t.test('semantics 22: the emergency form opens with a password alone, write-only; reading still needs the second factor', async (t) => {
  const site = await startSite({ secondFactor: true });
  t.teardown(() => site.stop());
  const smit = makeBrowser(site.address);
  await signIn(site, smit, 'smit');
  const note = await smit.get('/emergency-note');
  t.equal(note.status, 200);
  t.notMatch(note.html, /Mijn zaken|Sociale kaart/);
  const [gezegd = ''] = note.fields('/emergency-note').filter((name) => name.endsWith('/gezegd'));
  const sent = await note.submit({ [gezegd]: 'De politie komt nu.' }, { form: '/emergency-note' });
  t.match(sent.text, 'Uw notitie is verstuurd');
  t.notMatch(sent.html, /2026-[A-Z0-9]{4}|De politie komt nu/, 'not even the number of the case');
  const { number } = await site.database.read('cases').first<{ number: string }>('number');
  for (const path of ['/cases', `/cases/${number}`, `/cases/${number}/documents`, '/partners', '/account', '/schools', '/cases/new', '/']) t.match((await smit.get(path)).path, /^\/second-factor/, path);
  const enrol = await smit.get('/second-factor?next=%2Fcases');
  await enrol.submit({ code: phoneOf(enrol)(site) });
  t.match((await smit.get(`/cases/${number}`)).text, 'De politie komt nu.', 'it is there after the code');
  t.same(accessTable().filter(({ action, need }) => need !== 'public' && !needsSecondFactor(action)).map(({ action }) => action), ['session.end', 'session.keep', 'secondFactor.use', 'emergency.note'], 'and nothing else opens');
});

t.test('changing roles asks a code again after five minutes, and an administrator takes a lost second step away', async (t) => {
  const site = await startSite({ secondFactor: true });
  t.teardown(() => site.stop());
  const [head, smit] = [makeBrowser(site.address), makeBrowser(site.address)];
  const phone = await enrolled(site, head, 'beheer');
  await enrolled(site, smit, 'smit');
  const { id = '' } = site.people['smit'] ?? {};
  const edit = await head.get(`/people/${id}`);
  t.equal(edit.path, `/people/${id}`, 'within five minutes nothing is asked');
  site.clock.now = later(site, 300_000);
  const asked = await edit.submit({ name: 'Jo Smit', roles: ['leerkracht', 'ib'] });
  t.match([asked.status, asked.text], [401, /Vul uw code nog een keer in/]);
  t.match((await site.services.people.find(id, site.school))?.roles, ['leerkracht'], 'nothing changed yet');
  t.equal((await head.get('/people')).path, '/people', 'what is not weighty goes on');
  const token = new URLSearchParams([['_csrf', /name="_csrf" value="([^"]+)"/.exec(edit.html)?.[1] ?? ''], ['what', 'destroy']]);
  for (const path of ['/cases/2026-ZZZZ/keeping', '/cases/2026-ZZZZ/keeping/confirmation', '/emergency-access']) {
    t.match((await head.post(path, token)).text, /Vul uw code nog een keer in/, `${path} asks it as well, before it looks at any case`);
  }
  t.match((await head.get('/emergency-access')).text, /Vul uw code nog een keer in/);
  const back = await asked.submit({ code: phone(site) });
  t.equal((await back.submit()).path, '/people?done=person');
  t.match((await site.services.people.find(id, site.school))?.roles, ['leerkracht', 'ib']);
  t.equal((await (await head.get(`/people/${id}`)).submit({}, { form: '/second-factor/reset' })).path, '/people?done=reset');
  t.match((await smit.get('/cases')).path, '/sign-in', 'the sessions of this person ended');
  const enrol = await signIn(site, smit, 'smit');
  t.match(enrol.text, 'Stel de tweede stap in');
  t.match((await site.database.read('access_log').where('detail', `${id} reset`)).map((row: { action: string }) => row.action), ['changePerson']);
  await enrol.submit({ code: phoneOf(enrol)(site) });
  const link = await (await head.get(`/people/${id}`)).submit({}, { form: '/link' });
  const anew = await smit.get(new URL(/http:\S+\/invitation\/\S+/.exec(link.text)?.[0] ?? '').pathname);
  await anew.submit({ password: 'een heel andere zin' });
  const again = await (await smit.get('/sign-in')).submit({ email: site.people['smit']?.email ?? '', password: 'een heel andere zin' });
  t.match([again.path, again.text], ['/second-factor', /Vul uw code in/], 'a new password by a link takes no second step away');
});

t.test('where all names are invented a password is enough, and the page says so', async (t) => {
  const site = await startSite();
  t.teardown(() => site.stop());
  const smit = await site.signIn('smit');
  t.match((await smit.get('/account')).text, 'Hier wordt geen tweede stap gevraagd');
  t.match((await makeBrowser(site.address).get('/sign-in')).text, 'met alleen een wachtwoord');
  t.equal((await smit.get('/second-factor/app')).status, 404);
  t.equal((await startCase(site, smit, 'signaal', signal, child)).page.status, 200);
});

t.test('where somebody is signed in stands on their own page, and can be ended there', async (t) => {
  const site = await startSite({ secondFactor: true });
  t.teardown(() => site.stop());
  const [here, there, third, head] = [makeBrowser(site.address), makeBrowser(site.address), makeBrowser(site.address), makeBrowser(site.address)];
  const phone = await enrolled(site, here, 'smit');
  for (const browser of [there, third]) {
    site.clock.now = later(site, 60_000);
    await (await signIn(site, browser, 'smit')).submit({ code: phone(site) });
  }
  await enrolled(site, head, 'beheer');
  const account = await here.get('/account');
  t.match(account.text, /Waar u bent ingelogd.*Deze browser\. Ingelogd vandaag 10:00/);
  const ids = [...account.html.matchAll(/name="session" value="([^"]+)"/g)].map(([, id = '']) => id);
  t.equal(ids.length, 2);
  await head.post('/account/sessions/end', new URLSearchParams({ _csrf: /name="_csrf" value="([^"]+)"/.exec((await head.get('/account')).html)?.[1] ?? '', session: ids[0] ?? '' }));
  t.equal((await there.get('/cases')).path, '/cases', 'an id of somebody else ends nothing');
  t.match((await account.submit({ session: ids[0] ?? '' }, { form: '/account/sessions/end' })).text, 'Daar bent u nu uitgelogd.');
  t.same([(await there.get('/cases')).path, (await third.get('/cases')).path].map((path) => path === '/cases').sort(), [false, true], 'one ended');
  const list = await here.get('/account');
  site.clock.now = later(site, 300_000);
  const asked = await list.submit({}, { form: '/account/sessions/end-others' });
  t.match([asked.status, asked.text], [401, /Vul uw code nog een keer in/], 'after five minutes only with a code');
  const again = await asked.submit({ code: phone(site) });
  t.match(again.text, /Uw code klopt.*Wat u deed, is nog niet gebeurd/);
  await again.submit();
  t.same([(await there.get('/cases')).path, (await third.get('/cases')).path, (await here.get('/cases')).path], ['/sign-in?next=%2Fcases', '/sign-in?next=%2Fcases', '/cases']);
});

t.test('a school chooses within bounds how long somebody stays signed in', async (t) => {
  const site = await startSite();
  t.teardown(() => site.stop());
  const head = await site.signIn('beheer');
  const form = await (await head.get('/school')).follow('Hoe lang iemand ingelogd blijft');
  t.match(form.html, /name="idleMinutes" type="text" value="15"[\s\S]*name="hours" type="text" value="8"/);
  const refused = await form.submit({ idleMinutes: '4', hours: '12,5' });
  t.same([refused.status, refused.text.includes('van 5 tot en met 60'), refused.text.includes('van 1 tot en met 12')], [422, true, true]);
  t.equal((await form.submit({ idleMinutes: '30', hours: '1' })).path, '/school?done=school');
  const smit = await site.signIn('smit');
  site.clock.now = later(site, 29 * 60_000);
  t.equal((await smit.get('/cases')).path, '/cases');
  site.clock.now = later(site, 29 * 60_000);
  t.equal((await smit.get('/cases')).path, '/cases');
  site.clock.now = later(site, 2 * 60_000);
  t.match((await smit.get('/cases')).path, '/sign-in', 'an hour after signing in it ends');
  t.same([readSessionTimes('0 8'), readSessionTimes('x'), readSessionTimes('60 12')], [{ idleMinutes: 15, hours: 8 }, { idleMinutes: 15, hours: 8 }, { idleMinutes: 60, hours: 12 }], 'what is out of bounds in the database is as usual');
});

t.test('a passkey signs in alone, or comes after the password; it is made once, and can be taken away', async (t) => {
  const site = await startSite({ secondFactor: true, now: new Date().toISOString() });
  const chromium = await startChromium();
  t.teardown(async () => { await chromium.close(); await site.stop(); });
  const address = site.address.replace('127.0.0.1', 'localhost');
  const context = await chromium.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } });
  const faults: string[] = [];
  page.on('console', (message) => { if (message.type() === 'error' && message.text().includes('Content Security Policy')) faults.push(message.text()); });
  const fill = async (): Promise<void> => {
    await page.goto(`${address}/sign-in?next=/account`);
    await page.getByLabel('E-mail van school').fill(site.people['smit']?.email ?? '');
    await page.getByLabel('Wachtwoord').fill(password);
    await page.getByRole('button', { name: 'Inloggen' }).click();
  };
  await fill();
  const letters = (await page.locator('.sp-letters').innerText()).replace(/\s/g, '');
  await page.getByLabel('Code van zes cijfers uit de app').fill(codeOf(letters, site.clock.now));
  await page.getByRole('button', { name: 'Tweede stap aanzetten' }).click();
  await page.getByRole('link', { name: 'Ik heb de codes bewaard, verder' }).click();

  await page.getByRole('link', { name: 'Passkey toevoegen' }).click();
  await page.getByLabel('Naam').fill('Laptop van school');
  await page.getByRole('button', { name: 'Passkey maken' }).click();
  await page.getByText('De passkey is toegevoegd.').waitFor();
  t.match(await page.locator('main').innerText(), /Laptop van school\s+Gemaakt op .*, nog niet gebruikt/);
  await page.getByRole('link', { name: 'Naam van ‘Laptop van school’ wijzigen' }).click();
  await page.getByLabel('Naam').fill('');
  await page.getByRole('button', { name: 'Naam bewaren' }).click();
  await page.getByLabel('Naam').fill('Laptop van de klas');
  await page.getByRole('button', { name: 'Naam bewaren' }).click();
  await page.getByText('De naam van de passkey is gewijzigd.').waitFor();
  t.match(await page.locator('main').innerText(), /Laptop van de klas\s+Gemaakt op/);
  t.notOk(await site.services.passkeys.rename(site.people['jansen']?.id ?? '', (await site.services.passkeys.list(site.people['smit']?.id ?? ''))[0]?.id ?? '', 'Van mij', site.clock.now), 'nobody names that of somebody else');
  await page.goto(`${address}/account/passkeys/new`);
  await page.getByRole('button', { name: 'Passkey maken' }).click();
  await page.getByText('De passkey is niet gemaakt.').waitFor();

  const out = async (): Promise<void> => { await page.getByRole('button', { name: 'Uitloggen' }).first().click(); await page.waitForURL(/why=signed-out/); };
  await out();
  await page.goto(`${address}/sign-in?next=/account`);
  await page.getByRole('button', { name: 'Verder met een passkey' }).click();
  await page.waitForURL(`${address}/account`);
  t.match(await page.locator('main').innerText(), 'laatst gebruikt op');
  await out();
  await fill();
  const [answered] = await Promise.all([page.waitForRequest((request) => request.url().endsWith('/passkey') && request.method() === 'POST'), page.getByRole('button', { name: 'Verder met een passkey' }).click()]);
  await page.waitForURL(`${address}/account`);

  const answer = new URLSearchParams(answered.postData() ?? '').get('answer') ?? '';
  const thief = makeBrowser(address);
  t.match((await thief.post('/passkey', new URLSearchParams({ answer }), { origin: address })).text, 'Deze passkey hoort hier niet bij.', 'what was sent once does not sign in again');
  t.equal(await site.services.passkeys.prove(JSON.parse(answer), { host: 'elders.example', origin: 'https://elders.example', title: 'x' }, site.clock.now), null);

  await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  await out();
  await page.goto(`${address}/sign-in`);
  await page.getByRole('button', { name: 'Verder met een passkey' }).click();
  await page.getByText('Dit is niet gelukt.').waitFor();
  await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
  await page.goto(`${address}/sign-in?next=/account`);
  await page.getByRole('button', { name: 'Verder met een passkey' }).click();
  await page.waitForURL(`${address}/account`);
  await page.getByRole('button', { name: 'Weghalen' }).click();
  await page.getByText('De passkey is weg.').waitFor();
  await out();
  await page.goto(`${address}/sign-in`);
  await page.getByRole('button', { name: 'Verder met een passkey' }).click();
  await page.getByText('Deze passkey hoort hier niet bij.').first().waitFor();
  t.same(faults, [], 'all of it under the strict policy');
  t.notMatch((await makeBrowser(site.address).get('/sign-in')).html, 'data-passkey', 'a bare address has none');
});

t.test('an account elsewhere', async (t) => {
  let address = '';
  const provider = await startOidc(() => `${address}/sign-in/school-account/back`);
  const secretFile = join(t.testdir({ geheim: provider.secret }), 'geheim');
  chmodSync(secretFile, 0o600);
  const site = await startSite({ secondFactor: true, now: new Date().toISOString(), settings: { OIDC_ISSUER: provider.issuer, OIDC_CLIENT_ID: provider.clientId, OIDC_SECRET_FILE: secretFile, OIDC_NAME: 'Microsoft 365' } });
  address = site.address;
  t.teardown(async () => { await site.stop(); provider.stop(); });
  const smit = makeBrowser(address);
  await enrolled(site, smit, 'smit');
  const viaProvider = async (): Promise<Page> => (await makeBrowser(address).get('/sign-in?next=/account')).follow('Inloggen met Microsoft 365');

  await t.test('that nobody linked signs in nobody, whatever e-mail address it has', async (t) => {
    provider.account = 'vries@proef.example';
    t.match((await viaProvider()).text, 'Dit account bij Microsoft 365 hoort nog niet bij een collega.');
    provider.account = 'smit-elders';
  });

  await t.test('is linked by its person after a question, and takes the place of the password only', async (t) => {
    const confirm = await (await smit.get('/account')).follow('Microsoft 365 koppelen');
    t.match(confirm.text, 'Is dat uw eigen account, J. Smit?');
    t.match((await confirm.submit()).text, /Het account is gekoppeld.*Microsoft 365 is gekoppeld sinds/);
    t.equal((await confirm.submit()).status, 422, 'once');
    t.match((await viaProvider()).path, '/second-factor?next=%2Faccount');
    const kept = await Promise.all(['linked_accounts', 'sign_in_steps', 'sessions'].map((table) => site.database.read(table).select()));
    t.notMatch(JSON.stringify(kept), /eyJ/, 'no token of the provider is kept');
    t.same(await site.database.read('linked_accounts').select('issuer', 'subject', 'person_id'), [{ issuer: provider.issuer, subject: 'smit-elders', person_id: site.people['smit']?.id }]);
  });

  await t.test('a token that is not right signs in nobody', async (t) => {
    const now = Math.floor(Date.now() / 1_000);
    const faults: [string, Fault][] = [
      ['nonce', { claims: { nonce: 'van een ander' } }], ['audience', { claims: { aud: 'een-ander' } }], ['issuer', { claims: { iss: 'https://elders.example' } }],
      ['expired', { claims: { iat: now - 7_200, exp: now - 3_600 } }], ['alg none', { sign: false }], ['signed by another', { sign: 'other' }]
    ];
    for (const [name, fault] of faults) {
      provider.fault = fault;
      t.match((await viaProvider()).text, 'Inloggen met dat account is niet gelukt.', name);
    }
    const failed = await site.database.read<{ detail: string; person_id: string | null }>('access_log').where('action', 'signInFailed').select('detail', 'person_id');
    t.ok(failed.filter(({ detail }) => detail === 'schoolAccount').length >= faults.length, 'each try is in the log, with what was tried');
    provider.fault = { claims: {} };
    t.match((await viaProvider()).path, '/second-factor', 'while one that was only signed again does');
    provider.fault = null;
  });

  await t.test('an answer counts only in the browser that asked, and once', async (t) => {
    const asked = await fetch(`${address}/sign-in/school-account`, { redirect: 'manual' });
    const stranger = makeBrowser(address);
    const state = new URL(asked.headers.get('location') ?? '').searchParams.get('state') ?? '';
    t.match((await stranger.get(`/sign-in/school-account/back?code=x&state=${state}&iss=${encodeURIComponent(provider.issuer)}`)).text, 'niet gelukt');
    const signedIn = makeBrowser(address);
    const back = await (await signedIn.get('/sign-in')).follow('Inloggen met Microsoft 365');
    t.match(back.path, '/second-factor');
    t.notMatch(signedIn.cookie(), '-step', 'what the browser remembered is gone');
  });

  await t.test('comes with the link of an administrator as well, without a password', async (t) => {
    provider.account = 'jansen-elders';
    const token = await site.services.invitations.invite(site.people['jansen']?.id ?? '', site.people['beheer']?.id ?? '');
    const jansen = makeBrowser(address);
    const confirm = await (await jansen.get(`/invitation/${token}`)).follow('Microsoft 365 koppelen');
    t.match((await confirm.submit()).text, 'Uw account is gekoppeld. Log er nu mee in.');
    t.match((await jansen.get(`/invitation/${token}`)).text, 'Deze link is gebruikt of verlopen.');
    t.match((await (await jansen.get('/sign-in')).follow('Inloggen met Microsoft 365')).text, 'Stel de tweede stap in');
    t.match((await signIn(site, makeBrowser(address), 'jansen')).path, '/second-factor', 'and the password goes on working');
    await (await smit.get('/account')).submit({}, { form: '/account/school-account/remove' });
    provider.account = 'smit-elders';
    t.match((await viaProvider()).text, 'hoort nog niet bij een collega');
  });

  await t.test('of a provider that points elsewhere, or says another name than the one that was set, nothing is believed', async (t) => {
    const asked: string[] = [];
    const elsewhere = createServer((request, response) => {
      asked.push(request.url ?? '');
      if (request.headers.host?.startsWith('localhost') === true) response.writeHead(302, { location: `${provider.issuer}/.well-known/openid-configuration` }).end();
      else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ issuer: provider.issuer, authorization_endpoint: `${provider.issuer}/auth`, token_endpoint: `${provider.issuer}/token`, jwks_uri: `${provider.issuer}/jwks` }));
    });
    await new Promise<void>((resolve) => { elsewhere.listen(0, '127.0.0.1', resolve); });
    t.teardown(() => { elsewhere.closeAllConnections(); elsewhere.close(); });
    const { port } = elsewhere.address() as AddressInfo;
    for (const host of ['localhost', '127.0.0.1']) {
      const other = await startSite({ secondFactor: true, settings: { OIDC_ISSUER: `http://${host}:${String(port)}`, OIDC_CLIENT_ID: 'x', OIDC_SECRET_FILE: secretFile } });
      t.teardown(() => other.stop());
      const gone = await (await makeBrowser(other.address).get('/sign-in')).follow('Inloggen met schoolaccount');
      t.match([gone.status, gone.text], [503, /nu niet bereikbaar/], host);
    }
    t.same(asked, Array(2).fill('/.well-known/openid-configuration'));
  });

  await t.test('does not hold up the password when the other side is away', async (t) => {
    provider.stop();
    const other = await startSite({ secondFactor: true, settings: { OIDC_ISSUER: provider.issuer, OIDC_CLIENT_ID: 'x', OIDC_SECRET_FILE: secretFile } });
    t.teardown(() => other.stop());
    const gone = await (await makeBrowser(other.address).get('/sign-in')).follow('Inloggen met schoolaccount');
    t.match([gone.status, gone.text], [503, /nu niet bereikbaar/]);
    t.match((await signIn(other, makeBrowser(other.address), 'smit')).path, '/second-factor');
  });
});

t.test('of what a browser says it is only the kind is kept', async (t) => {
  const of = (text: string): string => deviceText(deviceOf(text), readTexts('nl'));
  t.same([
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
    'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36', 'curl/8'
  ].map(of), ['Firefox op Windows', 'Edge op Windows', 'Safari op iPhone', 'Chrome op Android', 'Onbekende browser']);
  t.equal(deviceText('__proto__ constructor', readTexts('nl')), 'Onbekende browser');
});

async function signIn(site: TestSite, browser: Browser, person: string): Promise<Page> {
  return (await browser.get('/sign-in')).submit({ email: site.people[person]?.email ?? '', password });
}

/** Signs in and links an app; gives that app. */
async function enrolled(site: TestSite, browser: Browser, person: string): Promise<ReturnType<typeof phoneOf>> {
  const page = await signIn(site, browser, person);
  const phone = phoneOf(page);
  await page.submit({ code: phone(site) });
  return phone;
}

function lettersOf({ html }: Page): string {
  return [...html.matchAll(/<span>([A-Z2-7]{4})<\/span>/g)].map(([, letters = '']) => letters).join('');
}

/** An app that was shown this page: gives the code of a moment. */
function phoneOf(page: Page): (site: { clock: { now: string } }) => string {
  return ({ clock }) => codeOf(lettersOf(page), clock.now);
}

function codeOf(letters: string, now: string): string {
  return TOTP.generate({ secret: Secret.fromBase32(letters), algorithm: 'SHA1', digits: 6, period: 30, timestamp: Date.parse(now) });
}

function later({ clock }: { clock: { now: string } }, ms: number): string {
  return new Date(Date.parse(clock.now) + ms).toISOString();
}
