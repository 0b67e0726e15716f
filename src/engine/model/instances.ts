import type { Answers, Json } from '../../definitions/bundle.ts';
import type { CaseRecord, CaseState } from '../state/case-state.ts';
import { type Context, holds, valueAt } from '../conditions/conditions.ts';
import { answerText, labelOf, lowered, shortDay } from './labels.ts';
import type { Model, PreparedTask, Source } from './prepare.ts';
import { latestVisit } from './visits.ts';

/** The part of a case that instances are made from. */
export type Sources = Context & {
  model: Model;
  state: CaseState;
  recordsOf(task: PreparedTask): CaseRecord[];
  reading(thisValue: Json | undefined, forValue?: Json): Context;
};

/**
 * Gives a task as often as it is to be done: itself, or with `for` once for each source whose `when` holds, and each source that has a
 * record already. A source filed in the same step counts for its own visit; one from outside is asked about again in each visit (semantics 2).
 */
export function instancesOf(context: Sources, task: PreparedTask): PreparedTask[] {
  if (task.for === null) return [task];
  const visit = visitOf(context, task);
  const sources = sourcesOf(context, task);
  const known = new Set(sources.map(({ key }) => key));
  const handedIn = context.state.records.filter((record) => record.task === task.id && record.visit === visit).map(({ source }) => source ?? '');
  const gone = [...new Set(handedIn)].filter((key) => !known.has(key)).flatMap((key) => sourceOf(context.model, context.state, task, key) ?? []);
  const asked = sources.filter(({ key, value }) => handedIn.includes(key) || task.applies === null || holds(task.applies, context.reading(undefined, value)));
  return [...asked, ...gone].map((source) => bound(context, task, source));
}

/** Gives what a task with `for` may be asked about in this visit, whether its `when` holds or not. */
export function sourcesOf(context: Sources, task: PreparedTask): Source[] {
  const visit = visitOf(context, task);
  return (task.for ?? []).flatMap((path) => sourcesAt(context, path))
    .filter(({ record }) => record === null || context.model.tasks.get(record.task)?.step !== task.step || task.step === null || record.visit === visit);
}

function visitOf({ state }: Sources, { step }: PreparedTask): number | null {
  return step === null ? null : (latestVisit(state, step)?.id ?? null);
}

/** Gives a task as its record has it: the instance it was handed in for, or the task itself. */
export function instanceOf({ model, state }: Pick<Sources, 'model' | 'state'>, task: PreparedTask, key: string | null): PreparedTask {
  const source = task.for === null || key === null ? null : sourceOf(model, state, task, key);
  return source === null ? task : bound({ model, state }, task, source);
}

/** Gives the title of a task by its id, and of which one when it is for each of something; the id itself when the route has it no more. */
export function titleOfTask({ model, state }: Pick<Sources, 'model' | 'state'>, id: string, source: string | null = null): string {
  const task = model.tasks.get(id);
  return task === undefined ? id : instanceOf({ model, state }, task, source).title;
}

/** Gives what was done, not what was to be done: the title of the form of a record, and of which one when its task is for each of something. */
export function titleOfRecord({ model, state }: Pick<Sources, 'model' | 'state'>, record: CaseRecord): string {
  const task = model.tasks.get(record.task);
  const title = model.bundle.forms[record.form]?.title ?? task?.title ?? record.task;
  return task === undefined ? title : instanceOf({ model, state }, { ...task, title }, record.source).title;
}

/** Gives what stands at a path: each record of a task, or each row in them. With `this` in front, of the answers at hand. */
export function sourcesAt(context: Sources, path: string[], answers?: Answers): Source[] {
  const [head = '', ...field] = path;
  if (head === 'this') return rowsAt(answers ?? {}, field).map((value, index) => ({ key: rowKey(value, index), value, path, record: null }));
  const task = context.model.tasks.get(head);
  return (task === undefined ? [] : context.recordsOf(task)).flatMap((record) => sourcesIn(record, path));
}

/** Gives the name of a task in addresses, drafts and revisions: its id, with the source of an instance behind a colon. */
export function taskKey(id: string, source: string | null): string {
  return source === null ? id : `${id}:${source}`;
}

/** Reads such a name. */
export function readTaskKey(key: string): { id: string; source: string | null } {
  const [id = '', ...source] = key.split(':');
  return { id, source: source.length === 0 ? null : source.join(':') };
}

/** Gives the source of an instance as events and reasons name it: nothing without one. */
export function sourceIn({ source }: PreparedTask): { source?: string } {
  return source === null ? {} : { source: source.key };
}

/** Gives the key of a row in its list: its own id, a fixed answer, or else its place. */
export function rowKey(row: Json, index: number): string {
  const id = row !== null && typeof row === 'object' && !Array.isArray(row) ? row['id'] : row;
  return (typeof id === 'string' && /^[A-Za-z0-9-]{1,60}$/.test(id)) || typeof id === 'number' ? String(id) : String(index);
}

/** Gives the rows of a list field of a record; a single answer counts as one row. */
export function rowsAt(answers: Answers, field: string[]): Json[] {
  const value = valueAt(answers, field);
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** Gives what stands at a path in one record of its task: the record itself, or each row. */
export function sourcesIn(record: CaseRecord, path: string[]): Source[] {
  const [, ...field] = path;
  if (field.length === 0) return [{ key: String(record.id), value: record.answers, path, record }];
  return rowsAt(record.answers, field).map((value, index) => ({ key: `${String(record.id)}.${rowKey(value, index)}`, value, path, record }));
}

function sourceOf(model: Model, state: CaseState, task: PreparedTask, key: string): Source | null {
  const record = state.records.find(({ id }) => String(id) === key.split('.')[0]);
  if (record === undefined) return null;
  const paths = (task.for ?? []).filter(([head = '']) => head === record.task || model.tasks.get(head)?.counted.includes(record.task) === true);
  const [path] = paths;
  if (path === undefined) return null;
  return paths.flatMap((one) => sourcesIn(record, one)).find((source) => source.key === key) ?? { key, value: undefined, path, record };
}

function bound({ model, state }: Pick<Sources, 'model' | 'state'>, task: PreparedTask, source: Source): PreparedTask {
  return { ...task, source, title: model.t('engine.forTitle', { task: task.title, source: sourceTitle(model, state, source) }) };
}

/** Gives what was made of a source its own title: of a record with its day, of a row with its name. */
export function titleFrom(model: Model, state: CaseState, title: string, source: Source): string {
  const { path, record } = source;
  return path.length === 1 && record !== null ? recordTitle(model, state, record, title) : model.t('engine.forTitle', { task: title, source: sourceTitle(model, state, source) });
}

/** Says which one it is: the form and day of a record, or the name of a row. */
export function sourceTitle(model: Model, state: CaseState, { value, path, record }: Source): string {
  if (path.length === 1 && record !== null) return recordTitle(model, state, record, lowered(model.bundle.forms[record.form]?.title ?? record.task));
  if (value === undefined) return model.t('engine.forGone');
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    const name = value['naam'] ?? value['name'];
    return typeof name === 'string' ? name : model.t('engine.forRow');
  }
  const { field, form } = labelOf(model, path, { form: null, row: null });
  return answerText(model, value, field, form) ?? (typeof value === 'string' ? value : model.t('engine.forRow'));
}

/** A second record of the same form and day says so; the first keeps the title it had. */
function recordTitle(model: Model, { records }: CaseState, record: CaseRecord, form: string): string {
  const { t } = model;
  const day = dayOfRecord(model, record);
  const before = records.filter((other) => other.form === record.form && other.id < record.id && dayOfRecord(model, other) === day).length;
  return t(before === 0 ? 'engine.forRecord' : 'engine.forRecordNth', { form, day: shortDay(model, day), nth: before + 1 });
}

function dayOfRecord({ zone, tasks }: Model, record: CaseRecord): string {
  const field = tasks.get(record.task)?.dateField ?? null;
  const date = field === null ? undefined : record.answers[field];
  return typeof date === 'string' ? date : zone.dayOf(record.at);
}
