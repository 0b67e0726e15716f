import type { Actor, CaseRecord, CaseState, PersonId } from '../state/case-state.ts';
import type { Model, PreparedTask } from './prepare.ts';

/** May this person do it? `author` is one of the given people; null performers: everybody who may read the case (semantics 9). */
export function isPerformer(performers: readonly string[] | null, person: Actor, authors: (string | null)[]): boolean {
  if (performers === null) return true;
  return performers.some((role) => (role === 'author' ? authors.includes(person.id) : person.roles.includes(role)));
}

/**
 * May this person hand in a record of this task? Nothing holds up an emergency; who started the case may say whom it is about;
 * who it was handed to by name may do it whatever their role (semantics 9).
 */
export function mayDo(task: PreparedTask, person: Actor, state: CaseState): boolean {
  return task.emergency || handedTo(state, task.id) === person.id || (task.isSubject && [state.starter, state.responsible].includes(person.id)) || isPerformer(task.performers, person, [state.starter]);
}

/** Gives whom a task was handed to by name; null: nobody. */
export function handedTo({ handed }: CaseState, task: string): PersonId | null {
  return handed.find((one) => one.task === task)?.to ?? null;
}

/** May this person fill in the later fields of a record? Its author always may; the subject also by who started or is responsible. */
export function mayUpdate(task: PreparedTask, record: CaseRecord, person: Actor, state: CaseState): boolean {
  if (record.by === person.id) return true;
  if (task.isSubject && [state.starter, state.responsible].includes(person.id)) return true;
  return isPerformer(task.performers, person, [record.by]);
}

/**
 * May this person correct a record: its author, who is responsible for the case, or a role the task names under `correct`
 * (semantics 10)? The subject is never corrected: all of it may be filled in. `task` is null for the form of a way out.
 */
export function mayCorrect(task: PreparedTask | null, record: CaseRecord, person: Actor, state: CaseState): boolean {
  if (task?.isSubject === true) return false;
  return [record.by, state.responsible].includes(person.id) || isPerformer(task?.definition.correct ?? [], person, [record.by]);
}

/** May this person cancel a case as a mistake: who started it, while it never left its first step (semantics 24)? */
export function mayCancel({ workflow }: Model, person: Actor, state: CaseState): boolean {
  return state.status === 'open' && state.starter === person.id && state.visits.length === 1 && state.visits[0]?.step === workflow.start;
}

/** May this person make somebody else responsible, or hand a task to somebody by name: who is so now, or a role that sees the whole case? */
export function mayHandOver({ workflow }: Model, person: Actor, state: CaseState): boolean {
  return state.status === 'open' && (state.responsible === person.id || isPerformer(state.restriction?.to ?? workflow.access.read, person, []));
}

/** May this person lift the restriction of a case? Nobody may where the route names no role. */
export function mayLift(person: Actor, { restriction }: CaseState): boolean {
  return restriction !== null && isPerformer(restriction.lift, person, []);
}

/** May this person become responsible? */
export function mayBeResponsible(person: Actor, state: CaseState): boolean {
  return person.id !== state.responsible && mayBeHanded(person, state);
}

/** May a task be handed to this person? A restricted case stays with the people it is restricted to; who was shut out by name stays out. */
export function mayBeHanded(person: Actor, { restriction, barred, starter }: CaseState): boolean {
  if (barred.includes(person.id)) return false;
  return restriction === null || (!restriction.never.includes(person.id) && isPerformer(restriction.to, person, [starter]));
}
