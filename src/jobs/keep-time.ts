import { causeOf, type TimerRound } from './timers.ts';

const pauseMs = 30_000;

/**
 * Does what time has brought now, and again every half minute until it is stopped. Stopping waits for the round at hand. `report` hears
 * of cases that could not be done (ids), or with none of them that nothing could be, each with why (codes); both come again by themselves.
 */
export async function keepTime(timers: { run(): Promise<TimerRound> }, report: (failed: string[], why: string[]) => void): Promise<{ stop(): Promise<void> }> {
  let next: NodeJS.Timeout | undefined;
  let isStopped = false;
  const round = async (): Promise<void> => {
    try {
      const { failed, why } = await timers.run();
      if (failed.length > 0) report(failed, why);
    } catch (error) {
      report([], [causeOf(error)]);
    }
    if (!isStopped) next = setTimeout(() => { running = round(); }, pauseMs).unref();
  };
  let running = round();
  await running;
  return {
    stop: async () => {
      isStopped = true;
      clearTimeout(next);
      await running;
    }
  };
}
