import type { Answers, Json } from '../../definitions/bundle.ts';
import type { Actor, CaseRecord, CaseState, Moment } from '../state/case-state.ts';
import { reservedHeads, type Tree } from '../conditions/condition-tree.ts';
import { type Context, holds, isAnswer, valueAt } from '../conditions/conditions.ts';
import { instancesOf } from './instances.ts';
import type { Model, PreparedTask } from './prepare.ts';
import { findRecords, recordsIn } from './records-in.ts';
import { waitingRecords } from './second-person.ts';
import { isDueBy, type Next, nextOf } from './series.ts';
import { latestVisit, stepStatus } from './visits.ts';

/** One case at one moment, ready to be asked anything. Made once per command or overview. */
export type CaseContext = Context & {
  model: Model;
  state: CaseState;
  person: { id: string; roles: string[] };
  /** Is it asked why, in words? Without, views leave out the reasons of what a condition rules out. */
  explains: boolean;
  /** Records of a task and of the tasks that count as it, by x-date, then by entry. */
  recordsOf(task: PreparedTask): CaseRecord[];
  /** The same context, reading `this` and `for` as these values. */
  reading(thisValue: Json | undefined, forValue?: Json): CaseContext;
};

/** Is a task done, open (asked for without a complete record) or none of both? */
export type TaskStatus = 'none' | 'open' | 'done';

/** Makes the context of a case. Conditions read the whole case; the latest version of each record (semantics 2, 10). */
export function caseContext(model: Model, state: CaseState, now: Moment, person: Actor, explains = true): CaseContext {
  const records = recordsIn(model, state);
  const facts = new Map<string, boolean>();
  const statuses = new Map<string, TaskStatus>();
  const recordsOf = (task: PreparedTask): CaseRecord[] => remembered(records.ofTask, task.id, () => findRecords(model, state, task));
  const make = (thisValue: Json | undefined, forValue: Json | undefined): CaseContext => {
    const context: CaseContext = {
      model, state, now, person, explains, recordsOf,
      zone: model.zone,
      isShared: (head) => reservedHeads.has(head) || model.tasks.has(head),
      fact: (name) => model.facts.get(name) ?? null,
      reading: (ofThis, ofFor) => (ofThis === undefined && ofFor === undefined ? bare : make(ofThis, ofFor)),
      valueOf: (path) => {
        const [head = '', name = ''] = path;
        switch (head) {
          case 'this': return valueAt(thisValue, path, 1);
          case 'for': return valueAt(forValue, path, 1);
          case 'facts': return factHolds(name);
          case 'steps': return model.steps.has(name) ? stepStatus(model, state, name) : undefined;
          case 'tasks': return statusOf(name);
          case 'settings': return Object.hasOwn(model.settings, name) ? model.settings[name] : undefined;
          case 'case': return caseValue(state, name);
          case 'person': return valueAt(person, path, 1);
          case 'now': return now;
          default: return valueAt(taskValue(context, head), path, 1);
        }
      }
    };
    return context;
  };
  const bare = make(undefined, undefined);
  // The first value stands while a fact or task that reads itself is being worked out, so this always ends.
  const factHolds = (name: string): boolean | undefined => {
    const tree: Tree | undefined = model.facts.get(name);
    return tree === undefined ? undefined : remembered(model.steadyFacts.has(name) ? records.facts : facts, name, () => holds(tree, bare), false);
  };
  const statusOf = (id: string): TaskStatus | undefined => {
    const task = model.tasks.get(id);
    return task === undefined ? undefined : remembered(statuses, id, () => taskStatus(bare, task), 'none');
  };
  return bare;
}

/** Gives the records a task has now: of its step's latest visit, or of the whole case for a task of the top level. */
export function currentRecords(context: CaseContext, task: PreparedTask): CaseRecord[] {
  const all = context.recordsOf(task);
  const records = task.for === null ? all : all.filter((record) => record.task === task.id && record.source === (task.source?.key ?? null));
  if (task.step === null) return records;
  const visit = latestVisit(context.state, task.step)?.id ?? null;
  return records.filter((record) => record.task !== task.id || record.visit === visit);
}

/** Gives the records of a task itself that are shown and waited for: a repeated task keeps those of earlier visits, as conditions read them (semantics 2). */
export function ownRecords(context: CaseContext, task: PreparedTask): CaseRecord[] {
  return (task.repeat && task.for === null ? context.recordsOf(task) : currentRecords(context, task)).filter((record) => record.task === task.id);
}

/** Is a record complete: does `done` of its task hold? The subject is complete when no required answer is missing (semantics 13). */
export function isComplete(context: CaseContext, task: PreparedTask, record: CaseRecord): boolean {
  if (task.isSubject && task.form?.schema.required?.some((field) => !isAnswer(record.answers[field])) === true) return false;
  return task.done === null || holds(task.done, context.reading(record.answers, task.source?.value));
}

/** Do the `when` and `unless` of a task hold? */
export function taskApplies(context: CaseContext, task: PreparedTask): boolean {
  return task.applies === null || holds(task.applies, context.reading(undefined, task.source?.value));
}

/** Is a task required now? A condition is evaluated at this moment (semantics 1). */
export function isRequired(context: CaseContext, task: PreparedTask): boolean {
  return typeof task.required === 'boolean' ? task.required : holds(task.required, context.reading(undefined, task.source?.value));
}

/** Does a required task still want a record, or one of its records an answer? What a series plans for later is not wanted yet. */
export function isUndone(context: CaseContext, task: PreparedTask): boolean {
  return isRequired(context, task) && isWanting(context, task);
}

/** The same of a task that is asked for: required, or for each of something (semantics 1). */
export function isAskedFor(context: CaseContext, task: PreparedTask): boolean {
  return (task.for !== null || isRequired(context, task)) && isWanting(context, task);
}

/** Gives those of some tasks that are asked for, each as often as it is to be done. */
export function tasksAskedFor(context: CaseContext, tasks: readonly PreparedTask[]): PreparedTask[] {
  const asked: PreparedTask[] = [];
  for (const task of tasks) {
    if (task.required === false && task.for === null) continue;
    for (const one of instancesOf(context, task)) if (isAskedFor(context, one)) asked.push(one);
  }
  return asked;
}

function isWanting(context: CaseContext, task: PreparedTask): boolean {
  if (!taskApplies(context, task)) return false;
  const records = currentRecords(context, task);
  return records.length === 0 || records.some((record) => !isComplete(context, task, record)) || isDueBy(nextRecord(context, task), context.now);
}

/** Gives the record that the series of a task asks for next; null: it has none, an earlier one is still open, or its step is not active (semantics 3). */
export function nextRecord(context: CaseContext, task: PreparedTask): Next | null {
  if (task.series === null || !taskApplies(context, task)) return null;
  if (context.state.status !== 'open' || (task.step !== null && stepStatus(context.model, context.state, task.step) !== 'active')) return null;
  const records = currentRecords(context, task);
  const last = records.at(-1);
  if (last === undefined || records.some((record) => !isComplete(context, task, record))) return null;
  return nextOf(context.reading(last.answers, task.source?.value), task.series, last, task.dateField);
}

/** Open: its step is active, or it has none. Late: its step was left or skipped, and it may still be handed in (semantics 3). */
export function reach({ model, state }: Pick<CaseContext, 'model' | 'state'>, task: PreparedTask): 'open' | 'late' | 'closed' {
  if (task.step === null) return 'open';
  const status = stepStatus(model, state, task.step);
  return status === 'active' ? 'open' : status === 'left' || status === 'skipped' ? 'late' : 'closed';
}

function taskValue(context: CaseContext, id: string): Json | undefined {
  const task = context.model.tasks.get(id);
  if (task === undefined) return undefined;
  if (!task.isList) return currentRecords(context, task).at(-1)?.answers;
  const answers: Answers[] = context.recordsOf(task).map((record) => record.answers);
  return answers.length === 0 ? undefined : answers;
}

/** Of a task for each of something: open while one of them is. */
function taskStatus(context: CaseContext, task: PreparedTask): TaskStatus {
  const found = instancesOf(context, task).map((one) => instanceStatus(context, one));
  return found.find((status) => status === 'open') ?? found.find((status) => status === 'done') ?? 'none';
}

function instanceStatus(context: CaseContext, task: PreparedTask): TaskStatus {
  const records = currentRecords(context, task);
  if (records.some((record) => !isComplete(context, task, record))) return 'open';
  if (waitingRecords(context, task).length > 0) return 'open';
  if (records.length > 0) return isDueBy(nextRecord(context, task), context.now) ? 'open' : 'done';
  const isReached = task.step === null || stepStatus(context.model, context.state, task.step) === 'active';
  return isReached && (task.for !== null || isRequired(context, task)) && taskApplies(context, task) ? 'open' : 'none';
}

function caseValue(state: CaseState, name: string): Json | undefined {
  switch (name) {
    case 'status': return state.status;
    case 'openedAt': return state.openedAt;
    case 'closedAt': return state.closedAt ?? undefined;
    case 'outcome': return state.outcome ?? undefined;
    case 'starter': return state.starter;
    case 'responsible': return state.responsible;
    default: return undefined;
  }
}

function remembered<T>(memory: Map<string, T>, key: string, find: () => T, meanwhile?: T): T {
  const known = memory.get(key);
  if (known !== undefined) return known;
  if (meanwhile !== undefined) memory.set(key, meanwhile);
  const found = find();
  memory.set(key, found);
  return found;
}
