import type { Knex } from 'knex';
import type { Moment } from '../engine/state/case-state.ts';
import { appendAccessLog, type ChainRow, followLog, type LogRow } from './access-log-store.ts';
import { chainStart } from './chain.ts';
import type { Keys } from './key-store.ts';
import { SealBroken, type SealedPlace } from './seal.ts';

/**
 * The start of a chain that is gone because its term was over: lines 1 up to and with `upto`, all written before `before`. The line after
 * them hangs on `hash`, as it always did. `by`: the work that did it (log-term.ts); nobody destroys lines by hand.
 */
export type Cut = { upto: number; hash: string; before: Moment; at: Moment; by: 'log-term' };

/** A chain as it is kept, with what was destroyed of it. */
export type CutRow = ChainRow & { cut_to: number; cut_sealed: string | null };

/** Lines that are past their term do not follow from one another: they stay, to be looked into. */
export class ChainBroken extends Error {
  constructor(chain: string) {
    super(`Chain ${chain} does not hold; nothing of it is destroyed.`);
    this.name = 'ChainBroken';
  }
}

/** Reads what was destroyed of a chain; null: nothing. Throws SealBroken when it is not what was written: only who has the key can write it. */
export function openCut({ chain, cut_to, cut_sealed }: Pick<CutRow, 'chain' | 'cut_to' | 'cut_sealed'>, keys: Pick<Keys, 'drafts'>): Cut | null {
  if (cut_sealed === null && cut_to === 0) return null;
  const cut = JSON.parse(keys.drafts.open(placeOf(chain), cut_sealed ?? '')) as Cut;
  if (cut.upto !== cut_to) throw new SealBroken(placeOf(chain), 'is of another line');
  return cut;
}

/** What was destroyed of one chain; null: nothing. Throws as `openCut` does. */
export async function readCut(connection: Knex, chain: string, keys: Pick<Keys, 'drafts'>): Promise<Cut | null> {
  const row = await connection<CutRow>('log_chains').where('chain', chain).first();
  return row === undefined ? null : openCut(row, keys);
}

/** Gives the chains whose first line was written before a moment. */
export async function chainsFrom(connection: Knex, before: Moment): Promise<string[]> {
  return connection('log_chains').join('access_log', (first) => { first.on('access_log.chain', 'log_chains.chain').andOn('access_log.sequence', connection.raw('log_chains.cut_to + 1')); })
    .where('access_log.at', '<', before).orderBy('log_chains.chain').pluck<string[]>('log_chains.chain');
}

/**
 * Destroys the lines of a chain from its start up to the first that was written at or after `before`, inside a transaction: what is left
 * hangs on a sealed note of it, and the general chain gets a line that says so. Null: there was nothing to destroy. Throws ChainBroken,
 * and SealBroken, before anything is destroyed.
 */
export async function cutChain(connection: Knex, keys: Pick<Keys, 'drafts'>, { chain, before, at }: { chain: string; before: Moment; at: Moment }): Promise<Cut | null> {
  const row = await connection<CutRow>('log_chains').where('chain', chain).forUpdate().first();
  if (row === undefined) return null;
  const done = openCut(row, keys);
  const kept = await connection<LogRow>('access_log').where('chain', chain).andWhere('at', '>=', before).orderBy('sequence').first('sequence');
  const upto = (kept?.sequence ?? row.length + 1) - 1;
  if (upto <= row.cut_to) return null;
  const { broken, count, last } = await followLog(connection, chain, { from: done?.hash ?? chainStart, until: upto });
  if (broken !== null || count !== upto - row.cut_to || (kept === undefined && last !== row.head)) throw new ChainBroken(chain);
  const cut: Cut = { upto, hash: last, before, at, by: 'log-term' };
  await connection<LogRow>('access_log').where('chain', chain).andWhere('sequence', '<=', upto).delete();
  await connection<CutRow>('log_chains').where('chain', chain).update({ cut_to: upto, cut_sealed: sealCut(chain, cut, keys) });
  await appendAccessLog(connection, [{ person: null, case: null, action: 'destroyLines', detail: `${chain} ${String(upto)} ${last}` }], at);
  return cut;
}

/** What stands in the row of a chain about what was destroyed of it. */
export function sealCut(chain: string, cut: Cut, keys: Pick<Keys, 'drafts'>): string {
  return keys.drafts.seal(placeOf(chain), JSON.stringify(cut));
}

function placeOf(chain: string): SealedPlace {
  return { table: 'log_chains', row: chain, column: 'cut_sealed' };
}
