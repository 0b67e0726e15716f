import type { Control, Pairs } from '../form-types.ts';
import { dayInWords } from '../day-in-words.ts';
import { date } from './date.ts';
import { isOfType, nothing, textOf } from './shared.ts';
import { readTime } from './time.ts';
import { partIdOf } from '../names.ts';

/** A day with a time, both as they are at the school; kept as a moment in UTC, to the minute. */
export const moment: Control = {
  name: 'date', asks: 'day', holds: 'value',
  matches: (field) => isOfType(field, 'string') && field.format === 'date-time',
  decode: (question, posted, at) => {
    const day = date.decode({ ...question, field: { format: 'date' }, required: false, requiredWhen: null }, posted, at);
    const time = (posted.last(`${at}#tijd`) ?? '').trim();
    if (day === undefined && time === '') return nothing(question);
    const typed = textOf(day ?? '--');
    const known = readTime(time);
    // What is no moment stays as it was typed, and is refused.
    return (/^\d{4}-\d{2}-\d{2}$/.test(typed) && /^\d{2}:\d{2}$/.test(known) ? question.zone.momentOf(typed, known) : null) ?? `${typed} ${time}`;
  },
  encode: (question, value, at): Pairs => {
    const text = value === null ? '' : textOf(value);
    const isMoment = /^\d{4}-\d{2}-\d{2}T/.test(text) && !Number.isNaN(Date.parse(text));
    const [day = '', time = ''] = isMoment ? [question.zone.dayOf(text), question.zone.timeOf(text).replace(':', '.')] : text.split(' ');
    return [...date.encode(question, day, at), [`${at}#tijd`, time]];
  },
  view: (question, place) => {
    const { at, posted, today, t } = place;
    const { parts } = date.view({ ...question, field: { format: 'date' } }, place);
    return {
      hint: question.field.description ?? t('forms.hint.date-time', { example: today.split('-').reverse().map(Number).join(' ') }),
      parts: [...(parts as object[]), { id: partIdOf(at, 'tijd'), name: `${at}#tijd`, label: t('forms.part.tijd'), value: posted.last(`${at}#tijd`) ?? '', year: true }]
    };
  },
  print: (question, value, { t }) => {
    const text = value === null ? '' : textOf(value);
    if (Number.isNaN(Date.parse(text))) return { lines: text === '' ? [] : [text], rows: null };
    return { lines: [t('forms.moment', { day: dayInWords(question.zone.dayOf(text)), time: question.zone.timeOf(text).replace(':', '.') })], rows: null };
  },
  settle: (_question, value) => {
    const ms = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(value) ? Date.parse(value) : NaN;
    return Number.isNaN(ms) ? value : new Date(ms - ms % 60_000).toISOString();
  }
};
