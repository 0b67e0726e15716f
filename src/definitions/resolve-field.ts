import type { Condition, Field, FormDefinition } from './form.types.ts';
import { onceFor } from './once.ts';
import type { Path } from './problem.ts';
import { conditionOfSchema } from './schema-condition.ts';

/** Questions and demands of a form, a row or a group that are there only while something holds: then, else, what depends on an answer. */
export type Conditional = {
  when: Condition;
  /** Keywords of its `if` that no condition can say. */
  lost: Path[];
  /** Where it stands, from the object it belongs to. */
  path: Path;
  part: Field;
};

/** Keywords that add to the field they stand in. */
const adding = ['$ref', 'allOf', 'if', 'dependentRequired', 'dependentSchemas', 'dependencies', 'oneOf', 'anyOf'] as const;

/** Deeper conditions in conditions nobody can follow; a part that holds itself is refused, and until then nothing hangs. */
const deepest = 12;

/**
 * Gives a field with all that adds to it worked in: the part its $ref names, `allOf`, and the questions that are asked only while something
 * holds, each with its `when`. Keywords of the field itself win, limits become the strictest. What was worked in stays beside it, for the validator.
 */
export function resolveField(form: FormDefinition, field: Field): Field {
  return resolvedIn(form)(field);
}

/** Forms are never changed, so each field is worked out once. */
const resolvedIn = onceFor((form: FormDefinition) => onceFor((field: Field) => resolved(form, field, 0)));

function resolved(form: FormDefinition, field: Field, depth: number): Field {
  if (depth > deepest) return {};
  if (!adding.some((key) => field[key] !== undefined)) return field.type === undefined ? withType(field) : field;
  const listed = withListed(form, withConditionals(form, mergedField(form, field)), depth);
  return listed.type === undefined ? withType(listed) : listed;
}

/** Works in only what is always there. */
export function mergedField(form: FormDefinition, field: Field): Field {
  const { $ref, ...own } = field;
  const name = $ref === undefined ? null : partName($ref);
  // A part has its own allOf worked in already.
  const part = name === null ? {} : partNamed(form, name);
  const whole = { ...part, ...own, ...(part.allOf === undefined || own.allOf === undefined ? {} : { allOf: [...part.allOf, ...own.allOf] }) };
  return (own.allOf ?? []).reduce((merged, further) => mergeFields(merged, mergedField(form, further)), whole);
}

/** Gives all answers of a form as one field. */
export function wholeOf(form: FormDefinition): Field {
  const { 'x-messages': _, $defs: __, definitions: ___, ...schema } = form.schema;
  return schema;
}

/** Gives what a form, a row or a group asks only while something holds, also what stands in its `allOf` or deeper. */
export function conditionalsOf(form: FormDefinition, object: Field, depth = 0): Conditional[] {
  if (depth > deepest) return [];
  const whole = followRef(form, object);
  const follow = (schema: Field): Field => followRef(form, schema);
  const { condition, lost } = whole.if === undefined ? { condition: {}, lost: [] } : conditionOfSchema(whole.if, follow);
  const own: Conditional[] = [
    ...(whole.if === undefined || whole.then === undefined ? [] : [{ when: condition, lost, path: ['then'], part: whole.then }]),
    ...(whole.if === undefined || whole.else === undefined ? [] : [{ when: { none: [condition] }, lost: whole.then === undefined ? lost : [], path: ['else'], part: whole.else }]),
    ...dependentOf(whole)
  ];
  const inner = own.flatMap(({ when, path, part }) => conditionalsOf(form, part, depth + 1).map((one) => ({ ...one, when: { all: [when, one.when] }, path: [...path, ...one.path] })));
  const ofParts = (whole.allOf ?? []).flatMap((part, index) => conditionalsOf(form, part, depth + 1).map((one) => ({ ...one, path: ['allOf', index, ...one.path] })));
  return [...own, ...inner, ...ofParts];
}

/** Gives when questions must be answered that are not always required, by name. */
export function requiredWhen(form: FormDefinition, object: Field): Map<string, Condition> {
  const whens = new Map<string, Condition>();
  for (const { when, part } of conditionalsOf(form, object)) {
    for (const name of mergedField(form, part).required ?? []) {
      const known = whens.get(name);
      whens.set(name, known === undefined ? when : { any: [known, when] });
    }
  }
  return whens;
}

/** Gives the name a $ref of this file names, such as #/$defs/name; null when it leads elsewhere. */
export function partName(reference: string): string | null {
  return /^#\/(?:\$defs|definitions)\/([^/]+)$/.exec(reference)?.[1] ?? null;
}

/** Gives the parts of a form that a $ref can name. */
export function partsOf({ schema: { $defs = {}, definitions = {} } }: FormDefinition): { [name: string]: Field } {
  return { ...definitions, ...$defs };
}

function dependentOf({ dependentRequired = {}, dependentSchemas = {}, dependencies = {} }: Field): Conditional[] {
  const once = (key: string, parts: { [name: string]: string[] | Field }): Conditional[] => Object.entries(parts).map(([name, part]) => (
    { when: { [name]: { answered: true } }, lost: [], path: [key, name], part: Array.isArray(part) ? { required: part } : part }
  ));
  return [...once('dependentRequired', dependentRequired), ...once('dependentSchemas', dependentSchemas), ...once('dependencies', dependencies)];
}

/** Each part is worked out once as well. One that is being worked out holds itself, and stays empty. */
const partsKnown = onceFor((_: FormDefinition) => new Map<string, Field>());

function partNamed(form: FormDefinition, name: string): Field {
  const known = partsKnown(form);
  const found = known.get(name);
  if (found !== undefined) return found;
  const parts = partsOf(form);
  known.set(name, {});
  const part = Object.hasOwn(parts, name) ? mergedField(form, parts[name] ?? {}) : {};
  known.set(name, part);
  return part;
}

function followRef(form: FormDefinition, field: Field): Field {
  if (field.$ref === undefined) return field;
  const { $ref, ...own } = field;
  const name = partName($ref);
  return name === null ? own : { ...partNamed(form, name), ...own };
}

/** A question that `then` only says more about keeps its own words and is asked as before. */
function withConditionals(form: FormDefinition, field: Field): Field {
  const always = field.properties ?? {};
  const added: { [name: string]: Field } = {};
  for (const { when, part } of conditionalsOf(form, field)) {
    for (const [name, one] of Object.entries(mergedField(form, part).properties ?? {})) {
      if (Object.hasOwn(always, name)) continue;
      const own = one.when === undefined ? when : { all: [when, one.when] };
      const before = added[name];
      added[name] = before === undefined ? { ...one, when: own } : { ...before, when: { any: [before.when, own] } };
    }
  }
  return Object.keys(added).length === 0 ? field : { ...field, properties: { ...always, ...added } };
}

/** The answers or groups to choose from, each with its own $ref followed. One that may also be null is that one, with null as a second type. */
function withListed(form: FormDefinition, field: Field, depth: number): Field {
  const key = field.oneOf !== undefined ? 'oneOf' : 'anyOf';
  const listed = field[key]?.map((one) => resolved(form, one, depth + 1));
  if (listed === undefined) return field;
  const [only, ...others] = listed.filter(({ type }) => type !== 'null');
  if (only === undefined || others.length > 0 || listed.length === 1 || only.const !== undefined) return { ...field, [key]: listed };
  return { ...mergeFields(field, only), type: [...new Set([field.type ?? only.type ?? []].flat().concat('null'))] };
}

/** The kind of answer where it goes without saying. */
function withType(field: Field): Field {
  if (field.properties !== undefined) return { ...field, type: 'object' };
  if (field.items !== undefined) return { ...field, type: 'array' };
  const listed = field.oneOf ?? field.anyOf;
  const values = listed !== undefined && listed.every((one) => one.const !== undefined) ? listed.map((one) => one.const) : (field.enum ?? (field.const === undefined ? [] : [field.const]));
  const kinds = [...new Set(values.map(kindOf))];
  if (kinds.length > 0) return { ...field, type: kinds.length === 1 ? (kinds[0] ?? 'string') : kinds };
  return listed?.every(({ type }) => type === 'object') === true ? { ...field, type: 'object' } : field;
}

function kindOf(value: unknown): 'string' | 'number' | 'boolean' | 'null' | 'array' | 'object' {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'string' ? 'string' : typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : 'object';
}

const least = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'] as const;
const most = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'] as const;

/** What depends on an answer, or asks of answers together, stays where it stands. */
function mergeFields(field: Field, { if: _if, then: _then, else: _else, not: _not, allOf: _all, dependentRequired: _required, dependentSchemas: _schemas, dependencies: _both, ...further }: Field): Field {
  const merged: Field = { ...further as Field, ...field };
  for (const key of least) if (field[key] !== undefined && further[key] !== undefined) merged[key] = Math.max(field[key], further[key]);
  for (const key of most) if (field[key] !== undefined && further[key] !== undefined) merged[key] = Math.min(field[key], further[key]);
  if (further.required !== undefined) merged.required = [...new Set([...(field.required ?? []), ...further.required])];
  if (field.enum !== undefined && further.enum !== undefined) merged.enum = field.enum.filter((value) => further.enum?.includes(value) === true);
  if (further.properties !== undefined) merged.properties = mergeAll(field.properties ?? {}, further.properties);
  return merged;
}

function mergeAll(own: { [name: string]: Field }, further: { [name: string]: Field }): { [name: string]: Field } {
  const added = Object.entries(further).map(([name, field]): [string, Field] => [name, Object.hasOwn(own, name) ? mergeFields(own[name] ?? {}, field) : field]);
  return { ...own, ...Object.fromEntries(added) };
}
