import type { Duration, Term } from './workflow.types.ts';

/** The units of time that are no calendar of a school. */
export const units = ['minutes', 'hours', 'days', 'weeks', 'months', 'years', 'workdays'] as const satisfies (keyof Duration)[];

/** Gives the calendar whose days a term counts, and how many; null: it counts in a unit of its own. */
export function calendarOf(term: Term): { id: string; days: number } | null {
  const [id = '', days = 0] = Object.entries(term)[0] ?? [];
  return id === '' || (units as readonly string[]).includes(id) ? null : { id, days };
}
