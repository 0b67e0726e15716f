import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Fastify from 'fastify';
import t from 'tap';
import { projectRoot } from '../src/config.ts';
import { hashOf } from '../src/staff/sessions.ts';
import { accessTable, type Need } from '../src/trust/access.ts';
import { guard, type GuardedRoute } from '../src/web/guard.ts';
import { startPostgres } from './fixtures/postgres.ts';
import { startSite, type TestSite } from './fixtures/site.ts';
import { access, addressed, type Asked } from './torture/access.ts';
import type { HiddenCase, Session } from './torture/access-server.ts';

const needs = new Map(accessTable().map(({ action, need }) => [action, need]));
const seed = Date.now() % 1_000_000;

t.test('who may not see a case gets, from every route, what they would get if there were none', async (t) => {
  const server = await startPostgres();
  t.teardown(() => server.stop());
  for (const newDatabase of [null, () => server.newDatabase()]) {
    const { ok, line } = await access({ cycles: 2, seed, newDatabase });
    t.ok(ok, newDatabase === null ? 'on SQLite' : 'on PostgreSQL', { line });
    t.comment(line);
  }
});

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
  // A colleague who is shut out, roles that would read it, and an administrator.
  for (const person of ['jansen', 'hofman', 'vries', 'beheer']) {
    const [expected, found] = [await walk(without, person, hidden), await walk(withCase, person, hidden)];
    t.ok(found.length > 60);
    t.same(found.filter((answer, index) => answer !== expected[index]), [], person);
  }
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

/** A site whose keys, ids and tokens come from the seed alone; with `isThere` somebody started a case about a colleague in it, in between. */
async function siteWith(isThere: boolean): Promise<{ site: TestSite; hidden: HiddenCase | null; from: (word: string) => void }> {
  let stream = { word: 'begin', drawn: 0 };
  const random = (size: number): Buffer => {
    const blocks = Array.from({ length: Math.ceil(size / 32) }, () => createHash('sha256').update(`${stream.word} ${String(stream.drawn++)}`).digest());
    return Buffer.concat(blocks).subarray(0, size);
  };
  const from = (word: string): void => { stream = { word, drawn: 0 }; };
  const site = await startSite({ random });
  from('de zaak');
  return { site, from, hidden: isThere ? await startHidden(site) : null };
}

async function startHidden({ services: { cases, library }, people, school, clock }: TestSite): Promise<HiddenCase> {
  const reader = { id: people['smit']?.id ?? '', roles: ['leerkracht'], school, settings: {} };
  const [route] = library.published();
  if (route === undefined) throw new Error('No route.');
  const answers = { betreftMedewerker: true, medewerker: { id: people['jansen']?.id ?? '', name: 'P. Jansen' }, feit: 'kanarievogel', bron: 'eigen-waarneming', datum: clock.now.slice(0, 10) };
  const begun = await cases.start(reader, route, { type: 'open', task: 'signaal', answers, subject: { naam: 'Sem kanarievogel', groep: '5' } }, { key: 'verborgen', draft: null });
  const open = begun.type === 'done' ? await cases.open(reader, begun.number, 'view') : null;
  if (open === null) throw new Error(`No case: ${JSON.stringify(begun)}`);
  return { id: open.stored.id, number: open.stored.number, file: 'x', about: [open.stored.number], written: new Map() };
}

/** Everything a person can ask for, once: every page and every post, with their answers whole. */
async function walk({ site: { app, services: { sessions }, people, clock, school }, from }: { site: TestSite; from: (word: string) => void }, person: string, hidden: HiddenCase | null): Promise<string[]> {
  from(person);
  const { token } = await sessions.start(people[person]?.id ?? '', clock.now);
  await sessions.switchSchool(hashOf(token), school, clock.now);
  const session: Session = { cookie: `stappenplan=${token}`, csrf: sessions.csrf(token) };
  const of = hidden ?? { id: '', number: '2026-ZZZZ', file: 'x', about: [], written: new Map<number, string>() };
  const more = ['/cases?zoek=kanarievogel', `/cases?zoek=${of.number}`, '/cases?afgesloten=1', `/cases/new?from=${of.number}&link=zorgroute`, '/nergens'].map((path): Asked => ({ method: 'GET', path }));
  const asked = app.guarded.filter(({ path, action }) => (path.includes(':number') || (path.includes(':') ? false : !/^(assets|session|setup|settings)/.test(action)))).map((route) => addressed(route, of, session));
  const answers: string[] = [];
  for (const { method, path, body } of [...more, ...asked]) {
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
