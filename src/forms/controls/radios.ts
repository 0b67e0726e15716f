import type { Control, FieldChoice, Question, ViewPlace } from '../form-types.ts';
import { idOf, partIdOf } from '../names.ts';
import { areShort, chosen, hasChoices, nothing, printChoice, textOf } from './shared.ts';

/** One answer of a few. The first radio carries the id of the question. */
export const radios: Control = {
  name: 'radios', asks: 'choice', holds: 'value',
  matches: (field) => hasChoices(field) && field.type !== 'array',
  decode: (question, posted, at) => {
    const text = posted.last(at) ?? '';
    return text === '' ? nothing(question) : chosen(question, text);
  },
  encode: (_question, value, at) => [[at, textOf(value)]],
  view: (question, place) => ({
    inline: question.options.inline ?? areShort(question.choices ?? []),
    choices: choiceViews(question, place, question.choices ?? [])
  }),
  print: printChoice
};

/** The answers of radios or boxes as their partial draws them. */
export function choiceViews(_question: Question, { at, posted }: ViewPlace, choices: FieldChoice[]): { [property: string]: unknown }[] {
  const picked = posted.all(at);
  return choices.map(({ text, title, hint }, index) => ({
    id: index === 0 ? idOf(at) : partIdOf(at, index + 1), value: text, text: title, hint, checked: picked.includes(text), first: index === 0
  }));
}
