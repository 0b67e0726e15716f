import type { Json } from './bundle.ts';
import type { Field, FormDefinition, UiElement } from './form.types.ts';
import { pathOfScope } from './layout-rules.ts';
import { onceFor } from './once.ts';
import type { Path } from './problem.ts';
import { resolveField, wholeOf } from './resolve-field.ts';
import { calendarOf } from './term-units.ts';
import type { Moment, RuleDefinition, TaskDefinition, TransitionDefinition, WorkflowDefinition } from './workflow.types.ts';

/** A task with the step it stands in; step null for a task of the top level. */
export type TaskPlace = { id: string; step: string | null; task: TaskDefinition };

/** A transition with the step it leaves; step null for a transition of the top level. */
export type TransitionPlace = { id: string; step: string | null; transition: TransitionDefinition };

/** A rule with what it stands on: the top level, a step, a task or a transition. */
export type RulePlace = { id: string; step: string | null; task: string | null; transition: string | null; rule: RuleDefinition };

/** Gives every task of a workflow: first those of the top level, then those of each step, in file order. */
export const tasksOf = onceFor((workflow: WorkflowDefinition): readonly TaskPlace[] => [
  ...placed(workflow.tasks, null),
  ...Object.entries(workflow.steps).flatMap(([step, { tasks }]) => placed(tasks, step))
]);

/** Gives the task of an id, or undefined. The subject is no task: see `formOfTask`. */
export function taskById(workflow: WorkflowDefinition, id: string): TaskPlace | undefined {
  return tasksOf(workflow).find((place) => place.id === id);
}

/** Gives every transition of a workflow: first those of the top level, then those of each step, in file order. */
export const transitionsOf = onceFor((workflow: WorkflowDefinition): readonly TransitionPlace[] => {
  const all = (transitions: WorkflowDefinition['transitions'], step: string | null): TransitionPlace[] =>
    Object.entries(transitions ?? {}).map(([id, transition]) => ({ id, step, transition }));
  return [
    ...all(workflow.transitions, null),
    ...Object.entries(workflow.steps).flatMap(([step, { transitions }]) => all(transitions, step))
  ];
});

/** Gives every rule of a workflow: of the top level, of tasks, of steps and of transitions, in that order. */
export const rulesOf = onceFor((workflow: WorkflowDefinition): readonly RulePlace[] => {
  const top = { step: null, task: null, transition: null };
  return [
    ...ruled(workflow.rules, top),
    ...tasksOf(workflow).flatMap(({ id, step, task }) => ruled(task.rules, { ...top, step, task: id })),
    ...Object.entries(workflow.steps).flatMap(([step, { rules }]) => ruled(rules, { ...top, step })),
    ...transitionsOf(workflow).flatMap(({ id, step, transition }) => ruled(transition.rules, { ...top, step, transition: id }))
  ];
});

/** Gives the id of the form behind a name in a condition: of a task, or of the subject. Undefined for an unknown name. */
export function formOfTask(workflow: WorkflowDefinition, name: string): string | undefined {
  return name === workflow.subject ? workflow.subject : taskById(workflow, name)?.task.form;
}

/** Gives the ids of all forms a workflow names (subject, tasks, transitions, reopening), each once, in order of first use. */
export function formsNamed(workflow: WorkflowDefinition): string[] {
  const named = [
    workflow.subject,
    ...tasksOf(workflow).map(({ task }) => task.form),
    ...transitionsOf(workflow).map(({ transition }) => transition.form),
    ...Object.values(workflow.reopen ?? {}).map(({ form }) => form)
  ];
  return [...new Set(named.filter((id) => id !== undefined))];
}

/** Gives the names of all templates a workflow names, each once, without .hbs. */
export function templatesNamed(workflow: WorkflowDefinition): string[] {
  return [...new Set(Object.values(workflow.documents ?? {}).map(({ template }) => template))];
}

/** Gives every moment of a workflow that has a term: of tasks, of steps and of events, each with where it stands. */
export function momentsOf(workflow: WorkflowDefinition): { moment: Moment; path: Path }[] {
  const all: { moment: Moment | undefined; path: Path }[] = [
    ...tasksOf(workflow).map(({ id, step, task }) => ({ moment: task.due, path: [...(step === null ? [] : ['steps', step]), 'tasks', id, 'due'] })),
    ...Object.entries(workflow.steps).map(([id, { due }]) => ({ moment: due, path: ['steps', id, 'due'] })),
    ...Object.entries(workflow.events ?? {}).map(([id, { at }]) => ({ moment: at, path: ['events', id, 'at'] }))
  ];
  return all.flatMap(({ moment, path }) => (moment === undefined ? [] : [{ moment, path }]));
}

/** Gives the ids of the calendars that terms of a workflow count by, each once, in order of first use. */
export function calendarsNamed(workflow: WorkflowDefinition): string[] {
  return [...new Set(momentsOf(workflow).flatMap(({ moment: { within } }) => (within === undefined ? [] : (calendarOf(within)?.id ?? []))))];
}

/** Gives the questions of a form that only some roles read, none of them among these. */
export function hiddenFields(form: FormDefinition, roles: readonly string[]): string[] {
  return Object.entries(fieldsOf(form)).filter(([, field]) => field['x-access']?.some((role) => roles.includes(role)) === false).map(([name]) => name);
}

/** Where a question chooses from that takes any record of the case: the one that its own stands beside. */
export const anyRecord = '*';

/** Gives where a question chooses from in the case, such as leerling.ouders or anyRecord; null for every other question. */
export function choosesFrom(field: Field | null): string | null {
  const options = field?.['x-options'] ?? field?.items?.['x-options'];
  if (options?.source === 'beside') return anyRecord;
  return options?.source === 'rows' || options?.source === 'records' ? (options.of ?? null) : null;
}

/** Gives the fields of a form by name, in the order of the screen: each with its $ref and allOf merged in, those of if and then with their `when`. */
export const fieldsOf = onceFor((form: FormDefinition): { [name: string]: Field } => resolvedAll(form, resolveField(form, wholeOf(form)).properties ?? {}));

/** Gives the fields of one row of a repeating field by name; null when the field is no list of rows. */
export function rowFieldsOf(form: FormDefinition, field: Field): { [name: string]: Field } | null {
  const items = resolveField(form, field).items;
  const row = items === undefined ? undefined : resolveField(form, items);
  return row?.properties === undefined ? null : resolvedAll(form, row.properties);
}

/**
 * Gives the fixed answers of a field (oneOf, anyOf, enum or const) with their titles, in order; null when it has none.
 * A yes/no question has none of these: look at its type.
 */
export function optionsOf(field: Field): { value: Json; title: string }[] | null {
  const listed = listedIn(field);
  // JSON Schema allows any value here.
  if (listed?.every(({ const: value }) => value !== undefined) === true) return listed.map(({ const: value, title }) => ({ value: value as Json, title: title ?? textOf(value as Json) }));
  const values = (field.enum ?? (field.const === undefined ? null : [field.const])) as Json[] | null;
  return values?.map((value) => ({ value, title: textOf(value) })) ?? null;
}

/** Gives the groups of questions of which somebody chooses one; null for a field without such a choice. */
export function branchesOf(field: Field): Field[] | null {
  const listed = field.properties === undefined ? listedIn(field) : undefined;
  return listed?.every(({ properties }) => properties !== undefined) === true ? listed : null;
}

/** Gives the words an element of a layout has of its own; null when it has none. */
export function labelOf({ label }: UiElement): string | null {
  return typeof label === 'string' ? label : typeof label === 'object' ? (label.text ?? null) : null;
}

/** Gives the names that lead to the field of a control, such as a and b of #/properties/a/properties/b; null when its scope names no field. */
export function namesOfScope(scope: string | undefined): string[] | null {
  const path = pathOfScope(scope ?? '');
  return path === null || path === '' ? null : path.split('.');
}

/** Does an element ask one field? A ListWithDetail asks a list of rows as a control does. */
export function isControl({ type }: UiElement): boolean {
  return type === 'Control' || type === 'ListWithDetail';
}

/** Gives the questions in one answer of a field: of a group, or of all groups to choose from; undefined for a single answer. */
export function insideOf(field: Field): { [name: string]: Field } | undefined {
  if (field.properties !== undefined || branchesOf(field) === null) return field.properties;
  return Object.assign({}, ...(branchesOf(field) ?? []).map(({ properties }) => properties).reverse()) as { [name: string]: Field };
}

/** Is every record of this task one of several? True for tasks with `repeat` or `for`; a single task reads as one record. */
export function isRepeated(task: TaskDefinition): boolean {
  return task.for !== undefined || (task.repeat !== undefined && task.repeat !== false);
}

function listedIn({ oneOf, anyOf }: Field): Field[] | undefined {
  return oneOf ?? anyOf;
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function placed(tasks: WorkflowDefinition['tasks'], step: string | null): TaskPlace[] {
  return Object.entries(tasks ?? {}).map(([id, task]) => ({ id, step, task }));
}

function ruled(rules: WorkflowDefinition['rules'], place: Omit<RulePlace, 'id' | 'rule'>): RulePlace[] {
  return Object.entries(rules ?? {}).map(([id, rule]) => ({ id, ...place, rule }));
}

function resolvedAll(form: FormDefinition, fields: { [name: string]: Field }): { [name: string]: Field } {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, resolveField(form, field)]));
}
