import type { FormDefinition } from '../form.types.ts';
import { finding, type Finding } from '../problem.ts';
import type { WorkflowDefinition } from '../workflow.types.ts';
import { checkPathIn } from './paths.ts';
import { workflowScope } from './scope.ts';

/** What a route may write that says nothing of it. */
const example = '"retention": { "from": "case.closedAt", "keep": { "years": 2 }, "basis": "schoolbesluit" }';

/** Checks how long cases are kept: that it is said, from a single date, and in days or longer. Its condition is checked with all others (places.ts). */
export function checkRetention(workflow: WorkflowDefinition, forms: { [id: string]: FormDefinition }): Finding[] {
  const { retention } = workflow;
  if (retention === undefined) return [finding('noRetention', [], { example }, { severity: 'warning' })];
  const short = (['keep', 'destroyWithin'] as const).filter((keyword) => retention[keyword]?.minutes !== undefined || retention[keyword]?.hours !== undefined);
  return [
    ...checkPathIn(retention.from, ['retention', 'from'], workflowScope(workflow, forms), 'date'),
    ...short.map((keyword) => finding('keptTooShort', ['retention', keyword], { key: keyword }))
  ];
}
