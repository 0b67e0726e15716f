import { createHash } from 'node:crypto';

/** What the first link of every chain hangs on. */
export const chainStart = '0'.repeat(64);

/** The hash of the next link (sha256, hex): over the link before and the values of the row. Give ids and sealed texts, never clear answers or names. */
export function nextLink(previous: string, values: (string | number | null)[]): string {
  return createHash('sha256').update(JSON.stringify([previous, ...values])).digest('hex');
}

/** Follows part of a chain from the link before it. `broken`: index of the first row that does not follow; `last`: hash of the last one, to hold against what was kept apart. */
export function followLinks(previous: string, rows: { hash: string; values: (string | number | null)[] }[]): { broken: number | null; last: string } {
  let last = previous;
  for (const [index, { hash, values }] of rows.entries()) {
    if (nextLink(last, values) !== hash) return { broken: index, last };
    last = hash;
  }
  return { broken: null, last };
}

/** One hash for the ends of all chains: kept elsewhere it shows later that nothing was cut off (storage.md, rule 5). */
export function anchorOf(heads: { chain: string; head: string; length: number }[]): string {
  const sorted = heads.map(({ chain, head, length }) => JSON.stringify([chain, head, length])).sort();
  return createHash('sha256').update(sorted.join('\n')).digest('hex');
}
