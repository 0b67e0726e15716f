/** Keeps one session from sending more than a person could, so that a program with somebody's cookie cannot fill or empty the place. */
export type Pace = {
  /** Waits for the turn of a post of this session. False: too many wait already, and this one is not taken. */
  turn(session: string): Promise<boolean>;
};

/** So many seconds' worth may come at once: a page that saves by itself, or a button pressed ten times. */
const atOnceSeconds = 10;
const longestWaitMs = 2_000;
/** Sessions that are remembered before those that are at rest are forgotten. */
const mostSessions = 1_000;

/**
 * Makes the pace: so many posts a second of one session, after a start of ten seconds' worth. More wait, two seconds at most. Each server
 * counts for itself. `pause` waits so many milliseconds; `clockMs` never goes back.
 */
export function makePace({ perSecond, pause, clockMs = () => performance.now() }: { perSecond: number; pause: (ms: number) => Promise<void>; clockMs?: () => number }): Pace {
  const stepMs = 1_000 / perSecond;
  /** When all that a session sent would have been sent at this pace. */
  const dueAt = new Map<string, number>();
  return {
    turn: async (session) => {
      const now = clockMs();
      if (dueAt.size > mostSessions) for (const [one, due] of dueAt) if (due <= now) dueAt.delete(one);
      const due = Math.max(now, dueAt.get(session) ?? now) + stepMs;
      const waitMs = due - now - atOnceSeconds * 1_000;
      if (waitMs > longestWaitMs) return false;
      dueAt.set(session, due);
      if (waitMs > 0) await pause(waitMs);
      return true;
    }
  };
}
