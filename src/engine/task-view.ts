import { type CaseContext, currentRecords, isComplete, isRequired, latestVisit, ownRecords, stepStatus, taskApplies } from './case-context.ts';
import type { CaseRecord } from './case-state.ts';
import { areMissing, unmetLeaves } from './conditions.ts';
import { dueOf } from './due.ts';
import { roleTitles } from './labels.ts';
import type { RecordView, TaskView, Viewer } from './overview-types.ts';
import { mayDo, mayUpdate } from './performers.ts';
import type { PreparedTask } from './prepare.ts';
import { conditionReasons } from './reasons.ts';
import { summaryText } from './summary.ts';

/** Makes what one person sees of a task; null when it is not for them: with own access, a task they may not do and have no record of. */
export function taskView(context: CaseContext, task: PreparedTask, viewer: Viewer): TaskView | null {
  const records = shownRecords(context, task, viewer);
  const view = { ...describe(context, task, records), ...standing(context, task, records, viewer) };
  if (context.state.status !== 'open') return records.length === 0 ? null : { ...view, status: 'done', reasons: [], mayAdd: false };
  if (viewer.sees === 'full' || records.length > 0) return view;
  const isOffered = view.status === 'todo' || view.status === 'optional' || view.mayAdd;
  return isOffered ? view : null;
}

/** Makes what one person sees of several tasks. */
export function taskViews(context: CaseContext, tasks: PreparedTask[], viewer: Viewer): TaskView[] {
  return tasks.flatMap((task) => taskView(context, task, viewer) ?? []);
}

type Standing = Pick<TaskView, 'status' | 'reasons' | 'mayAdd'>;
type Shown = { record: CaseRecord; view: RecordView };

function describe(context: CaseContext, task: PreparedTask, records: Shown[]): Omit<TaskView, keyof Standing> {
  return {
    id: task.id, form: task.definition.form, step: task.step,
    visit: task.step === null ? null : (latestVisit(context.state, task.step)?.id ?? null),
    title: task.title, required: isRequired(context, task), repeat: task.repeat, emergency: task.emergency,
    performers: roleTitles(context.model, task.performers ?? []),
    due: context.state.status === 'open' ? dueOf(context, task) : null,
    records: records.map(({ view }) => view)
  };
}

function standing(context: CaseContext, task: PreparedTask, records: Shown[], viewer: Viewer): Standing {
  const isTheirs = mayDo(task, viewer, context.state);
  const isPresent = currentRecords(context, task).some((record) => record.task === task.id);
  const isNext = task.repeat || !isPresent;
  const applies = task.emergency || taskApplies(context, task);
  const isReached = reach(context, task) !== 'closed';
  const mayAdd = isTheirs && isNext && isReached && applies;
  const open = records.filter(({ view }) => view.open);
  if (open.length > 0) {
    const isMine = open.some(({ record }) => mayUpdate(task, record, viewer, context.state));
    return { status: isMine ? 'todo' : 'waiting', reasons: [], mayAdd };
  }
  if (!isReached) return { status: isPresent ? 'done' : 'notYet', reasons: [], mayAdd };
  if (!applies) return isPresent ? { status: 'done', reasons: [], mayAdd } : { ...ruledOut(context, task), mayAdd };
  if (isPresent) return { status: 'done', reasons: [], mayAdd };
  if (isAsked(context, task)) return { status: isTheirs ? 'todo' : 'waiting', reasons: [], mayAdd };
  return { status: isTheirs ? 'optional' : 'notYet', reasons: [], mayAdd };
}

/** Open: its step is active, or it has none. Late: its step was left or skipped, and it may still be handed in (semantics 3). */
function reach({ model, state }: CaseContext, task: PreparedTask): 'open' | 'late' | 'closed' {
  if (task.step === null) return 'open';
  const status = stepStatus(model, state, task.step);
  return status === 'active' ? 'open' : status === 'left' || status === 'skipped' ? 'late' : 'closed';
}

/** A required task is asked for; and missing data of the subject is an open task (semantics 13). What lapsed is offered only. */
function isAsked(context: CaseContext, task: PreparedTask): boolean {
  return reach(context, task) === 'open' && (task.isSubject || isRequired(context, task));
}

function ruledOut(context: CaseContext, task: PreparedTask): Pick<Standing, 'status' | 'reasons'> {
  const leaves = task.applies === null ? [] : unmetLeaves(task.applies, context);
  return { status: areMissing(leaves) ? 'notYet' : 'notApplicable', reasons: conditionReasons(context, task.applies).map(({ text }) => text) };
}

/** Records of this visit; of a repeated task those of the whole case, as conditions read them. With own access only own ones. */
function shownRecords(context: CaseContext, task: PreparedTask, viewer: Viewer): Shown[] {
  return ownRecords(context, task)
    .filter((record) => viewer.sees === 'full' || record.by === viewer.id)
    .map((record) => ({ record, view: recordView(context, task, record, viewer) }));
}

function recordView(context: CaseContext, task: PreparedTask, record: CaseRecord, viewer: Viewer): RecordView {
  const { model, state } = context;
  const mayFillIn = (state.status === 'open' || task.isSubject) && mayUpdate(task, record, viewer, state);
  return {
    id: record.id, by: record.by, at: record.at, late: record.late,
    open: state.status === 'open' && !isComplete(context, task, record),
    summary: task.form === null ? '' : summaryText(task.form, record.answers, model.t),
    later: mayFillIn ? [...task.later] : []
  };
}
