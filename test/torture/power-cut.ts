import { once } from 'node:events';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { attach, canTrace, notTried } from './attach.ts';
import { readTrace, traced } from './disk-trace.ts';
import { oneLife } from './life.ts';
import { type Dice, filesIn, noneYet, type Recording, replay, told } from './replay.ts';
import { prepareServer, startServer } from './server.ts';
import { writeSmallContent } from './small-content.ts';
import { makeDice, type Verdict } from './verdict.ts';

const statesPerRecording = 100;

/**
 * R2: what a power cut may leave. All that a server writes and syncs, when it first starts and while six clients send, is recorded with strace. At many moments of
 * it a folder is made with what was synced and, of the rest, nothing, all, a part or torn sectors. The product opens each: what was
 * acknowledged before that moment is there, whole and once; the database, its chains and its cases hold.
 */
export async function powerCut({ cycles, seed }: { cycles: number; seed: number }): Promise<Verdict> {
  if (!canTrace()) return notTried('R2 after a power cut');
  const dice = makeDice(seed);
  const total = noneYet();
  const first = await recordFirstStart();
  await replay(first, Math.min(cycles, statesPerRecording), dice, total);
  first.remove();
  for (let left = cycles - statesPerRecording, nth = 0; left > 0; left -= statesPerRecording, nth += 1) {
    const recording = await recordServer(`leven ${String(nth)}`, nth % 2 === 0 ? 'SIGKILL' : 'SIGTERM', dice);
    await replay(recording, Math.min(left, statesPerRecording), dice, total);
    recording.remove();
  }
  return told('R2 after a power cut', seed, total);
}

/** Follows a server that begins with nothing until it listens. */
async function recordFirstStart(): Promise<Recording> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'stappenplan-first-')));
  writeSmallContent(folder);
  const trace = join(folder, 'trace');
  // The server is our own child, and strace beside it.
  const server = await startServer(folder, null, {}, ['strace', '-D', '-f', ...traced, '-o', trace]);
  server.child.kill('SIGKILL');
  await server.ended;
  while (!readFileSync(trace, 'latin1').includes(`${String(server.child.pid)} +++ killed`)) await wait(50);
  const events = await readTrace(trace, folder);
  rmSync(trace);
  return { folder, before: new Map(), events, after: filesIn(folder), clients: [], remove: () => { rmSync(folder, { recursive: true, force: true }); } };
}

/** Follows a server with strace until it is killed or stopped. */
async function recordServer(name: string, signal: 'SIGKILL' | 'SIGTERM', dice: Dice): Promise<Recording> {
  const prepared = await prepareServer();
  const folder = realpathSync(prepared.folder);
  const server = await prepared.start();
  const trace = join(prepared.folder, 'trace');
  const tracer = await attach(server.child, [...traced, '-o', trace]);
  const before = filesIn(folder);
  const { clients } = await oneLife(server, prepared, { name, promises: 150 + dice(150), afterMs: 5 + dice(120), signal, dice });
  if (tracer.exitCode === null) await once(tracer, 'exit');
  const events = await readTrace(trace, folder);
  rmSync(trace);
  return { folder, before, events, after: filesIn(folder), clients, remove: prepared.remove };
}
