import type { Json } from '../../definitions/bundle.ts';
import type { Field, FormDefinition, UiElement } from '../../definitions/form.types.ts';
import { fieldsOf, labelOf, optionsOf } from '../../definitions/lookup.ts';
import { resolveField } from '../../definitions/resolve-field.ts';
import { answerKey } from '../state/move-choices.ts';

/** A part of a definition as it is compared: by key, in the order of the file. */
export type Keyed = { [key: string]: Json | undefined };

/**
 * Gives a form as two versions of it are compared: every question with what it refers to merged in, its fixed answers keyed by value
 * under `answers`, whether it must be answered beside it, and the loose texts of its layout apart.
 */
export function comparedForm(form: FormDefinition): Keyed {
  const { schema: { required = [], properties: _, $defs: __, definitions: ___, ...schema }, uischema, ...own } = form;
  return {
    ...own as unknown as Keyed, ...schema as unknown as Keyed,
    properties: Object.fromEntries(Object.entries(fieldsOf(form)).map(([name, field]) => [name, comparedField(form, field, required.includes(name))])),
    layoutTexts: textsIn(uischema), layout: (uischema ?? null) as Json
  };
}

function comparedField(form: FormDefinition, whole: Field, isRequired: boolean): Json {
  const { oneOf: _, enum: __, const: ___, items, properties, required = [], ...own } = resolveField(form, whole);
  const each = items === undefined ? null : resolveField(form, items);
  const options = optionsOf(each ?? whole);
  const parts = properties ?? each?.properties;
  const must = each?.required ?? required;
  return {
    ...own as { [key: string]: Json },
    ...(isRequired ? { required: true } : {}),
    ...(each?.type === undefined ? {} : { each: each.type }),
    ...(options === null ? {} : { answers: Object.fromEntries(options.map(({ value, title }) => [answerKey(value), { title }])) }),
    ...(parts === undefined ? {} : { properties: Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, comparedField(form, part, must.includes(name))])) })
  };
}

/** The headings and loose texts between the questions, in order. */
function textsIn(element: UiElement | undefined): string[] {
  if (element === undefined) return [];
  const { text = null, elements = [], options } = element;
  const detail = options?.detail;
  return [...[text, labelOf(element)].filter((one) => one !== null), ...elements.flatMap(textsIn), ...textsIn(typeof detail === 'object' ? detail : undefined)];
}
