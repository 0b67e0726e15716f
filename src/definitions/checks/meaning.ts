import type { FormDefinition } from '../form.types.ts';
import { formsNamed } from '../lookup.ts';
import { finding, type Finding } from '../problem.ts';
import type { WorkflowDefinition } from '../workflow.types.ts';
import { checkConstant } from './constant.ts';
import { checkGaps } from './gaps.ts';
import { checkLaterSteps } from './later-steps.ts';
import { checkMissingAnswers, type ConditionWords } from './missing-answers.ts';
import { checkMoves } from './moves.ts';
import { checkNobody } from './nobody.ts';
import { checkUnused } from './unused.ts';

/** What is needed to judge what a sound route means. */
export type Surroundings = {
  forms: { [id: string]: FormDefinition };
  /** Partner roles that some partner directory fills. */
  partnerRoles: ReadonlySet<string>;
  /** Null: conditions are not said in words, so nothing is said of answers that may be missing. */
  words: ConditionWords | null;
  /** YYYY-MM-DD; null when today is not known, so that nothing is out of date. */
  today: string | null;
};

/** Checks what a route means. Only for one that is well written: in one with mistakes it would find what follows from them. */
export function checkMeaning(workflow: WorkflowDefinition, { forms, partnerRoles, words, today }: Surroundings): Finding[] {
  const gaps = checkGaps(workflow, forms);
  // Of a form that could not be read nobody knows the answers.
  if (!formsNamed(workflow).every((id) => Object.hasOwn(forms, id))) return gaps;
  return [
    ...gaps,
    ...checkConstant(workflow, forms),
    ...checkLaterSteps(workflow, forms),
    ...checkMoves(workflow, forms),
    ...checkNobody(workflow),
    ...(words === null ? [] : checkMissingAnswers(workflow, forms, words)),
    ...checkUnused(workflow, { forms, partnerRoles }),
    ...(today === null ? [] : checkReview(workflow, today))
  ];
}

/** A law or agreement must be looked at again before its day of review. */
function checkReview({ legalBasis }: WorkflowDefinition, today: string): Finding[] {
  const day = legalBasis?.reviewBy;
  return day === undefined || today <= day ? [] : [finding('reviewPassed', ['legalBasis', 'reviewBy'], { day }, { severity: 'warning' })];
}
