import { publishRoutes } from '../cases/publish-routes.ts';
import { type RouteVersions, routeVersions, versionName } from '../cases/version-list.ts';
import type { Database } from '../database/database.ts';
import { loadContent } from '../documents/load-content.ts';
import type { Translate } from '../texts.ts';
import type { Keys } from '../trust/key-store.ts';
import { moveRoute } from './move-route.ts';
import { openRoutes } from './open-routes.ts';
import type { RouteArguments } from './route-arguments.ts';
import type { CommandParts } from './run-command.ts';

/** Lists, publishes or moves on an open database; false when something waits for a choice. Throws a StartProblem for what cannot be done. */
export async function runRoutes(chosen: RouteArguments, { config, t, say, now, database, keys }: CommandParts & { database: Database; keys: Keys }): Promise<boolean> {
  const routes = openRoutes({ database, keys, t, now });
  if (chosen.act === 'move') return moveRoute(routes, chosen, { t, say });
  const content = loadContent(config.contentDir, t);
  const lines = chosen.act === 'publish' ? await publishRoutes(routes, content, { id: chosen.id, now: now() }) : listed(await routeVersions(routes.store, content), t);
  for (const line of lines.length === 0 ? [t('routes.none', { folder: config.contentDir })] : lines) say(line);
  return true;
}

function listed(routes: RouteVersions[], t: Translate): string[] {
  return routes.flatMap(({ id, title, published, file, hasFile, running }) => [
    t('routes.heading', { id, title }),
    published === null ? t('routes.notPublished') : t('routes.published', { version: versionName(published) }),
    file === null ? t(hasFile ? 'routes.file.faulty' : 'routes.file.gone') : t(file.hash === published?.hash ? 'routes.file.same' : 'routes.file.other', { version: versionName(file) }),
    t('routes.running', { cases: running.map((one) => t('routes.running.version', { cases: one.cases, version: versionName(one) })).join(', ') || t('routes.running.none') })
  ]);
}
