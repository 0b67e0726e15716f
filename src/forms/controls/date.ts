import type { Control, Pairs, Posted } from '../form-types.ts';
import { dayInWords } from '../day-in-words.ts';
import { partIdOf } from '../names.ts';
import { isOfType, nothing, textOf } from './shared.ts';

const parts = ['dag', 'maand', 'jaar'] as const;
/** A year before this is a slip of the pen. */
const earliest = '1900';

/** A day in three parts, as people say it; a partial date may be a month or a year. */
export const date: Control = {
  name: 'date', asks: 'day', holds: 'value',
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
  view: ({ field }, { at, posted, today, t }) => {
    const typed = typedParts(posted, at);
    return {
      hint: field.description ?? t(`forms.hint.${field.format ?? 'date'}`, { example: today.split('-').reverse().map(Number).join(' ') }),
      parts: parts.map((part, index) => ({
        id: index === 0 ? null : partIdOf(at, part), name: `${at}#${part}`, label: t(`forms.part.${part}`), value: typed[index] ?? '', year: part === 'jaar'
      }))
    };
  },
  print: (_question, value) => ({ lines: value === null ? [] : [dayInWords(textOf(value))], rows: null }),
  check: ({ field }, value, { today }) => {
    if (typeof value !== 'string') return null;
    if (value < earliest) return 'format';
    if (field['x-max'] === 'today' && value > today) return 'x-max';
    return field['x-min'] === 'today' && value < today.slice(0, value.length) ? 'x-min' : null;
  },
  explain: ({ field }, value) => {
    const typed = textOf(value).split('-');
    if (/^0\d{3}|^1[0-8]\d\d/.test(textOf(value))) return 'forms.problem.year';
    // A whole day that does not exist starts with its year.
    if (typed.length !== 3 || /^\d{4}-\d{2}-\d{2}$/.test(textOf(value))) return null;
    const isShort = /^\d{1,3}$/.test(typed[2] ?? '');
    const missing = parts.filter((_, index) => typed[index] === '');
    if (field.format === 'partial-date' && typed[0] === '') return isShort ? 'forms.problem.shortYear' : null;
    if (missing.length === 1) return `forms.problem.without.${missing[0] ?? ''}`;
    return missing.length === 0 && isShort ? 'forms.problem.shortYear' : null;
  }
};

/** What stands in the three fields; a whole day pasted in the first, as 18-3-2026 or 2026-03-18, is spread over them. */
function typedParts(posted: Posted, at: string): [day: string, month: string, year: string] {
  const part = (name: string): string => (posted.last(`${at}#${name}`) ?? '').trim();
  const [day, month, year] = [part('dag'), part('maand'), part('jaar')];
  if (`${month}${year}` !== '') return [day, month, year];
  const pasted = /^(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+(\d{4})$/.exec(day) ?? /^(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})$/.exec(day);
  if (pasted === null) return [day, month, year];
  const { groups } = pasted;
  return [groups?.['day'] ?? pasted[1] ?? '', groups?.['month'] ?? pasted[2] ?? '', groups?.['year'] ?? pasted[3] ?? ''];
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
