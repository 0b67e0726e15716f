import { isObject } from '../json-values.ts';
import { notYetInWorkflows, workflowPlaces, type NotYetBuilt } from '../not-yet-built.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import type { WorkflowDefinition } from '../workflow.types.ts';

/** Refuses by name every keyword in a workflow that the program does not do yet. */
export function checkNotYetBuilt(workflow: WorkflowDefinition): Finding[] {
  return notYetInWorkflows.flatMap((row) =>
    workflowPlaces[row.in].flatMap((place) => matching(workflow, place)).flatMap(({ path, value }) => refuse(row, value, path)));
}

/** Refuses one keyword in one object; empty when it is absent, or has a value that is built. */
export function refuse({ keyword, only }: NotYetBuilt<unknown>, object: object, path: Path): Finding[] {
  if (!Object.hasOwn(object, keyword)) return [];
  const value = (object as { [keyword: string]: unknown })[keyword];
  if (only === undefined) return [finding('later', [...path, keyword], { key: keyword }, { at: 'key' })];
  return only(value) ? [finding('laterValue', [...path, keyword], { key: keyword, found: typeof value === 'string' ? value : Array.isArray(value) ? '[...]' : '{...}' })] : [];
}

/** Gives every object in a file at a place such as steps, *, tasks, *. */
function matching(root: unknown, place: readonly (string | number)[]): { path: Path; value: object }[] {
  let found: { path: Path; value: unknown }[] = [{ path: [], value: root }];
  for (const part of place) {
    found = found.flatMap(({ path, value }) => (isObject(value) ? childrenOf(value, part) : []).map(([key, child]) => ({ path: [...path, key], value: child })));
  }
  return found.flatMap(({ path, value }) => (isObject(value) ? [{ path, value }] : []));
}

function childrenOf(value: { [key: string]: unknown }, part: string | number): [string, unknown][] {
  return Object.entries(value).filter(([key]) => part === '*' || key === part);
}
