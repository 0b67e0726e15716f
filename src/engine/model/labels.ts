import type { Json } from '../../definitions/bundle.ts';
import type { Field, FormDefinition } from '../../definitions/form.types.ts';
import { isObject } from '../../definitions/json-values.ts';
import { insideOf, optionsOf } from '../../definitions/lookup.ts';
import { resolveField } from '../../definitions/resolve-field.ts';
import { calendarOf, units } from '../../definitions/term-units.ts';
import type { Duration, Term } from '../../definitions/workflow.types.ts';
import type { Model } from './prepare.ts';
import { readTime } from '../conditions/time-tests.ts';

/** Where words are looked up: the form that `this` and bare names belong to, and the fields of the row at hand. In a row `own` is the form of `this`. */
export type Scope = { form: FormDefinition | null; row: { [name: string]: Field } | null; own?: FormDefinition | null };

/** What a path means in words. */
export type Label = {
  /** Title of the task, or null for `this`, a row or a bare field. */
  task: string | null;
  /** How the field is called in a sentence, such as: de datum van het gesprek; null without a field or an x-name. */
  name: string | null;
  /** The question; null when the path names a whole record. */
  question: string | null;
  field: Field | null;
  /** The form the field belongs to. */
  form: FormDefinition | null;
};

/** Gives the words of a path that starts with a task, the subject, `this`, `for` or a field. */
export function labelOf(model: Model, path: readonly string[], scope: Scope): Label {
  const [head = ''] = path;
  if (scope.row !== null && head !== 'this' && head !== 'for') return fieldLabel(null, scope.form, scope.row, path);
  if (head === 'this') {
    const form = scope.own === undefined ? scope.form : scope.own;
    return fieldLabel(null, form, fieldsIn(form), path.slice(1));
  }
  const task = model.tasks.get(head);
  if (task === undefined) return fieldLabel(null, scope.form, fieldsIn(scope.form), path);
  return fieldLabel(task.title, task.form, fieldsIn(task.form), path.slice(1));
}

/** Gives the fields of one row of a list field; null when it has none. */
export function rowFields(form: FormDefinition | null, field: Field | null): { [name: string]: Field } | null {
  if (form === null || field === null) return null;
  return insideOf(field.items === undefined ? field : resolveField(form, field.items)) ?? null;
}

/** Gives an answer in words: the title of an option, yes or no, a number or a date. Null for free text. */
export function answerText(model: Pick<Model, 't' | 'zone'>, value: Json | undefined, field: Field | null, form: FormDefinition | null): string | null {
  const choices = field === null || form === null ? null : optionsOf(field.items === undefined ? field : resolveField(form, field.items));
  const option = choices?.find((choice) => isSameChoice(choice.value, value));
  if (option !== undefined) return option.title;
  if (typeof value === 'boolean') return model.t(value ? 'engine.yes' : 'engine.no');
  if (typeof value === 'number') return String(value);
  const time = readTime(value);
  return time === null ? null : dayText(model, time.length === 10 ? time : model.zone.dayOf(time));
}

/** Gives the value of a setting in words: titles of options, yes or no, a number, or the text of the school itself. */
export function settingText(model: Model, name: string, value: Json | undefined): string | null {
  const setting = model.workflow.settings?.[name];
  if (setting === undefined || value === undefined) return null;
  if (Array.isArray(value)) return joined(model, value.flatMap((one) => settingText(model, name, one) ?? []), 'and');
  if (typeof value === 'string') return setting.options?.[value]?.title ?? value;
  return answerText(model, value, null, null);
}

/** Is this a length of time, and nothing else? */
export function isDuration(value: unknown): value is Duration {
  return isObject(value) && Object.keys(value).length > 0 && Object.keys(value).every((key) => (units as readonly string[]).includes(key));
}

/** Gives a length of time in words, such as: 3 schooldagen. */
export function durationText(model: Model, duration: Duration): string {
  return units.flatMap((unit) => (typeof duration[unit] === 'number' ? [model.t(`engine.duration.${unit}`, { n: duration[unit] })] : [])).join(' ');
}

/** Gives a term in words; days of a calendar are called as that calendar says, such as: 5 schooldagen. */
export function termText(model: Model, term: Term): string {
  const counted = calendarOf(term);
  if (counted === null) return durationText(model, term);
  const unit = model.bundle.calendars?.[counted.id]?.unit;
  return `${String(counted.days)} ${unit === undefined ? counted.id : counted.days === 1 ? unit.one : unit.other}`;
}

/** Gives a title as it stands in a sentence: between quotes, so that one which ends in a question mark reads well too. */
export function quoted({ t }: Pick<Model, 't'>, title: string): string {
  return t('engine.subject.quoted', { title });
}

/** Joins words as a sentence does: a, b of c. */
export function joined(model: Model, words: string[], by: 'and' | 'or'): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${model.t(`engine.${by}`)} ${last}`;
}

/** Gives the titles of roles; `author` has its own words. */
export function roleTitles(model: Model, roles: readonly string[]): string[] {
  return roles.map((role) => (role === 'author' ? model.t('engine.author') : (model.workflow.roles[role]?.title ?? role)));
}

/** Gives a text with a capital first letter. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Gives a title as it stands in the middle of a sentence; an abbreviation keeps its capitals. */
export function lowered(title: string): string {
  return /^\p{Lu}\p{Ll}/u.test(title) ? title.charAt(0).toLocaleLowerCase('nl') + title.slice(1) : title;
}

/** Gives a day without its year, such as: 12 maart. */
export function shortDay({ t }: Pick<Model, 't'>, day: string): string {
  return t('engine.day', { day: Number(day.slice(8, 10)), month: t(`engine.month.${String(Number(day.slice(5, 7)))}`) });
}

/** Options with numbers compare as text (semantics 11). */
function isSameChoice(one: Json, other: Json | undefined): boolean {
  if (one === null || typeof one === 'object' || other === null || typeof other === 'object') return false;
  return String(one) === String(other);
}

function dayText(model: Pick<Model, 't'>, day: string): string {
  return `${shortDay(model, day)} ${day.slice(0, 4)}`;
}

function fieldsIn(form: FormDefinition | null): { [name: string]: Field } {
  return form?.schema.properties ?? {};
}

function fieldLabel(task: string | null, form: FormDefinition | null, fields: { [name: string]: Field }, path: readonly string[]): Label {
  let inside: { [name: string]: Field } | null = fields;
  let field: Field | null = null;
  for (const name of path) {
    const found: Field | undefined = inside?.[name];
    field = found === undefined || form === null ? null : resolveField(form, found);
    inside = rowFields(form, field);
  }
  return { task, form, field, name: field?.['x-name'] ?? null, question: path.length === 0 ? null : (field?.title ?? path.at(-1) ?? null) };
}
