import type { Answers } from '../../definitions/bundle.ts';
import { caseContext, type CaseContext, isUndone, tasksAskedFor } from '../model/case-context.ts';
import { activeVisit } from '../model/visits.ts';
import type { Actor, CaseRecord, CaseState, EngineEvent, Moment, Visit } from '../state/case-state.ts';
import { sourceIn } from '../model/instances.ts';
import type { Model } from '../model/prepare.ts';
import { withRowIds } from '../state/row-ids.ts';

/**
 * One command at work: the state as it is becoming and what happened so far.
 * Only the fields of this object are replaced; the states themselves are never changed in place.
 * `asOf`: the moment at which conditions are read, while what should have happened earlier is made up for; else now.
 * `context`: the last one that was made; ask contextOf for it.
 */
export type Change = { readonly model: Model; readonly actor: Actor; readonly now: Moment; readonly asOf?: Moment; state: CaseState; events: EngineEvent[]; context?: CaseContext };

/** Gives the context of the state as it is now; ask again after every change. */
export function contextOf(change: Change): CaseContext {
  const now = change.asOf ?? change.now;
  if (change.context?.state !== change.state || change.context.now !== now) change.context = caseContext(change.model, change.state, now, change.actor);
  return change.context;
}

type Entry = Pick<CaseRecord, 'task' | 'form' | 'visit' | 'late' | 'by' | 'formHash'> & { answers: Answers; step: string | null; source?: string | null };

/** Adds a record; `by` null: the system wrote it; `rows`: the ids its rows may bring along. Gives the record. */
export function addRecord(change: Change, entry: Entry, rows: ReadonlySet<string> = new Set()): CaseRecord {
  const { step, source = null, task, form, formHash, visit, late, by } = entry;
  const id = change.state.lastRecord + 1;
  const answers = withRowIds(change.model.bundle.forms[entry.form] ?? null, entry.answers, 1, rows);
  const record: CaseRecord = { id, task, form, visit, late, by, answers, source, version: 1, at: change.now, updatedAt: change.now, updatedBy: null, ...(formHash === undefined ? {} : { formHash }) };
  change.state = { ...change.state, records: [...change.state.records, record], lastRecord: id };
  change.events.push({ type: 'recordEntered', record: id, task: entry.task, step, late: entry.late, bySystem: entry.by === null });
  return record;
}

/** Enters a step, unless it is active already; takes away its mark of being skipped. */
export function enterStep(change: Change, step: string): void {
  if (activeVisit(change.state, step) !== undefined) {
    change.events.push({ type: 'stepAlreadyActive', step });
    return;
  }
  const id = change.state.lastVisit + 1;
  const visit: Visit = { id, step, enteredAt: change.now, status: 'active', endedAt: null, endedBy: null, endedVia: null };
  const { [step]: _, ...skipped } = change.state.skipped;
  change.state = { ...change.state, visits: [...change.state.visits, visit], lastVisit: id, skipped };
  change.events.push({ type: 'stepEntered', step, visit: id });
}

/**
 * Ends a visit. Its open tasks lapse (semantics 3). Left by an event it is `left`;
 * by a transition it is `completed`, unless required tasks stayed open.
 */
export function endVisit(change: Change, visit: Visit, via: string, byEvent: boolean): void {
  const context = contextOf(change);
  const lapsed = tasksAskedFor(context, change.model.steps.get(visit.step)?.tasks ?? []);
  // What is asked but not required lapses without leaving its step undone.
  const status = byEvent || lapsed.some((task) => isUndone(context, task)) ? 'left' : 'completed';
  const ended: Visit = { ...visit, status, endedAt: change.now, endedBy: change.actor.id, endedVia: via };
  change.state = { ...change.state, visits: change.state.visits.map((other) => (other.id === visit.id ? ended : other)) };
  for (const task of lapsed) change.events.push({ type: 'taskLapsed', task: task.id, ...sourceIn(task), step: visit.step });
  change.events.push({ type: 'stepEnded', step: visit.step, visit: visit.id, status, via });
}

/** Marks steps as passed over; only those without a completed or running visit (semantics 21). */
export function skipSteps(change: Change, steps: readonly string[], reason: string): void {
  for (const step of steps) {
    if (change.state.visits.some((visit) => visit.step === step && visit.status !== 'left')) continue;
    change.state = { ...change.state, skipped: { ...change.state.skipped, [step]: { at: change.now, by: change.actor.id, reason } } };
    change.events.push({ type: 'stepSkipped', step, reason });
  }
}

/** Ends every track and closes the case. Open tasks of the top level lapse. */
export function closeCase(change: Change, outcome: string, via: string, byEvent: boolean): void {
  for (const visit of change.state.visits.filter(({ status }) => status === 'active')) endVisit(change, visit, via, byEvent);
  for (const task of tasksAskedFor(contextOf(change), change.model.topTasks)) change.events.push({ type: 'taskLapsed', task: task.id, ...sourceIn(task), step: null });
  change.state = { ...change.state, status: 'closed', closedAt: change.now, outcome };
  change.events.push({ type: 'caseClosed', outcome });
}
