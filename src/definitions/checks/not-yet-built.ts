import type { NotYetBuilt } from '../not-yet-built.ts';
import { finding, type Finding, type Path } from '../problem.ts';

/** Refuses one keyword in one object; empty when it is absent. */
export function refuse({ keyword }: NotYetBuilt<unknown>, object: object, path: Path): Finding[] {
  return Object.hasOwn(object, keyword) ? [finding('later', [...path, keyword], { key: keyword }, { at: 'key' })] : [];
}
