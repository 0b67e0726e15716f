import type { CaseState, Command, Handed } from '../state/case-state.ts';
import type { Change } from './change.ts';
import { mayBeHanded } from '../model/performers.ts';
import { refuseClosed } from './records.ts';
import { type Refusal, refuseHander, refuseWith } from './refusal.ts';

/**
 * Hands one task to a person by name, who then sees that task and nothing else of the case (semantics 9). Handed again it is for the
 * new person only. Coming on the list of the case is the work of who keeps the list.
 */
export function handTask(change: Change, { task: id, to }: Command & { type: 'handTask' }): Refusal | null {
  const { model, state, actor, now } = change;
  const refusal = refuseHander(change);
  if (refusal !== null) return refusal;
  const task = model.tasks.get(id);
  if (task === undefined) return refuseWith('unknown', model.t('engine.unknown'));
  if (task.emergency || task.isSubject || task.for !== null) return refuseWith('notOffered', model.t('engine.mayNotHand', { task: task.title }));
  if (!mayBeHanded(to, state)) return refuseWith('notOffered', model.t('engine.mayNotBeHanded'));
  const closed = refuseClosed(change, task);
  if (closed !== null) return closed;
  change.state = withHanded(state, { task: id, to: to.id, by: actor.id, at: now });
  change.events.push({ type: 'taskHanded', task: id, to: to.id });
  return null;
}

/** Ends the handing of a task: its person gives it back, or who may hand it takes it back. It is for its performers again. */
export function takeBackTask(change: Change, { task }: Command & { type: 'takeBackTask' }): Refusal | null {
  const { model, state, actor } = change;
  const handed = state.handed.find((one) => one.task === task);
  if (handed === undefined) return refuseWith('notOpen', model.t('engine.notHanded'));
  const refusal = handed.to === actor.id ? null : refuseHander(change);
  if (refusal !== null) return refusal;
  endHanding(change, handed);
  return null;
}

/** Ends the handing of every task, such as when a case is restricted. */
export function endAllHandings(change: Change): void {
  for (const handed of change.state.handed) endHanding(change, handed);
}

/** Gives the state in which a task is handed to somebody; each task to one person. */
export function withHanded(state: CaseState, handed: Handed): CaseState {
  return { ...state, handed: [...state.handed.filter(({ task }) => task !== handed.task), handed] };
}

/** Gives the state in which a task is for its performers again. */
export function withoutHanded(state: CaseState, task: string): CaseState {
  return { ...state, handed: state.handed.filter((one) => one.task !== task) };
}

function endHanding(change: Change, { task, to }: Handed): void {
  change.state = withoutHanded(change.state, task);
  change.events.push({ type: 'taskTakenBack', task, from: to });
}
