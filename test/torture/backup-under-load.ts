import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backup } from '../../src/jobs/backup.ts';
import { tryRestore } from '../../src/jobs/restore.ts';
import { readKeyFile } from '../../src/trust/key-file.ts';
import { openTortureBoard } from './open-board.ts';
import { linesOf, startWriter } from './processes.ts';
import { type Verdict, verdict } from './verdict.ts';

/** R14: backups while another process writes: each opens, holds its own counts and anchor, and every case in it is whole. */
export async function backupUnderLoad({ cycles, seed }: { cycles: number; seed: number }): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'stappenplan-backup-'));
  const board = await openTortureBoard(folder);
  const keyFile = join(folder, 'keys', 'main.key');
  const key = readKeyFile(keyFile, { holdsData: true, random: randomBytes });
  const writer = startWriter([folder, 'load', '4']);
  let written = 0;
  const lines = linesOf(writer);
  while (written === 0 && (await lines.next()).value !== undefined) written = 1;
  const reading = (async () => { for await (const line of lines) written += 'key' in line ? 1 : 0; })();
  const counts = { good: 0, rows: 0 };
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const file = join(folder, `${String(cycle)}.backup`);
    const made = new Date().toISOString();
    await backup({ database: board.database, key, file, made, random: randomBytes });
    const { manifest, verified } = await tryRestore({ file, key, keyFile, now: made, random: randomBytes });
    if (verified.findings.length === 0 && verified.anchor === manifest.anchor) counts.good += 1;
    counts.rows = Object.values(manifest.counts).reduce((sum, count) => sum + count, 0);
    rmSync(file);
  }
  writer.kill('SIGKILL');
  await reading;
  await board.close();
  rmSync(folder, { recursive: true, force: true });
  return verdict('R14 backup under load', counts.good === cycles && written > 0, { seed, cycles, ...counts, written });
}
