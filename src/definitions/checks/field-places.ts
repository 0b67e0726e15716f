import type { Field, FormDefinition } from '../form.types.ts';
import { resolveField } from '../lookup.ts';
import type { Path } from '../problem.ts';

/** Fields by name. */
export type Fields = { [name: string]: Field };

/** One field of a form as its file has it, with where it stands. */
export type FieldPlace = {
  field: Field;
  path: Path;
  /** Null for what has no name: one item of a list, or a part of $defs. */
  name: string | null;
  /** The fields beside it, itself included. */
  siblings: Fields;
  /** Is it named in the `required` beside it? */
  isRequired: boolean;
  /** Is it asked by itself? Not so for the id and name behind a choice from the partners or the staff. */
  isAsked: boolean;
};

/** Gives every field of a form, also those in rows, groups and $defs, in file order. Does not follow $ref. */
export function fieldPlacesOf(form: FormDefinition): FieldPlace[] {
  const { properties, required = [], $defs = {} } = form.schema;
  return [
    ...placesIn(properties, required, ['schema', 'properties'], true),
    ...Object.entries($defs).flatMap(([name, field]) => withInner({ field, path: ['schema', '$defs', name], name: null, siblings: {}, isRequired: false, isAsked: false }, true))
  ];
}

/** Gives how many levels of rows and groups a field has below it, with each $ref followed. Parts may not name themselves. */
export function levelsOf(form: FormDefinition, field: Field): number {
  const { items, properties = {} } = resolveField(form, field);
  const inner = [...(items === undefined ? [] : [items]), ...Object.values(properties)];
  return inner.length === 0 ? 0 : 1 + Math.max(...inner.map((one) => levelsOf(form, one)));
}

/** Gives fields by name, each with its $ref followed. */
export function resolvedAll(form: FormDefinition, fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, resolveField(form, field)]));
}

/** Gives the kinds of answer a field names, without null. */
export function kindsOf(field: Field): string[] {
  return field.type === undefined ? [] : [field.type].flat().filter((type) => type !== 'null');
}

function placesIn(fields: Fields, required: string[], path: Path, isAsked: boolean): FieldPlace[] {
  return Object.entries(fields).flatMap(([name, field]) =>
    withInner({ field, path: [...path, name], name, siblings: fields, isRequired: required.includes(name), isAsked }, isAsked));
}

function withInner(place: FieldPlace, isAsked: boolean): FieldPlace[] {
  const { field, path } = place;
  const areAsked = isAsked && field['x-options'] === undefined;
  return [
    place,
    ...(field.items === undefined ? [] : withInner({ field: field.items, path: [...path, 'items'], name: null, siblings: {}, isRequired: false, isAsked: false }, areAsked)),
    ...placesIn(field.properties ?? {}, field.required ?? [], [...path, 'properties'], areAsked)
  ];
}
