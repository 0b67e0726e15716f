import type { CaseContext } from '../model/case-context.ts';
import type { Told } from '../state/case-state.ts';
import { stepDue, termsOf } from '../reading/due.ts';
import type { TaskView, ToldView, Viewer } from '../model/overview-types.ts';
import { instanceOf, titleOfTask } from '../model/instances.ts';
import { isPerformer } from '../model/performers.ts';

/**
 * Makes what one person was told of terms that still run: reminders of what they may do, and what was escalated to a role of theirs.
 * The last of each task or step; what was done or moved since is left out. `tasks` are those this person sees.
 */
export function toldViews(context: CaseContext, tasks: TaskView[], viewer: Viewer): ToldView[] {
  const { state, model, zone, now } = context;
  const running = state.told.filter((told) => isFor(context, told, tasks, viewer) && stillRuns(context, told));
  return running.filter((told, index) => !running.slice(index + 1).some(({ task, source, step }) => task === told.task && source === told.source && step === told.step)).map(({ kind, task, source, step, due, at }) => ({
    kind, at, due: { day: zone.dayOf(due), at: due, late: due < now },
    title: task === null ? (model.steps.get(step ?? '')?.definition.title ?? '') : titleOfTask(context, task, source)
  }));
}

function isFor({ model, state, now }: CaseContext, { kind, task, source, step, due, roles }: Told, tasks: TaskView[], viewer: Viewer): boolean {
  const view = tasks.find((one) => one.id === task && one.source === (source ?? null));
  if (kind === 'escalated') return (viewer.sees === 'full' || view !== undefined) && isPerformer(roles, viewer, [state.starter]);
  // Once it is late the page says so itself.
  if (due < now) return false;
  if (task !== null) return view?.status === 'todo' || (view?.status === 'done' && view.mayAdd);
  return viewer.sees === 'full' && isPerformer(model.steps.get(step ?? '')?.definition.performers ?? model.workflow.performers ?? null, viewer, [state.starter]);
}

function stillRuns(context: CaseContext, { task, source, step, due }: Told): boolean {
  if (task === null) return stepDue(context, step ?? '') === due;
  const prepared = context.model.tasks.get(task);
  return prepared !== undefined && termsOf(context, instanceOf(context, prepared, source ?? null)).some(({ at }) => at === due);
}
