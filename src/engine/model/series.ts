import type { Answers, Json } from '../../definitions/bundle.ts';
import { readTerm } from '../../definitions/read-term.ts';
import type { Duration, Repeat } from '../../definitions/workflow.types.ts';
import type { CaseRecord, Day, Moment } from '../state/case-state.ts';
import { readCondition, type Tree } from '../conditions/condition-tree.ts';
import { type Context, holds } from '../conditions/conditions.ts';
import { endOfTerm, isClockTime } from '../time/durations.ts';
import { readTime } from '../conditions/time-tests.ts';

/** How a repeated task comes back by itself. `next` and a path in `every` are read from the last record, or elsewhere in the case. */
export type Series = { every: Duration | string[] | null; next: string[] | null; until: Tree | null };

/** The record that a series asks for next: from when, and when it is late. Both null: at once, without a term. */
export type Next = { opensAt: Moment | null; at: Moment | null };

/** Reads `repeat` of a task; null for a task that does not come back by itself. */
export function readSeries(repeat: boolean | Repeat | undefined): Series | null {
  if (typeof repeat !== 'object') return null;
  const { every, next, until } = repeat;
  return {
    every: typeof every === 'string' ? every.split('.') : (every ?? null),
    next: next?.split('.') ?? null,
    until: until === undefined ? null : readCondition(until)
  };
}

/**
 * Gives what a series asks for after its last record, which `reading` reads as `this`; null when nothing more comes. Counts from the day the last one is about,
 * else from its handing in, so that missed ones do not pile up: one is open at most (semantics 14).
 */
export function nextOf(reading: Context, series: Series, last: CaseRecord, dateField: string | null): Next | null {
  if (series.until !== null && holds(series.until, reading)) return null;
  const day = series.next === null ? null : readTime(reading.valueOf(series.next));
  if (day !== null) return dueOnDay(reading, day);
  const term = Array.isArray(series.every) ? readTerm(reading.valueOf(series.every)) : series.every;
  if (term !== null) return dueAfter(reading, term, startOf(last, dateField));
  // Nobody chose a moment: what goes on until something is asked at once, anything else was the last one.
  return series.until === null ? null : { opensAt: null, at: null };
}

/** Is the next one asked for by now? */
export function isDueBy(next: Next | null, now: Moment): next is Next {
  return next !== null && (next.opensAt === null || next.opensAt <= now);
}

function dueOnDay({ zone }: Context, time: Day | Moment): Next {
  const day = time.length === 10 ? time : zone.dayOf(time);
  return { opensAt: zone.startOf(day), at: zone.endOf(day) };
}

function dueAfter(context: Context, term: Duration, from: Day | Moment): Next {
  const at = endOfTerm(from, term, context.zone);
  return isClockTime(term) ? { opensAt: at, at } : dueOnDay(context, at);
}

function startOf(record: CaseRecord, dateField: string | null): Day | Moment {
  const answers: Answers = record.answers;
  const date: Json | undefined = dateField === null ? undefined : answers[dateField];
  return readTime(date) ?? record.at;
}
