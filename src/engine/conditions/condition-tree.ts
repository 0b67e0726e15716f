import type { Duration } from '../../definitions/workflow.types.ts';

/** What a value is compared with: a fixed answer, or the answer at another path. */
export type Operand = { type: 'value'; value: Scalar } | { type: 'field'; path: readonly string[] };
export type Scalar = string | number | boolean | null;

/** What must be true of one value. */
export type Test =
  | { type: 'equals'; operand: Operand }
  | { type: 'oneOf'; operands: Operand[] }
  | { type: 'not'; test: Test }
  | { type: 'atLeast' | 'atMost' | 'onOrAfter' | 'onOrBefore'; operand: Operand }
  | { type: 'olderThan'; duration: Duration }
  | { type: 'weekday'; days: Scalar[] }
  | { type: 'age'; atLeast: number | null; atMost: number | null; on: readonly string[] | null }
  | { type: 'answered'; expected: boolean }
  | { type: 'some' | 'every' | 'none' | 'last' | 'count'; test: Test }
  | { type: 'allOf' | 'anyOf' | 'noneOf'; tests: Test[] }
  | { type: 'fields'; tree: Tree };

/** A condition, read once: a test of the value at a path, or a combination. */
export type Tree =
  | { type: 'all' | 'any' | 'none'; trees: Tree[] }
  | { type: 'path'; path: readonly string[]; test: Test };

/** Words that always mean something of the whole case, also inside a row; no task, field or step may be called so. */
export const reservedHeads: ReadonlySet<string> = new Set(['this', 'for', 'facts', 'steps', 'tasks', 'settings', 'case', 'person', 'now']);

const deepest = 40;
const never: Tree = { type: 'any', trees: [] };
const impossible: Test = { type: 'anyOf', tests: [] };

/**
 * Reads a condition of a definition file or form (definitions.md 6). Never throws: what it cannot read never holds;
 * the checker reports it.
 */
export function readCondition(condition: unknown, depth = 0): Tree {
  if (!isObject(condition) || depth > deepest) return never;
  const trees = Object.entries(condition).map(([key, value]) => readEntry(key, value, depth + 1));
  const [only] = trees;
  return trees.length === 1 && only !== undefined ? only : { type: 'all', trees };
}

/** Gives every path a condition reads, operands included; paths inside rows are left out. */
export function pathsOf(tree: Tree): (readonly string[])[] {
  if (tree.type === 'path') return [tree.path, ...operandPaths(tree.test)];
  return tree.trees.flatMap(pathsOf);
}

/**
 * Does a condition read nothing but answers in lists: those that `isList` says, and in their rows their own? Then it holds or not whoever
 * asks, and when. A comparison with another answer counts as reading elsewhere.
 */
export function readsLists(tree: Tree, isList: (head: string) => boolean): boolean {
  if (tree.type !== 'path') return tree.trees.every((part) => readsLists(part, isList));
  const [head = ''] = tree.path;
  return !reservedHeads.has(head) && isList(head) && testsAlone(tree.test);
}

function testsAlone(test: Test): boolean {
  switch (test.type) {
    case 'equals': case 'atLeast': case 'atMost': case 'onOrAfter': case 'onOrBefore': return test.operand.type === 'value';
    case 'oneOf': return test.operands.every(({ type }) => type === 'value');
    case 'olderThan': case 'age': return false;
    case 'weekday': case 'answered': return true;
    case 'not': case 'some': case 'every': case 'none': case 'last': case 'count': return testsAlone(test.test);
    case 'allOf': case 'anyOf': case 'noneOf': return test.tests.every(testsAlone);
    case 'fields': return readsLists(test.tree, () => true);
  }
}

function readEntry(key: string, value: unknown, depth: number): Tree {
  if ((key === 'all' || key === 'any' || key === 'none') && Array.isArray(value)) {
    return { type: key, trees: value.map((part) => readCondition(part, depth)) };
  }
  const path = key.split('.');
  return { type: 'path', path, test: named(path, readTest(value, depth)) };
}

function readTest(value: unknown, depth: number): Test {
  if (depth > deepest) return impossible;
  if (isScalar(value)) return { type: 'equals', operand: { type: 'value', value } };
  if (Array.isArray(value)) return { type: 'oneOf', operands: value.map(readOperand).filter((operand) => operand !== null) };
  if (!isObject(value)) return impossible;
  const field = readOperand(value);
  if (field !== null) return { type: 'equals', operand: field };
  const entries = Object.entries(value);
  const operators = entries.map(([operator, argument]) => readOperator(operator, argument, depth + 1));
  if (!operators.some((operator) => operator !== null)) return { type: 'fields', tree: readCondition(value, depth + 1) };
  const tests = operators.map((operator) => operator ?? impossible);
  const [only] = tests;
  return tests.length === 1 && only !== undefined ? only : { type: 'allOf', tests };
}

function readOperator(operator: string, argument: unknown, depth: number): Test | null {
  switch (operator) {
    case 'not': return { type: 'not', test: readTest(argument, depth) };
    case 'atLeast': case 'atMost': case 'onOrAfter': case 'onOrBefore': {
      const operand = readOperand(argument);
      return operand === null ? impossible : { type: operator, operand };
    }
    case 'olderThan': return isObject(argument) ? { type: 'olderThan', duration: argument } : impossible;
    case 'weekday': return { type: 'weekday', days: (Array.isArray(argument) ? argument : [argument]).filter(isScalar) };
    case 'age': return readAge(argument);
    case 'answered': return typeof argument === 'boolean' ? { type: 'answered', expected: argument } : impossible;
    case 'some': case 'every': case 'last': case 'count': return { type: operator, test: readTest(argument, depth) };
    case 'all': return Array.isArray(argument) ? combined('allOf', argument, depth) : null;
    case 'any': return Array.isArray(argument) ? combined('anyOf', argument, depth) : null;
    case 'none': return Array.isArray(argument) ? combined('noneOf', argument, depth) : { type: 'none', test: readTest(argument, depth) };
    default: return null;
  }
}

function combined(type: 'allOf' | 'anyOf' | 'noneOf', parts: unknown[], depth: number): Test {
  return { type, tests: parts.map((part) => readTest(part, depth)) };
}

function readAge(argument: unknown): Test {
  if (!isObject(argument)) return impossible;
  const bound = (value: unknown): number | null => (typeof value === 'number' ? value : null);
  const on = argument['on'];
  return { type: 'age', atLeast: bound(argument['atLeast']), atMost: bound(argument['atMost']), on: typeof on === 'string' ? on.split('.') : null };
}

function readOperand(value: unknown): Operand | null {
  if (isScalar(value)) return { type: 'value', value };
  if (!isObject(value) || typeof value['field'] !== 'string' || Object.keys(value).length !== 1) return null;
  return { type: 'field', path: value['field'].split('.') };
}

/** Spells out `reached` (a step: not ahead) and `settled` (a task: not open). */
function named(path: readonly string[], test: Test): Test {
  const word = path[0] === 'steps' ? 'reached' : path[0] === 'tasks' ? 'settled' : null;
  if (word === null) return test;
  const meaning: Test = { type: 'not', test: { type: 'equals', operand: { type: 'value', value: word === 'reached' ? 'ahead' : 'open' } } };
  return spelledOut(test, word, meaning);
}

function spelledOut(test: Test, word: string, meaning: Test): Test {
  const isWord = (operand: Operand): boolean => operand.type === 'value' && operand.value === word;
  if (test.type === 'equals') return isWord(test.operand) ? meaning : test;
  if (test.type === 'not') return { type: 'not', test: spelledOut(test.test, word, meaning) };
  if (test.type === 'oneOf' && test.operands.some(isWord)) return { type: 'anyOf', tests: [{ ...test, operands: test.operands.filter((operand) => !isWord(operand)) }, meaning] };
  if (test.type === 'allOf' || test.type === 'anyOf' || test.type === 'noneOf') return { ...test, tests: test.tests.map((part) => spelledOut(part, word, meaning)) };
  return test;
}

function operandPaths(test: Test): (readonly string[])[] {
  switch (test.type) {
    case 'equals': case 'atLeast': case 'atMost': case 'onOrAfter': case 'onOrBefore':
      return test.operand.type === 'field' ? [test.operand.path] : [];
    case 'oneOf': return test.operands.flatMap((operand) => (operand.type === 'field' ? [operand.path] : []));
    case 'age': return test.on === null ? [] : [test.on];
    case 'not': case 'some': case 'every': case 'none': case 'last': case 'count': return operandPaths(test.test);
    case 'allOf': case 'anyOf': case 'noneOf': return test.tests.flatMap(operandPaths);
    case 'fields': return pathsOf(test.tree).filter(([head]) => reservedHeads.has(head ?? ''));
    case 'olderThan': case 'weekday': case 'answered': return [];
  }
}

function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function isObject(value: unknown): value is { [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
