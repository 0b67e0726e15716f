import { activeVisit, isUndone } from './case-context.ts';
import type { Asked } from './case-state.ts';
import { type Change, contextOf } from './change.ts';
import { askedTasks } from './due.ts';

/** Writes down which required tasks are open after a command, and keeps since when; what is no longer asked is forgotten (semantics 4). */
export function noteAsked(change: Change): void {
  const { state, now } = change;
  const before = state.asked ?? [];
  const asked = state.status === 'open' ? openNow(change).map((one): Asked => before.find((known) => known.task === one.task && known.visit === one.visit) ?? { ...one, since: now }) : [];
  if (before.length > 0 || asked.length > 0) change.state = { ...state, asked };
}

function openNow(change: Change): Omit<Asked, 'since'>[] {
  const context = contextOf(change);
  return askedTasks(context)
    .filter((task) => task.required !== false && isUndone(context, task))
    .map((task) => ({ task: task.id, visit: task.step === null ? null : (activeVisit(change.state, task.step)?.id ?? null) }));
}
