import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseFile } from '../../src/database/database.ts';
import type { DiskEvent, Files } from './disk.ts';
import { firstReader, openTortureBoard, startOne, type TortureBoard } from './open-board.ts';
import type { Client } from './promises.ts';
import { type Dice, filesIn, noneYet, type Recording, replay, told } from './replay.ts';
import { field, task } from './small-content.ts';
import { makeDice, type Verdict } from './verdict.ts';

const blockBytes = 4096;
const clients = 3;

/**
 * R2 without strace: after each round of promises the files are copied, and what changed since the last copy is taken for what was written
 * in between, in SQLite's order: its log, synced, then the database. Whether the log is synced before a promise, only strace can see. `confirms` false:
 * a disk on which nothing that was synced stays, which must be found out.
 */
export async function powerCutOfCopies({ cycles, seed, confirms = true }: { cycles: number; seed: number; confirms?: boolean }): Promise<Verdict> {
  const dice = makeDice(seed);
  const recording = await recordCopies(dice);
  const total = noneYet();
  await replay(confirms ? recording : { ...recording, events: recording.events.filter(({ type }) => type !== 'synced') }, cycles, dice, total);
  recording.remove();
  return told('R2 after a power cut, by copies', seed, total);
}

const rounds = 10;
/** In this round what is left beside the database is written into it. */
const forgets = 6;

async function recordCopies(dice: Dice): Promise<Recording> {
  const folder = mkdtempSync(join(tmpdir(), 'stappenplan-copies-'));
  const board = await openTortureBoard(folder);
  const senders: Client[] = [];
  for (let nth = 0; nth < clients; nth += 1) {
    const text = `start ${String(nth)}`;
    senders.push({ person: { reader: firstReader(board), cookie: '', csrf: '' }, number: await startOne(board, firstReader(board), text, text), sent: [{ kind: 'record', text, isPromised: true }] });
  }
  const before = copyOf(folder);
  const events: DiskEvent[] = senders.map(({ number }) => ({ type: 'promised', number }));
  let last = before;
  const note = (): void => {
    const next = copyOf(folder);
    events.push(...between(last, next, events.length));
    last = next;
  };
  for (let round = 0; round < rounds; round += 1) {
    await Promise.all(senders.map((client, nth) => send(board, client, `${String(round)}.${String(nth)} ${'lang verhaal '.repeat(dice(400))}`.trim(), dice)));
    note();
    events.push(...senders.map(({ number }): DiskEvent => ({ type: 'promised', number })));
    if (round !== forgets) continue;
    await board.database.forget();
    note();
  }
  await board.close();
  return { folder, before, events, after: last, clients: senders, remove: () => { rmSync(folder, { recursive: true, force: true }); } };
}

async function send({ cases }: TortureBoard, { person: { reader }, number, sent }: Client, text: string, dice: Dice): Promise<void> {
  const open = await cases.open(reader, number, 'view');
  if (open === null) throw new Error(`Case ${number} is gone.`);
  const draft = { person: reader.id, case: open.stored.id, task, record: null };
  const kind = dice(3) === 0 ? 'draft' : 'record';
  if (kind === 'draft') await cases.drafts.save(draft, [[field, text]], new Date().toISOString());
  else await cases.act(reader, number, { type: 'submit', task, answers: { tekst: text } }, { key: text, draft });
  sent.push({ kind, text, isPromised: true });
}

/** By a process of its own: closing a file here lets go of the locks that SQLite holds on it. */
function copyOf(folder: string): Files {
  const copy = join(folder, 'copy');
  mkdirSync(copy);
  execFileSync('cp', ['-r', join(folder, 'data'), join(folder, 'keys'), copy]);
  const files = filesIn(copy);
  rmSync(copy, { recursive: true });
  return files;
}

/** What was done from one copy to the next. A log that became shorter was first written into the database. */
function between(before: Files, after: Files, place: number): DiskEvent[] {
  const file = databaseFile('data');
  const log = `${file}-wal`;
  const isForgotten = (after.get(log)?.length ?? 0) < (before.get(log)?.length ?? 0);
  const events: DiskEvent[] = [];
  for (const name of isForgotten ? [file, log] : [log, file]) {
    const changes = changesOf(name, before.get(name) ?? Buffer.alloc(0), after.get(name) ?? Buffer.alloc(0));
    if (changes.length > 0) events.push(...changes, { type: 'synced', file: name, before: place + events.length + changes.length });
  }
  return events;
}

function changesOf(file: string, before: Buffer, after: Buffer): DiskEvent[] {
  const changes: DiskEvent[] = after.length < before.length ? [{ type: 'cut', file, size: after.length }] : [];
  for (let at = 0; at < after.length; at += blockBytes) {
    const bytes = after.subarray(at, at + blockBytes);
    if (!bytes.equals(before.subarray(at, at + blockBytes))) changes.push({ type: 'write', file, at, bytes });
  }
  return changes;
}
