import { existsSync, readFileSync } from 'node:fs';
import { appendFile } from '../append-file.ts';
import { StartProblem } from '../errors.ts';
import { anchorOf, chainStart, nextLink } from '../trust/chain.ts';

/** The end of a chain: how many rows it has and the hash of the last. */
export type ChainHead = { chain: string; head: string; length: number };

/**
 * A line of the file: one hash over the ends of all chains, with how many there are and their rows, and of each chain that went on since
 * the line before how long it is and its last hash. `gone`: chains that are no more, since their case was destroyed. `previous`: hash of the
 * line before, so that none can be taken out.
 */
type AnchorLine = { at: string; why: 'day' | 'backup'; anchor: string; chains: number; rows: number; changed: { [chain: string]: [number, string] }; gone: string[]; previous: string };

/** A chain as a line of the file states it for the first time. `after`: when the line before was written, at which it was not so long yet; null: there is none. */
export type StatedHead = ChainHead & { after: string | null };

/** What the file says. `stated`: for each chain every length with its hash, oldest first. `broken`: number of the first line that does not follow from those before it; null: all do. */
export type KeptAnchors = { lines: number; lastAt: string | null; heads: Map<string, ChainHead>; stated: Map<string, StatedHead[]>; broken: number | null; previous: string };

/** Reads the file; one that is not there says nothing. Throws a StartProblem when it cannot be read. */
export function readAnchors(file: string): KeptAnchors {
  const kept: KeptAnchors = { lines: 0, lastAt: null, heads: new Map(), stated: new Map(), broken: null, previous: chainStart };
  for (const text of existsSync(file) ? textOf(file).split('\n') : []) {
    if (text === '') continue;
    kept.lines += 1;
    const line = readLine(text);
    if (line === null) {
      kept.broken ??= kept.lines;
      continue;
    }
    for (const [chain, [length, head]] of Object.entries(line.changed)) {
      kept.heads.set(chain, { chain, head, length });
      kept.stated.set(chain, [...(kept.stated.get(chain) ?? []), { chain, head, length, after: kept.lastAt }]);
    }
    for (const chain of line.gone) kept.heads.delete(chain);
    if (line.previous !== kept.previous || anchorOf([...kept.heads.values()]) !== line.anchor) kept.broken ??= kept.lines;
    kept.lastAt = line.at;
    kept.previous = nextLink(kept.previous, [text]);
  }
  return kept;
}

/** Adds a line about these ends of all chains, on the disk when it returns. Nothing that stands there is touched. Throws a StartProblem. */
export function appendAnchor(file: string, heads: ChainHead[], { at, why }: Pick<AnchorLine, 'at' | 'why'>): void {
  const kept = readAnchors(file);
  const now = new Map(heads.map((one) => [one.chain, one]));
  const changed = heads.filter(({ chain, head }) => kept.heads.get(chain)?.head !== head).map(({ chain, head, length }): [string, [number, string]] => [chain, [length, head]]);
  const line: AnchorLine = {
    at, why, anchor: anchorOf(heads), chains: heads.length, rows: heads.reduce((sum, { length }) => sum + length, 0),
    changed: Object.fromEntries(changed), gone: [...kept.heads.keys()].filter((chain) => !now.has(chain)), previous: kept.previous
  };
  try {
    appendFile(file, `${JSON.stringify(line)}\n`);
  } catch (error) {
    throw new StartProblem('upkeep.anchorNotWritten', { file, code: (error as NodeJS.ErrnoException).code ?? '' }, { cause: error });
  }
}

/** Adds the line of a day, the first time it is asked that day (UTC). False: it was there. */
export async function anchorDaily(file: string, now: string, heads: () => Promise<ChainHead[]>): Promise<boolean> {
  if (readAnchors(file).lastAt?.slice(0, 10) === now.slice(0, 10)) return false;
  appendAnchor(file, await heads(), { at: now, why: 'day' });
  return true;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new StartProblem('upkeep.anchorNotRead', { file, code: (error as NodeJS.ErrnoException).code ?? '' }, { cause: error });
  }
}

/** Null: it is no line of such a file. */
function readLine(text: string): AnchorLine | null {
  try {
    const line = JSON.parse(text) as AnchorLine;
    const isWhole = typeof line.at === 'string' && typeof line.anchor === 'string' && Array.isArray(line.gone) && Object.values(line.changed).every(([length, head]) => Number.isInteger(length) && typeof head === 'string');
    return isWhole ? line : null;
  } catch {
    return null;
  }
}
