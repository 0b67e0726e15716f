import type { Content } from '../definitions/content.ts';
import { bundleText } from '../definitions/make-bundle.ts';
import { nearest } from '../definitions/nearest.ts';
import type { Moment } from '../engine/state/case-state.ts';
import { noChoices } from '../engine/state/move-choices.ts';
import { StartProblem } from '../errors.ts';
import type { Translate } from '../texts.ts';
import type { BundleStore } from './stores/bundle-store.ts';
import type { Moves } from './move-cases.ts';
import { type RouteVersions, routeVersions, unpublished, versionName } from './version-list.ts';

export type PublishParts = { store: BundleStore; moves: Pick<Moves, 'moveAll'>; t: Translate };

/**
 * Publishes one route, or with null every route whose file is sound: new cases take it from then on. Gives what happened as
 * sentences, with how many running cases stay on another version and how many of those could not simply move.
 * Throws a StartProblem for a route that has no file or an error, and then publishes nothing.
 */
export async function publishRoutes({ store, moves, t }: PublishParts, content: Content, { id, now }: { id: string | null; now: Moment }): Promise<string[]> {
  const routes = await routeVersions(store, content);
  if (id !== null) refuse(routes, id, t);
  const chosen = routes.filter((route) => route.hasFile && (id === null || route.id === id));
  const lines: string[] = [];
  for (const route of chosen) {
    const bundle = content.workflows.find(({ workflow }) => workflow.id === route.id);
    const isNew = unpublished([route]).length > 0;
    if (bundle !== undefined && isNew) await store.publish({ workflow: route.id, hash: bundle.hash, text: bundleText(bundle), at: now });
    lines.push(route.file === null ? t('routes.skipped', { id: route.id }) : t(isNew ? 'routes.done' : 'routes.same', { id: route.id, version: versionName(route.file) }));
    if (isNew && hasOtherContent(route)) lines.push(t('routes.sameVersion', { id: route.id, version: route.file?.version ?? '' }));
    const n = route.running.filter(({ hash }) => hash !== bundle?.hash).reduce((sum, { cases }) => sum + cases, 0);
    if (bundle === undefined || n === 0) continue;
    lines.push(t('routes.stay', { id: route.id, n }));
    const broken = (await moves.moveAll(route.id, bundle.hash, noChoices, false)).filter(({ outcome }) => outcome.type === 'asks' || outcome.type === 'stays').length;
    if (broken > 0) lines.push(t('routes.breaks', { id: route.id, n: broken }));
  }
  return lines;
}

/** Does a version that people work with carry the same number, while it says something else? */
function hasOtherContent({ file, published, running }: RouteVersions): boolean {
  return [...(published === null ? [] : [published]), ...running].some(({ version, hash }) => version === file?.version && hash !== file.hash);
}

function refuse(routes: RouteVersions[], id: string, t: Translate): void {
  const found = routes.find((route) => route.id === id && route.hasFile);
  if (found?.file === null) throw new StartProblem('routes.faulty', { id });
  if (found !== undefined) return;
  const near = nearest(id, routes.filter(({ hasFile }) => hasFile).map((route) => route.id));
  throw new StartProblem('routes.unknown', { id, proposal: near === null ? '' : t('routes.proposal', { id: near }) });
}
