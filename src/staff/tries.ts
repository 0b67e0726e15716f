import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { Database } from '../database/database.ts';
import type { Moment, PersonId } from '../engine/state/case-state.ts';
import { appendAccessLog } from '../trust/access-log-store.ts';

/** Who tries: an account (or what somebody typed as one) at the address of a browser. `kind`: of what is tried, counted apart. */
export type Trier = { kind: 'password' | 'code'; account: string; address: string };

export type Tries = {
  /**
   * Answers a try after the pause that the wrong ones before it ask for: one second after the first too many, twice as long after each
   * next, at most eight. An account is never shut by what others try. 'wait': from this address so many are being answered already
   * that this one was not looked at.
   */
  inTurn<Result>(trier: Trier, now: Moment, look: () => Promise<Result>): Promise<Result | 'wait'>;
  /** Counts a wrong try, in the database, so that several servers share the count. `person`: whose account it is; null: nobody's. */
  failed(trier: Trier, person: PersonId | null, now: Moment): Promise<void>;
  /** Forgets the wrong tries for this account, inside the transaction of the right one. */
  succeeded(connection: Knex, trier: Trier): Promise<void>;
};

/** Tries that wait from one address; a whole school may share one. */
const mostWaiting = 20;
const longestDelayMs = 8_000;
const forgottenAfterMs = 15 * 60_000;
/** Wrong tries that cost nothing: everybody mistypes, and many people share an address. */
const freeFailures = { account: 3, address: 20 };

/** Makes the slowing down of who guesses. `pause` waits so many milliseconds. */
export function makeTries({ database, pause }: { database: Database; pause: (ms: number) => Promise<void> }): Tries {
  const waiting = new Map<string, number>();
  return {
    inTurn: async (trier, now, look) => {
      const before = waiting.get(trier.address) ?? 0;
      if (before >= mostWaiting) return 'wait';
      waiting.set(trier.address, before + 1);
      try {
        const delayMs = await delayFor(database.read, subjectsOf(trier), now);
        if (delayMs > 0) await pause(delayMs);
        return await look();
      } finally {
        const left = (waiting.get(trier.address) ?? 1) - 1;
        if (left === 0) waiting.delete(trier.address);
        else waiting.set(trier.address, left);
      }
    },
    failed: (trier, person, now) => database.write(async (connection) => {
      const { account, address } = subjectsOf(trier);
      await connection<TryRow>('sign_in_tries').where('last_at', '<', forgottenBefore(now)).delete();
      for (const subject_hash of [account, address]) {
        await connection<TryRow>('sign_in_tries')
          .insert({ subject_hash, failures: 1, last_at: now })
          .onConflict('subject_hash').merge({ failures: connection.raw('sign_in_tries.failures + 1') as unknown as number, last_at: now });
      }
      await appendAccessLog(connection, [{ person, case: null, action: 'signInFailed', detail: trier.kind }], now);
    }),
    succeeded: async (connection, trier) => { await connection<TryRow>('sign_in_tries').where('subject_hash', subjectsOf(trier).account).delete(); }
  };
}

type TryRow = { subject_hash: string; failures: number; last_at: string };
type Subjects = { account: string; address: string };

async function delayFor(connection: Knex, { account, address }: Subjects, now: Moment): Promise<number> {
  const rows = await connection<TryRow>('sign_in_tries').whereIn('subject_hash', [account, address]);
  const tooMany = rows
    .filter(({ last_at }) => last_at >= forgottenBefore(now))
    .map(({ subject_hash, failures }) => failures - (subject_hash === account ? freeFailures.account : freeFailures.address));
  const most = Math.max(0, ...tooMany);
  return most === 0 ? 0 : Math.min(longestDelayMs, 1_000 * 2 ** Math.min(most - 1, 10));
}

function forgottenBefore(now: Moment): Moment {
  return new Date(Date.parse(now) - forgottenAfterMs).toISOString();
}

/** Neither addresses nor mistyped passwords in the field for the address are kept. */
function subjectsOf({ kind, account, address }: Trier): Subjects {
  return { account: hashOf(kind === 'password' ? 'account' : kind, account), address: hashOf('address', address) };
}

function hashOf(kind: string, subject: string): string {
  return createHash('sha256').update(`${kind} ${subject}`).digest('hex');
}
