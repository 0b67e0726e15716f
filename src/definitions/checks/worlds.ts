import { isObject, isScalar } from '../json-values.ts';
import { operators } from './operators.ts';

/** One combination of answers: the value at each path, and whether each part that cannot be worked out holds. Undefined: no answer. */
export type World = ReadonlyMap<string, Answer>;
export type Answer = string | number | boolean | undefined;

/** Conditions behind the names of facts. */
export type Facts = { readonly [name: string]: unknown };

/**
 * What a condition asks. `path`: one answer, of which all tests are known. `free`: something that cannot be worked out from single
 * answers (lists, moments, other fields), which counts as true or false by itself.
 */
export type Asked = { type: 'path'; name: string; tests: unknown[] } | { type: 'free'; name: string };

/** Does a condition hold in a world? The same meaning as in the engine, for the part that can be worked out beforehand. */
export function holdsIn(condition: unknown, world: World, facts: Facts): boolean {
  return isObject(condition) && Object.entries(condition).every(([key, value]) => entryHolds(key, value, world, facts));
}

/** Gives everything a condition asks, with facts and groups of fields written out. */
export function askedIn(condition: unknown, facts: Facts): Asked[] {
  if (!isObject(condition)) return [];
  return Object.entries(condition).flatMap(([key, value]): Asked[] => {
    if (isCombination(key, value)) return value.flatMap((part) => askedIn(part, facts));
    if (key.startsWith('facts.') && isBoolean(value)) return askedIn(facts[key.slice(6)], facts);
    if (isGroup(value)) return askedIn(spreadOut(key, value), facts);
    return isKnown(value) ? [{ type: 'path', name: key, tests: [value] }] : [{ type: 'free', name: freeName(key, value) }];
  });
}

function entryHolds(key: string, value: unknown, world: World, facts: Facts): boolean {
  if (isCombination(key, value)) {
    const holds = (part: unknown): boolean => holdsIn(part, world, facts);
    return key === 'all' ? value.every(holds) : key === 'any' ? value.some(holds) : !value.some(holds);
  }
  if (key.startsWith('facts.') && isBoolean(value)) return holdsIn(facts[key.slice(6)], world, facts) === value;
  if (isGroup(value)) return holdsIn(spreadOut(key, value), world, facts);
  return isKnown(value) ? passes(value, world.get(key)) : world.get(freeName(key, value)) === true;
}

function isCombination(key: string, value: unknown): value is unknown[] {
  return (key === 'all' || key === 'any' || key === 'none') && Array.isArray(value);
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

/** Fields of one record: { task: { field: answer } }. */
function isGroup(test: unknown): test is { [field: string]: unknown } {
  return isObject(test) && !Object.keys(test).some((key) => Object.hasOwn(operators, key) || key === 'field');
}

function spreadOut(path: string, group: { [field: string]: unknown }): { [path: string]: unknown } {
  return Object.fromEntries(Object.entries(group).map(([field, test]) => [`${path}.${field}`, test]));
}

/** Can this test be worked out from one answer alone? */
function isKnown(test: unknown): boolean {
  if (isScalar(test)) return true;
  if (Array.isArray(test)) return test.every(isScalar);
  return isObject(test) && Object.entries(test).every(([operator, argument]) => {
    switch (operator) {
      case 'answered': return true;
      case 'not': return isKnown(argument);
      case 'atLeast': case 'atMost': case 'onOrAfter': case 'onOrBefore': return isScalar(argument);
      case 'all': case 'any': case 'none': return Array.isArray(argument) && argument.every(isKnown);
      default: return false;
    }
  });
}

function freeName(path: string, test: unknown): string {
  return `"${path}": ${JSON.stringify(test)}`;
}

function passes(test: unknown, answer: Answer): boolean {
  if (Array.isArray(test)) return test.some((one) => isSame(one, answer));
  if (!isObject(test)) return isSame(test, answer);
  return Object.entries(test).every(([operator, argument]) => operatorHolds(operator, argument, answer));
}

function operatorHolds(operator: string, argument: unknown, answer: Answer): boolean {
  switch (operator) {
    case 'answered': return (answer !== undefined && answer !== '') === argument;
    case 'not': return !passes(argument, answer);
    case 'atLeast': return isNumber(answer) && Number(answer) >= Number(argument);
    case 'atMost': return isNumber(answer) && Number(answer) <= Number(argument);
    // Days as text sort as they come.
    case 'onOrAfter': return typeof answer === 'string' && answer >= String(argument);
    case 'onOrBefore': return typeof answer === 'string' && answer <= String(argument);
    case 'all': return Array.isArray(argument) && argument.every((part) => passes(part, answer));
    case 'any': return Array.isArray(argument) && argument.some((part) => passes(part, answer));
    case 'none': return Array.isArray(argument) && !argument.some((part) => passes(part, answer));
    default: throw new Error(`"${operator}" cannot be worked out beforehand.`);
  }
}

function isNumber(answer: Answer): boolean {
  return answer !== undefined && answer !== '' && typeof answer !== 'boolean' && Number.isFinite(Number(answer));
}

/** `reached` and `settled` are words for several states at once (definitions.md, Meaning 6). */
function isSame(value: unknown, answer: Answer): boolean {
  if (answer === undefined || value === null) return false;
  if (value === 'reached') return answer !== 'ahead';
  if (value === 'settled') return answer !== 'open';
  return typeof value === 'boolean' || typeof answer === 'boolean' ? value === answer : isScalar(value) && String(value) === String(answer);
}
