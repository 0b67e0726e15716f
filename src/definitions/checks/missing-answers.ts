import { isObject } from '../json-values.ts';
import { taskById } from '../lookup.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import type { WorkflowDefinition } from '../workflow.types.ts';
import { operators } from './operators.ts';
import { conditionsOf, type ConditionPlace } from './places.ts';
import type { KnownFiles } from './references.ts';
import { resolve, workflowScope, type Scope } from './scope.ts';
import type { Shape } from './shapes.ts';

/** Says a condition as people read it. The words of the engine stand in a folder to the right, so they come in as an argument. */
export type ConditionWords = (
  route: { workflow: WorkflowDefinition; forms: KnownFiles['forms'] }, place: Pick<ConditionPlace, 'condition' | 'record'>
) => string;

/**
 * Looks for "not" on a question that may have no answer: then it holds as well (semantics 11), and rarely was that meant. Whoever means it
 * says so: { "answered": true, "not": ... }, or { "any": [{ "answered": false }, { "not": ... }] }. The finding shows what the condition says.
 * A day that has not come, as in { "withdrawnOn": { "not": { "onOrBefore": ... } } }, is meant so: nothing is said of it.
 */
export function checkMissingAnswers(workflow: WorkflowDefinition, forms: KnownFiles['forms'], words: ConditionWords): Finding[] {
  return conditionsOf(workflow).flatMap((place) => {
    const { condition, path, record, source } = place;
    const look: Look = { scope: workflowScope(workflow, forms, { record, source }), isThere: recordsThere(workflow, place) };
    return notsIn(condition, path, look).map(({ at, name, around }) => finding('notOnMissing', at, { path: name, sentence: words({ workflow, forms }, { condition: around, record }) }, { at: 'key', severity: 'warning' }));
  });
}

type Look = { scope: Scope; isThere: (task: string) => boolean };
/** `around`: the smallest condition of the whole case it stands in. */
type Not = { at: Path; name: string; around: object };

/** The record behind this and for is always there; so is that of a required task of the step that is being left. */
function recordsThere(workflow: WorkflowDefinition, { path }: ConditionPlace): Look['isThere'] {
  const [top, step, kind] = path;
  const leaves = top === 'steps' && (kind === 'transitions' || kind === 'rules');
  return (task) => {
    if (task === 'this' || task === 'for') return true;
    const place = taskById(workflow, task);
    return leaves && place !== undefined && place.step === step && place.task.required === true && place.task.when === undefined && place.task.unless === undefined;
  };
}

function notsIn(condition: unknown, path: Path, look: Look): Not[] {
  if (!isObject(condition)) return [];
  return Object.entries(condition).flatMap(([key, value]) => {
    const at = [...path, key];
    if ((key === 'all' || key === 'any' || key === 'none') && Array.isArray(value)) return value.flatMap((part, index) => notsIn(part, [...at, index], look));
    const found = resolve(key, look.scope, false);
    const nots = found.type === 'found' ? notsInTest(value, at, found.shape, { ...look, name: key, mayMiss: !isSure(key, look) }) : [];
    return look.scope.row === null ? nots.map((one) => ({ ...one, around: { [key]: value } })) : nots;
  });
}

function notsInTest(test: unknown, at: Path, shape: Shape, look: Look & { name: string; mayMiss: boolean }): Not[] {
  if (!isObject(test)) return [];
  const keys = Object.keys(test);
  if (shape.type === 'group' && !keys.some((key) => Object.hasOwn(operators, key))) return notsIn(test, at, { ...look, scope: { ...look.scope, row: shape } });
  const mayMiss = look.mayMiss && !keys.includes('answered');
  return Object.entries(test).flatMap(([key, part]): Not[] => {
    const inner = [...at, key];
    if (key === 'not') return mayMiss && !isDayToCome(part) ? [{ at: inner, name: look.name, around: {} }] : [];
    if (Array.isArray(part) && (key === 'all' || key === 'any' || key === 'none')) {
      const isSaid = part.some((one) => isObject(one) && Object.hasOwn(one, 'answered'));
      return part.flatMap((one, index) => notsInTest(one, [...inner, index], shape, { ...look, mayMiss: mayMiss && !isSaid }));
    }
    return shape.type === 'list' && shape.item.type === 'group' ? notsIn(part, inner, { ...look, scope: { ...look.scope, row: shape.item } }) : [];
  });
}

function isDayToCome(test: unknown): boolean {
  return isObject(test) && Object.keys(test).every((key) => key === 'onOrBefore' || key === 'onOrAfter' || key === 'olderThan');
}

function isSure(path: string, { scope, isThere }: Look): boolean {
  const [head = '', ...rest] = path.split('.');
  if (scope.row?.names.includes(head) === true) return isSureIn(scope.row, [head, ...rest]);
  const shared = scope.shared(head);
  if (shared === undefined || shared === 'skip') return true;
  if (typeof shared === 'string' || head === 'now') return true;
  return isThere(head) && isSureIn(shared, rest);
}

function isSureIn(shape: Shape | undefined, [name, ...rest]: string[]): boolean {
  if (name === undefined) return true;
  return shape?.type === 'group' && shape.isSure(name) && isSureIn(shape.shapeOf(name), rest);
}
