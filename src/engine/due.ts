import { type CaseContext, caseContext, isComplete, isUndone, nextRecord, ownRecords, stepStatus } from './case-context.ts';
import type { CaseRecord, CaseState, Day, Moment } from './case-state.ts';
import { endOfTerm } from './durations.ts';
import type { TaskView } from './overview-types.ts';
import type { Model, PreparedTask } from './prepare.ts';
import { readTime } from './time-tests.ts';

/**
 * Gives when a task falls due: of an open record counted from its own answers, else from the moment the task was asked for.
 * A required task without a term of its own has that of its step. Null: no term, nothing open, or the day it counts from is not known yet.
 */
export function dueOf(context: CaseContext, task: PreparedTask): TaskView['due'] {
  const at = dueMoment(context, task);
  return at === null ? null : { day: context.zone.dayOf(at), at, late: at < context.now };
}

/** Gives the first moment something required or left open in a case falls due, whoever may do it; null when nothing does. */
export function nextDue(model: Model, state: CaseState, now: Moment): Moment | null {
  if (state.status !== 'open') return null;
  const context = caseContext(model, state, now, { id: '', roles: [] });
  return earliest([...model.tasks.values()].map((task) => dueMoment(context, task)));
}

function dueMoment(context: CaseContext, task: PreparedTask): Moment | null {
  const open = openRecords(context, task);
  const next = nextRecord(context, task);
  if (next !== null && next.at !== null) return next.at;
  // What lapsed with its step has no term any more.
  const isAsked = isUndone(context, task) && (task.step === null || stepStatus(context.model, context.state, task.step) === 'active');
  const { due } = task.definition;
  if (due?.within !== undefined) {
    const from = due.from?.split('.');
    const since = asked(context, task);
    const starts = open.length > 0
      ? open.map((record) => (from === undefined ? (isAsked ? since : record.at) : readTime(context.reading(record.answers).valueOf(from))))
      : isAsked ? [from === undefined ? since : readTime(context.valueOf(from))] : [];
    return earliest(starts.map((start) => (start === null ? null : endOfTerm(start, due.within ?? {}, context.zone))));
  }
  return isAsked ? stepDue(context, task) : null;
}

function stepDue(context: CaseContext, task: PreparedTask): Moment | null {
  const due = context.model.steps.get(task.step ?? '')?.definition.due;
  const visit = context.state.visits.find(({ step, status }) => step === task.step && status === 'active');
  if (due?.within === undefined || visit === undefined) return null;
  const start: Day | Moment | null = due.from === undefined ? visit.enteredAt : readTime(context.valueOf(due.from.split('.')));
  return start === null ? null : endOfTerm(start, due.within, context.zone);
}

function openRecords(context: CaseContext, task: PreparedTask): CaseRecord[] {
  return ownRecords(context, task).filter((record) => !isComplete(context, task, record));
}

/** Since when a task is asked for; before that is known, since its visit or the case began. */
function asked({ state }: CaseContext, task: PreparedTask): Moment {
  const visit = state.visits.findLast(({ step }) => step === task.step);
  const since = state.asked.find((one) => one.task === task.id && one.visit === (visit?.id ?? null))?.since;
  return since ?? visit?.enteredAt ?? state.openedAt;
}

function earliest(moments: (Moment | null)[]): Moment | null {
  return moments.filter((moment) => moment !== null).sort()[0] ?? null;
}
