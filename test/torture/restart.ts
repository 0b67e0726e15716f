import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '../../src/config.ts';
import { verify } from '../../src/cases/verify.ts';
import { makeSessions } from '../../src/staff/sessions.ts';
import { firstReader, openTortureBoard, startOne } from './open-board.ts';
import { field, task, writeSmallContent } from './small-content.ts';
import { makeDice, type Verdict, verdict } from './verdict.ts';

/** A server as a school runs it, on a database that was filled before. */
export type RunningServer = { address: string; child: ChildProcess; cookie: string; csrf: string; number: string; folder: string };

/** Fills a folder with a person who is signed in and a case; `start` runs the server on it. */
export async function prepareServer(): Promise<{ folder: string; cookie: string; csrf: string; number: string; start: () => Promise<RunningServer> }> {
  const folder = mkdtempSync(join(tmpdir(), 'stappenplan-server-'));
  writeSmallContent(folder);
  const board = await openTortureBoard(folder);
  const reader = firstReader(board);
  const number = await startOne(board, reader, 'first', 'first');
  const sessions = makeSessions({ database: board.database, random: randomBytes, csrfKey: board.keys.csrf, today: () => new Date().toISOString().slice(0, 10) });
  const { token } = await sessions.start(reader.id, new Date().toISOString());
  await board.close();
  const signedIn = { cookie: `stappenplan=${token}`, csrf: sessions.csrf(token), number, folder };
  return { ...signedIn, start: async () => ({ ...signedIn, ...await startServer(folder) }) };
}

async function startServer(folder: string): Promise<{ address: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [join(projectRoot, 'dist', 'src', 'main.js')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], DATA_DIR: join(folder, 'data'), KEY_FILE: join(folder, 'keys', 'main.key'), CONTENT_DIR: folder, PORT: '0' }
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /http:\/\/\S+/.exec(line)?.[0];
    if (address === undefined) continue;
    child.stdout.resume();
    return { address, child };
  }
  throw new Error('The server did not start.');
}

/** Hands in one record over HTTP; the status, or null when the server was gone before it answered. */
export async function handIn({ address, cookie, csrf, number }: RunningServer, text: string): Promise<number | null> {
  const body = new URLSearchParams([[field, text], ['_csrf', csrf], ['_key', text]]).toString();
  return send(`${address}/cases/${number}/tasks/${task}`, cookie, body).catch(() => null);
}

function send(url: string, cookie: string, body: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const post = request(url, { method: 'POST', headers: { cookie, 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) } }, (response) => {
      response.resume();
      response.on('end', () => { resolve(response.statusCode ?? null); });
      response.on('error', reject);
    });
    post.on('error', reject);
    post.end(body);
  });
}

/** R8: the server is told to stop (SIGTERM) while 50 people hand in: whoever got an answer is stored, and the session goes on after. */
export async function restartUnderLoad({ cycles, seed }: { cycles: number; seed: number }): Promise<Verdict> {
  const dice = makeDice(seed);
  const { folder, number, start } = await prepareServer();
  const counts = { answered: 0, lost: 0, odd: 0, unclean: 0 };
  const promised: string[] = [];
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const server = await start();
    const stopAfter = promised.length + 10 + dice(60);
    const gone = new Promise<number | null>((resolve) => { server.child.once('exit', resolve); });
    const posts = Array.from({ length: 50 }, async (_, person) => {
      for (let count = 0; ; count += 1) {
        const text = `${String(cycle)}-${String(person)}-${String(count)}`;
        const status = await handIn(server, text);
        if (status !== 303) {
          if (status !== null && status !== 503) counts.odd += 1;
          return;
        }
        promised.push(text);
        if (promised.length === stopAfter) server.child.kill('SIGTERM');
      }
    });
    await Promise.all(posts);
    counts.unclean += await gone === 0 ? 0 : 1;
  }
  const board = await openTortureBoard(folder);
  const stored = new Set((await board.cases.open(firstReader(board), number, 'view'))?.stored.state.records.map(({ answers }) => answers['tekst']));
  counts.answered = promised.length;
  counts.lost = promised.filter((text) => !stored.has(text)).length;
  const findings = (await verify(board.database, board.keys)).findings.length;
  await board.close();
  rmSync(folder, { recursive: true, force: true });
  return verdict('R8 stop under load', counts.lost === 0 && counts.odd === 0 && counts.unclean === 0 && findings === 0 && counts.answered > 0, { seed, cycles, ...counts, findings });
}
