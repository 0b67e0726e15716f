import type { Condition, RuleCondition, UiElement } from './form.types.ts';
import { conditionOfSchema, fitsIfThere, type SchemaCondition } from './schema-condition.ts';

type Schema = { [keyword: string]: unknown };

/** Keywords of JSON Schema that the schema of a rule's condition may have. */
export const ruleKeywords: readonly string[] = [
  'const', 'enum', 'type', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'minItems', 'maxItems', 'contains',
  'properties', 'required', 'not', 'allOf', 'anyOf', 'oneOf', 'if', 'then', 'else'
];

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
export function conditionOf(rule: RuleCondition): Condition {
  const { type, conditions = [], scope, expectedValue } = rule;
  if (type === 'AND') return { all: conditions.map(conditionOf) };
  if (type === 'OR') return { any: conditions.map(conditionOf) };
  return type === 'LEAF' ? { [pathOfScope(scope ?? '') ?? '']: expectedValue } : schemaOfRule(rule).condition;
}

/** Gives what the schema of a rule asks, and its keywords that no condition can say. */
export function schemaOfRule({ scope, schema = {}, failWhenUndefined }: RuleCondition): SchemaCondition {
  const path = pathOfScope(scope ?? '') ?? '';
  const fits = conditionOfSchema(schema, undefined, path);
  if (path === '') return fits;
  return failWhenUndefined !== true && fitsNothing(schema) ? fitsIfThere(path, fits) : { ...fits, condition: { all: [{ [path]: { answered: true } }, fits.condition] } };
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

function not(condition: Condition): Condition {
  return { none: [condition] };
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
