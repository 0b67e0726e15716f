import { makeAtMost } from '../at-most.ts';
import { runProgram } from './run-program.ts';

/** What a scanner says of a file. `failed`: it could not look, so nothing is known. */
export type Scanned = 'clean' | 'found' | 'failed';

export type Scan = (content: Buffer, options?: { timeoutMs?: number }) => Promise<Scanned>;

/** A request has 30 seconds in all. */
const usualMs = 20_000;
/** Nothing holds up an emergency (definitions.md, meaning 2); a daemon that runs answers in less. */
export const emergencyScanMs = 3_000;
/** Some scanners take a gigabyte. */
const mostAtOnce = 2;

/**
 * Makes what asks the scanner of `SCAN_COMMAND`: a program that reads a file and ends with 0 (nothing in it), 1 (something found) or anything
 * else (could not look), as clamdscan does. Without one every file is clean.
 */
export function makeScan(command: readonly string[] | null): Scan {
  if (command === null) return () => Promise.resolve('clean');
  const inTurn = makeAtMost(mostAtOnce);
  return async (content, { timeoutMs = usualMs } = {}) => {
    const until = Date.now() + timeoutMs;
    const { code } = await inTurn(() => runProgram(command, { input: content, timeoutMs: Math.max(1, until - Date.now()) }));
    return code === 0 ? 'clean' : code === 1 ? 'found' : 'failed';
  };
}

/** What every scanner takes for a virus and harms nobody (EICAR). In parts, so that none takes this file for one. */
export const harmlessVirus: Buffer = Buffer.from(['X5O!P%@AP[4\\PZX54(P^)7CC)7}', '$EICAR-STANDARD-', 'ANTIVIRUS-TEST-FILE!', '$H+H*'].join(''));
