import type { Field, FormDefinition } from '../form.types.ts';
import { isObject, own } from '../json-values.ts';
import { nearest } from '../nearest.ts';
import { notYetInFields, refusedInFields } from '../not-yet-built.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import { partName, partsOf } from '../resolve-field.ts';
import { fieldPlacesOf } from './field-places.ts';
import { refuse } from './not-yet-built.ts';
import { wayRound } from './way-round.ts';

/** The keywords a schema of ours describes for the answers of a form as a whole, and for one field. */
export type FormKeywords = { whole: readonly string[]; field: readonly string[] };

/** Gives the keywords of the schema of forms, as read from its file. */
export function keywordsIn(formSchema: { [keyword: string]: unknown }): FormKeywords {
  return { whole: ['$schema', ...propertyNames(formSchema, 'objectField')], field: propertyNames(formSchema, 'field') };
}

/** Refuses what is unknown, unsafe or not built yet in the fields of a form; JSON Schema itself would let most of it pass in silence. */
export function checkKeywords(form: FormDefinition, keywords: FormKeywords): Finding[] {
  return [
    ...keywordFindings(form.schema, keywords.whole, ['schema']),
    ...fieldPlacesOf(form).flatMap(({ field, path }) => [...keywordFindings(field, keywords.field, path), ...referenceFindings(form, field, path)]),
    ...circles(form)
  ];
}

function propertyNames(schema: { [keyword: string]: unknown }, definition: string): string[] {
  const { definitions } = schema;
  const named = isObject(definitions) ? definitions[definition] : undefined;
  const properties = isObject(named) ? named['properties'] : undefined;
  if (!isObject(properties)) throw new Error(`The schema of forms has no "${definition}".`);
  return Object.keys(properties);
}

function keywordFindings(object: object, known: readonly string[], path: Path): Finding[] {
  return Object.keys(object).flatMap((key) => {
    const refusal = own(refusedInFields, key);
    if (refusal !== undefined) return [finding(refusal, [...path, key], { key }, { at: 'key' })];
    const rows = notYetInFields.filter(({ keyword }) => keyword === key);
    if (rows.length > 0) return rows.flatMap((row) => refuse(row, object, path));
    return known.includes(key) ? [] : [finding('unknownKeyword', [...path, key], { key }, { at: 'key', proposal: nearest(key, known) })];
  });
}

function referenceFindings(form: FormDefinition, { $ref }: Field, path: Path): Finding[] {
  if ($ref === undefined) return [];
  const names = Object.keys(partsOf(form));
  const name = partName($ref);
  if (name === null) return [finding('remoteRef', [...path, '$ref'], { found: $ref })];
  if (names.includes(name)) return [];
  const proposal = nearest(name, names);
  return [finding('unknownPart', [...path, '$ref'], { name }, { proposal: proposal === null ? null : `#/$defs/${proposal}` })];
}

/** A part that holds itself would have no end on the screen. */
function circles(form: FormDefinition): Finding[] {
  const parts = fieldPlacesOf(form).filter(({ path: [, key] }) => key === '$defs' || key === 'definitions');
  const reads = new Map(Object.keys(partsOf(form)).map((part) =>
    [part, parts.filter(({ path }) => path[2] === part).flatMap(({ field }) => (field.$ref === undefined ? [] : (partName(field.$ref) ?? [])))]));
  return [...reads.keys()].flatMap((part) => {
    const way = wayRound(part, reads);
    return way === null ? [] : [finding('recursiveRef', ['schema', form.schema.$defs?.[part] === undefined ? 'definitions' : '$defs', part], { way: way.join(', ') }, { at: 'key' })];
  });
}
