import type { Day, PersonId } from '../engine/state/case-state.ts';
import type { Zone } from '../engine/time/zone.ts';
import { type HourCount, lineKind } from './stores/access-report-store.ts';

/** What one person did in a month: `cases` is how many different ones were seen. Days are YYYY-MM-DD. */
export type Audited = {
  person: PersonId; cases: number; seen: number; taken: number; refused: number; emergencies: number; searches: number;
  /** Days with more cases than somebody needs in a day, and how many. */
  busyDays: { day: Day; cases: number }[];
  /** Days on which cases were opened at night. */
  nights: Day[];
};

/** More cases seen in one day than this is worth a question. */
export const manyCases = 10;

/** From the first hour up to the second nobody works at a school. */
const night = { from: 23, until: 6 };

/** Reckons what each did. */
export function auditOf(counts: HourCount[], zone: Pick<Zone, 'dayOf' | 'timeOf'>): Audited[] {
  const people = [...new Set(counts.map(({ person }) => person))];
  return people.map((person) => auditedOf(person, counts.filter((one) => one.person === person), zone));
}

/** Is there anything to ask this person? */
export function isNotable({ refused, emergencies, busyDays, nights }: Audited): boolean {
  return refused > 0 || emergencies > 0 || busyDays.length > 0 || nights.length > 0;
}

function auditedOf(person: PersonId, own: HourCount[], zone: Pick<Zone, 'dayOf' | 'timeOf'>): Audited {
  const sumOf = (chosen: HourCount[]): number => chosen.reduce((sum, { count }) => sum + count, 0);
  const inCases = own.filter(({ chain, action }) => chain !== null && ['seen', 'taken', 'changed'].includes(lineKind(action)));
  const casesOf = (chosen: HourCount[]): number => new Set(chosen.map(({ chain }) => chain)).size;
  const days = [...new Set(inCases.map(({ hour }) => zone.dayOf(hour)))].sort();
  return {
    person, cases: casesOf(inCases),
    seen: sumOf(inCases.filter(({ action }) => lineKind(action) === 'seen')), taken: sumOf(inCases.filter(({ action }) => lineKind(action) === 'taken')),
    emergencies: sumOf(own.filter(({ action }) => action === 'breakGlass')),
    refused: sumOf(own.filter(({ action }) => action === 'refused')), searches: sumOf(own.filter(({ action, chain }) => action === 'search' && chain === null)),
    busyDays: days.map((day) => ({ day, cases: casesOf(inCases.filter(({ hour }) => zone.dayOf(hour) === day)) })).filter(({ cases }) => cases > manyCases),
    nights: days.filter((day) => inCases.some(({ hour }) => zone.dayOf(hour) === day && isNight(zone.timeOf(hour))))
  };
}

function isNight(time: string): boolean {
  const hour = Number(time.slice(0, 2));
  return hour >= night.from || hour < night.until;
}
