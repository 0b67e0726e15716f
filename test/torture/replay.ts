import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { databaseFile } from '../../src/database/database.ts';
import { type DiskEvent, type Files, losses, makeDisk } from './disk.ts';
import { openTortureBoard } from './open-board.ts';
import { brokenIn, type Client, lostOf } from './promises.ts';
import { startServer } from './server.ts';
import { type Verdict, verdict } from './verdict.ts';

/** What was done to the data and keys of `folder` while clients sent, from what it held at first to what it held at last. */
export type Recording = { folder: string; before: Files; events: DiskEvent[]; after: Files; clients: Client[]; remove: () => void };

export type Dice = (below: number) => number;

/** Of so many states one is opened by a whole server as well. */
const statesPerServer = 25;

export type Counts = ReturnType<typeof noneYet>;

/** Nothing counted. `unsynced`: states that lack some of what had been written. `unrecorded`: recordings that do not end in what was on the disk. */
export function noneYet() {
  return { states: 0, unsynced: 0, servers: 0, promised: 0, writes: 0, syncs: 0, checkpoints: 0, lost: 0, broken: 0, unrecorded: 0 };
}

export function told(name: string, seed: number, total: Counts): Verdict {
  const ok = total.lost + total.broken + total.unrecorded === 0 && total.unsynced > 0 && total.promised > 0 && total.checkpoints > 0;
  return verdict(name, ok, { seed, ...total });
}

/** Makes states of a recording and looks at each. */
export async function replay({ folder, before, events, after, clients }: Recording, states: number, dice: Dice, total: Counts): Promise<void> {
  const promises = events.flatMap(({ type }, place) => type === 'promised' ? [place] : []);
  const syncs = events.flatMap(({ type }, place) => type === 'synced' ? [place] : []);
  // Half of them just after a promise, or else a sync, when all it needs has to be on the disk; half just after a write, when there is something to lose.
  const writes = events.flatMap(({ type }, place) => type === 'write' ? [place] : []);
  const moments = Array.from({ length: states }, (_, nth) => any(nth % 2 === 1 ? writes : promises.length > 0 ? promises : syncs, dice)).sort((one, other) => one - other);
  total.promised += promises.length;
  total.writes += writes.length;
  total.syncs += syncs.length;
  total.checkpoints += events.filter((event) => event.type === 'synced' && event.file === databaseFile('data')).length;
  const disk = makeDisk(before);
  let at = 0;
  const goTo = (end: number): void => {
    for (const [index, event] of events.slice(at, end).entries()) disk.apply(event, at + index);
    at = end;
  };
  for (const moment of moments) {
    goTo(moment + 1);
    const left = disk.afterCut(any(losses, dice), dice);
    total.states += 1;
    total.unsynced += isSame(left, disk.asSeen()) ? 0 : 1;
    await lookAt(folder, left, clientsAt(clients, events.slice(0, at)), total);
  }
  goTo(events.length);
  total.unrecorded += isSame(disk.asSeen(), after) ? 0 : 1;
}

function any<One>(list: readonly One[], dice: Dice): One {
  const one = list[dice(list.length)];
  if (one === undefined) throw new Error('Nothing was recorded.');
  return one;
}

/** What each had sent by then, at most: what was promised, and one more of which nobody knew. */
function clientsAt(clients: Client[], events: DiskEvent[]): Client[] {
  return clients.flatMap(({ person, number, sent }) => {
    const promised = events.filter((event) => event.type === 'promised' && event.number === number).length;
    return promised === 0 ? [] : [{ person, number, sent: sent.slice(0, promised + 1).map((one, index) => ({ ...one, isPromised: index < promised })) }];
  });
}

async function lookAt(from: string, files: Files, clients: Client[], total: Counts): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'stappenplan-cut-'));
  for (const name of readdirSync(from)) if (!folders.includes(name)) cpSync(join(from, name), join(folder, name), { recursive: true });
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes, { mode: 0o600 });
  }
  try {
    if (total.states % statesPerServer === 0) {
      const server = await startServer(folder);
      total.servers += 1;
      total.broken += (await fetch(`${server.address}/readyz`)).status === 200 ? 0 : 1;
      server.child.kill('SIGKILL');
      await server.ended;
    }
    const board = await openTortureBoard(folder);
    try {
      total.broken += await brokenIn(board);
      total.lost += await lostOf(board, clients);
    } finally {
      await board.close();
    }
  } catch {
    total.broken += 1;
  }
  rmSync(folder, { recursive: true, force: true });
}

/** Where a server keeps what must last. */
const folders = ['data', 'keys'];

/** The files of a server; not the index that SQLite makes anew each time. */
export function filesIn(folder: string): Files {
  return new Map(folders.flatMap((name) => (existsSync(join(folder, name)) ? readdirSync(join(folder, name)) : []).filter((file) => !file.endsWith('-shm')).map((file) => `${name}/${file}`)).map((file) => [file, readFileSync(join(folder, file))]));
}

function isSame(one: Files, other: Files): boolean {
  return one.size === other.size && [...one].every(([name, bytes]) => other.get(name)?.equals(bytes) === true);
}
