import * as jsonc from 'jsonc-parser';
import { finding, type Finding, type Path } from './problem.ts';
import { syntaxFinding } from './syntax-error.ts';
import type { Json } from './bundle.ts';

/** A place in a text; both count from 1. */
export type Position = { line: number; column: number };

/** A finding that already knows its offset in the text. */
export type Placed = { finding: Finding; offset: number };

/** A JSON file with the places of its keys and values. `value` is undefined when the syntax is wrong. */
export type ParsedJson = {
  value: Json | undefined;
  problems: Placed[];
  /** Offset of a key or value; of the nearest parent when the path does not exist. */
  offsetOf: (path: Path, at: 'key' | 'value') => number;
  position: (offset: number) => Position;
  /** The text at an offset, shortened to one value. */
  textAt: (path: Path, at: 'key' | 'value') => string;
};

/** Deeper nesting is refused before parsing, so that no file can exhaust the stack. */
const greatestDepth = 32;

/** Reads strict JSON (no comments, no trailing commas) and keeps the places; reports the first syntax error, or every double key. */
export function parseJson(text: string): ParsedJson {
  const position = positionsIn(text);
  const deep = tooDeepAt(text);
  if (deep !== null) return broken([{ finding: finding('tooDeep', [], { greatest: greatestDepth }), offset: deep }], position);
  const errors: jsonc.ParseError[] = [];
  const root = jsonc.parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  // The first error is the cause; most of what comes after it follows from it, and sends people the wrong way.
  if (errors[0] !== undefined) return broken([syntaxFinding(text, errors[0])], position);
  if (root === undefined) return broken([noJson()], position);
  const value = parsed(text);
  if (value === undefined) return broken([noJson()], position);
  const find = (path: Path, at: 'key' | 'value'): jsonc.Node => nodeAt(root, path, at);
  return {
    value,
    problems: doubleKeys(root),
    offsetOf: (path, at) => find(path, at).offset,
    position,
    textAt: (path, at) => shortened(text, find(path, at))
  };
}

function broken(problems: Placed[], position: ParsedJson['position']): ParsedJson {
  return { value: undefined, problems, offsetOf: () => 0, position, textAt: () => '' };
}

function noJson(): Placed {
  return { finding: finding('syntaxValueExpected', []), offset: 0 };
}

/** JSON.parse and not jsonc's own value: a key "__proto__" stays an ordinary key, for the schema to refuse. */
function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function tooDeepAt(text: string): number | null {
  const scanner = jsonc.createScanner(text, true);
  let depth = 0;
  for (;;) {
    scanner.scan();
    const token = text.slice(scanner.getTokenOffset(), scanner.getTokenOffset() + scanner.getTokenLength());
    if (token === '') return null;
    if (token === '{' || token === '[') depth += 1;
    if (token === '}' || token === ']') depth -= 1;
    if (depth > greatestDepth) return scanner.getTokenOffset();
  }
}

function nodeAt(root: jsonc.Node, path: Path, at: 'key' | 'value'): jsonc.Node {
  let node = root;
  for (const [index, part] of path.entries()) {
    const property = node.type === 'object' ? lastNamed(node, String(part)) : undefined;
    const child = property === undefined ? (node.type === 'array' ? node.children?.[Number(part)] : undefined) : property.children?.[1];
    if (child === undefined) return node;
    const key = property?.children?.[0];
    node = at === 'key' && index === path.length - 1 && key !== undefined ? key : child;
  }
  return node;
}

/** With a double key JSON.parse takes the last one. */
function lastNamed(node: jsonc.Node, name: string): jsonc.Node | undefined {
  return node.children?.findLast((property) => property.children?.[0]?.value === name);
}

function doubleKeys(node: jsonc.Node): Placed[] {
  if (node.children === undefined) return [];
  const seen = new Set<string>();
  const here: Placed[] = [];
  for (const property of node.type === 'object' ? node.children : []) {
    const key = property.children?.[0];
    const name = String(key?.value);
    if (key !== undefined && seen.has(name)) here.push({ finding: finding('doubleKey', jsonc.getNodePath(property), { key: name }), offset: key.offset });
    seen.add(name);
  }
  return [...here, ...node.children.flatMap((child) => (child.children === undefined ? [] : doubleKeys(child)))];
}

function shortened(text: string, node: jsonc.Node): string {
  const found = text.slice(node.offset, node.offset + node.length).replace(/\s+/g, ' ');
  return found.length > 80 ? `${found.slice(0, 77)}...` : found;
}

function positionsIn(text: string): (offset: number) => Position {
  return (offset) => {
    const before = text.slice(0, offset);
    return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
  };
}
