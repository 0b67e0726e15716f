import fc from 'fast-check';
import type { LightMyRequestResponse } from 'fastify';
import type { GuardedRoute } from '../../src/web/sign-in/guard.ts';
import { type AccessServer, type HiddenCase, type Session, startAccessServer } from './access-server.ts';
import { caseTree, firstWorld, mayDo, mostPeople, seenAs, type World, worlds } from './access-world.ts';
import { median } from '../../bench/figures.ts';
import { makeDice, type Verdict, verdict, type Where } from './verdict.ts';

/** What stands in the place of each part of an address; a route with another part needs a line here. */
const samples: { [part: string]: (one: HiddenCase) => string } = {
  number: ({ number }) => number, task: () => 'samenvatting', record: () => '1', document: () => 'signalenoverzicht', kind: () => 'text', file: ({ file }) => file, version: () => '1', signer: () => '1',
  step: () => 'signalen', exit: () => 'naarConsultatie', rule: () => 'S019', reopening: () => 'heropenen', person: () => 'iemand', disclosure: () => 'geen', section: () => 'record-1'
};

const versionRoute = '/cases/:number/documents/:document/versions/:version';
/** What else stands there: the other kinds of a document and of a version, and the file of a version. */
const variants: { route: string; part: string; of: (one: HiddenCase) => string[] }[] = [
  { route: '/cases/:number/documents/:document/:kind', part: ':kind', of: () => ['text', 'pdf', 'word'] },
  { route: `${versionRoute}/:kind`, part: ':kind', of: () => ['text', 'pdf', 'word', 'signed', 'signed-word'] },
  { route: '/cases/:number/files/:file', part: ':file', of: ({ file, papers = [] }) => [file, ...papers] }
];
/** What takes a case along, and how. */
const exports = ['file', 'dossier', 'print'];

/** A number that no case has. */
const nowhere = '2026-ZZZZ';

export type Asked = { method: string; path: string; body?: { [name: string]: string } };
type Counts = { worlds: number; requests: number; hidden: number; shown: number };
/** Milliseconds of every answer about a case that is hidden, and of the same about none. */
type Times = { hidden: number[]; absent: number[] };

/**
 * Access, on random people, roles, lists, exclusions and cases that came of one another: every route about a case, asked by everybody,
 * answers to the byte as if there were no such case wherever the oracle says that there is none for them; and no other page holds a word of it.
 */
export async function access({ cycles, seed, newDatabase }: Where & { cycles: number }): Promise<Verdict> {
  const server = await startAccessServer(await newDatabase?.() ?? '');
  const counts: Counts = { worlds: 0, requests: 0, hidden: 0, shown: 0 };
  const times: Times = { hidden: [], absent: [] };
  try {
    const result = await fc.check(fc.asyncProperty(worlds, async (world) => {
      const leak = await firstLeak(server, world, { counts, times, dice: makeDice(seed + counts.worlds) });
      counts.worlds += 1;
      if (leak !== null) throw new Error(leak);
    }), { numRuns: cycles, seed, endOnFailure: true, examples: [[firstWorld]] });
    const leak = result.failed ? { leak: String(result.errorInstance instanceof Error ? result.errorInstance.message : result.errorInstance), world: JSON.stringify(result.counterexample) } : {};
    const ok = !result.failed && counts.shown > 0 && counts.hidden > 0;
    const ratio = (median(times.hidden) / median(times.absent)).toFixed(2);
    return verdict(`Access, ${newDatabase === null ? 'sqlite' : 'postgres'}`, ok, { seed, ...counts, leaks: result.failed ? 1 : 0, 'time against no case': ratio, ...leak });
  } finally {
    await server.site.stop();
  }
}

type Trying = { counts: Counts; times: Times; dice: (below: number) => number };

async function firstLeak(server: AccessServer, world: World, trying: Trying): Promise<string | null> {
  const { counts, dice } = trying;
  const { site: { app }, cases } = server;
  const sessions = await server.become(world);
  const others = app.guarded.filter(({ method, path, action }) => method === 'GET' && !path.includes(':') && !/^(assets|health|session|cover|setup)/.test(action)).map(({ path }) => path);
  for (let person = 0; person < mostPeople; person += 1) {
    const session = sessions[person] ?? null;
    for (const path of [...others, '/cases?afgesloten=1', ...server.people.flatMap((id) => [`/access-log/people/${id}`, `/access-log/people/${id}/file`])]) {
      const found = await ask(server, session, { method: 'GET', path }, counts);
      const told = cases.findIndex((one, index) => words(one, world, person, index).some((word) => found.payload.includes(word)));
      if (told >= 0) return `${path} tells person ${String(person)} of case ${String(told)}`;
    }
    const list = await ask(server, session, { method: 'GET', path: '/cases' }, counts);
    const missing = cases.findIndex(({ number }, index) => seenAs(world, person, index) !== null && !list.payload.includes(number));
    if (missing >= 0) return `the list of person ${String(person)} misses case ${String(missing)}`;
    for (const [index, one] of cases.entries()) {
      const asked = [...searches(one), ...linked(one, session)];
      if (seenAs(world, person, index) === 'full') continue;
      const leak = await differs(server, session, asked.filter((_, place) => seenAs(world, person, index) === null || place >= searches(one).length), trying);
      if (leak !== null) return `person ${String(person)}, case ${String(index)}: ${leak}`;
    }
  }
  const routes = app.guarded.filter(({ path }) => path.includes(':number'));
  const leaks = await Promise.all(sessions.map(async (session, person) => {
    for (const route of routes) {
      const index = dice(caseTree.length);
      const one = cases[index];
      if (one === undefined) throw new Error(`No case ${String(index)}.`);
      const asked = allAddressed(route, one, session);
      const where = `${route.method} ${route.path}, person ${String(person)}, case ${String(index)}`;
      if (!mayDo(world, person, route.action, index)) {
        const leak = await differs(server, session, asked, trying);
        if (leak !== null) return `${where}: ${leak}`;
      } else {
        const chosen = asked[dice(asked.length)];
        if (chosen === undefined) throw new Error(`${where} is not asked.`);
        const answer = await ask(server, session, chosen, counts);
        if ((route.path === '/cases/:number' || (route.path === versionRoute && one.papers?.length !== 0)) && answer.statusCode !== 200) return `${where}: ${String(answer.statusCode)}`;
        if (answer.statusCode >= 500) return `${where}: ${String(answer.statusCode)}`;
        if (answer.statusCode !== 404) counts.shown += 1;
        const told = cases.flatMap((other, place) => words(other, world, person, place)).find((word) => answer.payload.includes(word));
        if (told !== undefined) return `${where} tells of ${told}`;
      }
    }
    return null;
  }));
  return leaks.find((leak) => leak !== null) ?? null;
}

/** What this person may not find anywhere: all words of a case they do not see; of one they see in part what others wrote. */
function words({ about, written }: HiddenCase, world: World, person: number, index: number): string[] {
  const seen = seenAs(world, person, index);
  if (seen === 'full') return [];
  const others = [...written].filter(([by]) => seen === null || by !== person).map(([, word]) => word);
  return seen === null ? [...about, ...others] : others;
}

function searches({ about }: HiddenCase): Asked[] {
  return about.map((word) => ({ method: 'GET', path: `/cases?zoek=${word}` }));
}

/** The start of a case from this one, which only who sees all of it may do. */
function linked({ number }: HiddenCase, session: Session | null): Asked[] {
  const body = { _csrf: session?.csrf ?? '', _key: 'k', _from: number, _link: 'zorgroute' };
  return [
    { method: 'GET', path: `/cases/new?from=${number}&link=zorgroute` }, { method: 'POST', path: '/cases/new', body }, { method: 'POST', path: '/cases/new/draft', body }
  ];
}

export function addressed({ method, path }: GuardedRoute, one: HiddenCase, session: Session | null): Asked {
  const address = path.replace(/:(\w+)/g, (_, part: string) => {
    const sample = samples[part];
    if (sample === undefined) throw new Error(`${path}: give a sample for :${part}.`);
    return sample(one);
  });
  return method === 'POST' ? { method, path: address, body: { _csrf: session?.csrf ?? '', _key: 'k' } } : { method, path: address };
}

/** The same with everything that may stand in the address, or be asked for. */
function allAddressed(route: GuardedRoute, one: HiddenCase, session: Session | null): Asked[] {
  const found = variants.find((variant) => variant.route === route.path);
  if (found !== undefined) return found.of(one).map((value) => addressed({ ...route, path: route.path.replace(found.part, value) }, one, session));
  const asked = addressed(route, one, session);
  if (route.path !== '/cases/:number/export' || asked.body === undefined) return [asked];
  return exports.map((what) => ({ ...asked, body: { ...asked.body, what, reason: 'Omdat het voor de proef nodig is.', _key: what } }));
}

/** Says where an answer is another than about what is not there; null: nowhere. */
async function differs(server: AccessServer, session: Session | null, asked: Asked[], { counts, times, dice }: Trying): Promise<string | null> {
  const hide = (text: string): string => server.cases.reduce((all, { about: [number = '', name = ''] }) => all.replaceAll(number, nowhere).replaceAll(name, 'n'.repeat(name.length)), text);
  const timed = async (one: Asked, to: number[]): Promise<LightMyRequestResponse> => {
    const from = performance.now();
    const answer = await ask(server, session, one, counts);
    to.push(performance.now() - from);
    return answer;
  };
  for (const one of asked) {
    const absent = JSON.parse(hide(JSON.stringify(one))) as Asked;
    const isFirst = dice(2) === 0;
    const before = isFirst ? null : await timed(absent, times.absent);
    const answer = await timed(one, times.hidden);
    const reference = before ?? await timed(absent, times.absent);
    counts.hidden += 1;
    if (hide(plain(answer)) !== hide(plain(reference))) return `${one.method} ${one.path} gives ${String(answer.statusCode)}, without it ${String(reference.statusCode)}`;
  }
  return null;
}

/** All that a browser gets, but for the keys that are drawn anew for every form. */
function plain({ statusCode, headers, payload }: LightMyRequestResponse): string {
  return JSON.stringify([statusCode, Object.entries({ ...headers, date: '' }).sort(), payload.replace(/(name="_key" value=")[^"]*/g, '$1')]);
}

async function ask({ site: { app } }: AccessServer, session: Session | null, { method, path, body }: Asked, counts: Counts): Promise<LightMyRequestResponse> {
  counts.requests += 1;
  return app.inject({
    method: method as 'GET' | 'POST', url: path, headers: { ...(session === null ? {} : { cookie: session.cookie }), ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }) },
    ...(body === undefined ? {} : { payload: new URLSearchParams(body).toString() })
  });
}
