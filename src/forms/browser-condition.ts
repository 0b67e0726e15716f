import { type Operand, pathsOf, type Test, type Tree } from '../engine/conditions/condition-tree.ts';
import { nameIn } from './names.ts';

/** A condition with everything resolved to names of controls and posted texts: all the browser needs, and nothing else. */
export type BrowserCondition =
  | { all: BrowserCondition[] }
  | { any: BrowserCondition[] }
  | { none: BrowserCondition[] }
  | { name: string; is: string[] }
  | { name: string; answered: boolean }
  | { name: string; atLeast: number }
  | { name: string; atMost: number };

/** Names of controls begin with `at`; what does not stand on the page has been decided: `isHere` says of a path whether it does, `holds` what it came to. */
export type Here = { at: string; isHere: (path: readonly string[]) => boolean; holds: (tree: Tree) => boolean };

/** Gives a condition as JSON for the browser; null when it needs more than it can work out, so that the server decides. */
export function browserCondition(tree: Tree, here: Here): string | null {
  const condition = ofTree(tree, here);
  return condition === null ? null : JSON.stringify(condition);
}

function ofTree(tree: Tree, here: Here): BrowserCondition | null {
  // A form names its own answers only, so a longer path leads into a group.
  if (tree.type === 'path' && pathsOf(tree).every((path) => !here.isHere(path))) return here.holds(tree) ? { all: [] } : { any: [] };
  if (tree.type === 'path') return ofTest(tree.test, tree.path.reduce(nameIn, here.at));
  const parts = every(tree.trees.map((part) => ofTree(part, here)));
  return parts === null ? null : combined(tree.type, parts);
}

function ofTest(test: Test, name: string): BrowserCondition | null {
  switch (test.type) {
    case 'equals': return isOneOf(name, [test.operand]);
    case 'oneOf': return isOneOf(name, test.operands);
    case 'answered': return { name, answered: test.expected };
    case 'atLeast': case 'atMost': return isNumber(name, test.type, test.operand);
    case 'not': return wrapped('none', [ofTest(test.test, name)]);
    case 'allOf': return wrapped('all', test.tests.map((part) => ofTest(part, name)));
    case 'anyOf': return wrapped('any', test.tests.map((part) => ofTest(part, name)));
    case 'noneOf': return wrapped('none', test.tests.map((part) => ofTest(part, name)));
    default: return null;
  }
}

function isOneOf(name: string, operands: Operand[]): BrowserCondition | null {
  // A day is posted in parts, so the server decides about it.
  const texts = operands.map((operand) => (operand.type === 'value' && operand.value !== null && !/^\d{4}-\d/.test(String(operand.value)) ? String(operand.value) : null));
  const known = every(texts);
  return known === null ? null : { name, is: known };
}

function isNumber(name: string, type: 'atLeast' | 'atMost', operand: Operand): BrowserCondition | null {
  if (operand.type !== 'value' || typeof operand.value !== 'number') return null;
  return type === 'atLeast' ? { name, atLeast: operand.value } : { name, atMost: operand.value };
}

function wrapped(type: 'all' | 'any' | 'none', parts: (BrowserCondition | null)[]): BrowserCondition | null {
  const known = every(parts);
  return known === null ? null : combined(type, known);
}

function combined(type: 'all' | 'any' | 'none', parts: BrowserCondition[]): BrowserCondition {
  return type === 'all' ? { all: parts } : type === 'any' ? { any: parts } : { none: parts };
}

function every<T>(parts: (T | null)[]): T[] | null {
  const known = parts.filter((part) => part !== null);
  return known.length === parts.length ? known : null;
}
