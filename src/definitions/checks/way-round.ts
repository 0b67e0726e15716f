/** Gives the names passed from a name back to itself, such as a, b, a; null when no way leads back. `reads` says what each name leads to. */
export function wayRound(name: string, reads: ReadonlyMap<string, readonly string[]>): string[] | null {
  const open: string[][] = [[name]];
  const seen = new Set<string>();
  for (let way = open.shift(); way !== undefined; way = open.shift()) {
    for (const next of reads.get(way.at(-1) ?? '') ?? []) {
      if (next === name) return [...way, name];
      if (seen.has(next)) continue;
      seen.add(next);
      open.push([...way, next]);
    }
  }
  return null;
}
