// npm run torture -- NAME [--cycles N] [--seed N]: tries what may never happen, for as long as you want; without NAME says which there are.
import { parseArgs } from 'node:util';
import { startPostgres } from '../fixtures/postgres.ts';
import { backupUnderLoad } from './backup-under-load.ts';
import { kill9 } from './kill9.ts';
import { busy, doubleSubmit, sameTask } from './races.ts';
import { restartUnderLoad } from './restart.ts';
import type { Verdict } from './verdict.ts';

type Options = { cycles: number; seed: number };

const recipes: { [name: string]: { usual: number; run: (options: Options) => Promise<Verdict[]> } } = {
  kill9: { usual: 60, run: async (options) => [await kill9(options)] },
  busy: { usual: 200, run: (options) => onBoth((databaseUrl) => busy({ times: options.cycles, seed: options.seed, databaseUrl })) },
  'same-task': { usual: 500, run: (options) => onBoth((databaseUrl) => sameTask({ rounds: options.cycles, seed: options.seed, databaseUrl })) },
  double: { usual: 100, run: (options) => onBoth((databaseUrl) => doubleSubmit({ rounds: options.cycles, seed: options.seed, databaseUrl })) },
  restart: { usual: 5, run: async (options) => [await restartUnderLoad(options)] },
  backup: { usual: 50, run: async (options) => [await backupUnderLoad(options)] }
};

const { values, positionals: [name = ''] } = parseArgs({ args: process.argv.slice(2), allowPositionals: true, options: { cycles: { type: 'string' }, seed: { type: 'string' } } });
const recipe = recipes[name];
if (recipe === undefined) {
  process.stdout.write(`npm run torture -- ${Object.keys(recipes).join('|')} [--cycles N] [--seed N]\n`);
  process.exitCode = 1;
} else {
  const verdicts = await recipe.run({ cycles: Number(values.cycles ?? recipe.usual), seed: Number(values.seed ?? Date.now() % 1_000_000) });
  for (const { ok, line } of verdicts) {
    process.stdout.write(`${line}\n`);
    if (!ok) process.exitCode = 1;
  }
}

/** One after the other, on SQLite and on a PostgreSQL server of its own. */
async function onBoth(run: (databaseUrl: string | null) => Promise<Verdict>): Promise<Verdict[]> {
  const sqlite = await run(null);
  const server = await startPostgres();
  try {
    return [sqlite, await run(await server.newDatabase())];
  } finally {
    await server.stop();
  }
}
