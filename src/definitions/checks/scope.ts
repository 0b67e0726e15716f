import type { FormDefinition } from '../form.types.ts';
import { isRepeated, tasksOf } from '../lookup.ts';
import type { Setting, TaskDefinition, WorkflowDefinition } from '../workflow.types.ts';
import { nearest } from '../nearest.ts';
import { once } from '../once.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import { follow, group, shapeOfRecord, shapeOfSetting, words, type Found, type Group, type Shape } from './shapes.ts';

/** Which names a condition may use at a place, and what stands behind them. */
export type Scope = {
  /** Shape behind a first word that means something of the whole case; undefined when it means nothing. */
  shared: (head: string) => Shape | 'facts' | 'steps' | 'tasks' | 'settings' | 'skip' | undefined;
  /** All first words, to propose from. */
  heads: string[];
  facts: string[];
  steps: string[];
  /** Steps that may wait for other tracks. */
  waiting: string[];
  tasks: string[];
  settings: { [id: string]: Setting };
  /** The row or record whose fields are named bare; null at the top of a workflow condition. */
  row: Group | null;
};

/** What became of a path: a shape, or what is wrong with it. `skip`: nothing can be said because a form is missing. */
export type Resolved =
  | Found
  | { type: 'unknownHead'; name: string; known: string[] }
  | { type: 'unknownName'; kind: 'fact' | 'step' | 'task' | 'setting'; name: string; known: string[] }
  | { type: 'skip' };

/** Answers of steps.x. */
export const stepWords = ['ahead', 'waiting', 'active', 'completed', 'left', 'skipped', 'reached'];
/** Answers of tasks.x. */
export const taskWords = ['none', 'open', 'done', 'settled'];

/** Makes the scope of a workflow. `record` is the form behind `this`, `source` the tasks or rows behind `for`, as `for` names them; null where there is none. */
export function workflowScope(
  workflow: WorkflowDefinition, forms: { [id: string]: FormDefinition }, { record = null, source = null }: { record?: string | null; source?: string | string[] | null } = {}
): Scope {
  // A condition names one or two of the many tasks: the shape of a form is worked out when it is asked for.
  const named = new Map<string, () => Shape | 'skip'>();
  const add = (name: string, formId: string, repeated: boolean, wishes?: TaskDefinition['fields']): void => {
    const form = Object.hasOwn(forms, formId) ? forms[formId] : undefined;
    named.set(name, once(() => {
      if (form === undefined) return 'skip';
      return repeated ? { type: 'list', of: 'records', item: shapeOfRecord(form, wishes) } : shapeOfRecord(form, wishes);
    }));
  };
  if (workflow.subject !== undefined) add(workflow.subject, workflow.subject, false);
  for (const { id, task } of tasksOf(workflow)) add(id, task.form, isRepeated(task), task.fields);
  if (record !== null) add('this', record, false);
  const date: Shape = { type: 'scalar', base: 'date', options: null };
  named.set('now', () => date);
  const ofCase = group({ status: words(['open', 'closed', 'cancelled']), openedAt: date, closedAt: date, outcome: words(Object.keys(workflow.outcomes)) });
  named.set('case', () => ofCase);
  if (source !== null) named.set('for', once(() => shapeOfSources(named, [source].flat())));
  return {
    shared: (head) => (head === 'facts' || head === 'steps' || head === 'tasks' || head === 'settings' ? head : named.get(head)?.()),
    heads: [...named.keys(), 'facts', 'steps', 'tasks', 'settings'],
    facts: Object.keys(workflow.facts ?? {}),
    steps: Object.keys(workflow.steps),
    waiting: Object.entries(workflow.steps).filter(([, { waitForAll }]) => waitForAll === true).map(([id]) => id),
    tasks: tasksOf(workflow).map(({ id }) => id),
    settings: workflow.settings ?? {},
    row: null
  };
}

/** What `for` reads: one record or row. Of several sources the fields that any of them has, since a missing answer is no answer; what is wrong with a source is said where it is named. */
function shapeOfSources(named: ReadonlyMap<string, () => Shape | 'skip'>, sources: string[]): Shape | 'skip' {
  const shapes = sources.map((source): Shape | null => {
    const [head = '', ...rest] = source.split('.');
    const whole = named.get(head)?.();
    const found = whole === undefined || whole === 'skip' ? null : follow(whole, rest);
    if (found?.type !== 'found') return null;
    return found.shape.type === 'list' ? found.shape.item : found.shape;
  });
  const known = shapes.filter((shape) => shape !== null);
  const [first, ...others] = known;
  if (first === undefined || known.length < shapes.length) return 'skip';
  if (first.type !== 'group' || others.length === 0) return first;
  const groups = known.filter((shape) => shape.type === 'group');
  const shapeOf = (name: string): Shape | undefined => groups.map((one) => one.shapeOf(name)).find((shape) => shape !== undefined);
  return { type: 'group', names: [...new Set(groups.flatMap(({ names }) => names))], shapeOf, isSure: (name) => groups.every((one) => one.isSure(name)) };
}

/** Makes the scope of a form, or of one row of it: bare field names and nothing else. */
export function formScope(fields: Group): Scope {
  return { shared: () => undefined, heads: [], facts: [], steps: [], waiting: [], tasks: [], settings: {}, row: fields };
}

/** Gives what a path names. In a row a key is a field of the row unless its first word is reserved; an operand may also name a task. */
export function resolve(path: string, scope: Scope, isOperand: boolean): Resolved {
  const [head = '', ...rest] = path.split('.');
  const shared = scope.shared(head);
  if (scope.row !== null && !(isReserved(head) && shared !== undefined) && !(isOperand && shared !== undefined)) return follow(scope.row, [head, ...rest]);
  if (shared === undefined) return { type: 'unknownHead', name: head, known: scope.heads };
  if (shared === 'skip') return { type: 'skip' };
  if (typeof shared === 'object') return follow(shared, rest);
  return shared === 'settings' ? resolveSetting(rest.join('.'), scope) : resolveNamed(shared, rest.join('.'), scope);
}

function resolveSetting(name: string, { settings }: Scope): Resolved {
  const setting = Object.hasOwn(settings, name) ? settings[name] : undefined;
  if (setting === undefined) return { type: 'unknownName', kind: 'setting', name, known: Object.keys(settings) };
  return { type: 'found', shape: shapeOfSetting(setting), throughList: null };
}

function resolveNamed(head: 'facts' | 'steps' | 'tasks', name: string, scope: Scope): Resolved {
  const known = scope[head];
  if (!known.includes(name)) return { type: 'unknownName', kind: head === 'facts' ? 'fact' : head === 'steps' ? 'step' : 'task', name, known };
  const shape: Shape = head === 'facts' ? { type: 'scalar', base: 'boolean', options: null } : words(head === 'steps' ? stepWords : taskWords);
  return { type: 'found', shape, throughList: null };
}

/** Says what is wrong with a path; empty when it leads somewhere, or when a missing form makes that unknowable. */
export function explainLost(found: Resolved, at: Path, path: string, where: 'key' | 'value'): Finding[] {
  const lost = (code: string, name: string, known: string[]): Finding[] => [finding(code, at, { name, path }, { at: where, proposal: nearest(name, known) })];
  switch (found.type) {
    case 'found': case 'skip': return [];
    case 'unknownHead': return lost('unknownTask', found.name, found.known);
    case 'unknownName': return lost({ fact: 'unknownFact', step: 'unknownStep', task: 'unknownTask', setting: 'unknownSetting' }[found.kind], found.name, found.known);
    case 'lost': return found.kind === 'field' ? lost('unknownField', found.name, found.known) : [finding('noFields', at, { path, name: found.name }, { at: where })];
  }
}

/** Words that always mean something of the whole case; `any`, `all` and `none` combine conditions. */
export const reservedWords: readonly string[] = ['this', 'for', 'facts', 'steps', 'tasks', 'settings', 'case', 'now', 'person', 'all', 'any', 'none'];

function isReserved(head: string): boolean {
  return reservedWords.includes(head);
}
