import type { Json } from './bundle.ts';
import { stepWords, taskWords } from './checks/scope.ts';
import { type Group, type Shape, shapeOfSetting } from './checks/shapes.ts';
import { onceFor } from './once.ts';
import type { Setting } from './workflow.types.ts';

export type Schema = { [keyword: string]: unknown };

/** Names that a condition of a route may use besides its tasks. */
export type Names = { facts?: string[]; steps?: string[]; tasks?: string[]; settings?: { [id: string]: Setting } };

/** Groups inside groups: somebody of the staff has a name, which is no group. */
const mostDots = 3;

/**
 * Makes the definition `condition` of a JSON Schema in which these names and their answers are known, and no others; with it the definitions
 * it refers to. The same name twice: what either may be. 'skip': a form that cannot be read, of which anything goes.
 */
export function conditionOver(named: [string, Shape | 'skip'][], { facts = [], steps = [], tasks = [], settings = {} }: Names): { [definition: string]: Schema } {
  const rows: { [definition: string]: Schema } = {};
  const tests = new Map<string, Schema[]>();
  const add = (path: string, test: Schema): void => {
    const known = tests.get(path) ?? [];
    if (!known.some((one) => one === test || JSON.stringify(one) === JSON.stringify(test))) tests.set(path, [...known, test]);
  };
  const addShape = (path: string, shape: Shape, dots: number): void => {
    add(path, testOf(shape, path, rows));
    if (shape.type === 'group' && dots < mostDots) for (const name of shape.names) addShape(`${path}.${name}`, shape.shapeOf(name) ?? anyText, dots + 1);
  };
  const unknown = named.filter(([, shape]) => shape === 'skip').map(([head]) => head);
  for (const [head, shape] of named) if (shape !== 'skip') addShape(head, shape, 0);
  for (const name of facts) add(`facts.${name}`, factTest);
  for (const name of steps) add(`steps.${name}`, stepTest);
  for (const name of tasks) add(`tasks.${name}`, taskTest);
  for (const [name, setting] of Object.entries(settings)) add(`settings.${name}`, testOf(shapeOfSetting(setting), `settings.${name}`, rows));
  const shared = makeShared();
  const properties = Object.fromEntries([...tests].map(([path, [first = {}, ...others]]) => [path, shared.refer(others.length === 0 ? first : { anyOf: [first, ...others.map(shared.refer)] })]));
  const groups = Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, { ...row, properties: Object.fromEntries(Object.entries(row['properties'] as Schema).map(([field, test]) => [field, shared.refer(test as Schema)])) }]));
  return {
    ...groups, ...shared.definitions,
    condition: {
      title: 'Condition', type: 'object', minProperties: 1, additionalProperties: false,
      properties: { ...combined('condition'), ...properties },
      ...(unknown.length === 0 ? {} : { patternProperties: Object.fromEntries(unknown.map((head) => [`^${head}(\\.|$)`, true])) })
    }
  };
}

/** Many questions are tested alike: each test is written once. */
function makeShared(): { definitions: { [name: string]: Schema }; refer: (test: Schema) => Schema } {
  const definitions: { [name: string]: Schema } = {};
  const names = new Map<string, string>();
  const refer = onceFor((test: Schema): Schema => {
    const text = JSON.stringify(test);
    if (text.length < 60) return test;
    const name = names.get(text) ?? `test.${String(names.size + 1)}`;
    names.set(text, name);
    definitions[name] = test;
    return { $ref: `#/definitions/${name}` };
  });
  return { definitions, refer };
}

/** Adds names to choose from; others stay possible, because a file may be ahead of what was last read. */
export function suggested(schema: Schema, names: string[]): Schema {
  const { description, ...rest } = schema;
  return { ...(description === undefined ? {} : { description }), anyOf: [{ enum: names }, rest] };
}

function combined(definition: string): { [key: string]: Schema } {
  const list = { type: 'array', minItems: 1, items: { $ref: `#/definitions/${definition}` } };
  return { all: list, any: list, none: list };
}

function testOf(shape: Shape, path: string, rows: { [definition: string]: Schema }): Schema {
  switch (shape.type) {
    case 'scalar': return scalarTest(shape);
    case 'list': return shape.item.type === 'scalar' ? answersTest(shape.item) : listTest(testOf(shape.item, path, rows));
    case 'group': return { anyOf: [exactly({ answered: { type: 'boolean' }, not: true }), { $ref: `#/definitions/${addRow(shape, path, rows)}` }] };
  }
}

/** The fields of a record or row, under a name so that it can refer to itself. */
function addRow(shape: Group, path: string, rows: { [definition: string]: Schema }): string {
  const name = `in.${path}`;
  if (Object.hasOwn(rows, name)) return name;
  rows[name] = {};
  const fields = Object.fromEntries(shape.names.map((field) => [field, testOf(shape.shapeOf(field) ?? anyText, `${path}.${field}`, rows)]));
  rows[name] = { ...exactly({ ...combined(name), ...fields }), patternProperties: { '^(this|for|facts|steps|tasks|settings|case|person)\\.': true, [`^(${shape.names.join('|')})\\.`]: true } };
  return name;
}

const answersTest = onceFor((item: Shape & { type: 'scalar' }): Schema => listTest(scalarTest(item)));

const scalarTest = onceFor(({ base, options }: Shape & { type: 'scalar' }): Schema => (options === null ? baseTests[base] : wordTest(options)));

function listTest(item: Schema): Schema {
  return exactly({ some: item, every: item, none: item, last: item, count: baseTests.number, answered: { type: 'boolean' }, not: true, all: true, any: true });
}

function wordTest(values: Json[]): Schema {
  return anyTest({ enum: values.filter((value) => value !== null) }, {});
}


function anyTest(value: Schema, own: Schema): Schema {
  const list = { type: 'array', minItems: 1, items: { anyOf: [value, fieldOperand] } };
  const nested = { anyOf: [value, list, { type: 'object' }] };
  const several = { type: 'array', minItems: 1, items: nested };
  const operators = exactly({ ...own, field: { type: 'string' }, not: nested, answered: { type: 'boolean' }, all: several, any: several, none: several });
  // In this form an editor says which operator is wrong, and not that an object is wrong here.
  return { anyOf: [value, list, { type: 'object' }], if: { type: 'object' }, then: operators };
}

function exactly(properties: Schema): Schema {
  return { type: 'object', additionalProperties: false, minProperties: 1, properties };
}

const anyText: Shape = { type: 'scalar', base: 'string', options: null };
const fieldOperand = exactly({ field: { type: 'string' } });
const factTest = wordTest([true, false]);
const stepTest = wordTest(stepWords);
const taskTest = wordTest(taskWords);
const baseTests = makeBaseTests();

function makeBaseTests(): { [base in (Shape & { type: 'scalar' })['base']]: Schema } {
  const text = { type: ['string', 'number'] };
  const number = { type: ['number', 'string'] };
  const bound = (value: Schema): Schema => ({ anyOf: [value, fieldOperand] });
  return {
    boolean: factTest, string: anyTest(text, {}),
    number: anyTest(number, { atLeast: bound(number), atMost: bound(number) }),
    date: anyTest(text, { onOrAfter: bound(text), onOrBefore: bound(text), olderThan: true, weekday: true, age: true })
  };
}
