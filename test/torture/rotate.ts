import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verify } from '../../src/cases/verify.ts';
import { projectRoot } from '../../src/config.ts';
import { nextKeyFile } from '../../src/trust/key-file.ts';
import { firstReader, openTortureBoard, startOne } from './open-board.ts';
import { makeDice, type Verdict, verdict, type Where } from './verdict.ts';

const cases = 25;

/** Killing the exchange of the main key, at any moment, loses nothing: run again it goes on, and in the end every case opens with the key that is there. */
export async function rotate({ cycles, seed, newDatabase }: Where & { cycles: number }): Promise<Verdict> {
  const dice = makeDice(seed);
  const folder = mkdtempSync(join(tmpdir(), 'stappenplan-keys-'));
  const databaseUrl = await newDatabase?.() ?? null;
  const board = await openTortureBoard(folder, databaseUrl);
  for (let one = 0; one < cases; one += 1) await startOne(board, firstReader(board), `k${String(one)}`, `tekst ${String(one)}`);
  await board.close();
  const total = { killed: 0, halfway: 0, exchanged: 0, broken: 0 };
  // The shortest that one exchange took here, at first the one that nobody kills: on a busy machine one may take far longer.
  let { workMs: shortestMs } = await ended(startRotator(folder, databaseUrl), null);
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const { isDone, workMs } = await ended(startRotator(folder, databaseUrl), dice(shortestMs));
    if (isDone) shortestMs = Math.min(shortestMs, workMs);
    total.killed += isDone ? 0 : 1;
    total.exchanged += isDone ? 1 : 0;
    if (existsSync(nextKeyFile(join(folder, 'keys', 'main.key')))) total.halfway += 1;
    // Looking now and then; in between it is killed again where it stopped.
    if (dice(4) === 0 || cycle === cycles - 1) total.broken += await brokenAfter(folder, databaseUrl);
  }
  rmSync(folder, { recursive: true, force: true });
  return verdict(`key rotation killed, ${newDatabase === null ? 'sqlite' : 'postgres'}`, total.broken === 0 && total.halfway > 0, { seed, cycles, cases, ...total });
}

/** Finishes an exchange that was stopped, if any, and counts what does not open or hold. */
async function brokenAfter(folder: string, databaseUrl: string | null): Promise<number> {
  if (existsSync(nextKeyFile(join(folder, 'keys', 'main.key')))) await ended(startRotator(folder, databaseUrl), null);
  const board = await openTortureBoard(folder, databaseUrl);
  const { findings, cases: counted } = await verify(board.database, board.keys);
  await board.close();
  return findings.length + Math.abs(cases - counted);
}

function startRotator(folder: string, databaseUrl: string | null): ChildProcess {
  return spawn(process.execPath, [join(projectRoot, 'dist', 'test', 'torture', 'rotator.js'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env['PATH'], ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }) }
  });
}

/** Waits for the end; kills it so long after it began its work. `isDone`: it said so; `workMs`: how long it worked. */
async function ended(child: ChildProcess, killAfterMs: number | null): Promise<{ isDone: boolean; workMs: number }> {
  let said = '';
  let began = Date.now();
  child.stdout?.on('data', (chunk: Buffer) => {
    if (said === '') {
      began = Date.now();
      if (killAfterMs !== null) setTimeout(() => { child.kill('SIGKILL'); }, killAfterMs);
    }
    said += String(chunk);
  });
  await new Promise((resolve) => { child.on('close', resolve); });
  return { isDone: said.includes('done'), workMs: Date.now() - began };
}
