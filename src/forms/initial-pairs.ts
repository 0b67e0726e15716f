import type { Answers, Json } from '../definitions/bundle.ts';
import { encode } from './encode.ts';
import type { CompiledForm, Pairs, Question } from './form-types.ts';

/** Gives what a form starts with: the stored answers, or the defaults of a new record. Defaults never come back later. */
export function initialPairs(form: CompiledForm, options: { only?: string[]; prefix?: string; answers?: Answers } = {}): Pairs {
  const { answers, ...rest } = options;
  return encode(form, answers === undefined ? defaultsOf(form) : withoutWriteOnly(form, answers), rest);
}

/** What is only written is not shown again; what is kept stays while nothing else is filled in (decode). */
function withoutWriteOnly({ questions }: CompiledForm, answers: Answers): Answers {
  const hidden = questions.filter(({ field }) => field.writeOnly === true).map(({ name }) => name);
  return hidden.length === 0 ? answers : Object.fromEntries(Object.entries(answers).filter(([name]) => !hidden.includes(name)));
}

/** Gives the answers of a new record to what is shown and never asked. */
export function shownDefaults({ questions }: CompiledForm): Answers {
  return defaultsIn(questions.filter(({ field }) => field.readOnly === true));
}

/** Gives the answers a form itself proposes for a new record. */
export function defaultsOf(form: CompiledForm): Answers {
  return defaultsIn(form.questions);
}

/** A group without a default of its own has those of its questions. */
function defaultsIn(questions: Question[]): Answers {
  return Object.fromEntries(questions.flatMap(({ name, field, control, parts }): [string, Json][] => {
    // JSON Schema allows any value here.
    if (field.default !== undefined) return [[name, field.default as Json]];
    const inside = control.holds === 'group' ? defaultsIn(parts) : {};
    return Object.keys(inside).length === 0 ? [] : [[name, inside]];
  }));
}
