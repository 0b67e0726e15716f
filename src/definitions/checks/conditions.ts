import { isObject, isScalar } from '../json-values.ts';
import { nearest } from '../nearest.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import { operators } from './operators.ts';
import { explainLost, resolve, type Scope } from './scope.ts';
import { canBe, canMeet, type Shape } from './shapes.ts';

/** Nesting of quantifiers and of all, any and none; deeper conditions nobody can read (definitions.md, Meaning 6). */
const mostLevels = 6;

/** Checks a condition: every path, operator and value in it. `path` is where it stands in the file. */
export function checkCondition(condition: unknown, path: Path, scope: Scope, levels = 0): Finding[] {
  if (levels > mostLevels) return [finding('tooManyLevels', path, { most: mostLevels })];
  if (!isObject(condition)) return [finding('noCondition', path)];
  return Object.entries(condition).flatMap(([key, value]) => {
    const at = [...path, key];
    if (key !== 'all' && key !== 'any' && key !== 'none') return checkPath(key, value, at, scope, levels);
    if (!Array.isArray(value)) return [finding('noConditionList', at, { key })];
    return value.flatMap((part, index) => checkCondition(part, [...at, index], scope, levels + 1));
  });
}

/** Checks what is asked of one value. */
export function checkTest(test: unknown, path: Path, shape: Shape, scope: Scope, levels: number): Finding[] {
  if (levels > mostLevels) return [finding('tooManyLevels', path, { most: mostLevels })];
  if (isScalar(test)) return checkValue(test, path, shape);
  if (Array.isArray(test)) return test.length === 0 ? [finding('emptyList', path)] : test.flatMap((item, index) => checkOperand(item, [...path, index], shape, scope));
  if (!isObject(test)) return [finding('noTest', path)];
  if (isFieldOperand(test)) return checkOperand(test, path, shape, scope);
  const keys = Object.keys(test);
  if (keys.length === 0) return [finding('emptyObject', path)];
  // As the engine reads it: without a single operator these are fields of a record or row.
  if (shape.type === 'group' && !keys.some((key) => isOperatorHere(key, test[key]))) return checkCondition(test, path, { ...scope, row: shape }, levels);
  return keys.flatMap((key) => checkOperator(key, test[key], [...path, key], shape, scope, levels));
}

/** Checks a value or { "field": path } that a value is compared with. */
function checkOperand(operand: unknown, path: Path, shape: Shape, scope: Scope): Finding[] {
  if (isScalar(operand)) return checkValue(operand, path, shape);
  if (!isFieldOperand(operand)) return [finding('noOperand', path)];
  const single = checkSingle(path, shape);
  if (single.length > 0 || shape.type !== 'scalar') return single;
  const at = [...path, 'field'];
  const found = resolve(operand.field, scope, true);
  if (found.type !== 'found') return explainLost(found, at, operand.field, 'value');
  const other = found.shape.type === 'list' ? found.shape.item : found.shape;
  if (other.type !== 'scalar') return [finding('groupAsSingle', at, { path: operand.field })];
  return canMeet(shape, other) ? [] : [finding('neverEqual', at, { path: operand.field })];
}

function checkPath(key: string, test: unknown, at: Path, scope: Scope, levels: number): Finding[] {
  const found = resolve(key, scope, false);
  if (found.type !== 'found') return explainLost(found, at, key, 'key');
  if (found.throughList !== null) return [finding(found.throughList === 'records' ? 'repeatedAsSingle' : 'rowsAsSingle', at, { path: key }, { at: 'key' })];
  return checkTest(test, at, found.shape, scope, levels);
}

function checkValue(value: string | number | boolean | null, path: Path, shape: Shape): Finding[] {
  const single = checkSingle(path, shape);
  if (single.length > 0 || shape.type !== 'scalar' || canBe(shape, value)) return single;
  const allowed = shape.options?.map(String) ?? null;
  const found = value === null ? 'null' : String(value);
  if (allowed === null) return [finding(`impossible.${shape.base}`, path, { found })];
  return [finding('impossibleValue', path, { found, allowed: allowed.join(', ') }, { proposal: nearest(found, allowed) })];
}

/** A value can only be compared with one answer. */
function checkSingle(path: Path, shape: Shape): Finding[] {
  const name = nameOf(path);
  if (shape.type === 'list') return [finding(shape.of === 'records' ? 'repeatedAsSingle' : 'listAsSingle', path, { path: name })];
  return shape.type === 'group' ? [finding('groupAsSingle', path, { path: name })] : [];
}

function nameOf(path: Path): string {
  return path.findLast((part) => typeof part === 'string') ?? '';
}

function checkOperator(key: string, argument: unknown, at: Path, shape: Shape, scope: Scope, levels: number): Finding[] {
  const operator = Object.hasOwn(operators, key) ? operators[key] : undefined;
  if (operator === undefined && shape.type === 'list' && shape.item.type === 'group' && shape.item.names.includes(key)) {
    return [finding(shape.of === 'records' ? 'repeatedAsSingle' : 'rowsAsSingle', at, { path: nameOf(at.slice(0, -1)) }, { at: 'key' })];
  }
  if (operator === undefined) return [finding('unknownOperator', at, { name: key }, { at: 'key', proposal: nearest(key, Object.keys(operators)) })];
  return operator({ name: key, argument, at, shape, scope, levels, checkTest, checkOperand });
}

/** `all`, `any` and `none` with a list combine; an ordinary field may not be called like an operator. */
function isOperatorHere(key: string, argument: unknown): boolean {
  return Object.hasOwn(operators, key) && (key === 'all' || key === 'any' ? Array.isArray(argument) : true);
}

function isFieldOperand(value: unknown): value is { field: string } {
  return isObject(value) && Object.keys(value).length === 1 && typeof value['field'] === 'string';
}
