import { tasksOf } from '../lookup.ts';
import { finding, type Finding } from '../problem.ts';
import type { WorkflowDefinition } from '../workflow.types.ts';
import { taskPath } from './places.ts';
import { reservedWords } from './scope.ts';

/** Checks the ids of tasks: unique in the whole workflow, no reserved word, no id of a step, no other form under the name of the subject. */
export function checkNames(workflow: WorkflowDefinition): Finding[] {
  const seen = new Set<string>();
  return tasksOf(workflow).flatMap((place) => {
    const { id, task } = place;
    const name = { name: id };
    const isDouble = seen.has(id);
    seen.add(id);
    if (isDouble) return [finding('doubleTask', taskPath(place), name, { at: 'key' })];
    if (reservedWords.includes(id)) return [finding('reservedTask', taskPath(place), name, { at: 'key' })];
    if (Object.hasOwn(workflow.steps, id)) return [finding('taskIsStep', taskPath(place), name, { at: 'key' })];
    return id === workflow.subject && task.form !== id ? [finding('taskIsSubject', taskPath(place), name, { at: 'key' })] : [];
  });
}
