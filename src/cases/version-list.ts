import type { Bundle } from '../definitions/bundle.ts';
import type { Content } from '../definitions/content.ts';
import { bundleFromText } from '../definitions/make-bundle.ts';
import { StartProblem } from '../errors.ts';
import type { BundleStore } from './stores/bundle-store.ts';

/** One version of a route: what stands in the file for people, and the hash that cases are pinned to. */
export type Version = { version: string; hash: string };

/** A route as its versions stand. `file` null: there is none, or it has an error. Restricted cases are not counted. */
export type RouteVersions = {
  id: string;
  title: string;
  published: Version | null;
  file: Version | null;
  /** Is there a file at all? */
  hasFile: boolean;
  /** Oldest version first. */
  running: (Version & { cases: number })[];
};

/** Gives every route there is a file for or that was ever published, the published ones first. */
export async function routeVersions(store: BundleStore, { workflows, names }: Pick<Content, 'workflows' | 'names'>): Promise<RouteVersions[]> {
  const [latest, running] = [await store.latest(), await store.running()];
  const bundles = new Map<string, Bundle>();
  for (const hash of new Set([...latest, ...running].map((one) => one.hash))) bundles.set(hash, await bundleOf(store, hash));
  const versionOf = (hash: string): Version => ({ hash, version: bundles.get(hash)?.workflow.version ?? '' });
  return [...new Set([...latest.map(({ workflow }) => workflow), ...names])].map((id) => {
    const live = latest.find(({ workflow }) => workflow === id);
    const file = workflows.find(({ workflow }) => workflow.id === id);
    return {
      id, title: file?.workflow.title ?? bundles.get(live?.hash ?? '')?.workflow.title ?? id,
      published: live === undefined ? null : versionOf(live.hash),
      file: file === undefined ? null : asVersion(file),
      hasFile: names.includes(id),
      running: running.filter(({ workflow }) => workflow === id).map(({ hash, cases }) => ({ ...versionOf(hash), cases }))
    };
  });
}

/** Gives the routes whose file is sound and is not what is published. */
export function unpublished(routes: RouteVersions[]): RouteVersions[] {
  return routes.filter(({ file, published }) => file !== null && file.hash !== published?.hash);
}

/** Reads a bundle that was kept; throws when it was not. */
async function bundleOf(store: BundleStore, hash: string): Promise<Bundle> {
  const text = await store.find(hash);
  if (text === null) throw new Error(`No bundle ${hash}.`);
  return bundleFromText(text);
}

/** Names a version for people: its number and the first letters of its hash, since two versions may carry one number. */
export function versionName({ version, hash }: Version): string {
  return `${version} (${hash.slice(0, 8)})`;
}

/**
 * Finds a version that was kept. `word`: the id of a route, for the version that is published, or ROUTE@ with behind it the number for
 * people or the beginning of its hash. Throws a StartProblem that says which there are.
 */
export async function findVersion(store: BundleStore, word: string): Promise<Bundle> {
  const [id = '', version] = word.split('@');
  const live = (await store.latest()).find(({ workflow }) => workflow === id);
  if (live === undefined) throw new StartProblem('versions.noRoute', { word });
  if (version === undefined) return bundleOf(store, live.hash);
  const kept = await Promise.all((await store.versions(id)).map((hash) => bundleOf(store, hash)));
  const found = kept.filter((bundle) => bundle.workflow.version === version || (/^[0-9a-f]{4,}$/.test(version) && bundle.hash.startsWith(version)));
  const named = (bundles: Bundle[]): string => bundles.map((bundle) => versionName(asVersion(bundle))).join(', ');
  const [first] = found;
  if (first === undefined) throw new StartProblem('versions.notFound', { word, known: named(kept) });
  if (found.length > 1) throw new StartProblem('versions.several', { word, known: named(found) });
  return first;
}

/** What people read of a bundle. */
export function asVersion({ workflow, hash }: Bundle): Version {
  return { version: workflow.version, hash };
}
