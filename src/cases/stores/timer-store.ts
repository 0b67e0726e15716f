import type { Knex } from 'knex';
import { mostApartMs } from '../../clocks-apart.ts';
import type { Database } from '../../database/database.ts';
import type { Moment } from '../../engine/state/case-state.ts';

/** The moments at which something happens by itself: one row per case that has any, with the first of them. Ids and times, nothing else. */
export type TimerStore = {
  /** Ids of cases whose moment has come and that no other server works on, the longest due first. */
  due(now: Moment, most: number): Promise<string[]>;
  /** Takes a case for this server, for a minute; false: another took it first, or it was done meanwhile. */
  lease(caseId: string, now: Moment): Promise<boolean>;
};

/** Makes the store of timers. They are set with each write of a case, in its transaction. */
export function makeTimerStore({ database }: { database: Database }): TimerStore {
  return {
    due: async (now, most) => (await free(database.read, now).orderBy(['due_at', 'case_id']).limit(most).select('case_id')).map(({ case_id }) => case_id),
    // One statement that compares and sets: of two servers one finds the row free.
    lease: (caseId, now) => database.write(async (connection) => (
      await free(connection, now).andWhere('case_id', caseId).update({ leased_until: after(now, leaseMs), tries: connection.raw('tries + 1') }) === 1
    ))
  };
}

/** Sets the moment of a case, and frees it; null: nothing will happen by itself. */
export async function setTimer(connection: Knex, caseId: string, at: Moment | null): Promise<void> {
  if (at === null) await connection<TimerRow>('timers').where('case_id', caseId).delete();
  else await connection<TimerRow>('timers').insert({ case_id: caseId, due_at: at, leased_until: null, tries: 0 }).onConflict('case_id').merge();
}

type TimerRow = { case_id: string; due_at: string; leased_until: string | null; tries: number };

/** As long as a server may take over one case before another tries it. */
const leaseMs = 60_000;

function after(now: Moment, ms: number): Moment {
  return new Date(Date.parse(now) + ms).toISOString();
}

/** What was taken for longer than a lease lasts was taken before the clock went back. */
function free(connection: Knex, now: Moment): Knex.QueryBuilder<TimerRow, TimerRow[]> {
  return connection<TimerRow>('timers').where('due_at', '<=', now).andWhere((lease) => lease.whereNull('leased_until').orWhere('leased_until', '<=', now).orWhere('leased_until', '>', after(now, leaseMs + mostApartMs)));
}
