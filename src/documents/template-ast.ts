import Handlebars from 'handlebars';

/** A parsed template or the inside of one block. */
export type Program = hbs.AST.Program;

/** A place in a template; both count from 1. */
export type Position = { line: number; column: number };

/** Tells what is wrong at a place; `code` is the key of its sentence in texts/<language>/documents.json. */
export type Report = (position: Position, code: string, params?: { [name: string]: string | number }, proposal?: string | null) => void;

export type Statement =
  | hbs.AST.MustacheStatement
  | hbs.AST.BlockStatement
  | hbs.AST.PartialStatement
  | hbs.AST.ContentStatement
  | hbs.AST.CommentStatement
  // The published types call these MustacheStatement and BlockStatement; the parser does not.
  | (hbs.AST.Node & { type: 'PartialBlockStatement' | 'Decorator' | 'DecoratorBlock' });

export type Expression =
  | hbs.AST.PathExpression
  | hbs.AST.SubExpression
  | hbs.AST.StringLiteral
  | hbs.AST.NumberLiteral
  | hbs.AST.BooleanLiteral
  | hbs.AST.NullLiteral
  | hbs.AST.UndefinedLiteral;

/** What calls a helper or shows a value. */
export type Call = { path: Expression; params: Expression[]; hash: { key: string; value: Expression }[] };

/** Deepest nesting of blocks and of elements. */
export const deepest = 20;

const largestSource = 64 * 1024;
const mostTags = 1000;

/**
 * Reads a template without changing its white space, so that positions are those of the file.
 * Gives null after reporting what is wrong. What would be dear to parse is refused before it is parsed.
 */
export function parseTemplate(source: string, report: Report): Program | null {
  // A template may never be an object: the compiler would run it as code (CVE-2026-33937).
  if (typeof source !== 'string') throw new TypeError('A template is text.');
  const start = { line: 1, column: 1 };
  if (source.length > largestSource) return refuse(report, start, 'tooLarge');
  const [opening, closing] = [source.match(/\{\{~?#/g)?.length ?? 0, source.match(/\{\{/g)?.length ?? 0];
  if (closing > mostTags || opening > mostTags) return refuse(report, start, 'tooManyNodes');
  if (nestingOf(source) > deepest) return refuse(report, start, 'tooDeep', { greatest: deepest });
  const slip = slipIn(source);
  if (slip !== null) return refuse(report, placeIn(source, slip.offset), slip.code, slip.params);
  try {
    return Handlebars.parseWithoutProcessing(source);
  } catch (error) {
    const block = blockSlip(source);
    return block === null ? refuse(report, positionOfError(error), 'syntax') : refuse(report, placeIn(source, block.offset), block.code, block.params);
  }
}

type Slip = { code: string; offset: number; params: { [name: string]: string } };

/** A slip of the fingers, or of a word processor, that the parser does not see or tells in other words: a brace too few, or curved quotation marks around a value. */
function slipIn(source: string): Slip | null {
  const bare = source.replace(/\{\{!--[^]*?--\}\}|\{\{![^]*?\}\}/g, (comment) => ' '.repeat(comment.length));
  const brace = /(?<!\{)\{\{[^{}]*\}(?!\})|(?<!\{)\{[^{}]*\}\}/.exec(bare);
  if (brace !== null) return { code: 'brace', offset: brace.index, params: {} };
  for (const { 0: tag, index } of bare.matchAll(/\{\{[^{}]*\}\}/g)) {
    const at = tag.replace(/"[^"]*"/g, (text) => ' '.repeat(text.length)).search(/[“”„]/);
    if (at !== -1) return { code: 'quote', offset: index + at, params: { found: tag.charAt(at) } };
  }
  return null;
}

/** The block without its end, or the end without its block. */
function blockSlip(source: string): Slip | null {
  const open: { name: string; offset: number }[] = [];
  for (const { 1: sign, 2: name = '', index } of source.matchAll(/\{\{~?([#/])\s*([\w-]+)/g)) {
    if (sign === '#') open.push({ name, offset: index });
    else if (open.at(-1)?.name === name) open.pop();
    else if (open.length > 0) break;
    else return { code: 'blockEnd', offset: index, params: { name } };
  }
  const last = open.at(-1);
  return last === undefined ? null : { code: 'blockOpen', offset: last.offset, params: { name: last.name } };
}

function placeIn(source: string, offset: number): Position {
  const before = source.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

/** Gives the statements of a program. */
export function statementsOf(program: Program): Statement[] {
  return program.body as Statement[];
}

/** Gives the call behind a tag between braces, a block or a call between parentheses. */
export function callOf(node: hbs.AST.MustacheStatement | hbs.AST.BlockStatement | hbs.AST.SubExpression): Call {
  return { path: node.path as Expression, params: node.params as Expression[], hash: hashOf(node) };
}

/** Gives the context and the named values that a partial is called with. */
export function argumentsOf(node: hbs.AST.PartialStatement): { params: Expression[]; hash: Call['hash'] } {
  return { params: node.params as Expression[], hash: hashOf(node) };
}

/** Gives the programs inside a block: its body, and what follows its else. */
export function programsOf(block: hbs.AST.BlockStatement): { body: Program | null; inverse: Program | null } {
  // The published types say that both always exist.
  const { program, inverse } = block as { program?: Program; inverse?: Program };
  return { body: program ?? null, inverse: inverse ?? null };
}

/** Gives the name of a partial, or null when it is computed. */
export function partialNameOf(node: hbs.AST.PartialStatement): string | null {
  return node.name.type === 'PathExpression' ? node.name.original : null;
}

/** Gives where a node starts. The parser counts columns from 0. */
export function positionOf(node: hbs.AST.Node): Position {
  return { line: node.loc.start.line, column: node.loc.start.column + 1 };
}

function hashOf(node: { hash?: hbs.AST.Hash }): Call['hash'] {
  return (node.hash?.pairs ?? []).map(({ key, value }) => ({ key, value: value as Expression }));
}

function refuse(report: Report, position: Position, code: string, params: { [name: string]: string | number } = {}): null {
  report(position, code, params);
  return null;
}

function nestingOf(source: string): number {
  let depth = 0;
  let greatest = 0;
  for (const [tag] of source.matchAll(/\{\{~?[#/]|\(|\)/g)) {
    depth = Math.max(0, depth + (tag.endsWith('#') || tag === '(' ? 1 : -1));
    greatest = Math.max(greatest, depth);
  }
  return greatest;
}

function positionOfError(error: unknown): Position {
  const { lineNumber, column, message } = error as { lineNumber?: number; column?: number; message?: string };
  const line = lineNumber ?? Number(/on line (\d+)/.exec(message ?? '')?.[1] ?? 1);
  return { line, column: (column ?? 0) + 1 };
}
