import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../config.ts';

/** Bytes of a mark: at this length one good password in thousands of millions is refused for nothing. */
const size = 6;

let marks: Buffer | null = null;

/**
 * Is this among the passwords of twelve characters or more that were stolen elsewhere most often? Some 44,000 of them, in any case of
 * letters; the file beside this one holds the first bytes of their SHA-256, sorted (scripts/breached-passwords.mjs). `password`: as NFC.
 */
export function isBreached(password: string): boolean {
  marks ??= readFileSync(join(projectRoot, 'src', 'staff', 'breached-passwords.bin'));
  const own = createHash('sha256').update(password.toLowerCase()).digest().subarray(0, size);
  let [low, high] = [0, marks.length / size];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = own.compare(marks, middle * size, (middle + 1) * size);
    if (order === 0) return true;
    if (order < 0) high = middle;
    else low = middle + 1;
  }
  return false;
}
