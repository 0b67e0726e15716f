import type { PrintedAnswer } from '../../forms/form-types.ts';
import type { ChangeableAnswer } from '../views/view-models.ts';

/** Answers with where each is changed: at its own question on the page of this address; null: nowhere. */
export function withChangeLinks(answers: PrintedAnswer[], page: string | null): ChangeableAnswer[] {
  return answers.map((answer) => ({ ...answer, change: page === null ? null : `${page}${answer.href}` }));
}
