/** How long a session lasts: so long without a request, and at most so long after signing in. */
export type SessionTimes = { idleMinutes: number; hours: number };

/** The name of the setting of a school that keeps them. */
export const sessionTimesSetting = 'sessionTimes';

/** What a school may choose: long enough to work, short enough for a laptop that is left open. */
export const sessionBounds = { idleMinutes: { least: 5, most: 60, usual: 15 }, hours: { least: 1, most: 12, usual: 8 } } as const;

/** Reads the setting; what was never chosen, or is out of bounds, is as usual. */
export function readSessionTimes(text: string | null): SessionTimes {
  const [idleMinutes, hours] = (text ?? '').split(' ').map(Number);
  return { idleMinutes: within('idleMinutes', idleMinutes), hours: within('hours', hours) };
}

export function writeSessionTimes({ idleMinutes, hours }: SessionTimes): string {
  return `${String(idleMinutes)} ${String(hours)}`;
}

function within(name: keyof SessionTimes, value: number | undefined): number {
  const { least, most, usual } = sessionBounds[name];
  return value !== undefined && Number.isInteger(value) && value >= least && value <= most ? value : usual;
}
