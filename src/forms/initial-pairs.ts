import type { Answers, Json } from '../definitions/bundle.ts';
import { encode } from './encode.ts';
import type { CompiledForm, Pairs } from './form-types.ts';

/** Gives what a form starts with: the stored answers, or the defaults of a new record. Defaults never come back later. */
export function initialPairs(form: CompiledForm, options: { only?: string[]; prefix?: string; answers?: Answers } = {}): Pairs {
  const { answers, ...rest } = options;
  return encode(form, answers ?? defaultsOf(form), rest);
}

/** Gives the answers a form itself proposes for a new record. */
export function defaultsOf(form: CompiledForm): Answers {
  // JSON Schema allows any value here; the generated type of a keyword without a type is an object.
  return Object.fromEntries(form.questions.flatMap(({ name, field }) => (field.default === undefined ? [] : [[name, field.default as Json]])));
}
