import type { NotYetBuilt } from '../not-yet-built.ts';
import { finding, type Finding, type Path } from '../problem.ts';

/** Refuses one keyword in one object; empty when it is absent, or has a value that is built. */
export function refuse({ keyword, only }: NotYetBuilt<unknown>, object: object, path: Path): Finding[] {
  if (!Object.hasOwn(object, keyword)) return [];
  const value = (object as { [keyword: string]: unknown })[keyword];
  if (only === undefined) return [finding('later', [...path, keyword], { key: keyword }, { at: 'key' })];
  return only(value) ? [finding('laterValue', [...path, keyword], { key: keyword, found: typeof value === 'string' ? value : Array.isArray(value) ? '[...]' : '{...}' })] : [];
}
