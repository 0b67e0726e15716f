import type { Database } from '../database.ts';
import type { LogRow } from '../trust/access-log-store.ts';
import { chainStart } from '../trust/chain.ts';
import type { CaseRow, EventRow } from './case-rows.ts';
import { eventsChain, type Finding } from './verify.ts';

/** What was kept elsewhere of one chain: that it had so many rows, the last with this hash. Oldest first. */
export type Stated = { head: string; length: number };

/**
 * Compares every chain with what was kept elsewhere of it. Finds what nobody can find in the database alone: a chain that was cut off
 * together with its head, or written anew from some row on.
 */
export function verifyAnchors(database: Pick<Database, 'snapshot'>, stated: ReadonlyMap<string, Stated[]>): Promise<Finding[]> {
  return database.snapshot(async (connection) => {
    const numbers = new Map((await connection<CaseRow>('cases').select('id', 'number')).map(({ id, number }) => [id, number]));
    const erased = new Set((await connection<{ case_id: string }>('erased_cases').select('case_id')).map(({ case_id }) => case_id));
    const findings: Finding[] = [];
    for (const [chain, kept] of stated) {
      const caseId = chain.startsWith(eventsChain('')) ? chain.slice(eventsChain('').length) : null;
      // The events of a case that was destroyed go with it; its lines in the log stay.
      if (caseId !== null && erased.has(caseId)) continue;
      const lengths = kept.map(({ length }) => length);
      const rows: { sequence: number; hash: string }[] = caseId === null
        ? await connection<LogRow>('access_log').where('chain', chain).whereIn('sequence', lengths).select('sequence', 'hash')
        : await connection<EventRow>('events').where('case_id', caseId).whereIn('sequence', lengths).select('sequence', 'hash');
      const hashes = new Map([[0, chainStart], ...rows.map(({ sequence, hash }): [number, string] => [sequence, hash])]);
      const wrong = kept.find(({ head, length }) => hashes.get(length) !== head);
      if (wrong !== undefined) findings.push({ table: caseId === null ? 'access_log' : 'events', chain: numbers.get(caseId ?? chain) ?? caseId ?? chain, sequence: wrong.length, problem: 'anchor' });
    }
    return findings;
  });
}
