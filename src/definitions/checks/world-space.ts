import type { FormDefinition } from '../form.types.ts';
import { isObject, isScalar } from '../json-values.ts';
import { isRepeated, rulesOf, taskById } from '../lookup.ts';
import type { TaskDefinition, WorkflowDefinition } from '../workflow.types.ts';
import { questionsOf, whensOfQuestion } from './form-questions.ts';
import { resolve, workflowScope, type Scope } from './scope.ts';
import type { Range, Shape } from './shapes.ts';
import { askedIn, holdsIn, type Answer, type Asked, type Facts, type World } from './worlds.ts';

/** Up to this many combinations of answers all are tried; above it, as many are drawn. */
export const mostWorlds = 10_000;

/** Something a condition asks, with every answer that makes a difference; undefined stands for no answer. */
export type Variable = {
  name: string;
  values: Answer[];
  /** Do the ways out ask it themselves, or does only something they ask depend on it? */
  isAsked: boolean;
  /** Does it stand for a whole part of a condition that cannot be worked out from one answer? */
  isFree: boolean;
};

/** All combinations of answers that matter to the ways out of a step, and what rules some of them out. */
export type Space = {
  variables: Variable[];
  facts: Facts;
  isPossible: (world: World) => boolean;
  /** False when some answers hang together in ways that are not known here: then a gap found may not be real. */
  isExact: boolean;
};

/** Makes the space of a step from the conditions of its ways out. */
export function spaceOf(workflow: WorkflowDefinition, forms: { [id: string]: FormDefinition }, step: string, conditions: unknown[]): Space {
  const facts = workflow.facts ?? {};
  const scope = workflowScope(workflow, forms);
  const asked = gather(conditions, facts);
  const seen = new Map(asked);
  const limits: Limit[] = [];
  const records = new Set<string>();
  // What a question depends on is visited in turn: a Map goes on with what is added while it is walked.
  for (const [name] of seen) {
    const record = recordAt(workflow, forms, step, name);
    if (record === null) continue;
    const isNew = !records.has(record.name);
    records.add(record.name);
    const added = [limitOfField(record, name, facts), ...(isNew ? [...limitsOfTask(record, facts), ...limitsOfRules(workflow, step, record.name, facts)] : [])];
    limits.push(...added);
    for (const [found, one] of gather(added.flatMap(({ reads }) => reads), facts)) if (!seen.has(found)) seen.set(found, one);
  }
  const all = [...gather([...conditions, ...limits.flatMap(({ reads }) => reads)], facts).values()];
  return {
    facts,
    variables: all.map((one) => ({ name: one.name, values: valuesOf(one, step, scope), isAsked: asked.has(one.name), isFree: one.type === 'free' })),
    isPossible: (world) => limits.every((limit) => limit.holds(world)),
    isExact: all.every((one) => one.type === 'path' && (one.name === `steps.${step}` || one.name.startsWith('settings.') || recordAt(workflow, forms, step, one.name) !== null))
  };
}

/** Gives what conditions ask, with every answer that makes a difference. `step` is the step they stand in; '' for none. Looks at nothing around them. */
export function variablesOf(conditions: unknown[], facts: Facts, scope: Scope, step: string): Variable[] {
  return [...gather(conditions, facts).values()].map((one) => ({ name: one.name, values: valuesOf(one, step, scope), isAsked: true, isFree: one.type === 'free' }));
}

/** Gives all worlds of a space, or, when there are more than `mostWorlds`, as many drawn at random, the same each time. */
export function worldsOf({ variables, isPossible = () => true }: Pick<Space, 'variables'> & Partial<Space>): { worlds: World[]; isSample: boolean } {
  const count = variables.reduce((product, { values }) => product * values.length, 1);
  const isSample = count > mostWorlds;
  const draw = randomNumbers();
  const all = Array.from({ length: Math.min(count, mostWorlds) }, (_, index) => {
    let rest = index;
    return new Map(variables.map(({ name, values }) => {
      const choice = isSample ? Math.floor(draw() * values.length) : rest % values.length;
      rest = Math.floor(rest / values.length);
      return [name, values[choice]];
    }));
  });
  return { worlds: all.filter(isPossible), isSample };
}

/** Something that must hold of a world; `reads` are the conditions it looks at. */
type Limit = { reads: unknown[]; holds: (world: World) => boolean };

/** The single record behind the first word of a path. */
type RecordPlace = {
  name: string;
  form: FormDefinition;
  /**
   * While all of these hold it counts as handed in and done: as long as it is not, somebody can still do it, and the case does not
   * stand still. Null for a task of another step, which nobody can do from here.
   */
  isDoneWhile: unknown[] | null;
  /** Its fields that can still be answered after handing in: without an answer the case waits, and does not stand still. */
  later: readonly string[];
  done: unknown;
  /** What its task wants of its fields. */
  wishes: NonNullable<TaskDefinition['fields']>;
};

function gather(conditions: unknown[], facts: Facts): Map<string, Asked> {
  const found = new Map<string, Asked>();
  for (const one of conditions.flatMap((condition) => askedIn(condition, facts))) {
    const known = found.get(one.name);
    found.set(one.name, known?.type === 'path' && one.type === 'path' ? { ...one, tests: [...known.tests, ...one.tests] } : one);
  }
  return found;
}

function recordAt(workflow: WorkflowDefinition, forms: { [id: string]: FormDefinition }, step: string, path: string): RecordPlace | null {
  const [name = '', field, ...deeper] = path.split('.');
  if (field === undefined || deeper.length > 0) return null;
  const place = taskById(workflow, name);
  const id = name === workflow.subject ? workflow.subject : place?.task.form;
  const form = id === undefined || !Object.hasOwn(forms, id) ? undefined : forms[id];
  if (form === undefined || (place !== undefined && isRepeated(place.task)) || !questionsOf(form).some((question) => question.name === field)) return null;
  const canBeDone = place === undefined || place.step === null || place.step === step;
  return { name, form, isDoneWhile: canBeDone ? [place?.task.when ?? {}] : null, later: place?.task.later ?? [], done: withPrefix(place?.task.done, name, 'this.'), wishes: place?.task.fields ?? {} };
}

/** A question that is not asked has no answer; one that is asked and required has one as soon as there is a record. */
function limitOfField({ name, form, isDoneWhile, later, wishes }: RecordPlace, path: string, facts: Facts): Limit {
  const field = path.slice(name.length + 1);
  const isRequired = form.schema.required?.includes(field) === true || later.includes(field);
  const { when, options = {} } = wishes[field] ?? {};
  const whens = [...whensOfQuestion(form, field).map((condition) => withPrefix(condition, name, '')), ...(when === undefined ? [] : [when])];
  const isThere = (world: World): boolean =>
    (isDoneWhile !== null && holdAll(isDoneWhile, world, facts)) || [...world].some(([other, value]) => other.startsWith(`${name}.`) && value !== undefined);
  return {
    reads: [...whens, ...Object.values(options), ...(isDoneWhile ?? [])],
    holds: (world) => {
      const offered = options[String(world.get(path))];
      if (offered !== undefined && !holdsIn(offered, world, facts)) return false;
      if (!holdAll(whens, world, facts)) return world.get(path) === undefined;
      return !isRequired || world.get(path) !== undefined || !isThere(world);
    }
  };
}

/** A task that can be done here is done before the case can stand still. */
function limitsOfTask({ isDoneWhile, done }: RecordPlace, facts: Facts): Limit[] {
  return isDoneWhile === null || done === undefined ? [] : [{ reads: [done], holds: (world) => !holdAll(isDoneWhile, world, facts) || holdsIn(done, world, facts) }];
}

/** Hard rules of the step and of the top level that ask something of this record: nobody leaves while they are broken. */
function limitsOfRules(workflow: WorkflowDefinition, step: string, record: string, facts: Facts): Limit[] {
  return rulesOf(workflow)
    .filter((place) => place.task === null && place.transition === null && (place.step === step || place.step === null))
    .filter(({ rule }) => rule.waivable === undefined && rule.hint !== true)
    .filter(({ rule }) => askedIn(rule.must, facts).some((one) => one.type === 'path' && one.name.startsWith(`${record}.`)))
    .map(({ rule: { must, when, unless } }) => ({
      reads: [must, when, unless].filter((one) => one !== undefined),
      holds: (world) => (when !== undefined && !holdsIn(when, world, facts)) || (unless !== undefined && holdsIn(unless, world, facts)) || holdsIn(must, world, facts)
    }));
}

function holdAll(conditions: unknown[], world: World, facts: Facts): boolean {
  return conditions.every((condition) => holdsIn(condition, world, facts));
}

/** Turns names inside a form, or `this.` names, into names of the whole case. */
function withPrefix(condition: unknown, record: string, from: string): unknown {
  if (Array.isArray(condition)) return condition.map((part) => withPrefix(part, record, from));
  if (!isObject(condition)) return condition;
  return Object.fromEntries(Object.entries(condition).map(([key, value]) => {
    if ((key === 'all' || key === 'any' || key === 'none') && Array.isArray(value)) return [key, withPrefix(value, record, from)];
    return [key.startsWith(from) ? `${record}.${key.slice(from.length)}` : key, value];
  }));
}

const stepStates = ['ahead', 'active', 'completed', 'left', 'skipped'];
const taskStates = ['none', 'open', 'done'];

function valuesOf(asked: Asked, step: string, scope: Scope): Answer[] {
  if (asked.type === 'free') return [true, false];
  const { name, tests } = asked;
  if (name.startsWith('steps.')) return name === `steps.${step}` ? ['active'] : [...stepStates, ...(scope.waiting.includes(name.slice('steps.'.length)) ? ['waiting'] : [])];
  if (name.startsWith('tasks.')) return taskStates;
  const found = resolve(name, scope, false);
  const answers = found.type === 'found' ? answersOf(found.shape, tests.flatMap(scalarsIn)) : ['x'];
  // A setting always has a value: its default until a school fills it in.
  return name.startsWith('settings.') ? answers : [...answers, undefined];
}

/** Answers that differ to some test: all fixed ones; of numbers and days also those just below and above each value that is compared with. */
function answersOf(shape: Shape, compared: (string | number | boolean)[]): Answer[] {
  if (shape.type !== 'scalar') return ['x'];
  if (shape.base === 'boolean' && shape.options === null) return [true, false];
  if (shape.options !== null) return shape.options.filter((option) => isScalar(option) && option !== null);
  switch (shape.base) {
    case 'number': return numbersOf(compared.map(Number), shape.range ?? { least: -Infinity, most: Infinity, isWhole: false });
    case 'date': return [...new Set(['0001-01-01', '9999-12-31', ...compared.map(String).flatMap((day) => [nextDay(day, -1), day, nextDay(day, 1)])])];
    default: return [...new Set(['x', ...compared.map(String)])];
  }
}

/** Each number that is compared with, one beside it on both sides, one between two of them, and the ends of what the form allows; of these those it allows. */
function numbersOf(compared: number[], { least, most, isWhole }: Range): number[] {
  const beside = compared.flatMap((value) => (isWhole ? [Math.ceil(value) - 1, Math.ceil(value), Math.floor(value), Math.floor(value) + 1] : [value - 1, value - 0.5, value, value + 0.5, value + 1]));
  const allowed = [least, ...beside, most].filter((value) => Number.isFinite(value) && value >= least && value <= most);
  return allowed.length === 0 ? [0] : [...new Set(allowed)];
}

function nextDay(day: string, count: number): string {
  const moment = Date.parse(day);
  return Number.isNaN(moment) ? day : new Date(moment + count * 86_400_000).toISOString().slice(0, 10);
}

function scalarsIn(test: unknown): (string | number | boolean)[] {
  if (isScalar(test)) return test === null ? [] : [test];
  if (Array.isArray(test)) return test.flatMap(scalarsIn);
  return isObject(test) ? Object.entries(test).flatMap(([key, value]) => (key === 'answered' ? [] : scalarsIn(value))) : [];
}

/** A small generator (Lehmer): the same file always gives the same findings. */
function randomNumbers(): () => number {
  let state = 20_130_701;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
