import type { SchoolCalendar } from '../../definitions/bundle.ts';
import type { Day } from '../state/case-state.ts';
import { addDays, isWorkday } from './workdays.ts';

/** Gives the n-th day on which a school is open after a day, with 0 the day itself; null when the calendar does not know a day on the way. */
export function addSchoolDays(day: Day, count: number, calendar: SchoolCalendar): Day | null {
  let current = day;
  for (let left = count; left > 0; ) {
    current = addDays(current, 1);
    if (current < calendar.from || current > calendar.until) return null;
    if (isSchoolDay(current, calendar)) left -= 1;
  }
  return current;
}

/** Gives the name of the holiday a day falls in; null: it is none of the calendar. */
export function holidayOn(day: Day, { holidays }: SchoolCalendar): string | null {
  return Object.values(holidays).find(({ from, until = from }) => from <= day && day <= until)?.title ?? null;
}

/** Is the school open: a working day that is no holiday of its calendar? */
function isSchoolDay(day: Day, calendar: SchoolCalendar): boolean {
  return isWorkday(day) && holidayOn(day, calendar) === null;
}
