import type { LayoutRule, RuleCondition } from '../form.types.ts';
import { isObject } from '../json-values.ts';
import { conditionOf, fitsNothing, pathOfScope, ruleKeywords, schemaOfRule } from '../layout-rules.ts';
import { nearest } from '../nearest.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import { checkCondition } from './conditions.ts';
import type { Scope } from './scope.ts';

/** Checks a rule of JSON Forms: what its conditions read, what they compare with, and what they mean for an answer that is not there. */
export function checkRule({ effect, condition }: LayoutRule, path: Path, scope: Scope): Finding[] {
  const isOpening = effect === 'SHOW' || effect === 'ENABLE' || effect === 'WRITABLE';
  return checkPart(condition, [...path, 'condition'], scope, isOpening);
}

function checkPart(condition: RuleCondition, path: Path, scope: Scope, isOpening: boolean): Finding[] {
  const { type, conditions } = condition;
  if (type === 'AND' || type === 'OR') {
    if (conditions === undefined) return [finding('missingKeyword', path, { key: 'conditions' })];
    return conditions.flatMap((part, index) => checkPart(part, [...path, 'conditions', index], scope, isOpening));
  }
  const needed = ['scope', type === 'LEAF' ? 'expectedValue' : 'schema'] as const;
  const missing = needed.filter((key) => condition[key] === undefined);
  if (missing.length > 0) return missing.map((key) => finding('missingKeyword', path, { key }));
  return checkLeaf(condition, path, scope, isOpening);
}

function checkLeaf(condition: RuleCondition, path: Path, scope: Scope, isOpening: boolean): Finding[] {
  const { type, scope: written = '', schema = {}, failWhenUndefined } = condition;
  const name = pathOfScope(written);
  if (name === null || (name === '' && type === 'LEAF')) return [finding('unknownScope', [...path, 'scope'], { found: written })];
  const unfit = type === 'LEAF' ? [] : unfitKeywords(schema, [...path, 'schema']);
  if (unfit.length > 0) return unfit;
  // A kind that may be null asks no more of an answer than another kind: null is no answer.
  const lost = type === 'LEAF' ? [] : schemaOfRule(condition).lost.filter((one) => one.at(-1) !== 'type');
  if (lost.length > 0) return lost.map((one) => finding('unfitInRule', [...path, 'schema', ...one], { key: String(one.at(-1)) }, { at: 'key' }));
  // The words of `when` stand nowhere in the file: what is wrong with a name is said at the scope, what is wrong with a value at the value.
  const value = [...path, type === 'LEAF' ? 'expectedValue' : 'schema'];
  const read = checkCondition(conditionOf(condition), [], scope).map((one): Finding => (one.at === 'key' ? { ...one, path: name === '' ? value : [...path, 'scope'], at: 'value' } : { ...one, path: value }));
  const said = new Set<string>();
  const once = read.filter(({ code, params }) => !said.has(JSON.stringify([code, params])) && said.add(JSON.stringify([code, params])));
  const isLoose = isOpening && type !== 'LEAF' && failWhenUndefined !== true && name !== '' && fitsNothing(schema);
  return [...once, ...(isLoose ? [finding('fitsNothing', [...path, 'schema'], { name }, { at: 'key', severity: 'warning' })] : [])];
}

/** Keywords that cannot be put in the words of `when`, at whatever depth they stand. */
function unfitKeywords(schema: unknown, path: Path): Finding[] {
  if (!isObject(schema)) return [];
  return Object.entries(schema).flatMap(([key, value]) => {
    if (!ruleKeywords.includes(key)) return [finding('unfitInRule', [...path, key], { key }, { at: 'key', proposal: nearest(key, [...ruleKeywords]) })];
    if (key === 'properties') return isObject(value) ? Object.entries(value).flatMap(([name, part]) => unfitKeywords(part, [...path, key, name])) : [];
    if (key === 'const' || key === 'enum' || key === 'required') return [];
    return Array.isArray(value) ? value.flatMap((part, index) => unfitKeywords(part, [...path, key, index])) : unfitKeywords(value, [...path, key]);
  });
}
