import { once } from '../definitions/once.ts';

const timeZone = 'Europe/Amsterdam';
// Making one costs a thousand times what using it costs.
const calendarDays = once(() => new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone }));
const months = once(() => new Intl.DateTimeFormat('nl-NL', { month: 'long', year: 'numeric', timeZone }));
const days = once(() => new Intl.DateTimeFormat('nl-NL', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone }));
const times = once(() => new Intl.DateTimeFormat('nl-NL', { hour: '2-digit', minute: '2-digit', timeZone }));

/**
 * Writes a day (YYYY-MM-DD), a moment (UTC ISO), or a month or year (YYYY-MM, YYYY) in Dutch words.
 * What is none of these is given back as it is.
 */
export function formatDay(value: string): string {
  const [, year, month, day] = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?/.exec(value) ?? [];
  if (year === undefined) return value;
  if (month === undefined) return year;
  const date = new Date(value.includes('T') ? value : `${year}-${month}-${day ?? '15'}T12:00:00Z`);
  if (Number.isNaN(date.getTime())) return value;
  return (day === undefined ? months() : days()).format(date);
}

/** Writes a moment (UTC ISO) or a time (HH:MM) as 14.32. What is neither is given back as it is. */
export function formatTime(value: string): string {
  if (/^\d{2}:\d{2}/.test(value)) return value.slice(0, 5).replace(':', '.');
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return value;
  return times().format(date).replace(':', '.');
}

/** Gives the calendar day (YYYY-MM-DD) of a moment in the Netherlands. */
export function dayOf(moment: string): string {
  return calendarDays().format(new Date(moment));
}
