import type { Control } from '../form-types.ts';
import { choiceViews } from './radios.ts';
import { chosen, hasChoices, isOfType, nothing, textOf, titleOf } from './shared.ts';

/** Several answers of a list, in the order of the list. */
export const checkboxes: Control = {
  name: 'checkboxes', asks: 'several', holds: 'value',
  matches: (field) => isOfType(field, 'array') && field.uniqueItems === true && field.items !== undefined && hasChoices(field.items),
  decode: (question, posted, at) => {
    const picked = [...new Set(posted.all(at))].filter((text) => text !== '');
    const known = (question.choices ?? []).filter(({ text }) => picked.includes(text));
    const unknown = picked.filter((text) => !known.some((choice) => choice.text === text)).map((text) => chosen(question, text));
    const values = [...known.map(({ value }) => value), ...unknown];
    return values.length === 0 ? nothing(question) : values;
  },
  encode: (_question, value, at) => (Array.isArray(value) ? value.map((part) => [at, textOf(part)]) : []),
  view: (question, place) => ({ choices: choiceViews(question, place, question.choices ?? []) }),
  print: (question, value) => ({ lines: Array.isArray(value) ? value.map((part) => titleOf(question, part)) : [], rows: null })
};
