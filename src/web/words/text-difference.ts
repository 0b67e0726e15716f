/** A piece of a text; `only`: the other text does not have it. */
export type Piece = { text: string; only: boolean };

/** Comparing is quadratic; above this both texts are marked whole. */
const mostComparisons = 1_000_000;

/** Marks, word by word, what each of two texts has and the other has not. The pieces of each side together are that text. */
export function textDifference(one: string, other: string): { one: Piece[]; other: Piece[] } {
  const [left, right] = [wordsOf(one), wordsOf(other)];
  if (left.length * right.length > mostComparisons) return { one: [{ text: one, only: true }], other: [{ text: other, only: true }] };
  const shared = sharedLengths(left, right);
  const pieces: { one: Piece[]; other: Piece[] } = { one: [], other: [] };
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    const [mine, theirs] = [left[i], right[j]];
    if (mine !== undefined && theirs !== undefined && sameWord(mine, theirs)) {
      add(pieces.one, mine, false);
      add(pieces.other, theirs, false);
      i += 1;
      j += 1;
    } else if (theirs === undefined || (mine !== undefined && at(shared, i + 1, j) >= at(shared, i, j + 1))) {
      add(pieces.one, mine ?? '', true);
      i += 1;
    } else {
      add(pieces.other, theirs, true);
      j += 1;
    }
  }
  return pieces;
}

/** Words with the white space after them. */
function wordsOf(text: string): string[] {
  return text.match(/^\s+|\S+\s*/g) ?? [];
}

function sameWord(one: string, other: string): boolean {
  return one.trim() === other.trim();
}

/** How many words two texts share from each pair of places on. */
function sharedLengths(left: string[], right: string[]): number[][] {
  const table: number[][] = Array.from({ length: left.length + 1 }, () => new Array<number>(right.length + 1).fill(0));
  for (let i = left.length - 1; i >= 0; i -= 1) {
    const row = table[i] ?? [];
    for (let j = right.length - 1; j >= 0; j -= 1) {
      row[j] = sameWord(left[i] ?? '', right[j] ?? '') ? at(table, i + 1, j + 1) + 1 : Math.max(at(table, i + 1, j), at(table, i, j + 1));
    }
  }
  return table;
}

function at(table: number[][], i: number, j: number): number {
  return table[i]?.[j] ?? 0;
}

function add(pieces: Piece[], text: string, only: boolean): void {
  const last = pieces.at(-1);
  if (last?.only === only) pieces.splice(-1, 1, { text: last.text + text, only });
  else pieces.push({ text, only });
}
