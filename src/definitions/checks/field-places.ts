import type { Field, FormDefinition } from '../form.types.ts';
import { branchesOf } from '../lookup.ts';
import { onceFor } from '../once.ts';
import type { Path } from '../problem.ts';
import { partName, partsOf, resolveField, wholeOf } from '../resolve-field.ts';

/** Fields by name. */
export type Fields = { [name: string]: Field };

/** One field of a form as its file has it, with where it stands. */
export type FieldPlace = {
  field: Field;
  path: Path;
  /** Null for what has no name: one item of a list, a choice, or a part of $defs. */
  name: string | null;
  /** The fields beside it, itself included. */
  siblings: Fields;
  /** Is it named in the `required` beside it? */
  isRequired: boolean;
  /** Is it asked by itself? Not so for the id and name behind a choice from the partners or the staff. */
  isAsked: boolean;
  /** Does it only say more of an answer, as what stands in `if`, `not`, `contains` and most of `then` does? Such a field is no question. */
  isDemand: boolean;
};

type Around = Pick<FieldPlace, 'isAsked' | 'isDemand'>;

/**
 * Gives every field of a form, also those in rows, groups, choices and $defs, and all that only says more of one, in file order. Does not
 * follow $ref.
 */
export const fieldPlacesOf = onceFor((form: FormDefinition): readonly FieldPlace[] => {
  const whole = insideOf(form, wholeOf(form), ['schema'], { isAsked: true, isDemand: false });
  return [...whole, ...(['$defs', 'definitions'] as const).flatMap((key) => Object.entries(form.schema[key] ?? {}).flatMap(([name, field]) =>
    placed(form, { field, path: ['schema', key, name], name: null, siblings: {}, isRequired: false, isAsked: false, isDemand: onlyDemanded(form, whole, name) }, true)))];
});

/** Is a part named only where it says more of an answer? */
function onlyDemanded(form: FormDefinition, whole: FieldPlace[], name: string): boolean {
  const parts = Object.values(partsOf(form)).flatMap((field) => insideOf(form, { allOf: [field] }, [], { isAsked: true, isDemand: false }));
  const naming = [...whole, ...parts].filter(({ field }) => field.$ref !== undefined && partName(field.$ref) === name);
  return naming.length > 0 && naming.every(({ isDemand }) => isDemand);
}

/** Gives how many levels of rows and groups a field has below it, with each $ref followed. Parts may not name themselves. */
export function levelsOf(form: FormDefinition, field: Field): number {
  const whole = resolveField(form, field);
  const { items, properties = {} } = whole;
  const inner = [...(items === undefined ? [] : [items]), ...Object.values(properties), ...(branchesOf(whole) ?? []).flatMap((branch) => Object.values(branch.properties ?? {}))];
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

function placed(form: FormDefinition, place: FieldPlace, areAsked: boolean): FieldPlace[] {
  return [place, ...insideOf(form, place.field, place.path, { isAsked: areAsked && place.field['x-options'] === undefined, isDemand: place.isDemand })];
}

/** The fields in a field: its questions, its rows, its choices, and what more is said of it. */
function insideOf(form: FormDefinition, field: Field, path: Path, around: Around, always: Fields = {}): FieldPlace[] {
  const { properties = {}, required = [] } = field;
  const part = (one: Field | undefined, at: Path, isDemand: boolean): FieldPlace[] => (one === undefined ? [] : placed(form, {
    field: one, path: [...path, ...at], name: null, siblings: {}, isRequired: false, isAsked: false, isDemand: around.isDemand || isDemand
  }, around.isAsked));
  // What stands beside further keywords is one field with them.
  const here = { ...always, ...properties };
  const further = (one: Field | undefined, at: Path): FieldPlace[] => (one === undefined ? [] : [
    { field: one, path: [...path, ...at], name: null, siblings: {}, isRequired: false, isAsked: false, isDemand: true },
    ...insideOf(form, one, [...path, ...at], around, here)
  ]);
  const listed = (key: 'oneOf' | 'anyOf'): FieldPlace[] => (field[key] ?? []).flatMap((one, index) =>
    (branchesOf(resolveField(form, field)) === null ? part(one, [key, index], true) : further(one, [key, index])));
  return [
    ...part(field.items, ['items'], false),
    ...Object.entries(properties).flatMap(([name, one]) => placed(form, {
      field: one, path: [...path, 'properties', name], name, siblings: { ...always, ...properties }, isRequired: required.includes(name),
      isAsked: around.isAsked, isDemand: around.isDemand || Object.hasOwn(always, name)
    }, around.isAsked)),
    ...(field.allOf ?? []).flatMap((one, index) => further(one, ['allOf', index])),
    ...listed('oneOf'), ...listed('anyOf'),
    ...part(field.not, ['not'], true), ...part(field.if, ['if'], true), ...part(field.contains, ['contains'], true),
    ...further(field.then, ['then']), ...further(field.else, ['else']),
    ...Object.entries(field.dependentSchemas ?? {}).flatMap(([name, one]) => further(one, ['dependentSchemas', name])),
    ...Object.entries(field.dependencies ?? {}).flatMap(([name, one]) => (Array.isArray(one) ? [] : further(one, ['dependencies', name])))
  ];
}
