import type { Json } from '../../definitions/bundle.ts';
import type { Control } from '../form-types.ts';
import { hasChoices, isOfType, manyLines, nothing, textOf } from './shared.ts';

/** Formats that have a control of their own. */
const oneByOne: ReadonlySet<string> = new Set(['date', 'partial-date', 'time', 'date-time']);

/** A list of short texts: one a line. */
export const lines: Control = {
  name: 'textarea', asks: 'lines', holds: 'value',
  matches: (field) => isOfType(field, 'array') && field.items !== undefined && isOfType(field.items, 'string') && field.items['x-options'] === undefined && !hasChoices(field.items) && !oneByOne.has(field.items.format ?? ''),
  decode: (question, posted, at) => {
    const typed = linesIn(posted.last(at) ?? '');
    return typed.length === 0 ? nothing(question) : typed;
  },
  encode: (_question, value, at) => [[at, Array.isArray(value) ? value.map(textOf).join('\n') : '']],
  view: ({ field, options }, { at, posted, t }) => ({ value: posted.last(at) ?? '', rows: options.rows ?? 4, hint: field.description ?? t('forms.hint.lines') }),
  print: (_question, value) => ({ lines: Array.isArray(value) ? value.map(textOf) : [], rows: null }),
  settle: (_question, value) => (Array.isArray(value) ? value.flatMap((line): Json[] => (typeof line === 'string' ? linesIn(line) : [line])) : value)
};

function linesIn(text: string): string[] {
  return manyLines(text).split('\n').map((line) => line.trim()).filter((line) => line !== '');
}
