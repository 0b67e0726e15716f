import { type CaseContext, caseContext } from '../model/case-context.ts';
import type { CaseState, EngineEvent, EngineResult, Moment } from '../state/case-state.ts';
import { documentTitle, type ReadyDocument, readyDocuments } from '../reading/case-documents.ts';
import { taskKey, titleOfTask } from '../model/instances.ts';
import { capital, joined, lowered, roleTitles } from '../model/labels.ts';
import type { ExitView, TaskView, Viewer } from '../model/overview-types.ts';
import { workView } from './overview.ts';
import type { Model } from '../model/prepare.ts';

/**
 * Says what a command would bring about for the person who gives it ("Wat er nu gebeurt"), as sentences in order: where the case goes,
 * who may still see it, what lapses, documents, tasks, ways out, notices. Empty when nothing follows. `before` is null for a case that begins.
 */
export function consequences(model: Model, before: CaseState | null, result: EngineResult & { ok: true }, viewer: Viewer, now: Moment): string[] {
  // Whoever was handed one task is told nothing of the case behind it.
  if (viewer.sees === 'task') return [];
  const { state, events } = result;
  const moved = [...movedTexts(model, state, events), ...events.flatMap((event) => eventTexts(model, state, event))];
  const notices = events.flatMap((event) => (event.type === 'noticed' ? [model.t('engine.consequence.notice', { roles: rolesText(model, event.roles) })] : []));
  if (isShutOut(state, viewer)) return distinct([...moved, ...notices]);
  const contextOf = (one: CaseState): CaseContext => caseContext(model, one, now, { id: viewer.id, roles: viewer.roles }, false);
  const [was, is] = [before === null ? null : contextOf(before), contextOf(state)];
  const old = was === null ? null : workView(was, viewer);
  const next = workView(is, viewer);
  const sees = viewer.sees === 'full' ? documentTexts(model, was, is) : [];
  return distinct([...moved, ...sees, ...taskTexts(model, old, next), ...exitTexts(model, old, next, events.some(({ type }) => type === 'recordCorrected')), ...notices]);
}

type Work = ReturnType<typeof workView>;

/** Steps one after the other: ended, skipped, entered; closing last. */
function movedTexts(model: Model, state: CaseState, events: EngineEvent[]): string[] {
  const { t } = model;
  const title = (step: string): string => model.workflow.steps[step]?.title ?? step;
  const skipped = events.filter((event) => event.type === 'stepSkipped');
  const names = skipped.map(({ step }) => model.workflow.steps[step]?.label ?? title(step));
  return [
    ...events.flatMap((event) => (event.type === 'stepEnded' ? [t(`engine.consequence.${event.status === 'left' ? 'stepLeft' : 'stepCompleted'}`, { step: title(event.step) })] : [])),
    ...(skipped[0] === undefined ? [] : [skippedText(model, names, skipped[0].reason)]),
    ...events.flatMap((event) => {
      if (event.type !== 'stepEntered') return [];
      const isAgain = state.visits.some(({ step, id }) => step === event.step && id < event.visit);
      return [t(`engine.consequence.${isAgain ? 'stepAgain' : 'stepEntered'}`, { step: title(event.step) })];
    })
  ];
}

function skippedText(model: Model, names: string[], reason: string): string {
  const step = names.length === 1 ? (names[0] ?? '') : model.t('engine.consequence.steps', { steps: joined(model, names, 'and') });
  return model.t('engine.consequence.stepSkipped', { step, reason: capital(reason) });
}

function eventTexts(model: Model, state: CaseState, event: EngineEvent): string[] {
  const { t } = model;
  switch (event.type) {
    case 'caseClosed': return [t('engine.consequence.closed', { outcome: model.workflow.outcomes[event.outcome]?.title ?? event.outcome })];
    case 'restricted': return [t('engine.consequence.restricted', { roles: rolesText(model, event.to) })];
    case 'recordEntered': return event.bySystem ? [t('engine.consequence.written', { task: titleOfTask({ model, state }, event.task) })] : [];
    case 'recordCorrected': return [...new Set(event.unmet.map(({ text }) => t('engine.consequence.unmet', { rule: text })))];
    case 'taskLapsed': return [t('engine.consequence.lapsed', { task: titleOfTask({ model, state }, event.task, event.source) })];
    default: return [];
  }
}

function documentKey({ document, source }: ReadyDocument): string {
  return taskKey(document.id, source?.key ?? null);
}

/** A person whom a restriction leaves out is not told what happens behind it. */
function isShutOut({ restriction, starter }: CaseState, viewer: Viewer): boolean {
  if (restriction === null) return false;
  if (restriction.never.includes(viewer.id)) return true;
  return !restriction.to.some((role) => (role === 'author' ? starter === viewer.id : viewer.roles.includes(role)));
}

function documentTexts(model: Model, before: CaseContext | null, after: CaseContext): string[] {
  const isAlways = ({ document }: ReadyDocument): boolean => document.for === null && document.applies === null;
  const old = new Set((before === null ? [] : readyDocuments(before)).map(documentKey));
  return readyDocuments(after).filter((ready) => !isAlways(ready) && !old.has(documentKey(ready))).map((ready) => model.t('engine.consequence.document', { document: documentTitle(after, ready) }));
}

function taskTexts(model: Model, before: Work | null, after: Work): string[] {
  const { t } = model;
  const old = new Map((before === null ? [] : tasksOf(before)).map((task) => [keyOf(task), task]));
  const entered = after.activeSteps.filter(({ visit }) => before?.activeSteps.some((active) => active.visit === visit) !== true).map(({ visit }) => visit);
  const changed = tasksOf(after).filter((task) => old.get(keyOf(task))?.status !== task.status);
  const isNew = (task: TaskView): boolean => !['todo', 'waiting'].includes(old.get(keyOf(task))?.status ?? '');
  const isOpened = (task: TaskView): boolean => ['notYet', 'notApplicable', ''].includes(old.get(keyOf(task))?.status ?? '');
  // Of a step that is entered only what is asked is told; what may also be done stands on its page.
  const optional = before === null ? [] : changed.filter((task) => task.status === 'optional' && isOpened(task) && !after.unfinished.includes(task) && (task.visit === null || !entered.includes(task.visit)));
  return [
    // A record just handed in that still misses an answer; it may be of a task that was open already.
    ...tasksOf(after).filter((task) => task.status === 'todo' && openCount(task) > openCount(old.get(keyOf(task)))).map((task) => t('engine.consequence.completeLater', { task: task.title })),
    ...changed.filter((task) => task.status === 'todo' && isNew(task) && openCount(task) === 0).map((task) => t('engine.consequence.yourTask', { task: task.title })),
    ...changed.filter((task) => task.status === 'waiting' && isNew(task)).map((task) => t('engine.consequence.otherTask', { task: task.title, roles: joined(model, task.performers.map(lowered), 'or') })),
    ...(optional.length === 0 ? [] : [t('engine.consequence.optionalTask', { task: joined(model, optional.map(({ title }) => title), 'and') })])
  ];
}

/** Ways out that were there before and stay: what opens, and what is offered but refused, with why. A correction tells only of what it changes. */
function exitTexts(model: Model, before: Work | null, after: Work, corrects: boolean): string[] {
  if (before === null) return [];
  const old = new Map(exitsOf(before).map((exit) => [exitKey(exit), exit]));
  return exitsOf(after).flatMap((exit) => {
    const was = old.get(exitKey(exit));
    if (was === undefined || exit.status === 'closed') return [];
    if (exit.status === 'open') return was.status === 'open' ? [] : [model.t('engine.consequence.exitOpen', { exit: exit.title })];
    const reason = exit.reasons.map(({ text }) => text).join(' ');
    return (exit.step === null || corrects) && was.status === 'refused' ? [] : [model.t('engine.consequence.exitRefused', { exit: exit.title, reason })];
  });
}

function tasksOf({ activeSteps, tasks, unfinished }: Work): TaskView[] {
  return [...activeSteps.flatMap((step) => step.tasks), ...tasks, ...unfinished];
}

/** An exit of a step entered again is a new one. */
function exitsOf({ activeSteps, exits }: Work): (ExitView & { visit: number | null })[] {
  return [...activeSteps.flatMap((step) => step.exits.map((exit) => ({ ...exit, visit: step.visit }))), ...exits.map((exit) => ({ ...exit, visit: null }))];
}

function exitKey({ id, visit }: { id: string; visit: number | null }): string {
  return `${String(visit)}:${id}`;
}

function keyOf({ id, source, visit }: TaskView): string {
  return `${id}:${String(source)}:${String(visit)}`;
}

function openCount(task: TaskView | undefined): number {
  return task?.records.filter(({ open }) => open).length ?? 0;
}

function rolesText(model: Model, roles: readonly string[]): string {
  return joined(model, roleTitles(model, roles).map(lowered), 'and');
}

function distinct(texts: string[]): string[] {
  return [...new Set(texts)];
}
