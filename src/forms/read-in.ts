import type { Answers } from '../definitions/bundle.ts';
import type { CompiledForm } from './form-types.ts';

/** Gives the answers to questions that a form asks: of one that is read by somebody, nothing of what they may not read. */
export function readIn({ questions }: CompiledForm, answers: Answers): Answers {
  return Object.fromEntries(Object.entries(answers).filter(([name]) => questions.some((question) => question.name === name)));
}
