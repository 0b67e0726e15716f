import type { FormDefinition } from '../form.types.ts';
import { fieldsOf, formOfTask, rowFieldsOf, rulesOf, taskById, tasksOf, type TaskPlace } from '../lookup.ts';
import { nearest } from '../nearest.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import { resolveField } from '../resolve-field.ts';
import type { DocumentDefinition, TaskDefinition, WorkflowDefinition } from '../workflow.types.ts';
import { recordOfRule, rulePath, taskPath } from './places.ts';
import { explainLost, resolve, workflowScope } from './scope.ts';

/** Checks every `for` (tasks, rules, events, documents): it names records or rows that exist, and does not nest. And what counts as records of another task. */
export function checkSources(workflow: WorkflowDefinition, forms: { [id: string]: FormDefinition }): Finding[] {
  const around = { workflow, forms, record: null };
  return [
    ...tasksOf(workflow).flatMap((place) => [...checkTaskSources(around, place), ...checkCounted(workflow, place)]),
    ...rulesOf(workflow).flatMap((place) => {
      const { for: source, waivable } = place.rule;
      const at = [...rulePath(place), 'for'];
      return source === undefined ? [] : checkRuleSource({ ...around, record: recordOfRule(workflow, place) }, source, at, waivable !== undefined);
    }),
    ...Object.entries(workflow.events ?? {}).flatMap(([id, event]) => (event.for === undefined ? [] : checkSource(around, event.for, ['events', id, 'for']))),
    ...Object.entries(workflow.documents ?? {}).flatMap(([id, document]) => checkDocumentSource(around, document, ['documents', id]))
  ];
}

/** `record`: the form behind `this`. */
type Around = { workflow: WorkflowDefinition; forms: { [id: string]: FormDefinition }; record: string | null };

function checkTaskSources(around: Around, place: TaskPlace): Finding[] {
  const { task } = place;
  if (task.for === undefined) return [];
  const at = [...taskPath(place), 'for'];
  const alone = (['opensCase', 'emergency'] as const).filter((keyword) => task[keyword] === true);
  return [
    ...alone.map((keyword) => finding('forStandsAlone', at, { key: keyword }, { at: 'key' })),
    ...[task.for].flat().flatMap((source, index) => checkTaskSource(around, place, source, Array.isArray(task.for) ? [...at, index] : at))
  ];
}

/** What is left out of a document is there: without a subject nobody is named. */
function checkDocumentSource(around: Around, { for: source, withhold }: DocumentDefinition, at: Path): Finding[] {
  return [
    ...(source === undefined ? [] : [source].flat()).flatMap((one, index) => {
      const place = Array.isArray(source) ? [...at, 'for', index] : [...at, 'for'];
      return [...checkSource(around, one, place), ...(isFreeText(around, one) ? [finding('forFreeText', place, { path: one })] : [])];
    }),
    ...(withhold !== undefined && around.workflow.subject === undefined ? [finding('withholdNobody', [...at, 'withhold'], {}, { at: 'key' })] : [])
  ];
}

/** `for` is the only loop: what is done for each of something is no source itself (definitions.md, Meaning 3). */
function checkTaskSource(around: Around, { id }: TaskPlace, source: string, at: Path): Finding[] {
  const [head = ''] = source.split('.');
  if (head === id || taskById(around.workflow, head)?.task.for !== undefined) return [finding('forNested', at, { name: head })];
  const found = checkSource(around, source, at);
  return found.length > 0 || !isFreeText(around, source) ? found : [finding('forFreeText', at, { path: source })];
}

/** Lines of free text have no id that an instance could be kept by. */
function isFreeText({ workflow, forms }: Around, source: string): boolean {
  const found = resolve(source, workflowScope(workflow, forms), true);
  return found.type === 'found' && found.shape.type === 'list' && found.shape.item.type === 'scalar' && found.shape.item.options === null;
}

function checkRuleSource(around: Around, source: string, at: Path, isWaivable: boolean): Finding[] {
  const found = checkSource(around, source, at);
  const [head = '', ...field] = source.split('.');
  if (found.length > 0 || field.length === 0) return found;
  const form = around.forms[(head === 'this' ? around.record : formOfTask(around.workflow, head)) ?? ''];
  const list = form === undefined ? undefined : fieldsOf(form)[field[0] ?? ''];
  if (form === undefined || list === undefined) return [];
  const mayBeEmpty = (list.minItems ?? 0) < 1 || form.schema.required?.includes(field[0] ?? '') !== true;
  const hasNoIds = head === 'this' && rowFieldsOf(form, list) !== null && list.items !== undefined && resolveField(form, list.items)['x-options'] === undefined;
  return [
    ...(mayBeEmpty ? [finding('forMayBeEmpty', at, { path: source }, { severity: 'warning' })] : []),
    // Rows that are still being handed in have no id to keep a waiver by.
    ...(isWaivable && hasNoIds ? [finding('forRowsWaivable', at, { path: source })] : [])
  ];
}

function checkSource({ workflow, forms, record }: Around, source: string, at: Path): Finding[] {
  const found = resolve(source, workflowScope(workflow, forms, { record }), true);
  if (found.type !== 'found') return explainLost(found, at, source, 'value');
  const [head = '', ...field] = source.split('.');
  if (field.length === 0) return formOfTask(workflow, head) === undefined ? [finding('forNoRows', at, { path: source })] : [];
  return found.shape.type === 'list' ? [] : [finding('forNoRows', at, { path: source })];
}

/** Records that count as those of another task answer the same questions (form), and count once. */
function checkCounted(workflow: WorkflowDefinition, place: TaskPlace): Finding[] {
  const { countsAs, form } = place.task;
  if (countsAs === undefined) return [];
  const at = [...taskPath(place), 'countsAs'];
  const other: TaskDefinition | undefined = taskById(workflow, countsAs)?.task;
  if (other === undefined) return [finding('unknownTask', at, { name: countsAs, path: countsAs }, { proposal: nearest(countsAs, tasksOf(workflow).map(({ id }) => id)) })];
  if (countsAs === place.id || other.countsAs !== undefined || other.for !== undefined) return [finding('countsTwice', at, { name: countsAs })];
  return other.form === form ? [] : [finding('countsOtherForm', at, { name: countsAs, form: other.form })];
}
