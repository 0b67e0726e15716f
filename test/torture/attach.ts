import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import type { Verdict } from './verdict.ts';

/** Whether strace is there. */
export function canTrace(): boolean {
  return spawnSync('strace', ['-V']).error === undefined;
}

/** What a recipe says that needs strace. */
export function notTried(what: string): Verdict {
  return { ok: true, line: `${what} was not tried: there is no strace here (apt-get install strace).` };
}

/** Begins to trace a process that runs; waits until it does. */
export async function attach({ pid }: ChildProcess, options: string[]): Promise<ChildProcess> {
  const tracer = spawn('strace', ['-f', '-p', String(pid), ...options], { stdio: ['ignore', 'ignore', 'pipe'] });
  await new Promise((resolve) => { tracer.stderr.once('data', resolve); });
  tracer.stderr.resume();
  return tracer;
}
