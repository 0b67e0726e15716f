import { finding, type Finding, pointerOf } from '../problem.ts';

/** What is told of a file, and which of its scenarios (by id) or cases (by place) are left out. */
export type WithRemoved = { findings: Finding[]; leftOut: ReadonlySet<string | number> };

/**
 * A practice school or scenario was written for the route as it was delivered. What it names and an overlay took away is told once for
 * each scenario or case, as a warning, and that one is left out. `delivered` gives what would be told without the overlays; it is asked only where there is one.
 */
export function withRemoved(found: Finding[], delivered: () => Finding[], overlay: string | null): WithRemoved {
  if (overlay === null) return { findings: found, leftOut: new Set() };
  const key = ({ code, path }: Finding): string => `${code} ${pointerOf(path)}`;
  const known = new Set(delivered().map(key));
  const isRemoved = (one: Finding): boolean => !known.has(key(one)) && one.path.length > 1 && (one.path[0] === 'scenarios' || one.path[0] === 'cases');
  const removed = found.filter(isRemoved);
  const leftOut = new Set(removed.flatMap(({ path }) => path.slice(1, 2)));
  const told = [...leftOut].map((part) => {
    const names = removed.filter(({ path }) => path[1] === part).map(({ params, path }) => String(params['name'] ?? path.at(-1)));
    return finding('removedByOverlay', [removed[0]?.path[0] ?? '', part], { names: [...new Set(names)].join(', '), overlay }, { at: typeof part === 'string' ? 'key' : 'value', severity: 'warning' });
  });
  return { findings: [...found.filter((one) => !isRemoved(one)), ...told], leftOut };
}
