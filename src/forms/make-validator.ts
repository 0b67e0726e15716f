import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { RE2JS } from 're2js';
import type { Json } from '../definitions/bundle.ts';
import { isObject } from '../definitions/json-values.ts';
import type { Fault } from './form-types.ts';
import { nameIn } from './names.ts';

/** Keywords of forms that say nothing about a whole record by themselves. */
const ours = [
  'when', 'x-name', 'x-date', 'x-min', 'x-max', 'x-source', 'x-of', 'x-identifies', 'x-access', 'x-options', 'x-retention', 'x-special', 'x-code', 'x-autocomplete', 'x-messages'
];

const formats = {
  date: fullFormats.date,
  'date-time': fullFormats['date-time'],
  email: fullFormats.email,
  uri: fullFormats.uri,
  uuid: fullFormats.uuid,
  // Says which control asks; the control looks at the value.
  file: true as const,
  time: /^(?:[01]\d|2[0-3]):[0-5]\d$/,
  // A year, a month or a day.
  'partial-date': (text: string) => /^\d{4}(?:-(?:0[1-9]|1[0-2]))?$/.test(text) || isDay(text)
};

/** Gives every fault of a value; empty when it fits. */
export type Validate = (value: Json) => Fault[];

/** Compiles the schema of a form. Patterns of schools' files run in linear time (re2js); nothing is fetched and nothing is changed. */
export function makeValidator({ id, schema }: { id: string; schema: object }): Validate {
  const ajv = new Ajv2020({
    allErrors: true, verbose: true, ownProperties: true, strict: true, strictTypes: false, strictRequired: false, meta: false, validateSchema: false, logger: false,
    formats, code: { regExp: linear, optimize: false }
  });
  ajv.addVocabulary(ours);
  // The dialect is fixed, so its own name is not needed.
  const { $schema: _, ...rules } = { $schema: '', ...schema };
  let validate: ValidateFunction;
  try {
    validate = ajv.compile(silenced(rules) as object);
  } catch (error) {
    throw new Error(`The schema of form "${id}" cannot be compiled.`, { cause: error });
  }
  return (value) => (validate(value) ? [] : (validate.errors ?? []).map(faultOf));
}

/**
 * Puts each choice between schemas in a double `not`: what its branches say of an answer that another one fits is no fault of that answer. So
 * with `contains`. A list of fixed answers stays, for it says only one thing.
 */
function silenced(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(silenced);
  if (!isObject(schema)) return schema;
  const entries = Object.entries(schema).map(([key, value]): [string, unknown] => [key, values.includes(key) ? value : key === 'contains' ? { not: { not: silenced(value) } } : maps.includes(key) ? silencedIn(value) : silenced(value)]);
  const choices = entries.filter(([key, value]) => (key === 'oneOf' || key === 'anyOf') && Array.isArray(value) && value.some((one) => isObject(one) && !Object.hasOwn(one, 'const')));
  if (choices.length === 0) return Object.fromEntries(entries);
  const { allOf, ...rest } = Object.fromEntries(entries.filter((entry) => !choices.includes(entry)));
  return { ...rest, allOf: [...(Array.isArray(allOf) ? allOf as unknown[] : []), ...choices.map(([key, value]) => ({ not: { not: { [key]: value } } }))] };
}

function silencedIn(schemas: unknown): unknown {
  return isObject(schemas) ? Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, silenced(schema)])) : schemas;
}

/** Keywords that hold no schema, and those that hold schemas by name. */
const values: readonly string[] = ['const', 'enum', 'default', 'examples', 'when', 'required', 'x-messages'];
const maps: readonly string[] = ['properties', '$defs', 'definitions', 'dependentSchemas', 'dependencies'];

/** The choice that a double `not` stands for. */
function choiceIn(keyword: string, schema: unknown): string | undefined {
  const inner = keyword === 'not' && isObject(schema) ? schema['not'] : undefined;
  return isObject(inner) ? ['oneOf', 'anyOf'].find((key) => Object.hasOwn(inner, key)) : undefined;
}

/** A day that exists: not 2026-02-30. */
function isDay(text: string): boolean {
  const moment = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(moment) && new Date(moment).toISOString().startsWith(text);
}

/** ajv keeps patterns apart by toString, so it wants the pattern object itself (trust.md 0.4). */
function linear(pattern: string): RegExp {
  const compiled = RE2JS.compile(pattern);
  // ajv only calls test, and that RE2JS has.
  return compiled as unknown as RegExp;
}
linear.code = 'linear';

function faultOf({ instancePath, keyword, params, schema }: ErrorObject): Fault {
  const given = params as { [name: string]: unknown };
  const missing = given['missingProperty'];
  const limit = given['limit'] ?? given['format'] ?? given['type'] ?? given['multipleOf'];
  return {
    pointer: typeof missing === 'string' ? nameIn(instancePath, missing) : instancePath,
    keyword: missing === undefined ? (choiceIn(keyword, schema) ?? keyword) : 'required',
    limit: typeof limit === 'number' || typeof limit === 'string' ? limit : null
  };
}
