import { makeCaseStore, type CaseStore } from '../../src/cases/stores/case-store.ts';
import { sha256Of } from '../../src/cases/stores/file-store.ts';
import type { OpenCase } from '../../src/cases/cases.ts';
import { projectRoot } from '../../src/config.ts';
import type { Answers } from '../../src/definitions/bundle.ts';
import { contentStamp } from '../../src/engine/commands/document-approval.ts';
import { versionFiles } from '../../src/engine/commands/document-versions.ts';
import { hashOf } from '../../src/staff/sessions.ts';
import { startSite, type TestSite } from '../fixtures/site.ts';
import { caseTree, mostPeople, sessionAt, type World } from './access-world.ts';

/** One case with what nobody may read who does not see it. `papers`: ids of the files of a document that was kept. `about`: words of its head. `written`: per person, words of what they wrote. */
export type HiddenCase = { id: string; number: string; file: string; papers?: string[]; about: string[]; written: Map<number, string> };

/** A server with two schools, and the cases of `caseTree` at them. */
export type AccessServer = {
  site: TestSite; people: string[]; cases: HiddenCase[];
  /** Makes it so, and gives each person's session; null: they have none. */
  become(world: World): Promise<(Session | null)[]>;
};
export type Session = { cookie: string; csrf: string };

const day = '2026-03-02';

export async function startAccessServer(databaseUrl: string): Promise<AccessServer> {
  const site = await startSite({ contentDir: projectRoot, routes: ['meldcode', 'zorgroute'], databaseUrl });
  const { services: { people: store, cases: desk, library, sessions }, database, keys } = site;
  const schools = [site.school, (await store.addSchool({ name: 'Basisschool De Overkant', board: null, practice: false })).id];
  const people: string[] = [];
  for (let index = 0; index < mostPeople; index += 1) {
    // Somebody who is known at the one school gets a place at the other as well.
    for (const school of schools) people[index] = (await store.add({ name: `Persoon ${String(index)}`, email: `p${String(index)}@proef.example`, roles: ['ib'], admin: false, school, passwordHash: null }))?.id ?? '';
  }
  const cases: HiddenCase[] = [];
  const rows: CaseStore = makeCaseStore({ database, keys, today: () => day, now: () => site.clock.now });
  const reader = (person: number, school: string) => ({ id: people[person] ?? '', roles: ['leerkracht', 'ib', 'directie'], school, settings: {} });
  for (const [index, { school, from }] of caseTree.entries()) {
    const source = from === null ? undefined : cases[from];
    const route = library.published().find(({ model }) => model.workflow.id === (index === 1 ? 'zorgroute' : 'meldcode'));
    if (route === undefined) throw new Error('No route to start.');
    const place = schools[school] ?? '';
    const word = (person: number | 'kind'): string => `kanarie${String(index)}${String(person)}vogel`;
    const by = reader(index, place);
    const answers: Answers = route.model.workflow.id === 'zorgroute'
      ? { gebied: 'leren', wat: word(index) } : { betreftMedewerker: false, feit: word(index), bron: 'eigen-waarneming', datum: day };
    const origin = source === undefined ? {} : { from: { case: source.id, link: 'zorgroute' } };
    const begun = await desk.start(by, route, { type: 'open', task: 'signaal', answers, subject: { naam: word('kind'), groep: '5' }, ...origin }, { key: `start ${String(index)}`, draft: null });
    if (begun.type !== 'done') throw new Error(`A case was not started: ${JSON.stringify(begun)}`);
    const open = await opened(desk.open(by, begun.number, 'view'));
    // Two others write as well: the clockwork of the list does not care who is on it.
    const written = new Map([[index, word(index)]]);
    const other = (index + 1) % mostPeople;
    await rows.write({ ...untouched(open), person: people[other] ?? '', people: { add: [{ person: people[other] ?? '', access: 'full' }], remove: [], release: [], exclude: [] } });
    const more = await desk.act(reader(other, place), begun.number, { type: 'submit', task: 'signaal', answers: index === 1 ? { gebied: 'leren', wat: word(other) } : { betreftMedewerker: false, feit: word(other), bron: 'eigen-waarneming', datum: day } }, { key: `more ${String(index)}`, draft: null });
    if (more.type !== 'done') throw new Error(`Nothing was added: ${JSON.stringify(more)}`);
    written.set(other, word(other));
    const draft = { person: by.id, case: open.stored.id, task: 'samenvatting', record: null };
    const content = Buffer.from('kort');
    const file = { id: desk.newId(), naam: `${word(index)}.txt`, type: 'text/plain', bytes: content.length, sha256: sha256Of(content) };
    await desk.files.add(draft, file, content, site.clock.now);
    await desk.drafts.save(draft, [['/zijnErZorgen', word(index)]], site.clock.now);
    const papers = index === 1 ? [] : await frozen(by.id, place, begun.number);
    cases.push({ id: open.stored.id, number: begun.number, file: file.id, papers, about: [begun.number, word('kind')], written });
  }
  return { site, people, cases, become };

  /** Keeps a document of a case as a version, as its page does; gives the ids of its files. */
  async function frozen(person: string, school: string, number: string): Promise<string[]> {
    const session = await sessionFor(person, school);
    const see = (): Promise<OpenCase> => opened(desk.open({ id: person, roles: ['ib'], school, settings: {} }, number, 'view'));
    const answer = await site.app.inject({
      method: 'POST', url: `/cases/${number}/documents/signalenoverzicht/versions`, headers: { cookie: session.cookie, 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ _csrf: session.csrf, _key: `versie ${number}`, _seen: contentStamp((await see()).stored.state) }).toString()
    });
    const files = versionFiles((await see()).stored.state).map(({ id }) => id);
    if (answer.statusCode !== 303 || files.length === 0) throw new Error(`No version was kept: ${String(answer.statusCode)}`);
    return files;
  }

  async function sessionFor(person: string, school: string): Promise<Session> {
    const { token } = await sessions.start(person, site.clock.now);
    await sessions.switchSchool(hashOf(token), school, site.clock.now);
    return { cookie: `stappenplan=${token}`, csrf: sessions.csrf(token) };
  }

  async function become(world: World): Promise<(Session | null)[]> {
    await database.write(async (connection) => {
      await connection('memberships').whereIn('person_id', people).delete();
      await connection('sessions').whereIn('person_id', people).delete();
      for (const table of ['case_people', 'case_exclusions']) await connection(table).whereIn('case_id', cases.map(({ id }) => id)).delete();
      const places = world.places.flatMap((own, person) => own.flatMap((one, school) => (one === null ? [] : [...one.roles, ...(one.admin ? ['*admin'] : [])].map((role, position) => (
        { id: site.services.newKey(), school_id: schools[school], person_id: people[person], role, position, valid_from: '2026-01-01', valid_until: one.ended ? '2026-03-01' : null }
      )))));
      if (places.length > 0) await connection('memberships').insert(places);
      const listed = world.lists.flatMap((list, one) => list.flatMap((entry, person) => (entry === null ? [] : [
        { case_id: cases[one]?.id, person_id: people[person], access: entry.access, since: site.clock.now, until: entry.ended ? site.clock.now : null }
      ])));
      if (listed.length > 0) await connection('case_people').insert(listed);
    });
    for (const [one, shut] of world.excluded.entries()) {
      const stored = await rows.byId(cases[one]?.id ?? '');
      const exclude = shut.flatMap((is, person) => (is ? [{ person: people[person] ?? '', reason: 'proef' }] : []));
      if (stored !== null && exclude.length > 0) await rows.write({ ...untouched({ stored }), people: { add: [], remove: [], release: [], exclude } });
    }
    return Promise.all(people.map(async (person, index) => {
      const school = sessionAt(world, index);
      return school === null ? null : sessionFor(person, schools[school] ?? '');
    }));
  }

  /** A write that changes nothing but who sees a case. */
  function untouched({ stored }: Pick<OpenCase, 'stored'>) {
    return { person: stored.responsible, now: site.clock.now, key: null, case: stored, expected: stored, events: [], records: [], findBy: null, draft: null, log: [], answer: stored.number };
  }
}

async function opened(found: Promise<OpenCase | null>): Promise<OpenCase> {
  const open = await found;
  if (open === null) throw new Error('The case that was started is not there.');
  return open;
}
