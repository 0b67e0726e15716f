import type { FormDefinition } from '../form.types.ts';
import { anyRecord, choosesFrom, fieldsOf, formOfTask, tasksOf } from '../lookup.ts';
import { nearest } from '../nearest.ts';
import { finding, type Finding } from '../problem.ts';
import { resolveField } from '../resolve-field.ts';
import type { TaskDefinition, WorkflowDefinition } from '../workflow.types.ts';
import { fieldPlacesOf, kindsOf, type FieldPlace } from './field-places.ts';
import { formUses } from './places.ts';
import { resolve, workflowScope, type Scope } from './scope.ts';
import type { Shape } from './shapes.ts';

/** Checks of each `x-options` in a form that its keywords go together. What they name is checked per route. */
export function checkOptionSources(form: FormDefinition): Finding[] {
  return fieldPlacesOf(form).flatMap(({ field, path }) => {
    const options = field['x-options'];
    if (options === undefined) return [];
    const at = [...path, 'x-options'];
    const { source } = options;
    const isNamed = source === 'rows' || source === 'records';
    const isOfCase = isNamed || source === 'beside';
    const unfit = isOfCase && options.roles !== undefined ? 'roles' : !isNamed && options.of !== undefined && 'of';
    return [
      ...(isNamed && options.of === undefined ? [finding('missingKeyword', at, { key: 'of' })] : []),
      ...(unfit === false ? [] : [finding('optionsKeyword', [...at, unfit], { key: unfit, source }, { at: 'key' })]),
      ...(isOfCase && !kindsOf(resolveField(form, field)).includes('string') ? [finding('optionsKept', at, { source })] : [])
    ];
  });
}

/**
 * Checks in each form of a route that what is chosen from the case is there: rows people know by name, or records. And that it is not asked
 * before there is a case. Forms are shared, so it is reported where the route names the form.
 */
export function checkCaseOptions(workflow: WorkflowDefinition, forms: { [id: string]: FormDefinition }): Finding[] {
  const scope = workflowScope(workflow, forms);
  const lists = listsIn(workflow, forms, scope);
  const records = [...tasksOf(workflow).map(({ id }) => id), ...(workflow.subject === undefined ? [] : [workflow.subject])];
  return formUses(workflow).flatMap(({ form: id, path, task }) => {
    const form = id === undefined || !Object.hasOwn(forms, id) ? undefined : forms[id];
    return form === undefined ? [] : fieldPlacesOf(form).flatMap((place) => {
      const options = place.field['x-options'];
      const of = options === undefined ? null : choosesFrom({ 'x-options': options });
      if (of === null) return [];
      const known = options?.source === 'rows' ? lists : records;
      if (of !== anyRecord && !known.includes(of)) return [finding('unknownOptionsInForm', path, { name: of, form: form.title }, { proposal: nearest(of, known) })];
      const question = questionOf(place);
      return isAskedFirst(task, id === workflow.subject, question) ? [finding('optionsAtStart', path, { name: question, form: form.title })] : [];
    });
  });
}

/** Checks that the people who may ask for what a case holds are a list about its subject, in which they have a name. */
export function checkAskers(workflow: WorkflowDefinition, forms: { [id: string]: FormDefinition }): Finding[] {
  const name = workflow.disclosure?.askers;
  if (name === undefined) return [];
  const known = listsIn(workflow, forms, workflowScope(workflow, forms)).filter((list) => list.split('.')[0] === workflow.subject);
  return known.includes(name) ? [] : [finding('unknownAskers', ['disclosure', 'askers'], { name }, { proposal: nearest(name, known) })];
}

/** The lists of a route that everybody who sees the case reads, and whose rows have a name, or are fixed answers. */
function listsIn(workflow: WorkflowDefinition, forms: { [id: string]: FormDefinition }, scope: Scope): string[] {
  const isRestricted = (head: string, name: string): boolean => {
    const form = forms[formOfTask(workflow, head) ?? ''];
    return form !== undefined && fieldsOf(form)[name]?.['x-access'] !== undefined;
  };
  const heads = [...(workflow.subject === undefined ? [] : [workflow.subject]), ...tasksOf(workflow).map(({ id }) => id)];
  return heads.flatMap((head) => {
    const found = formOfTask(workflow, head) === undefined ? null : resolve(head, scope, true);
    const shape = found?.type === 'found' ? found.shape : null;
    const record = shape?.type === 'list' ? shape.item : shape;
    return record?.type === 'group' ? record.names.filter((name) => hasNamedRows(record.shapeOf(name)) && !isRestricted(head, name)).map((name) => `${head}.${name}`) : [];
  });
}

function hasNamedRows(shape: Shape | undefined): boolean {
  if (shape?.type !== 'list') return false;
  const { item } = shape;
  return item.type === 'group' ? item.names.includes('naam') || item.names.includes('name') : item.type === 'scalar' && item.options !== null;
}

/** Is a question asked before there is a case to choose from? */
function isAskedFirst(task: TaskDefinition | null, isSubject: boolean, question: string): boolean {
  return isSubject || task?.emergency === true || (task?.opensCase === true && task.intake?.includes(question) === true);
}

/** The question of the form that a field is, or is part of. */
function questionOf({ path, name }: FieldPlace): string {
  return path[1] === 'properties' ? String(path[2]) : (name ?? '');
}
