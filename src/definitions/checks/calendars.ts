import type { SchoolCalendar } from '../bundle.ts';
import { momentsOf } from '../lookup.ts';
import { nearest } from '../nearest.ts';
import { finding, type Finding } from '../problem.ts';
import { calendarOf, units } from '../term-units.ts';
import type { WorkflowDefinition } from '../workflow.types.ts';

/** Days that a calendar must know beyond today, so that somebody has the time to add a year before terms have no end. */
const daysAhead = 60;

/** What the units are called in Dutch. */
const dutchUnits: { [word: string]: (typeof units)[number] } = {
  minuut: 'minutes', minuten: 'minutes', uur: 'hours', uren: 'hours', dag: 'days', dagen: 'days', week: 'weeks', weken: 'weeks',
  maand: 'months', maanden: 'months', jaar: 'years', jaren: 'years', werkdag: 'workdays', werkdagen: 'workdays'
};

/** Checks the calendars that terms count by: each is there. */
export function checkCalendarsNamed(workflow: WorkflowDefinition, known: string[]): Finding[] {
  return momentsOf(workflow).flatMap(({ moment, path }) => {
    const counted = moment.within === undefined ? null : calendarOf(moment.within);
    if (counted === null || known.includes(counted.id)) return [];
    const proposal = dutchUnits[counted.id.toLowerCase()] ?? nearest(counted.id, [...units, ...known]);
    return [finding('unknownCalendar', [...path, 'within', counted.id], { name: counted.id, units: units.join(', ') }, { at: 'key', proposal })];
  });
}

/** Checks one calendar: its days and holidays end after they begin, it knows the days of its holidays, and it reaches far enough. */
export function checkCalendar(calendar: SchoolCalendar, today: string | null): Finding[] {
  const { from, until, holidays } = calendar;
  if (until < from) return [finding('endsBefore', ['until'], { from, until })];
  const found = Object.entries(holidays).flatMap(([id, holiday]): Finding[] => {
    const at = ['holidays', id];
    const last = holiday.until ?? holiday.from;
    if (last < holiday.from) return [finding('endsBefore', [...at, 'until'], { from: holiday.from, until: last })];
    if (holiday.from < from || last > until) return [finding('holidayOutside', [...at, holiday.from < from || holiday.until === undefined ? 'from' : 'until'], { title: holiday.title, from, until })];
    return [];
  });
  const end = today === null ? null : new Date(Date.parse(today) + daysAhead * 86_400_000).toISOString().slice(0, 10);
  return end === null || until >= end ? found : [...found, finding('calendarEnds', ['until'], { until }, { severity: 'warning' })];
}
