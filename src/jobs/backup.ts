import { closeSync, createWriteStream, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { headsOf } from '../cases/verify.ts';
import type { Database } from '../database/database.ts';
import { StartProblem } from '../errors.ts';
import { makeFolder, settleFolder } from '../make-folder.ts';
import { anchorOf } from '../trust/chain.ts';
import type { RandomBytes } from '../trust/seal.ts';
import { sealingStream } from '../trust/sealed-file.ts';
import type { ChainHead } from './anchor-file.ts';
import { archiveLines } from './archive.ts';

export type BackupParts = { database: Pick<Database, 'snapshot'>; key: Buffer; file: string; made: string; random: RandomBytes };

/**
 * Writes a sealed copy of everything, as it is at one moment while others go on writing, and gives its anchor and the ends of its chains. The key is not in it.
 * The file appears whole or not at all, and only its owner may read it. Throws a StartProblem when it is there already or cannot be written.
 */
export async function backup({ database, key, file, made, random }: BackupParts): Promise<{ anchor: string; heads: ChainHead[] }> {
  const part = reserve(file);
  try {
    return await database.snapshot(async (connection) => {
      const heads = await headsOf(connection);
      const anchor = anchorOf(heads);
      const lines = Readable.from(archiveLines(connection, { made, anchor }), { objectMode: true });
      await pipeline(lines, createGzip({ level: 6 }), sealingStream({ key, made, random }), createWriteStream(part));
      finish(part, file);
      return { anchor, heads };
    });
  } catch (error) {
    rmSync(part, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'ENOSPC' || code === 'EACCES' || code === 'EIO' || code === 'EDQUOT' ? notWritten(file, error) : error;
  }
}

function reserve(file: string): string {
  if (existsSync(file)) throw new StartProblem('upkeep.backupExists', { file });
  const part = `${file}.${String(process.pid)}.part`;
  try {
    makeFolder(dirname(file));
    closeSync(openSync(part, 'w', 0o600));
    return part;
  } catch (error) {
    throw notWritten(file, error);
  }
}

function notWritten(file: string, error: unknown): StartProblem {
  return new StartProblem('upkeep.backupNotWritten', { file, code: (error as NodeJS.ErrnoException).code ?? '' }, { cause: error });
}

/** On the disk before it gets its name, and then with it. */
function finish(part: string, file: string): void {
  const handle = openSync(part, 'r+');
  fsyncSync(handle);
  closeSync(handle);
  renameSync(part, file);
  settleFolder(dirname(file));
}
