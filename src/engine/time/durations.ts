import { calendarOf } from '../../definitions/term-units.ts';
import type { Duration, Term } from '../../definitions/workflow.types.ts';
import type { Day, Moment } from '../state/case-state.ts';
import { addSchoolDays } from './school-days.ts';
import { addDays, addMonths, addWorkdays } from './workdays.ts';
import type { Zone } from './zone.ts';

/** No term of a definition is longer; keeps arithmetic inside the calendar. */
const most = { days: 40_000, months: 1_200, ms: 40_000 * 86_400_000 };

/**
 * Gives the moment a term ends that starts on a day or at a moment. Minutes and hours count from the moment;
 * every other unit ends with the last moment of a day, also at weekends (semantics 14).
 */
export function endOfTerm(from: Day | Moment, within: Duration, zone: Zone): Moment {
  const clock = clockMs(within);
  if (clock !== null) return new Date(Date.parse(from.length === 10 ? zone.startOf(from) : from) + clock).toISOString();
  return zone.endOf(addDuration(from.length === 10 ? from : zone.dayOf(from), within));
}

/**
 * Gives the moment a term ends, also one that counts by the calendar of a school. Null: that calendar does not know the days it ends in,
 * and nobody guesses (definitions.md, meaning 8).
 */
export function endOfWithin(from: Day | Moment, within: Term, zone: Zone): Moment | null {
  const counted = calendarOf(within);
  if (counted === null) return endOfTerm(from, within, zone);
  const calendar = zone.calendars[counted.id];
  const day = from.length === 10 ? from : zone.dayOf(from);
  const end = calendar === undefined ? null : addSchoolDays(day, limited(counted.days, most.days), calendar);
  return end === null ? null : zone.endOf(end);
}

/** Is this a length of time by the clock, and not in days? */
export function isClockTime(duration: Duration): boolean {
  return clockMs(duration) !== null;
}

/** Gives the moment of a reminder so long before something is due: by the clock exactly, else the start of that day. */
export function startOfReminder(due: Moment, stretch: Duration, zone: Zone): Moment {
  const clock = clockMs(stretch);
  if (clock !== null) return new Date(Date.parse(due) - clock).toISOString();
  const days = limited((stretch.days ?? 0) + 7 * (stretch.weeks ?? 0), most.days);
  const months = limited((stretch.months ?? 0) + 12 * (stretch.years ?? 0), most.months);
  const calendar = addDays(addMonths(zone.dayOf(due), -months), -days);
  return zone.startOf(addWorkdays(calendar, -limited(stretch.workdays ?? 0, most.days)));
}

function addDuration(day: Day, { days = 0, weeks = 0, months = 0, years = 0, workdays = 0 }: Duration): Day {
  const calendar = addDays(addMonths(day, limited(months + 12 * years, most.months)), limited(days + 7 * weeks, most.days));
  return addWorkdays(calendar, limited(workdays, most.days));
}

function clockMs({ minutes, hours }: Duration): number | null {
  if (minutes === undefined && hours === undefined) return null;
  return limited((minutes ?? 0) * 60_000 + (hours ?? 0) * 3_600_000, most.ms);
}

function limited(amount: number, largest: number): number {
  return Number.isFinite(amount) ? Math.max(0, Math.min(Math.trunc(amount), largest)) : 0;
}
