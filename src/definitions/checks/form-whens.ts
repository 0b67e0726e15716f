import type { Field, FormDefinition, LayoutRule, UiElement } from '../form.types.ts';
import { isObject } from '../json-values.ts';
import { whenOf, writableOf } from '../layout-rules.ts';
import { branchesOf, fieldsOf, namesOfScope, rowFieldsOf } from '../lookup.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import { conditionalsOf, mergedField, resolveField, wholeOf } from '../resolve-field.ts';
import { checkCondition } from './conditions.ts';
import { whenHolds } from './constant.ts';
import { resolvedAll, type Fields } from './field-places.ts';
import { checkRule } from './form-rules.ts';
import { operators } from './operators.ts';
import { formScope, type Scope } from './scope.ts';
import { group, shapeOfField } from './shapes.ts';
import { wayRound } from './way-round.ts';

/** Questions side by side: those of the whole form, of one kind of row, or of one group. */
type Level = { id: string; fields: Fields };

/**
 * A `when` or rule of a form: the level whose fields it may read, and the fields there that it decides over, such as a, or a.b of a group. `isLock`: it says whether they may
 * be changed. `isRead`: it was read from `if` or from what depends on an answer, so that its parts are at no place of their own.
 */
type WhenPlace = { condition: unknown; path: Path; level: Level; decides: string[]; rule: LayoutRule | null; isLock: boolean; isRead: boolean };

/** Checks every `when` of a form: it reads fields of the form (in a row: of the row), asks answers that can be, and hides nothing it depends on. */
export function checkWhens(form: FormDefinition): Finding[] {
  const whens = whensOf(form);
  return [
    ...whens.flatMap(({ condition, path, level, rule, isRead }) => {
      const found = rule === null ? checkCondition(condition, path, scopeOf(form, level)) : checkRule(rule, path, scopeOf(form, level));
      return isRead ? found.map((one) => ({ ...one, path })) : found;
    }),
    ...circles(whens)
  ];
}

/** Looks for each `when` that holds whatever people answer, or whatever they answer does not. Only for a form without mistakes. */
export function checkConstantWhens(form: FormDefinition): Finding[] {
  return whensOf(form).flatMap(({ condition, path, level, isLock }) => {
    if (isLock) return [];
    switch (whenHolds(condition, { facts: {}, scope: scopeOf(form, level), step: '' })) {
      case 'never': return [finding('neverShown', path, {}, { at: 'key', severity: 'warning' })];
      case 'always': return [finding('alwaysShown', path, {}, { at: 'key', severity: 'warning' })];
      case 'sometimes': return [];
    }
  });
}

/** Gives every condition of a form with the paths it reads. */
export function whensOf(form: FormDefinition): (WhenPlace & { reads: string[] })[] {
  return placesOf(form).map((place) => ({ ...place, reads: pathsIn(place.condition) }));
}

function placesOf(form: FormDefinition): WhenPlace[] {
  const level = { id: '', fields: fieldsOf(form) };
  return [
    ...whensOfObject(form, wholeOf(form), ['schema'], level),
    ...(['$defs', 'definitions'] as const).flatMap((key) => Object.entries(form.schema[key] ?? {}).flatMap(([name, field]) =>
      whensOfObject(form, field, ['schema', key, name], { id: `#${name}`, fields: resolvedAll(form, resolveField(form, field).properties ?? {}) }))),
    ...(form.uischema === undefined ? [] : whensOfLayout(form, form.uischema, ['uischema'], level))
  ];
}

/** The conditions in a form, row or group and all it holds: those of its questions, and those of what is asked only while something holds. */
function whensOfObject(form: FormDefinition, object: Field, path: Path, level: Level): WhenPlace[] {
  const always = Object.keys(mergedField(form, object).properties ?? {});
  const read = conditionalsOf(form, object).filter(({ lost }) => lost.length === 0).map(({ when, path: way, part }): WhenPlace => ({
    condition: when, path: [...path, ...(way.at(-1) === 'then' || way.at(-1) === 'else' ? [...way.slice(0, -1), 'if'] : way)], level, rule: null, isLock: false, isRead: true,
    decides: Object.keys(mergedField(form, part).properties ?? {}).filter((name) => !always.includes(name))
  }));
  return [...(object.$ref === undefined ? read : []), ...partsHolding(object).flatMap(({ part, at }) => whensOfFields(form, part.properties ?? {}, [...path, ...at, 'properties'], level))];
}

/** An object and what is said further of it, each with its own questions. */
function partsHolding(object: Field, at: Path = []): { part: Field; at: Path }[] {
  const further = (part: Field | undefined, key: Path): { part: Field; at: Path }[] => (part === undefined ? [] : partsHolding(part, [...at, ...key]));
  return [
    { part: object, at },
    ...(object.allOf ?? []).flatMap((part, index) => further(part, ['allOf', index])),
    ...further(object.then, ['then']), ...further(object.else, ['else']),
    ...Object.entries(object.dependentSchemas ?? {}).flatMap(([name, part]) => further(part, ['dependentSchemas', name])),
    ...Object.entries(object.dependencies ?? {}).flatMap(([name, part]) => (Array.isArray(part) ? [] : further(part, ['dependencies', name])))
  ];
}

/** `own` are the fields of a level as the file has them, where a $ref is not followed. */
function whensOfFields(form: FormDefinition, own: Fields, path: Path, level: Level): WhenPlace[] {
  return Object.entries(own).flatMap(([name, field]) => {
    const at = [...path, name];
    const branches = branchesOf(resolveField(form, field)) === null ? [] : (['oneOf', 'anyOf'] as const).flatMap((key) => (field[key] ?? []).map((branch, index) => ({ branch, at: [...at, key, index] })));
    return [
      ...(field.when === undefined ? [] : [{ condition: field.when, path: [...at, 'when'], level, decides: [name], rule: null, isLock: false, isRead: false }]),
      ...(field.items === undefined ? [] : whensOfObject(form, field.items, [...at, 'items'], rowLevel(form, level, name))),
      ...(field.$ref === undefined ? whensOfObject(form, field, at, { id: `${level.id}/${name}`, fields: resolvedAll(form, resolveField(form, field).properties ?? {}) }) : []),
      ...branches.flatMap(({ branch, at: place }) => whensOfObject(form, branch, place, { id: place.join('/'), fields: resolvedAll(form, resolveField(form, branch).properties ?? {}) }))
    ];
  });
}

function whensOfLayout(form: FormDefinition, element: UiElement, path: Path, level: Level): WhenPlace[] {
  const names = namesOfScope(element.scope);
  const detail = element.options?.detail;
  return [
    ...(element.when === undefined ? [] : [{ condition: element.when, path: [...path, 'when'], level, decides: controlsIn(element), rule: null, isLock: false, isRead: false }]),
    ...(element.rule === undefined ? [] : [ruleOf(element, element.rule, path, level)]),
    ...(element.elements ?? []).flatMap((child, index) => whensOfLayout(form, child, [...path, 'elements', index], level)),
    ...(typeof detail !== 'object' || names === null ? [] : whensOfLayout(form, detail, [...path, 'options', 'detail'], detailLevel(form, level, names)))
  ];
}

function ruleOf(element: UiElement, rule: LayoutRule, path: Path, level: Level): WhenPlace {
  const alone: UiElement = { type: element.type, rule };
  const shown = whenOf(alone);
  return { condition: shown ?? writableOf(alone), path: [...path, 'rule'], level, decides: controlsIn(element), rule, isLock: shown === undefined, isRead: false };
}

/** The level of the rows of a list, or of a group, that names lead to. */
function detailLevel(form: FormDefinition, level: Level, [name = '', ...inner]: string[]): Level {
  const field = Object.hasOwn(level.fields, name) ? level.fields[name] : undefined;
  const { properties } = field === undefined ? {} : resolveField(form, field);
  const next = properties === undefined ? rowLevel(form, level, name) : { id: `${level.id}/${name}`, fields: resolvedAll(form, properties) };
  return inner.length === 0 ? next : detailLevel(form, next, inner);
}

function rowLevel(form: FormDefinition, { id, fields }: Level, name: string): Level {
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return { id: `${id}/${name}`, fields: (field === undefined ? null : rowFieldsOf(form, field)) ?? {} };
}

function controlsIn(element: UiElement): string[] {
  const names = namesOfScope(element.scope);
  return [...(names === null ? [] : [names.join('.')]), ...(element.elements ?? []).flatMap(controlsIn)];
}

/** A question that depends on itself would flicker: hidden because of the answer that is gone because it is hidden. */
function circles(whens: WhenPlace[]): Finding[] {
  const full = ({ id }: Level, path: string): string => `${id}/${path.replaceAll('.', '/')}`;
  const decided = whens.flatMap(({ level, decides }) => decides.map((path) => full(level, path)));
  const reads = new Map<string, string[]>();
  for (const { condition, level, decides } of whens) {
    const read = pathsIn(condition).map((path) => full(level, path));
    // Who reads a group reads its questions, and a question goes with its group.
    const found = decided.filter((one) => read.some((path) => path === one || path.startsWith(`${one}/`) || one.startsWith(`${path}/`)));
    for (const path of decides) reads.set(full(level, path), [...(reads.get(full(level, path)) ?? []), ...found]);
  }
  return whens.flatMap(({ path, level, decides }) => {
    const ways = decides.flatMap((one) => wayRound(full(level, one), reads) ?? []);
    return ways.length === 0 ? [] : [finding('whenCycle', path, { way: ways.map((one) => one.split('/').at(-1)).join(', ') }, { at: 'key' })];
  });
}

/** The paths a condition reads, such as a or a.b; those of rows inside some, every, none, last and count are not fields beside it. */
function pathsIn(condition: unknown): string[] {
  if (!isObject(condition)) return [];
  return Object.entries(condition).flatMap(([key, value]) => {
    if ((key === 'all' || key === 'any' || key === 'none') && Array.isArray(value)) return value.flatMap(pathsIn);
    // What is asked of a group is asked of its questions.
    if (isObject(value) && Object.keys(value).length > 0 && typeof value['field'] !== 'string' && !Object.keys(value).some((one) => Object.hasOwn(operators, one))) return pathsIn(value).map((path) => `${key}.${path}`);
    return [key, ...operandPaths(value)];
  });
}

function operandPaths(test: unknown): string[] {
  if (Array.isArray(test)) return test.flatMap(operandPaths);
  if (!isObject(test)) return [];
  return Object.entries(test).flatMap(([key, value]) => {
    if ((key === 'field' || key === 'on') && typeof value === 'string') return [value];
    const isQuantifier = ['some', 'every', 'last', 'count', 'none'].includes(key) && !Array.isArray(value);
    return Object.hasOwn(operators, key) && !isQuantifier ? operandPaths(value) : [];
  });
}

function scopeOf(form: FormDefinition, { fields }: Level): Scope {
  return formScope(group(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, shapeOfField(form, field)]))));
}
