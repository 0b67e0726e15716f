import type { Answers, Json } from '../definitions/bundle.ts';
import type { Field, FormDefinition } from '../definitions/form.types.ts';
import { fieldsOf, insideOf, optionsOf } from '../definitions/lookup.ts';
import { resolveField } from '../definitions/resolve-field.ts';
import { fileText } from '../forms/controls/file.ts';
import { readFileAnswer } from '../forms/file-answer.ts';
import type { Translate } from '../texts.ts';
import { formatDay, formatTime } from './dutch-time.ts';
import type { PrintedField, PrintedFields } from './printed-field.ts';

/** The words of answers. `chosen`: of a question that chooses from the case, null for others; `leavesOut`: what it chooses is not named here. */
export type Words = { t: Translate; chosen: (field: Field, answer: Json) => string | null; leavesOut: (field: Field) => boolean };

/** Prints every field of a form by name, in the order of the form; a field without an answer has no lines. What only some roles may read is in no document. */
export function printFields(form: FormDefinition, answers: Answers, words: Words): PrintedFields {
  return printAll(form, Object.fromEntries(Object.entries(fieldsOf(form)).filter(([, field]) => field['x-access'] === undefined)), answers, words);
}

/** Gives the fields of a form with every answer left out. */
export function withholdFields(form: FormDefinition, words: Words): PrintedFields {
  return Object.fromEntries(Object.entries(printFields(form, {}, words)).map(([name, field]) => [name, { ...field, weggelaten: true }]));
}

function printAll(form: FormDefinition, fields: { [name: string]: Field }, answers: Answers, words: Words): PrintedFields {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, printField(form, name, resolveField(form, field), answers[name] ?? null, words)]));
}

function printField(form: FormDefinition, name: string, field: Field, answer: Json, words: Words): PrintedField {
  const items = itemsOf(form, field);
  const rowFields = partsOf(items);
  const parts = partsOf(field);
  const isShown = field.writeOnly !== true;
  const isLeftOut = words.leavesOut(field);
  return {
    vraag: field.title ?? name,
    regels: rowFields === null && parts === null && isShown && !isLeftOut ? linesOf(items ?? field, answer, words) : [],
    waarde: isShown ? answer : null,
    rijen: rowFields === null ? null : rowsOf(answer).map((row) => printAll(form, rowFields, row, words)),
    weggelaten: isLeftOut,
    delen: parts === null ? null : printAll(form, parts, isObject(answer) ? answer : {}, words),
    bron: field['x-source'] ?? null
  };
}

/** A partner or colleague that was picked is one answer, not a group of questions. */
function partsOf(field: Field | null): { [name: string]: Field } | null {
  return field === null || field['x-options'] !== undefined ? null : (insideOf(field) ?? null);
}

/** What each row of a list is; of lists in a list the rows of those. Null: this is no list. */
function itemsOf(form: FormDefinition, field: Field): Field | null {
  const items = field.items === undefined ? null : resolveField(form, field.items);
  return items?.items === undefined ? items : itemsOf(form, items);
}

/** Gives the lines of an answer. Of a list each part is a line of its own. */
function linesOf(field: Field, answer: Json, words: Words): string[] {
  const { t } = words;
  if (Array.isArray(answer)) return answer.flatMap((part) => linesOf(field, part, words));
  if (answer === null || answer === '') return [];
  const taken = words.chosen(field, answer);
  if (taken !== null) return [taken];
  const option = optionsOf(field)?.find(({ value }) => value === answer);
  if (option !== undefined) return [option.title];
  if (typeof answer === 'boolean') return [t(answer ? 'documents.answerYes' : 'documents.answerNo')];
  if (typeof answer === 'number') return [String(answer).replace('.', ',')];
  if (isObject(answer)) return namesIn(answer, t);
  switch (field.format) {
    case 'date':
    case 'partial-date': return [formatDay(answer)];
    case 'time': return [t('documents.time', { time: formatTime(answer) })];
    case 'date-time': return [t('documents.moment', { day: formatDay(answer), time: formatTime(answer) })];
    default: return answer.trim().split('\n');
  }
}

/** A chosen partner, colleague or file is kept as a snapshot; people read its name, and of a file its kind and size. */
function namesIn(snapshot: { [key: string]: Json }, t: Translate): string[] {
  const file = readFileAnswer(snapshot);
  if (file !== null) return [fileText(file, t)];
  return [snapshot['name'] ?? snapshot['naam']].filter((name) => typeof name === 'string');
}

function rowsOf(answer: Json): Answers[] {
  return Array.isArray(answer) ? answer.flatMap((row) => (Array.isArray(row) ? rowsOf(row) : isObject(row) ? [row] : [])) : [];
}

function isObject(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
