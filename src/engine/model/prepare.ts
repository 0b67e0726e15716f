import type { Bundle, Json } from '../../definitions/bundle.ts';
import type { FormDefinition } from '../../definitions/form.types.ts';
import { fieldsOf, isRepeated, type TaskPlace, tasksOf } from '../../definitions/lookup.ts';
import { type SettingValues, settingValues } from '../../definitions/setting-values.ts';
import type {
  Condition, DocumentDefinition, EventDefinition, Moment, ReopenDefinition, RuleDefinition, Rules, StepDefinition, TaskDefinition, TransitionDefinition, Transitions, WorkflowDefinition
} from '../../definitions/workflow.types.ts';
import type { Translate } from '../../texts.ts';
import type { CaseRecord } from '../state/case-state.ts';
import { pathsOf, readCondition, readsLists, type Tree } from '../conditions/condition-tree.ts';
import { readSeries, type Series } from './series.ts';
import { makeZone, type Zone } from '../time/zone.ts';

/** A definition read once: every condition parsed, every id resolved. Everything the engine does starts from it. */
export type Model = {
  bundle: Bundle;
  workflow: WorkflowDefinition;
  t: Translate;
  zone: Zone;
  /** The subject first, then the tasks of the top level, then those of each step. */
  tasks: ReadonlyMap<string, PreparedTask>;
  topTasks: PreparedTask[];
  /** Those of the top level in the order they are shown in: the subject first, then file order; emergency tasks last. */
  shownTasks: PreparedTask[];
  stepTasks: PreparedTask[];
  steps: ReadonlyMap<string, PreparedStep>;
  rules: PreparedRule[];
  transitions: PreparedTransition[];
  events: PreparedEvent[];
  /** Those in the order they fire in: restrictions, then `write`, then the others, each in file order (semantics 4). */
  eventsInTurn: PreparedEvent[];
  reopenings: PreparedReopening[];
  documents: PreparedDocument[];
  facts: ReadonlyMap<string, Tree>;
  /** Those that are read from records of repeated tasks alone: as long as these stay the same, so do they. */
  steadyFacts: ReadonlySet<string>;
  /** Every setting of the route: as a school filled it in (with-settings.ts), else its default. */
  settings: SettingValues;
};

export type PreparedTask = {
  id: string;
  step: string | null;
  definition: TaskDefinition;
  form: FormDefinition | null;
  title: string;
  isSubject: boolean;
  repeat: boolean;
  /** How the next record falls due by itself; null: never. */
  series: Series | null;
  emergency: boolean;
  /** The tasks or rows it is done once for; null: not for each of something. */
  for: string[][] | null;
  /** The one it is done for, in an instance (instances.ts); null here. */
  source: Source | null;
  /** Do conditions read it as a list of records? */
  isList: boolean;
  /** `when` and `unless` in one; null: always. */
  applies: Tree | null;
  required: boolean | Tree;
  done: Tree | null;
  rules: PreparedRule[];
  /** What the route wants of single fields of the form, besides what they start with. */
  wishes: PreparedWish[];
  /** Fields that may still be filled in after handing in. */
  later: ReadonlySet<string>;
  /** Null: everybody who may read the case (semantics 9). */
  performers: string[] | null;
  /** The field that says when the thing happened. */
  dateField: string | null;
  /** Tasks whose records count as records of this one. */
  counted: string[];
};

/** `when` null: always asked; `set` undefined: not fixed; `rows` null: rows are added by who fills in; `options`: answers with a condition. */
export type PreparedWish = { field: string; when: Tree | null; set: Json | undefined; rows: string[] | null; options: { answer: string; when: Tree }[] };

/** What one instance of a `for` is about: a record, or a row of one. */
export type Source = {
  /** `<record id>` or `<record id>.<row>`; of a row of what is being handed in just `<row>`. No personal data. */
  key: string;
  /** What `for` reads; undefined when the row is not there any more. */
  value: Json | undefined;
  /** From a task to the list, such as ['zorgteam', 'partners']. */
  path: string[];
  /** Null: of the record that is being handed in. */
  record: CaseRecord | null;
};

export type PreparedRule = { id: string; definition: RuleDefinition; must: Tree; applies: Tree | null; for: string[] | null; readsThis: boolean };

export type PreparedTransition = {
  id: string;
  step: string | null;
  definition: TransitionDefinition;
  applies: Tree | null;
  rules: PreparedRule[];
  performers: string[] | null;
  to: string[];
};

export type PreparedStep = {
  id: string;
  definition: StepDefinition;
  tasks: PreparedTask[];
  rules: PreparedRule[];
  transitions: PreparedTransition[];
};

/** A way to open a closed case again. */
export type PreparedReopening = { id: string; definition: ReopenDefinition; title: string; performers: string[] | null; applies: Tree | null; to: string[] };

/** `withhold`: while this holds it does not say whom the case is about; null: it always does. */
export type PreparedDocument = { id: string; definition: DocumentDefinition; title: string; for: string[][] | null; applies: Tree | null; withhold: Tree | null };

export type PreparedEvent = { id: string; definition: EventDefinition; for: string[] | null; on: Tree | null; at: Moment | null };

/** Reads a bundle once. `t` gives the sentences; days are those of the time zone. */
export function prepare(bundle: Bundle, t: Translate, timeZone = 'Europe/Amsterdam'): Model {
  const { workflow } = bundle;
  const tasks = prepareTasks(bundle);
  const all = [...tasks.values()];
  const facts = prepareFacts(workflow.facts);
  const topTasks = all.filter((task) => task.step === null);
  const events = Object.entries(workflow.events ?? {}).filter(([, { on, at }]) => on !== undefined || at !== undefined).map(([id, event]) => prepareEvent(id, event));
  const steps = new Map(Object.entries(workflow.steps).map(([id, step]) => [id, prepareStep(id, step, all.filter((task) => task.step === id), workflow)]));
  return {
    bundle, workflow, t, tasks, topTasks, steps,
    zone: makeZone(timeZone, bundle.calendars),
    shownTasks: [...topTasks.filter(({ emergency }) => !emergency), ...topTasks.filter(({ emergency }) => emergency)],
    stepTasks: [...steps.values()].flatMap((step) => step.tasks),
    rules: prepareRules(workflow.rules),
    transitions: prepareTransitions(workflow.transitions, null, workflow.performers ?? null),
    events, eventsInTurn: [0, 1, 2].flatMap((turn) => events.filter((event) => turnOf(event) === turn)),
    reopenings: Object.entries(workflow.reopen ?? {}).map(([id, definition]) => ({
      id, definition, title: definition.title ?? t('engine.reopen'), performers: definition.performers ?? workflow.performers ?? null,
      applies: readGuard(definition.when, undefined), to: definition.to
    })),
    documents: Object.entries(workflow.documents ?? {}).map(([id, definition]) => ({
      id, definition, title: definition.title ?? id, for: sourcePaths(definition.for), applies: readGuard(definition.when, undefined),
      withhold: readGuard(definition.withhold?.identity, undefined)
    })),
    facts, steadyFacts: new Set([...facts].filter(([, tree]) => readsLists(tree, (head) => tasks.get(head)?.isList === true)).map(([id]) => id)),
    settings: settingValues(workflow)
  };
}

function sourcePaths(paths: string | string[] | undefined): string[][] | null {
  return paths === undefined ? null : [paths].flat().map((path) => path.split('.'));
}

function prepareTasks(bundle: Bundle): Map<string, PreparedTask> {
  const places = tasksOf(bundle.workflow);
  const subject = bundle.workflow.subject;
  const withSubject = subject === undefined || places.some(({ id }) => id === subject) ? places : [{ id: subject, step: null, task: { form: subject } }, ...places];
  return new Map(withSubject.map((place) => [place.id, prepareTask(place, bundle, places)]));
}

function prepareTask({ id, step, task }: TaskPlace, { workflow, forms }: Bundle, places: readonly TaskPlace[]): PreparedTask {
  const form = forms[task.form] ?? null;
  const fields = form === null ? {} : fieldsOf(form);
  const isSubject = id === workflow.subject;
  const stepPerformers = step === null ? undefined : workflow.steps[step]?.performers;
  return {
    id, step, form, isSubject,
    definition: task,
    title: task.title ?? form?.title ?? id,
    repeat: task.repeat !== undefined && task.repeat !== false,
    for: sourcePaths(task.for),
    source: null,
    isList: isRepeated(task),
    series: readSeries(task.repeat),
    emergency: task.emergency === true,
    applies: readGuard(task.when, task.unless),
    required: typeof task.required === 'object' ? readCondition(task.required) : task.required === true,
    done: task.done === undefined ? null : readCondition(task.done),
    rules: prepareRules(task.rules),
    wishes: prepareWishes(task.fields),
    later: new Set(isSubject ? Object.keys(fields) : task.later),
    performers: task.performers ?? stepPerformers ?? workflow.performers ?? null,
    dateField: Object.keys(fields).find((name) => fields[name]?.['x-date'] === true) ?? null,
    counted: places.filter((other) => other.task.countsAs === id).map((other) => other.id)
  };
}

function prepareWishes(fields: TaskDefinition['fields']): PreparedWish[] {
  return Object.entries(fields ?? {}).map(([field, { when, set, rows, options }]): PreparedWish => ({
    field, set, rows: rows?.split('.') ?? null,
    when: when === undefined ? null : readCondition(when),
    options: Object.entries(options ?? {}).map(([answer, condition]) => ({ answer, when: readCondition(condition) }))
  })).filter(({ when, set, rows, options }) => when !== null || set !== undefined || rows !== null || options.length > 0);
}

function prepareStep(id: string, definition: StepDefinition, tasks: PreparedTask[], workflow: WorkflowDefinition): PreparedStep {
  return {
    id, definition, tasks,
    rules: prepareRules(definition.rules),
    transitions: prepareTransitions(definition.transitions, id, definition.performers ?? workflow.performers ?? null)
  };
}

function prepareTransitions(transitions: Transitions | undefined, step: string | null, performers: string[] | null): PreparedTransition[] {
  return Object.entries(transitions ?? {}).map(([id, definition]) => ({
    id, step, definition,
    applies: readGuard(definition.when, definition.unless),
    rules: prepareRules(definition.rules),
    performers: definition.performers ?? performers,
    to: typeof definition.to === 'string' ? [definition.to] : [...new Set(definition.to)]
  }));
}

function prepareRules(rules: Rules | undefined): PreparedRule[] {
  return Object.entries(rules ?? {}).map(([id, definition]) => {
    const must = readCondition(definition.must);
    const applies = readGuard(definition.when, definition.unless);
    const source = definition.for?.split('.') ?? null;
    const paths = [...pathsOf(must), ...(applies === null ? [] : pathsOf(applies)), ...(source === null ? [] : [source])];
    return { id, definition, must, applies, for: source, readsThis: paths.some(([head]) => head === 'this') };
  });
}

/** A fact that reads itself, also by way of others, never holds and has no meaning to explain; the checker reports it. */
function prepareFacts(facts: WorkflowDefinition['facts']): Map<string, Tree> {
  const trees = new Map(Object.entries(facts ?? {}).map(([id, condition]) => [id, readCondition(condition)]));
  const reads = (id: string): string[] => pathsOf(trees.get(id) ?? { type: 'any', trees: [] }).flatMap(([head, name = '']) => (head === 'facts' ? [name] : []));
  const readsItself = (id: string): boolean => {
    const seen = new Set<string>();
    for (const open = reads(id); open.length > 0; ) {
      const next = open.pop() ?? '';
      if (next === id) return true;
      if (!seen.has(next)) open.push(...reads(next));
      seen.add(next);
    }
    return false;
  };
  return new Map([...trees].filter(([id]) => !readsItself(id)));
}

function prepareEvent(id: string, definition: EventDefinition): PreparedEvent {
  const { on, at = null } = definition;
  return { id, definition, for: definition.for?.split('.') ?? null, on: on === undefined ? null : readCondition(on), at };
}

function turnOf({ definition }: PreparedEvent): 0 | 1 | 2 {
  return definition.restrict !== undefined ? 0 : definition.write !== undefined ? 1 : 2;
}

function readGuard(when: Condition | undefined, unless: Condition | undefined): Tree | null {
  const trees: Tree[] = [];
  if (when !== undefined) trees.push(readCondition(when));
  if (unless !== undefined) trees.push({ type: 'none', trees: [readCondition(unless)] });
  const [only] = trees;
  return trees.length > 1 ? { type: 'all', trees } : (only ?? null);
}
