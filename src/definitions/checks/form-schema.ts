import type { Field, FormDefinition } from '../form.types.ts';
import { branchesOf } from '../lookup.ts';
import { nearest } from '../nearest.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import { conditionalsOf, resolveField, wholeOf } from '../resolve-field.ts';
import { fieldPlacesOf } from './field-places.ts';
import { isSometimesApart } from './form-questions.ts';
import { unknownRequired } from './form-values.ts';

/** What holds questions: a form, a row, a group, or one of the groups to choose from. */
type Holder = { object: Field; path: Path; isConditional: (name: string) => boolean };

/** Checks what a schema says of several answers together: if and then, what depends on an answer, and what must go together. */
export function checkTogether(form: FormDefinition, conditional: (name: string) => boolean): Finding[] {
  const places = fieldPlacesOf(form);
  const holders: Holder[] = [
    { object: wholeOf(form), path: ['schema'], isConditional: conditional },
    ...places.filter(({ field, isDemand }) => !isDemand && field.$ref === undefined && resolveField(form, field).type === 'object').map(({ field, path }) => {
      const { properties = {} } = resolveField(form, field);
      return { object: field, path, isConditional: (name: string) => properties[name]?.when !== undefined || isSometimesApart(form, [...path.filter((_, index) => index % 2 === 0).slice(1), name].join('.')) };
    })
  ];
  const objects = [{ field: wholeOf(form), path: ['schema'] as Path }, ...places];
  return [...objects.flatMap(({ field, path }) => loneKeywords(field, path)), ...holders.flatMap((holder) => checkHolder(form, holder))];
}

function loneKeywords(field: Field, path: Path): Finding[] {
  const lone = (key: keyof Field, ...others: (keyof Field)[]): Finding[] => (
    field[key] === undefined || others.some((other) => field[other] !== undefined) ? [] : [finding('loneKeyword', [...path, key], { key, other: others[0] ?? '' }, { at: 'key' })]
  );
  return [...lone('if', 'then', 'else'), ...lone('then', 'if'), ...lone('else', 'if'), ...lone('minContains', 'contains'), ...lone('maxContains', 'contains')];
}

function checkHolder(form: FormDefinition, { object, path, isConditional }: Holder): Finding[] {
  const whole = resolveField(form, object);
  const names = Object.keys(whole.properties ?? {});
  const unreadable = conditionalsOf(form, object).filter(({ lost }) => lost.length > 0).map(({ path: way, lost }) => (
    finding('ifUnreadable', [...path, ...way.slice(0, -1), 'if'], { key: String(lost[0]?.findLast((part) => typeof part === 'string')) })
  ));
  return [
    ...unreadable,
    ...unknownNames(object, names, path),
    ...(object.additionalProperties === false ? names.filter((name) => !Object.hasOwn(object.properties ?? {}, name)).map((name) => finding('closedAnswers', [...path, 'additionalProperties'], { name })) : []),
    ...(branchesOf(whole) === null ? demands(form, object, path, { names, isConditional }) : [])
  ];
}

/** Names in what depends on an answer that no question has. */
function unknownNames(object: Field, names: string[], path: Path): Finding[] {
  const unknown = (name: string, at: Path): Finding[] => (names.includes(name) ? [] : [finding('unknownField', at, { name, path: name }, { at: 'key', proposal: nearest(name, names) })]);
  const ofLists = (key: 'dependentRequired' | 'dependencies'): Finding[] => Object.entries(object[key] ?? {}).flatMap(([name, list]) => [
    ...unknown(name, [...path, key, name]),
    ...(Array.isArray(list) ? list.flatMap((one, index) => (names.includes(one) ? [] : [finding('unknownField', [...path, key, name, index], { name: one, path: one }, { proposal: nearest(one, names) })])) : [])
  ]);
  return [
    ...ofLists('dependentRequired'), ...ofLists('dependencies'),
    ...Object.keys(object.dependentSchemas ?? {}).flatMap((name) => unknown(name, [...path, 'dependentSchemas', name])),
    ...(['then', 'else'] as const).flatMap((key) => unknownRequired(object[key]?.required ?? [], names, [...path, key]))
  ];
}

/** What must or may not go together names questions that are there, and asks for none that is only sometimes asked. */
function demands(form: FormDefinition, object: Field, path: Path, known: { names: string[]; isConditional: (name: string) => boolean }): Finding[] {
  const under = (key: string, part: Field | undefined, at: Path): Finding[] => {
    const { required = [], properties = {}, ...rest } = part === undefined ? {} : resolveField(form, part);
    return [
      ...unknownRequired(required, known.names, at),
      ...Object.keys(properties).filter((name) => !known.names.includes(name)).map((name) => finding('unknownField', [...at, 'properties', name], { name, path: name }, { at: 'key', proposal: nearest(name, known.names) })),
      ...required.filter(known.isConditional).map((name) => finding('hiddenRequired', [...at, 'required'], { name, key })),
      ...inside(key, rest, at)
    ];
  };
  const inside = (above: string | null, { not, oneOf = [], anyOf = [], allOf = [] }: Field, at: Path): Finding[] => [
    ...(not === undefined ? [] : under('not', not, [...at, 'not'])),
    ...oneOf.flatMap((one, index) => under('oneOf', one, [...at, 'oneOf', index])),
    ...anyOf.flatMap((one, index) => under('anyOf', one, [...at, 'anyOf', index])),
    ...(above === null ? allOf.flatMap((one, index) => inside(null, one, [...at, 'allOf', index])) : allOf.flatMap((one, index) => under(above, one, [...at, 'allOf', index])))
  ];
  return inside(null, object, path);
}
