import type { Answers, Json } from '../../definitions/bundle.ts';
import type { Field } from '../../definitions/form.types.ts';
import { optionsOf } from '../../definitions/lookup.ts';
import type { FieldChoice, PrintPlace, Question } from '../form-types.ts';

/** Is this the only type of a field, but for null? */
export function isOfType(field: Field, ...types: string[]): boolean {
  const own = (Array.isArray(field.type) ? field.type : [field.type]).filter((type) => type !== 'null');
  return own.length === 1 && own.every((type) => type !== undefined && types.includes(type));
}

/** Does a field list its answers? */
export function hasChoices(field: Field): boolean {
  return optionsOf(field) !== null;
}

/** What an empty control means: null where the type has it and an answer is (or may be) required, else no answer. */
export function nothing({ field, required, requiredWhen }: Question): null | undefined {
  return (required || requiredWhen !== null) && Array.isArray(field.type) && field.type.includes('null') ? null : undefined;
}

/** Gives the answer of a choice a post carries; the text itself when it is none of them, so that it is refused and not lost. */
export function chosen({ choices }: Question, text: string): Json {
  const choice = choices?.find((one) => one.text === text);
  return choice === undefined ? text : choice.value;
}

/** Gives what a post carries for a choice. */
export function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Gives the title of a choice. */
export function titleOf({ choices }: Question, value: Json): string {
  const text = textOf(value);
  return choices?.find((one) => one.text === text)?.title ?? text;
}

/** Prints a chosen answer. */
export function printChoice(question: Question, value: Json): { lines: string[]; rows: null } {
  return { lines: value === null ? [] : [titleOf(question, value)], rows: null };
}

/** Prints text line by line; nothing for no answer. */
export function printText(_question: Question, value: Json, _place: PrintPlace): { lines: string[]; rows: null } {
  const text = value === null ? '' : textOf(value).trim();
  return { lines: text === '' ? [] : text.split('\n'), rows: null };
}

/** Do these answers fit beside each other? */
export function areShort(choices: FieldChoice[]): boolean {
  return choices.length <= 3 && choices.every(({ title, hint }) => title.length <= 16 && hint === null);
}

/** Words of one line: without line breaks and without spaces around them. */
export function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ').trim();
}

/** Line breaks as we keep them. */
export function manyLines(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** Is this an object: a group, a row, a snapshot? */
export function isObject(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Is a row of this list one answer, and not a group of questions? */
export function isBare({ parts }: Question): boolean {
  return parts[0]?.name === '';
}

/** Gives a row as answers: one answer is that of the question without a name. */
export function rowAnswers(question: Question, row: Json): Answers {
  return isBare(question) ? { '': row } : answersIn(row);
}

/** Gives a row as it is kept; undefined for one answer that is not there. */
export function rowValue(question: Question, answers: Answers): Json | undefined {
  return isBare(question) ? answers[''] : answers;
}

/** The answers of a row or group; none when it is neither. */
export function answersIn(value: Json): Answers {
  return isObject(value) ? value : {};
}

/** Do the rows of this list have ids of their own? Not when the form asks for one. */
export function hasOwnIds(question: Question): boolean {
  return !isBare(question) && question.parts.every(({ name }) => name !== 'id');
}
