import { tasksAskedFor } from '../model/case-context.ts';
import { activeVisits } from '../model/visits.ts';
import type { Asked } from '../state/case-state.ts';
import { type Change, contextOf } from './change.ts';
import { sourceIn } from '../model/instances.ts';
import type { PreparedTask } from '../model/prepare.ts';

/** Writes down which required tasks are open after a command, and keeps since when; what is no longer asked is forgotten (semantics 4). */
export function noteAsked(change: Change): void {
  const { state, now } = change;
  const open = openTasks(change);
  if (open.length === 0 && state.asked.length === 0) return;
  const asked = open.map((one): Asked => state.asked.find(({ task, source, visit }) => task === one.task && source === one.source && visit === one.visit) ?? { ...one, since: now });
  if (asked.length === state.asked.length && asked.every((one, index) => one === state.asked[index])) return;
  change.state = { ...state, asked };
  change.events.push({ type: 'tasksAsked', tasks: open });
}

/** Gives the required tasks that are open in a case; none in one that is not. */
export function openTasks(change: Change): Omit<Asked, 'since'>[] {
  const { model, state } = change;
  if (state.status !== 'open') return [];
  const context = contextOf(change);
  const open: Omit<Asked, 'since'>[] = [];
  const add = (tasks: PreparedTask[], visit: number | null): void => {
    for (const task of tasksAskedFor(context, tasks)) open.push({ task: task.id, ...sourceIn(task), visit });
  };
  for (const { id, step } of activeVisits(model, state)) add(model.steps.get(step)?.tasks ?? [], id);
  add(model.topTasks, null);
  return open;
}
