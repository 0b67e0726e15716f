import { isObject } from '../json-values.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import { units } from '../term-units.ts';
import { explainLost, resolve, type Scope } from './scope.ts';
import { group, type Shape } from './shapes.ts';

/** One operator in a condition: its argument, where it stands, and the shape of the value it is asked of. */
type Use = {
  name: string; argument: unknown; at: Path; shape: Shape; scope: Scope; levels: number;
  /** The checks of nested tests and operands come along, because they use this table themselves. */
  checkTest: (test: unknown, path: Path, shape: Shape, scope: Scope, levels: number) => Finding[];
  checkOperand: (operand: unknown, path: Path, shape: Shape, scope: Scope) => Finding[];
};

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const aNumber: Shape = { type: 'scalar', base: 'number', options: null };

/** Every operator of the condition language, with its check. */
export const operators: { [name: string]: (use: Use) => Finding[] } = {
  not: ({ argument, at, shape, scope, levels, checkTest }) => checkTest(argument, at, shape, scope, levels),
  atLeast: checkBound,
  atMost: checkBound,
  onOrAfter: checkDate,
  onOrBefore: checkDate,
  olderThan: (use) => {
    const unfit = unfitFor('date', use);
    return unfit.length > 0 || isDuration(use.argument) ? unfit : [finding('noDuration', use.at, { units: units.join(', ') })];
  },
  weekday: (use) => {
    const unfit = unfitFor('date', use);
    const days = [use.argument].flat();
    const isDay = (day: unknown): boolean => (typeof day === 'string' && weekdays.includes(day.toLowerCase())) || (typeof day === 'number' && Number.isInteger(day) && day >= 1 && day <= 7);
    return unfit.length > 0 || days.every(isDay) ? unfit : [finding('noWeekday', use.at)];
  },
  age: checkAge,
  answered: ({ argument, at }) => (typeof argument === 'boolean' ? [] : [finding('wrongType', at, { expected: 'boolean' })]),
  some: checkQuantifier,
  every: checkQuantifier,
  last: checkQuantifier,
  none: (use) => (Array.isArray(use.argument) ? checkCombined(use) : checkQuantifier(use)),
  count: (use) => {
    const unfit = unfitList(use);
    return unfit.length > 0 ? unfit : use.checkTest(use.argument, use.at, aNumber, use.scope, use.levels);
  },
  all: checkCombined,
  any: checkCombined
};

function checkBound(use: Use): Finding[] {
  const unfit = unfitFor('number', use);
  return unfit.length > 0 ? unfit : use.checkOperand(use.argument, use.at, aNumber, use.scope);
}

function checkDate(use: Use): Finding[] {
  const unfit = unfitFor('date', use);
  return unfit.length > 0 ? unfit : use.checkOperand(use.argument, use.at, use.shape, use.scope);
}

function checkAge(use: Use): Finding[] {
  const unfit = unfitFor('date', use);
  if (unfit.length > 0) return unfit;
  const { argument, at, scope } = use;
  if (!isObject(argument)) return [finding('wrongType', at, { expected: 'object' })];
  return Object.entries(argument).flatMap(([key, value]) => {
    if (key === 'on' && typeof value === 'string') return explainLost(resolve(value, scope, true), [...at, key], value, 'value');
    if (key === 'atLeast' || key === 'atMost') return typeof value === 'number' ? [] : [finding('wrongType', [...at, key], { expected: 'number' })];
    return [finding('unknownOperator', [...at, key], { name: key }, { at: 'key' })];
  });
}

function checkQuantifier(use: Use): Finding[] {
  const { argument, at, shape, scope, levels } = use;
  const unfit = unfitList(use);
  if (unfit.length > 0 || shape.type !== 'list') return unfit;
  // A single answer has no fields, so there bare names mean nothing.
  const row = shape.item.type === 'group' ? shape.item : group({});
  return use.checkTest(argument, at, shape.item, { ...scope, row }, levels + 1);
}

function checkCombined({ name, argument, at, shape, scope, levels, checkTest }: Use): Finding[] {
  if (!Array.isArray(argument)) return [finding('noConditionList', at, { key: name })];
  return argument.flatMap((part, index) => checkTest(part, [...at, index], shape, scope, levels + 1));
}

function unfitList({ name, at, shape }: Use): Finding[] {
  return shape.type === 'list' ? [] : [finding('notAList', at, { name }, { at: 'key' })];
}

/** Numbers may also be texts with fixed answers that are all numbers, such as a group of the school. */
function unfitFor(base: 'number' | 'date', { name, at, shape }: Use): Finding[] {
  if (shape.type === 'list') return [finding(shape.of === 'records' ? 'repeatedAsSingle' : 'listAsSingle', at, { path: String(at.at(-2)) }, { at: 'key' })];
  const fits = shape.type === 'scalar' && (shape.base === base || (base === 'number' && shape.options !== null && shape.options.every((option) => Number.isFinite(Number(option)))));
  return fits ? [] : [finding(base === 'number' ? 'onlyNumbers' : 'onlyDates', at, { name }, { at: 'key' })];
}

function isDuration(value: unknown): boolean {
  if (!isObject(value)) return false;
  const entries = Object.entries(value);
  return entries.length === 1 && entries.every(([unit, count]) => (units as readonly string[]).includes(unit) && typeof count === 'number' && Number.isInteger(count) && count >= 0);
}
