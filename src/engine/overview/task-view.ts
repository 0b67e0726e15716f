import { type CaseContext, isRequired } from '../model/case-context.ts';
import { latestVisit } from '../model/visits.ts';
import type { CaseRecord } from '../state/case-state.ts';
import { leafTexts } from '../reading/condition-text.ts';
import { areMissing, unmetLeaves } from '../conditions/conditions.ts';
import { dueOf, isTermUnknown } from '../reading/due.ts';
import { instancesOf, sourcesOf } from '../model/instances.ts';
import { joined, quoted, roleTitles } from '../model/labels.ts';
import type { RecordView, TaskView, Viewer } from '../model/overview-types.ts';
import { handedTo, mayHandOver, mayUpdate } from '../model/performers.ts';
import type { PreparedTask, Source } from '../model/prepare.ts';
import { conditionReasons } from '../reading/reasons.ts';
import { counts, mayReview, reviewOf } from '../model/second-person.ts';
import { type Stand, standOf, unfinishedStands } from './stand.ts';

/** Makes what one person sees of several tasks, but for those that are not for them. */
export function taskViews(context: CaseContext, tasks: PreparedTask[], viewer: Viewer): TaskView[] {
  return tasks.flatMap((task) => {
    const instances = instancesOf(context, task);
    return instances.length === 0 ? unaskedView(context, task, viewer) : instances.flatMap((one) => standOf(context, one, viewer) ?? []).map((stand) => describe(context, stand, viewer));
  });
}

/** Makes what one person sees of tasks of steps that are not active any more. */
export function unfinishedViews(context: CaseContext, tasks: PreparedTask[], viewer: Viewer): TaskView[] {
  return unfinishedStands(context, tasks, viewer).map((stand) => describe(context, stand, viewer));
}

/** A task for each of something that is not there yet, or that it is not asked about, says so to who sees the whole case. */
function unaskedView(context: CaseContext, task: PreparedTask, viewer: Viewer): TaskView[] {
  if (context.state.status !== 'open' || viewer.sees !== 'full') return [];
  const [source] = sourcesOf(context, task);
  const why = source === undefined ? [nothingYet(context, task)] : notAskedAbout(context, task, source);
  return [describe(context, { task, visit: task.step === null ? null : (latestVisit(context.state, task.step)?.id ?? null), records: [], open: [], status: 'notYet', mayAdd: false, mayHand: false }, viewer, why)];
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

function describe(context: CaseContext, stand: Stand, viewer: Viewer, why: string[] = []): TaskView {
  const { model, state } = context;
  const { task, visit, records, open, mayAdd, mayHand } = stand;
  const isOpen = state.status === 'open';
  const { status, reasons } = stand.status === null ? ruledOut(context, task, viewer) : { status: stand.status, reasons: why };
  return {
    id: task.id, source: task.source?.key ?? null, form: task.definition.form, step: task.step, visit,
    title: task.title, required: isRequired(context, task), repeat: task.repeat, emergency: task.emergency,
    performers: roleTitles(model, task.performers ?? []),
    handed: handedView(context, task, viewer),
    due: isOpen ? dueOf(context, task) : null,
    termUnknown: isOpen && isTermUnknown(context, task),
    records: records.map((record) => recordView(context, task, record, viewer, open.includes(record))),
    status, reasons, mayAdd, mayHand
  };
}

/** Who sees only their own part, and may hand nothing, is not told the name of a colleague. */
function handedView({ model, state }: CaseContext, task: PreparedTask, viewer: Viewer): TaskView['handed'] {
  const to = handedTo(state, task.id);
  if (to === null) return null;
  return { to: viewer.sees === 'full' || to === viewer.id || mayHandOver(model, viewer, state) ? to : null };
}

/** Why it cannot be done now may tell of the rest of the case. */
function ruledOut(context: CaseContext, task: PreparedTask, viewer: Viewer): Pick<TaskView, 'status' | 'reasons'> {
  const leaves = task.applies === null ? [] : unmetLeaves(task.applies, context);
  return { status: areMissing(leaves) ? 'notYet' : 'notApplicable', reasons: viewer.sees === 'task' ? [] : conditionReasons(context, task.applies).map(({ text }) => text) };
}

function recordView({ model, state }: CaseContext, task: PreparedTask, record: CaseRecord, viewer: Viewer, isOpen: boolean): RecordView {
  const review = counts(model, state, record) ? null : reviewOf(state, record.id)?.verdict === 'returned' ? 'returned' : 'waits';
  const mayFillIn = (state.status === 'open' || task.isSubject) && mayUpdate(task, record, viewer, state);
  return {
    id: record.id, by: record.by, at: record.at, late: record.late,
    open: isOpen,
    review,
    mayReview: state.status === 'open' && review !== null && viewer.sees === 'full' && mayReview(task, record, viewer, state),
    later: mayFillIn ? [...task.later] : []
  };
}
