import { type Demo, type DemoCases, type PartnerEntry, schoolDayFrom } from '../definitions/content.ts';
import type { CaseState, Day, Moment } from '../engine/state/case-state.ts';
import { type Cast, playedCommand, playedMoment } from '../engine/scenarios/play.ts';
import type { PartnerStore } from '../partners/partner-store.ts';
import type { PeopleStore } from '../staff/people-store.ts';
import type { Cases, Reader } from './cases.ts';
import type { Library, Route } from './library.ts';

export type DemoServices = { cases: Cases; library: Library; people: PeopleStore; partners: PartnerStore };

/** Somebody who has an account already and gets a place at the practice school. */
export type Guest = { name: string; email: string; roles: string[]; admin: boolean };

/** `setClock` makes the services believe it is another moment, so that the cases have a past. */
export type DemoParts = { services: DemoServices; setClock: (moment: Moment) => void; now: Moment; passwordHash: string | null; guests?: Guest[]; newKey: () => string };

const dayMs = 86_400_000;

/**
 * Makes one practice school of demo files with its people, partners and cases, each act as if done at its own moment.
 * The school is that of the first; people with the same e-mail address are one person.
 */
export async function loadDemo(demos: Demo[], { services, setClock, now, passwordHash, guests = [], newKey }: DemoParts): Promise<void> {
  const [first] = demos;
  if (first === undefined) throw new Error('There is no practice school to make.');
  const { people, partners } = services;
  const plays = demos.map(({ data }) => ({ data, route: routeOf(services.library, data.workflow) }));
  const today = routeOf(services.library, first.workflow).model.zone.dayOf(now);
  const moments = plays.flatMap(({ data, route }) => data.cases.flatMap(({ commands }) => commands.map((command) => playedMoment(route.model, command, today))));
  setClock(new Date(Date.parse(moments.sort()[0] ?? now) - dayMs).toISOString());
  const school = await people.addSchool({ name: first.data.school.name, board: first.data.school.board ?? null, practice: true });
  const readers = new Map<string, Practiser>();
  for (const { name, email, roles, admin = false } of demos.flatMap(({ data }) => Object.values(data.people))) {
    if (readers.has(email)) continue;
    const person = await people.add({ name, email, roles, admin, school: school.id, passwordHash });
    if (person === null) throw new Error(`The e-mail address ${email} of the practice school is taken.`);
    readers.set(email, { id: person.id, name, roles, school: school.id, settings: school.settings });
  }
  for (const guest of guests) await people.add({ ...guest, school: school.id, passwordHash: null });
  await partners.load(school.id, { partners: dated(demos.flatMap(({ data }) => data.partners ?? []), today) }, null);
  const organisations = Object.fromEntries((await partners.list(school.id)).map(({ organisation, id }) => [organisation, id]));
  for (const { data, route } of plays) await playCases(data, route, { services, setClock, newKey, readers, organisations, today });
  setClock(now);
}

type Practiser = Reader & { name: string };
type PlayParts = Pick<DemoParts, 'services' | 'setClock' | 'newKey'> & { readers: Map<string, Practiser>; organisations: { [name: string]: string }; today: Day };

async function playCases(data: DemoCases, route: Route, { services: { cases }, setClock, newKey, readers, organisations, today }: PlayParts): Promise<void> {
  const { model } = route;
  const people = Object.fromEntries(Object.entries(data.people).flatMap(([key, { email }]) => { const reader = readers.get(email); return reader === undefined ? [] : [[key, reader]]; }));
  const cast: Cast = { people, partners: organisations };
  for (const { title, commands } of data.cases) {
    let number = '';
    let state: CaseState | null = null;
    for (const written of commands) {
      const reader = people[written.person];
      if (reader === undefined) throw new Error(`There is no person "${written.person}" in the practice school.`);
      setClock(playedMoment(model, written, today));
      const command = playedCommand(model, state, written, { cast, today });
      const submission = { key: newKey(), draft: null };
      const result = command.type === 'open' ? await cases.start(reader, route, command, submission) : await cases.act(reader, number, command, submission);
      if (result.type !== 'done') {
        const why = result.type === 'refused' ? result.refusal.reasons.map(({ text }) => text).join(' ') : result.type;
        throw new Error(`Practice case "${title}", day ${String(written.day)} ${written.time}: ${why}`);
      }
      ({ number, state } = result);
    }
  }
}

function routeOf(library: Library, id: string): Route {
  const route = library.published().find(({ model }) => model.workflow.id === id);
  if (route === undefined) throw new Error(`The practice school needs the route ${id}.`);
  return route;
}

/** The day somebody checked an organisation may be written as "@-30": thirty school days ago. */
function dated(partners: PartnerEntry[], today: Day): PartnerEntry[] {
  return partners.map(({ verifiedOn = null, ...partner }) => {
    const days = /^@(-\d+)$/.exec(verifiedOn ?? '')?.[1];
    return { ...partner, verifiedOn: days === undefined ? verifiedOn : schoolDayFrom(today, Number(days)) };
  });
}
