import { type Demo, type PartnerEntry, schoolDayFrom } from '../definitions/content.ts';
import type { CaseState, Day, Moment } from '../engine/case-state.ts';
import { type Cast, playedCommand, playedMoment } from '../engine/play.ts';
import type { PartnerStore } from '../partners/partner-store.ts';
import type { PeopleStore } from '../staff/people-store.ts';
import type { Cases, Reader } from './cases.ts';
import type { Library } from './library.ts';

export type DemoServices = { cases: Cases; library: Library; people: PeopleStore; partners: PartnerStore };

/** Somebody who has an account already and gets a place at the practice school. */
export type Guest = { name: string; email: string; roles: string[]; admin: boolean };

/** `setClock` makes the services believe it is another moment, so that the cases have a past. */
export type DemoParts = { services: DemoServices; setClock: (moment: Moment) => void; now: Moment; passwordHash: string | null; guests?: Guest[]; newKey: () => string };

const dayMs = 86_400_000;

/** Makes the practice school of a demo file with its people, partners and cases, each act as if done at its own moment. */
export async function loadDemo({ data }: Demo, { services, setClock, now, passwordHash, guests = [], newKey }: DemoParts): Promise<void> {
  const { people, partners, library, cases } = services;
  const route = library.published().find(({ model }) => model.workflow.id === data.workflow);
  if (route === undefined) throw new Error(`The practice school needs the route ${data.workflow}.`);
  const { model } = route;
  const today = model.zone.dayOf(now);
  const moments = data.cases.flatMap(({ commands }) => commands.map((command) => playedMoment(model, command, today)));
  setClock(new Date(Date.parse(moments.sort()[0] ?? now) - dayMs).toISOString());
  const school = await people.addSchool({ name: data.school.name, board: data.school.board ?? null, practice: true });
  const readers = new Map<string, Reader & { name: string }>();
  for (const [key, { name, email, roles, admin = false }] of Object.entries(data.people)) {
    const person = await people.add({ name, email, roles, admin, school: school.id, passwordHash });
    if (person === null) throw new Error(`The e-mail address ${email} of the practice school is taken.`);
    readers.set(key, { id: person.id, name, roles, school: school.id, settings: school.settings });
  }
  for (const guest of guests) await people.add({ ...guest, school: school.id, passwordHash: null });
  await partners.load(school.id, { partners: dated(data.partners ?? [], today) }, null);
  const organisations = await partners.list(school.id);
  const cast: Cast = { people: Object.fromEntries(readers), partners: Object.fromEntries(organisations.map(({ organisation, id }) => [organisation, id])) };
  for (const { title, commands } of data.cases) {
    let number = '';
    let state: CaseState | null = null;
    for (const written of commands) {
      const reader = readers.get(written.person);
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
  setClock(now);
}

/** The day somebody checked an organisation may be written as "@-30": thirty school days ago. */
function dated(partners: PartnerEntry[], today: Day): PartnerEntry[] {
  return partners.map(({ verifiedOn = null, ...partner }) => {
    const days = /^@(-\d+)$/.exec(verifiedOn ?? '')?.[1];
    return { ...partner, verifiedOn: days === undefined ? verifiedOn : schoolDayFrom(today, Number(days)) };
  });
}
