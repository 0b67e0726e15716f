import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { mostApartMs } from '../clocks-apart.ts';
import type { Database } from '../database/database.ts';
import type { Day, Moment, PersonId } from '../engine/state/case-state.ts';
import { keptQuery } from '../database/kept-query.ts';
import { appendAccessLog } from '../trust/access-log-store.ts';
import { csrfToken, isSameToken } from '../trust/csrf.ts';
import type { RandomBytes } from '../trust/seal.ts';
import { readSessionTimes, sessionBounds, sessionTimesSetting } from './session-times.ts';
import { membersToday, toPerson, toSchool, type Person, type School, type SchoolRow } from './people-store.ts';

/**
 * Who is signed in, with the roles of today. `id` is a hash of the token in the cookie. `since`: when this person was here in the
 * session before; null for a first visit. `schools`: at how many schools they work today. `secondAt`: when a code or passkey was given
 * last; null: only a password.
 */
export type Session = { id: string; person: Person; school: School; since: Moment | null; schools: number; startedAt: Moment; secondAt: Moment | null; /** When it ends if nothing is asked any more. */ endsAt: Moment };

/** One place where somebody is signed in. `device`: kind of browser and system; null: not known. */
export type OwnSession = { id: string; device: string | null; startedAt: Moment; seenAt: Moment };

export type Sessions = {
  /**
   * Begins a session for somebody who has just signed in and gives the token for the cookie, 256 random bits.
   * `replaces`: id of a session that ends with it. `second`: a passkey was given. `device`: kind of browser, as in device.ts.
   * Throws for a person without a place at a school today.
   */
  start(person: PersonId, now: Moment, options?: { replaces?: string; second?: boolean; device?: string }): Promise<{ token: string }>;
  /** Notes that a code or passkey was given, and gives the new token of the session. Null: it has ended. */
  prove(id: string, now: Moment): Promise<{ token: string } | null>;
  /** Who is signed in with this token; null when nobody is, any more. Notes the use, at most once a minute. */
  find(token: string, now: Moment): Promise<Session | null>;
  /** Goes on at another school of this person. False: they have no place there today. */
  switchSchool(id: string, school: string, now: Moment): Promise<boolean>;
  end(id: string, now: Moment): Promise<void>;
  /** Where somebody is signed in now; used last first. */
  list(person: PersonId, now: Moment): Promise<OwnSession[]>;
  /** Ends one session of a person, or all but one. An id of somebody else ends nothing. */
  endOwn(person: PersonId, which: { only: string } | { but: string }, now: Moment): Promise<void>;
  /** Ends every session of a person. */
  endAll(person: PersonId): Promise<void>;
  /** The token for the forms of a session. */
  csrf(token: string): string;
  /** Compares tokens of forms in constant time. */
  sameToken(expected: string, given: string): boolean;
};

export type SessionParts = {
  database: Database;
  random: RandomBytes;
  csrfKey: Buffer;
  /** The day at school, for roles that begin and end. */
  today: () => Day;
};

const minuteMs = 60_000;
/** No school lets a session last longer. */
const longestMs = sessionBounds.hours.most * 60 * minuteMs;

/** Makes the store of sessions. How long one lasts is a setting of its school. Only hashes of tokens are kept: who reads the database can sign in as nobody. */
export function makeSessions({ database, random, csrfKey, today }: SessionParts): Sessions {
  return {
    start: (person, now, { replaces, second = false, device } = {}) => database.write(async (connection) => {
      const school = await firstSchool(connection, person, today());
      if (school === null) throw new Error(`Person ${person} works at no school on ${today()}.`);
      const token = random(32).toString('base64url');
      await sweep(connection, { startedBefore: new Date(Date.parse(now) - longestMs).toISOString(), id: replaces ?? null });
      await connection<SessionRow>('sessions').insert({ token_hash: hashOf(token), person_id: person, school_id: school, started_at: now, seen_at: now, since: await visit(connection, person, school, now), second_at: second ? now : null, device: device ?? null });
      await appendAccessLog(connection, [{ person, case: null, action: 'signIn', detail: second ? 'second' : null }], now);
      return { token };
    }),
    prove: (id, now) => database.write(async (connection) => {
      const token = random(32).toString('base64url');
      const session = await connection<SessionRow>('sessions').where('token_hash', id).first('person_id');
      const proven = await connection<SessionRow>('sessions').where('token_hash', id).update({ token_hash: hashOf(token), second_at: now });
      if (session === undefined || proven === 0) return null;
      await appendAccessLog(connection, [{ person: session.person_id, case: null, action: 'signIn', detail: 'second' }], now);
      return { token };
    }),
    find: async (token, now) => {
      const id = hashOf(token);
      const [row] = await sessionRows(database.read, { id, today: today() });
      // Without a role somebody has no place at this school any more.
      if (row === undefined || row.roles === null) return null;
      const at = Date.parse(now);
      if (isOver(row, at)) return null;
      const isNoted = at < Date.parse(row.seen_at) + minuteMs;
      const endsAt = endOf(isNoted ? row : { ...row, seen_at: now });
      const person = toPerson({ id: row.person_id, name: row.person_name, email: row.email, valid_until: row.valid_until }, row.roles.split(' '));
      if (!isNoted) await touch(database, { id, person: person.id, school: row.id }, now);
      return { id, person, school: toSchool(row), since: row.since, schools: Number(row.schools), startedAt: row.started_at, secondAt: row.second_at, endsAt: new Date(endsAt).toISOString() };
    },
    switchSchool: (id, school, now) => database.write(async (connection) => {
      const session = await connection<SessionRow>('sessions').where('token_hash', id).first('person_id');
      if (session === undefined) return false;
      const place = await membersToday(connection, today()).where({ 'people.id': session.person_id, 'memberships.school_id': school });
      if (place.length === 0) return false;
      await connection<SessionRow>('sessions').where('token_hash', id).update({ school_id: school, since: await visit(connection, session.person_id, school, now) });
      return true;
    }),
    end: (id, now) => database.write(async (connection) => {
      const ended = await connection<SessionRow>('sessions').where('token_hash', id).first('person_id');
      if (ended === undefined) return;
      await connection<SessionRow>('sessions').where('token_hash', id).delete();
      await appendAccessLog(connection, [{ person: ended.person_id, case: null, action: 'signOut' }], now);
    }),
    list: async (person, now) => {
      const rows = await database.read('sessions')
        .leftJoin('settings as times', (join) => join.on('times.school_id', 'sessions.school_id').andOnVal('times.name', sessionTimesSetting))
        .where('person_id', person).orderBy('seen_at', 'desc')
        .select<(SessionRow & Pick<FoundRow, 'times'>)[]>('sessions.*', 'times.value as times');
      return rows.filter((row) => !isOver(row, Date.parse(now))).map(({ token_hash: id, device, started_at: startedAt, seen_at: seenAt }) => ({ id, device, startedAt, seenAt }));
    },
    endOwn: (person, which, now) => database.write(async (connection) => {
      const own = connection<SessionRow>('sessions').where('person_id', person);
      const ended = await ('only' in which ? own.andWhere('token_hash', which.only) : own.andWhereNot('token_hash', which.but)).delete();
      if (ended > 0) await appendAccessLog(connection, [{ person, case: null, action: 'signOut', detail: String(ended) }], now);
    }),
    endAll: (person) => database.write(async (connection) => { await connection<SessionRow>('sessions').where('person_id', person).delete(); }),
    csrf: (token) => csrfToken(csrfKey, token),
    sameToken: isSameToken
  };
}

/** What is kept of a secret token. It is random and long, so a plain hash will do. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

type SessionRow = { token_hash: string; person_id: string; school_id: string; started_at: string; seen_at: string; since: string | null; second_at: string | null; device: string | null };
/** In milliseconds: so long after it was used last, or after signing in. */
function endOf({ times, seen_at: seen, started_at: started }: Pick<FoundRow, 'times' | 'seen_at' | 'started_at'>): number {
  const { idleMinutes, hours } = readSessionTimes(times);
  return Math.min(Date.parse(seen) + idleMinutes * minuteMs, Date.parse(started) + hours * 60 * minuteMs);
}

/** A clock that went back would let it last longer, so then it is over too; servers may differ by less. */
function isOver(row: Pick<FoundRow, 'times' | 'seen_at' | 'started_at'>, at: number): boolean {
  return at >= endOf(row) || at < Date.parse(row.seen_at) - mostApartMs;
}

type VisitRow = { person_id: string; school_id: string; seen_at: string };
/** `roles`: those of today in their order, with blanks between; null: none. */
type FoundRow = Omit<SchoolRow, 'created_at'> & Pick<SessionRow, 'person_id' | 'started_at' | 'seen_at' | 'since' | 'second_at'> & {
  person_name: string; email: string; valid_until: Day | null; roles: string | null; schools: number | string; times: string | null;
};

/** A real school comes before the practice school. */
async function firstSchool(connection: Knex, person: PersonId, today: Day): Promise<string | null> {
  const rows = await membersToday(connection, today).where('people.id', person)
    .join('schools', 'schools.id', 'memberships.school_id').clearOrder().orderBy(['schools.practice', 'schools.name']).limit(1);
  return rows[0]?.school_id ?? null;
}

/** Session, school and person in one question, and in one row. */
const sessionRows = keptQuery<{ id: string; today: Day }, FoundRow[]>((connection, { id, today }) => {
  const rolesHere = (): Knex.QueryBuilder => placesToday(connection, today).whereRaw('places.school_id = sessions.school_id');
  return connection('sessions')
    .join('people', 'people.id', 'sessions.person_id')
    .join('schools', 'schools.id', 'sessions.school_id')
    .leftJoin('settings as times', (join) => join.on('times.school_id', 'sessions.school_id').andOnVal('times.name', sessionTimesSetting))
    .where('sessions.token_hash', id)
    .select('times.value as times', 'sessions.person_id', 'sessions.started_at', 'sessions.seen_at', 'sessions.since', 'sessions.second_at', 'people.name as person_name', 'people.email')
    .select('schools.id', 'schools.name', 'schools.brin', 'schools.board', 'schools.colour', 'schools.logo', 'schools.routes_off', 'schools.route_settings', 'schools.practice')
    .select({
      roles: rolesHere().select(connection.raw("string_agg(places.role, ' ' order by places.position)")),
      valid_until: rolesHere().orderBy('places.position').limit(1).select('places.valid_until'),
      schools: placesToday(connection, today).countDistinct('places.school_id')
    });
});

/** Takes away a session that is replaced, and all that ended by age. */
async function sweep(connection: Knex, { startedBefore, id }: { startedBefore: Moment; id: string | null }): Promise<void> {
  await connection<SessionRow>('sessions').where('started_at', '<=', startedBefore).orWhere('token_hash', id ?? '').delete();
}

/** The roles that the person of a session has, at whatever school. */
function placesToday(connection: Knex, today: Day): Knex.QueryBuilder {
  return connection('memberships as places')
    .whereRaw('places.person_id = sessions.person_id').andWhere('places.valid_from', '<=', today)
    .andWhere((valid) => valid.whereNull('places.valid_until').orWhere('places.valid_until', '>=', today));
}

/** Never backwards, should the clock be. */
async function touch(database: Database, { id, person, school }: { id: string; person: PersonId; school: string }, now: Moment): Promise<void> {
  await database.write(async (connection) => {
    await connection<SessionRow>('sessions').where('token_hash', id).andWhere('seen_at', '<', now).update({ seen_at: now });
    await connection<VisitRow>('visits').where({ person_id: person, school_id: school }).andWhere('seen_at', '<', now).update({ seen_at: now });
  });
}

/** Notes that somebody is at a school and gives when they were there last; null: never. */
async function visit(connection: Knex, person: PersonId, school: string, now: Moment): Promise<Moment | null> {
  const before = await connection<VisitRow>('visits').where({ person_id: person, school_id: school }).first('seen_at');
  await connection<VisitRow>('visits').insert({ person_id: person, school_id: school, seen_at: now }).onConflict(['person_id', 'school_id']).merge();
  return before?.seen_at ?? null;
}
