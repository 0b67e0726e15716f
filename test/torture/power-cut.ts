import { once } from 'node:events';
import { realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { attach, canTrace, notTried } from './attach.ts';
import { readTrace, traced } from './disk-trace.ts';
import { oneLife } from './life.ts';
import { type Dice, filesIn, noneYet, type Recording, replay, told } from './replay.ts';
import { prepareServer } from './server.ts';
import { makeDice, type Verdict } from './verdict.ts';

const statesPerRecording = 100;

/**
 * R2: what a power cut may leave. All that a server writes and syncs while six clients send is recorded with strace. At many moments of
 * it a folder is made with what was synced and, of the rest, nothing, all, a part or torn sectors. The product opens each: what was
 * acknowledged before that moment is there, whole and once; the database, its chains and its cases hold.
 */
export async function powerCut({ cycles, seed }: { cycles: number; seed: number }): Promise<Verdict> {
  if (!canTrace()) return notTried('R2 after a power cut');
  const dice = makeDice(seed);
  const total = noneYet();
  for (let left = cycles, nth = 0; left > 0; left -= statesPerRecording, nth += 1) {
    const recording = await recordServer(`leven ${String(nth)}`, nth % 2 === 0 ? 'SIGKILL' : 'SIGTERM', dice);
    await replay(recording, Math.min(left, statesPerRecording), dice, total);
    recording.remove();
  }
  return told('R2 after a power cut', seed, total);
}

/** Follows a server with strace until it is killed or stopped. */
async function recordServer(name: string, signal: 'SIGKILL' | 'SIGTERM', dice: Dice): Promise<Recording> {
  const prepared = await prepareServer();
  const data = realpathSync(join(prepared.folder, 'data'));
  const server = await prepared.start();
  const trace = join(prepared.folder, 'trace');
  const tracer = await attach(server.child, [...traced, '-o', trace]);
  const before = filesIn(data);
  const { clients } = await oneLife(server, prepared, { name, promises: 150 + dice(150), afterMs: 5 + dice(120), signal, dice });
  if (tracer.exitCode === null) await once(tracer, 'exit');
  const events = await readTrace(trace, data);
  rmSync(trace);
  return { folder: prepared.folder, before, events, after: filesIn(data), clients, remove: prepared.remove };
}
