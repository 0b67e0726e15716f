import { createHash } from 'node:crypto';

/** What the first link of every chain hangs on. */
export const chainStart = '0'.repeat(64);

/** The hash of the next link (sha256, hex): over the link before and the values of the row. Give ids and sealed texts, never clear answers or names. */
export function nextLink(previous: string, values: (string | number | null)[]): string {
  return createHash('sha256').update(JSON.stringify([previous, ...values])).digest('hex');
}

/** Finds the first row whose hash does not follow from the rows before it, counted from 1; null when all do. `head` and `length` are what was kept apart. */
export function firstBrokenLink(rows: { hash: string; values: (string | number | null)[] }[], { head, length }: { head: string; length: number }): number | null {
  let previous = chainStart;
  for (const [index, { hash, values }] of rows.entries()) {
    if (nextLink(previous, values) !== hash) return index + 1;
    previous = hash;
  }
  return previous === head && rows.length === length ? null : rows.length + 1;
}
