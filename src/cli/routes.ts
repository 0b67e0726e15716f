// npm run routes: which version of each route is published, which one stands in the file, how many cases run on which.
// npm run routes -- publish [ROUTE]: publishes what stands in the files.
// npm run routes -- move ROUTE [--to VERSION] [--plan FILE] [--dry-run] [--undo]: moves running cases to the published or another version.
// The server may go on working.
import { readRouteArguments } from './route-arguments.ts';
import { runCommand, withDatabase } from './run-command.ts';
import { runRoutes } from './run-routes.ts';

await runCommand(async (parts) => {
  const chosen = readRouteArguments(process.argv.slice(2), parts.t('routes.usage'));
  return withDatabase(parts, (database, keys) => runRoutes(chosen, { ...parts, database, keys }));
});
