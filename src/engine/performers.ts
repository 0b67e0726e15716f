import type { Actor, CaseRecord, CaseState } from './case-state.ts';
import type { PreparedTask } from './prepare.ts';

/** May this person do it? `author` is one of the given people; null performers: everybody who may read the case (semantics 9). */
export function isPerformer(performers: readonly string[] | null, person: Actor, authors: (string | null)[]): boolean {
  if (performers === null) return true;
  return performers.some((role) => (role === 'author' ? authors.includes(person.id) : person.roles.includes(role)));
}

/** May this person hand in a record of this task? Nothing holds up an emergency; who started the case may say whom it is about. */
export function mayDo(task: PreparedTask, person: Actor, state: CaseState): boolean {
  return task.emergency || (task.isSubject && [state.starter, state.responsible].includes(person.id)) || isPerformer(task.performers, person, [state.starter]);
}

/** May this person fill in the later fields of a record? Its author always may; the subject also by who started or is responsible. */
export function mayUpdate(task: PreparedTask, record: CaseRecord, person: Actor, state: CaseState): boolean {
  if (record.by === person.id) return true;
  if (task.isSubject && [state.starter, state.responsible].includes(person.id)) return true;
  return isPerformer(task.performers, person, [record.by]);
}
