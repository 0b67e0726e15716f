import type { Translate } from '../../texts.ts';
import type { Control } from '../form-types.ts';
import { isOfType, manyLines, nothing, printText, textOf } from './shared.ts';

/** Up to this many characters one line is enough. */
const oneLineIsEnough = 200;

/** Several lines of text. */
export const textarea: Control = {
  name: 'textarea', asks: 'text', holds: 'value',
  matches: (field, { options }) => isOfType(field, 'string') && field.format === undefined && (options.multi ?? (field.maxLength ?? Infinity) > oneLineIsEnough),
  decode: (question, posted, at) => {
    const value = manyLines(posted.last(at) ?? '');
    return value.trim() === '' ? nothing(question) : value;
  },
  encode: (_question, value, at) => [[at, value === null ? '' : textOf(value)]],
  view: ({ field, options, inRow }, { at, posted, t }) => ({ value: posted.last(at) ?? '', rows: options.rows ?? rowsFor(field.maxLength ?? Infinity, inRow), count: field.maxLength === undefined ? null : countOf(field.maxLength, t) }),
  print: printText
};

/** How many characters may be typed; the browser counts them in the other sentences, with the number for `__`. */
function countOf(most: number, t: Translate): { [property: string]: string | number } {
  return {
    most, text: t('forms.count.most', { n: most }),
    left: t('forms.count.left', { n: '__' }), leftOne: t('forms.count.leftOne'), over: t('forms.count.over', { n: '__' }), overOne: t('forms.count.overOne')
  };
}

function rowsFor(maxLength: number, inRow: boolean): number {
  if (maxLength <= 300) return 2;
  if (maxLength <= 1000 || inRow) return 3;
  return maxLength <= 2000 ? 4 : 5;
}
