import type { FormDefinition } from '../form.types.ts';
import { tasksOf, type TaskPlace } from '../lookup.ts';
import { nearest } from '../nearest.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import type { WorkflowDefinition } from '../workflow.types.ts';
import { taskPath } from './places.ts';
import { explainLost, resolve, workflowScope } from './scope.ts';
import { canMeet, shapeOfRecord, type Shape } from './shapes.ts';

/** Checks what a task wants of the fields of its form: each is there, and what is taken over from elsewhere can be its answer. */
export function checkWishes(workflow: WorkflowDefinition, forms: { [id: string]: FormDefinition }): Finding[] {
  return tasksOf(workflow).flatMap((place) => {
    const form = Object.hasOwn(forms, place.task.form) ? forms[place.task.form] : undefined;
    return form === undefined ? [] : checkFieldsOf(workflow, forms, place, form);
  });
}

function checkFieldsOf(workflow: WorkflowDefinition, forms: { [id: string]: FormDefinition }, place: TaskPlace, form: FormDefinition): Finding[] {
  const scope = workflowScope(workflow, forms, { source: place.task.for ?? null });
  const group = shapeOfRecord(form);
  return Object.entries(place.task.fields ?? {}).flatMap(([name, { prefill }]) => {
    const at = [...taskPath(place), 'fields', name];
    const shape = group.shapeOf(name);
    if (shape === undefined) return [finding('unknownField', at, { name, path: name }, { at: 'key', proposal: nearest(name, group.names) })];
    if (prefill === undefined) return [];
    const from: Path = [...at, 'prefill'];
    const found = resolve(prefill, scope, true);
    if (found.type !== 'found') return explainLost(found, from, prefill, 'value');
    return fits(shape, found.shape, found.throughList) ? [] : [finding('prefillUnfit', from, { path: prefill, name })];
  });
}

/** A path through records gives the latest answer; one through the rows of a form gives several, which no question takes. */
function fits(target: Shape, source: Shape, through: 'rows' | 'records' | null): boolean {
  if (through === 'rows') return false;
  if (target.type === 'scalar' && source.type === 'scalar') return takes(target, source);
  return target.type === 'list' && source.type === 'list' && target.item.type === 'scalar' && source.item.type === 'scalar' && takes(target.item, source.item);
}

/** Every answer of the source must be one of the target, not just some. */
function takes(target: Shape & { type: 'scalar' }, source: Shape & { type: 'scalar' }): boolean {
  if (target.options === null) return source.options === null && target.base === source.base;
  return source.options !== null && source.options.every((option) => canMeet(target, { ...source, options: [option] }));
}
