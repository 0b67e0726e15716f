import { RE2JS } from 're2js';
import type { Json } from '../bundle.ts';
import type { Field, FormDefinition } from '../form.types.ts';
import { branchesOf, optionsOf } from '../lookup.ts';
import { nearest } from '../nearest.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import { resolveField } from '../resolve-field.ts';
import { fieldPlacesOf, kindsOf, type FieldPlace } from './field-places.ts';

/** Checks that each field has one kind of answer, only keywords of that kind, and values that can be. */
export function checkFieldValues(form: FormDefinition): Finding[] {
  return fieldPlacesOf(form).flatMap((place) => {
    if (place.isDemand) return [...emptyRanges(place.field, place.path), ...checkPattern(place)];
    const whole = resolveField(form, place.field);
    const kinds = kindsOf(whole);
    const [kind] = kinds;
    if (kind === undefined) return [finding('missingKeyword', place.path, { key: 'type' })];
    if (kinds.length > 1) return [finding('severalTypes', [...place.path, 'type'], { found: [whole.type].flat().join(', ') })];
    return [
      ...unfitKeywords(place.field, kind, whole, place.path),
      ...checkInside(whole, kind, place),
      ...emptyRanges(whole, place.path),
      ...checkOptions(whole, kind, place),
      ...checkPattern(place)
    ];
  });
}

const numberWords = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'];

/** Keywords that say something of one kind of answer only. JSON Schema ignores them elsewhere in silence. */
const wordsOfKind: { [kind: string]: readonly string[] } = {
  string: ['minLength', 'maxLength', 'pattern', 'format', 'x-min', 'x-max', 'x-date', 'x-autocomplete', 'x-options'],
  number: numberWords,
  integer: numberWords,
  boolean: [],
  array: ['items', 'minItems', 'maxItems', 'uniqueItems', 'contains', 'minContains', 'maxContains'],
  object: [
    'properties', 'required', 'additionalProperties', 'x-options', 'if', 'then', 'else', 'dependentRequired', 'dependentSchemas', 'dependencies',
    'minProperties', 'maxProperties', 'format'
  ]
};
/** What a file has no use for: the words of a group, of a choice, and a first value. */
const notForFiles = [...(wordsOfKind['object'] ?? []).filter((word) => word !== 'format'), 'oneOf', 'anyOf', 'allOf', 'not', 'default'];
const dateWords = ['x-min', 'x-max', 'x-date'];
const choiceWords = ['enum', 'const'];

const wordsOfAll = [...new Set(Object.values(wordsOfKind).flat())];

function unfitKeywords(field: Field, kind: string, whole: Field, path: Path): Finding[] {
  const isGroup = kind === 'array' || kind === 'object';
  const isList = kind === 'array' ? ['oneOf', 'anyOf'] : [];
  return Object.keys(field).flatMap((key) => {
    const at = [...path, key];
    if ((wordsOfAll.includes(key) && wordsOfKind[kind]?.includes(key) !== true) || (isGroup && choiceWords.includes(key)) || isList.includes(key)) return [finding('unfitKeyword', at, { key, kind }, { at: 'key' })];
    return dateWords.includes(key) && whole.format !== 'date' ? [finding('onlyDates', at, { name: key }, { at: 'key' })] : [];
  });
}

/** Lists hold rows or fixed answers; groups hold questions; choices from data hold an id and a name. */
function checkInside(whole: Field, kind: string, { field, path, siblings }: FieldPlace): Finding[] {
  const of = whole['x-of'];
  const unknownOf = of === undefined || Object.hasOwn(siblings, of) ? [] : [finding('unknownField', [...path, 'x-of'], { name: of, path: of }, { proposal: nearest(of, Object.keys(siblings)) })];
  if (kind === 'array') return whole.items === undefined ? [...unknownOf, finding('missingKeyword', path, { key: 'items' })] : unknownOf;
  if (kind !== 'object') return [...unknownOf, ...(kind === 'string' && whole.format === 'file' ? [finding('unfitFormatOf', [...path, 'format'], { found: whole.format, kind })] : [])];
  if (whole.format === 'file') return [...unknownOf, ...Object.keys(field).filter((key) => notForFiles.includes(key)).map((key) => finding('fileKeyword', [...path, key], { key }, { at: 'key' }))];
  if (whole.format !== undefined) return [...unknownOf, finding('unfitFormatOf', [...path, 'format'], { found: whole.format, kind })];
  if (branchesOf(whole) !== null) return unknownOf;
  const names = Object.keys(whole.properties ?? {});
  if (names.length === 0) return [...unknownOf, finding('missingKeyword', path, { key: 'properties' })];
  const kept = names.includes('name') ? ['id', 'name'] : ['id', 'naam'];
  const missing = whole['x-options'] === undefined ? [] : kept.filter((name) => !names.includes(name));
  return [...unknownOf, ...missing.map((name) => finding('choiceMisses', [...path, 'properties'], { name }, { at: 'key' })), ...unknownRequired(whole.required ?? [], names, path)];
}

/** Names in `required` that no question has: such a form could never be handed in. */
export function unknownRequired(required: string[], names: string[], path: Path): Finding[] {
  return required.flatMap((name, index) => (names.includes(name) ? [] : [finding('unknownField', [...path, 'required', index], { name, path: name }, { proposal: nearest(name, names) })]));
}

function emptyRanges(field: Field, path: Path): Finding[] {
  const pairs = [['minLength', 'maxLength'], ['minItems', 'maxItems'], ['minimum', 'maximum'], ['exclusiveMinimum', 'exclusiveMaximum']] as const;
  return pairs.flatMap(([low, high]) => {
    const least = field[low];
    const most = field[high];
    return least !== undefined && most !== undefined && least > most ? [finding('emptyRange', [...path, low], { low, high })] : [];
  });
}

function checkOptions(whole: Field, kind: string, { field, path }: FieldPlace): Finding[] {
  const key = field.oneOf !== undefined ? 'oneOf' : field.anyOf !== undefined ? 'anyOf' : 'enum';
  const listed = field.oneOf ?? field.anyOf;
  const isList = listed?.every((option) => option.const !== undefined) === true;
  if (!isList && listed?.some((option) => option.const !== undefined) === true) return [finding('mixedChoice', [...path, key], { key }, { at: 'key' })];
  const own = (isList ? listed.map((option) => option.const) : (field.enum ?? [])) as Json[];
  const at = (index: number): Path => (isList ? [...path, key, index, 'const'] : [...path, 'enum', index]);
  const texts = own.map((value) => JSON.stringify(value));
  const start = whole.default as Json | undefined;
  const options = optionsOf(whole);
  const canStart = start === undefined || (options === null ? isOfKind(start, kind) : options.some(({ value }) => value === start));
  return [
    ...own.flatMap((value, index) => (isOfKind(value, kind) || value === null ? [] : [finding('optionUnfit', at(index), { found: texts[index] ?? '', kind })])),
    ...texts.flatMap((text, index) => (texts.indexOf(text) < index ? [finding('doubleOption', at(index), { found: text })] : [])),
    ...(canStart ? [] : [finding('defaultUnfit', [...path, 'default'], { found: JSON.stringify(start) }, { proposal: nearest(textOf(start), (options ?? []).map(({ value }) => textOf(value))) })])
  ];
}

/** A value as a person would type it in a proposal: a text without its quotation marks. */
function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isOfKind(value: Json, kind: string): boolean {
  switch (kind) {
    case 'integer': return Number.isInteger(value);
    case 'array': return Array.isArray(value);
    case 'object': return typeof value === 'object' && value !== null && !Array.isArray(value);
    default: return typeof value === kind;
  }
}

/** Patterns run in RE2, which takes linear time; it has no look-around and no back references. */
function checkPattern({ field, path }: FieldPlace): Finding[] {
  if (field.pattern === undefined) return [];
  try {
    RE2JS.compile(field.pattern);
    return [];
  } catch {
    return [finding('badPattern', [...path, 'pattern'], { found: field.pattern })];
  }
}
