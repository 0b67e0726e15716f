import type { Answers } from '../definitions/bundle.ts';
import type { CompiledForm, Pairs, Question } from './form-types.ts';
import { nameIn } from './names.ts';

/** Gives what a post of these answers would carry; decode reads it back. */
export function encode(form: CompiledForm, answers: Answers, options: { prefix?: string; only?: string[] } = {}): Pairs {
  const { prefix = '', only } = options;
  return encodeQuestions(form.questions.filter(({ name }) => only === undefined || only.includes(name)), answers, prefix);
}

/** Writes the answers of a form, a row or a group. */
export function encodeQuestions(questions: Question[], answers: Answers, at: string): Pairs {
  return questions.flatMap((question) => {
    const value = Object.hasOwn(answers, question.name) ? answers[question.name] : undefined;
    return value === undefined ? [] : question.control.encode(question, value, nameIn(at, question.name));
  });
}
