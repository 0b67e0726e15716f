import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { StartProblem } from '../errors.ts';
import { makeFolder, settleFolder } from '../make-folder.ts';
import { isOpenToOthers } from '../secret-file.ts';
import type { RandomBytes } from './seal.ts';

/**
 * Reads the main key of 32 bytes. Without a file it makes one (mode 600), unless the database holds data already.
 * Throws a StartProblem when the file is missing, readable by others or no key.
 */
export function readKeyFile(file: string, { holdsData, random }: { holdsData: boolean; random: RandomBytes }): Buffer {
  if (!existsSync(file)) {
    if (holdsData) throw new StartProblem('start.keyMissing', { file });
    writeKeyFile(file, random(32));
  }
  if (isOpenToOthers(file)) throw new StartProblem('start.keyOpen', { file });
  const text = readText(file);
  const key = Buffer.from(text, 'base64url');
  if (key.length !== 32 || key.toString('base64url') !== text) throw new StartProblem('start.keyUnreadable', { file });
  return key;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new StartProblem('start.keyUnreadable', { file }, { cause: error });
  }
}

/** Where the new main key stands while it is being exchanged (jobs/rotate-keys.ts). */
export function nextKeyFile(file: string): string {
  return `${file}.next`;
}

/** Writes a key file that only its owner reads. Throws a StartProblem when there is one already or it cannot be written. */
export function writeKeyFile(file: string, key: Buffer): void {
  if (existsSync(file)) throw new StartProblem('start.keyExists', { file });
  try {
    makeFolder(dirname(file));
    const handle = openSync(file, 'wx', 0o600);
    writeSync(handle, `${key.toString('base64url')}\n`);
    // Data sealed with a key that a power cut loses would be lost with it.
    fsyncSync(handle);
    closeSync(handle);
    settleFolder(dirname(file));
  } catch (error) {
    throw new StartProblem('start.keyNotMade', { file, code: (error as NodeJS.ErrnoException).code ?? '' }, { cause: error });
  }
}
