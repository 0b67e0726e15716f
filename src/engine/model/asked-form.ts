import type { Answers, Json } from '../../definitions/bundle.ts';
import type { Field, FormDefinition, UiElement } from '../../definitions/form.types.ts';
import { fieldsOf, isControl, namesOfScope, rowFieldsOf } from '../../definitions/lookup.ts';
import { textHash } from '../../definitions/make-bundle.ts';
import { resolveField } from '../../definitions/resolve-field.ts';
import { type CaseContext, caseContext } from './case-context.ts';
import type { Actor, Moment } from '../state/case-state.ts';
import { holds, isAnswer } from '../conditions/conditions.ts';
import { sourcesAt } from './instances.ts';
import { labelOf } from './labels.ts';
import { newCase } from '../state/new-case.ts';
import type { Model, PreparedTask, PreparedWish } from './prepare.ts';
import { rowIdsIn } from '../state/row-ids.ts';
import { writtenValue } from './written-value.ts';

/** The form of a task as it is asked at one moment: with all that the route wants of its fields worked in (definitions.md, meaning 7). */
export type AskedForm = {
  definition: FormDefinition;
  /** Lists whose rows come from elsewhere: none is added or removed. */
  fixedRows: string[];
  /** sha256 of these two; null where the route wants nothing: then it is the form of the bundle. */
  hash: string | null;
  /** Answers that are given and not asked: fixed ones, and of each fixed row its id and what it has in common with its source. */
  given: Answers;
};

/**
 * Works out the form of a task. `stored`: the answers of a record that is changed; what stands in it stays asked, and a fixed answer
 * stays as it was. Null when the route has no such form.
 */
export function askedForm(context: CaseContext, task: PreparedTask, stored: Answers | null = null): AskedForm | null {
  const { form, wishes } = task;
  if (form === null) return null;
  if (wishes.length === 0) return { definition: form, fixedRows: [], hash: null, given: {} };
  const reading = context.reading(undefined, task.source?.value);
  const wanted = wishes.map((wish) => wantedOf(reading, task, form, wish, stored));
  const definition = workedIn(form, new Map(wanted.map((one) => [one.field, one])));
  const fixedRows = wanted.filter(({ shared, isHidden }) => shared !== null && !isHidden).map(({ field }) => field);
  const given = Object.fromEntries(wanted.flatMap(({ field, given: value, isHidden }): [string, Json][] => (value === undefined || isHidden ? [] : [[field, value]])));
  return { definition, fixedRows, hash: textHash(JSON.stringify([definition, fixedRows])), given };
}

/** Works out the form of a first task: before there is a case, only settings and the moment can be read. */
export function askedAtStart(model: Model, task: PreparedTask, person: Actor, now: Moment): AskedForm | null {
  return askedForm(caseContext(model, newCase(person.id, now), now, person), task);
}

/**
 * Gives answers with what is given in its place and without those to questions that are not asked. Rows are known by their id; where none
 * has one they are taken in their order. `only`: just the lists of fixed rows that are among the answers, for a record that is changed.
 */
export function withGiven({ definition, fixedRows, given, hash }: AskedForm, answers: Answers, only: 'all' | 'rows' = 'all'): Answers {
  if (hash === null) return answers;
  const rows = fixedRows.filter((field) => only === 'all' || Object.hasOwn(answers, field)).flatMap((field): [string, Json][] => {
    const list = rowsOfList(given[field]).map((row, index) => ({ ...cellsOf(rowsOfList(answers[field]), row, index), ...row }));
    return list.length === 0 ? [] : [[field, list.map(({ id = null, ...cells }) => ({ id, ...cells }))]];
  });
  if (only === 'rows') return { ...answers, ...Object.fromEntries(rows) };
  const asked = Object.entries(answers).filter(([field]) => Object.hasOwn(definition.schema.properties, field) && !fixedRows.includes(field));
  return { ...Object.fromEntries(asked), ...given, ...Object.fromEntries(rows) };
}

/** Gives the ids that rows may bring along because they were given. */
export function rowIdsOf(asked: AskedForm | null): ReadonlySet<string> {
  return asked === null ? new Set() : rowIdsIn(asked.definition, asked.given);
}

/** Was another form asked than that of now? Nothing is known where nobody says which. */
export function isOutOfDate(asked: AskedForm | null, formHash: string | null | undefined): boolean {
  return formHash !== undefined && formHash !== (asked?.hash ?? null);
}

/** Gives the hash as a record keeps it. */
export function formHashOf(asked: AskedForm | null): { formHash?: string } {
  return asked === null || asked.hash === null ? {} : { formHash: asked.hash };
}

type Wanted = { field: string; isHidden: boolean; given: Json | undefined; isFixed: boolean; withdrawn: string[]; /** What a row has in common with its source; null: its rows are not fixed. */ shared: string[] | null };

function wantedOf(context: CaseContext, task: PreparedTask, form: FormDefinition, { field, when, set, rows, options }: PreparedWish, stored: Answers | null): Wanted {
  const before = stored?.[field];
  const shared = rows === null ? null : sharedFields(context.model, form, field, rows);
  const fixed = set === undefined ? undefined : stored === null ? writtenValue({ context, source: task.source?.path ?? null }, task, field, set) : before;
  const given = rows === null || shared === null ? fixed : givenRows(context, rows, shared, rowsOfList(before));
  return {
    field, shared,
    isHidden: when !== null && !holds(when, context) && !isAnswer(before),
    given: stored !== null && set !== undefined ? undefined : given,
    isFixed: isAnswer(fixed),
    withdrawn: options.filter((option) => !holds(option.when, context)).map(({ answer }) => answer).filter((answer) => ![before].flat().includes(answer))
  };
}

/** One row for each source; rows of a record whose source is gone stay as they are. */
function givenRows(context: CaseContext, path: string[], shared: string[], before: Answers[]): Json {
  const rows = sourcesAt(context, path).map(({ key, value }): Answers => {
    const source = value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
    return { id: key.replaceAll('.', '-'), ...Object.fromEntries(shared.flatMap((name): [string, Json][] => (isAnswer(source[name]) ? [[name, source[name]]] : []))) };
  });
  return [...rows, ...before.filter(({ id }) => !rows.some((row) => row['id'] === id))];
}

/** The names of the questions that a row and its source both have. */
function sharedFields(model: Model, form: FormDefinition, field: string, path: string[]): string[] {
  const own = fieldsOf(form)[field];
  const source = labelOf(model, path, { form: null, row: null });
  const there = source.form === null ? {} : source.field === null ? fieldsOf(source.form) : (rowFieldsOf(source.form, source.field) ?? {});
  return Object.keys(own === undefined ? {} : (rowFieldsOf(form, own) ?? {})).filter((name) => name !== 'id' && Object.hasOwn(there, name));
}

function workedIn(form: FormDefinition, wanted: ReadonlyMap<string, Wanted>): FormDefinition {
  const properties = Object.fromEntries(Object.entries(form.schema.properties).map(([name, field]) => {
    const one = wanted.get(name);
    return [name, one === undefined ? field : changedField(form, resolveField(form, field), one)];
  }));
  return withoutFields({ ...form, schema: { ...form.schema, properties } }, (name) => wanted.get(name)?.isHidden !== true);
}

/** Gives a form with only some of its questions: the others are not in its layout and not required. */
export function withoutFields(form: FormDefinition, isAsked: (name: string) => boolean): FormDefinition {
  const { schema, uischema, ...rest } = form;
  const properties = Object.fromEntries(Object.entries(schema.properties).filter(([name]) => isAsked(name)));
  const layout = uischema === undefined ? null : withoutControls(uischema, isAsked);
  return {
    ...rest, schema: { ...schema, properties, ...(schema.required === undefined ? {} : { required: schema.required.filter(isAsked) }) },
    ...(layout === null ? {} : { uischema: layout })
  };
}

function changedField(form: FormDefinition, field: Field, { isFixed, withdrawn, shared }: Wanted): Field {
  const chosen = withdrawn.length === 0 ? field : field.items === undefined ? withoutOptions(field, withdrawn) : { ...field, items: withoutOptions(resolveField(form, field.items), withdrawn) };
  if (isFixed) return { ...chosen, readOnly: true };
  if (shared === null || chosen.items === undefined) return chosen;
  const items = resolveField(form, chosen.items);
  return { ...chosen, items: { ...items, properties: Object.fromEntries(Object.entries(items.properties ?? {}).map(([name, part]) => [name, shared.includes(name) ? { ...part, readOnly: true } : part])) } };
}

function withoutOptions(field: Field, withdrawn: string[]): Field {
  const [first, ...others] = (field.oneOf ?? []).filter((option) => !withdrawn.includes(String(option.const as string | number | boolean | null)));
  const oneOf: { oneOf?: Field[] } = field.oneOf === undefined ? {} : { oneOf: first === undefined ? [] : [first, ...others] };
  return { ...field, ...oneOf, ...(field.enum === undefined ? {} : { enum: field.enum.filter((value) => !withdrawn.includes(String(value))) }) };
}

/** Groups that are left without a control go; null when nothing is left. */
function withoutControls(element: UiElement, isAsked: (name: string) => boolean): UiElement | null {
  if (isControl(element)) return isAsked(namesOfScope(element.scope)?.[0] ?? '') ? element : null;
  if (element.elements === undefined) return element;
  const elements = element.elements.flatMap((child) => withoutControls(child, isAsked) ?? []);
  return elements.some(({ type }) => type !== 'Label') || element.elements.every(({ type }) => type === 'Label') ? { ...element, elements } : null;
}

function cellsOf(rows: Answers[], { id }: Answers, index: number): Answers {
  const found = rows.some((row) => row['id'] !== undefined) ? rows.find((row) => row['id'] === id) : rows[index];
  return found ?? {};
}

function rowsOfList(value: Json | undefined): Answers[] {
  return Array.isArray(value) ? value.filter((row): row is Answers => row !== null && typeof row === 'object' && !Array.isArray(row)) : [];
}
