import { isObject } from '../json-values.ts';
import { finding, type Finding } from '../problem.ts';
import type { WorkflowDefinition } from '../workflow.types.ts';
import { wayRound } from './way-round.ts';

/** Checks that no fact reads itself, directly or by way of others. */
export function checkFacts(workflow: WorkflowDefinition): Finding[] {
  const facts = workflow.facts ?? {};
  const reads = new Map(Object.entries(facts).map(([id, condition]) => [id, factsIn(condition)]));
  return [...reads.keys()].flatMap((id) => {
    const way = wayRound(id, reads);
    return way === null ? [] : [finding('factCycle', ['facts', id], { way: way.join(', ') }, { at: 'key' })];
  });
}

/** Gives the names of all facts a condition reads, also inside rows and as operands. */
function factsIn(condition: unknown): string[] {
  if (Array.isArray(condition)) return condition.flatMap(factsIn);
  if (!isObject(condition)) return [];
  return Object.entries(condition).flatMap(([key, value]) => [
    ...(key.startsWith('facts.') ? [key.slice(6)] : []),
    ...(key === 'field' && typeof value === 'string' && value.startsWith('facts.') ? [value.slice(6)] : []),
    ...factsIn(value)
  ]);
}
