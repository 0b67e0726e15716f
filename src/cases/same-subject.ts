import type { Answers } from '../definitions/bundle.ts';
import { fieldsOf } from '../definitions/lookup.ts';
import { isAnswer } from '../engine/conditions/conditions.ts';
import type { CaseRecord, CaseState } from '../engine/state/case-state.ts';
import type { Model } from '../engine/model/prepare.ts';
import { nameFields } from '../engine/model/summary.ts';
import { searchWords } from '../trust/blind-index.ts';

/** Whom a case is about, as far as it takes to know them again. `name`: the words of the first part of the summary, sorted; `apart`: answers that tell two of one name apart. */
export type Identity = { name: string[]; apart: { [field: string]: string } };

/** The record about the subject of a case; null: there is none yet. */
export function subjectRecord({ workflow }: Model, { records }: CaseState): CaseRecord | null {
  return records.findLast(({ task }) => task === workflow.subject) ?? null;
}

/** Gives whom these answers of the subject form are about; null while there is no name. */
export function identityOf(model: Model, answers: Answers): Identity | null {
  const form = model.tasks.get(model.workflow.subject ?? '')?.form ?? null;
  if (form === null) return null;
  const name = searchWords(nameFields(form).map((field) => textOf(answers, field)).join(' ')).sort();
  const apart = Object.entries(fieldsOf(form)).filter(([field, { 'x-identifies': tells }]) => tells === true && isAnswer(answers[field]));
  return name.length === 0 ? null : { name, apart: Object.fromEntries(apart.map(([field]) => [field, textOf(answers, field)])) };
}

/** Gives whom a case is about now; null while that is not known. */
export function caseIdentity(model: Model, state: CaseState): Identity | null {
  const record = subjectRecord(model, state);
  return record === null ? null : identityOf(model, record.answers);
}

/** Are two cases about the same one: the same name, and no two answers that tell them apart? */
export function isSame(one: Identity, other: Identity): boolean {
  return one.name.join(' ') === other.name.join(' ') && Object.entries(one.apart).every(([field, answer]) => other.apart[field] === undefined || other.apart[field] === answer);
}

function textOf(answers: Answers, field: string): string {
  const answer = answers[field];
  return isAnswer(answer) ? (typeof answer === 'string' ? answer : JSON.stringify(answer)) : '';
}
