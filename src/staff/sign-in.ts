import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { Database } from '../database.ts';
import type { Day, Moment, PersonId } from '../engine/case-state.ts';
import { appendAccessLog } from '../trust/access-log-store.ts';
import type { Passwords } from './passwords.ts';
import { type CredentialRow, membersToday, type Person, plainEmail, setPassword, toPeople } from './people-store.ts';

/** `address` is that of the browser. */
export type SignInTry = { email: string; password: string; address: string; now: Moment };

export type SignInResult =
  | { type: 'signedIn'; person: Person }
  /** Wrong address or password, or no place at a school today: not told apart. */
  | { type: 'wrong' }
  /** So many tries from this address are being answered already that this one was not looked at. */
  | { type: 'wait' };

/** Checks who somebody is. Takes as long for people who do not exist; slower after wrong tries, but an account is never shut by what others try. */
export type SignIn = (attempt: SignInTry) => Promise<SignInResult>;

export type SignInParts = {
  database: Database;
  passwords: Passwords;
  today: () => Day;
  /** Waits so many milliseconds. */
  pause: (ms: number) => Promise<void>;
};

/** Tries that wait from one address; a whole school may share one. */
const mostWaiting = 20;
const longestDelayMs = 8_000;
const forgottenAfterMs = 15 * 60_000;
/** Wrong tries that cost nothing: everybody mistypes, and many people share an address. */
const freeFailures = { account: 3, address: 20 };

/** Makes signing in with a password. The caller begins the session. */
export function makeSignIn({ database, passwords, today, pause }: SignInParts): SignIn {
  const waiting = new Map<string, number>();
  const check = async ({ email, password, address, now }: SignInTry): Promise<SignInResult> => {
    const subjects = { account: subjectHash('account', plainEmail(email)), address: subjectHash('address', address) };
    const delayMs = await delayFor(database.read, subjects, now);
    if (delayMs > 0) await pause(delayMs);
    const found = await findAccount(database.read, plainEmail(email), today());
    const { right, rehash } = await passwords.verify(found?.hash ?? null, password);
    if (found === null || !right) {
      await writeFailure(database, { subjects, person: found?.person.id ?? null, now });
      return { type: 'wrong' };
    }
    const stronger = rehash ? await passwords.hash(password) : null;
    await database.write(async (connection) => {
      await connection<TryRow>('sign_in_tries').where('subject_hash', subjects.account).delete();
      if (stronger !== null) await setPassword(connection, found.person.id, stronger, now);
    });
    return { type: 'signedIn', person: found.person };
  };
  return async (attempt) => {
    const before = waiting.get(attempt.address) ?? 0;
    if (before >= mostWaiting) return { type: 'wait' };
    waiting.set(attempt.address, before + 1);
    try {
      return await check(attempt);
    } finally {
      const left = (waiting.get(attempt.address) ?? 1) - 1;
      if (left === 0) waiting.delete(attempt.address);
      else waiting.set(attempt.address, left);
    }
  };
}

type TryRow = { subject_hash: string; failures: number; last_at: string };
type Subjects = { account: string; address: string };

/** One second after the first try too many, twice as long after each next, at most eight. */
async function delayFor(connection: Knex, { account, address }: Subjects, now: Moment): Promise<number> {
  const rows = await connection<TryRow>('sign_in_tries').whereIn('subject_hash', [account, address]);
  const tooMany = rows
    .filter(({ last_at }) => isFresh(last_at, now))
    .map(({ subject_hash, failures }) => failures - (subject_hash === account ? freeFailures.account : freeFailures.address));
  const most = Math.max(0, ...tooMany);
  return most === 0 ? 0 : Math.min(longestDelayMs, 1_000 * 2 ** Math.min(most - 1, 10));
}

async function findAccount(connection: Knex, email: string, today: Day): Promise<{ person: Person; hash: string } | null> {
  const rows = await membersToday(connection, today)
    .join('credentials', (join) => join.on('credentials.person_id', 'people.id').andOnVal('credentials.kind', 'password'))
    .where('people.email', email)
    .select('credentials.secret') as unknown as (Parameters<typeof toPeople>[0][number] & Pick<CredentialRow, 'secret'>)[];
  const [person] = toPeople(rows);
  const hash = rows[0]?.secret;
  return person === undefined || hash === undefined ? null : { person, hash };
}

/** Counted in the database, so that several servers share the count. */
function writeFailure(database: Database, { subjects, person, now }: { subjects: Subjects; person: PersonId | null; now: Moment }): Promise<void> {
  return database.write(async (connection) => {
    await connection<TryRow>('sign_in_tries').where('last_at', '<', forgottenBefore(now)).delete();
    for (const subject_hash of [subjects.account, subjects.address]) {
      await connection<TryRow>('sign_in_tries')
        .insert({ subject_hash, failures: 1, last_at: now })
        .onConflict('subject_hash').merge({ failures: connection.raw('sign_in_tries.failures + 1') as unknown as number, last_at: now });
    }
    await appendAccessLog(connection, [{ person, case: null, action: 'signInFailed' }], now);
  });
}

function isFresh(lastAt: Moment, now: Moment): boolean {
  return lastAt >= forgottenBefore(now);
}

function forgottenBefore(now: Moment): Moment {
  return new Date(Date.parse(now) - forgottenAfterMs).toISOString();
}

/** Neither addresses nor mistyped passwords in the field for the address are kept. */
function subjectHash(kind: string, subject: string): string {
  return createHash('sha256').update(`${kind} ${subject}`).digest('hex');
}
