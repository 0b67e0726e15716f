import { nearest } from '../nearest.ts';
import { finding, type Finding } from '../problem.ts';
import type { WorkflowDefinition } from '../workflow.types.ts';

/** Checks what a route says about another one. `names`: the ids of all routes in the folder. The older one may be gone by now. */
export function checkOtherRoutes({ replaces }: WorkflowDefinition, names: string[]): Finding[] {
  if (replaces === undefined || names.includes(replaces)) return [];
  return [finding('unknownWorkflow', ['replaces'], { name: replaces }, { severity: 'warning', proposal: nearest(replaces, names) })];
}
