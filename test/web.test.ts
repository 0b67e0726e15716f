import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { connect } from 'node:net';
import t from 'tap';
import { projectRoot } from '../src/config.ts';
import { loadContent } from '../src/documents/load-content.ts';
import { readTexts } from '../src/texts.ts';
import { makePace } from '../src/web/site/pace.ts';
import { makeBrowser, type Page } from './fixtures/browser.ts';
import { samples } from './fixtures/sample-files.ts';
import { startSite, type TestSite } from './fixtures/site.ts';
import { startCase } from './fixtures/story.ts';

const signal = { betreftMedewerker: false, feit: 'Kwam zonder ontbijt op school.', bron: 'eigen-waarneming', datum: '2026-03-02' };
const child = { naam: 'Sem Bakker', groep: '5' };

/** Every route of the application, as the router has it. */
function routesOf({ app }: TestSite): { method: string; path: string }[] {
  return app.printRoutes({ commonPrefix: false }).split('\n').flatMap((line) => {
    const [, path = '', methods = ''] = /(\/\S*) \(([A-Z, ]+)\)/.exec(line) ?? [];
    return methods.split(', ').filter((method) => method !== '').map((method) => ({ method, path }));
  });
}

t.test('pages are safe to show and posts are safe to take', async (t) => {
  const site = await startSite();
  t.teardown(() => site.stop());
  const smit = await site.signIn('smit');
  const { story } = await startCase(site, smit, 'signaal', signal, child);
  const posts = routesOf(site).filter(({ method }) => method === 'POST').map(({ path }) => path);

  await t.test('every post without the token of the session is refused', async (t) => {
    t.ok(posts.length >= 15, `there are ${String(posts.length)} posts`);
    for (const path of posts.filter((one) => !/sign-in|setup|invitation/.test(one))) {
      const address = path.replace(':number', story.number).replace(':task', 'samenvatting').replace(/:\w+/g, 'x');
      const page = await smit.post(address, new URLSearchParams({ '/feit': 'x' }));
      t.ok([403, 404].includes(page.status), `${path} gives ${String(page.status)}`);
    }
  });

  await t.test('a post from another site is refused', async (t) => {
    const page = await smit.get('/cases/new');
    const token = /name="_csrf" value="([^"]+)"/.exec(page.html)?.[1] ?? '';
    t.equal((await smit.post('/cases/new', new URLSearchParams({ _csrf: token }), { origin: 'https://elders.example' })).status, 403);
    t.equal((await smit.post('/cases/new', new URLSearchParams({ _csrf: token }), { 'sec-fetch-site': 'cross-site' })).status, 403);
    t.equal((await smit.post('/sign-in', new URLSearchParams({ email: 'x' }), { origin: 'https://elders.example' })).status, 403, 'also to sign in');
  });

  await t.test('every page says what a browser may do with it', async (t) => {
    for (const path of ['/sign-in', '/cases', '/cases/new', `/cases/${story.number}`, '/partners', '/nergens']) {
      const { headers } = await smit.get(path);
      t.match(headers.get('content-security-policy'), /default-src 'none'.*require-trusted-types-for 'script'/);
      t.notMatch(headers.get('content-security-policy'), /unsafe/);
      t.equal(headers.get('cache-control'), 'no-store', path);
      t.equal(headers.get('x-content-type-options'), 'nosniff');
      t.equal(headers.get('referrer-policy'), 'same-origin');
    }
    for (const path of ['/cases', '/cases/new', `/cases/${story.number}`, '/partners', '/account', '/nergens']) t.match((await smit.get(path)).html, 'action="/sign-out"', `${path} says how to sign out`);
    t.match((await fetch(`${site.address}/assets/main.js`)).headers.get('content-type'), /javascript/);
    for (const source of ['main.ts', 'stappenplan.scss', 'tsconfig.json']) t.equal((await fetch(`${site.address}/assets/${source}`)).status, 404, `${source} is not served`);
  });

  await t.test('every answer says what it is and in which letters, lets no other site read it, and changes nothing by being asked', async (t) => {
    const before = await contentOf(site);
    const page = await smit.get('/cases');
    const files = [...page.html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, file = '']) => file);
    t.ok(files.some((file) => file.endsWith('.css')) && files.some((file) => file.endsWith('.js')), files.join(' '));
    const gets = routesOf(site).filter(({ method, path }) => method === 'GET' && !path.includes('*')).map(({ path }) => path.replace(':number', story.number).replace(':task', 'signaal').replace(':record', '1').replace(/:\w+/g, 'x'));
    t.ok(gets.length > 60, String(gets.length));
    for (const path of [...gets, ...files, '/nergens']) {
      const { headers, body } = await fetch(new URL(path, site.address), { headers: { cookie: smit.cookie(), origin: 'https://elders.example' }, redirect: 'manual' });
      await body?.cancel();
      const type = headers.get('content-type');
      t.ok(type === null || /^(text\/|application\/(json|javascript))/.test(type) === /; ?charset=utf-8$/i.test(type), `${path}: ${String(type)}`);
      t.same([headers.get('x-content-type-options'), headers.get('access-control-allow-origin'), headers.get('cross-origin-opener-policy'), headers.get('cross-origin-resource-policy')], ['nosniff', null, 'same-origin', 'same-origin'], path);
      t.match(headers.get('content-security-policy'), /object-src 'none'.*frame-ancestors 'none';base-uri 'none'/, path);
    }
    t.same(await contentOf(site), before, 'asking for a page changes nothing of what is kept');
  });

  await t.test('there is no other method, no list of a folder, and no file but those of the pages', async (t) => {
    for (const method of ['TRACE', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const) {
      const { statusCode, body } = await site.app.inject({ method: method as 'PUT', url: '/cases', headers: { cookie: smit.cookie() } });
      t.equal(statusCode, 404, method);
      t.notMatch(body, /Bakker|cookie/, 'nothing of what was asked comes back');
    }
    for (const path of ['/.git/config', '/.git/HEAD', '/package.json', '/docs/security.md', '/data/stappenplan.db', '/assets/', '/assets/..%2f..%2fpackage.json', '/assets/%2e%2e/page.ts', '/src/app.ts', '/metrics', '/openapi.json']) {
      t.equal((await smit.get(path)).status, 404, path);
    }
    t.same(await Promise.all(['healthz', 'readyz'].map(async (path) => (await fetch(`${site.address}/${path}`)).text())), ['ok\n', 'ok\n'], 'how it goes says no more than that it goes');
  });

  await t.test('a password is asked so that a browser hides it, pastes it and fills it in', async (t) => {
    const fieldsOf = (html: string): string[] => [...html.matchAll(/<input[^>]*name="(?:password|current)"[^>]*>/g)].map(([tag]) => tag);
    const [signIn = '', ...own] = [...fieldsOf((await makeBrowser(site.address).get('/sign-in')).html), ...fieldsOf((await smit.get('/account')).html)];
    t.match(signIn, /type="password".*autocomplete="current-password"/);
    t.equal(own.length, 2);
    for (const [index, kind] of ['current-password', 'new-password'].entries()) t.match(own[index], new RegExp(`type="password".*autocomplete="${kind}"`));
    for (const tag of [signIn, ...own]) t.notMatch(tag, /maxlength|readonly|pattern|value="[^"]/);
  });

  await t.test('what somebody searches for stands in no address', async (t) => {
    const vries = await site.signIn('vries');
    const found = await (await vries.get('/cases')).submit({ zoek: 'Bakker' }, { form: '/cases' });
    t.match([found.status, found.path], [200, /^\/cases\?zoek=v1\.[\w.-]+$/]);
    t.notMatch(found.path, /bakker/i);
    t.match(found.text, story.number);
    t.match(found.html, 'value="Bakker"', 'it stands in the field');
    const other = await (await vries.get('/cases')).submit({ zoek: 'Jansen', afgesloten: '1' }, { form: '/cases' });
    t.match(other.path, /&afgesloten=1$/);
    t.match(other.text, 'Geen zaak');
    t.equal((await (await vries.get(found.path)).submit({ zoek: '' }, { form: '/cases' })).path, '/cases');
    t.notMatch((await (await site.signIn('hofman')).get(found.path)).html, /Bakker/, 'sealed for one person: who finds the address learns nothing of it');
    t.equal((await vries.get(`${found.path}x`)).status, 200);
  });

  await t.test('signing in again ends the session that was there', async (t) => {
    const vries = await site.signIn('vries');
    const before = vries.cookie();
    const { email = '' } = site.people['vries'] ?? {};
    await vries.post('/sign-in', new URLSearchParams({ email, password: 'een zin om mee in te loggen', _csrf: /name="_csrf" value="([^"]+)"/.exec((await vries.get('/account')).html)?.[1] ?? '' }));
    t.not(vries.cookie(), before);
    t.equal((await vries.get('/cases')).path, '/cases');
    const { headers } = await fetch(`${site.address}/cases`, { headers: { cookie: before }, redirect: 'manual' });
    t.match(headers.get('location'), '/sign-in', 'the token of before opens nothing any more');
  });

  await t.test('whoever tries what is not theirs is written down, and so is a post that no page of ours sent', async (t) => {
    const jansen = await site.signIn('jansen');
    await jansen.get('/people');
    await jansen.post('/account', new URLSearchParams({ password: 'iets anders dan dat' }));
    await jansen.post('/cases/new', new URLSearchParams(), { origin: 'https://elders.example' });
    const lines = await site.database.read<{ person_id: string; action: string; detail: string; at: string; chain: string }>('access_log').where({ person_id: site.people['jansen']?.id ?? '', action: 'refusedTry' }).orderBy('sequence');
    t.same(lines.map(({ detail, chain }) => [detail, chain]), [['people.view', 'general'], ['form', 'general'], ['form', 'general']]);
    t.match(lines[0]?.at, /^2026-03-02T09:\d\d:\d\d\.\d{3}Z$/, 'in universal time');
    t.match((await jansen.get('/account/access-log?soort=refused')).text, 'U probeerde iets wat deze persoon niet mag, en werd geweigerd.');
  });

  await t.test('nobody sees a page of a case without signing in, and comes back to it afterwards', async (t) => {
    const stranger = makeBrowser(site.address);
    const page = await stranger.get(`/cases/${story.number}`);
    t.equal(page.path, `/sign-in?next=${encodeURIComponent(`/cases/${story.number}`)}`);
    const back = await page.submit({ email: site.people['vries']?.email ?? '', password: 'een zin om mee in te loggen' });
    t.equal(back.path, `/cases/${story.number}`);
    for (const next of ['//elders.example', '/\\elders.example', 'https://elders.example']) {
      const signIn = await makeBrowser(site.address).get(`/sign-in?next=${encodeURIComponent(next)}`);
      t.equal((await signIn.submit({ email: site.people['vries']?.email ?? '', password: 'een zin om mee in te loggen' })).path, '/cases');
    }
  });

  await t.test('who sees only their own part keeps what they wrote when a colleague was first, and is told no more', async (t) => {
    const vries = await site.signIn('vries');
    const form = await smit.get(`/cases/${story.number}/tasks/overleg`);
    await story.handIn(vries, 'overleg', { metDirectie: false, metIb: false, uitkomst: 'Van een ander.' });
    const late = await form.submit({ '/metDirectie': 'false', '/metIb': 'false', '/uitkomst': 'Van mij.' });
    t.equal(late.status, 409);
    t.match(late.text, /staat voor u niet meer open.*Concept bewaard.*Alleen u ziet dit.*Van mij\./);
    t.notMatch(late.text, /Van een ander|de Vries/);
    const own = await story.look(smit);
    t.match(own.text, 'Wat u schreef en niet is vastgelegd');
    t.match((await own.follow('Overleg met directeur en intern begeleider, bewaard vandaag')).text, 'Van mij.');
    t.notMatch((await story.look(vries)).text, 'niet is vastgelegd');
  });

  await t.test('a long timeline comes in parts: each event stands on one of them, who sees only their own part gets no more, and the dossier has it whole', async (t) => {
    const number = story.number;
    const { cases, newKey } = site.services;
    const { id = '' } = site.people['vries'] ?? {};
    const writes = async (text: string): Promise<void> => {
      const answers = { datum: '2026-03-02', met: 'ouder', kanaal: 'telefoon', onderwerp: text, inhoud: 'Een gewone zin.' };
      const result = await cases.act({ id, roles: ['ib'], school: site.school, settings: {} }, number, { type: 'submit', task: 'contact', answers }, { key: newKey(), draft: null });
      t.equal(result.type, 'done');
    };
    for (let count = 1; count <= 34; count += 1) await writes(`Gesprek ${String(count)}.`);
    const vries = await site.signIn('vries');
    const looks = async (): Promise<number> => (await site.database.read('access_log').where({ person_id: id, action: 'view' })).length;
    const idsOf = ({ html }: Page): string[] => [...html.matchAll(/<li id="gebeurtenis-(\d+)"/g)].map(([, sequence = '']) => sequence);
    const href = (page: Page, text: string): string => page.links.find((link) => link.text === text)?.href ?? '';

    const words = ({ text }: Page): string => text.slice(text.indexOf('Tijdlijn Alles'));

    const before = await looks();
    const newest = await vries.get(`/cases/${number}`);
    t.match(words(newest), /^Tijdlijn Alles Besluiten Vastleggingen \(37\) Systeem \(2\) De nieuwste 25 van 39 gebeurtenissen\./);
    t.equal(idsOf(newest).length, 25);
    t.match(words(newest), /Gesprek 34\.[^]*Gesprek 10\./);
    t.match(newest.html, /<h2 id="tijdlijn" tabindex="-1">[^]*class="sp-on-paper">Op papier staat alleen dit deel van de tijdlijn: 25 van 39 gebeurtenissen\. De hele zaak haalt u op bij Documenten, met ‘Hele zaak ophalen’\./);
    const earlier = await vries.get(href(newest, 'Eerdere gebeurtenissen tonen'));
    t.match(earlier.path, /^\/cases\/[\w-]+\?before=\d+$/, 'the address has no more than a number');
    t.match(words(earlier), /14 van 39 gebeurtenissen, 2 maart\. Naar de nieuwste [^]*Gesprek 9\.[^]*Gesprek 1\.[^]*Dit is het begin: ervoor staat niets\. Latere gebeurtenissen tonen Op papier/);
    t.notMatch(words(earlier), 'Eerdere gebeurtenissen tonen');
    const shown = [...idsOf(newest), ...idsOf(earlier)];
    t.same(shown, [...new Set(shown)].sort((one, other) => Number(other) - Number(one)), 'each once, newest first');
    const again = await vries.get(href(earlier, 'Latere gebeurtenissen tonen'));
    t.same(idsOf(again), idsOf(newest));
    await writes('Gesprek 35.');
    t.same(idsOf(await vries.get(earlier.path)), idsOf(earlier), 'what is added moves nothing');
    const further = await vries.get(again.path);
    t.same(idsOf(further), idsOf(newest));
    t.match(words(await vries.get(href(further, 'Latere gebeurtenissen tonen'))), /1 van 40 gebeurtenissen, 2 maart\. Naar de nieuwste [^]*Gesprek 35\./);

    const records = await vries.get(`/cases/${number}?timeline=records`);
    const rest = await vries.get(href(records, 'Eerdere gebeurtenissen tonen'));
    t.match(rest.path, /\?timeline=records&before=\d+$/);
    t.equal(idsOf(records).length + idsOf(rest).length, 38, 'as many as the filter says');
    t.match(words(await vries.get(`/cases/${number}?timeline=decisions`)), /Systeem \(2\) Hier staat nog niets\.$/);
    t.match(words(await vries.get(`/cases/${number}?before=0`)), /Systeem \(2\) Op deze plaats in de tijdlijn staat niets\. Naar de nieuwste/);
    for (const place of ['before=x', 'before=-1', 'before=999999999', 'before=1e3', 'after=999', 'before=3&before=4']) t.match(words(await vries.get(`/cases/${number}?${place}`)), 'De nieuwste 25 van 40 gebeurtenissen.', place);
    t.equal(await looks() - before, 16, 'each part is a look');

    const own = await smit.get(`/cases/${number}`);
    t.match(words(own), /Vastleggingen \(2\) Systeem \(2\) [^]*Kwam zonder ontbijt/);
    for (const page of [own, await smit.get(`/cases/${number}?before=20`), await smit.get(`/cases/${number}?after=4`)]) t.notMatch(page.text, /Gesprek \d|van 40/);

    const hofman = await site.signIn('hofman');
    const dossier = await (await hofman.get(`/cases/${number}/export`)).submit({ what: 'print', reason: 'De inspectie vraagt erom.' });
    const chronology = dossier.text.slice(dossier.text.lastIndexOf('Tijdlijn'), dossier.text.lastIndexOf('Vastleggingen'));
    t.same(chronology.match(/Gesprek \d+/g), Array.from({ length: 35 }, (_, index) => `Gesprek ${String(index + 1)}`), 'the dossier');
  });

  await t.test('an admin has no case for being admin', async (t) => {
    const admin = await site.signIn('beheer');
    t.equal((await admin.get(`/cases/${story.number}`)).status, 404);
    t.notMatch((await admin.get('/cases')).text, story.number);
    t.equal((await smit.get('/people')).status, 404, 'and staff do not manage');
    t.equal((await smit.get('/partners/new')).status, 404);
  });

  await t.test('a teacher sees what is their own', async (t) => {
    const jansen = await site.signIn('jansen');
    t.equal((await jansen.get(`/cases/${story.number}`)).status, 404, 'not the case of a colleague');
    const own = await story.look(smit);
    t.equal(own.status, 200);
    t.notMatch(own.html, 'Documenten (');
    t.equal((await smit.get(`/cases/${story.number}/documents/signalenoverzicht`)).status, 404);
  });

  await t.test('covering the screen ends the session at once', async (t) => {
    const hofman = await site.signIn('hofman');
    const cover = await (await hofman.get(`/cases/${story.number}`)).submit({}, { form: '/cover' });
    t.equal(cover.path, '/cover');
    const other = await site.signIn('visser');
    for (const path of ['/cover', '/sign-out']) {
      const { headers } = await fetch(`${site.address}${path}`, { method: 'POST', redirect: 'manual', headers: { cookie: other.cookie() }, body: new URLSearchParams({ _csrf: /name="_csrf" value="([^"]+)"/.exec((await other.get('/account')).html)?.[1] ?? '' }) });
      t.match(headers.get('clear-site-data'), '"cache"', path);
      await (await other.get('/sign-in')).submit({ email: site.people['visser']?.email ?? '', password: 'een zin om mee in te loggen' });
    }
    t.notMatch(cover.html, /Sem|Bakker|Stappenplan|112/);
    t.match((await hofman.get(`/cases/${story.number}`)).path, '/sign-in');
  });

  await t.test('what is too much or broken gets a page, and the log holds nothing that was typed', async (t) => {
    const token = /name="_csrf" value="([^"]+)"/.exec((await smit.get('/cases/new')).html)?.[1] ?? '';
    const large = await smit.post('/cases/new', new URLSearchParams({ _csrf: token, '/feit': 'x'.repeat(1_100_000) }));
    t.equal(large.status, 413);
    t.match(large.text, /te veel/);
    t.equal((await smit.post('/cases/new', `_csrf=${token}${'&a=1'.repeat(2_100)}`)).status, 413);
    t.equal((await smit.post('/cases/new', '{"a":1}', { 'content-type': 'application/json' })).status, 400);
    t.equal((await smit.get('/cases/%E0%A4%A')).status, 400);
    // PostgreSQL takes no text with a NUL, and no PDF can hold one.
    t.same(await Promise.all(['/cases/2026%00ABCD', `/cases/${story.number}/tasks/x%00`, '/cases?zoek=%00'].map(async (path) => (await smit.get(path)).status)), [404, 404, 404]);
    t.match((await smit.post('/cases/new', new URLSearchParams({ _csrf: token, '/feit': 'Zonder\u0000 jas,\uFFFE\tmaar\r\nmet trui.' }))).html, /Zonder jas,\tmaar\r?\nmet trui\./, 'signs that are no text are left out');
    t.equal((await smit.get('/cases?route=x&route=y')).status, 200);
    t.match((await smit.get('/cases?route=x&route=y')).text, story.number, 'what is there twice counts as not there');
    const socket = connect(Number(new URL(site.address).port), '127.0.0.1');
    socket.end('POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /cases HTTP/1.1\r\nHost: x\r\n\r\n');
    const answer: string[] = [];
    socket.on('data', (part) => { answer.push(String(part)); });
    await once(socket, 'close');
    t.match(answer.join(''), /^HTTP\/1\.1 400 /, 'a request that says its length in two ways is one, and refused');
    t.equal(answer.join('').split('HTTP/1.1 ').length, 2);
    t.notMatch(site.log.join(''), /ontbijt|Bakker|smit@/);
  });

  await t.test('a session that ends while somebody writes gives the text back after signing in, to be sent as it was', async (t) => {
    const writer = await site.signIn('vries');
    const form = await (await writer.get(`/cases/${story.number}/tasks/samenvatting`)).submit({ '/zijnErZorgen': 'nee' });
    const { now } = site.clock;
    site.clock.now = new Date(Date.parse(now) + 9 * 3_600_000).toISOString();
    const ended = await form.submit({ '/waaromGeenZorgen': 'Eerste regel.\r\n"Tweede" & derde.' });
    t.equal(ended.status, 401);
    t.match(ended.text, /uitgelogd.*Wat u schreef, is er nog/);
    t.notMatch(ended.path, /regel/, 'what was typed is in no address');
    const wrong = await ended.submit({ email: site.people['vries']?.email ?? '', password: 'iets anders dan dat' });
    t.equal(wrong.status, 422);
    const back = await wrong.submit({ email: site.people['vries']?.email ?? '', password: 'een zin om mee in te loggen' });
    t.match(back.text, 'U bent weer ingelogd');
    const check = await back.submit();
    t.equal(check.path, `/cases/${story.number}/tasks/samenvatting/check`);
    t.match(check.text, 'Eerste regel. "Tweede" & derde.');
    t.equal((await makeBrowser(site.address).post('/account', 'password=geheim')).status, 401, 'a password is not carried along');
    site.clock.now = now;
  });
});

t.test('one session that posts without pause is slowed down and then refused, and nobody else is', async (t) => {
  const pauses: number[] = [];
  const clock = { ms: 0 };
  const pace = makePace({ perSecond: 20, pause: async (ms) => { pauses.push(ms); }, clockMs: () => clock.ms });
  const turns = await Promise.all(Array.from({ length: 250 }, () => pace.turn('a')));
  t.same([turns.indexOf(false), pauses.length, pauses[0], pauses.at(-1)], [240, 40, 50, 2_000], 'two hundred at once, forty that wait, no more');
  t.equal(await pace.turn('b'), true);
  t.equal(pauses.length, 40, 'somebody else does not wait');
  clock.ms = 1_000;
  t.same(await Promise.all(Array.from({ length: 21 }, () => pace.turn('a'))), [...Array<boolean>(20).fill(true), false], 'twenty a second from then on');
  clock.ms = 60_000;
  t.equal(await pace.turn('a'), true);
  t.equal(pauses.length, 60, 'after a rest nothing waits');

  const site = await startSite({ postsPerSecond: 1 });
  t.teardown(() => site.stop());
  const [smit, vries] = [await site.signIn('smit'), await site.signIn('vries')];
  const answers = await Promise.all(Array.from({ length: 16 }, () => smit.post('/cases/new', new URLSearchParams({ '/feit': 'Wat ik schreef.' }))));
  const refused = answers.filter(({ status }) => status === 429);
  t.ok(refused.length >= 2 && refused.length <= 4, String(refused.length));
  t.match(refused[0]?.text, 'Wat ik schreef.', 'what was typed comes back');
  t.equal((await smit.get('/cases')).status, 200, 'looking goes on');
  t.equal((await vries.post('/cases/new', new URLSearchParams())).status, 403, 'and so do others');
});

t.test('what goes wrong by itself tells a browser nothing, and the log of which kind it is, on one line', async (t) => {
  const site = await startSite();
  t.teardown(() => site.stop());
  const smit = await site.signIn('smit');
  await site.database.write(async (connection) => { await connection.raw('alter table drafts rename to drafts_elsewhere'); });
  const page = await smit.get('/cases?zoek=geheim%0d%0a%7B%22level%22:60%7D&regel=niveau');
  t.equal(page.status, 503);
  t.notMatch(page.html, /drafts|select|insert|sqlite|knex|\.ts|node_modules| at /i, 'no table, no question, no place in the program');
  const lines = site.log.flatMap((text) => text.trimEnd().split('\n')).map((line) => JSON.parse(line) as { level: number; time: number; reqId: string; code: string; err: { type: string; code: string; stack: string } });
  t.ok(lines.length > 0);
  for (const line of lines) t.match(line, { level: 50, time: Number, reqId: String, code: /^un(expected|available)$/, err: { type: 'Error', code: 'SQLITE_ERROR', stack: String } });
  t.notMatch(site.log.join(''), /geheim|niveau|regel=|select |insert /, 'nor anything typed, asked or found');
  t.match(page.text, lines.at(-1)?.reqId, 'the page names the line');
  t.equal((await smit.get('/partners')).status, 200, 'and the rest goes on');
});

t.test('over https a cookie belongs to this host alone, a browser never comes back without it, and the server in front says who asks', async (t) => {
  const site = await startSite({ settings: { PUBLIC_URL: 'https://stappenplan.school.nl', TRUSTED_PROXY: '127.0.0.1' } });
  t.teardown(() => site.stop());
  const { email = '' } = site.people['smit'] ?? {};
  const signIn = (password: string, from: string): Promise<Response> => fetch(`${site.address}/sign-in`, {
    method: 'POST', redirect: 'manual', body: new URLSearchParams({ email, password }), headers: { 'x-forwarded-for': from, origin: 'https://stappenplan.school.nl', 'user-agent': 'x' }
  });
  const { headers } = await signIn('een zin om mee in te loggen', '198.51.100.7');
  t.ok(headers.getSetCookie().length > 0);
  for (const cookie of headers.getSetCookie()) for (const part of [/^__Host-/, /; Path=\//, /; HttpOnly/, /; Secure/, /; SameSite=Lax/]) t.match(cookie, part);
  t.equal(headers.get('strict-transport-security'), 'max-age=31536000; includeSubDomains');
  const hashOf = (address: string): string => createHash('sha256').update(`address ${address}`).digest('hex');
  const tried = async (): Promise<string[]> => (await site.database.read<{ subject_hash: string }>('sign_in_tries').select('subject_hash')).map((row) => row.subject_hash);
  await signIn('een verkeerde', '198.51.100.7');
  t.ok((await tried()).includes(hashOf('198.51.100.7')), 'the address that the server in front saw');
  await signIn('een verkeerde', '203.0.113.9, 198.51.100.8');
  t.same([(await tried()).includes(hashOf('198.51.100.8')), (await tried()).includes(hashOf('203.0.113.9'))], [true, false], 'what somebody put before it is not believed');
  const bare = await startSite();
  t.teardown(() => bare.stop());
  await fetch(`${bare.address}/sign-in`, { method: 'POST', body: new URLSearchParams({ email, password: 'x' }), headers: { 'x-forwarded-for': '203.0.113.9' } });
  t.same((await bare.database.read<{ subject_hash: string }>('sign_in_tries').select('subject_hash')).map((row) => row.subject_hash).includes(hashOf('127.0.0.1')), true, 'nor anything when no server is in front');
});

t.test('a school changes its own files while the server runs', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'stappenplan-content-'));
  for (const name of ['workflows', 'forms', 'documents']) cpSync(join(projectRoot, name), join(folder, name), { recursive: true });
  const site = await startSite({ contentDir: folder });
  t.teardown(async () => {
    await site.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const translate = readTexts('nl');
  const publish = async (): Promise<string[]> => {
    site.clock.now = new Date(Date.parse(site.clock.now) + 60_000).toISOString();
    const content = loadContent(folder, translate);
    await site.services.library.publish(content.workflows, content.names, site.clock.now);
    return content.problems.map(({ file, line, column, text, proposal }) => `${file}:${String(line)}:${String(column)}: ${text} ${proposal ?? ''}`);
  };
  const edit = (file: string, from: string, to: string): void => {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
    writeFileSync(path, text.replace(from, to));
  };
  const vries = await site.signIn('vries');
  const before = (await startCase(site, vries, 'signaal', signal, child)).story;
  edit('forms/signalen-samenvatting.json', '"properties": {', '"properties": {\n      "weer": { "type": "string", "title": "Wat voor weer was het?", "maxLength": 100 },');
  edit('workflows/meldcode-2019.json', '"contact": { "title": "Leg een contact vast"', '"weerbericht": { "title": "Kijk naar het weer", "form": "contact", "repeat": true },\n    "contact": { "title": "Leg een contact vast"');
  t.same(await publish(), []);
  const after = (await startCase(site, vries, 'signaal', signal, child)).story;
  t.match((await vries.get(`/cases/${after.number}/tasks/samenvatting`)).text, /Wat voor weer was het\?/, 'the next case has the question');
  t.match((await after.look(vries)).text, /Kijk naar het weer/, 'and the task');
  t.notMatch((await vries.get(`/cases/${before.number}/tasks/samenvatting`)).text, /Wat voor weer/, 'a running case keeps its version');
  edit('workflows/meldcode-2019.json', '"form": "contact", "repeat": true },\n    "contact"', '"form": "contct", "repeat": true },\n    "contact"');
  const [problem = ''] = await publish();
  t.match(problem, /^workflows\/meldcode-2019\.json:\d+:\d+: /, 'a typo is told with its place');
  t.match(problem, 'contact', 'and with a proposal');
  t.match((await (await startCase(site, vries, 'signaal', signal, child)).story.look(vries)).text, /Kijk naar het weer/, 'the last good version goes on');
});

t.test('an admin keeps the partner directory, and everybody sees it', async (t) => {
  const site = await startSite();
  t.teardown(() => site.stop());
  const admin = await site.signIn('beheer');
  const smit = await site.signIn('smit');
  t.match((await smit.get('/partners')).text, /Vraag uw beheerder om dit in te vullen/, 'a role of a route without an organisation is a row');
  const refused = await (await admin.get('/partners/new')).submit({ phone: '050-000 01 23' });
  t.equal(refused.status, 422);
  t.match(refused.html, 'value="050-000 01 23"', 'what was typed stays');
  await (await admin.get('/partners/new')).submit({ organisation: 'Wijkteam Noord', phone: '050- 000 04 05', roles: ['jeugdzorg', 'cjg'], emergency: 'yes', purpose: 'Hulp in de wijk', services: ' Opvoedadvies \n\nGezinscoach|Anoniem advies' });
  const seen = await smit.get('/partners');
  t.match(seen.text, /Wijkteam Noord.*Aanbod: Opvoedadvies, Gezinscoach, Anoniem advies\./);
  t.match((await smit.get('/partners?zoek=gezinscoach')).text, 'Wijkteam Noord', 'found by what it offers');
  t.match(seen.html, 'href="tel:0500000405"', 'a number is called as digits, and shown as it was written');
  t.match(seen.text, /Nog niet gecontroleerd/);
  t.match((await smit.get('/cases')).html, /Hulp in de wijk: .*Wijkteam Noord/s, 'an emergency number stands in the bar of every page');
  const edit = await (await admin.get('/partners')).follow('Wijzig Wijkteam Noord');
  t.match((await edit.submit({ verified: 'yes', phone: '' })).text, 'Vul het nummer in dat u hebt gebeld.');
  t.match(edit.html, />Opvoedadvies\nGezinscoach\nAnoniem advies<\/textarea>/, 'each on its own line');
  await edit.submit({ verified: 'yes' });
  t.match((await smit.get('/partners')).text, /Gecontroleerd op maandag 2 maart 2026/);
  t.match((await smit.get(`/partners?soort=cjg`)).text, /Wijkteam Noord/);
  t.match((await smit.get('/partners?zoek=zeewier')).text, /Geen organisatie past bij “zeewier”/);
  const leaving = await (await (await admin.get('/partners')).follow('Wijzig Wijkteam Noord')).follow('Haal deze organisatie van de kaart');
  t.match(leaving.text, 'Wijkteam Noord van de kaart halen?', 'asked once more');
  t.equal((await leaving.submit({ successor: 'iemand' })).status, 400);
  await leaving.submit();
  site.clock.now = '2026-03-03T09:00:00.000Z';
  t.notMatch((await (await site.signIn('smit')).get('/partners')).text, /Wijkteam Noord/, 'from the next day on');
});

t.test('the partner directory goes to paper and to a spreadsheet, and comes back without loss after a look at what changes', async (t) => {
  const site = await startSite();
  t.teardown(() => site.stop());
  const admin = await site.signIn('beheer');
  const smit = await site.signIn('smit');
  const { partners } = site.services;
  const by = site.people['beheer']?.id ?? '';
  const none = { contactPerson: null, address: null, phone: null, email: null, notes: null, purpose: null, services: [], roles: [], emergency: false, verified: false };
  await partners.add(site.school, { ...none, organisation: 'Wijkteam “Noord”; de buurt', contactPerson: '=1+1', address: 'Regel één\nRegel twee, "huis"', phone: '+31 50 000 04 05', email: 'a@b.example', notes: "'s Avonds dicht", purpose: '-', services: ['=Advies; bij ruzie', 'Groep'], roles: ['cjg', 'jeugdzorg'], emergency: true, verified: true }, by);
  await partners.add(site.school, { ...none, organisation: 'Schoolarts', phone: '@ons' }, by);
  await partners.add(site.school, { ...none, organisation: 'Schoolarts', roles: ['van-een-oude-route'] }, by);
  const before = await partners.list(site.school);

  const print = await smit.get('/partners/print');
  t.match(print.text, /Bij nood.*112.*Wijkteam “Noord”; de buurt.*Alle organisaties.*=Advies; bij ruzie, Groep.*Schoolarts.*Ruimte om bij te schrijven.*Afgedrukt op maandag 2 maart 2026/);
  t.equal(print.html.match(/<tr><td><\/td><td><\/td><td><\/td><\/tr>/g)?.length, 3, 'room for three more');
  t.equal((await smit.get('/partners/file')).status, 404);
  t.equal((await smit.get('/partners/import')).status, 404);

  const taken = await fetch(`${site.address}/partners/file`, { headers: { cookie: admin.cookie() } });
  t.equal(taken.headers.get('content-disposition'), 'attachment; filename="sociale-kaart.csv"');
  const csv = Buffer.from(await taken.arrayBuffer());
  t.equal(csv.subarray(0, 3).toString('hex'), 'efbbbf');
  t.match(csv.toString(), /;"'=1\+1";.*;"'\+31 50 000 04 05";.*;"'\x27s Avonds dicht";"'-";"'=Advies; bij ruzie \| Groep";/s, 'nothing is a formula');
  t.equal((await site.database.read('access_log').where({ action: 'export', detail: 'partners' })).length, 1);

  const upload = async (text: string | Buffer): Promise<Page> => (await admin.get('/partners/import')).submit({}, { files: { file: new Blob([new Uint8Array(Buffer.from(text))]) } });
  t.match((await upload(csv)).text, /Dit bestand verandert niets.*Nieuw: 0\. Anders: 0\. Gelijk: 3\./);
  const text = csv.toString('utf8');
  const changed = await upload(text.replace('"a@b.example"', '"c@d.example"').replace('2026-03-02', '2-3-2026').concat('"Politie; wijkagent";;;"0900-8844";;;;;;"ja";"1-3-2026"\r\n'));
  t.match(changed.text, /Klopt dit\? Nieuw: 1\. Anders: 1\. Gelijk: 2\./);
  t.same(await partners.list(site.school), before, 'looking changes nothing');
  t.equal((await changed.submit()).path, '/partners?done=partner');
  const after = await partners.list(site.school);
  t.same(after.slice(0, 3), before.map((one, index) => (index === 0 ? { ...one, email: 'c@d.example' } : one)));
  t.match(after[3], { organisation: 'Politie; wijkagent', phone: '0900-8844', emergency: true, verifiedOn: '2026-03-01', address: null });

  const late = await upload(text.replace('"a@b.example"', '"e@f.example"'));
  await partners.retire(site.school, after[3]?.id ?? '', null, by);
  await partners.edit(site.school, before[1]?.id ?? '', { ...none, organisation: 'Schoolarts', phone: '050-000 00 99' }, by);
  t.match((await late.submit()).text, /Klopt dit\?.*Anders: 2\./, 'what changed meanwhile is shown first');

  const wrong = await upload('Organisatie,Contactpersoon,Adres,Telefoon,E-mail,Opmerkingen,Waarvoor,Soort hulp,Bij nood,Gecontroleerd op\n,,,1,,,,,,\nX,,,,,,,zeewier,misschien,31-2-2026\nx,,,,,,,,,\n');
  t.equal(wrong.status, 422);
  t.match(wrong.text, /Regel 2: de naam van de organisatie ontbreekt\..*Regel 3: de soort hulp “zeewier” bestaat niet.*Regel 3: bij “Bij nood” staat “misschien”.*Regel 3: “31-2-2026” is geen dag.*Regel 4: “x” staat er twee keer in/);
  t.match((await upload('a;b')).text, /Deze kolommen ontbreken op de eerste regel: Organisatie, /);
  t.match((await (await admin.get('/partners/import')).submit()).text, 'Kies een bestand.');
  t.match((await upload(Buffer.from('Organisatie;Contactpersoon;Adres;Telefoon;E-mail;Opmerkingen;Waarvoor;Soort hulp;Bij nood;Gecontroleerd op\r\nCaf\xe9 Zo\xeb;;;;;;;;;\r\n', 'latin1'))).text, 'Regel 2: Café Zoë', 'an older Excel');
  const [head = '', own = ''] = text.split('\r\n');
  const without = (line: string): string => line.split(/;(?=")/).filter((_, index) => index !== 7).join(';');
  t.match((await upload(`${without(head)}\r\n${without(own)}`)).text, 'Nieuw: 0. Anders: 1. Gelijk: 0.', 'a file of before the column says nothing about it');
});

t.test('a form in pages is filled in one page at a time, without JavaScript, and nothing typed is lost', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'stappenplan-pages-'));
  cpSync(join(projectRoot, 'test/fixtures/content'), folder, { recursive: true });
  const path = join(folder, 'forms/gesprek.json');
  const definition = JSON.parse(readFileSync(path, 'utf8')) as { uischema: object };
  const controls = (...names: string[]): object[] => names.map((name) => ({ type: 'Control', scope: `#/properties/${name}` }));
  const layout = { type: 'Categorization', options: { variant: 'stepper' }, elements: [
    { type: 'Category', label: 'Wanneer', elements: controls('datum', 'boos', 'met') },
    { type: 'Category', label: 'Boosheid', elements: controls('waarom'), rule: { effect: 'SHOW', condition: { type: 'LEAF', scope: '#/properties/boos', expectedValue: true } } },
    { type: 'Category', label: 'Inhoud', elements: controls('feiten', 'zorgen', 'deelnemers', 'postcode') }
  ] };
  writeFileSync(path, JSON.stringify({ ...definition, uischema: layout }));
  const site = await startSite({ contentDir: folder });
  t.teardown(async () => {
    await site.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const vries = await site.signIn('vries');
  const { story } = await startCase(site, vries, 'melding', { wat: 'Kwam te laat.', soort: 'gewoon' }, { naam: 'Sem' });
  const address = `/cases/${story.number}/tasks/gesprek`;
  const day = (year: string): { [name: string]: string } => ({ '/datum#dag': '2', '/datum#maand': '3', '/datum#jaar': year });

  const first = await vries.get(address);
  t.match(first.text, /Onderdeel 1 van 2.*Wanneer/s);
  t.same(first.fields().filter((name) => name.startsWith('/')), ['/datum#dag', '/datum#maand', '/datum#jaar', '/met/naam'], 'only this page');
  const wrong = await first.submit({ ...day('26'), '/boos': 'true' }, { button: 'Volgende' });
  t.same([wrong.status, /^Fout: Wanneer/.test(wrong.title)], [422, true], 'a step is checked before the next');
  const anger = await wrong.submit(day('2026'), { button: 'Volgende' });
  t.same([anger.path, anger.fields().filter((name) => name.startsWith('/'))], [`${address}?page=2`, ['/waarom']]);
  t.match(anger.text, /Onderdeel 2 van 3/);
  const back = await anger.submit({ '/waarom': 'Om de toets.' }, { button: 'Vorige' });
  t.match(back.html, /name="\/datum#jaar"[^>]*value="2026"/);
  const content = await back.submit({ '/boos': 'false' }, { button: 'Volgende' });
  t.equal(content.path, `${address}?page=3`, 'a hidden page is skipped');
  const missing = await content.submit({ '/feiten': '' }, { button: 'Controleren en afronden' });
  t.equal(missing.status, 422);
  const again = await (await missing.submit({ '/feiten': 'Het ging goed.' }, { button: 'Wanneer' })).submit({ '/boos': 'true' }, { button: 'Volgende' });
  t.match(again.html, /Om de toets\./, 'what was typed on a page that was hidden for a while');
  const check = await (await again.submit({}, { button: 'Volgende' })).submit({}, { button: 'Controleren en afronden' });
  t.equal(check.path, `${address}/check`);
  t.match(check.text, /Wanneer.*2 maart 2026.*Boosheid.*Om de toets.*Inhoud.*Het ging goed/s);
  t.same(check.links.filter(({ text }) => text.startsWith('Wijzig')).map(({ href }) => href), [`${address}?page=1#v/datum`, `${address}?page=1#v/boos`, `${address}?page=2#v/waarom`, `${address}?page=3#v/feiten`]);
  const changed = await (await vries.get(`${address}?page=1`)).submit({ ...day('26'), '/boos': 'false' }, { button: 'Later verder' });
  t.equal(changed.path, `/cases/${story.number}?done=draft`);
  const both = await (await vries.get(`${address}?page=3`)).submit({ '/feiten': '' }, { button: 'Controleren en afronden' });
  const other = both.links.find(({ href }) => href.includes('datum'))?.href ?? '';
  t.same([both.path.endsWith('gesprek'), other.split('#')[0]], [true, `${address}?page=1&check=1`], 'a mistake on another page says where');
  t.match((await vries.get(other)).html, /id="v\/datum-fout"/);
  const astray = await both.submit({ '/feiten': 'Het ging goed.' }, { button: 'Controleren en afronden' });
  t.match(astray.html, /aria-current="step"><span[^>]*>1</, 'a mistake leads to its page');
  const done = await (await (await astray.submit(day('2026'), { button: 'Volgende' })).submit({}, { button: 'Controleren en afronden' })).submit();
  t.equal(done.path, `/cases/${story.number}?done=saved`);
  const record = await vries.get(done.links.find(({ href }) => href.includes('/records/'))?.href ?? '');
  t.match(record.text, /Het ging goed/);
  t.notMatch(record.text, /Om de toets/, 'a hidden page leaves nothing');
});

t.test('pages also where a case is started, a way is taken, a record is corrected and a case is opened again; each goes on where somebody was', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'stappenplan-paged-'));
  cpSync(join(projectRoot, 'test/fixtures/content'), folder, { recursive: true });
  const rewrite = (file: string, change: (json: { [name: string]: never }) => object): void => {
    const read = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { [name: string]: never };
    writeFileSync(join(folder, file), JSON.stringify({ ...read, ...change(read) }));
  };
  const pages = (variant: string, list: { [label: string]: string[] }): object => ({
    uischema: { type: 'Categorization', options: { variant }, elements: Object.entries(list).map(([label, names]) => ({ type: 'Category', label, elements: names.map((name) => ({ type: 'Control', scope: `#/properties/${name}` })) })) }
  });
  const text = (title: string): object => ({ type: 'string', title, maxLength: 100, 'x-name': title.toLowerCase() });
  const motive = { $schema: './.schemas/form.json', id: 'motief', version: '1.0.0', language: 'nl', title: 'Motief', schema: { type: 'object', required: ['een', 'twee'], properties: { een: text('Een'), twee: text('Twee') } }, ...pages('stepper', { Eerst: ['een'], Daarna: ['twee'] }) };
  writeFileSync(join(folder, 'forms/motief.json'), JSON.stringify(motive));
  rewrite('forms/melding.json', () => pages('page', { 'Wat er was': ['wat'], 'Hoe erg': ['soort', 'datum'] }));
  rewrite('workflows/klein.json', ({ steps }: { [name: string]: { [name: string]: { [name: string]: object } } }) => ({
    steps: { ...steps, kijken: { title: 'Kijken', tasks: { gesprek: { form: 'gesprek' } }, transitions: { verder: { title: 'Naar het besluit', to: 'kiezen' }, weg: { title: 'Afsluiten', close: 'klaar', form: 'motief' } } } },
    reopen: { weer: { title: 'Weer openen', performers: ['ib'], to: ['kijken'], form: 'motief' } }
  }));
  const site = await startSite({ contentDir: folder });
  t.teardown(async () => {
    await site.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const vries = await site.signIn('vries');
  const names = (page: Page): string[] => page.fields().filter((name) => name.includes('/'));
  const savings = async (kind: string): Promise<number[]> => (await site.database.read<{ revision: number }>('drafts').where('task', 'like', `${kind}%`)).map(({ revision }) => revision);

  const start = await vries.get('/cases/new?route=klein');
  t.same([names(start), start.html.includes('>Vorige<')], [['/wat'], false]);
  const about = await start.submit({ '/wat': 'Kwam te laat.' }, { button: 'Volgende' });
  t.same([about.path, names(about)], ['/cases/new?route=klein&page=2', ['/soort', 'subject/naam']], 'whom it is about is asked where the questions are at an end');
  const nobody = await about.submit({ '/soort': 'gewoon' }, { button: 'Zaak starten' });
  t.same([nobody.status, nobody.links.some(({ href }) => href === '#vsubject/naam')], [422, true]);
  await nobody.submit({ '/soort': 'dringend', 'subject/naam': 'Sem' }, { button: 'Later verder' });
  const resumed = await (await site.signIn('vries')).get('/cases/new?route=klein');
  t.same([names(resumed), resumed.html.includes('value="Sem"')], [['/soort', 'subject/naam'], true], 'on another device at the page of before');
  const before = await resumed.submit({ '/soort': 'gewoon' }, { button: 'Vorige' });
  t.match(before.html, /Kwam te laat/);
  const empty = await (await before.submit({ '/wat': '' }, { button: 'Volgende' })).submit({}, { button: 'Zaak starten' });
  t.same([empty.status, names(empty)], [422, ['/wat']], 'a mistake leads to its page');
  const started = await (await empty.submit({ '/wat': 'Kwam weer te laat.' }, { button: 'Volgende' })).submit({}, { button: 'Zaak starten' });
  const number = /^\/cases\/([^?]+)\?done=started$/.exec(started.path)?.[1] ?? '';
  const later = await vries.get(`/cases/${number}/records/2`);
  t.same([names(later), later.text.includes('Onderdeel')], [['/datum#dag', '/datum#maand', '/datum#jaar'], false], 'what is asked on one page has no list of pages');
  // As from a page of before the school took a question out.
  const left = (typed: string): RegExp => new RegExp(`Neem over wat u wilt houden.*Verdwenen ${typed}`);
  t.match((await later.submit({ '/datum#dag': '2', '/verdwenen': 'Op het plein.' })).text, left('Op het plein'));
  t.match((await vries.get(`/cases/${number}/records/2`)).text, left('Op het plein'), 'what a form has no place for any more is set aside');

  const correction = await vries.get(`/cases/${number}/records/2/correction`);
  const second = await correction.submit({ '/wat': 'Kwam nooit.', reason: 'Verkeerd gehoord van de leraar.' }, { button: 'Volgende' });
  t.same([second.path, names(second)], [`/cases/${number}/records/2/correction?page=2`, ['/soort', '/datum#dag', '/datum#maand', '/datum#jaar']]);
  t.match(second.html, /Verkeerd gehoord van de leraar/);
  t.same(await savings('correction:'), [1], 'going on to the next page saves once');
  const check = await second.submit({ '/datum#dag': '2', '/datum#maand': '3', '/datum#jaar': '2026' }, { button: 'Controleren' });
  t.match(check.text, /Kwam nooit\..*Kwam weer te laat\./s);
  t.equal((await check.submit()).path, `/cases/${number}/records/2?done=corrected`);

  const exit = `/cases/${number}/exits/kijken/weg`;
  const first = await vries.get(exit);
  t.same([names(first), first.text.includes('Dit gebeurt')], [['/een'], false]);
  const wrong = await first.submit({ '/een': '', '/verdwenen': 'Tot volgend jaar.' }, { button: 'Volgende' });
  t.equal(wrong.status, 422, 'a step is checked before the next');
  t.match(wrong.text, left('Tot volgend jaar'));
  const last = await first.submit({ '/een': 'Alles rustig.' }, { button: 'Volgende' });
  t.same([last.path, names(last)], [`${exit}?page=2`, ['/twee']]);
  t.same(await savings('transition:'), [2], 'once for the mistake, once for going on');
  const back = await vries.get(exit);
  t.same(names(back), ['/twee'], 'whoever comes back goes on there');
  t.match(back.text, left('Tot volgend jaar'));
  t.match((await last.submit({ '/twee': '' }, { button: 'Vorige' })).html, /value="Alles rustig\."/);
  t.equal((await last.submit({ '/twee': 'Tot ziens.' }, { button: 'Afsluiten' })).path, `/cases/${number}?done=closed`);
  t.match((await vries.get(`/cases/${number}`)).text, /Alles rustig|Afsluiten/);

  const again = await vries.get(`/cases/${number}/reopenings/weer`);
  const reason = await again.submit({ '/een': 'Toch niet rustig.', '/verdwenen': 'Weer op het plein.' }, { button: 'Volgende' });
  t.same(await savings('reopen'), [1]);
  t.same(names(reason), ['/twee']);
  t.match(reason.text, left('Weer op het plein'));
  t.equal((await reason.submit({ '/twee': 'Nieuwe zorg.' }, { button: 'Weer openen' })).path, `/cases/${number}?done=reopened`);
});

t.test('what only some roles read is for every other reader nowhere, and stays when they change the record; a choice from the case offers only what one may read', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'stappenplan-readers-'));
  cpSync(join(projectRoot, 'test/fixtures/content'), folder, { recursive: true });
  const change = (file: string, ...changes: [from: string, to: string][]): void => {
    const text = readFileSync(join(folder, file), 'utf8');
    writeFileSync(join(folder, file), changes.reduce((all, [from, to]) => all.replaceAll(from, to), text));
  };
  change('workflows/klein.json', ['leraar', 'leerkracht'], ['"ib": {', '"directie": { "title": "Directeur" }, "ib": {'], ['"performers": ["leerkracht", "ib"]', '"performers": ["leerkracht", "ib", "directie"]'], ['"read": ["ib"]', '"read": ["ib", "directie"]'], ['"form": "gesprek", "required": true', '"form": "gesprek", "required": true, "later": ["postcode", "boos"], "correct": ["directie"]']);
  change('forms/gesprek.json', ['"staff", "roles": ["leraar"]', '"staff"'], ['"postcode": { "type"', '"postcode": { "x-access": ["ib"], "type"'],
    ['"met": {', '"bewijs": { "type": "object", "format": "file", "title": "Welk bewijs?", "x-access": ["ib"] }, "over": { "type": "string", "title": "Over welke melding?", "x-options": { "source": "records", "of": "melding" } }, "met": {'],
    ['{ "type": "Control", "scope": "#/properties/met" }', '{ "type": "Control", "scope": "#/properties/over" }, { "type": "Control", "scope": "#/properties/bewijs" }, { "type": "Control", "scope": "#/properties/met" }']);
  change('documents/verslag.hbs', ['<p>{{antwoord antwoorden.feiten}}</p>', '{{#each vragen}}<p>{{vraag}} {{antwoord this}}</p>{{/each}}']);
  rmSync(join(folder, 'workflows/klein.demo.json'), { force: true });
  rmSync(join(folder, 'workflows/klein.scenarios.json'), { force: true });
  const site = await startSite({ contentDir: folder });
  t.teardown(async () => {
    await site.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const [vries, hofman, smit] = [await site.signIn('vries'), await site.signIn('hofman'), await site.signIn('smit')];
  const { story } = await startCase(site, smit, 'melding', { wat: 'Kwam te laat.', soort: 'gewoon' }, { naam: 'Sem' });
  await story.handIn(vries, 'melding', { wat: 'Had honger.', soort: 'gewoon', datum: '2026-03-02' });
  const address = `/cases/${story.number}`;
  const own = await smit.get(`${address}/tasks/gesprek`);
  t.match(own.text, /Over welke melding\? \(mag leeg\) Melding van 2 maart Kwam te laat/);
  t.notMatch(own.html, /Had honger|postcode|bewijs/, 'of what a colleague wrote nothing is offered');
  t.match((await (await own.submit({ '/over': '3' })).submit({ '/over': '3' })).text, /uw keuze staat niet meer in de lijst/, 'and nothing of it is taken');

  const asked = await vries.get(`${address}/tasks/gesprek`);
  t.match(asked.text, /Melding van 2 maart Kwam te laat.*Melding van 2 maart \(2\) Had honger/);
  const filled = { '/datum#dag': '2', '/datum#maand': '3', '/datum#jaar': '2026', '/feiten': 'Het ging goed.', '/postcode': '9999 ZZ', '/over': '3', '/boos': 'false' };
  const check = await asked.submit(filled, { files: { '/bewijs': [new File([new Uint8Array(samples.pdf)], 'geheim-bewijs.pdf')] } });
  t.match(check.text, /9999 ZZ.*Melding van 2 maart \(2\)/s);
  await check.submit();
  const record = `${address}/records/4`;
  const file = (await vries.get(record)).links.find(({ href }) => href.includes('/files/'))?.href ?? '';
  t.equal((await vries.get(file)).status, 200);
  t.match((await vries.get(record)).text, /9999 ZZ/);
  const hidden = /9999 ZZ|postcode|bewijs/i;
  const see = async (path: string): Promise<Page> => {
    const page = await hofman.get(path);
    t.same([page.status, hidden.exec(page.html)?.[0]], [200, undefined], `nothing of it on ${path.replace(story.number, 'N')}`);
    return page;
  };
  t.match((await see(record)).text, /Het ging goed.*Over welke melding\? Melding van 2 maart \(2\)/s);
  await see(address);
  t.equal((await hofman.get(file)).status, 404, 'nor the file');
  t.notMatch((await vries.get(`${address}/documents/verslag`)).html, hidden, 'what only some read is in no document');
  await (await see(record)).submit({ '/boos': 'true' });
  const correction = await (await see(`${record}/correction`)).submit({ '/feiten': 'Het ging slecht.', '/postcode': '1111 AA', reason: 'Ik vergiste mij daarin.' });
  t.notMatch(correction.html, hidden);
  t.match((await correction.submit()).path, /done=corrected/);
  await see(record);
  const kept = await vries.get(record);
  t.match(kept.text, /Het ging slecht.*9999 ZZ/s, 'and what they could not see stayed as it was');
  t.equal((await vries.get(file)).status, 200);
});

t.test('an administrator tries a form: what would be kept and what is wrong, and nothing is kept or logged', async (t) => {
  const site = await startSite();
  t.teardown(() => site.stop());
  const beheer = await site.signIn('beheer');
  const list = await (await beheer.get('/school')).follow('Formulieren proberen');
  const form = await list.follow('Contact');
  t.match(form.text, /Er wordt niets bewaard/);
  const counts = async (): Promise<unknown> => Promise.all(['drafts', 'cases', 'records', 'access_log', 'files'].map((table) => site.database.read(table).count({ n: '*' })));
  const before = await counts();
  const wrong = await form.submit({}, { button: 'Proberen' });
  t.same([wrong.status, /^Fout: Proberen/.test(wrong.title)], [422, true]);
  t.match(wrong.text, /Dit zou niet worden aangenomen Er klopt nog iets niet bij \d vragen/);
  const route = site.services.library.published().find(({ model }) => form.path.includes(`/${model.workflow.id}/`));
  const { bundle } = route?.model ?? {};
  const { definition } = route?.form(form.path.split('/').at(-1) ?? '') ?? {};
  t.ok(bundle !== undefined && definition !== undefined);
  const filled = Object.fromEntries(wrong.fields().filter((name) => name.startsWith('/')).map((name) => [name, name.endsWith('#dag') || name.endsWith('#maand') ? '1' : name.endsWith('#jaar') ? '2026' : 'Xylofoon geheim']));
  const again = await wrong.submit(filled, { button: 'Proberen' });
  t.match(again.html, /<pre class="sp-record"[^>]*>\{[^<]*Xylofoon geheim/);
  t.same(await counts(), before, 'not even a draft, and no line in the access log');
  t.notMatch(site.log.join('\n'), /Xylofoon/);
  t.equal((await (await site.signIn('vries')).get(form.path)).status, 404, 'for administrators only');
  t.equal((await beheer.get('/school/forms/nergens/contact')).status, 404);
});

/** What is kept, but for who was here and what was looked at. */
async function contentOf({ database: { read } }: TestSite): Promise<unknown[]> {
  const tables = ['cases', 'case_people', 'case_exclusions', 'records', 'events', 'drafts', 'files', 'people', 'memberships', 'credentials', 'schools', 'settings', 'partners', 'invitations', 'timers'];
  return Promise.all(tables.map(async (table) => [table, JSON.stringify(await read(table).select())]));
}
