import type { FormDefinition } from '../form.types.ts';
import { tasksOf } from '../lookup.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import { readTerm } from '../read-term.ts';
import type { WorkflowDefinition } from '../workflow.types.ts';
import { checkPathIn } from './paths.ts';
import { taskPath } from './places.ts';
import { explainLost, resolve, workflowScope, type Scope } from './scope.ts';

/** Checks tasks that come back by themselves: the next one falls due on a date, or after a term that an answer can hold. */
export function checkRepeats(workflow: WorkflowDefinition, forms: { [id: string]: FormDefinition }): Finding[] {
  return tasksOf(workflow).flatMap((place) => {
    const { repeat, form } = place.task;
    if (typeof repeat !== 'object') return [];
    const at = [...taskPath(place), 'repeat'];
    const scope = workflowScope(workflow, forms, { record: form, source: place.task.for ?? null });
    return [
      ...(repeat.next === undefined ? [] : checkPathIn(repeat.next, [...at, 'next'], scope, 'date')),
      ...(typeof repeat.every === 'string' ? checkTermField(repeat.every, [...at, 'every'], scope) : [])
    ];
  });
}

/** The answers of the field are terms such as 4-weeks. */
function checkTermField(path: string, at: Path, scope: Scope): Finding[] {
  const found = resolve(path, scope, true);
  if (found.type !== 'found') return explainLost(found, at, path, 'value');
  const options = found.shape.type === 'scalar' ? found.shape.options : null;
  return options?.every((option) => readTerm(option) !== null) === true ? [] : [finding('noTermField', at, { path })];
}
