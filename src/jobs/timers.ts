import type { Cases } from '../cases/cases.ts';
import type { TimerStore } from '../cases/stores/timer-store.ts';
import { codeOf } from '../database/database-errors.ts';
import type { Moment } from '../engine/state/case-state.ts';
import { AppError } from '../errors.ts';

export type TimerParts = {
  store: TimerStore;
  cases: Pick<Cases, 'passTime' | 'drafts'>;
  now: () => Moment;
};

/** How a round went: cases that time moved, and ids of those that could not be done now and come again, with why (codes, each once). */
export type TimerRound = { done: number; failed: string[]; why: string[] };

const mostAtOnce = 50;

/**
 * Makes the work that time brings: erases drafts that are past their days, and goes through all cases whose moment has come, the longest due first. Several servers may do this at
 * the same time; each case is done once, because what was done is written with its next moment in one transaction. Without `erases` what
 * would be erased stays and comes again (settled-clock.ts).
 */
export function makeTimers({ store, cases, now }: TimerParts): { run(options?: { erases: boolean }): Promise<TimerRound> } {
  return {
    run: async ({ erases } = { erases: true }) => {
      const round: TimerRound = { done: 0, failed: [], why: [] };
      if (erases) await cases.drafts.sweep();
      for (;;) {
        const ids = (await store.due(now(), mostAtOnce)).filter((id) => !round.failed.includes(id));
        if (ids.length === 0) return round;
        for (const id of ids) await runOne(id, round, erases);
      }
    }
  };

  async function runOne(id: string, round: TimerRound, erases: boolean): Promise<void> {
    if (!await store.lease(id, now())) return;
    // One case that goes wrong does not hold up the others; it is free again when its lease ends.
    const why = await cases.passTime(id, { erases }).then((isDone) => (isDone ? null : 'busy'), causeOf);
    if (why === null) {
      round.done += 1;
      return;
    }
    round.failed.push(id);
    if (!round.why.includes(why)) round.why.push(why);
  }
}

/** The code of what went wrong, or its kind: what it says may hold what somebody wrote. */
export function causeOf(error: unknown): string {
  const cause = error instanceof AppError && error.cause !== undefined ? error.cause : error;
  return codeOf(cause) || (cause instanceof Error ? cause.name : 'unknown');
}
