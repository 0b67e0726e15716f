// npm run routes: which version of each route is published, which one stands in the file, how many cases run on which.
// npm run routes -- publish [ROUTE]: publishes what stands in the files; the server may go on working.
import { randomBytes } from 'node:crypto';
import { makeBundleStore } from '../cases/bundle-store.ts';
import { publishRoutes } from '../cases/publish-routes.ts';
import { type RouteVersions, routeVersions, versionName } from '../cases/version-list.ts';
import { loadContent } from '../documents/load-content.ts';
import { StartProblem } from '../errors.ts';
import type { Translate } from '../texts.ts';
import { uuid7 } from '../trust/ids.ts';
import { runCommand, withDatabase } from './run-command.ts';

await runCommand(async (parts) => {
  const { config, t, say, now } = parts;
  const [act, id = null, ...more] = process.argv.slice(2);
  const unknown = act !== undefined && act !== 'publish' ? act : more[0];
  if (unknown !== undefined) throw new StartProblem('upkeep.unknownArgument', { argument: unknown, usage: t('routes.usage') });
  const content = loadContent(config.contentDir, t);
  await withDatabase(parts, async (database) => {
    const store = makeBundleStore({ database, newId: () => uuid7(new Date(now()), randomBytes) });
    const lines = act === 'publish' ? await publishRoutes(store, content, { id, now: now(), t }) : listed(await routeVersions(store, content), t);
    for (const line of lines.length === 0 ? [t('routes.none', { folder: config.contentDir })] : lines) say(line);
  });
  return true;
});

function listed(routes: RouteVersions[], t: Translate): string[] {
  return routes.flatMap(({ id, title, published, file, hasFile, running }) => [
    t('routes.heading', { id, title }),
    published === null ? t('routes.notPublished') : t('routes.published', { version: versionName(published) }),
    file === null ? t(hasFile ? 'routes.file.faulty' : 'routes.file.gone') : t(file.hash === published?.hash ? 'routes.file.same' : 'routes.file.other', { version: versionName(file) }),
    t('routes.running', { cases: running.map((one) => t('routes.running.version', { cases: one.cases, version: versionName(one) })).join(', ') || t('routes.running.none') })
  ]);
}
