import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes files below a folder, only where their text is new. In a folder that may not be written to it does nothing: they are a help, not a need. */
export function writeFiles(root: string, files: { file: string; text: string }[]): void {
  try {
    for (const { file, text } of files) {
      const path = join(root, file);
      if (textOf(path) === text) continue;
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
