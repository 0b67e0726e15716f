import { finding, type Finding } from '../problem.ts';
import type { WorkflowDefinition } from '../workflow.types.ts';
import { conditionsOf } from './places.ts';
import { workflowScope } from './scope.ts';
import { variablesOf, worldsOf } from './world-space.ts';
import { holdsIn } from './worlds.ts';
import type { KnownFiles } from './references.ts';

/**
 * Looks for conditions that hold whatever people answer, or whatever they answer do not: in all of at most 10 000 combinations of
 * answers. Parts that cannot be worked out count as both true and false, so that what is found is certain.
 */
export function checkConstant(workflow: WorkflowDefinition, forms: KnownFiles['forms']): Finding[] {
  const facts = workflow.facts ?? {};
  return conditionsOf(workflow).flatMap(({ condition, path, record, source }) => {
    const step = path[0] === 'steps' ? String(path[1]) : '';
    const { worlds, isSample } = worldsOf({ variables: variablesOf([condition], facts, workflowScope(workflow, forms, { record, source }), step) });
    if (isSample) return [];
    const count = worlds.filter((world) => holdsIn(condition, world, facts)).length;
    if (count === 0) return [finding('neverHolds', path, {}, { at: 'key' })];
    return count === worlds.length ? [finding('alwaysHolds', path, {}, { at: 'key', severity: 'warning' })] : [];
  });
}
