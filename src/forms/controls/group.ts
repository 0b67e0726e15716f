import { decodeQuestions } from '../decode.ts';
import { encodeQuestions } from '../encode.ts';
import type { Control } from '../form-types.ts';
import { printElements } from '../print-elements.ts';
import { viewElements } from '../view-elements.ts';
import { answersIn, isOfType, nothing } from './shared.ts';

/** A question of several parts that belong together. */
export const group: Control = {
  name: 'fields', asks: 'group', holds: 'group',
  matches: (field) => isOfType(field, 'object') && field.properties !== undefined,
  // Empty but required: the messages then stand at its parts.
  decode: (question, posted, at) => {
    const answers = decodeQuestions(question.parts, posted, at);
    if (Object.keys(answers).length > 0) return answers;
    const empty = nothing(question);
    return empty === undefined && question.required ? {} : empty;
  },
  encode: ({ parts }, value, at) => encodeQuestions(parts, answersIn(value), at),
  view: ({ parts, elements }, place) => ({
    nodes: viewElements(elements, decodeQuestions(parts, place.posted, place.at), { ...place, isHere: () => true, takenFrom: () => null, isChangeable: () => true })
  }),
  print: ({ elements }, value, place) => {
    const answers = printElements(elements, answersIn(value), place).filter(({ lines, rows }) => lines.length > 0 || rows !== null);
    return { lines: [], rows: answers.length === 0 ? [] : [answers] };
  }
};
