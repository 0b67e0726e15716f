import t from 'tap';
import { startPostgres } from './fixtures/postgres.ts';
import { backupUnderLoad } from './torture/backup-under-load.ts';
import { kill9 } from './torture/kill9.ts';
import { busy, doubleSubmit, sameTask } from './torture/races.ts';
import { restartUnderLoad } from './torture/restart.ts';
import type { Verdict } from './torture/verdict.ts';

// The short forms; "npm run torture" runs them as long as you want. They start the server as built.
t.setTimeout(600_000);
const seed = Date.now() % 1_000_000;

function holds({ ok, line }: Verdict): void {
  t.ok(ok, line);
  t.comment(line);
}

t.test('what was acknowledged is there and whole after every kill -9', async () => { holds(await kill9({ cycles: 60, seed })); });
t.test('a backup made while others write is whole', async () => { holds(await backupUnderLoad({ cycles: 5, seed })); });
t.test('a server that is stopped under load loses nothing it answered', async () => { holds(await restartUnderLoad({ cycles: 1, seed })); });

t.test('races', async (t) => {
  const server = await startPostgres();
  t.teardown(() => server.stop());
  for (const databaseUrl of [null, await server.newDatabase()]) {
    holds(await sameTask({ rounds: 500, seed, databaseUrl }));
    holds(await busy({ times: 25, seed, databaseUrl: databaseUrl === null ? null : await server.newDatabase() }));
    holds(await doubleSubmit({ rounds: 25, seed, databaseUrl: databaseUrl === null ? null : await server.newDatabase() }));
  }
});
