import { once } from '../definitions/once.ts';

/** Writes a day as woensdag 18 maart 2026, a month as maart 2026, a year as it is. What is none of these stays as it is. */
export function dayInWords(value: string): string {
  const [, year, month, day] = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/.exec(value) ?? [];
  if (year === undefined || month === undefined) return value;
  const date = new Date(`${year}-${month}-${day ?? '15'}T12:00:00Z`);
  if (Number.isNaN(date.getTime())) return value;
  return (day === undefined ? months : days)().format(date);
}

const days = once(() => new Intl.DateTimeFormat('nl-NL', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }));
const months = once(() => new Intl.DateTimeFormat('nl-NL', { month: 'long', year: 'numeric', timeZone: 'UTC' }));
