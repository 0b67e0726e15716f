import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { RE2JS } from 're2js';
import type { Answers } from '../definitions/bundle.ts';
import type { FormDefinition } from '../definitions/form.types.ts';
import type { Fault } from './form-types.ts';
import { nameIn } from './names.ts';

/** Keywords of forms that say nothing about a whole record by themselves. */
const ours = [
  'when', 'x-name', 'x-date', 'x-min', 'x-max', 'x-source', 'x-of', 'x-access', 'x-options', 'x-retention', 'x-special', 'x-code', 'x-autocomplete', 'x-messages'
];

const formats = {
  date: fullFormats.date,
  'date-time': fullFormats['date-time'],
  email: fullFormats.email,
  uri: fullFormats.uri,
  uuid: fullFormats.uuid,
  time: /^(?:[01]\d|2[0-3]):[0-5]\d$/,
  // A year, a month or a day.
  'partial-date': (text: string) => /^\d{4}(?:-(?:0[1-9]|1[0-2]))?$/.test(text) || isDay(text)
};

/** Compiles the schema of a form. Patterns of schools' files run in linear time (re2js); nothing is fetched and nothing is changed. */
export function makeValidator({ id, schema }: FormDefinition): (answers: Answers) => Fault[] {
  const ajv = new Ajv2020({
    allErrors: true, ownProperties: true, strict: true, strictTypes: false, strictRequired: false, meta: false, validateSchema: false, logger: false,
    formats, code: { regExp: linear }
  });
  ajv.addVocabulary(ours);
  // The dialect is fixed, so its own name is not needed.
  const { $schema: _, ...rules } = { $schema: '', ...schema };
  let validate: ValidateFunction;
  try {
    validate = ajv.compile(rules);
  } catch (error) {
    throw new Error(`The schema of form "${id}" cannot be compiled.`, { cause: error });
  }
  return (answers) => (validate(answers) ? [] : (validate.errors ?? []).map(faultOf));
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

function faultOf({ instancePath, keyword, params }: ErrorObject): Fault {
  const given = params as { [name: string]: unknown };
  const missing = given['missingProperty'];
  const limit = given['limit'] ?? given['format'] ?? given['type'] ?? given['multipleOf'];
  return {
    pointer: typeof missing === 'string' ? nameIn(instancePath, missing) : instancePath,
    keyword: keyword === 'dependentRequired' ? 'required' : keyword,
    limit: typeof limit === 'number' || typeof limit === 'string' ? limit : null
  };
}
