import type { IsHeld } from '../cases/held-cases.ts';
import type { Database } from '../database/database.ts';
import type { Moment } from '../engine/state/case-state.ts';
import type { Zone } from '../engine/time/zone.ts';
import { generalChain } from '../trust/access-log-store.ts';
import type { Keys } from '../trust/key-store.ts';
import { ChainBroken, chainsFrom, cutChain } from '../trust/log-cut.ts';
import { SealBroken } from '../trust/seal.ts';

export type LogTermParts = { database: Database; keys: Pick<Keys, 'drafts'>; isHeld: IsHeld; years: number; zone: Pick<Zone, 'dayOf' | 'startOf'>; now: () => Moment };

/** How a round went: how many chains lost lines, and names of those that do not hold, of which nothing was destroyed. */
export type LogTermRound = { cut: number; broken: string[] };

/** Gives from which moment lines are kept: the start of this month, so many years ago. A line so stays at most a month longer than its term. */
export function keptFrom(now: Moment, { years, zone }: Pick<LogTermParts, 'years' | 'zone'>): Moment {
  const [year = '', month = ''] = zone.dayOf(now).split('-');
  return zone.startOf(`${String(Number(year) - years)}-${month}-01`);
}

/**
 * Makes the work that destroys lines of the access log whose term is over, chain by chain, with what people remarked about months that are
 * gone. It is done once a month and once after a start, while something does not hold once a day; nothing happens in between. A chain of a
 * case that is kept longer stays, until the month after that ended. Several servers may do it at the same time, and a stop at any moment loses nothing.
 */
export function makeLogTerm(parts: LogTermParts): { run(): Promise<LogTermRound> } {
  let done = '';
  return {
    run: async () => {
      const before = keptFrom(parts.now(), parts);
      const today = parts.zone.dayOf(parts.now());
      const round: LogTermRound = { cut: 0, broken: [] };
      if (done === before || done === today) return round;
      for (const chain of await chainsFrom(parts.database.read, before)) await cutOne(parts, chain, before, round);
      await parts.database.write((connection) => connection('access_reviews').where('month', '<', parts.zone.dayOf(before).slice(0, 7)).delete());
      if (round.cut > 0) await parts.database.forget();
      done = round.broken.length === 0 ? before : today;
      return round;
    }
  };
}

async function cutOne({ database, keys, isHeld, now }: LogTermParts, chain: string, before: Moment, round: LogTermRound): Promise<void> {
  try {
    if (chain !== generalChain && await isHeld(chain)) return;
    if (await database.write((connection) => cutChain(connection, keys, { chain, before, at: now() })) !== null) round.cut += 1;
  } catch (error) {
    if (!(error instanceof ChainBroken || error instanceof SealBroken)) throw error;
    round.broken.push(chain);
  }
}
