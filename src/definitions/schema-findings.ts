import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { projectRoot } from '../config.ts';
import { nearest } from './nearest.ts';
import { finding, pointerOf, type Finding, type Path } from './problem.ts';

/** Kinds of JSON file a content folder holds, named as their schema. */
export type FileKind = 'workflow' | 'form' | 'overlay' | 'partner-map' | 'demo' | 'scenarios' | 'legal-sources' | 'legal-requirements' | 'calendar' | 'terms' | 'translation';

/** All of them; one whose schema refers to another one comes after it. */
export const fileKinds: readonly FileKind[] = ['partner-map', 'calendar', 'terms', 'translation', 'legal-sources', 'legal-requirements', 'demo', 'scenarios', 'workflow', 'form', 'overlay'];

/** Gives what is wrong with the shape of a file, in file order of the keywords; empty when it fits its schema. */
export type CheckShape = (kind: FileKind, value: unknown) => Finding[];

/** Compiles the schemas of all kinds of file once; throws when one of our own schemas is wrong. */
export function makeShapeCheck(): CheckShape {
  // Each file is validated once, so that compiling fast counts more than the code that comes of it.
  const ajv = new Ajv({ allErrors: true, strict: true, strictTypes: false, verbose: true, ownProperties: true, code: { optimize: false } });
  addFormats.default(ajv, ['date', 'email']);
  for (const kind of fileKinds) ajv.addSchema(readSchema(kind));
  return (kind, value) => {
    const validate = ajv.getSchema(kind) as ValidateFunction | undefined;
    if (validate === undefined) throw new Error(`No schema of kind "${kind}".`);
    return validate(value) ? [] : withoutMisspelt(withoutNoise(validate.errors ?? []).map((error) => explain(error, value)));
  };
}

/** Reads the JSON Schema of a kind of file from src/definitions/. */
export function readSchema(kind: FileKind): { [keyword: string]: unknown } {
  return JSON.parse(readFileSync(join(projectRoot, 'src', 'definitions', `${kind}.schema.json`), 'utf8')) as { [keyword: string]: unknown };
}

/**
 * Leaves one error per fault: of a choice (anyOf) either what is wrong in the kind that was meant, or one error that lists the kinds
 * allowed; of a name only the propertyNames error.
 */
function withoutNoise(errors: ErrorObject[]): ErrorObject[] {
  const kept: ErrorObject[] = [];
  for (const error of errors) {
    if (error.propertyName !== undefined) continue;
    if (error.keyword !== 'anyOf') {
      kept.push(error);
      continue;
    }
    const branch = takeWhere(kept, (other) => within(other.instancePath, error.instancePath));
    const isText = typeof error.data === 'string';
    const isOtherKind = ({ keyword, instancePath }: ErrorObject): boolean => keyword === 'type' || keyword === 'anyOf' || (keyword === 'enum' && !isText && instancePath === error.instancePath);
    const inside = branch.filter((other) => !isOtherKind(other));
    const isContainer = typeof error.data === 'object' && error.data !== null;
    if (inside.length > 0) kept.push(...(isContainer ? inside : inside.slice(0, 1)));
    else kept.push({ ...error, params: { kinds: kindsOf(branch, error.instancePath) } });
  }
  return kept;
}

/** A keyword that is missing because it is misspelt is reported where it stands. */
function withoutMisspelt(findings: Finding[]): Finding[] {
  const isMisspelt = ({ code, path, params }: Finding): boolean => code === 'missingKeyword' && findings.some((other) =>
    other.code === 'unknownKeyword' && other.proposal === params['key'] && pointerOf(other.path.slice(0, -1)) === pointerOf(path));
  return findings.filter((one) => !isMisspelt(one));
}

function within(path: string, parent: string): boolean {
  return path === parent || path.startsWith(`${parent}/`);
}

function takeWhere<T>(list: T[], test: (item: T) => boolean): T[] {
  const taken = list.filter(test);
  list.splice(0, list.length, ...list.filter((item) => !test(item)));
  return taken;
}

function kindsOf(branch: ErrorObject[], path: string): string[] {
  return [...new Set(branch.filter((error) => error.instancePath === path).flatMap((error) => {
    if (error.keyword === 'enum') return (error.params['allowedValues'] as unknown[]).map((value) => typeof value);
    return error.keyword === 'type' ? typesOf(error) : [];
  }))];
}

function typesOf(error: ErrorObject): string[] {
  const type: unknown = error.params['type'];
  return Array.isArray(type) ? type.map(String) : [String(type)];
}

/** What a layout of JSON Forms may say of how an element looks, or in which words, and what we do not draw. */
const otherLooks: readonly string[] = [
  'i18n', 'suggestion', 'slider', 'step', 'autocomplete', 'labelRef', 'showSortButtons', 'trim', 'clearable', 'orientation', 'ampm', 'views',
  'dateFormat', 'dateSaveFormat', 'timeFormat', 'timeSaveFormat', 'dateTimeFormat', 'dateTimeSaveFormat', 'clearLabel', 'cancelLabel', 'okLabel', 'collapsible', 'disableAdd', 'disableRemove'
];

/** Titles of the groups in our schemas that are a length of time. */
const timeTitles: unknown[] = ['Duration', 'Term'];

/** One function per keyword our schemas use; a new keyword without one falls back on a general sentence. */
const explanations: { [keyword: string]: (error: ErrorObject, path: Path) => Finding } = {
  additionalProperties: (error, path) => {
    const key = String(error.params['additionalProperty']);
    if (path[0] === 'uischema' && otherLooks.includes(key)) return finding('otherLook', [...path, key], { key }, { at: 'key' });
    const known = Object.keys((error.parentSchema?.['properties'] ?? {}) as object);
    return finding('unknownKeyword', [...path, key], { key }, { at: 'key', proposal: nearest(key, known) });
  },
  required: (error, path) => finding('missingKeyword', path, { key: String(error.params['missingProperty']) }),
  propertyNames: (error, path) => {
    const key = String(error.params['propertyName']);
    return finding('badName', [...path, key], { key }, { at: 'key' });
  },
  type: (error, path) => finding('wrongType', path, { expected: timeTitles.includes(error.parentSchema?.['title']) ? 'duration' : typesOf(error).join('|') }),
  anyOf: (error, path) => {
    const kinds = error.params['kinds'] as string[];
    return kinds.length === 0 ? finding('wrongValue', path) : finding('wrongType', path, { expected: kinds.join('|') });
  },
  enum: (error, path) => {
    const allowed = (error.params['allowedValues'] as unknown[]).map(String);
    return finding('notOneOf', path, { found: String(error.data), allowed: allowed.join(', ') }, { proposal: nearest(String(error.data), allowed) });
  },
  const: (error, path) => finding('notConst', path, { expected: JSON.stringify(error.params['allowedValue']) }),
  pattern: (error, path) => finding(patternCode(String(error.params['pattern'])), path, { found: String(error.data) }),
  format: (error, path) => finding(error.params['format'] === 'email' ? 'noEmail' : 'noDate', path, { found: String(error.data) }),
  minLength: (_, path) => finding('emptyText', path),
  maxLength: (error, path) => finding('longText', path, { limit: Number(error.params['limit']), length: String(error.data).length }),
  minItems: (_, path) => finding('emptyList', path),
  maxItems: (error, path) => finding('longList', path, { limit: Number(error.params['limit']) }),
  uniqueItems: (error, path) => finding('doubleItem', [...path, Number(error.params['i'])]),
  minProperties: (_, path) => finding('emptyObject', path),
  maxProperties: (error, path) => finding('fullObject', path, { limit: Number(error.params['limit']) }),
  minimum: (error, path) => finding('smallNumber', path, { limit: Number(error.params['limit']) }),
  maximum: (error, path) => finding('largeNumber', path, { limit: Number(error.params['limit']) }),
  exclusiveMinimum: (error, path) => finding('notAbove', path, { limit: Number(error.params['limit']) })
};

function explain(error: ErrorObject, root: unknown): Finding {
  const path = pathIn(root, error.instancePath);
  return explanations[error.keyword]?.(error, path) ?? finding('wrongValue', path);
}

function patternCode(pattern: string): string {
  const codes: { [pattern: string]: string } = {
    '^[A-Za-z][A-Za-z0-9-]*$': 'noId',
    '^[A-Za-z][A-Za-z0-9_-]*$': 'noFieldName',
    '^[a-z][a-z0-9-]*$': 'noFileId',
    '^[0-9a-f]{64}$': 'noHash',
    '^[^<>{}&"]*$': 'noTermText',
    '^[0-9]+\\.[0-9]+\\.[0-9]+$': 'noVersion',
    '^[a-z]{2}$': 'noLanguage',
    '^#/properties/': 'noScope',
    '^([01][0-9]|2[0-3]):[0-5][0-9]$': 'noTime'
  };
  return codes[pattern] ?? 'noPath';
}

/** Reads a JSON Pointer as a path; parts below a list become numbers. */
function pathIn(root: unknown, pointer: string): Path {
  const path: Path = [];
  let value = root;
  for (const part of pointer.split('/').slice(1).map((text) => text.replaceAll('~1', '/').replaceAll('~0', '~'))) {
    path.push(Array.isArray(value) ? Number(part) : part);
    value = (value as { [key: string]: unknown } | null)?.[part];
  }
  return path;
}
