import type { Answers } from '../definitions/bundle.ts';
import { lastFor } from '../definitions/once.ts';
import { branchName, postedBranch } from './branches.ts';
import type { CompiledForm, LayoutElement, Pairs, Posted, Question } from './form-types.ts';
import { nameIn } from './names.ts';
import { readPosted } from './read-posted.ts';

/**
 * Reads a post as answers: raw, neither pruned nor checked. Walks the schema and never the post. `base`: stored answers of
 * the questions that are not asked here (with `only`, or read-only). Throws tooLarge: see readPosted.
 */
export function decode(form: CompiledForm, pairs: Pairs, options: { prefix?: string; only?: string[]; base?: Answers } = {}): Answers {
  const { prefix = '', only, base = none } = options;
  return decodeOnce(pairs, { form, prefix, only, base });
}

const none: Answers = {};

/** `only`: the questions that are asked, all without it; `base`: the stored answers to the others. */
type Asked = { form: CompiledForm; only: string[] | undefined; base: Answers };

/** Is the same asked of the same record, as far as can be told at once? */
export function isSameAsked(one: Asked, other: Asked): boolean {
  return one.form === other.form && one.only?.join() === other.only?.join()
    && (one.base === other.base || (Object.keys(one.base).length === 0 && Object.keys(other.base).length === 0));
}

/** A request reads the same pairs several times, and what is handed in is what stood on the check page. */
const decodeOnce = lastFor(decodeAll, (one, other) => one.prefix === other.prefix && isSameAsked(one, other));

function decodeAll(pairs: Pairs, { form, prefix, only, base }: Asked & { prefix: string }): Answers {
  const asked = form.questions.filter(({ name, field }) => field.readOnly !== true && (only === undefined || only.includes(name)));
  // What is only written stands as it was while nothing else is filled in.
  const names = new Set(asked.filter(({ field }) => field.writeOnly !== true).map(({ name }) => name));
  const kept = Object.fromEntries(Object.entries(base).filter(([name]) => !names.has(name)));
  return { ...kept, ...decodeQuestions(asked, readPosted(pairs), prefix) };
}

/** Reads everything a page knows for its conditions: what it asks, what else was posted, and the stored answers for the rest. */
export function decodePage(form: CompiledForm, pairs: Pairs, options: { prefix?: string | undefined; only?: string[] | undefined; base?: Answers | undefined }): Answers {
  const { prefix = '', only, base = none } = options;
  if (only === undefined) return decode(form, pairs, { prefix, base });
  const posted = readPosted(pairs);
  const asked = form.questions.filter(({ name }) => only.includes(name) || posted.has(nameIn(prefix, name))).map(({ name }) => name);
  return decode(form, pairs, { prefix, base, only: asked });
}

/** Reads the questions of a form, a row or a group. */
export function decodeQuestions(questions: Question[], posted: Posted, at: string): Answers {
  const answers: Answers = {};
  for (const question of questions) {
    const value = question.control.decode(question, posted, nameIn(at, question.name));
    if (value !== undefined) answers[question.name] = value;
  }
  return answers;
}

/** Gives the rows of a list, gaps included, or the one place of a group or of the chosen one, with what was posted there. */
export function placesIn(question: Question, name: string, posted: Posted): PostedPlace[] {
  const { control, parts, elements, branches } = question;
  switch (control.holds) {
    case 'value': return [];
    case 'rows': return posted.rowsOf(name).map((index) => nameIn(name, index)).map((at) => ({ at, elements, answers: decodeQuestions(parts, posted, at), isConditional: false }));
    case 'group': return [{ at: name, elements, answers: decodeQuestions(parts, posted, name), isConditional: false }];
    case 'branches': {
      const index = postedBranch(question, posted, name) ?? -1;
      const branch = branches?.[index];
      const at = branchName(name, index);
      return branch === undefined ? [] : [{ at, elements: branch.elements, answers: decodeQuestions(branch.parts, posted, at), isConditional: true }];
    }
  }
}

/** Where questions stand in an answer. `isConditional`: they are there because of a choice. */
export type PostedPlace = { at: string; elements: LayoutElement[]; answers: Answers; isConditional: boolean };

/** Has anybody filled in something here? A box that was not ticked is no answer. */
export function isFilled(questions: Question[], answers: Answers): boolean {
  return questions.some(({ name, control }) => {
    const value = Object.hasOwn(answers, name) ? answers[name] : undefined;
    return value !== undefined && control.isFilled?.(value) !== false;
  });
}
