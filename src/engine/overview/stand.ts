import { type CaseContext, currentRecords, isComplete, isRequired, isUndone, nextRecord, ownRecords, reach, taskApplies } from '../model/case-context.ts';
import { instancesOf } from '../model/instances.ts';
import type { TaskView, Viewer } from '../model/overview-types.ts';
import { handedTo, mayCorrect, mayDo, mayHandOver, mayUpdate } from '../model/performers.ts';
import type { PreparedTask } from '../model/prepare.ts';
import { counts, mayReview, reviewOf, waitingRecords } from '../model/second-person.ts';
import { isDueBy } from '../model/series.ts';
import { latestVisit, stepStatus } from '../model/visits.ts';
import type { CaseRecord } from '../state/case-state.ts';

/**
 * How a task stands for one person, without a word about it. `visit`: the latest of its step, null without one; `records`: those they see, oldest first; `open`: those of them that miss
 * something yet. `status` null: a condition rules it out, which is notYet or notApplicable.
 */
export type Stand = { task: PreparedTask; visit: number | null; records: CaseRecord[]; open: CaseRecord[]; status: TaskView['status'] | null; mayAdd: boolean; mayHand: boolean };

/**
 * Gives how a task stands for one person; null when it is not for them: with own access, a task they may not do and have no record of;
 * with a task handed to them by name, every other task.
 */
export function standOf(context: CaseContext, task: PreparedTask, viewer: Viewer): Stand | null {
  const { state } = context;
  if (viewer.sees === 'task' && handedTo(state, task.id) !== viewer.id) return null;
  const visit = task.step === null ? null : (latestVisit(state, task.step)?.id ?? null);
  const records = shownRecords(context, task, viewer);
  if (state.status !== 'open') return records.length === 0 ? null : { task, visit, records, open: [], status: 'done', mayAdd: false, mayHand: false };
  const open = records.filter((record) => !counts(context.model, state, record) || !isComplete(context, task, record));
  const isTheirs = mayDo(task, viewer, state);
  const place = placeOf(context, task);
  const status = statusOf(context, task, { viewer, open, isTheirs, place });
  const mayAdd = isTheirs && place.isFree;
  if (viewer.sees === 'own' && records.length === 0 && status !== 'todo' && status !== 'optional' && !mayAdd) return null;
  return { task, visit, records, open, status, mayAdd, mayHand: place.isFree && !task.emergency && !task.isSubject && task.for === null && mayHandOver(context.model, viewer, state) };
}

/** Gives how several tasks stand, each as often as it is to be done. */
export function standsOf(context: CaseContext, tasks: readonly PreparedTask[], viewer: Viewer): Stand[] {
  const stands: Stand[] = [];
  for (const task of tasks) {
    for (const one of instancesOf(context, task)) {
      const stand = standOf(context, one, viewer);
      if (stand !== null) stands.push(stand);
    }
  }
  return stands;
}

/** Gives how the tasks stand that still ask something of steps that are not active any more: lapsed ones, and records of any visit that wait for an answer (semantics 3). */
export function unfinishedStands(context: CaseContext, tasks: readonly PreparedTask[], viewer: Viewer): Stand[] {
  const { model, state } = context;
  const ended = tasks.filter(({ step }) => step !== null && ['completed', 'left', 'skipped'].includes(stepStatus(model, state, step)));
  return standsOf(context, ended, viewer).filter(({ task, open }) => open.length > 0 || (reach(context, task) === 'late' && isUndone(context, task)));
}

/** May this person hand in a record of a task now? Only what decides that is looked at: a page of a form asks it four times over. */
export function mayAdd(context: CaseContext, task: PreparedTask, viewer: Viewer): boolean {
  if (context.state.status !== 'open' || (viewer.sees === 'task' && handedTo(context.state, task.id) !== viewer.id)) return false;
  return mayDo(task, viewer, context.state) && placeOf(context, task).isFree;
}

/** What decides whether there is place for a record, whoever makes it. `isFree`: there is. */
type Place = { isPresent: boolean; applies: boolean; isReached: boolean; isFree: boolean };

function placeOf(context: CaseContext, task: PreparedTask): Place {
  const isPresent = currentRecords(context, task).some((record) => record.task === task.id) || waitingRecords(context, task).length > 0;
  const applies = task.emergency || taskApplies(context, task);
  const isReached = reach(context, task) !== 'closed';
  return { isPresent, applies, isReached, isFree: (task.repeat || !isPresent) && applies && isReached };
}

function statusOf(context: CaseContext, task: PreparedTask, { viewer, open, isTheirs, place: { isPresent, applies, isReached } }: { viewer: Viewer; open: CaseRecord[]; isTheirs: boolean; place: Place }): Stand['status'] {
  if (open.length > 0) return open.some((record) => isToComplete(context, task, record, viewer)) ? 'todo' : 'waiting';
  if (!isReached) return isPresent ? 'done' : 'notYet';
  if (!applies) return isPresent ? 'done' : null;
  if (isAwaited(context, task)) return handedTo(context.state, task.id) === viewer.id ? 'todo' : 'waiting';
  // What a series asks for once it has fallen due is a task again, required or not (semantics 14).
  if (isDueBy(nextRecord(context, task), context.now)) return isTheirs ? 'todo' : 'waiting';
  if (isPresent) return 'done';
  if (isAsked(context, task)) return isTheirs ? 'todo' : 'waiting';
  return isTheirs ? 'optional' : 'notYet';
}

/** May this person do what an open record waits for: fill it in, be its second person, or correct what was given back? */
function isToComplete({ model, state }: CaseContext, task: PreparedTask, record: CaseRecord, viewer: Viewer): boolean {
  if (counts(model, state, record)) return mayUpdate(task, record, viewer, state);
  if (viewer.sees === 'full' && mayReview(task, record, viewer, state)) return true;
  return reviewOf(state, record.id)?.verdict === 'returned' && mayCorrect(task, record, viewer, state);
}

/** Is a task that was handed to somebody by name still to be done by them? Of a repeated task they are asked one record. */
function isAwaited(context: CaseContext, task: PreparedTask): boolean {
  const handed = context.state.handed.find((one) => one.task === task.id);
  if (handed === undefined) return false;
  return !currentRecords(context, task).some(({ task: id, by, at }) => id === task.id && (!task.repeat || (by === handed.to && at >= handed.at)));
}

/** A required task is asked for; and missing data of the subject is an open task (semantics 13). What lapsed is offered only. */
function isAsked(context: CaseContext, task: PreparedTask): boolean {
  return reach(context, task) === 'open' && (task.isSubject || task.for !== null || isRequired(context, task));
}

/** Records of this visit; of a repeated task those of the whole case, as conditions read them. With own access only own ones. */
function shownRecords(context: CaseContext, task: PreparedTask, viewer: Viewer): CaseRecord[] {
  const own = ownRecords(context, task);
  const waiting = waitingRecords(context, task);
  const all = waiting.length === 0 ? own : [...own, ...waiting];
  return viewer.sees === 'full' ? all : all.filter(({ by }) => by === viewer.id);
}
