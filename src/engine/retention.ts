import type { RetentionDefinition } from '../definitions/workflow.types.ts';
import type { CaseContext } from './case-context.ts';
import type { Day } from './case-state.ts';
import { conditionText } from './condition-text.ts';
import { readCondition } from './condition-tree.ts';
import { holds } from './conditions.ts';
import { endOfTerm } from './durations.ts';
import { labelOf } from './labels.ts';
import { readTime } from './time-tests.ts';

/**
 * How long a case is kept. `until`: the last day; null while the day it counts from is not known: then it is kept. `from`: the question
 * with that day; null when it counts from the closing of the case. `longer`: why it is kept longer now; null: it is not. `goneBy`: null
 * when nothing says so.
 */
export type Kept = { until: Day | null; from: string | null; longer: string | null; goneBy: Day | null } & Pick<RetentionDefinition, 'basis' | 'then'>;

/** Works out the term of a case; null when its route has none. Nothing is destroyed here. */
export function retentionOf(context: CaseContext): Kept | null {
  const { retention } = context.model.workflow;
  if (retention === undefined) return null;
  const { from, keep, longer, basis, then = 'review', destroyWithin } = retention;
  const path = from.split('.');
  const start = readTime(context.valueOf(path));
  const end = start === null ? null : endOfTerm(start, keep, context.zone);
  const tree = longer === undefined ? null : readCondition(longer);
  return {
    basis, then,
    until: end === null ? null : context.zone.dayOf(end),
    from: path[0] === 'case' ? null : labelOf(context.model, path, { form: null, row: null }).question,
    longer: tree !== null && holds(tree, context) ? conditionText(context.model, tree) : null,
    goneBy: end === null || destroyWithin === undefined ? null : context.zone.dayOf(endOfTerm(context.zone.dayOf(end), destroyWithin, context.zone))
  };
}
