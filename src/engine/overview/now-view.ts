import type { CaseContext } from '../model/case-context.ts';
import type { ExitView, NowView, Overview, TaskView, Viewer } from '../model/overview-types.ts';

/** What the one thing to do now is chosen from. */
export type Choices = Pick<Overview, 'activeSteps' | 'tasks' | 'unfinished'>;

/**
 * Chooses "Dit moet u nu doen", exactly one: what is late; else a required task of an active step, of the top level, a record left open;
 * else a way out this person may take; else on whom the case waits; else nothing. Optional tasks are never it (semantics 1).
 */
export function nowView(context: CaseContext, choices: Choices, viewer: Viewer): NowView {
  if (context.state.status !== 'open') return { type: 'closed' };
  const stepTasks = [...choices.activeSteps].sort((one, other) => (firstDue(one) < firstDue(other) ? -1 : firstDue(one) > firstDue(other) ? 1 : 0)).flatMap(({ tasks }) => tasks);
  const all = inOrder([...stepTasks, ...choices.tasks, ...choices.unfinished]);
  const [mine] = all.filter(({ status }) => status === 'todo');
  if (mine !== undefined) return { type: 'task', task: mine, record: recordToComplete(mine) };
  const exits = choices.activeSteps.flatMap(({ exits }) => exits).filter(({ status }) => status === 'open');
  const step = choices.activeSteps.find((active) => active.exits.some((exit) => exit.status === 'open' && exit.mayTake));
  if (step !== undefined) return { type: 'decide', step: step.step, title: step.title };
  return viewer.sees !== 'full' ? { type: 'nothing' } : waitingFor(all.filter(({ status }) => status === 'waiting'), exits);
}

/** Of parallel tracks the one whose work is due first comes first; a track without a term last. */
function firstDue({ tasks }: Choices['activeSteps'][number]): string {
  return tasks.filter(({ status }) => status === 'todo').map(({ due }) => due?.at ?? '9999').sort()[0] ?? '9999';
}

/** Late ones first, the longest late on top; the rest required before left open, each in the order of the page. */
function inOrder(tasks: TaskView[]): TaskView[] {
  const late = tasks.filter(({ due }) => due?.late === true).sort((one, other) => ((one.due?.at ?? '') < (other.due?.at ?? '') ? -1 : 1));
  const rest = tasks.filter(({ due }) => due?.late !== true);
  return [...late, ...rest.filter(isRequiredHere), ...rest.filter((task) => !isRequiredHere(task))];
}

function isRequiredHere(task: TaskView): boolean {
  return task.required;
}

/** The oldest record of the task that waits for an answer this person may give; null: a new record is asked. */
function recordToComplete(task: TaskView): number | null {
  return task.records.find(({ open, later, review, mayReview }) => open && (review === null ? later.length > 0 : mayReview || review === 'returned'))?.id ?? null;
}

function waitingFor([first]: TaskView[], exits: ExitView[]): NowView {
  if (first !== undefined) return { type: 'wait', on: first.performers, task: first };
  const performers = [...new Set(exits.flatMap((exit) => exit.performers))];
  return performers.length === 0 ? { type: 'nothing' } : { type: 'wait', on: performers, task: null };
}
