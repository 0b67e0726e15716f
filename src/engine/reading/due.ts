import { type CaseContext, caseContext, currentRecords, isAskedFor, isComplete, nextRecord, ownRecords } from '../model/case-context.ts';
import { stepStatus } from '../model/visits.ts';
import type { CaseRecord, CaseState, Day, Moment, Visit } from '../state/case-state.ts';
import { endOfWithin } from '../time/durations.ts';
import { instancesOf } from '../model/instances.ts';
import type { TaskView } from '../model/overview-types.ts';
import type { Model, PreparedTask } from '../model/prepare.ts';
import { lookOf } from './retention.ts';
import { holidayOn } from '../time/school-days.ts';
import { readTime } from '../conditions/time-tests.ts';

/**
 * Gives when a task falls due: of an open record counted from its own answers, else from the moment the task was asked for.
 * A required task without a term of its own has that of its step. Null: no term, nothing open, or its end is not known (isTermUnknown).
 */
export function dueOf(context: CaseContext, task: PreparedTask): TaskView['due'] {
  const at = dueMoment(context, task);
  if (at === null) return null;
  const day = context.zone.dayOf(at);
  const holiday = Object.values(context.zone.calendars).map((calendar) => holidayOn(day, calendar)).find((title) => title !== null);
  return { day, at, late: at < context.now, ...(holiday === undefined ? {} : { holiday }) };
}

/** Does a term run of which nobody knows the end, because the calendar it counts by does not reach that far? */
export function isTermUnknown(context: CaseContext, task: PreparedTask): boolean {
  if (takesTermOfStep(context, task)) return task.step !== null && stepTerm(context, task.step)?.at === null && isAsked(context, task);
  return runningTerms(context, task).some(({ at }) => at === null);
}

/**
 * Gives the first moment something required or left open in a case falls due, whoever may do it; of a closed one the moment from which
 * somebody may have to decide about keeping it. Null when nothing does.
 */
export function nextDue(model: Model, state: CaseState, now: Moment): Moment | null {
  const context = caseContext(model, state, now, { id: '', roles: [] });
  if (state.status !== 'open') return state.status === 'closed' ? (state.keeping?.proposed?.at ?? lookOf(context)?.at ?? null) : null;
  const timed = [...model.tasks.values()].filter((task) => mayFallDue(model, task));
  return timed.flatMap((task) => instancesOf(context, task)).map((task) => dueMoment(context, task)).filter((moment) => moment !== null).sort()[0] ?? null;
}

/** When something is due, and since when that term runs. */
export type Term = { at: Moment; since: Moment };

/** The same of a term that may end past what its calendar knows: then `at` is null. */
type RunningTerm = { at: Moment | null; since: Moment };

/** Gives every term of a task that runs: of each open record, of what is asked, or of what its series plans. That of its step is not among them. */
export function termsOf(context: CaseContext, task: PreparedTask): Term[] {
  return runningTerms(context, task).flatMap(({ at, since }) => (at === null ? [] : [{ at, since }]));
}

function runningTerms(context: CaseContext, task: PreparedTask): RunningTerm[] {
  const next = nextRecord(context, task);
  if (next !== null && next.at !== null) return [{ at: next.at, since: currentRecords(context, task).at(-1)?.at ?? context.state.openedAt }];
  const { due } = task.definition;
  if (due?.within === undefined) return [];
  const within = due.within;
  const from = due.from?.split('.');
  const term = (start: Day | Moment | null, began: Moment): RunningTerm[] => (start === null ? [] : [{ at: endOfWithin(start, within, context.zone), since: began }]);
  const open = openRecords(context, task);
  const since = (open.length === 0 || from === undefined) && isAsked(context, task) ? asked(context, task) : null;
  if (open.length === 0) return since === null ? [] : term(from === undefined ? since : readTime(context.reading(undefined, task.source?.value).valueOf(from)), since);
  return open.flatMap((record) => term(from === undefined ? (since ?? record.at) : readTime(context.reading(record.answers, task.source?.value).valueOf(from)), record.at));
}

/** Gives when a step that is active must be left; null: it has no term, or its end is not known. */
export function stepDue(context: CaseContext, step: string): Moment | null {
  return stepTerm(context, step)?.at ?? null;
}

/** Null: no term runs. */
function stepTerm(context: CaseContext, step: string): { at: Moment | null } | null {
  const due = context.model.steps.get(step)?.definition.due;
  const visit = context.state.visits.find((one) => one.step === step && one.status === 'active');
  if (due?.within === undefined || visit === undefined || stepStatus(context.model, context.state, step) !== 'active') return null;
  const start: Day | Moment | null = due.from === undefined ? startOfVisit(context, visit) : readTime(context.valueOf(due.from.split('.')));
  return start === null ? null : { at: endOfWithin(start, due.within, context.zone) };
}

/** A step that waited for the other tracks starts when the last of them ended (semantics 18). */
function startOfVisit({ model, state }: CaseContext, visit: Visit): Moment {
  if (model.steps.get(visit.step)?.definition.waitForAll !== true) return visit.enteredAt;
  return state.visits.map(({ endedAt }) => endedAt ?? '').reduce((last, at) => (at > last ? at : last), visit.enteredAt);
}

function dueMoment(context: CaseContext, task: PreparedTask): Moment | null {
  if (takesTermOfStep(context, task)) {
    const at = task.step === null ? null : stepDue(context, task.step);
    return at !== null && isAsked(context, task) ? at : null;
  }
  return termsOf(context, task).map(({ at }) => at).sort()[0] ?? null;
}

/** Has a task a term of its own, a series, or the term of its step? */
function mayFallDue({ steps }: Model, { definition, series, step }: PreparedTask): boolean {
  return series !== null || definition.due?.within !== undefined || (step !== null && steps.get(step)?.definition.due?.within !== undefined);
}

function takesTermOfStep(context: CaseContext, task: PreparedTask): boolean {
  return task.definition.due?.within === undefined && nextRecord(context, task)?.at == null;
}

/** What lapsed with its step has no term any more. */
function isAsked(context: CaseContext, task: PreparedTask): boolean {
  return isAskedFor(context, task) && (task.step === null || stepStatus(context.model, context.state, task.step) === 'active');
}

function openRecords(context: CaseContext, task: PreparedTask): CaseRecord[] {
  return ownRecords(context, task).filter((record) => !isComplete(context, task, record));
}

/** Since when a task is asked for; before that is known, since its visit or the case began. */
function asked({ state }: CaseContext, task: PreparedTask): Moment {
  const visit = state.visits.findLast(({ step }) => step === task.step);
  const since = state.asked.find((one) => one.task === task.id && one.source === task.source?.key && one.visit === (visit?.id ?? null))?.since;
  return since ?? visit?.enteredAt ?? state.openedAt;
}
