import type { FormDefinition } from '../form.types.ts';
import { isObject, isScalar } from '../json-values.ts';
import { formOfTask } from '../lookup.ts';
import { nearest } from '../nearest.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import type { EventDefinition, WorkflowDefinition } from '../workflow.types.ts';
import { checkTest } from './conditions.ts';
import { questionsOf } from './form-questions.ts';
import { checkPathIn, checkTextPaths } from './paths.ts';
import { explainLost, resolve, workflowScope, type Scope } from './scope.ts';
import { canBe, canMeet, shapeOfRecord, type Group, type Shape } from './shapes.ts';

/** Checks events: something makes them fire, something follows, and what they write fits its form and is complete. */
export function checkEvents(workflow: WorkflowDefinition, forms: { [id: string]: FormDefinition }): Finding[] {
  return Object.entries(workflow.events ?? {}).flatMap(([id, event]) => {
    const at = ['events', id];
    const source = event.for ?? null;
    const scope = workflowScope(workflow, forms, { source });
    const never = event.restrict?.never;
    return [
      ...(event.on === undefined && event.at === undefined ? [finding('missingKeyword', at, { key: 'on' })] : []),
      ...(hasConsequence(event) ? [] : [finding('noConsequence', at, { name: id })]),
      ...(never === undefined ? [] : checkPathIn(never, [...at, 'restrict', 'never'], scope)),
      ...Object.entries(event.write ?? {}).flatMap(([task, record]) => checkWrite({ workflow, forms, scope }, task, record, [...at, 'write', task]))
    ];
  });
}

type Around = { workflow: WorkflowDefinition; forms: { [id: string]: FormDefinition }; scope: Scope };

function hasConsequence({ to, close, skips, write, restrict, notify, link }: EventDefinition): boolean {
  return [to, close, skips, write, restrict, notify, link].some((part) => part !== undefined);
}

function checkWrite({ workflow, forms, scope }: Around, task: string, record: object, at: Path): Finding[] {
  const formId = formOfTask(workflow, task);
  if (formId === undefined) return [finding('unknownTask', at, { name: task, path: task }, { at: 'key', proposal: nearest(task, scope.tasks) })];
  const form = Object.hasOwn(forms, formId) ? forms[formId] : undefined;
  if (form === undefined) return [];
  const missing = questionsOf(form).filter(({ name, isRequired, isConditional }) => isRequired && !isConditional && !Object.hasOwn(record, name));
  return [
    ...missing.map(({ name }) => finding('writeMisses', at, { name, form: formId })),
    ...checkFields(record, at, shapeOfRecord(form), scope)
  ];
}

function checkFields(record: object, at: Path, group: Group, scope: Scope): Finding[] {
  return Object.entries(record).flatMap(([name, value]: [string, unknown]) => {
    const shape = group.shapeOf(name);
    if (shape === undefined) return [finding('unknownField', [...at, name], { name, path: name }, { at: 'key', proposal: nearest(name, group.names) })];
    return checkWritten(value, [...at, name], shape, scope);
  });
}

/** Checks an answer that a definition writes itself: it fits its question. */
export function checkWritten(value: unknown, at: Path, shape: Shape, scope: Scope): Finding[] {
  if (isObject(value) && typeof value['field'] === 'string' && Object.keys(value).length === 1) return checkCopied(value['field'], [...at, 'field'], shape, scope);
  if (Array.isArray(value) && shape.type === 'list') return value.flatMap((item, index) => checkWritten(item, [...at, index], shape.item, scope));
  if (isObject(value) && shape.type === 'group') return checkFields(value, at, shape, scope);
  if (typeof value === 'string' && value.includes('{')) return checkTextPaths(value, at, scope);
  if (isScalar(value) && shape.type === 'scalar') return canBe(shape, value) ? [] : checkTest(value, at, shape, scope, 0);
  return [finding('writeUnfit', at)];
}

function checkCopied(path: string, at: Path, shape: Shape, scope: Scope): Finding[] {
  const found = resolve(path, scope, true);
  if (found.type !== 'found') return explainLost(found, at, path, 'value');
  if (found.shape.type === 'scalar' && shape.type === 'scalar') return canMeet(shape, found.shape) ? [] : [finding('neverEqual', at, { path })];
  return found.shape.type === shape.type ? [] : [finding('writeUnfit', at)];
}
