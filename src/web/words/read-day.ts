import type { Day } from '../../engine/state/case-state.ts';

/** Reads a day as people type it: "31-7-2027" or "2027-07-31"; null when it is no day. */
export function readDay(text: string): Day | null {
  const [, day, month, year] = /^(\d{1,2})[-/ ](\d{1,2})[-/ ](\d{4})$/.exec(text) ?? [];
  const iso = year === undefined ? text : `${year}-${(month ?? '').padStart(2, '0')}-${(day ?? '').padStart(2, '0')}`;
  const time = Date.parse(`${iso}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(iso) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(iso) ? iso : null;
}
