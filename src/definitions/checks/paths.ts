import { finding, type Finding, type Path } from '../problem.ts';
import { explainLost, resolve, type Scope } from './scope.ts';

/** Checks the {paths} in a text. */
export function checkTextPaths(text: string, at: Path, scope: Scope): Finding[] {
  return [...text.matchAll(/\{([^{}]*)\}/g)].flatMap(([, path = '']) => checkPathIn(path.trim(), at, scope));
}

/** Checks a path that is a value in the file; it may pass through lists. `date`: the answer must be a date. */
export function checkPathIn(path: string, at: Path, scope: Scope, kind: 'any' | 'date' = 'any'): Finding[] {
  const found = resolve(path, scope, true);
  if (found.type !== 'found') return explainLost(found, at, path, 'value');
  if (kind === 'date') return found.shape.type === 'scalar' && found.shape.base === 'date' ? [] : [finding('noDateField', at, { path })];
  const shape = found.shape.type === 'list' ? found.shape.item : found.shape;
  return shape.type === 'group' ? [finding('groupAsText', at, { path })] : [];
}
