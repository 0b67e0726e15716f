import { finding, type Finding } from '../problem.ts';
import type { WorkflowDefinition } from '../workflow.types.ts';
import { conditionsOf } from './places.ts';
import { workflowScope, type Scope } from './scope.ts';
import { variablesOf, worldsOf } from './world-space.ts';
import { holdsIn, type Facts } from './worlds.ts';
import type { KnownFiles } from './references.ts';

/** Looks for conditions that hold whatever people answer, or whatever they answer do not. */
export function checkConstant(workflow: WorkflowDefinition, forms: KnownFiles['forms']): Finding[] {
  const facts = workflow.facts ?? {};
  return conditionsOf(workflow).flatMap(({ condition, path, record, source }) => {
    const step = path[0] === 'steps' ? String(path[1]) : '';
    switch (whenHolds(condition, { facts, scope: workflowScope(workflow, forms, { record, source }), step })) {
      case 'never': return [finding('neverHolds', path, {}, { at: 'key' })];
      case 'always': return [finding('alwaysHolds', path, {}, { at: 'key', severity: 'warning' })];
      case 'sometimes': return [];
    }
  });
}

/**
 * Tries a condition with all of at most 10 000 combinations of answers; with more it says `sometimes`. Parts that cannot be worked out
 * count as both true and false, so that `never` and `always` are certain. `step`: the step it stands in; '' for none.
 */
export function whenHolds(condition: unknown, { facts, scope, step }: { facts: Facts; scope: Scope; step: string }): 'never' | 'sometimes' | 'always' {
  const { worlds, isSample } = worldsOf({ variables: variablesOf([condition], facts, scope, step) });
  if (isSample) return 'sometimes';
  const count = worlds.filter((world) => holdsIn(condition, world, facts)).length;
  if (count === 0) return 'never';
  return count === worlds.length ? 'always' : 'sometimes';
}
