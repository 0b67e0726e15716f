import type { Database } from '../database/database.ts';
import type { Moment } from '../engine/state/case-state.ts';
import { generalChain } from '../trust/access-log-store.ts';

const dayMs = 86_400_000;
/** So long a clock has to be believed before anything is erased by it. */
const settledDays = 7;
/** Longer than a school is quiet, but for a summer: after that erasing waits a week. */
const quietDays = 35;

/**
 * May what is past its days be erased by this clock? Not when the last who signed in more than a week ago did so weeks before that: then
 * the clock may have leapt ahead, and what it erases is gone for good. Gives when that was; null: erase. A clock that is right is believed
 * again after a week of work.
 */
export async function quietSince({ read }: Pick<Database, 'read'>, now: Moment): Promise<Moment | null> {
  const ago = (days: number): Moment => new Date(Date.parse(now) - days * dayMs).toISOString();
  const last = await read<{ at: Moment }>('access_log').where('chain', generalChain).andWhere('action', 'signIn').andWhere('at', '<=', ago(settledDays)).orderBy('sequence', 'desc').first('at');
  return last !== undefined && last.at < ago(quietDays) ? last.at : null;
}

/** Makes what asks the same, anew in each hour of the clock: a week of a large board is many lines to pass over. */
export function makeQuietSince(database: Pick<Database, 'read'>): (now: Moment) => Promise<Moment | null> {
  let known: { hour: string; since: Moment | null } | null = null;
  return async (now) => {
    const hour = now.slice(0, 13);
    if (known?.hour !== hour) known = { hour, since: await quietSince(database, now) };
    return known.since;
  };
}
