import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

/** Makes a folder with those above it that are missing, for its owner alone; on the disk when it returns. Node's own `recursive` never ends where a parent cannot be made at all, as below /proc. */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
  settleFolder(dirname(folder));
}

/** After a power cut the folder lists what was made or renamed in it. Windows opens no folders, and some disks elsewhere settle none. */
export function settleFolder(folder: string): void {
  if (process.platform === 'win32') return;
  let handle: number | null = null;
  try {
    handle = openSync(folder, 'r');
    fsyncSync(handle);
  } catch (error) {
    if (!unsettled.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    if (handle !== null) closeSync(handle);
  }
}

/** The folder may be written and not read, or is on a disk that knows no such thing. */
const unsettled = ['EACCES', 'EPERM', 'EINVAL', 'ENOTSUP'];
