import { nearest } from '../definitions/nearest.ts';
import { isPrintedField } from './printed-field.ts';
import {
  argumentsOf, callOf, partialNameOf, positionOf, programsOf, statementsOf,
  type Expression, type Program, type Report
} from './template-ast.ts';

/** What names mean at one place: the values around it, the nearest first, and the names of a loop. */
type Scope = { around: unknown[]; names: { [name: string]: unknown } };

/** A value of which nothing is known: the result of a helper, or what comes after a field that does not exist. */
const anything = Symbol('anything');

/** A partial as it was read, with the report of its own file. */
export type ReadPartials = ReadonlyMap<string, { program: Program; report: Report }>;

/**
 * Checks that every name in a template exists in the sample data, also in loops and in partials, which are read where they are called.
 * The sample must hold one item in every list.
 */
export function checkFields(program: Program, sample: unknown, partials: ReadPartials, report: Report): void {
  checkProgram(program, { around: [sample], names: {} }, { sample, partials, report });
}

type Check = { sample: unknown; partials: ReadPartials; report: Report };

function checkProgram(program: Program, scope: Scope, check: Check): void {
  for (const statement of statementsOf(program)) {
    if (statement.type === 'MustacheStatement') checkValue(statement, scope, check);
    if (statement.type === 'BlockStatement') checkBlock(statement, scope, check);
    if (statement.type === 'PartialStatement') checkPartial(statement, scope, check);
  }
}

function checkValue(node: hbs.AST.MustacheStatement, scope: Scope, check: Check): void {
  const call = callOf(node);
  const isHelper = call.params.length > 0 || call.hash.length > 0;
  for (const { value } of call.hash) valueOf(value, scope, check);
  if (isHelper) {
    for (const param of call.params) valueOf(param, scope, check);
    return;
  }
  const value = valueOf(call.path, scope, check);
  if (typeof value !== 'object' || value === null) return;
  const name = call.path.type === 'PathExpression' ? call.path.original : '';
  check.report(positionOf(node), isPrintedField(value) ? 'printedField' : 'notText', { name });
}

function checkBlock(node: hbs.AST.BlockStatement, scope: Scope, check: Check): void {
  const call = callOf(node);
  const [param] = call.params;
  const value = param === undefined ? anything : valueOf(param, scope, check);
  const { body, inverse } = programsOf(node);
  if (inverse !== null) checkProgram(inverse, scope, check);
  if (body === null) return;
  const block = call.path.type === 'PathExpression' ? call.path.original : '';
  if (block === 'each' && !Array.isArray(value) && value !== anything) {
    check.report(positionOf(node), 'notList', { name: param?.type === 'PathExpression' ? param.original : '' });
  }
  const inside = block === 'each' ? itemOf(value) : value;
  const opens = block === 'each' || block === 'with';
  const [itemName] = body.blockParams as string[] | undefined ?? [];
  checkProgram(body, opens ? { around: [inside, ...scope.around], names: { ...scope.names, ...(itemName === undefined ? {} : { [itemName]: inside }) } } : scope, check);
}

function checkPartial(node: hbs.AST.PartialStatement, scope: Scope, check: Check): void {
  const { params: [param], hash } = argumentsOf(node);
  const context = param === undefined ? scope.around[0] : valueOf(param, scope, check);
  const given = Object.fromEntries(hash.map(({ key, value }) => [key, valueOf(value, scope, check)]));
  const partial = check.partials.get(partialNameOf(node) ?? '');
  if (partial === undefined) return;
  const around = hash.length === 0 ? context : { ...(typeof context === 'object' ? context : {}), ...given };
  checkProgram(partial.program, { around: [around], names: {} }, { ...check, report: partial.report });
}

/** Gives the sample value of an expression; reports the first name in it that does not exist. */
function valueOf(node: Expression, scope: Scope, check: Check): unknown {
  switch (node.type) {
    case 'SubExpression': {
      const call = callOf(node);
      for (const value of [...call.params, ...call.hash.map((pair) => pair.value)]) valueOf(value, scope, check);
      return anything;
    }
    case 'PathExpression': return valueAt(node, scope, check);
    default: return anything;
  }
}

function valueAt(node: hbs.AST.PathExpression, scope: Scope, check: Check): unknown {
  const [first = '', ...rest] = node.parts;
  if (node.data) return first === 'root' ? follow(rest, check.sample, node, check) : anything;
  const isBare = node.depth === 0 && !/^(this|\.)/.test(node.original);
  if (isBare && Object.hasOwn(scope.names, first)) return follow(rest, scope.names[first], node, check);
  if (node.depth >= scope.around.length) {
    check.report(positionOf(node), 'tooFarUp', { name: node.original });
    return anything;
  }
  return follow(node.parts, scope.around[node.depth], node, check);
}

function follow(parts: string[], from: unknown, node: hbs.AST.PathExpression, check: Check): unknown {
  let value = from;
  for (const part of parts) {
    if (value === anything) return anything;
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) {
      const known = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
      check.report(positionOf(node), 'missingField', { field: node.original }, nearest(part, known));
      return anything;
    }
    value = (value as { [name: string]: unknown })[part];
  }
  return value;
}

/** Lines of an answer are texts; the sample has none of them. */
function itemOf(list: unknown): unknown {
  return Array.isArray(list) && list.length > 0 ? list[0] as unknown : anything;
}
