import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { Database } from '../database.ts';
import type { Day, Moment, PersonId } from '../engine/case-state.ts';
import { appendAccessLog } from '../trust/access-log-store.ts';
import { csrfToken, isSameToken } from '../trust/csrf.ts';
import type { RandomBytes } from '../trust/seal.ts';
import { membersToday, toPeople, type MemberRow, type Person, type School } from './people-store.ts';

/** Who is signed in, with the roles of today. `id` is a hash of the token in the cookie. */
export type Session = { id: string; person: Person; school: School };

export type Sessions = {
  /**
   * Begins a session for somebody who has just signed in and gives the token for the cookie, 256 random bits.
   * `replaces`: id of a session that ends with it. Throws for a person without a place at a school today.
   */
  start(person: PersonId, now: Moment, replaces?: string): Promise<{ token: string }>;
  /** Who is signed in with this token; null when nobody is, any more. Notes the use, at most once a minute. */
  find(token: string, now: Moment): Promise<Session | null>;
  end(id: string, now: Moment): Promise<void>;
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
  /** A session ends after so much time without a request. */
  idleMs?: number;
  /** A session ends so long after signing in, whatever happens. */
  absoluteMs?: number;
};

const minuteMs = 60_000;

/** Makes the store of sessions. Only hashes of tokens are kept: who reads the database can sign in as nobody. */
export function makeSessions({ database, random, csrfKey, today, idleMs = 15 * minuteMs, absoluteMs = 8 * 60 * minuteMs }: SessionParts): Sessions {
  return {
    start: (person, now, replaces) => database.write(async (connection) => {
      const school = await firstSchool(connection, person, today());
      if (school === null) throw new Error(`Person ${person} works at no school on ${today()}.`);
      const token = random(32).toString('base64url');
      await sweep(connection, { startedBefore: new Date(Date.parse(now) - absoluteMs).toISOString(), id: replaces ?? null });
      await connection<SessionRow>('sessions').insert({ token_hash: hashOf(token), person_id: person, school_id: school, started_at: now, seen_at: now });
      await appendAccessLog(connection, [{ person, case: null, action: 'signIn' }], now);
      return { token };
    }),
    find: async (token, now) => {
      const rows = await sessionRows(database.read, hashOf(token), today());
      const [first] = rows;
      const [person] = toPeople(rows);
      if (first === undefined || person === undefined) return null;
      const at = Date.parse(now);
      if (at >= Date.parse(first.seen_at) + idleMs || at >= Date.parse(first.started_at) + absoluteMs) return null;
      if (at >= Date.parse(first.seen_at) + minuteMs) await touch(database, hashOf(token), now);
      return { id: hashOf(token), person, school: { id: first.school_id, name: first.school_name, board: first.board, practice: first.practice === 1 } };
    },
    end: (id, now) => database.write(async (connection) => {
      const ended = await connection<SessionRow>('sessions').where('token_hash', id).first('person_id');
      if (ended === undefined) return;
      await connection<SessionRow>('sessions').where('token_hash', id).delete();
      await appendAccessLog(connection, [{ person: ended.person_id, case: null, action: 'signOut' }], now);
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

type SessionRow = { token_hash: string; person_id: string; school_id: string; started_at: string; seen_at: string };
type FoundRow = MemberRow & Pick<SessionRow, 'started_at' | 'seen_at'> & { school_name: string; board: string | null; practice: number };

/** A real school comes before the practice school. */
async function firstSchool(connection: Knex, person: PersonId, today: Day): Promise<string | null> {
  const rows = await membersToday(connection, today).where('people.id', person)
    .join('schools', 'schools.id', 'memberships.school_id').clearOrder().orderBy(['schools.practice', 'schools.name']).limit(1);
  return rows[0]?.school_id ?? null;
}

/** One row per role: session, school and person in one question. */
async function sessionRows(connection: Knex, id: string, today: Day): Promise<FoundRow[]> {
  const rows: unknown = await membersToday(connection, today)
    .join('sessions', (join) => join.on('sessions.person_id', 'people.id').andOn('sessions.school_id', 'memberships.school_id'))
    .join('schools', 'schools.id', 'sessions.school_id')
    .where('sessions.token_hash', id)
    .select('sessions.started_at', 'sessions.seen_at', 'schools.name as school_name', 'schools.board', 'schools.practice');
  return rows as FoundRow[];
}

/** Takes away a session that is replaced, and all that ended by age. */
async function sweep(connection: Knex, { startedBefore, id }: { startedBefore: Moment; id: string | null }): Promise<void> {
  await connection<SessionRow>('sessions').where('started_at', '<=', startedBefore).orWhere('token_hash', id ?? '').delete();
}

/** Never backwards, should the clock be. */
async function touch(database: Database, id: string, now: Moment): Promise<void> {
  await database.write(async (connection) => {
    await connection<SessionRow>('sessions').where('token_hash', id).andWhere('seen_at', '<', now).update({ seen_at: now });
  });
}
