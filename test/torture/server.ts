import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Reader } from '../../src/cases/cases.ts';
import { projectRoot } from '../../src/config.ts';
import { makeSessions } from '../../src/staff/sessions.ts';
import { openTortureBoard, startOne, type TortureBoard } from './open-board.ts';
import { writeSmallContent } from './small-content.ts';

/** Somebody who is signed in. */
export type Person = { reader: Reader; cookie: string; csrf: string };

/** A server as a school runs it. `ended` gives how it stopped: null when it was killed. */
export type RunningServer = { address: string; child: ChildProcess; startedMs: number; ended: Promise<number | null> };

/** A folder with a case and two people who are signed in. */
export type Prepared = {
  folder: string;
  databaseUrl: string | null;
  people: [Person, Person];
  number: string;
  start: () => Promise<RunningServer>;
  /** Opens the stores beside the server, for looking. */
  look: <Result>(work: (board: TortureBoard) => Promise<Result>) => Promise<Result>;
  /** Throws everything away. */
  remove: () => void;
};

/** Fills a folder; `start` runs the server on it, again after each time it ended. */
export async function prepareServer(databaseUrl: string | null = null): Promise<Prepared> {
  const folder = mkdtempSync(join(tmpdir(), 'stappenplan-server-'));
  writeSmallContent(folder);
  const look: Prepared['look'] = async (work) => {
    const board = await openTortureBoard(folder, databaseUrl);
    try {
      return await work(board);
    } finally {
      await board.close();
    }
  };
  return look(async (board) => {
    const [first, second] = board.readers;
    if (first === undefined || second === undefined) throw new Error('Two people work here.');
    return {
      folder, databaseUrl, look,
      number: await startOne(board, first, 'first', 'first'),
      people: [await signedIn(board, first), await signedIn(board, second)],
      start: () => startServer(folder, databaseUrl),
      remove: () => { rmSync(folder, { recursive: true, force: true }); }
    };
  });
}

/** Signs somebody in. */
export async function signedIn({ database, keys }: TortureBoard, reader: Reader, now = new Date().toISOString()): Promise<Person> {
  const sessions = makeSessions({ database, random: randomBytes, csrfKey: keys.csrf, today: () => now.slice(0, 10) });
  const { token } = await sessions.start(reader.id, now);
  return { reader, cookie: `stappenplan=${token}`, csrf: sessions.csrf(token) };
}

/** Starts a server on a folder, as built; with more in its environment, and `under` another program. */
export async function startServer(folder: string, databaseUrl: string | null = null, more: { [name: string]: string } = {}, under: string[] = []): Promise<RunningServer> {
  const began = Date.now();
  const [program = process.execPath, ...before] = under.length === 0 ? [] : [...under, process.execPath];
  const child = spawn(program, [...before, join(projectRoot, 'dist', 'src', 'main.js')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], DATA_DIR: join(folder, 'data'), KEY_FILE: join(folder, 'keys', 'main.key'), CONTENT_DIR: folder, PORT: '0', SECOND_FACTOR: '0', ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }), ...more }
  });
  const ended = new Promise<number | null>((resolve) => { child.once('exit', resolve); });
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /http:\/\/\S+/.exec(line)?.[0];
    if (address === undefined) continue;
    child.stdout.resume();
    return { address, child, startedMs: Date.now() - began, ended };
  }
  throw new Error('The server did not start.');
}
