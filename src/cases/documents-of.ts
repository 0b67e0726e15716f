import { caseContext } from '../engine/case-context.ts';
import type { Moment } from '../engine/case-state.ts';
import { readCondition } from '../engine/condition-tree.ts';
import { conditionReasons } from '../engine/reasons.ts';
import type { OpenCase } from './cases.ts';

/** A document of a route; `reasons` say why it cannot be made yet, empty when it can. */
export type CaseDocument = { id: string; title: string; reasons: string[] };

/** Gives the documents of a case in the order of the definition, also those that cannot be made yet. */
export function documentsOf({ route: { model }, stored, viewer }: OpenCase, now: Moment): CaseDocument[] {
  const context = caseContext(model, stored.state, now, viewer);
  return Object.entries(model.workflow.documents ?? {}).map(([id, { title, when }]) => ({
    id, title: title ?? id,
    reasons: when === undefined ? [] : conditionReasons(context, readCondition(when)).map(({ text }) => text)
  }));
}
