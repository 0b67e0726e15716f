import type { FormDefinition, LayoutRule, UiElement } from '../form.types.ts';
import { isObject } from '../json-values.ts';
import { whenOf, writableOf } from '../layout-rules.ts';
import { fieldsOf, rowFieldsOf } from '../lookup.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import { checkCondition } from './conditions.ts';
import { whenHolds } from './constant.ts';
import { resolvedAll, type Fields } from './field-places.ts';
import { fieldOfScope } from './form-questions.ts';
import { checkRule } from './form-rules.ts';
import { operators } from './operators.ts';
import { formScope, type Scope } from './scope.ts';
import { group, shapeOfField } from './shapes.ts';
import { wayRound } from './way-round.ts';

/** Questions side by side: those of the whole form, of one kind of row, or of one group. */
type Level = { id: string; fields: Fields };

/** A `when` or rule of a form: the level whose fields it may read, and the fields there that it decides over. `isLock`: it says whether they may be changed. */
type WhenPlace = { condition: unknown; path: Path; level: Level; decides: string[]; rule: LayoutRule | null; isLock: boolean };

/** Checks every `when` of a form: it reads fields of the form (in a row: of the row), asks answers that can be, and hides nothing it depends on. */
export function checkWhens(form: FormDefinition): Finding[] {
  const whens = whensOf(form);
  return [
    ...whens.flatMap(({ condition, path, level, rule }) => (rule === null ? checkCondition(condition, path, scopeOf(form, level)) : checkRule(rule, path, scopeOf(form, level)))),
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

function whensOf(form: FormDefinition): WhenPlace[] {
  const level = { id: '', fields: fieldsOf(form) };
  return [
    ...whensOfFields(form, form.schema.properties, ['schema', 'properties'], level),
    ...Object.entries(form.schema.$defs ?? {}).flatMap(([name, { properties }]) =>
      (properties === undefined ? [] : whensOfFields(form, properties, ['schema', '$defs', name, 'properties'], { id: `#${name}`, fields: resolvedAll(form, properties) }))),
    ...(form.uischema === undefined ? [] : whensOfLayout(form, form.uischema, ['uischema'], level))
  ];
}

/** `own` are the fields of a level as the file has them, where a $ref is not followed. */
function whensOfFields(form: FormDefinition, own: Fields, path: Path, level: Level): WhenPlace[] {
  return Object.entries(own).flatMap(([name, field]) => {
    const at = [...path, name];
    const rows = field.items?.properties;
    return [
      ...(field.when === undefined ? [] : [{ condition: field.when, path: [...at, 'when'], level, decides: [name], rule: null, isLock: false }]),
      ...(rows === undefined ? [] : whensOfFields(form, rows, [...at, 'items', 'properties'], rowLevel(form, level, name))),
      ...(field.properties === undefined ? [] : whensOfFields(form, field.properties, [...at, 'properties'], { id: `${level.id}/${name}`, fields: resolvedAll(form, field.properties) }))
    ];
  });
}

function whensOfLayout(form: FormDefinition, element: UiElement, path: Path, level: Level): WhenPlace[] {
  const field = fieldOfScope(element.scope);
  const detail = element.options?.detail;
  return [
    ...(element.when === undefined ? [] : [{ condition: element.when, path: [...path, 'when'], level, decides: controlsIn(element), rule: null, isLock: false }]),
    ...(element.rule === undefined ? [] : [ruleOf(element, element.rule, path, level)]),
    ...(element.elements ?? []).flatMap((child, index) => whensOfLayout(form, child, [...path, 'elements', index], level)),
    ...(typeof detail !== 'object' || field === null ? [] : whensOfLayout(form, detail, [...path, 'options', 'detail'], rowLevel(form, level, field)))
  ];
}

function ruleOf(element: UiElement, rule: LayoutRule, path: Path, level: Level): WhenPlace {
  const alone: UiElement = { type: element.type, rule };
  const shown = whenOf(alone);
  return { condition: shown ?? writableOf(alone), path: [...path, 'rule'], level, decides: controlsIn(element), rule, isLock: shown === undefined };
}

function rowLevel(form: FormDefinition, { id, fields }: Level, name: string): Level {
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return { id: `${id}/${name}`, fields: (field === undefined ? null : rowFieldsOf(form, field)) ?? {} };
}

function controlsIn(element: UiElement): string[] {
  const own = fieldOfScope(element.scope);
  return [...(own === null ? [] : [own]), ...(element.elements ?? []).flatMap(controlsIn)];
}

/** A question that depends on itself would flicker: hidden because of the answer that is gone because it is hidden. */
function circles(whens: WhenPlace[]): Finding[] {
  const reads = new Map<string, string[]>();
  const full = (level: Level, name: string): string => `${level.id}/${name}`;
  for (const { condition, level, decides } of whens) {
    const read = namesIn(condition).map((name) => full(level, name));
    for (const name of decides) reads.set(full(level, name), [...(reads.get(full(level, name)) ?? []), ...read]);
  }
  return whens.flatMap(({ path, level, decides }) => {
    const ways = decides.flatMap((name) => wayRound(full(level, name), reads) ?? []);
    return ways.length === 0 ? [] : [finding('whenCycle', path, { way: ways.map((name) => name.split('/').at(-1)).join(', ') }, { at: 'key' })];
  });
}

/** The fields a condition reads; those of rows inside some, every, none, last and count are not fields beside it. */
function namesIn(condition: unknown): string[] {
  if (!isObject(condition)) return [];
  return Object.entries(condition).flatMap(([key, value]) => {
    if ((key === 'all' || key === 'any' || key === 'none') && Array.isArray(value)) return value.flatMap(namesIn);
    return [key.split('.')[0] ?? '', ...operandNames(value)];
  });
}

function operandNames(test: unknown): string[] {
  if (Array.isArray(test)) return test.flatMap(operandNames);
  if (!isObject(test)) return [];
  return Object.entries(test).flatMap(([key, value]) => {
    if ((key === 'field' || key === 'on') && typeof value === 'string') return [value.split('.')[0] ?? ''];
    const isQuantifier = ['some', 'every', 'last', 'count', 'none'].includes(key) && !Array.isArray(value);
    return Object.hasOwn(operators, key) && !isQuantifier ? operandNames(value) : [];
  });
}

function scopeOf(form: FormDefinition, { fields }: Level): Scope {
  return formScope(group(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, shapeOfField(form, field)]))));
}
