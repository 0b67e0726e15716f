import type { Knex } from 'knex';
import type { Database } from '../database/database.ts';
import { isDuplicate } from '../database/database.ts';
import type { RouteSettings } from '../definitions/setting-values.ts';
import type { Day, Moment, PersonId } from '../engine/state/case-state.ts';
import { keptQuery } from '../database/kept-query.ts';

/**
 * `board`: name of the school board, for letters. `brin`: its number in the national register. `colour`: #rrggbb. `logo`: fingerprint of
 * its picture. Null where nobody filled it in. `routesOff`: ids of routes that are not offered here. `settings`: what the school filled in
 * for its routes.
 */
export type School = {
  id: string; name: string; brin: string | null; board: string | null; colour: string | null; logo: string | null; routesOff: string[]; settings: RouteSettings; practice: boolean;
};

/** Somebody with a place at a school on a day, with the roles of that day. `admin` manages the program and gives no access to cases; `until` is the last day. */
export type Person = { id: PersonId; name: string; email: string; roles: string[]; admin: boolean; until: Day | null };

export type NewSchool = { name: string; board: string | null; practice: boolean; brin?: string | null; colour?: string | null };

export type NewPerson = { name: string; email: string; roles: string[]; admin: boolean; until?: Day | null };

export type PeopleStore = {
  /** Sorted by name. */
  schools(): Promise<School[]>;
  addSchool(school: NewSchool): Promise<School>;
  /** Those who work at a school today, sorted by name. */
  staff(school: string): Promise<Person[]>;
  /** Null: unknown, or not working there today. */
  find(person: PersonId, school: string): Promise<Person | null>;
  /** Names by id, also of people who left. */
  names(people: PersonId[]): Promise<ReadonlyMap<PersonId, string>>;
  /**
   * Adds somebody who starts today. Somebody who is known from elsewhere gets a place here as well and keeps name and password.
   * Null: the e-mail address is taken here already. `passwordHash` null: no password yet.
   */
  add(person: NewPerson & { school: string; passwordHash: string | null }): Promise<Person | null>;
  /** Ends the roles that are not named today, begins the new ones, and sets the last day of all of them; a day before today ends them. */
  setRoles(person: PersonId, school: string, roles: { roles: string[]; admin: boolean; until?: Day | null }): Promise<void>;
  rename(person: PersonId, name: string): Promise<void>;
  /** Schools where somebody works today, real ones first. */
  schoolsOf(person: PersonId): Promise<School[]>;
  /** Has this person ever had a place at another school that is no practice school? */
  isKnownElsewhere(person: PersonId, school: string): Promise<boolean>;
};

export type PeopleParts = { database: Database; newId: () => string; now: () => Moment; today: () => Day };

/** Makes the store of schools and of the people who work there. */
export function makePeopleStore(parts: PeopleParts): PeopleStore {
  const { database, today } = parts;
  return {
    schools: async () => (await database.read<SchoolRow>('schools').orderBy('name')).map(toSchool),
    addSchool: (school) => database.write((connection) => insertSchool(connection, school, parts)),
    staff: async (school) => toPeople(await staffRows(database.read, { school, today: today() })),
    find: async (person, school) => {
      const rows = await membersToday(database.read, today()).where({ 'memberships.school_id': school, 'people.id': person });
      return toPeople(rows)[0] ?? null;
    },
    names: async (people) => new Map((await database.read<PersonRow>('people').whereIn('id', people).select('id', 'name')).map(({ id, name }) => [id, name])),
    add: async (person) => {
      try {
        return await database.write(async (connection) => await joinKnown(connection, person, parts) ?? insertPerson(connection, person, parts));
      } catch (error) {
        if (isDuplicate(error)) return null;
        throw error;
      }
    },
    setRoles: (person, school, { roles, admin, until = null }) => database.write(async (connection) => {
      const day = today();
      const wanted = rolesToStore(roles, admin);
      const now = (await membersToday(connection, day).where({ 'memberships.school_id': school, 'people.id': person })).map(({ role }) => role);
      const ended = now.filter((role) => !wanted.includes(role));
      // Times that lie behind stay as they were.
      const current = () => connection<MembershipRow>('memberships')
        .where({ school_id: school, person_id: person }).andWhere((valid) => valid.whereNull('valid_until').orWhere('valid_until', '>=', day));
      await current().whereIn('role', ended).update({ valid_until: dayBefore(day) });
      await current().whereIn('role', wanted).update({ valid_until: until });
      await insertRoles(connection, { person, school, until, roles: wanted.filter((role) => !now.includes(role)) }, parts);
    }),
    rename: (person, name) => database.write(async (connection) => { await connection<PersonRow>('people').where('id', person).update({ name: name.trim() }); }),
    schoolsOf: async (person) => {
      const ids = (await membersToday(database.read, today()).where('people.id', person)).map(({ school_id: id }) => id);
      return (await database.read<SchoolRow>('schools').whereIn('id', ids).orderBy(['practice', 'name'])).map(toSchool);
    },
    isKnownElsewhere: async (person, school) => await database.read<MembershipRow>('memberships')
      .join('schools', 'schools.id', 'memberships.school_id')
      .where({ 'memberships.person_id': person, 'schools.practice': 0 }).whereNot('memberships.school_id', school).first('memberships.id') !== undefined
  };
}

/** Writes a school inside a transaction. */
export async function insertSchool(
  connection: Knex, { name, board, practice, brin = null, colour = null }: NewSchool, { newId, now }: Pick<PeopleParts, 'newId' | 'now'>
): Promise<School> {
  const row: SchoolRow = { id: newId(), name, brin, board, colour, logo: null, routes_off: null, route_settings: null, practice: practice ? 1 : 0, created_at: now() };
  await connection<SchoolRow>('schools').insert(row);
  return toSchool(row);
}

/** Writes a person with roles from today inside a transaction. */
export async function insertPerson(
  connection: Knex, { name, email, roles, admin, school, passwordHash, until = null }: NewPerson & { school: string; passwordHash: string | null }, parts: Omit<PeopleParts, 'database'>
): Promise<Person> {
  const row: PersonRow = { id: parts.newId(), name: name.trim(), email: plainEmail(email), created_at: parts.now() };
  await connection<PersonRow>('people').insert(row);
  await insertRoles(connection, { person: row.id, school, until, roles: rolesToStore(roles, admin) }, parts);
  if (passwordHash !== null) await setPassword(connection, row.id, passwordHash, parts.now());
  return { id: row.id, name: row.name, email: row.email, roles, admin, until };
}

/** Gives somebody who is known from elsewhere a place at one more school; null: nobody has this address, or they work here already. */
async function joinKnown(
  connection: Knex, { email, roles, admin, school, until = null }: NewPerson & { school: string }, parts: Omit<PeopleParts, 'database'>
): Promise<Person | null> {
  const known = await connection<PersonRow>('people').where('email', plainEmail(email)).first();
  if (known === undefined) return null;
  const here = await membersToday(connection, parts.today()).where({ 'memberships.school_id': school, 'people.id': known.id });
  if (here.length > 0) return null;
  await insertRoles(connection, { person: known.id, school, until, roles: rolesToStore(roles, admin) }, parts);
  return { id: known.id, name: known.name, email: known.email, roles, admin, until };
}

/** Keeps the hash of a password, in place of an older one. */
export async function setPassword(connection: Knex, person: PersonId, hash: string, now: Moment): Promise<void> {
  await connection<CredentialRow>('credentials')
    .insert({ person_id: person, kind: 'password', secret: hash, changed_at: now })
    .onConflict(['person_id', 'kind']).merge();
}

/** An e-mail address as it is kept and looked for. */
export function plainEmail(email: string): string {
  return email.trim().normalize('NFC').toLowerCase();
}

/** Rows of people with a role at a school on a day: one row per person and role. */
export function membersToday(connection: Knex, today: Day): Knex.QueryBuilder<object, MemberRow[]> {
  return connection('people')
    .join('memberships', 'memberships.person_id', 'people.id')
    .where('memberships.valid_from', '<=', today)
    .andWhere((valid) => valid.whereNull('memberships.valid_until').orWhere('memberships.valid_until', '>=', today))
    .orderBy(['people.name', 'people.id', 'memberships.position'])
    .select('people.id', 'people.name', 'people.email', 'memberships.role', 'memberships.school_id', 'memberships.valid_until') as Knex.QueryBuilder<object, MemberRow[]>;
}

const staffRows = keptQuery<{ school: string; today: Day }, MemberRow[]>((connection, { school, today: day }) => membersToday(connection, day).where('memberships.school_id', school));

/** Turns a row into a school. */
export function toSchool({ id, name, brin, board, colour, logo, routes_off: off, route_settings: settings, practice }: Omit<SchoolRow, 'created_at'>): School {
  return {
    id, name, brin, board, colour, logo, practice: practice === 1,
    routesOff: off === null ? [] : (JSON.parse(off) as string[]), settings: settings === null ? {} : (JSON.parse(settings) as RouteSettings)
  };
}

/** Turns rows of one school into people, in their order. */
export function toPeople(rows: MemberRow[]): Person[] {
  const people = new Map<PersonId, { first: MemberRow; roles: string[] }>();
  for (const row of rows) {
    const known = people.get(row.id);
    if (known === undefined) people.set(row.id, { first: row, roles: [row.role] });
    else known.roles.push(row.role);
  }
  return [...people.values()].map(({ first, roles }) => toPerson(first, roles));
}

/** Turns a person with the roles that are kept into one, in the order of those. */
export function toPerson({ id, name, email, valid_until: until }: Pick<MemberRow, 'id' | 'name' | 'email' | 'valid_until'>, roles: string[]): Person {
  return { id, name, email, roles: [...new Set(roles.filter((role) => role !== adminRole))], admin: roles.includes(adminRole), until };
}

export type MemberRow = { id: string; name: string; email: string; role: string; school_id: string; valid_until: Day | null };
export type CredentialRow = { person_id: string; kind: string; secret: string; changed_at: string };
export type SchoolRow = {
  id: string; name: string; brin: string | null; board: string | null; colour: string | null; logo: string | null; routes_off: string | null; route_settings: string | null;
  practice: number; created_at: string;
};
type PersonRow = { id: string; name: string; email: string; created_at: string };
type MembershipRow = { id: string; school_id: string; person_id: string; role: string; position: number; valid_from: string; valid_until: string | null };

/** Not an id of a definition: those begin with a letter. */
const adminRole = '*admin';

function rolesToStore(roles: string[], admin: boolean): string[] {
  return [...new Set(roles), ...(admin ? [adminRole] : [])];
}

async function insertRoles(connection: Knex, { person, school, roles, until }: { person: PersonId; school: string; roles: string[]; until: Day | null }, { newId, today }: Pick<PeopleParts, 'newId' | 'today'>): Promise<void> {
  if (roles.length === 0) return;
  await connection<MembershipRow>('memberships').insert(roles.map((role, index) => (
    { id: newId(), school_id: school, person_id: person, role, position: index, valid_from: today(), valid_until: until }
  )));
}


function dayBefore(day: Day): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
