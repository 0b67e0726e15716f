import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verify } from '../../src/cases/verify.ts';
import { firstReader, openTortureBoard } from './open-board.ts';
import { makeDice, type Verdict, verdict } from './verdict.ts';
import { linesOf, startWriter } from './processes.ts';

type Acknowledged = { key: string; number: string };

/** A database grows with every cycle; a new one keeps a long run fast. */
const cyclesPerFolder = 60;

/**
 * R1: six clients of one process write until it is killed with SIGKILL, at any moment; then everything that was acknowledged is there
 * and whole, what was not is whole or absent, and the database, its chains and its cases hold.
 */
export async function kill9({ cycles, seed }: { cycles: number; seed: number }): Promise<Verdict> {
  const dice = makeDice(seed);
  const total = { acknowledged: 0, lost: 0, broken: 0, slowestMs: 0 };
  for (let left = cycles; left > 0; left -= cyclesPerFolder) {
    const folder = mkdtempSync(join(tmpdir(), 'stappenplan-kill9-'));
    const acknowledged: Acknowledged[] = [];
    for (let cycle = 0; cycle < Math.min(left, cyclesPerFolder); cycle += 1) {
      acknowledged.push(...await oneLife(folder, `${String(left)}.${String(cycle)}`, { promises: dice(4) === 0 ? 0 : 1 + dice(24), afterMs: dice(30) }));
      const { broken, restartMs } = await afterwards(folder);
      total.broken += broken;
      total.slowestMs = Math.max(total.slowestMs, restartMs);
    }
    total.acknowledged += acknowledged.length;
    total.lost += await lostOf(folder, acknowledged);
    rmSync(folder, { recursive: true, force: true });
  }
  return verdict('R1 kill -9', total.lost === 0 && total.broken === 0 && total.acknowledged > cycles, { seed, cycles, ...total });
}

/** Kills the writer so long after so many promises, or after it began. What it had said by then was promised. */
async function oneLife(folder: string, name: string, { promises, afterMs }: { promises: number; afterMs: number }): Promise<Acknowledged[]> {
  const child = startWriter([folder, name, '6']);
  const said: Acknowledged[] = [];
  for await (const line of linesOf(child)) {
    if (!('ready' in line)) said.push(line as Acknowledged);
    if (said.length === promises) setTimeout(() => { child.kill('SIGKILL'); }, afterMs);
  }
  return said;
}

async function afterwards(folder: string): Promise<{ broken: number; restartMs: number }> {
  const began = Date.now();
  const board = await openTortureBoard(folder);
  const restartMs = Date.now() - began;
  const { findings } = await verify(board.database, board.keys);
  const [check] = await board.database.read.raw<{ integrity_check: string }[]>('PRAGMA integrity_check');
  await board.close();
  return { broken: findings.length + (check?.integrity_check === 'ok' ? 0 : 1), restartMs };
}

/** A promise is kept when its key is known, its case holds the text, and its log tells of it. */
async function lostOf(folder: string, acknowledged: Acknowledged[]): Promise<number> {
  const board = await openTortureBoard(folder);
  const reader = firstReader(board);
  let lost = 0;
  const texts = new Map<string, Set<unknown>>();
  for (const { number } of acknowledged) {
    if (texts.has(number)) continue;
    const open = await board.cases.open(reader, number, 'view');
    texts.set(number, new Set(open?.stored.state.records.map(({ answers }) => answers['tekst'])));
  }
  for (const { key, number } of acknowledged) {
    if (texts.get(number)?.has(key) !== true || await board.cases.answerOf(reader, key) !== number) lost += 1;
  }
  await board.close();
  return lost;
}
