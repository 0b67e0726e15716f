import { nearest } from '../definitions/nearest.ts';
import { blockHelpers, helperNames } from './helpers.ts';
import {
  argumentsOf, callOf, deepest, partialNameOf, positionOf, programsOf, statementsOf,
  type Call, type Expression, type Position, type Program, type Report, type Statement
} from './template-ast.ts';

const mostNodes = 2000;
const forbiddenNames = new Set(['__proto__', 'prototype', 'constructor', 'toString', '__defineGetter__', '__defineSetter__', '__lookupGetter__', '__lookupSetter__']);
const dataNames = new Set(['index', 'first', 'last', 'root']);

/**
 * Checks what stands between braces: only known helpers, no raw output, no computed or unknown partials,
 * no decorators, at most 20 levels and 2000 nodes.
 */
export function checkSyntax(program: Program, partials: ReadonlySet<string>, report: Report): void {
  let nodes = 0;
  let stopped = false;
  const count = (position: Position, depth: number): boolean => {
    nodes += 1;
    if (stopped || (nodes <= mostNodes && depth <= deepest)) return !stopped;
    stopped = true;
    if (nodes > mostNodes) report(position, 'tooManyNodes');
    else report(position, 'tooDeep', { greatest: deepest });
    return false;
  };

  const visitProgram = (inside: Program, depth: number): void => {
    for (const statement of statementsOf(inside)) visitStatement(statement, depth);
  };

  const visitStatement = (node: Statement, depth: number): void => {
    if (!count(positionOf(node), depth)) return;
    switch (node.type) {
      case 'ContentStatement':
      case 'CommentStatement': return;
      case 'MustacheStatement': return visitMustache(node, depth);
      case 'BlockStatement': return visitBlock(node, depth);
      case 'PartialStatement': return visitPartial(node, depth);
      case 'PartialBlockStatement': report(positionOf(node), 'partialBlock'); return;
      case 'Decorator':
      case 'DecoratorBlock': report(positionOf(node), 'decorator'); return;
    }
  };

  const visitMustache = (node: hbs.AST.MustacheStatement, depth: number): void => {
    if (!node.escaped) report(positionOf(node), 'raw');
    const call = callOf(node);
    if (call.params.length > 0 || call.hash.length > 0) return visitCall(call, positionOf(node), depth);
    if (call.path.type === 'PathExpression' && isKnown(call.path.original)) {
      report(positionOf(node), 'helperAlone', { name: call.path.original });
    }
    visitExpression(call.path, depth + 1);
  };

  const visitBlock = (node: hbs.AST.BlockStatement, depth: number): void => {
    const call = callOf(node);
    const name = nameOf(call.path);
    if (!blockHelpers.includes(name)) report(positionOf(node), 'unknownBlock', { name, allowed: blockHelpers.join(', ') }, nearest(name, blockHelpers));
    else if (call.params.length !== 1 || call.hash.length > 0) report(positionOf(node), 'blockParameter', { name });
    visitArguments(call, depth);
    const { body, inverse } = programsOf(node);
    for (const inside of [body, inverse]) if (inside !== null) visitProgram(inside, depth + 1);
  };

  const visitPartial = (node: hbs.AST.PartialStatement, depth: number): void => {
    const name = partialNameOf(node);
    if (name === null) report(positionOf(node), 'dynamicPartial');
    else if (!partials.has(name)) report(positionOf(node), 'unknownPartial', { name }, nearest(name, partials));
    const given = argumentsOf(node);
    for (const value of [...given.params, ...given.hash.map((pair) => pair.value)]) visitExpression(value, depth + 1);
  };

  const visitCall = (call: Call, position: Position, depth: number): void => {
    const name = nameOf(call.path);
    if (!helperNames.includes(name)) report(position, 'unknownHelper', { name, allowed: helperNames.join(', ') }, nearest(name, helperNames));
    visitArguments(call, depth);
  };

  const visitArguments = (call: Call, depth: number): void => {
    for (const value of [...call.params, ...call.hash.map((pair) => pair.value)]) visitExpression(value, depth + 1);
  };

  const visitExpression = (node: Expression, depth: number): void => {
    if (!count(positionOf(node), depth)) return;
    if (node.type === 'SubExpression') return visitCall(callOf(node), positionOf(node), depth);
    if (node.type !== 'PathExpression') return;
    const parts = node.parts as unknown[];
    const bad = parts.find((part) => typeof part !== 'string' || forbiddenNames.has(part));
    if (bad !== undefined) report(positionOf(node), 'forbiddenName', { name: node.original });
    if (node.data && !dataNames.has(node.parts[0] ?? '')) report(positionOf(node), 'unknownData', { name: node.original });
  };

  visitProgram(program, 0);
}

function isKnown(name: string): boolean {
  return helperNames.includes(name) || blockHelpers.includes(name) || ['lookup', 'log', 'helperMissing', 'blockHelperMissing'].includes(name);
}

function nameOf(path: Expression): string {
  return path.type === 'PathExpression' ? path.original : '';
}
