import { type CaseContext, currentRecords, isComplete, isRequired, nextRecord, ownRecords, reach, taskApplies } from '../model/case-context.ts';
import { latestVisit } from '../model/visits.ts';
import type { CaseRecord } from '../state/case-state.ts';
import { leafTexts } from '../reading/condition-text.ts';
import { areMissing, unmetLeaves } from '../conditions/conditions.ts';
import { dueOf, isTermUnknown } from '../reading/due.ts';
import { instancesOf, sourcesOf } from '../model/instances.ts';
import { joined, quoted, roleTitles } from '../model/labels.ts';
import type { RecordView, TaskView, Viewer } from '../model/overview-types.ts';
import { handedTo, mayCorrect, mayDo, mayHandOver, mayUpdate } from '../model/performers.ts';
import type { PreparedTask, Source } from '../model/prepare.ts';
import { conditionReasons } from '../reading/reasons.ts';
import { counts, mayReview, reviewOf, waitingRecords } from '../model/second-person.ts';
import { isDueBy } from '../model/series.ts';

/**
 * Makes what one person sees of a task; null when it is not for them: with own access, a task they may not do and have no record of;
 * with a task handed to them by name, every other task.
 */
export function taskView(context: CaseContext, task: PreparedTask, viewer: Viewer): TaskView | null {
  if (viewer.sees === 'task' && handedTo(context.state, task.id) !== viewer.id) return null;
  const records = shownRecords(context, task, viewer);
  const view = describe(context, task, records, viewer, standing(context, task, records, viewer));
  if (context.state.status !== 'open') return records.length === 0 ? null : { ...view, status: 'done', reasons: [], mayAdd: false, mayHand: false };
  // Why it cannot be done now may tell of the rest of the case.
  if (viewer.sees === 'task') return { ...view, reasons: [] };
  if (viewer.sees === 'full' || records.length > 0) return view;
  const isOffered = view.status === 'todo' || view.status === 'optional' || view.mayAdd;
  return isOffered ? view : null;
}

/** Makes what one person sees of several tasks. */
export function taskViews(context: CaseContext, tasks: PreparedTask[], viewer: Viewer): TaskView[] {
  return tasks.flatMap((task) => {
    const instances = instancesOf(context, task);
    return instances.length === 0 ? unaskedView(context, task, viewer) : instances.flatMap((one) => taskView(context, one, viewer) ?? []);
  });
}

/** A task for each of something that is not there yet, or that it is not asked about, says so to who sees the whole case. */
function unaskedView(context: CaseContext, task: PreparedTask, viewer: Viewer): TaskView[] {
  if (context.state.status !== 'open' || viewer.sees !== 'full') return [];
  const [source] = sourcesOf(context, task);
  const why = !context.explains ? [] : source === undefined ? [nothingYet(context, task)] : notAskedAbout(context, task, source);
  return [describe(context, task, [], viewer, { status: 'notYet', reasons: why, mayAdd: false, mayHand: false })];
}

/** Why a task is not asked about what is there; that is called by its task. */
function notAskedAbout(context: CaseContext, { applies }: PreparedTask, { path, value }: Source): string[] {
  const leaves = applies === null ? [] : unmetLeaves(applies, context.reading(undefined, value));
  const named = leaves.map((leaf) => (leaf.type === 'path' && leaf.path[0] === 'for' ? { ...leaf, path: [...path, ...leaf.path.slice(1)] } : leaf));
  return [...new Set(named.flatMap((leaf) => leafTexts(context.model, [leaf])))];
}

function nothingYet({ model }: CaseContext, task: PreparedTask): string {
  const sources = [...new Set((task.for ?? []).map(([head = '']) => model.tasks.get(head)?.title ?? head))];
  return model.t('engine.forNothing', { tasks: joined(model, sources.map((title) => quoted(model, title)), 'or') });
}

/** May this person hand in a record of a task now? Only what decides that is looked at: a page of a form asks it four times over. */
export function mayAdd(context: CaseContext, task: PreparedTask, viewer: Viewer): boolean {
  if (context.state.status !== 'open' || (viewer.sees === 'task' && handedTo(context.state, task.id) !== viewer.id)) return false;
  return mayDo(task, viewer, context.state) && placeOf(context, task).isFree;
}

/** What decides whether there is place for a record, whoever makes it. `isFree`: there is. */
function placeOf(context: CaseContext, task: PreparedTask): { isPresent: boolean; applies: boolean; isReached: boolean; isFree: boolean } {
  const isPresent = currentRecords(context, task).some((record) => record.task === task.id) || waitingRecords(context, task).length > 0;
  const applies = task.emergency || taskApplies(context, task);
  const isReached = reach(context, task) !== 'closed';
  return { isPresent, applies, isReached, isFree: (task.repeat || !isPresent) && applies && isReached };
}

type Standing = Pick<TaskView, 'status' | 'reasons' | 'mayAdd' | 'mayHand'>;
type Shown = { record: CaseRecord; view: RecordView };

function describe(context: CaseContext, task: PreparedTask, records: Shown[], viewer: Viewer, stand: Standing): TaskView {
  return {
    id: task.id, source: task.source?.key ?? null, form: task.definition.form, step: task.step,
    visit: task.step === null ? null : (latestVisit(context.state, task.step)?.id ?? null),
    title: task.title, required: isRequired(context, task), repeat: task.repeat, emergency: task.emergency,
    performers: roleTitles(context.model, task.performers ?? []),
    handed: handedView(context, task, viewer),
    due: context.state.status === 'open' ? dueOf(context, task) : null,
    termUnknown: context.state.status === 'open' && isTermUnknown(context, task),
    records: records.map(({ view }) => view),
    // A spread that comes last; names after one take the engine a hundred times as long.
    ...stand
  };
}

function standing(context: CaseContext, task: PreparedTask, records: Shown[], viewer: Viewer): Standing {
  const isTheirs = mayDo(task, viewer, context.state);
  const { isPresent, applies, isReached, isFree } = placeOf(context, task);
  const may = { mayAdd: isTheirs && isFree, mayHand: isFree && !task.emergency && !task.isSubject && task.for === null && mayHandOver(context.model, viewer, context.state) };
  const open = records.filter(({ view }) => view.open);
  if (open.length > 0) {
    const isMine = open.some(({ record, view }) => (view.review === null ? mayUpdate(task, record, viewer, context.state) : view.mayReview || (view.review === 'returned' && mayCorrect(task, record, viewer, context.state))));
    return { status: isMine ? 'todo' : 'waiting', reasons: [], ...may };
  }
  if (!isReached) return { status: isPresent ? 'done' : 'notYet', reasons: [], ...may };
  if (!applies) return isPresent ? { status: 'done', reasons: [], ...may } : { ...ruledOut(context, task), ...may };
  if (isAwaited(context, task)) return { status: handedTo(context.state, task.id) === viewer.id ? 'todo' : 'waiting', reasons: [], ...may };
  // What a series asks for once it has fallen due is a task again, required or not (semantics 14).
  if (isDueBy(nextRecord(context, task), context.now)) return { status: isTheirs ? 'todo' : 'waiting', reasons: [], ...may };
  if (isPresent) return { status: 'done', reasons: [], ...may };
  if (isAsked(context, task)) return { status: isTheirs ? 'todo' : 'waiting', reasons: [], ...may };
  return { status: isTheirs ? 'optional' : 'notYet', reasons: [], ...may };
}

/** Who sees only their own part, and may hand nothing, is not told the name of a colleague. */
function handedView({ model, state }: CaseContext, task: PreparedTask, viewer: Viewer): TaskView['handed'] {
  const to = handedTo(state, task.id);
  if (to === null) return null;
  return { to: viewer.sees === 'full' || to === viewer.id || mayHandOver(model, viewer, state) ? to : null };
}

/** Is a task that was handed to somebody by name still to be done by them? Of a repeated task they are asked one record. */
function isAwaited(context: CaseContext, task: PreparedTask): boolean {
  const handed = context.state.handed.find((one) => one.task === task.id);
  if (handed === undefined) return false;
  return !currentRecords(context, task).some(({ task: id, by, at }) => id === task.id && (!task.repeat || (by === handed.to && at >= handed.at)));
}

/** A required task is asked for; and missing data of the subject is an open task (semantics 13). What lapsed is offered only. */
function isAsked(context: CaseContext, task: PreparedTask): boolean {
  return reach(context, task) === 'open' && (task.isSubject || task.for !== null || isRequired(context, task));
}

function ruledOut(context: CaseContext, task: PreparedTask): Pick<Standing, 'status' | 'reasons'> {
  const leaves = task.applies === null ? [] : unmetLeaves(task.applies, context);
  return { status: areMissing(leaves) ? 'notYet' : 'notApplicable', reasons: context.explains ? conditionReasons(context, task.applies).map(({ text }) => text) : [] };
}

/** Records of this visit; of a repeated task those of the whole case, as conditions read them. With own access only own ones. */
function shownRecords(context: CaseContext, task: PreparedTask, viewer: Viewer): Shown[] {
  return [...ownRecords(context, task), ...waitingRecords(context, task)]
    .filter((record) => viewer.sees === 'full' || record.by === viewer.id)
    .map((record) => ({ record, view: recordView(context, task, record, viewer) }));
}

function recordView(context: CaseContext, task: PreparedTask, record: CaseRecord, viewer: Viewer): RecordView {
  const { model, state } = context;
  const review = counts(model, state, record) ? null : reviewOf(state, record.id)?.verdict === 'returned' ? 'returned' : 'waits';
  const mayFillIn = (state.status === 'open' || task.isSubject) && mayUpdate(task, record, viewer, state);
  return {
    id: record.id, by: record.by, at: record.at, late: record.late,
    open: state.status === 'open' && (review !== null || !isComplete(context, task, record)),
    review,
    mayReview: state.status === 'open' && review !== null && viewer.sees === 'full' && mayReview(task, record, viewer, state),
    later: mayFillIn ? [...task.later] : []
  };
}
