import type { Answers, Json } from '../../definitions/bundle.ts';
import type { Moment } from '../state/case-state.ts';
import { type Operand, reservedHeads, type Test, type Tree } from './condition-tree.ts';
import { ageOn, compareTimes, isOlderThan, weekdayMatches } from './time-tests.ts';
import type { Zone } from '../time/zone.ts';

/** What a condition is asked of. */
export type Context = {
  now: Moment;
  zone: Zone;
  /** The value at a path; undefined when there is no answer. */
  valueOf(path: readonly string[]): Json | undefined;
  /** Does the first word of this path mean something outside the row at hand (a task, a reserved word)? */
  isShared(head: string): boolean;
  /** The condition behind a fact, so that an unmet fact can say what is missing. */
  fact(name: string): Tree | null;
};

/** The smallest part of a condition that does not hold. */
export type Leaf =
  /** `missing`: there is no answer yet, so it may still come true by itself. `hasRecord`: but the form it is asked in has been handed in. */
  | { type: 'path'; path: readonly string[]; test: Test; missing: boolean; hasRecord: boolean }
  /** None of these ways holds. */
  | { type: 'either'; ways: Leaf[][] }
  /** One of these holds, and none may. */
  | { type: 'neither'; trees: Tree[] };

/** Does a condition hold? Two-valued and total: a missing answer makes every test but `not`, `none` and `answered: false` false (semantics 11). */
export function holds(tree: Tree, context: Context): boolean {
  return holdsIn(tree, context, undefined);
}

/** Gives the parts of a condition that do not hold, in file order; empty exactly when it holds. */
export function unmetLeaves(tree: Tree, context: Context): Leaf[] {
  if (holds(tree, context)) return [];
  switch (tree.type) {
    case 'all': return tree.trees.flatMap((part) => unmetLeaves(part, context));
    case 'any': return [{ type: 'either', ways: tree.trees.map((part) => unmetLeaves(part, context)) }];
    case 'none': return [{ type: 'neither', trees: tree.trees.filter((part) => holds(part, context)) }];
    case 'path': return leavesOfPath(tree, context);
  }
}

/** May all of these come true without any answer being changed: are only answers missing? */
export function areMissing(leaves: Leaf[]): boolean {
  return leaves.every((leaf) => (leaf.type === 'path' ? leaf.missing : leaf.type === 'either' && leaf.ways.some(areMissing)));
}

/** Makes the context of the questions of one form, or of one row: every path names a field of it. */
export function answersContext(answers: Answers, now: Moment, zone: Zone): Context {
  return { now, zone, valueOf: (path) => valueAt(answers, path), isShared: () => false, fact: () => null };
}

/** Gives the value at a path inside a value; over a list the values of all its rows. Undefined when there is none. */
export function valueAt(value: Json | undefined, path: readonly string[], from = 0): Json | undefined {
  let current = value;
  for (let index = from; index < path.length; index += 1) {
    if (current === undefined || current === null || typeof current !== 'object') return undefined;
    if (Array.isArray(current)) {
      const found = current.map((row) => valueAt(row, path, index)).filter((part) => part !== undefined);
      return found.length === 0 ? undefined : found.flat();
    }
    const key = path[index] ?? '';
    current = Object.hasOwn(current, key) ? current[key] : undefined;
  }
  return current;
}

/** Is this an answer? False is; an empty text or list is not. */
export function isAnswer(value: Json | undefined): value is Json {
  return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}

function leavesOfPath(tree: Tree & { type: 'path' }, context: Context): Leaf[] {
  const [head, name] = tree.path;
  const fact = head === 'facts' && name !== undefined && expects(tree.test, true) ? context.fact(name) : null;
  const leaves = fact === null ? [] : unmetLeaves(fact, context);
  // A fact that names itself has no leaves of its own; then the fact is the leaf.
  if (leaves.length > 0) return leaves;
  return [{ type: 'path', path: tree.path, test: tree.test, missing: isMissing(tree.path, context), hasRecord: head !== undefined && context.valueOf([head]) !== undefined }];
}

function isMissing(path: readonly string[], context: Context): boolean {
  const value = context.valueOf(path);
  if (path[0] === 'steps') return value === 'ahead' || value === 'waiting' || value === 'active';
  if (path[0] === 'tasks') return value !== 'done';
  return !isAnswer(value);
}

function expects(test: Test, value: boolean): boolean {
  return test.type === 'equals' && test.operand.type === 'value' && test.operand.value === value;
}

/** `row` is undefined at the top; inside a row its bare paths name fields of the row. */
function holdsIn(tree: Tree, context: Context, row: Json | undefined): boolean {
  switch (tree.type) {
    case 'all': return tree.trees.every((part) => holdsIn(part, context, row));
    case 'any': return tree.trees.some((part) => holdsIn(part, context, row));
    case 'none': return !tree.trees.some((part) => holdsIn(part, context, row));
    case 'path': {
      const inRow = row !== undefined && !reservedHeads.has(tree.path[0] ?? '');
      return passes(tree.test, inRow ? valueAt(row, tree.path) : context.valueOf(tree.path), context, row);
    }
  }
}

function passes(test: Test, value: Json | undefined, context: Context, row: Json | undefined): boolean {
  switch (test.type) {
    case 'equals': return equalsOperand(value, test.operand, context, row);
    case 'oneOf': return test.operands.some((operand) => equalsOperand(value, operand, context, row));
    case 'not': return !passes(test.test, value, context, row);
    case 'atLeast': case 'atMost': return comparesNumber(test.type, value, operandValue(test.operand, context, row));
    case 'onOrAfter': case 'onOrBefore': {
      const order = compareTimes(value, operandValue(test.operand, context, row), context.zone);
      return order !== null && (test.type === 'onOrAfter' ? order >= 0 : order <= 0);
    }
    case 'olderThan': return isOlderThan(value, test.duration, context.now, context.zone);
    case 'weekday': return weekdayMatches(value, test.days, context.zone);
    case 'age': return ageHolds(test, value, context, row);
    case 'answered': return isAnswer(value) === test.expected;
    case 'some': return listOf(value).some((part) => passes(test.test, part, context, part));
    case 'every': return listOf(value).length > 0 && listOf(value).every((part) => passes(test.test, part, context, part));
    case 'none': return !listOf(value).some((part) => passes(test.test, part, context, part));
    case 'last': {
      const last = listOf(value).at(-1);
      return last !== undefined && passes(test.test, last, context, last);
    }
    case 'count': return passes(test.test, listOf(value).length, context, row);
    case 'allOf': return test.tests.every((part) => passes(part, value, context, row));
    case 'anyOf': return test.tests.some((part) => passes(part, value, context, row));
    case 'noneOf': return !test.tests.some((part) => passes(part, value, context, row));
    // A list has no fields of its own: use some or every. A missing value has no answers.
    case 'fields': return !Array.isArray(value) && holdsIn(test.tree, context, value ?? null);
  }
}

function ageHolds(test: Test & { type: 'age' }, born: Json | undefined, context: Context, row: Json | undefined): boolean {
  const on = test.on === null ? context.now : operandValue({ type: 'field', path: test.on }, context, row);
  const age = ageOn(born, on, context.zone);
  return age !== null && (test.atLeast === null || age >= test.atLeast) && (test.atMost === null || age <= test.atMost);
}

function operandValue(operand: Operand, context: Context, row: Json | undefined): Json | undefined {
  if (operand.type === 'value') return operand.value;
  const head = operand.path[0] ?? '';
  const inRow = row !== undefined && !reservedHeads.has(head) && !context.isShared(head);
  return inRow ? valueAt(row, operand.path) : context.valueOf(operand.path);
}

function equalsOperand(value: Json | undefined, operand: Operand, context: Context, row: Json | undefined): boolean {
  const other = operandValue(operand, context, row);
  if (operand.type === 'value') return isSame(value, other, context.zone);
  return Array.isArray(other) ? other.some((part) => isSame(value, part, context.zone)) : isSame(value, other, context.zone);
}

/** Numbers and texts compare as text; a day and a moment as days. */
function isSame(one: Json | undefined, other: Json | undefined, zone: Zone): boolean {
  if (one === undefined || other === undefined || one === null || other === null) return false;
  if (one === other) return true;
  if (typeof one === 'string' && typeof other === 'string') return one.length !== other.length && one.charAt(4) === '-' && compareTimes(one, other, zone) === 0;
  if (typeof one === 'object' || typeof other === 'object' || typeof one === 'boolean' || typeof other === 'boolean') return false;
  return String(one) === String(other);
}

function comparesNumber(type: 'atLeast' | 'atMost', value: Json | undefined, bound: Json | undefined): boolean {
  const one = numberOf(value);
  const other = numberOf(bound);
  return one !== null && other !== null && (type === 'atLeast' ? one >= other : one <= other);
}

function numberOf(value: Json | undefined): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

function listOf(value: Json | undefined): Json[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}
