import type { Actor, CaseRecord, CaseState, Review } from '../state/case-state.ts';
import { isPerformer } from './performers.ts';
import type { Model, PreparedTask } from './prepare.ts';
import { latestVisit } from './visits.ts';

/** Does a record count: does its task ask no second person, did the system write it, or has a second person confirmed it? */
export function counts({ tasks }: Pick<Model, 'tasks'>, state: CaseState, record: CaseRecord): boolean {
  return record.by === null || tasks.get(record.task)?.definition.fourEyes !== true || reviewOf(state, record.id)?.verdict === 'confirmed';
}

/** Gives what a second person said last of a record; null: nothing yet, or it was corrected since. */
export function reviewOf({ reviews }: CaseState, record: number): Review | null {
  return reviews.find((one) => one.record === record) ?? null;
}

/** Gives the records of a task, or of this instance of it, that wait for a second person; in a step those of its latest visit, of a repeated task all. */
export function waitingRecords({ model, state }: { model: Model; state: CaseState }, task: PreparedTask): CaseRecord[] {
  if (task.definition.fourEyes !== true) return [];
  const visit = task.step === null || (task.repeat && task.for === null) ? undefined : (latestVisit(state, task.step)?.id ?? null);
  return state.records.filter((record) => record.task === task.id && record.source === (task.source?.key ?? null) && (visit === undefined || record.visit === visit) && !counts(model, state, record));
}

/** May this person be the second one: who may do the task and did not write or change the record? */
export function mayReview(task: PreparedTask, record: CaseRecord, person: Actor, state: CaseState): boolean {
  return task.definition.fourEyes === true && ![record.by, record.updatedBy].includes(person.id) && isPerformer(task.performers, person, [state.starter]);
}

/** Keeps what a second person said; it takes the place of what was said of that record before. */
export function withReview(state: CaseState, one: Review): CaseState {
  return { ...state, reviews: [...state.reviews.filter(({ record }) => record !== one.record), one] };
}

/** A record that was corrected waits for a second person anew. */
export function withoutReview(state: CaseState, record: number): CaseState {
  return state.reviews.some((one) => one.record === record) ? { ...state, reviews: state.reviews.filter((one) => one.record !== record) } : state;
}
