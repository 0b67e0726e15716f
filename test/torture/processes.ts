import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '../../src/config.ts';

/** Starts a writer (writer.ts), as built. */
export function startWriter(args: string[], databaseUrl: string | null = null): ChildProcess {
  return spawn(process.execPath, [join(projectRoot, 'dist', 'test', 'torture', 'writer.js'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'], env: { PATH: process.env['PATH'], ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }) }
  });
}

/** Reads whole lines of JSON until the process is gone; half a line was not said. */
export async function* linesOf(child: ChildProcess): AsyncGenerator<object> {
  if (child.stdout === null) return;
  for await (const line of createInterface({ input: child.stdout })) {
    const said = parsed(line);
    if (said !== null) yield said;
  }
}

function parsed(line: string): object | null {
  try {
    return JSON.parse(line) as object;
  } catch {
    return null;
  }
}
