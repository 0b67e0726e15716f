import type { Control, Pairs, Posted } from '../form-types.ts';
import { dayInWords } from '../day-in-words.ts';
import { partIdOf } from '../names.ts';
import { isOfType, nothing, textOf } from './shared.ts';

const parts = ['dag', 'maand', 'jaar'] as const;

/** A day in three parts, as people say it; a partial date may be a month or a year. */
export const date: Control = {
  name: 'date', asks: 'text', holds: 'value',
  matches: (field) => isOfType(field, 'string') && (field.format === 'date' || field.format === 'partial-date'),
  decode: (question, posted, at) => {
    const [day, month, year] = typedParts(posted, at);
    if (`${day}${month}${year}` === '') return nothing(question);
    return readDay(day, month, year, question.field.format === 'partial-date');
  },
  encode: (_question, value, at): Pairs => {
    const text = value === null ? '' : textOf(value);
    const [, year, month, day] = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(text) ?? [];
    const [typedDay, typedMonth, typedYear] = year === undefined ? text.split('-') : [short(day), short(month), year];
    return [[`${at}#dag`, typedDay ?? ''], [`${at}#maand`, typedMonth ?? ''], [`${at}#jaar`, typedYear ?? '']];
  },
  view: ({ field }, { at, posted, now, zone, t }) => {
    const typed = typedParts(posted, at);
    return {
      hint: field.description ?? t('forms.hint.date', { example: zone.dayOf(now).split('-').reverse().map(Number).join(' ') }),
      parts: parts.map((part, index) => ({
        id: index === 0 ? null : partIdOf(at, part), name: `${at}#${part}`, label: t(`forms.part.${part}`), value: typed[index] ?? '', year: part === 'jaar'
      }))
    };
  },
  print: (_question, value) => ({ lines: value === null ? [] : [dayInWords(textOf(value))], rows: null }),
  check: ({ field }, value, { today }) => {
    if (typeof value !== 'string') return null;
    if (value < '1900') return 'forms.problem.year';
    if (field['x-max'] === 'today' && value > today) return 'forms.problem.future';
    return field['x-min'] === 'today' && value < today.slice(0, value.length) ? 'forms.problem.past' : null;
  },
  explain: (value) => {
    const typed = textOf(value).split('-');
    // A whole day that does not exist starts with its year.
    if (typed.length !== 3 || /^\d{4}-\d{2}-\d{2}$/.test(textOf(value))) return null;
    const missing = parts.filter((_, index) => typed[index] === '');
    if (missing.length === 1) return `forms.problem.without.${missing[0] ?? ''}`;
    return missing.length === 0 && /^\d{1,3}$/.test(typed[2] ?? '') ? 'forms.problem.shortYear' : null;
  }
};

function typedParts(posted: Posted, at: string): [day: string, month: string, year: string] {
  const part = (name: string): string => (posted.last(`${at}#${name}`) ?? '').trim();
  return [part('dag'), part('maand'), part('jaar')];
}

/** What is no day stays as it was typed, as day-month-year, and is refused. */
function readDay(day: string, month: string, year: string, isPartial: boolean): string {
  const isWhole = /^\d{1,2}$/.test(day) && /^\d{1,2}$/.test(month) && /^\d{4}$/.test(year);
  if (isWhole) return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (isPartial && day === '' && /^\d{4}$/.test(year) && /^\d{0,2}$/.test(month)) return month === '' ? year : `${year}-${month.padStart(2, '0')}`;
  return `${day}-${month}-${year}`;
}

function short(part: string | undefined): string {
  return part === undefined ? '' : String(Number(part));
}
