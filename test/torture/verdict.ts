/** What a recipe found, as one line. */
export type Verdict = { ok: boolean; line: string };

/** What every recipe is told; `newDatabase` null: SQLite in a folder of its own. */
export type Where = { seed: number; newDatabase: (() => Promise<string>) | null };

/** Makes the line: name, right or wrong, and what was counted. */
export function verdict(name: string, ok: boolean, counts: { [name: string]: number | string }): Verdict {
  return { ok, line: `${name}: ${ok ? 'holds' : 'BROKEN'} (${Object.entries(counts).map(([what, count]) => `${what} ${String(count)}`).join(', ')})` };
}

/** Numbers that look random and are the same for the same seed: below `below`, from 0. */
export function makeDice(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
