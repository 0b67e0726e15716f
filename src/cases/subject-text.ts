import type { CaseState } from '../engine/state/case-state.ts';
import type { Model } from '../engine/model/prepare.ts';
import { summaryText } from '../engine/model/summary.ts';

/** Words of one search that count. */
export const mostWords = 10;

/** Gives the words a case is found by: the summary of its subject as it is now. Empty when it has none yet. */
export function subjectText(model: Model, state: CaseState): string {
  const { subject } = model.workflow;
  const record = state.records.findLast(({ task }) => task === subject);
  const form = subject === undefined ? null : (model.tasks.get(subject)?.form ?? null);
  return record === undefined || form === null ? '' : summaryText(form, record.answers, model.t);
}
