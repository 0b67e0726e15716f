import type { Condition, RuleCondition, UiElement } from './form.types.ts';

type Schema = { [keyword: string]: unknown };

/** Keywords of JSON Schema that the schema of a rule's condition may have. */
export const ruleKeywords: readonly string[] = [
  'const', 'enum', 'type', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'minItems', 'maxItems', 'contains',
  'properties', 'required', 'not', 'allOf', 'anyOf', 'oneOf', 'if', 'then', 'else'
];

const always: Condition = { all: [] };
const never: Condition = { any: [] };

/** Gives the condition under which an element is shown: its `when`, and a rule of JSON Forms that shows or hides it. Undefined: always. */
export function whenOf({ when, rule }: UiElement): Condition | undefined {
  const ruled = rule === undefined ? undefined : rule.effect === 'SHOW' ? conditionOf(rule.condition) : rule.effect === 'HIDE' ? not(conditionOf(rule.condition)) : undefined;
  return when === undefined || ruled === undefined ? (when ?? ruled) : { all: [when, ruled] };
}

/** Gives the condition under which what is asked in an element may be changed. Undefined: always. */
export function writableOf({ rule, options }: UiElement): Condition | undefined {
  if (options?.readonly === true) return never;
  switch (rule?.effect) {
    case 'ENABLE': case 'WRITABLE': return conditionOf(rule.condition);
    case 'DISABLE': case 'READONLY': return not(conditionOf(rule.condition));
    default: return undefined;
  }
}

/**
 * Gives the condition of a JSON Forms rule in the words of `when`, with the meaning it has there: the value at `scope` is checked by ajv,
 * so that most keywords hold for an answer that is not there, and const, enum and type do not. An empty list counts as not there.
 */
export function conditionOf({ type, conditions = [], scope, expectedValue, schema, failWhenUndefined }: RuleCondition): Condition {
  if (type === 'AND') return { all: conditions.map(conditionOf) };
  if (type === 'OR') return { any: conditions.map(conditionOf) };
  const path = pathOfScope(scope ?? '') ?? '';
  if (type === 'LEAF') return { [path]: expectedValue };
  const fits = schemaCondition(schema ?? {}, path);
  return failWhenUndefined === true && path !== '' ? { all: [answered(path, true), fits] } : fits;
}

/** Gives the names a scope leads through, with points between them; '' for the whole record, null for what is no scope of answers. */
export function pathOfScope(scope: string): string | null {
  if (scope === '#' || scope === '#/') return '';
  return /^#(?:\/properties\/[^/]+)+$/.test(scope) ? scope.split('/').filter((_, index) => index % 2 === 0).slice(1).join('.') : null;
}

/** Does a schema fit an answer that is not there? As ajv says it: const, enum and type do not. */
export function fitsNothing(schema: unknown): boolean {
  if (!isSchema(schema)) return schema !== false;
  const list = (parts: unknown): boolean[] => (Array.isArray(parts) ? parts.map(fitsNothing) : []);
  return Object.entries(schema).every(([keyword, argument]) => {
    switch (keyword) {
      case 'const': case 'enum': case 'type': return false;
      case 'not': return !fitsNothing(argument);
      case 'allOf': return list(argument).every(Boolean);
      case 'anyOf': return list(argument).some(Boolean);
      case 'oneOf': return list(argument).filter(Boolean).length === 1;
      case 'if': return fitsNothing(fitsNothing(argument) ? schema['then'] : schema['else']);
      // These two belong to `if`; the others say nothing of what is not there.
      default: return true;
    }
  });
}

/** `path` is where the value stands: '' for the record or row itself. */
function schemaCondition(schema: Schema, path: string): Condition {
  const parts = Object.entries(schema).map(([keyword, argument]) => keywordCondition(keyword, argument, schema, path));
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { all: parts };
}

function keywordCondition(keyword: string, argument: unknown, schema: Schema, path: string): Condition {
  const inside = (part: unknown): Condition => (isSchema(part) ? schemaCondition(part, path) : part === false ? never : always);
  const all = (parts: unknown): Condition[] => (Array.isArray(parts) ? parts.map(inside) : []);
  switch (keyword) {
    case 'const': return { [path]: argument };
    case 'enum': return { [path]: argument };
    case 'type': return path === '' ? always : answered(path, true);
    case 'minimum': return ifThere(path, { [path]: { atLeast: argument } });
    case 'maximum': return ifThere(path, { [path]: { atMost: argument } });
    case 'exclusiveMinimum': return { [path]: { not: { atMost: argument } } };
    case 'exclusiveMaximum': return { [path]: { not: { atLeast: argument } } };
    case 'minItems': return ifThere(path, { [path]: { count: { atLeast: argument } } });
    case 'maxItems': return { [path]: { count: { atMost: argument } } };
    case 'contains': return ifThere(path, { [path]: { some: itemTest(argument) } });
    case 'required': return ifThere(path, { all: (Array.isArray(argument) ? argument : []).map((name) => answered(within(path, String(name)), true)) });
    case 'properties': return { all: Object.entries(isSchema(argument) ? argument : {}).map(([name, part]) => ifThere(within(path, name), isSchema(part) ? schemaCondition(part, within(path, name)) : part === false ? never : always)) };
    case 'not': return not(inside(argument));
    case 'allOf': return { all: all(argument) };
    case 'anyOf': return { any: all(argument) };
    case 'oneOf': return exactlyOne(all(argument));
    case 'if': return { any: [{ all: [inside(argument), inside(schema['then'])] }, { all: [not(inside(argument)), inside(schema['else'])] }] };
    // These two belong to `if`.
    case 'then': case 'else': return always;
    // The checker has refused the rest (ruleKeywords).
    default: return never;
  }
}

/** What is asked of an item of a list: one answer, or one row with questions of its own. */
function itemTest(schema: unknown): unknown {
  if (!isSchema(schema)) return always;
  const { const: single, enum: several } = schema;
  if (Object.keys(schema).length === 1 && single !== undefined) return single;
  if (Object.keys(schema).length === 1 && several !== undefined) return several;
  return schemaCondition(schema, '');
}

function exactlyOne(parts: Condition[]): Condition {
  return { any: parts.map((part, index) => ({ all: [part, { none: parts.filter((_, other) => other !== index) }] })) };
}

/** Most keywords of JSON Schema say nothing of a value that is not there. The record itself always is. */
function ifThere(path: string, condition: Condition): Condition {
  return path === '' ? condition : { any: [answered(path, false), condition] };
}

function answered(path: string, isThere: boolean): Condition {
  return { [path]: { answered: isThere } };
}

function not(condition: Condition): Condition {
  return { none: [condition] };
}

function within(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
