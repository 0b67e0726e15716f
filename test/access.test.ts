import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Fastify from 'fastify';
import t, { type Test } from 'tap';
import { projectRoot } from '../src/config.ts';
import type { Answers } from '../src/definitions/bundle.ts';
import { hashOf } from '../src/staff/sessions.ts';
import { accessTable, type Need } from '../src/trust/access.ts';
import { guard, type GuardedRoute } from '../src/web/sign-in/guard.ts';
import type { Browser, Page } from './fixtures/browser.ts';
import { startPostgres } from './fixtures/postgres.ts';
import { startSite, type TestSite, verifyFindings } from './fixtures/site.ts';
import { startCase } from './fixtures/story.ts';
import { addressed, type Asked } from './torture/access.ts';
import type { HiddenCase, Session } from './torture/access-server.ts';

const needs = new Map(accessTable().map(({ action, need }) => [action, need]));

t.test('every route says what it does, and what is about a case says so in its address and in its action', async (t) => {
  const bare = Fastify();
  guard(bare, { site: {} as never });
  t.throws(() => bare.get('/vergeten', async () => 'open'), /The route GET \/vergeten has no action/);
  const site = await startSite();
  t.teardown(() => site.stop());
  t.same(site.app.guarded.filter(({ path, action }) => path.includes(':number') !== (needs.get(action) ?? '').startsWith('case')), []);
  const used = new Set(site.app.guarded.map(({ action }) => action));
  t.same([...needs.keys()].filter((action) => !used.has(action) && action !== 'caseLog.view'), [], 'no right without a route');
  const page = accessPage(site.app.guarded);
  const file = join(projectRoot, 'docs', 'toegang.md');
  if (process.env['WRITE'] === '1') writeFileSync(file, page);
  t.equal(readFileSync(file, 'utf8'), page, 'docs/toegang.md is what the code says: WRITE=1 npx tap test/access.test.ts');
});

t.test('for who is shut out before the first save, and for who has nothing to do with it, the whole site is to the byte as if the case had never been', async (t) => {
  const [without, withCase] = await Promise.all([siteWith(false), siteWith(true)]);
  t.teardown(() => Promise.all([without.site.stop(), withCase.site.stop()]));
  const { hidden } = withCase;
  t.ok(hidden, 'there is a case');
  const walked = new Map<string, string[]>();
  // A colleague who is shut out, roles that would read it, and an administrator. What the first does in a case of their own about the same child tells nothing either.
  for (const [person, cases] of [['jansen', [hidden, withCase.own]], ['hofman', [hidden]], ['vries', [hidden]], ['beheer', [hidden]]] as const) {
    const [expected, found] = [await walk(without, person, cases), await walk(withCase, person, cases)];
    walked.set(person, found);
    t.ok(found.length > 60);
    t.same(found.filter((answer, index) => answer !== expected[index]), [], person);
    t.notMatch(found.at(-1), '/sign-in', 'they were signed in to the end');
  }
  t.ok(walked.get('jansen')?.some((answer) => answer.startsWith(`GET /cases/${withCase.own.number} 200`) && answer.includes('Sem Bakker')), 'their own case they see');
  withCase.from('na afloop');
  const visser = await withCase.site.signIn('visser');
  t.match((await visser.get(`/cases/${hidden?.number ?? ''}`)).text, 'kanarievogel', 'and who it is for, reads it');
  t.same(await withCase.site.services.bundles.running(), await without.site.services.bundles.running(), 'nor does who runs the server count it');
});

t.test('who is shut out of a case is shut out of every case that comes of it, also later', async (t) => {
  const { site, hidden } = await siteWith(true);
  t.teardown(() => site.stop());
  const { services: { cases, library } } = site;
  const reader = (person: string, roles: string[]) => ({ id: site.people[person]?.id ?? '', roles, school: site.school, settings: {} });
  const visser = reader('visser', ['bestuur']);
  const [route] = library.published();
  if (route === undefined || hidden === null) throw new Error('Nothing to start from.');
  const next = await cases.start(visser, route, { type: 'open', task: 'signaal', answers: { betreftMedewerker: false, feit: 'Nog iets.', bron: 'eigen-waarneming', datum: '2026-03-02' }, subject: { naam: 'Sem' }, from: { case: hidden.id, link: 'zorgroute' } }, { key: 'volgt', draft: null });
  if (next.type !== 'done') throw new Error(next.type);
  const of = async (number: string) => { const open = await cases.open(visser, number, 'view'); return open === null ? null : (await cases.shutOut(open)); };
  t.equal(await cases.open(reader('jansen', ['ib', 'directie']), next.number, 'view'), null);
  t.same(await of(hidden.number), [site.people['jansen']?.id]);
});

t.test('in an emergency somebody opens a case they have no part in, for an hour; who sees it is told until they have read it', async (t) => {
  const server = await startPostgres();
  t.teardown(() => server.stop());
  for (const databaseUrl of ['', await server.newDatabase()]) await t.test(databaseUrl === '' ? 'on SQLite' : 'on PostgreSQL', async (t) => emergency(t, databaseUrl));
});

async function emergency(t: Test, databaseUrl: string): Promise<void> {
  const site = await startSite({ databaseUrl });
  t.teardown(() => site.stop());
  const [smit, vries, hofman, visser, beheer] = [await site.signIn('smit'), await site.signIn('vries'), await site.signIn('hofman'), await site.signIn('visser'), await site.signIn('beheer')];
  const { story } = await startCase(site, smit, 'signaal', { betreftMedewerker: false, feit: 'Kwam zonder jas.', bron: 'eigen-waarneming', datum: '2026-03-02' }, { naam: 'Sem Bakker', groep: '5' });
  const reason = 'Sem is niet thuisgekomen en de politie vraagt wie zijn voogd is.';
  const ask = async (browser: Browser, number: string, why: string): Promise<Page> => (await (await browser.get('/cases')).follow('Een zaak openen in een noodsituatie')).submit({ number, reason: why });

  const wrong = await ask(visser, story.number, 'Even kijken.');
  t.same([wrong.status, (await story.look(visser)).status], [422, 404], 'a reason has at least twenty characters');
  t.match(wrong.html, new RegExp(`value="${story.number}"[^]*Even kijken`), 'what was typed stays');
  t.match((await ask(visser, '2026-ZZZZ', reason)).text, 'Met dit nummer kunt u geen zaak openen.');
  const opened = await ask(visser, story.number.toLowerCase(), reason);
  t.equal(opened.path, `/cases/${story.number}?done=breakGlass`);
  t.match(opened.text, /U ziet deze zaak een uur lang.*Noodtoegang Open voor u: vandaag 10:00 tot 11:00\. Reden: Sem is niet thuisgekomen/);
  t.match((await story.look(smit)).text, 'Open voor K. Visser: vandaag 10:00 tot 11:00', 'a red banner for everybody who sees it');
  const lines = await site.database.read('access_log').whereIn('action', ['breakGlass', 'refused']).orderBy(['chain', 'sequence']).select<{ action: string; detail: string | null }[]>('action', 'detail');
  t.same(lines.filter(({ action }) => action === 'breakGlass').length, 1);
  t.notMatch(JSON.stringify(lines), 'Sem', 'the log holds no reason');

  const told = await (await vries.get('/cases')).follow(`Noodtoegang: zaak ${story.number} is geopend door K. Visser, vandaag 10:00`);
  t.match(told.text, reason);
  t.notMatch((await told.submit({})).text, 'Noodtoegang:', 'read is read');
  t.match((await hofman.get('/cases')).text, 'Noodtoegang:', 'by who read it');
  t.match((await smit.get('/cases')).text, 'Noodtoegang:', 'who is responsible is told as well');
  t.notMatch((await visser.get('/cases')).text, 'Noodtoegang:');

  t.equal((await ask(beheer, story.number, reason)).status, 200, 'an administrator as well');
  await story.handIn(vries, 'signaal', { betreftMedewerker: true, medewerker: { id: site.people['jansen']?.id ?? '', name: 'P. Jansen' }, feit: 'Een collega.', bron: 'eigen-waarneming', datum: '2026-03-02' });
  t.equal((await story.look(beheer)).status, 404, 'a restriction ends it at once');
  const none = await ask(beheer, '2026-ZZZZ', reason);
  const restricted = await ask(beheer, story.number, reason);
  t.equal(restricted.html.replaceAll(story.number, '2026-ZZZZ'), none.html, 'and it opens no more, as if it were not there');
  const jansen = await site.signIn('jansen');
  t.equal((await ask(jansen, story.number, reason)).html.replaceAll(story.number, '2026-ZZZZ'), (await ask(jansen, '2026-ZZZZ', reason)).html, 'nor for who is shut out');
  for (let tries = 0; tries < 9; tries += 1) await ask(jansen, '2026-YYYY', reason);
  t.match((await ask(jansen, story.number, reason)).text, 'U probeerde te veel nummers.');
}

t.test('it ends by itself after an hour, and leaves the page that tells of it', async (t) => {
  const site = await startSite();
  t.teardown(() => site.stop());
  const [smit, visser] = [await site.signIn('smit'), await site.signIn('visser')];
  const { story } = await startCase(site, smit, 'signaal', { betreftMedewerker: false, feit: 'Kwam zonder jas.', bron: 'eigen-waarneming', datum: '2026-03-02' }, { naam: 'Sem Bakker', groep: '5' });
  await (await visser.get('/emergency-access')).submit({ number: story.number, reason: 'De ambulance staat voor de deur.' });
  for (const minute of ['10', '20', '30', '40', '50']) {
    site.clock.now = `2026-03-02T09:${minute}:00.000Z`;
    t.equal((await story.look(visser)).status, 200);
    await smit.get('/cases');
  }
  site.clock.now = '2026-03-02T10:00:00.000Z';
  t.equal((await story.look(visser)).status, 404);
  t.notMatch((await visser.get('/cases')).text, story.number);
  t.notMatch((await story.look(smit)).text, 'Noodtoegang');
  t.match((await smit.get(`/cases/${story.number}/emergency-access`)).text, 'Open geweest voor K. Visser: vandaag 10:00 tot 11:00.');
  t.same(await verifyFindings(site), []);
});

/** A site whose keys, ids and tokens come from the seed alone; with `isThere` somebody started a case about a colleague in it, in between. */
async function siteWith(isThere: boolean): Promise<{ site: TestSite; own: HiddenCase; hidden: HiddenCase | null; from: (word: string) => void }> {
  let stream = { word: 'begin', drawn: 0 };
  const random = (size: number): Buffer => {
    const blocks = Array.from({ length: Math.ceil(size / 32) }, () => createHash('sha256').update(`${stream.word} ${String(stream.drawn++)}`).digest());
    return Buffer.concat(blocks).subarray(0, size);
  };
  const from = (word: string): void => { stream = { word, drawn: 0 }; };
  const site = await startSite({ random });
  from('eigen zaak');
  const own = await startWith(site, 'jansen', { betreftMedewerker: false, feit: 'Kwam zonder jas.' });
  from('de zaak');
  return { site, from, own, hidden: isThere ? await startHidden(site) : null };
}

/** A case about a colleague, in which others have done all there is to do. */
async function startHidden(site: TestSite): Promise<HiddenCase> {
  const { services: { cases, newKey }, people, school } = site;
  const hidden = await startWith(site, 'smit', { betreftMedewerker: true, medewerker: { id: people['jansen']?.id ?? '', name: 'P. Jansen' }, feit: 'kanarievogel' });
  const reader = (person: string, role: string) => ({ id: people[person]?.id ?? '', roles: [role], school, settings: {} });
  const [smit, visser] = [reader('smit', 'leerkracht'), reader('visser', 'bestuur')];
  const done = async (by: typeof smit, command: Parameters<typeof cases.act>[2]): Promise<void> => {
    const { type } = await cases.act(by, hidden.number, command, { key: newKey(), draft: null });
    if (type !== 'done') throw new Error(`${command.type} was not done: ${type}`);
  };
  await done(smit, { type: 'submit', task: 'signaal', answers: { betreftMedewerker: false, feit: 'Nog een kanarievogel.', bron: 'eigen-waarneming', datum: site.clock.now.slice(0, 10) } });
  await done(visser, { type: 'handOver', to: visser });
  await done(visser, { type: 'handTask', task: 'samenvatting', to: smit });
  await cases.drafts.save({ person: visser.id, case: hidden.id, task: 'samenvatting', record: null }, [['/zorgen', 'kanarievogel']], site.clock.now);
  const board = await site.signIn('visser');
  const version = await (await board.get(`/cases/${hidden.number}/documents/signalenoverzicht`)).submit({}, { form: '/versions' });
  if (!version.path.endsWith('done=frozen')) throw new Error(`No version was kept: ${version.text}`);
  for (const path of ['/documents/signalenoverzicht/pdf', '/access-log/file']) await board.get(`/cases/${hidden.number}${path}`);
  await done(visser, { type: 'export', what: 'file', reason: 'Voor het onderzoek naar de kanarievogel.' });
  await board.get('/cases?zoek=kanarievogel');
  return hidden;
}

/** A case about the same child that somebody starts. */
async function startWith({ services: { cases, library }, people, school, clock }: TestSite, person: string, typed: Answers): Promise<HiddenCase> {
  const reader = { id: people[person]?.id ?? '', roles: ['leerkracht'], school, settings: {} };
  const [route] = library.published();
  if (route === undefined) throw new Error('No route.');
  const answers = { ...typed, bron: 'eigen-waarneming', datum: clock.now.slice(0, 10) };
  const begun = await cases.start(reader, route, { type: 'open', task: 'signaal', answers, subject: { naam: 'Sem Bakker', groep: '5' } }, { key: `begin van ${person}`, draft: null });
  const open = begun.type === 'done' ? await cases.open(reader, begun.number, 'view') : null;
  if (open === null) throw new Error(`No case: ${JSON.stringify(begun)}`);
  return { id: open.stored.id, number: open.stored.number, file: 'x', about: [open.stored.number], written: new Map() };
}

const nothing: HiddenCase = { id: '', number: '2026-ZZZZ', file: 'x', about: [], written: new Map() };

/** Everything a person can ask for, once: every page and every post, with their answers whole. */
async function walk({ site: { app, services: { sessions }, people, clock, school }, from }: { site: TestSite; from: (word: string) => void }, person: string, about: readonly (HiddenCase | null)[]): Promise<string[]> {
  from(person);
  const { token } = await sessions.start(people[person]?.id ?? '', clock.now);
  await sessions.switchSchool(hashOf(token), school, clock.now);
  const session: Session = { cookie: `stappenplan=${token}`, csrf: sessions.csrf(token) };
  const [of = nothing, ...others] = about.map((one) => one ?? nothing);
  const more = ['/cases?zoek=kanarievogel', `/cases?zoek=${of.number}`, '/cases?afgesloten=1', `/cases/new?from=${of.number}&link=zorgroute`, '/nergens'].map((path): Asked => ({ method: 'GET', path }));
  const asked = app.guarded.filter(({ path, action }) => (path.includes(':number') || (path.includes(':') ? false : !/^(assets|session|cover|setup|settings)/.test(action)))).map((route) => addressed(route, of, session));
  const ofOthers = others.flatMap((other) => app.guarded.filter(({ path }) => path.includes(':number')).map((route) => addressed(route, other, session)));
  const inEmergency: Asked = { method: 'POST', path: '/emergency-access', body: { _csrf: session.csrf, number: of.number, reason: 'Omdat het nu echt nodig is.' } };
  const answers: string[] = [];
  for (const { method, path, body } of [...more, ...ofOthers, ...asked, inEmergency, { method: 'GET', path: '/cases' }]) {
    const answer = await app.inject({
      method: method as 'GET' | 'POST', url: path, headers: { cookie: session.cookie, ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }) },
      ...(body === undefined ? {} : { payload: new URLSearchParams(body).toString() })
    });
    answers.push(`${method} ${path} ${String(answer.statusCode)} ${JSON.stringify({ ...answer.headers, date: '' })} ${answer.payload}`);
  }
  return answers;
}

/** The page of rights: of each right who has it, and the addresses that need it. */
function accessPage(routes: GuardedRoute[]): string {
  const who: { [need in Need]: string } = {
    public: 'Iedereen, ook zonder in te loggen', signedIn: 'Wie is ingelogd', admin: 'Beheerders',
    caseTask: 'Wie op de lijst van de zaak staat, ook voor één taak', case: 'Wie op de lijst van de zaak staat, voor alles of voor het eigen deel', caseFull: 'Wie op de lijst van de zaak staat, voor alles'
  };
  const groups = (Object.keys(who) as Need[]).map((need) => {
    const rows = accessTable().filter((row) => row.need === need).flatMap(({ action }) => {
      const own = [...new Set(routes.filter((route) => route.action === action && !route.path.startsWith('/assets/')).map(({ method, path }) => `\`${method} ${path}\``))];
      return own.length === 0 ? [] : [`| \`${action}\` | ${own.join('<br>')} |`];
    });
    return [`## ${who[need]}`, '', '| Recht | Adressen |', '| --- | --- |', ...rows, ''].join('\n');
  });
  return `# Wie wat mag

Deze bladzijde is gemaakt uit de code (\`src/trust/access.ts\` en de routes) met \`WRITE=1 npx tap test/access.test.ts\`; verander haar niet met de hand. Een test vergelijkt haar met de code.

Een zaak ziet alleen wie op de lijst van die zaak staat, een rol heeft op de school van de zaak, op die school is ingelogd, en niet is uitgesloten.
Uitsluiten gaat voor alles: voor elke rol en elke lijst, en voor wie beheerder is. Het geldt ook voor zaken die uit die zaak zijn begonnen.
Een beheerder ziet geen zaken omdat hij beheerder is. Wie een zaak niet mag zien, krijgt hetzelfde antwoord als wanneer de zaak er niet is.
Of een taak, stap of uitgang van een zaak voor iemands rol is, staat in de route.

${groups.join('\n')}`;
}
