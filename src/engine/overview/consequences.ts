import { type CaseContext, caseContext } from '../model/case-context.ts';
import type { CaseState, EngineEvent, EngineResult, Moment } from '../state/case-state.ts';
import { documentTitle, newDocuments } from '../reading/case-documents.ts';
import { taskKey, titleOfTask } from '../model/instances.ts';
import { capital, joined, lowered, roleTitles } from '../model/labels.ts';
import type { ExitView, Viewer } from '../model/overview-types.ts';
import type { Model, PreparedStep } from '../model/prepare.ts';
import { activeVisits } from '../model/visits.ts';
import { exitsOf, exitViews } from './exit-view.ts';
import { type Stand, standsOf, unfinishedStands } from './stand.ts';

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
  const old = was === null ? null : workOf(was, viewer);
  const next = workOf(is, viewer);
  const documents = viewer.sees === 'full' ? newDocuments(was, is).map((ready) => model.t('engine.consequence.document', { document: documentTitle(is, ready) })) : [];
  return distinct([...moved, ...documents, ...taskTexts(model, old, next), ...exitTexts(model, old, next, events.some(({ type }) => type === 'recordCorrected')), ...notices]);
}

/** What there is to do in a case, and by which ways it may go on, as one person has it. `visits`: those of the active steps. */
type Work = { visits: number[]; tasks: Stand[]; unfinished: Stand[]; exits: { visit: number | null; exit: ExitView }[] };

function workOf(context: CaseContext, viewer: Viewer): Work {
  const { model, state } = context;
  const top = standsOf(context, model.shownTasks, viewer);
  if (state.status !== 'open') return { visits: [], tasks: top, unfinished: [], exits: [] };
  const active = activeVisits(model, state).flatMap(({ id: visit, step: id }): { visit: number; step: PreparedStep }[] => {
    const step = model.steps.get(id);
    return step === undefined ? [] : [{ visit, step }];
  });
  return {
    visits: active.map(({ visit }) => visit),
    tasks: [...active.flatMap(({ step }) => standsOf(context, step.tasks, viewer)), ...top],
    unfinished: unfinishedStands(context, model.stepTasks, viewer),
    // An exit of a step entered again is a new one.
    exits: [...active.flatMap(({ visit, step }) => exitsOf(context, step, viewer).map((exit) => ({ visit, exit }))), ...exitViews(context, model.transitions, viewer).map((exit) => ({ visit: null, exit }))]
  };
}

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

/** A person whom a restriction leaves out is not told what happens behind it. */
function isShutOut({ restriction, starter }: CaseState, viewer: Viewer): boolean {
  if (restriction === null) return false;
  if (restriction.never.includes(viewer.id)) return true;
  return !restriction.to.some((role) => (role === 'author' ? starter === viewer.id : viewer.roles.includes(role)));
}

/** What is newly asked, and what may newly be done. Of a step that is entered only what is asked is told; what may also be done stands on its page. */
function taskTexts(model: Model, before: Work | null, after: Work): string[] {
  const { t } = model;
  const old = new Map((before === null ? [] : [...before.tasks, ...before.unfinished]).map((stand) => [keyOf(stand), stand]));
  const entered = after.visits.filter((visit) => before?.visits.includes(visit) !== true);
  const incomplete: string[] = [];
  const yours: string[] = [];
  const others: string[] = [];
  for (const stand of [...after.tasks, ...after.unfinished]) {
    const { task: { title, performers }, status, open } = stand;
    const was = old.get(keyOf(stand));
    const isNew = was?.status !== 'todo' && was?.status !== 'waiting';
    // A record just handed in that still misses an answer; it may be of a task that was open already.
    if (status === 'todo' && open.length > (was?.open.length ?? 0)) incomplete.push(t('engine.consequence.completeLater', { task: title }));
    else if (status === 'todo' && isNew && open.length === 0) yours.push(t('engine.consequence.yourTask', { task: title }));
    else if (status === 'waiting' && isNew) others.push(t('engine.consequence.otherTask', { task: title, roles: joined(model, roleTitles(model, performers ?? []).map(lowered), 'or') }));
  }
  const isOpened = (stand: Stand): boolean => ['notYet', null].includes(old.get(keyOf(stand))?.status ?? null);
  const optional = before === null ? [] : after.tasks.filter((stand) => stand.status === 'optional' && (stand.visit === null || !entered.includes(stand.visit)) && isOpened(stand));
  return [...incomplete, ...yours, ...others, ...(optional.length === 0 ? [] : [t('engine.consequence.optionalTask', { task: joined(model, optional.map(({ task }) => task.title), 'and') })])];
}

/** Ways out that were there before and stay: what opens, and what is offered but refused, with why. A correction tells only of what it changes. */
function exitTexts(model: Model, before: Work | null, after: Work, corrects: boolean): string[] {
  if (before === null) return [];
  return after.exits.flatMap(({ visit, exit }) => {
    const was = before.exits.find((one) => one.visit === visit && one.exit.id === exit.id)?.exit;
    if (was === undefined || exit.status === 'closed') return [];
    if (exit.status === 'open') return was.status === 'open' ? [] : [model.t('engine.consequence.exitOpen', { exit: exit.title })];
    const reason = exit.reasons.map(({ text }) => text).join(' ');
    return (exit.step === null || corrects) && was.status === 'refused' ? [] : [model.t('engine.consequence.exitRefused', { exit: exit.title, reason })];
  });
}

function keyOf({ task: { id, source }, visit }: Stand): string {
  return `${taskKey(id, source?.key ?? null)} ${String(visit)}`;
}

function rolesText(model: Model, roles: readonly string[]): string {
  return joined(model, roleTitles(model, roles).map(lowered), 'and');
}

function distinct(texts: string[]): string[] {
  return [...new Set(texts)];
}
