import type { Json } from './bundle.ts';
import type { Condition, Field } from './form.types.ts';
import type { Path } from './problem.ts';

/** A schema read as a condition. `lost`: its keywords that no condition can say, by their path in the schema. */
export type SchemaCondition = { condition: Condition; lost: Path[] };

/** Keywords that ask nothing of an answer; the kind of an answer is that of its question. */
const silent: readonly string[] = ['title', 'description', '$comment', 'examples', 'default', 'type', 'required', 'then', 'else', 'minContains', 'maxContains'];

/**
 * Reads a schema that is asked of answers, as `if` does, as a condition of forms. With the meaning of JSON Schema: a question without an answer
 * fits `properties`, whatever these say of it. `at` is the path of the value; '' is a whole record, row or group. `follow` follows a $ref.
 */
export function conditionOfSchema(schema: Field | boolean, follow: (schema: Field) => Field = (one) => one, at = ''): SchemaCondition {
  if (typeof schema === 'boolean') return { condition: { [schema ? 'all' : 'any']: [] }, lost: [] };
  const whole = follow(schema);
  return joined('all', Object.keys(whole).filter((key) => !silent.includes(key) || isLost(whole, key)).map((key) => ofKeyword(whole, key, follow, at)).concat(ofRequired(whole, at)));
}

/** Gives the condition that this path has no answer, or one that fits: what JSON Schema asks of a property. */
export function fitsIfThere(path: string, { condition, lost }: SchemaCondition): SchemaCondition {
  return { condition: { any: [{ [path]: { answered: false } }, condition] }, lost };
}

function isLost(schema: Field, key: string): boolean {
  return key === 'type' ? [schema.type].flat().includes('null') : key === 'minContains' || key === 'maxContains';
}

function ofKeyword(schema: Field, key: string, follow: (schema: Field) => Field, at: string): SchemaCondition {
  const test = (value: unknown): SchemaCondition => (at === '' ? unreadable(key) : { condition: { [at]: value }, lost: [] });
  const under = (parts: Field[] | undefined, type: 'all' | 'any'): SchemaCondition => joined(type, (parts ?? []).map((part, index) => placed([key, index], conditionOfSchema(part, follow, at))));
  switch (key) {
    // A kind that may be null: a condition cannot tell null from no answer.
    case 'type': return { condition: { all: [] }, lost: [[key]] };
    case 'const': return isScalar(schema.const as Json) ? test(schema.const) : unreadable(key);
    case 'enum': return (schema.enum as Json[]).every(isScalar) ? test(schema.enum) : unreadable(key);
    case 'minimum': return test({ atLeast: schema.minimum });
    case 'maximum': return test({ atMost: schema.maximum });
    case 'exclusiveMinimum': return test({ not: { atMost: schema.exclusiveMinimum } });
    case 'exclusiveMaximum': return test({ not: { atLeast: schema.exclusiveMaximum } });
    case 'minItems': return test({ count: { atLeast: schema.minItems } });
    case 'maxItems': return test({ count: { atMost: schema.maxItems } });
    // An answer is never an empty text.
    case 'minLength': return schema.minLength === 1 ? test({ answered: true }) : unreadable(key);
    case 'contains': return containing(schema.contains ?? {}, follow, test);
    case 'properties': return joined('all', Object.entries(schema.properties ?? {}).map(([name, part]) => ofProperty(schema, name, part, follow, at)));
    case 'not': return negated(placed([key], conditionOfSchema(schema.not ?? {}, follow, at)));
    case 'allOf': return under(schema.allOf, 'all');
    case 'anyOf': return under(schema.anyOf, 'any');
    case 'if': return branched((part) => placed([part], conditionOfSchema(schema[part] ?? {}, follow, at)));
    case 'oneOf': return exactlyOne((schema.oneOf ?? []).map((part, index) => placed([key, index], conditionOfSchema(part, follow, at))));
    default: return unreadable(key);
  }
}

function ofProperty({ required = [] }: Field, name: string, part: Field, follow: (schema: Field) => Field, at: string): SchemaCondition {
  const path = at === '' ? name : `${at}.${name}`;
  const inner = placed(['properties', name], conditionOfSchema(part, follow, path));
  return required.includes(name) ? inner : fitsIfThere(path, inner);
}

function ofRequired({ required = [], properties = {} }: Field, at: string): SchemaCondition[] {
  // A fixed answer says already that there is one.
  const names = required.filter((name) => properties[name]?.const === undefined && properties[name]?.enum === undefined);
  return names.map((name) => ({ condition: { [at === '' ? name : `${at}.${name}`]: { answered: true } }, lost: [] }));
}

/** One row or answer of a list that fits: a fixed answer, or questions of a row. */
function containing(part: Field, follow: (schema: Field) => Field, test: (value: unknown) => SchemaCondition): SchemaCondition {
  const whole = follow(part);
  if (isScalar(whole.const as Json)) return test({ some: whole.const });
  if (whole.enum !== undefined && (whole.enum as Json[]).every(isScalar)) return test({ some: whole.enum });
  const inner = placed(['contains'], conditionOfSchema(whole, follow));
  const { condition, lost } = test({ some: inner.condition });
  return { condition, lost: [...inner.lost, ...lost] };
}

function joined(type: 'all' | 'any', parts: SchemaCondition[]): SchemaCondition {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  return { condition: { [type]: parts.map(({ condition }) => condition) }, lost: parts.flatMap(({ lost }) => lost) };
}

function negated({ condition, lost }: SchemaCondition): SchemaCondition {
  return { condition: { none: [condition] }, lost };
}

function exactlyOne(parts: SchemaCondition[]): SchemaCondition {
  const ways = parts.map(({ condition }, index) => ({ all: [condition, { none: parts.filter((_, other) => other !== index).map((one) => one.condition) }] }));
  return { condition: { any: ways }, lost: parts.flatMap(({ lost }) => lost) };
}

/** Of a schema with `if`: `then` where it fits, and `else` where it does not. */
function branched(read: (part: 'if' | 'then' | 'else') => SchemaCondition): SchemaCondition {
  const [test, holding, otherwise] = [read('if'), read('then'), read('else')];
  return joined('any', [joined('all', [test, holding]), joined('all', [negated({ condition: test.condition, lost: [] }), otherwise])]);
}

function placed(at: Path, { condition, lost }: SchemaCondition): SchemaCondition {
  return { condition, lost: lost.map((path) => [...at, ...path]) };
}

function unreadable(key: string): SchemaCondition {
  return { condition: { any: [] }, lost: [[key]] };
}

function isScalar(value: Json | undefined): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
