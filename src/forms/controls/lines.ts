import type { Control } from '../form-types.ts';
import { isOfType, manyLines, textOf } from './shared.ts';

/** A list of short texts: one a line. */
export const lines: Control = {
  name: 'textarea', asks: 'lines', holds: 'value',
  matches: (field) => field.type === 'array' && field.items !== undefined && isOfType(field.items, 'string'),
  decode: (_question, posted, at) => {
    const typed = manyLines(posted.last(at) ?? '').split('\n').map((line) => line.trim()).filter((line) => line !== '');
    return typed.length === 0 ? undefined : typed;
  },
  encode: (_question, value, at) => [[at, Array.isArray(value) ? value.map(textOf).join('\n') : '']],
  view: ({ field, options }, { at, posted, t }) => ({ value: posted.last(at) ?? '', rows: options.rows ?? 4, hint: field.description ?? t('forms.hint.lines') }),
  print: (_question, value) => ({ lines: Array.isArray(value) ? value.map(textOf) : [], rows: null })
};
