import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Finding, headsOf, verify } from '../../src/cases/verify.ts';
import { verifyAnchors } from '../../src/cases/verify-anchors.ts';
import { appendAnchor, readAnchors } from '../../src/jobs/anchor-file.ts';
import { type AccessLine, appendAccessLog, type ChainRow, type LogRow, valuesOf } from '../../src/trust/access-log-store.ts';
import { chainStart, nextLink } from '../../src/trust/chain.ts';
import { firstReader, openTortureBoard, startOne, type TortureBoard } from './open-board.ts';
import { makeDice, type Verdict, verdict, type Where } from './verdict.ts';

/** What somebody who can write the database might do. `anchored`: only what was kept elsewhere shows it. */
const tricks = {
  mutate: { anchored: false, of: (rows: LogRow[], at: number) => rows.map((row, index) => (index === at ? { ...row, person_id: 'somebody-else' } : row)) },
  delete: { anchored: false, of: (rows: LogRow[], at: number) => rows.filter((_, index) => index !== at) },
  // A forged row with a hash that follows from the row before it; what came after moves up.
  insert: { anchored: false, of: (rows: LogRow[], at: number) => renumbered([...rows.slice(0, at + 1), linkedTo(rows[at], { ...rowAt(rows, at), action: 'view' }), ...rows.slice(at + 1)]) },
  swap: { anchored: false, of: (rows: LogRow[], at: number) => renumbered(rows.map((row, index) => (index === at ? rowAt(rows, at + 1) : index === at + 1 ? rowAt(rows, at) : row))) },
  truncate: { anchored: false, of: (rows: LogRow[], at: number) => rows.slice(0, at + 1) },
  truncateWithHead: { anchored: true, of: (rows: LogRow[], at: number) => rows.slice(0, at + 1) },
  rewrite: { anchored: true, of: (rows: LogRow[], at: number) => relinked(rows.filter((_, index) => index !== at)) }
} as const;

/** Changes one chain of many in one way, looks whether it is found where it was done, and puts it back. */
export async function tamper({ cycles, seed, newDatabase, rows: wanted = 100_000 }: Where & { cycles: number; rows?: number }): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'stappenplan-tamper-'));
  const board = await openTortureBoard(folder, newDatabase === null ? null : await newDatabase());
  const dice = makeDice(seed);
  const file = join(folder, 'elsewhere', 'anchors');
  const chains = await fill(board, wanted, file);
  const total = await board.database.read('access_log').count<{ count: number | string }[]>('* as count');
  const counts = { found: 0, named: 0, ofAnchors: 0, slowestSeconds: 0 };
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const name = (Object.keys(tricks) as (keyof typeof tricks)[])[cycle % Object.keys(tricks).length] ?? 'mutate';
    const { anchored, of } = tricks[name];
    const chain = chains[dice(chains.length)] ?? '';
    const before = await board.database.read<LogRow>('access_log').where('chain', chain).orderBy('sequence');
    const at = dice(before.length - 2);
    const after = of(before, at);
    await replace(board, chain, after, anchored);
    const began = Date.now();
    const inside = (await verify(board.database, board.keys)).findings;
    const outside = await verifyAnchors(board.database, readAnchors(file).stated);
    counts.slowestSeconds = Math.max(counts.slowestSeconds, Math.round((Date.now() - began) / 100) / 10);
    // A row that is taken out shows in the next one, and one that is put in and follows from the row before it in the one after that.
    const isNamed = ({ table, sequence }: Finding): boolean => table === 'access_log' && sequence !== null && sequence >= at + 1 && (anchored || sequence <= at + 3);
    const findings = anchored ? outside : inside;
    counts.found += findings.length === 1 && (!anchored || inside.length === 0) ? 1 : 0;
    counts.named += findings.every(isNamed) ? 1 : 0;
    counts.ofAnchors += anchored ? 1 : 0;
    await replace(board, chain, before, true);
  }
  const left = (await verify(board.database, board.keys)).findings.length + (await verifyAnchors(board.database, readAnchors(file).stated)).length;
  const isOwnFound = anchorsNotice(file);
  await board.close();
  rmSync(folder, { recursive: true, force: true });
  const ok = counts.found === cycles && counts.named === cycles && left === 0 && isOwnFound;
  return verdict('tamper', ok, { seed, cycles, rows: Number(total[0]?.count ?? 0), ...counts, leftWrong: left, fileItself: isOwnFound ? 'noticed' : 'missed' });
}

/** Cases with lines in their chains, in batches as requests write them; some anchors on the way and one at the end. */
async function fill(board: TortureBoard, wanted: number, file: string): Promise<string[]> {
  const reader = firstReader(board);
  const numbers: string[] = [];
  for (let index = 0; index < 20; index += 1) numbers.push(await startOne(board, reader, `k${String(index)}`, 'x'));
  const chains = (await board.database.read<{ id: string; number: string }>('cases').whereIn('number', numbers).select('id')).map(({ id }) => id);
  const batch = 500;
  for (let written = 0; written < wanted; written += batch) {
    const lines = Array.from({ length: batch }, (_, index): AccessLine => ({ person: reader.id, case: chains[(written + index) % chains.length] ?? null, action: 'list' }));
    await board.database.write((connection) => appendAccessLog(connection, lines, new Date().toISOString()));
    if (written % 10_000 === 0) appendAnchor(file, await board.database.snapshot(headsOf), { at: new Date().toISOString(), why: 'day' });
  }
  appendAnchor(file, await board.database.snapshot(headsOf), { at: new Date().toISOString(), why: 'backup' });
  return chains;
}

/** Puts these rows in the place of a chain; with its head when `whole`. */
async function replace({ database }: TortureBoard, chain: string, rows: LogRow[], whole: boolean): Promise<void> {
  await database.write(async (connection) => {
    await connection('access_log').where('chain', chain).delete();
    for (let from = 0; from < rows.length; from += 400) await connection<LogRow>('access_log').insert(rows.slice(from, from + 400));
    if (whole) await connection<ChainRow>('log_chains').where('chain', chain).update({ head: rows.at(-1)?.hash ?? chainStart, length: rows.length });
  });
}

/** A line taken out of the file itself shows in the lines after it. */
function anchorsNotice(file: string): boolean {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  writeFileSync(file, `${[...lines.slice(0, -2), ...lines.slice(-1)].join('\n')}\n`);
  return readAnchors(file).broken !== null || lines.length < 2;
}

function rowAt(rows: LogRow[], at: number): LogRow {
  const row = rows[at];
  if (row === undefined) throw new Error(`No row ${String(at)}.`);
  return row;
}

function renumbered(rows: LogRow[]): LogRow[] {
  return rows.map((row, index) => ({ ...row, sequence: index + 1 }));
}

function linkedTo(previous: LogRow | undefined, row: LogRow): LogRow {
  const next = { ...row, sequence: (previous?.sequence ?? 0) + 1 };
  return { ...next, hash: nextLink(previous?.hash ?? chainStart, valuesOf(next)) };
}

function relinked(rows: LogRow[]): LogRow[] {
  const linked: LogRow[] = [];
  for (const row of rows) linked.push(linkedTo(linked.at(-1), row));
  return linked;
}
