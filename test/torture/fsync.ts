import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attach, canTrace, notTried } from './attach.ts';
import { handIn } from './client.ts';
import { verify } from '../../src/cases/verify.ts';
import { firstReader } from './open-board.ts';
import { prepareServer } from './server.ts';
import { type Verdict, verdict } from './verdict.ts';

/** R2: no answer that promises something goes out before the disk has said that it is written. Killing a process does not test that. */
export async function power({ cycles, seed }: { cycles: number; seed: number }): Promise<Verdict> {
  if (!canTrace()) return notTried('R2 written before it is promised');
  const { number, people: [person], start, folder, remove } = await prepareServer();
  const server = await start();
  const out = join(folder, 'trace');
  const tracer = await attach(server.child, ['-e', 'trace=fsync,fdatasync,write,writev,sendto,sendmsg', '-s', '16', '-o', out]);
  let acknowledged = 0;
  for (let count = 0; count < cycles; count += 1) acknowledged += (await handIn(server, person, number, `tekst ${String(count)}`))?.status === 303 ? 1 : 0;
  server.child.kill('SIGTERM');
  await server.ended;
  await new Promise((resolve) => { tracer.once('exit', resolve); });
  const counts = { acknowledged, synced: 0, unsynced: 0 };
  let isSynced = false;
  for (const line of readFileSync(out, 'latin1').split('\n')) {
    if (/\b(?:fsync|fdatasync)\b.*= 0$/.test(line)) isSynced = true;
    if (!/"HTTP\/1\.1 303/.test(line)) continue;
    counts[isSynced ? 'synced' : 'unsynced'] += 1;
    isSynced = false;
  }
  remove();
  return verdict('R2 written before it is promised', counts.unsynced === 0 && counts.synced >= cycles && acknowledged === cycles, { seed, cycles, ...counts });
}

/** R3: while the disk refuses to confirm, every post is refused with what was typed; afterwards the server takes posts again, and nothing it promised is lost. */
export async function fsync({ cycles, seed }: { cycles: number; seed: number }): Promise<Verdict> {
  if (!canTrace()) return notTried('R3 a disk that does not confirm');
  const { number, people: [person], start, look, remove } = await prepareServer();
  const server = await start();
  const counts = { before: 0, refused: 0, typedBack: 0, promised: 0, after: 0, lost: 0, broken: 0 };
  const texts: string[] = [];
  const send = async (text: string): Promise<{ status: number; html: string } | null> => {
    const answer = await handIn(server, person, number, text);
    if (answer?.status === 303) texts.push(text);
    return answer;
  };
  for (let count = 0; count < 5; count += 1) counts.before += (await send(`voor ${String(count)}`))?.status === 303 ? 1 : 0;
  const tracer = await attach(server.child, ['-e', 'trace=fsync,fdatasync', '-e', 'inject=fsync,fdatasync:error=EIO', '-o', '/dev/null']);
  for (let count = 0; count < cycles; count += 1) {
    const text = `tijdens ${String(count)}`;
    const answer = await send(text);
    counts.refused += answer?.status === 503 ? 1 : 0;
    counts.typedBack += answer?.html.includes(text) === true ? 1 : 0;
    counts.promised += answer?.status === 303 ? 1 : 0;
  }
  // A signal makes strace let go of the server.
  tracer.kill('SIGINT');
  await new Promise((resolve) => { tracer.once('exit', resolve); });
  for (let count = 0; count < 5; count += 1) counts.after += (await send(`na ${String(count)}`))?.status === 303 ? 1 : 0;
  server.child.kill('SIGTERM');
  await server.ended;
  await look(async (board) => {
    counts.broken = (await verify(board.database, board.keys)).findings.length;
    const stored = (await board.cases.open(firstReader(board), number, 'view'))?.stored.state.records.map(({ answers }) => answers['tekst']) ?? [];
    counts.lost = texts.filter((text) => !stored.includes(text)).length;
  });
  remove();
  const ok = counts.before === 5 && counts.refused === cycles && counts.typedBack === cycles && counts.promised === 0 && counts.after === 5 && counts.lost === 0 && counts.broken === 0;
  return verdict('R3 a disk that does not confirm', ok, { seed, cycles, ...counts });
}
