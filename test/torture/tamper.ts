import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Finding, headsOf, verify } from '../../src/cases/verify.ts';
import { verifyAnchors } from '../../src/cases/verify-anchors.ts';
import { dutchZone } from '../../src/engine/time/zone.ts';
import { appendAnchor, readAnchors } from '../../src/jobs/anchor-file.ts';
import { keptFrom, makeLogTerm } from '../../src/jobs/log-term.ts';
import { type AccessLine, appendAccessLog, type LogRow, valuesOf } from '../../src/trust/access-log-store.ts';
import { chainStart, nextLink } from '../../src/trust/chain.ts';
import type { Keys } from '../../src/trust/key-store.ts';
import { type CutRow, openCut, sealCut } from '../../src/trust/log-cut.ts';
import { firstReader, openTortureBoard, startOne, type TortureBoard } from './open-board.ts';
import { makeDice, type Verdict, verdict, type Where } from './verdict.ts';

/** A chain as it is kept. `start`: what its first row hangs on. */
type Chain = { row: CutRow; rows: LogRow[]; start: { sequence: number; hash: string } };

const years = 5;
/** The lines are written now and six years from now; those of now are past their term a month later. */
const nowMs = Date.now();
const [early, late, job] = [0, 72, 73].map((months) => new Date(nowMs + months * 30.5 * 86_400_000).toISOString()) as [string, string, string];

/** What somebody who can write the database might do to row `at` and what is around it. `anchored`: only what was kept elsewhere shows it. */
const tricks = {
  mutate: { anchored: false, of: (chain: Chain, at: number) => withRows(chain, chain.rows.map((row, index) => (index === at ? { ...row, person_id: 'somebody-else' } : row))) },
  delete: { anchored: false, of: (chain: Chain, at: number) => withRows(chain, chain.rows.filter((_, index) => index !== at)) },
  // A forged row with a hash that follows from the row before it; what came after moves up.
  insert: { anchored: false, of: (chain: Chain, at: number) => withRows(chain, renumbered(chain, [...chain.rows.slice(0, at + 1), linkedTo(rowAt(chain, at), { ...rowAt(chain, at), action: 'view' }), ...chain.rows.slice(at + 1)])) },
  swap: { anchored: false, of: (chain: Chain, at: number) => withRows(chain, renumbered(chain, chain.rows.map((row, index) => (index === at ? rowAt(chain, at + 1) : index === at + 1 ? rowAt(chain, at) : row)))) },
  truncate: { anchored: false, of: (chain: Chain, at: number) => withRows(chain, chain.rows.slice(0, at + 1)) },
  // The start done away with, as if its term were over: without a word, with the note of what was destroyed before, and by who has the key.
  front: { anchored: false, of: (chain: Chain, at: number) => withRows(chain, chain.rows.slice(at + 1)) },
  frontNoted: { anchored: false, of: (chain: Chain, at: number) => ({ ...withRows(chain, chain.rows.slice(at + 1)), row: { ...chain.row, cut_to: rowAt(chain, at).sequence } }) },
  frontSealed: { anchored: true, of: (chain: Chain, at: number, keys: Keys) => cutBy(keys, chain, Math.max(at, chain.rows.findIndex((row) => row.at === late))) },
  truncateWithHead: { anchored: true, of: (chain: Chain, at: number) => ended(chain, chain.rows.slice(0, at + 1)) },
  rewrite: { anchored: true, of: (chain: Chain, at: number) => ended(chain, relinked(chain, chain.rows.filter((_, index) => index !== at))) }
} as const;

/** Changes one chain of many in one way, looks whether it is found where it was done, and puts it back. Half of the chains lost their start in time: that is found nowhere. */
export async function tamper({ cycles, seed, newDatabase, rows: wanted = 100_000 }: Where & { cycles: number; rows?: number }): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'stappenplan-tamper-'));
  const board = await openTortureBoard(folder, newDatabase === null ? null : await newDatabase());
  const dice = makeDice(seed);
  const file = join(folder, 'elsewhere', 'anchors');
  const chains = await fill(board, wanted, file);
  const total = await board.database.read('access_log').count<{ count: number | string }[]>('* as count');
  const { cut } = await makeLogTerm({ ...board, years, zone: dutchZone, now: () => job, isHeld: (id) => Promise.resolve(chains.indexOf(id) % 2 === 1) }).run();
  const counts = { found: 0, named: 0, ofAnchors: 0, slowestSeconds: 0 };
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const name = (Object.keys(tricks) as (keyof typeof tricks)[])[cycle % Object.keys(tricks).length] ?? 'mutate';
    const { anchored, of } = tricks[name];
    const before = await read(board, chains[dice(chains.length)] ?? '');
    const at = dice(before.rows.length - 2);
    await replace(board, of(before, at, board.keys));
    const began = Date.now();
    const inside = (await verify(board.database, board.keys)).findings;
    const outside = await verifyAnchors(board.database, board.keys, readAnchors(file));
    counts.slowestSeconds = Math.max(counts.slowestSeconds, Math.round((Date.now() - began) / 100) / 10);
    // A row that is taken out shows in the next one, and one that is put in and follows from the row before it in the one after that.
    const { sequence: first } = rowAt(before, at);
    const isNamed = ({ table, sequence }: Finding): boolean => table === 'access_log' && sequence !== null && sequence >= first && (anchored || sequence <= first + 2);
    const findings = anchored ? outside : inside;
    counts.found += findings.length === 1 && (!anchored || inside.length === 0) ? 1 : 0;
    counts.named += findings.every(isNamed) ? 1 : 0;
    counts.ofAnchors += anchored ? 1 : 0;
    await replace(board, before);
  }
  const { findings: wrong, destroyed } = await verify(board.database, board.keys);
  const left = wrong.length + (await verifyAnchors(board.database, board.keys, readAnchors(file))).length;
  const isOwnFound = anchorsNotice(file);
  await board.close();
  rmSync(folder, { recursive: true, force: true });
  const ok = counts.found === cycles && counts.named === cycles && left === 0 && isOwnFound && cut > 0 && destroyed.chains === cut && destroyed.lines > wanted / 6;
  return verdict('tamper', ok, { seed, cycles, rows: Number(total[0]?.count ?? 0), destroyedInTime: destroyed.lines, ...counts, leftWrong: left, fileItself: isOwnFound ? 'noticed' : 'missed' });
}

/** Cases with lines in their chains, in batches as requests write them: half of them past their term when the job comes. Some anchors on the way and one at the end. */
async function fill(board: TortureBoard, wanted: number, file: string): Promise<string[]> {
  const reader = firstReader(board);
  const numbers: string[] = [];
  for (let index = 0; index < 20; index += 1) numbers.push(await startOne(board, reader, `k${String(index)}`, 'x'));
  const chains = (await board.database.read<{ id: string; number: string }>('cases').whereIn('number', numbers).select('id')).map(({ id }) => id);
  const batch = 500;
  const anchor = async (at: string, why: 'day' | 'backup'): Promise<void> => { appendAnchor(file, await board.database.snapshot(headsOf), { at, why }); };
  for (const at of [early, late]) {
    for (let written = 0; written < wanted / 2; written += batch) {
      if (written % 10_000 === 0) await anchor(at, 'day');
      const lines = Array.from({ length: batch }, (_, index): AccessLine => ({ person: reader.id, case: chains[(written + index) % chains.length] ?? null, action: 'list' }));
      await board.database.write((connection) => appendAccessLog(connection, lines, at));
    }
  }
  await anchor(late, 'backup');
  return chains;
}

async function read({ database, keys }: TortureBoard, chain: string): Promise<Chain> {
  const row = await database.read<CutRow>('log_chains').where('chain', chain).first();
  if (row === undefined) throw new Error(`No chain ${chain}.`);
  const rows = await database.read<LogRow>('access_log').where('chain', chain).orderBy('sequence');
  return { row, rows, start: { sequence: row.cut_to, hash: openCut(row, keys)?.hash ?? chainStart } };
}

/** Puts this in the place of the chain. */
async function replace({ database }: TortureBoard, { row, rows }: Chain): Promise<void> {
  await database.write(async (connection) => {
    await connection('access_log').where('chain', row.chain).delete();
    for (let from = 0; from < rows.length; from += 400) await connection<LogRow>('access_log').insert(rows.slice(from, from + 400));
    await connection<CutRow>('log_chains').where('chain', row.chain).update(row);
  });
}

/** A line taken out of the file itself shows in the lines after it. */
function anchorsNotice(file: string): boolean {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  writeFileSync(file, `${[...lines.slice(0, -2), ...lines.slice(-1)].join('\n')}\n`);
  return readAnchors(file).broken !== null || lines.length < 2;
}

function withRows(chain: Chain, rows: LogRow[]): Chain {
  return { ...chain, rows };
}

function ended(chain: Chain, rows: LogRow[]): Chain {
  const last = rows.at(-1);
  return { ...chain, rows, row: { ...chain.row, head: last?.hash ?? chain.start.hash, length: last?.sequence ?? chain.start.sequence } };
}

/** Destroyed as the job would, but lines of which the term is not over. */
function cutBy(keys: Keys, chain: Chain, at: number): Chain {
  const { sequence: upto, hash } = rowAt(chain, at);
  const before = keptFrom(job, { years, zone: dutchZone });
  return { ...withRows(chain, chain.rows.slice(at + 1)), row: { ...chain.row, cut_to: upto, cut_sealed: sealCut(chain.row.chain, { upto, hash, before, at: job, by: 'log-term' }, keys) } };
}

function rowAt({ rows }: Pick<Chain, 'rows'>, at: number): LogRow {
  const row = rows[at];
  if (row === undefined) throw new Error(`No row ${String(at)}.`);
  return row;
}

function renumbered({ start }: Chain, rows: LogRow[]): LogRow[] {
  return rows.map((row, index) => ({ ...row, sequence: start.sequence + index + 1 }));
}

function linkedTo(previous: { sequence: number; hash: string }, row: LogRow): LogRow {
  const next = { ...row, sequence: previous.sequence + 1 };
  return { ...next, hash: nextLink(previous.hash, valuesOf(next)) };
}

function relinked({ start }: Chain, rows: LogRow[]): LogRow[] {
  const linked: LogRow[] = [];
  for (const row of rows) linked.push(linkedTo(linked.at(-1) ?? start, row));
  return linked;
}
