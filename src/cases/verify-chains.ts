import type { Database } from '../database.ts';
import { type ChainRow, type LogRow, valuesOf } from '../trust/access-log-store.ts';
import { chainStart, firstBrokenLink } from '../trust/chain.ts';
import { type CaseRow, type EventRow, eventValues } from './case-rows.ts';

/** A chain that does not hold: `sequence` is the first row that was changed, is missing or was put in. `chain` is the id of a case, or general. */
export type BrokenChain = { kind: 'events' | 'log'; chain: string; sequence: number };

/**
 * Recomputes the chain of events of every case and every chain of the access log. Empty: all hold.
 * Someone who can write the database can also shorten a chain together with its head; only a head kept elsewhere shows that.
 */
export async function brokenChains({ read }: Pick<Database, 'read'>): Promise<BrokenChain[]> {
  const broken: BrokenChain[] = [];
  for (const { id, event_head, event_count } of await read<CaseRow>('cases').select('id', 'event_head', 'event_count').orderBy('id')) {
    const rows = await read<EventRow>('events').where('case_id', id).orderBy('sequence');
    const sequence = firstBrokenLink(rows.map((row) => ({ hash: row.hash, values: eventValues(row) })), { head: event_head, length: event_count });
    if (sequence !== null) broken.push({ kind: 'events', chain: id, sequence });
  }
  const heads = new Map((await read<ChainRow>('log_chains')).map((row) => [row.chain, row]));
  const named = (await read<LogRow>('access_log').distinct('chain')).map(({ chain }) => chain);
  for (const chain of [...new Set([...heads.keys(), ...named])].sort()) {
    const { head, length } = heads.get(chain) ?? { head: chainStart, length: 0 };
    const rows = await read<LogRow>('access_log').where('chain', chain).orderBy('sequence');
    const sequence = firstBrokenLink(rows.map((row) => ({ hash: row.hash, values: valuesOf(row) })), { head, length });
    if (sequence !== null) broken.push({ kind: 'log', chain, sequence });
  }
  return broken;
}
