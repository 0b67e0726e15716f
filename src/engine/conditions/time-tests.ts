import type { Json } from '../../definitions/bundle.ts';
import type { Duration } from '../../definitions/workflow.types.ts';
import type { Day, Moment } from '../state/case-state.ts';
import type { Scalar } from './condition-tree.ts';
import { endOfTerm } from '../time/durations.ts';
import { weekdayOf } from '../time/workdays.ts';
import type { Zone } from '../time/zone.ts';

const weekdayNames = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/**
 * Compares two days or moments: negative, 0 or positive; null when one of them is no date.
 * A day against a moment compares calendar days at the school; a partial date counts as its first day.
 */
export function compareTimes(one: Json | undefined, other: Json | undefined, zone: Zone): number | null {
  const first = readTime(one);
  const second = readTime(other);
  if (first === null || second === null) return null;
  if (isMoment(first) && isMoment(second)) return Date.parse(first) - Date.parse(second);
  const days = [dayOf(first, zone), dayOf(second, zone)] as const;
  return days[0] < days[1] ? -1 : days[0] > days[1] ? 1 : 0;
}

/** Has more than this much time passed since a day or moment? False when it is no date. */
export function isOlderThan(value: Json | undefined, duration: Duration, now: Moment, zone: Zone): boolean {
  const time = readTime(value);
  return time !== null && endOfTerm(time, duration, zone) < now;
}

/** Does a day or moment fall on one of these days? Days are numbers (1 Monday to 7 Sunday) or English names. */
export function weekdayMatches(value: Json | undefined, days: Scalar[], zone: Zone): boolean {
  const time = readTime(value);
  if (time === null) return false;
  const weekday = weekdayOf(dayOf(time, zone));
  return days.some((day) => String(day) === String(weekday) || (typeof day === 'string' && weekdayNames.indexOf(day.toLowerCase()) + 1 === weekday));
}

/** Gives the age in whole years on a day; null when one of the two is no date. */
export function ageOn(born: Json | undefined, on: Json | undefined, zone: Zone): number | null {
  const birth = readTime(born);
  const reference = readTime(on);
  if (birth === null || reference === null) return null;
  const [first, last] = [dayOf(birth, zone), dayOf(reference, zone)];
  const years = Number(last.slice(0, 4)) - Number(first.slice(0, 4));
  return last.slice(5) < first.slice(5) ? years - 1 : years;
}

/** Gives the text of a value that is a day (YYYY-MM-DD) or a moment; null when it is neither. */
export function readTime(value: Json | undefined): Day | Moment | null {
  if (typeof value !== 'string' || !/^\d{4}(-\d{2}(-\d{2}(T.+)?)?)?$/.test(value)) return null;
  const full = value.length < 10 ? `${value}-01-01`.slice(0, 10) : value;
  return Number.isNaN(Date.parse(full)) ? null : full;
}

function dayOf(time: Day | Moment, zone: Zone): Day {
  return isMoment(time) ? zone.dayOf(time) : time;
}

function isMoment(time: Day | Moment): boolean {
  return time.length > 10;
}
