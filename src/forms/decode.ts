import type { Answers } from '../definitions/bundle.ts';
import type { CompiledForm, Pairs, Posted, Question } from './form-types.ts';
import { nameIn } from './names.ts';
import { readPosted } from './read-posted.ts';

/**
 * Reads a post as answers: raw, neither pruned nor checked. Walks the schema and never the post. `base`: stored answers of
 * the questions that are not asked here (with `only`, or read-only). Throws tooLarge: see readPosted.
 */
export function decode(form: CompiledForm, pairs: Pairs, options: { prefix?: string; only?: string[]; base?: Answers } = {}): Answers {
  const { prefix = '', only, base = {} } = options;
  const asked = form.questions.filter(({ name, field }) => field.readOnly !== true && (only === undefined || only.includes(name)));
  const names = new Set(asked.map(({ name }) => name));
  const kept = Object.fromEntries(Object.entries(base).filter(([name]) => !names.has(name)));
  return { ...kept, ...decodeQuestions(asked, readPosted(pairs), prefix) };
}

/** Reads everything a page knows for its conditions: what it asks, what else was posted, and the stored answers for the rest. */
export function decodePage(form: CompiledForm, pairs: Pairs, options: { prefix?: string | undefined; only?: string[] | undefined; base?: Answers | undefined }): Answers {
  const { prefix = '', only, base = {} } = options;
  const posted = readPosted(pairs);
  const asked = form.questions.filter(({ name }) => only === undefined || only.includes(name) || posted.has(nameIn(prefix, name))).map(({ name }) => name);
  return decode(form, pairs, { prefix, base, only: asked });
}

/** Reads the questions of a form, a row or a group. */
export function decodeQuestions(questions: Question[], posted: Posted, at: string): Answers {
  return Object.fromEntries(questions.flatMap((question) => {
    const value = question.control.decode(question, posted, nameIn(at, question.name));
    return value === undefined ? [] : [[question.name, value]];
  }));
}

/** Gives the rows of a list, gaps included, or the one place of a group, with what was posted there. */
export function placesIn({ control, parts }: Question, name: string, posted: Posted): { at: string; answers: Answers }[] {
  const places = control.holds === 'rows' ? posted.rowsOf(name).map((index) => nameIn(name, index)) : control.holds === 'group' ? [name] : [];
  return places.map((at) => ({ at, answers: decodeQuestions(parts, posted, at) }));
}

/** Has anybody filled in something here? A box that was not ticked is no answer. */
export function isFilled(questions: Question[], answers: Answers): boolean {
  return questions.some(({ name, control }) => {
    const value = Object.hasOwn(answers, name) ? answers[name] : undefined;
    return value !== undefined && control.isFilled?.(value) !== false;
  });
}
