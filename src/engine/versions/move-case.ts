import type { Json } from '../../definitions/bundle.ts';
import { openTasks } from '../commands/asked.ts';
import { caseContext } from '../model/case-context.ts';
import { type CaseRecord, type CaseState, clockwork, type EngineEvent, type Mapping, type Moment } from '../state/case-state.ts';
import { waitingFirings } from '../commands/fire-events.ts';
import { movedState } from '../state/moved-state.ts';
import { answerKey, type Choices, type Need } from '../state/move-choices.ts';
import { optionsAt, targetTask } from './move-targets.ts';
import { overview } from '../overview/overview.ts';
import type { Model, PreparedTask } from '../model/prepare.ts';
import { unfitAnswers } from './unfit-answers.ts';

/**
 * goes: the event that moves it, the state after it, and what will be asked that was not asked before (titles of tasks).
 * asks: something must be said first. stays: it cannot move, and why, as a sentence.
 */
export type MoveResult =
  | { type: 'goes'; event: EngineEvent & { type: 'caseMoved' }; state: CaseState; asked: string[] }
  | { type: 'asks'; needs: Need[] }
  | { type: 'stays'; reason: string };

/**
 * Tries to move a case to another version of its route, and checks all of it there: every step it stands in, every record and answer that
 * counts, every event that would happen at once, and its overview. A case is steps, visits and records, no tokens, so loops,
 * repeats and parallel tracks do not stand in the way. Changes nothing.
 */
export function moveCase(before: Model, after: Model, state: CaseState, choices: Choices, now: Moment): MoveResult {
  const { t } = after;
  if (before.workflow.id !== after.workflow.id || before.workflow.subject !== after.workflow.subject) return stay(t('versions.stays.otherRoute'));
  if (state.status !== 'open') return stay(t('versions.stays.closed'));
  const needs = [...stepNeeds(after, state, choices), ...taskNeeds(after, state, choices), ...answerNeeds(after, state, choices)];
  if (needs.length > 0) return { type: 'asks', needs: distinct(needs) };
  const refused = steppedTwice(after, state, choices) ?? wrongTarget(after, state, choices);
  if (refused !== null) return stay(refused);
  const mapping = mappingOf(after, state, choices);
  const bare = { from: before.bundle.hash, mapping, fired: [], asked: [], released: [] };
  const first = movedState(state, bare, now);
  const unfit = unfitRecord(after, first);
  if (unfit !== null) return stay(t('versions.stays.unfit', { form: unfit }));
  const firings = newFirings(before, after, { state, moved: first, now });
  const open = firings.filter(({ event }) => !Object.hasOwn(choices.events, event));
  if (open.length > 0) return { type: 'asks', needs: distinct(open.map(({ event }) => ({ kind: 'event', id: event }))) };
  const fired = firings.filter(({ event }) => choices.events[event] === 'never').map(({ key }) => key);
  const released = first.handed.map(({ task }) => task).filter((task) => after.tasks.get(task) === undefined || after.tasks.get(task)?.for !== null);
  const asked = openTasks({ model: after, actor: clockwork, now, state: { ...first, fired: [...first.fired, ...fired] }, events: [] });
  const event = { type: 'caseMoved' as const, to: after.bundle.hash, ...bare, fired, asked, released };
  const next = movedState(state, event, now);
  checkShown(after, next, now);
  const asksAnew = next.asked.filter(({ since }) => since === now).map(({ task }) => after.tasks.get(task)?.title ?? task);
  return { type: 'goes', event, state: next, asked: [...new Set(asksAnew)] };
}

/** The prefix of the task of a record that counts for nothing any more; no id of a definition holds a colon. */
const earlier = 'earlier:';

function stay(reason: string): MoveResult {
  return { type: 'stays', reason };
}

/** Where the case stands; steps it only passed are history. */
function stepNeeds({ steps }: Model, state: CaseState, choices: Choices): Need[] {
  return state.visits.filter(({ status, step }) => status === 'active' && !steps.has(step) && !Object.hasOwn(choices.steps, step)).map(({ step }) => ({ kind: 'step', id: step }));
}

/** What was recorded for a task that is gone, or that is now done for each of something or with another form, counts for something else or for nothing. */
function taskNeeds({ tasks }: Model, state: CaseState, choices: Choices): Need[] {
  return state.records
    .filter((record) => !record.task.includes(':') && !Object.hasOwn(choices.tasks, record.task) && !isFor(record, tasks.get(record.task)))
    .map(({ task }) => ({ kind: 'task', id: task }));
}

function isFor(record: CaseRecord, task: PreparedTask | undefined): boolean {
  return task !== undefined && (task.for === null) === (record.source === null) && task.definition.form === record.form;
}

function answerNeeds(after: Model, state: CaseState, choices: Choices): Need[] {
  return state.records.flatMap((record) => {
    const form = targetTask(after, record.task, choices)?.form ?? null;
    if (form === null) return [];
    const named = Object.fromEntries(Object.entries(record.answers).filter(([name]) => !Object.hasOwn(choices.fields, `${record.task}.${name}`)));
    return unfitAnswers(form, named, record.task)
      .filter(({ path, answer }) => answer === null || !Object.hasOwn(choices.answers[path] ?? {}, answer))
      .map(({ path, answer }): Need => (answer === null ? { kind: 'field', path } : { kind: 'answer', path, answer }));
  });
}

/** Two steps that are active beside each other cannot become one. */
function steppedTwice({ t, steps }: Model, state: CaseState, choices: Choices): string | null {
  const active = state.visits.filter(({ status }) => status === 'active').map(({ step }) => choices.steps[step] ?? step);
  const twice = active.find((step, index) => active.indexOf(step) < index);
  return twice === undefined ? null : t('versions.stays.twice', { step: steps.get(twice)?.definition.title ?? twice });
}

/** A choice that the other version does not know, or that is done for something else. */
function wrongTarget(after: Model, state: CaseState, choices: Choices): string | null {
  const { t } = after;
  const step = state.visits.map((visit) => choices.steps[visit.step]).find((target) => target !== undefined && !after.steps.has(target));
  if (step !== undefined) return t('versions.stays.noStep', { step });
  const record = state.records.find(({ task, source }) => {
    const target = Object.hasOwn(choices.tasks, task) ? choices.tasks[task] : null;
    return target != null && (after.tasks.get(target) === undefined || (after.tasks.get(target)?.for === null) !== (source === null));
  });
  return record === undefined ? null : t('versions.stays.noTask', { task: choices.tasks[record.task] ?? '' });
}

/** Only what this case holds, so that its event says no more than it means. */
function mappingOf(after: Model, state: CaseState, choices: Choices): Mapping {
  const held = new Set([...state.visits.map(({ step }) => step), ...Object.keys(state.skipped)]);
  const recorded = new Set(state.records.map(({ task }) => task));
  const isRecorded = ([path]: [string, unknown]): boolean => recorded.has(path.split('.')[0] ?? '');
  const tasks = Object.entries(choices.tasks).filter(([id]) => recorded.has(id)).map(([id, target]): [string, Mapping['tasks'][string]] => {
    const task = target === null ? undefined : after.tasks.get(target);
    return [id, task === undefined ? notCounted(state, id) : { task: task.id, form: task.definition.form }];
  });
  return {
    steps: Object.fromEntries(Object.entries(choices.steps).filter(([id]) => held.has(id))),
    tasks: Object.fromEntries(tasks),
    fields: Object.fromEntries(Object.entries(choices.fields).filter(isRecorded)),
    answers: Object.fromEntries(Object.entries(choices.answers).filter(isRecorded).map(([path, answers]) => [path, answersOf(after, path, answers, choices)]))
  };
}

/** Its records are only read as they were entered. */
function notCounted({ records }: CaseState, id: string): Mapping['tasks'][string] {
  return { task: `${earlier}${id}`, form: records.find(({ task }) => task === id)?.form ?? '' };
}

/** A choice is written as text; the answer of the form may be a number. */
function answersOf(after: Model, path: string, answers: { readonly [answer: string]: string | null }, choices: Choices): { [answer: string]: Json } {
  const options = optionsAt(after, path, choices) ?? [];
  return Object.fromEntries(Object.entries(answers).map(([answer, target]) => [answer, target === null ? null : (options.find(({ value }) => answerKey(value) === target)?.value ?? target)]));
}

/** The title of the form of a record that does not fit after all that was said; null: all fit. */
function unfitRecord({ tasks }: Model, moved: CaseState): string | null {
  const found = moved.records.find(({ task, answers }) => {
    const form = tasks.get(task)?.form ?? null;
    return form !== null && unfitAnswers(form, answers, task).length > 0;
  });
  return found === undefined ? null : (tasks.get(found.task)?.title ?? found.task);
}

/** What would happen by itself in the new version, and would not have in the old one. */
function newFirings(before: Model, after: Model, { state, moved, now }: { state: CaseState; moved: CaseState; now: Moment }): { event: string; key: string }[] {
  const own = new Set(waitingFirings(caseContext(before, state, now, clockwork)).map(({ key }) => key));
  return waitingFirings(caseContext(after, moved, now, clockwork)).filter(({ key }) => !own.has(key));
}

/** The last safeguard: a case that moves can be shown to who is responsible, and stands somewhere. */
function checkShown(after: Model, state: CaseState, now: Moment): void {
  const { activeSteps } = overview(after, state, { id: state.responsible, roles: Object.keys(after.workflow.roles), sees: 'full' }, now);
  if (activeSteps.length === 0) throw new Error(`A case that moves to ${after.bundle.hash} stands in no step.`);
}

function distinct(needs: Need[]): Need[] {
  return [...new Map(needs.map((need) => [JSON.stringify(need), need])).values()];
}

