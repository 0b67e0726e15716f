import { type CaseContext, caseContext } from '../model/case-context.ts';
import { activeVisits } from '../model/visits.ts';
import type { CaseState, Moment } from '../state/case-state.ts';
import { exitsOf, exitViews, reopenViews } from './exit-view.ts';
import { instancesOf } from '../model/instances.ts';
import { keepingView } from '../commands/keeping.ts';
import { nowView } from './now-view.ts';
import type { Overview, TaskView, Viewer } from '../model/overview-types.ts';
import type { Model, PreparedTask } from '../model/prepare.ts';
import { hintTexts } from '../reading/reasons.ts';
import { stepViews } from './step-view.ts';
import { mayAdd } from './stand.ts';
import { taskViews, unfinishedViews } from './task-view.ts';
import { toldViews } from './told-view.ts';

/**
 * Makes all that one person has to know of a case: the one thing to do now, the steps, the open and closed tasks with why,
 * and for every closed way out the unmet conditions. Somebody with own access sees only own records and the tasks offered to them;
 * somebody a task was handed to by name sees that task, and not where the case stands.
 */
export function overview(model: Model, state: CaseState, viewer: Viewer, now: Moment): Overview {
  if (viewer.sees === 'task') return handedOnly(caseContext(model, state, now, { id: viewer.id, roles: viewer.roles }), viewer);
  const context = caseContext(model, state, now, { id: viewer.id, roles: viewer.roles });
  const isOpen = state.status === 'open';
  const work = workView(context, viewer);
  const { activeSteps, tasks } = work;
  return {
    status: state.status,
    outcome: state.outcome === null ? null : { id: state.outcome, title: model.workflow.outcomes[state.outcome]?.title ?? state.outcome },
    now: nowView(context, work, viewer),
    keeping: isOpen ? null : keepingView(context, viewer),
    steps: stepViews(context, viewer),
    ...work,
    reopenings: state.status === 'closed' ? reopenViews(context, viewer) : [],
    hints: isOpen && viewer.sees === 'full' ? hintsOf(context) : [],
    told: isOpen ? toldViews(context, [...activeSteps.flatMap((step) => step.tasks), ...tasks], viewer) : []
  };
}

function workView(context: CaseContext, viewer: Viewer): Pick<Overview, 'activeSteps' | 'tasks' | 'unfinished' | 'exits'> {
  const isOpen = context.state.status === 'open';
  return {
    activeSteps: isOpen ? activeViews(context, viewer) : [],
    tasks: taskViews(context, context.model.shownTasks, viewer),
    unfinished: isOpen ? unfinishedViews(context, context.model.stepTasks, viewer) : [],
    exits: isOpen ? exitViews(context, context.model.transitions, viewer) : []
  };
}

function handedOnly(context: CaseContext, viewer: Viewer): Overview {
  const { status } = context.state;
  const isOpen = status === 'open';
  const activeSteps = (isOpen ? activeViews(context, viewer) : []).filter(({ tasks }) => tasks.length > 0).map((step) => ({ ...step, guidance: null, exits: [] }));
  const tasks = taskViews(context, context.model.shownTasks, viewer);
  const unfinished = isOpen ? unfinishedViews(context, context.model.stepTasks, viewer) : [];
  return {
    status, outcome: null, now: nowView(context, { activeSteps, tasks, unfinished }, viewer), keeping: null,
    steps: [], activeSteps, tasks, exits: [], reopenings: [], hints: [], told: [], unfinished
  };
}

/** May this person hand in a record of a task now, or of one instance of it? What `taskOverview` says of it, without the rest. */
export function mayAddTo(model: Model, state: CaseState, { id, source }: { id: string; source: string | null }, viewer: Viewer, now: Moment): boolean {
  const task = model.tasks.get(id);
  if (task === undefined || state.status !== 'open') return false;
  if (!isActive(model, state, task)) return taskOverview(model, state, { id, source }, viewer, now)?.mayAdd === true;
  const context = caseContext(model, state, now, { id: viewer.id, roles: viewer.roles }, false);
  const found = instancesOf(context, task).find((one) => (one.source?.key ?? null) === source);
  return found !== undefined && mayAdd(context, found, viewer);
}

/** Makes what the overview says of one task, or of one instance of it, without the rest; null when it is not in there. */
export function taskOverview(model: Model, state: CaseState, { id, source }: { id: string; source: string | null }, viewer: Viewer, now: Moment): TaskView | null {
  const task = model.tasks.get(id);
  if (task === undefined) return null;
  const context = caseContext(model, state, now, { id: viewer.id, roles: viewer.roles });
  const views = isActive(model, state, task) ? taskViews(context, [task], viewer) : state.status === 'open' ? unfinishedViews(context, [task], viewer) : [];
  return views.find((view) => view.source === source) ?? null;
}

/** Is the step of a task active, or has it none? */
function isActive(model: Model, state: CaseState, { step }: PreparedTask): boolean {
  return step === null || (state.status === 'open' && activeVisits(model, state).some((visit) => visit.step === step));
}

function activeViews(context: CaseContext, viewer: Viewer): Overview['activeSteps'] {
  const { model, state } = context;
  return activeVisits(model, state).flatMap((visit) => {
    const step = model.steps.get(visit.step);
    if (step === undefined) return [];
    const { label, title, guidance } = step.definition;
    return [{
      step: step.id, visit: visit.id, label: label ?? null, title, guidance: guidance ?? null,
      tasks: taskViews(context, step.tasks, viewer), exits: exitsOf(context, step, viewer)
    }];
  });
}

/** Hints of the top level and of each active step, each once. */
function hintsOf(context: CaseContext): string[] {
  const { model, state } = context;
  const asked = { answers: null, form: null, visit: null };
  const ofSteps = activeVisits(model, state).flatMap((visit) => hintTexts(context, model.steps.get(visit.step)?.rules ?? [], { ...asked, visit }));
  return [...new Set([...hintTexts(context, model.rules, asked), ...ofSteps])];
}
