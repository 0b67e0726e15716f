import type { Day } from '../state/case-state.ts';

const dayInMs = 86_400_000;
/** Days outside these years cannot be written as YYYY-MM-DD. */
const firstMs = Date.UTC(1000, 0, 2);
const lastMs = Date.UTC(9999, 11, 30);

/** Gives the day a number of calendar days later (or earlier, when negative). */
export function addDays(day: Day, days: number): Day {
  return fromMs(toMs(day) + days * dayInMs);
}

/** Gives the day a number of months later; past the end of a month it is the last day of that month. */
export function addMonths(day: Day, months: number): Day {
  const date = new Date(toMs(day));
  const month = date.getUTCMonth() + months;
  const lastOfMonth = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate();
  return fromMs(Date.UTC(date.getUTCFullYear(), month, Math.min(date.getUTCDate(), lastOfMonth)));
}

/** Gives the n-th working day after a day, or before it when negative; with 0 the day itself. Working days: Algemene termijnenwet, article 3. */
export function addWorkdays(day: Day, workdays: number): Day {
  let current = day;
  for (let left = Math.abs(workdays); left > 0; ) {
    current = addDays(current, Math.sign(workdays));
    if (isWorkday(current)) left -= 1;
  }
  return current;
}

/** Is this day no Saturday, Sunday or Dutch legal holiday (Algemene termijnenwet, article 3)? */
export function isWorkday(day: Day): boolean {
  return weekdayOf(day) < 6 && !isLegalHoliday(day);
}

/** Gives the day of the week: 1 is Monday, 7 is Sunday (ISO 8601). */
export function weekdayOf(day: Day): number {
  return new Date(toMs(day)).getUTCDay() || 7;
}

/** Is this day a Dutch legal holiday, or Good Friday, which counts as equal? 5 May counts every year. */
function isLegalHoliday(day: Day): boolean {
  const year = Number(day.slice(0, 4));
  const monthAndDay = day.slice(5);
  if (['01-01', '05-05', '12-25', '12-26'].includes(monthAndDay)) return true;
  if (monthAndDay === kingsDay(year)) return true;
  const easter = easterOf(year);
  // Good Friday, Easter Sunday and Monday, Ascension Day, Whit Sunday and Monday.
  return [-2, 0, 1, 39, 49, 50].some((days) => addDays(easter, days) === day);
}

/** Gives Easter Sunday of a year (Meeus/Butcher, Gregorian calendar). */
function easterOf(year: number): Day {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return fromMs(Date.UTC(year, Math.floor(n / 31) - 1, (n % 31) + 1));
}

function kingsDay(year: number): string {
  return weekdayOf(`${year}-04-27`) === 7 ? '04-26' : '04-27';
}

function toMs(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`);
}

function fromMs(ms: number): Day {
  return new Date(Math.min(Math.max(ms, firstMs), lastMs)).toISOString().slice(0, 10);
}
