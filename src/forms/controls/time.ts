import type { Control } from '../form-types.ts';
import { isOfType, nothing, textOf } from './shared.ts';

/** A time of day, typed as 14.30 or 14:30. */
export const time: Control = {
  name: 'text', asks: 'time', holds: 'value',
  matches: (field) => isOfType(field, 'string') && field.format === 'time',
  decode: (question, posted, at) => {
    const typed = (posted.last(at) ?? '').trim();
    return typed === '' ? nothing(question) : readTime(typed);
  },
  encode: (_question, value, at) => [[at, value === null ? '' : textOf(value).replace(':', '.')]],
  view: ({ field }, { at, posted, t }) => ({ value: posted.last(at) ?? '', type: 'text', width: 'short', hint: field.description ?? t('forms.hint.time') }),
  print: (_question, value, { t }) => ({ lines: value === null ? [] : [t('forms.time', { time: textOf(value).replace(':', '.') })], rows: null })
};

/** 9.05, 9:05, 14 uur. What is no time stays as it was typed, and is refused. */
export function readTime(typed: string): string {
  const [, hours, minutes = '00'] = /^(\d{1,2})(?:[:.](\d{2}))?(?:\s*uur)?$/.exec(typed) ?? [];
  return hours === undefined ? typed : `${hours.padStart(2, '0')}:${minutes}`;
}
