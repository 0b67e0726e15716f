import type { Control } from '../form-types.ts';
import { hasChoices, isOfType, nothing, textOf } from './shared.ts';

/** A number, written as the Dutch do: 1,5. */
export const number: Control = {
  name: 'text', asks: 'number', holds: 'value',
  matches: (field) => isOfType(field, 'number', 'integer') && !hasChoices(field),
  decode: (question, posted, at) => {
    const typed = (posted.last(at) ?? '').replace(/\s/g, '');
    return typed === '' ? nothing(question) : readNumber(typed);
  },
  encode: (_question, value, at) => [[at, written(textOf(value))]],
  view: ({ field, options }, { at, posted }) => ({
    value: posted.last(at) ?? '', type: 'text', inputmode: isOfType(field, 'integer') ? 'numeric' : 'decimal', width: options.width ?? 'short'
  }),
  print: (_question, value) => ({ lines: value === null ? [] : [written(textOf(value))], rows: null }),
  explain: (_question, value) => (/^[-+]?\d+\.\d{3}$/.test(textOf(value)) && typeof value === 'string' ? 'forms.problem.dot' : null)
};

/** 1.500 may mean two things; what is no number stays as it was typed, and is refused. */
function readNumber(typed: string): number | string {
  if (!/^[-+]?\d+(?:[.,]\d+)?$/.test(typed) || /\.\d{3}$/.test(typed)) return typed;
  const number = Number(typed.replace(',', '.'));
  return Number.isFinite(number) ? (number === 0 ? 0 : number) : typed;
}

function written(text: string): string {
  return text.includes('e') ? decimal(text) : text.replace('.', ',');
}

/** Very large and very small numbers without an exponent. */
function decimal(text: string): string {
  const [mantissa = '', power = '0'] = text.split('e');
  const [whole = '', part = ''] = mantissa.replace('-', '').split('.');
  const digits = whole + part;
  const point = whole.length + Number(power);
  const sign = mantissa.startsWith('-') ? '-' : '';
  if (point <= 0) return `${sign}0,${'0'.repeat(-point)}${digits}`;
  return point >= digits.length ? `${sign}${digits}${'0'.repeat(point - digits.length)}` : `${sign}${digits.slice(0, point)},${digits.slice(point)}`;
}
