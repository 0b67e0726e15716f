import type { Control } from '../form-types.ts';
import { isOfType, nothing, oneLine, printText, textOf } from './shared.ts';

const inputTypes: { [format: string]: string } = { email: 'email', uri: 'url' };

/** One line of text. */
export const text: Control = {
  name: 'text', asks: 'text', holds: 'value',
  matches: (field) => isOfType(field, 'string'),
  decode: (question, posted, at) => {
    const value = oneLine(posted.last(at) ?? '');
    return value === '' ? nothing(question) : value;
  },
  encode: (_question, value, at) => [[at, value === null ? '' : textOf(value)]],
  view: ({ field, options }, { at, posted }) => ({
    value: posted.last(at) ?? '',
    type: inputTypes[field.format ?? ''] ?? 'text',
    width: options.width ?? ((field.maxLength ?? 200) <= 40 ? 'short' : 'full')
  }),
  print: printText
};
