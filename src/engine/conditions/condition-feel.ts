import type { Duration } from '../../definitions/workflow.types.ts';
import { type Operand, reservedHeads, type Scalar, type Test, type Tree } from './condition-tree.ts';
import { isClockTime } from '../time/durations.ts';

/** Inside a row: the name of its variable, and how deep it lies. */
type Row = { name: string; depth: number } | null;

/** A part of an expression. `isLoose`: needs brackets beside another; `isSure`: is never null. */
type Said = { text: string; isLoose: boolean; isSure: boolean };

/** What FEEL cannot take for the name of a variable or of an entry. */
const feelWords: ReadonlySet<string> = new Set(['and', 'between', 'date', 'duration', 'else', 'every', 'external', 'false', 'for', 'function', 'if', 'in', 'instance', 'item', 'not', 'null', 'of', 'or', 'return', 'satisfies', 'some', 'then', 'time', 'true']);
const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/**
 * Gives a condition as an expression in FEEL (DMN 1.5), for tools of others (definitions.md, meaning 6). It is true exactly when the condition holds;
 * where the condition does not hold FEEL says false or null, which no tool takes for true. It is asked of the answers as a context of the same names,
 * with a moment as a date and time at the place of the school and a date of which only the month or year is known as its first day. `here` is that context itself,
 * for names that FEEL cannot write; `later workday(date, number)` has to be brought along, since only a calendar can tell.
 * `isShared`: does the first word of a path mean something outside the row at hand (a task)?
 */
export function conditionFeel(tree: Tree, isShared: (head: string) => boolean = () => false): string {
  return writer(isShared)(tree, null).text;
}

function writer(isShared: (head: string) => boolean): (tree: Tree, row: Row) => Said {
  const ofPath = (path: readonly string[], inRow: Row): string => (inRow === null ? fromTop(path) : path.reduce(entryOf, inRow.name));
  const operand = (one: Operand, row: Row): string => {
    if (one.type === 'value') return literal(one.value);
    const head = one.path[0] ?? '';
    return ofPath(one.path, reservedHeads.has(head) || isShared(head) ? null : row);
  };

  function ofTree(tree: Tree, row: Row): Said {
    if (tree.type === 'path') return ofTest(tree.test, ofPath(tree.path, reservedHeads.has(tree.path[0] ?? '') ? null : row), row);
    const parts = tree.trees.map((part) => ofTree(part, row));
    return tree.type === 'none' ? not(either(parts)) : tree.type === 'any' ? either(parts) : both(parts);
  }

  function ofTest(test: Test, value: string, row: Row): Said {
    switch (test.type) {
      case 'equals': return equals(value, test.operand, row);
      case 'oneOf': return either(test.operands.map((one) => equals(value, one, row)));
      case 'not': return not(ofTest(test.test, value, row));
      case 'atLeast': return compared(`${value} >= ${operand(test.operand, row)}`);
      case 'atMost': return compared(`${value} <= ${operand(test.operand, row)}`);
      case 'onOrAfter': return compared(`${day(value)} >= ${day(operand(test.operand, row))}`);
      case 'onOrBefore': return compared(`${day(value)} <= ${day(operand(test.operand, row))}`);
      case 'olderThan': return compared(olderThan(value, test.duration));
      case 'weekday': return either(test.days.map(weekday).map((name) => compared(`day of week(${day(value)}) = ${literal(name)}`)));
      case 'age': {
        const age = `years and months duration(${day(value)}, ${day(test.on === null ? 'now' : operand({ type: 'field', path: test.on }, row))}).years`;
        return both([...(test.atLeast === null ? [] : [compared(`${age} >= ${String(test.atLeast)}`)]), ...(test.atMost === null ? [] : [compared(`${age} <= ${String(test.atMost)}`)])]);
      }
      case 'answered': {
        const empty = either([`${value} = null`, `${value} = ""`, `${value} = []`].map(compared));
        return test.expected ? not(empty) : empty;
      }
      case 'some': return inRows('some', value, test.test, row);
      case 'none': return not(inRows('some', value, test.test, row));
      case 'every': return both([compared(`count(${listOf(value)}) > 0`), inRows('every', value, test.test, row)]);
      case 'last': return inRows('some', `sublist(${listOf(value)}, -1, 1)`, test.test, row, true);
      case 'count': return ofTest(test.test, `count(${listOf(value)})`, row);
      case 'allOf': return both(test.tests.map((part) => ofTest(part, value, row)));
      case 'anyOf': return either(test.tests.map((part) => ofTest(part, value, row)));
      case 'noneOf': return not(either(test.tests.map((part) => ofTest(part, value, row))));
      case 'fields': return ofTree(test.tree, { name: value, depth: row?.depth ?? 0 });
    }
  }

  function equals(value: string, other: Operand, row: Row): Said {
    if (other.type === 'value') return other.value === null ? either([]) : compared(`${value} = ${literal(other.value)}`);
    return both([compared(`${value} != null`), compared(`list contains(${listOf(operand(other, row))}, ${value})`)]);
  }

  function inRows(word: 'some' | 'every', value: string, test: Test, row: Row, isList = false): Said {
    const depth = (row?.depth ?? 0) + 1;
    const name = `row${String(depth)}`;
    return { text: `${word} ${name} in ${isList ? value : listOf(value)} satisfies ${sure(ofTest(test, name, { name, depth }))}`, isLoose: true, isSure: false };
  }

  return ofTree;
}

/** A list of whatever stands there: nothing, one answer or many. */
function listOf(value: string): string {
  return `flatten([${value}])[item != null]`;
}

function fromTop(path: readonly string[]): string {
  const [head = '', ...rest] = path;
  return rest.reduce(entryOf, isName(head) ? head : `get value(here, ${literal(head)})`);
}

function entryOf(whole: string, name: string): string {
  return isName(name) ? `${whole}.${name}` : `get value(${whole}, ${literal(name)})`;
}

function isName(word: string): boolean {
  return /^[A-Za-z_]\w*$/.test(word) && !feelWords.has(word);
}

function day(value: string): string {
  return `date(${value})`;
}

function weekday(given: Scalar): string {
  return weekdays.find((name, index) => String(given) === String(index + 1) || name.toLowerCase() === String(given).toLowerCase()) ?? '';
}

/** Days end with the day, hours by the clock (semantics 14). */
function olderThan(value: string, duration: Duration): string {
  const { minutes = 0, hours = 0, days = 0, weeks = 0, months = 0, years = 0, workdays = 0 } = duration;
  if (isClockTime(duration)) return `date and time(${value}) + duration("PT${String(hours)}H${String(minutes)}M") < now`;
  const later = [...(years + months > 0 ? [`duration("P${String(years)}Y${String(months)}M")`] : []), ...(days + weeks > 0 ? [`duration("P${String(days + 7 * weeks)}D")`] : [])];
  const calendar = [day(value), ...later].join(' + ');
  return `${workdays > 0 ? `later workday(${calendar}, ${String(workdays)})` : calendar} < date(now)`;
}

function literal(value: Scalar): string {
  return JSON.stringify(value);
}

/** Null is not true: the opposite of what is not known has to be true. */
function not(said: Said): Said {
  return { text: `not(${sure(said)})`, isLoose: false, isSure: true };
}

/** True or false, and never null. */
function sure({ text, isSure }: Said): string {
  return isSure ? text : `(${text}) = true`;
}

function both(parts: Said[]): Said {
  return joined(parts, 'and', 'true');
}

function either(parts: Said[]): Said {
  return joined(parts, 'or', 'false');
}

function joined(parts: Said[], word: 'and' | 'or', ofNone: string): Said {
  const [only] = parts;
  if (only === undefined) return { text: ofNone, isLoose: false, isSure: true };
  if (parts.length === 1) return only;
  return { text: parts.map(({ text, isLoose }) => (isLoose ? `(${text})` : text)).join(` ${word} `), isLoose: true, isSure: parts.every(({ isSure }) => isSure) };
}

function compared(text: string): Said {
  return { text, isLoose: false, isSure: false };
}
