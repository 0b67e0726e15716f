import type { SchoolCalendar } from '../../definitions/bundle.ts';
import { once } from '../../definitions/once.ts';
import type { Day, Moment } from '../state/case-state.ts';
import { addDays } from './workdays.ts';

/** The calendar of one place: turns moments into days and back. */
export type Zone = {
  /** The day on which a moment falls there. */
  dayOf(moment: Moment): Day;
  /** The moment a day starts there. */
  startOf(day: Day): Moment;
  /** The last moment of a day there. */
  endOf(day: Day): Moment;
  /** The moment of a day and a time (HH:MM) there; null for a time the clock skips, and for what is no day or time. The first of two. */
  momentOf(day: Day, time: string): Moment | null;
  /** The time of a moment there, HH:MM. */
  timeOf(moment: Moment): string;
  /** The calendars of schools that a route counts by, by id. */
  calendars: { [id: string]: SchoolCalendar };
};

/** Makes the calendar of a time zone such as Europe/Amsterdam. The first question to it is costly: make it once. */
export function makeZone(timeZone: string, calendars: Zone['calendars'] = {}): Zone {
  const clock = once(() => new Intl.DateTimeFormat('en-CA', {
    timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit'
  }));
  // Most ask for the day of now, over and over; a day begins on a whole minute.
  let last = { minute: '', day: '' };
  const dayOf = (moment: Moment): Day => {
    const minute = moment.endsWith('Z') ? moment.slice(0, 16) : moment;
    if (last.minute !== minute) last = { minute, day: clock().format(Date.parse(moment)).slice(0, 10) };
    return last.day;
  };
  const startMs = (day: Day): number => {
    const asUtc = Date.parse(`${day}T00:00:00Z`);
    const guess = asUtc - offsetMs(clock(), asUtc);
    // The offset may change between the two moments on the day the clock is moved.
    return asUtc - offsetMs(clock(), guess);
  };
  const timeOf = (moment: Moment): string => (clock().format(Date.parse(moment)).split(', ')[1] ?? '').slice(0, 5);
  return {
    calendars, dayOf,
    startOf: (day) => new Date(startMs(day)).toISOString(),
    endOf: (day) => new Date(startMs(addDays(day, 1)) - 1).toISOString(),
    timeOf,
    momentOf: (day, time) => {
      const asUtc = Date.parse(`${day}T${time}:00Z`);
      if (Number.isNaN(asUtc)) return null;
      const ways = [asUtc - 43_200_000, asUtc + 43_200_000].map((near) => new Date(asUtc - offsetMs(clock(), near)).toISOString()).sort();
      return ways.find((moment) => dayOf(moment) === day && timeOf(moment) === time) ?? null;
    }
  };
}

/** The calendar that schools live by, without calendars of their own. */
export const dutchZone = makeZone('Europe/Amsterdam');

function offsetMs(clock: Intl.DateTimeFormat, ms: number): number {
  const [date = '', time = ''] = clock.format(ms).split(', ');
  return Date.parse(`${date}T${time}Z`) - ms;
}
