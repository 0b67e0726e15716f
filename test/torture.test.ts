import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { projectRoot } from '../src/config.ts';
import { startPostgres } from './fixtures/postgres.ts';
import { backupUnderLoad } from './torture/backup-under-load.ts';
import { busy } from './torture/busy.ts';
import { powerCutOfCopies } from './torture/disk-copies.ts';
import { fullDisk } from './torture/full-disk.ts';
import { huge } from './torture/huge.ts';
import { kill9 } from './torture/kill9.ts';
import { restartUnderLoad } from './torture/restart.ts';
import { mutants } from './torture/mutants.ts';
import { rotate } from './torture/rotate.ts';
import { doubleClick, sameTask } from './torture/two-people.ts';
import { tamper } from './torture/tamper.ts';
import type { Verdict } from './torture/verdict.ts';

// The short forms; "npm run torture" runs them as long as you want. They start the server as built.
t.setTimeout(600_000);
const seed = Date.now() % 1_000_000;

/** What a recipe says that runs as somebody would run it. */
async function asBuilt(...args: string[]): Promise<string> {
  const main = join(projectRoot, 'dist', 'test', 'torture', 'main.js');
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...args, '--seed', String(seed)]).catch((error: unknown) => ({ stdout: error instanceof Error && 'stdout' in error ? String(error.stdout) : '' }));
  return stdout;
}

function holds({ ok, line }: Verdict): void {
  t.ok(ok, line);
  t.comment(line);
}

t.test('what was acknowledged is there and whole after every kill -9', async () => { holds(await kill9({ cycles: 40, seed, newDatabase: null })); });
t.test('whatever a power cut leaves of what was not yet synced, what was acknowledged is there', async (t) => {
  holds(await powerCutOfCopies({ cycles: 24, seed }));
  t.match((await powerCutOfCopies({ cycles: 6, seed: 1, confirms: false })).line, /(?:lost|broken) [1-9]/, 'what a disk loses that confirms and does not write is found');
});
t.test('a backup made while others write is whole', async () => { holds(await backupUnderLoad({ cycles: 5, seed })); });
t.test('a server that is stopped under load loses nothing it answered', async () => { holds(await restartUnderLoad({ cycles: 1, seed })); });

t.test('the exchange of the main key may be killed at any moment', async () => { holds(await rotate({ cycles: 5, seed, newDatabase: null })); });

t.test('on a full disk everybody gets the typed text back, and goes on when there is room', async () => { holds(await fullDisk({ cycles: 3, seed })); });

t.test('what is huge or broken is refused at once, and others are served meanwhile', async () => { holds(await huge({ cycles: 2, seed })); });

t.test('whatever is done to the rows of a chain is found, and named', async () => { holds(await tamper({ cycles: 20, seed, rows: 2_000, newDatabase: null })); });

// As built: with the maps of a test every refusal costs four times as much.
t.test('who may not see a case gets, from every route, what they would get if there were none', async (t) => {
  const said = await asBuilt('access', '--cycles', '2');
  t.match(said, /^Access, sqlite: holds .*\nAccess, postgres: holds /);
  t.comment(said);
});

t.test('hostile text in every field, and what is nearly a request, break nothing and lose nothing', async (t) => {
  const said = await asBuilt('fuzz', '--cycles', '1', '--on', 'sqlite');
  t.match(said, /^R17 [^:]*: holds /);
  t.comment(said);
});

t.test('random acts, restarts and restores give what an oracle says that knows nothing of the program', async (t) => {
  const said = await asBuilt('commands', '--cycles', '6');
  t.match(said, /^R20 [^:]*, sqlite: holds .*\nR20 [^:]*, postgres: holds /);
  t.comment(said);
});

t.test('a definition with mistakes made at random never stops the check, and is refused with its place', async () => { holds(await mutants({ cycles: 40, seed })); });

t.test('on PostgreSQL', async (t) => {
  const server = await startPostgres();
  t.teardown(() => server.stop());
  await t.test('of several who do the same at one moment one does it, and the others are told', async () => {
    for (const newDatabase of [null, () => server.newDatabase()]) {
      holds(await sameTask({ cycles: newDatabase === null ? 500 : 100, seed, newDatabase }));
      holds(await busy({ cycles: 25, seed, newDatabase }));
      holds(await doubleClick({ cycles: 25, seed, newDatabase }));
    }
  });
});
