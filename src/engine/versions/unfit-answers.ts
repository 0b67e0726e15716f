import type { Answers, Json } from '../../definitions/bundle.ts';
import type { Field, FormDefinition } from '../../definitions/form.types.ts';
import { isObject } from '../../definitions/json-values.ts';
import { fieldsOf, optionsOf } from '../../definitions/lookup.ts';
import { resolveField } from '../../definitions/resolve-field.ts';
import { answerKey } from '../state/move-choices.ts';

/** An answer that a form does not know: of another kind than its question (`answer` null), or none of its fixed answers. */
export type Unfit = { path: string; answer: string | null };

/**
 * Gives the answers of a record that do not fit the questions of a form. An answer to a question that the form has no more is no
 * trouble, nor one that is missing, longer or older than it allows: nothing reads the first, and the rest was right when it was given.
 */
export function unfitAnswers(form: FormDefinition, answers: Answers, prefix: string): Unfit[] {
  return unfitIn(form, fieldsOf(form), answers, prefix);
}

function unfitIn(form: FormDefinition, fields: { [name: string]: Field }, answers: Answers, prefix: string): Unfit[] {
  const found = Object.entries(answers).flatMap(([name, value]): Unfit[] => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return field === undefined ? [] : unfitValue(form, resolveField(form, field), value, `${prefix}.${name}`);
  });
  return found.filter(({ path, answer }, index) => found.findIndex((other) => other.path === path && other.answer === answer) === index);
}

function unfitValue(form: FormDefinition, field: Field, value: Json, path: string): Unfit[] {
  if (!isOfKind(value, field)) return [{ path, answer: null }];
  if (Array.isArray(value)) {
    const { items } = field;
    return items === undefined ? [] : value.flatMap((one) => unfitValue(form, resolveField(form, items), one, path));
  }
  if (isObject(value)) return unfitIn(form, field.properties ?? {}, value, path);
  const options = optionsOf(field);
  return options === null || options.some((option) => answerKey(option.value) === answerKey(value)) ? [] : [{ path, answer: answerKey(value) }];
}

function isOfKind(value: Json, { type, format }: Field): boolean {
  if (type === undefined || value === null) return true;
  const kind = Array.isArray(value) ? 'array' : typeof value;
  const kinds = [type].flat();
  if (!kinds.some((one) => (one === 'integer' ? Number.isInteger(value) : one === kind))) return false;
  return format !== 'date' || typeof value !== 'string' || /^\d{4}-\d{2}-\d{2}$/.test(value);
}
