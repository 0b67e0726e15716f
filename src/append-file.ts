import { appendFileSync, closeSync, existsSync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder, settleFolder } from './make-folder.ts';

/** Adds a text to a file, which is made with its folder when it is not there, for its owner alone; on the disk when it returns. */
export function appendFile(file: string, text: string): void {
  makeFolder(dirname(file));
  const isNew = !existsSync(file);
  const handle = openSync(file, 'a', 0o600);
  try {
    appendFileSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  if (isNew) settleFolder(dirname(file));
}
