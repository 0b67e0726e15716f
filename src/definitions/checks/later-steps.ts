import type { FormDefinition } from '../form.types.ts';
import { rulesOf, taskById, tasksOf } from '../lookup.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import type { WorkflowDefinition } from '../workflow.types.ts';
import { rulePath, taskPath } from './places.ts';
import { workflowScope } from './scope.ts';
import { spread, waysFrom } from './steps.ts';
import { variablesOf, worldsOf, type Variable } from './world-space.ts';
import { holdsIn } from './worlds.ts';

/** Something that must hold before a step can be left. */
type Demand = { step: string; condition: unknown; path: Path; record: string | null };

/**
 * Looks for required tasks and hard rules of a step that can only be met with a task of a step that comes after it: then nobody gets
 * there. A step comes after another when no way, in any number of steps, leads back from it.
 */
export function checkLaterSteps(workflow: WorkflowDefinition, forms: { [id: string]: FormDefinition }): Finding[] {
  const facts = workflow.facts ?? {};
  return demandsOf(workflow).flatMap(({ step, condition, path, record }) => {
    const isLater = (other: string): boolean => other !== step && !spread(waysFrom(workflow, other).to, (from) => waysFrom(workflow, from).to).has(step);
    const variables = variablesOf([condition], facts, workflowScope(workflow, forms, { record }), step);
    const found = variables.map((one) => ({ ...one, later: laterStepOf(workflow, one.name, isLater) }));
    const later = found.find((one) => one.later !== null);
    if (later?.later == null) return [];
    const { worlds, isSample } = worldsOf({ variables: found.map((one) => (one.later === null ? one : withoutRecord(one))) });
    if (isSample || worlds.some((world) => holdsIn(condition, world, facts))) return [];
    return [finding('needsLaterStep', path, { path: later.name.split('"').find((part) => part !== '') ?? '', name: later.later, step })];
  });
}

function demandsOf(workflow: WorkflowDefinition): Demand[] {
  const tasks = tasksOf(workflow).flatMap((place): Demand[] => {
    const { step, task } = place;
    return step === null || task.required !== true || task.done === undefined ? [] : [{ step, condition: task.done, path: [...taskPath(place), 'done'], record: task.form }];
  });
  const rules = rulesOf(workflow).flatMap((place): Demand[] => {
    const { step, task, transition, rule } = place;
    const isHard = rule.waivable === undefined && rule.hint !== true && rule.when === undefined && rule.unless === undefined;
    return step === null || task !== null || transition !== null || !isHard ? [] : [{ step, condition: rule.must, path: [...rulePath(place), 'must'], record: null }];
  });
  return [...tasks, ...rules];
}

/** The step of the task a path reads when that step comes later; null for everything else. */
function laterStepOf(workflow: WorkflowDefinition, name: string, isLater: (step: string) => boolean): string | null {
  const [head = '', id = ''] = (name.startsWith('"') ? (name.split('"')[1] ?? '') : name).split('.');
  const step = taskById(workflow, head === 'tasks' ? id : head)?.step ?? null;
  return step !== null && isLater(step) ? step : null;
}

/** As it is while the later task cannot be done: no answer, no record. Whatever cannot be worked out may go either way. */
function withoutRecord(variable: Variable): Variable {
  if (variable.isFree) return /"(some|every|last)":/.test(variable.name) ? { ...variable, values: [false] } : variable;
  return { ...variable, values: variable.name.startsWith('tasks.') ? ['none'] : [undefined] };
}
