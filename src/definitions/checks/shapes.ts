import type { Json } from '../bundle.ts';
import type { Field, FormDefinition } from '../form.types.ts';
import { fieldsOf, insideOf, optionsOf } from '../lookup.ts';
import { once, onceFor } from '../once.ts';
import { resolveField } from '../resolve-field.ts';
import type { Setting, TaskDefinition } from '../workflow.types.ts';
import { isSometimesApart, questionsOf } from './form-questions.ts';

/** What kind of value stands at a path: as much as a condition needs to know of it. */
export type Shape =
  | { type: 'scalar'; base: 'string' | 'number' | 'boolean' | 'date'; options: Json[] | null; range?: Range }
  /** A list of answers, of rows, or of the records of a repeated task. `of` says which, for the sentence. */
  | { type: 'list'; of: 'answers' | 'rows' | 'records'; item: Shape }
  /** A record, a row or an object: what has fields. */
  | Group;

/** What a number may be, ends included. `isWhole`: no fractions. */
export type Range = { least: number; most: number; isWhole: boolean };

export type Group = {
  type: 'group';
  names: string[];
  shapeOf: (name: string) => Shape | undefined;
  /** Does every record or row have an answer here? */
  isSure: (name: string) => boolean;
};

/** A way through names: the shape at its end, or the name where it went wrong. */
export type Found =
  | { type: 'found'; shape: Shape; throughList: 'rows' | 'records' | null }
  | { type: 'lost'; name: string; known: string[]; kind: 'field' | 'noFields' };

/** Gives the shape of a field, with its $ref followed. */
export function shapeOfField(form: FormDefinition, field: Field): Shape {
  return shapesIn(form)(field);
}

const shapesIn = onceFor((form: FormDefinition) => onceFor((field: Field) => shapeOf(form, field)));

function shapeOf(form: FormDefinition, field: Field): Shape {
  const whole = resolveField(form, field);
  const properties = insideOf(whole);
  const { required = [] } = whole;
  // Somebody chosen from the staff or the partners has all fields as soon as there is one.
  if (properties !== undefined) return groupOf(form, properties, (name) => whole['x-options'] !== undefined || (required.includes(name) && properties[name]?.when === undefined));
  if (whole.items !== undefined || typesOf(whole).includes('array')) {
    const item = shapeOfField(form, whole.items ?? {});
    return { type: 'list', of: item.type === 'group' ? 'rows' : 'answers', item };
  }
  const base = baseOf(whole);
  return { type: 'scalar', base, options: optionsOf(whole)?.map(({ value }) => value) ?? null, ...(base === 'number' ? { range: rangeOf(whole) } : {}) };
}

/** Gives the shape of one record of a form. `wishes`: what a task wants of its fields; one that is only sometimes asked may have no answer. */
export function shapeOfRecord(form: FormDefinition, wishes: TaskDefinition['fields'] = {}): Group {
  const sure = once(() => new Set(questionsOf(form).filter(({ name, isRequired, isConditional }) => isRequired && !isConditional && wishes[name]?.when === undefined).map(({ name }) => name)));
  return apart(form, groupOf(form, fieldsOf(form), (name) => sure().has(name)), '');
}

/** A question of a group that stands apart from it may be asked only sometimes. */
function apart(form: FormDefinition, whole: Group, above: string): Group {
  return {
    ...whole,
    isSure: (name) => whole.isSure(name) && !isSometimesApart(form, `${above}${name}`),
    shapeOf: (name) => {
      const shape = whole.shapeOf(name);
      return shape?.type === 'group' ? apart(form, shape, `${above}${name}.`) : shape;
    }
  };
}

/** Gives the shape of a setting. */
export function shapeOfSetting({ type, options }: Setting): Shape {
  const one: Shape = options === undefined ? { type: 'scalar', base: type === 'boolean' ? 'boolean' : type === 'integer' ? 'number' : 'string', options: null, ...(type === 'integer' ? { range: { least: -Infinity, most: Infinity, isWhole: true } } : {}) } : words(Object.keys(options));
  return type === 'array' ? { type: 'list', of: 'answers', item: one } : one;
}

/** Makes a group of given shapes. */
export function group(shapes: { [name: string]: Shape }): Group {
  return { type: 'group', names: Object.keys(shapes), shapeOf: (name) => (Object.hasOwn(shapes, name) ? shapes[name] : undefined), isSure: () => false };
}

/** Follows field names from a shape; passes through lists, and says so. */
export function follow(shape: Shape, names: string[]): Found {
  let current: Shape = shape;
  let throughList: 'rows' | 'records' | null = null;
  for (const name of names) {
    if (current.type === 'list') {
      throughList ??= current.of === 'records' ? 'records' : 'rows';
      current = current.item;
    }
    if (current.type !== 'group') return { type: 'lost', name, known: [], kind: 'noFields' };
    const next = current.shapeOf(name);
    if (next === undefined) return { type: 'lost', name, known: current.names, kind: 'field' };
    current = next;
  }
  return { type: 'found', shape: current, throughList };
}

/** A scalar with these fixed values. */
export function words(values: string[]): Shape {
  return { type: 'scalar', base: 'string', options: values };
}

/** Can this value ever be the answer? */
export function canBe(shape: Shape & { type: 'scalar' }, value: Json): boolean {
  if (shape.options !== null) return shape.options.some((option) => sameText(option, value));
  switch (shape.base) {
    case 'boolean': return typeof value === 'boolean';
    case 'number': return typeof value === 'number' || (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)));
    case 'date': return typeof value === 'string' && /^\d{4}(-\d{2}(-\d{2}(T.+)?)?)?$/.test(value);
    case 'string': return typeof value === 'string' || typeof value === 'number';
  }
}

/** Can two answers ever be equal? */
export function canMeet(one: Shape & { type: 'scalar' }, other: Shape & { type: 'scalar' }): boolean {
  if (one.options !== null) return one.options.some((option) => canBe(other, option));
  if (other.options !== null) return canMeet(other, one);
  return one.base === other.base;
}

function rangeOf(field: Field): Range {
  const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum = -Infinity, exclusiveMaximum = Infinity } = field;
  const isWhole = !typesOf(field).includes('number');
  // The nearest number that is still allowed, as far as a condition can tell.
  const step = isWhole ? 1 : 1e-9;
  const least = Math.max(minimum, exclusiveMinimum + step);
  const most = Math.min(maximum, exclusiveMaximum - step);
  return isWhole ? { least: Math.ceil(least), most: Math.floor(most), isWhole } : { least, most, isWhole };
}

/** Shapes are made when asked for, so that a form whose $ref names itself does not hang. */
function groupOf(form: FormDefinition, fields: { [name: string]: Field }, isSure: Group['isSure']): Group {
  return {
    type: 'group',
    isSure,
    names: Object.keys(fields),
    shapeOf: (name) => {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      return field === undefined ? undefined : shapeOfField(form, field);
    }
  };
}

/** Numbers and texts compare as text (semantics 11); null is no answer. */
function sameText(option: Json, value: Json): boolean {
  if (option === null || typeof option === 'object' || value === null || typeof value === 'object') return false;
  return typeof option === 'boolean' || typeof value === 'boolean' ? option === value : String(option) === String(value);
}

function typesOf(field: Field): string[] {
  return field.type === undefined ? [] : [field.type].flat();
}

function baseOf(field: Field): 'string' | 'number' | 'boolean' | 'date' {
  const types = typesOf(field);
  if (types.includes('boolean') || typeof field.const === 'boolean') return 'boolean';
  if (types.includes('integer') || types.includes('number')) return 'number';
  return field.format === 'date' || field.format === 'date-time' || field.format === 'partial-date' ? 'date' : 'string';
}
