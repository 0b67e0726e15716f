// npm run torture -- NAME [--cycles N] [--seed N] [--on sqlite|postgres]: tries what may never happen, for as long as you want; without NAME says which there are.
import { parseArgs } from 'node:util';
import { startPostgres } from '../fixtures/postgres.ts';
import { access } from './access.ts';
import { backupUnderLoad } from './backup-under-load.ts';
import { busy } from './busy.ts';
import { clock } from './clock.ts';
import { commands } from './commands.ts';
import { connections } from './connections.ts';
import { fsync, power } from './fsync.ts';
import { fuzz } from './fuzz.ts';
import { fullDisk } from './full-disk.ts';
import { huge } from './huge.ts';
import { kill9 } from './kill9.ts';
import { powerCut } from './power-cut.ts';
import { restartUnderLoad } from './restart.ts';
import { mutants } from './mutants.ts';
import { rotate } from './rotate.ts';
import { templates } from './templates.ts';
import { doubleClick, sameTask } from './two-people.ts';
import { tamper } from './tamper.ts';
import type { Verdict, Where } from './verdict.ts';

type Options = Where & { cycles: number };

/** `on`: the databases it is for; both when that says nothing. */
const recipes: { [name: string]: { usual: number; on?: string; run: (options: Options) => Promise<Verdict> } } = {
  kill9: { usual: 60, run: kill9 },
  rotate: { usual: 200, run: rotate },
  busy: { usual: 200, run: busy },
  'same-task': { usual: 500, run: sameTask },
  double: { usual: 100, run: doubleClick },
  'full-disk': { usual: 20, on: 'sqlite', run: fullDisk },
  huge: { usual: 20, on: 'sqlite', run: huge },
  fuzz: { usual: 100, run: fuzz },
  commands: { usual: 10_000, run: commands },
  mutants: { usual: 2_000, on: 'sqlite', run: mutants },
  clock: { usual: 4, run: clock },
  templates: { usual: 20, on: 'sqlite', run: templates },
  power: { usual: 200, on: 'sqlite', run: power },
  'power-cut': { usual: 1_000, on: 'sqlite', run: powerCut },
  connections: { usual: 20, on: 'sqlite', run: connections },
  fsync: { usual: 50, on: 'sqlite', run: fsync },
  restart: { usual: 5, on: 'sqlite', run: restartUnderLoad },
  tamper: { usual: 60, run: tamper },
  backup: { usual: 50, on: 'sqlite', run: backupUnderLoad },
  access: { usual: 200, run: access }
};

const { values, positionals: [name = ''] } = parseArgs({ args: process.argv.slice(2), allowPositionals: true, options: { cycles: { type: 'string' }, seed: { type: 'string' }, on: { type: 'string' } } });
const recipe = recipes[name];
if (recipe === undefined) {
  process.stdout.write(`npm run torture -- ${Object.keys(recipes).join('|')} [--cycles N] [--seed N] [--on sqlite|postgres]\n`);
  process.exitCode = 1;
} else {
  const options = { cycles: Number(values.cycles ?? recipe.usual), seed: Number(values.seed ?? Date.now() % 1_000_000) };
  const on = recipe.on ?? values.on;
  if (on !== 'postgres') say(await recipe.run({ ...options, newDatabase: null }));
  if (on !== 'sqlite') await onPostgres(async (newDatabase) => { say(await recipe.run({ ...options, newDatabase })); });
}

function say({ ok, line }: Verdict): void {
  process.stdout.write(`${line}\n`);
  if (!ok) process.exitCode = 1;
}

/** On a PostgreSQL server of its own. */
async function onPostgres(run: (newDatabase: () => Promise<string>) => Promise<void>): Promise<void> {
  const server = await startPostgres();
  try {
    await run(() => server.newDatabase());
  } finally {
    await server.stop();
  }
}
