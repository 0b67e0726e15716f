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
import { membersToday, toPeople, toSchool, type MemberRow, type Person, type School, type SchoolRow } from './people-store.ts';

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
      const rows = await sessionRows(database.read, { id: hashOf(token), today: today() });
      const [first] = rows;
      const [person] = toPeople(rows);
      if (first === undefined || person === undefined) return null;
      const at = Date.parse(now);
      if (isOver(first, at)) return null;
      const isNoted = at < Date.parse(first.seen_at) + minuteMs;
      const endsAt = endOf(isNoted ? first : { ...first, seen_at: now });
      if (!isNoted) await touch(database, { id: hashOf(token), person: person.id, school: first.school_id }, now);
      return { id: hashOf(token), person, school: toSchool({ ...first, id: first.school_id, name: first.school_name }), since: first.since, schools: Number(first.schools), startedAt: first.started_at, secondAt: first.second_at, endsAt: new Date(endsAt).toISOString() };
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
type FoundRow = MemberRow & Pick<SessionRow, 'started_at' | 'seen_at' | 'since' | 'second_at'> & Omit<SchoolRow, 'id' | 'name' | 'created_at'> & { school_name: string; schools: number | string; times: string | null };

/** A real school comes before the practice school. */
async function firstSchool(connection: Knex, person: PersonId, today: Day): Promise<string | null> {
  const rows = await membersToday(connection, today).where('people.id', person)
    .join('schools', 'schools.id', 'memberships.school_id').clearOrder().orderBy(['schools.practice', 'schools.name']).limit(1);
  return rows[0]?.school_id ?? null;
}

/** One row per role: session, school and person in one question. */
const sessionRows = keptQuery<{ id: string; today: Day }, FoundRow[]>((connection, { id, today }) => (
  membersToday(connection, today)
    .join('sessions', (join) => join.on('sessions.person_id', 'people.id').andOn('sessions.school_id', 'memberships.school_id'))
    .join('schools', 'schools.id', 'sessions.school_id')
    .leftJoin('settings as times', (join) => join.on('times.school_id', 'sessions.school_id').andOnVal('times.name', sessionTimesSetting))
    .where('sessions.token_hash', id)
    .select('times.value as times', 'sessions.started_at', 'sessions.seen_at', 'sessions.since', 'sessions.second_at', 'schools.name as school_name', 'schools.brin', 'schools.board', 'schools.colour', 'schools.logo', 'schools.routes_off', 'schools.route_settings', 'schools.practice')
    .select({ schools: placesToday(connection, today) })
));

/** Takes away a session that is replaced, and all that ended by age. */
async function sweep(connection: Knex, { startedBefore, id }: { startedBefore: Moment; id: string | null }): Promise<void> {
  await connection<SessionRow>('sessions').where('started_at', '<=', startedBefore).orWhere('token_hash', id ?? '').delete();
}

/** At how many schools the person of a session works. */
function placesToday(connection: Knex, today: Day): Knex.QueryBuilder {
  return connection('memberships as places')
    .whereRaw('places.person_id = sessions.person_id').andWhere('places.valid_from', '<=', today)
    .andWhere((valid) => valid.whereNull('places.valid_until').orWhere('places.valid_until', '>=', today))
    .countDistinct('places.school_id');
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
