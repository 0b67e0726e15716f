import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verify } from '../../src/cases/verify.ts';
import { firstReader, openTortureBoard, startOne } from './open-board.ts';
import { linesOf, startWriter } from './processes.ts';
import { type Verdict, verdict, type Where } from './verdict.ts';

/**
 * R5: four processes write to one case, each reading it first and trying again when it was changed, while a fifth now and then holds
 * the database for a while: nothing is lost or counted twice. `cycles`: how often each writes.
 */
export async function busy({ cycles, seed, newDatabase }: Where & { cycles: number }): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'stappenplan-busy-'));
  const databaseUrl = await newDatabase?.() ?? null;
  const board = await openTortureBoard(folder, databaseUrl);
  try {
    const number = await startOne(board, firstReader(board), 'first', 'first');
    const said = await Promise.all([1, 2, 3, 4].map(async (process) => {
      let acknowledged = 0;
      for await (const line of linesOf(startWriter([folder, `p${String(process)}`, '1', String(cycles), number], databaseUrl))) acknowledged += 'key' in line ? 1 : 0;
      return acknowledged;
    }));
    const acknowledged = said.reduce((sum, count) => sum + count, 0);
    const stored = (await board.cases.open(firstReader(board), number, 'view'))?.stored;
    const findings = (await verify(board.database, board.keys)).findings.length;
    const ok = acknowledged === 4 * cycles && stored?.state.records.length === 4 * cycles + 1 && stored.revision === 4 * cycles + 1 && findings === 0;
    return verdict(`R5 four processes, one case, ${board.database.kind}`, ok, { seed, acknowledged, stored: (stored?.state.records.length ?? 0) - 1, findings });
  } finally {
    await board.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
