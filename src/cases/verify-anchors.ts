import type { Database } from '../database/database.ts';
import type { Moment } from '../engine/state/case-state.ts';
import type { LogRow } from '../trust/access-log-store.ts';
import { chainStart } from '../trust/chain.ts';
import type { Keys } from '../trust/key-store.ts';
import { type Cut, type CutRow, openCut } from '../trust/log-cut.ts';
import { SealBroken } from '../trust/seal.ts';
import type { CaseRow, EventRow } from './stores/case-rows.ts';
import { eventsChain, type Finding } from './verify.ts';

/** What was kept elsewhere of one chain: that it had so many rows, the last with this hash, and not so many yet at `after` (null: not known). */
export type Stated = { head: string; length: number; after: Moment | null };

/** All that was kept elsewhere, of each chain oldest first. `lastAt`: when the last of it was written. */
export type StatedChains = { stated: ReadonlyMap<string, Stated[]>; lastAt: Moment | null };

/**
 * Compares every chain with what was kept elsewhere of it. Finds what nobody can find in the database alone: a chain that was cut off
 * together with its head, or written anew from some row on, and lines that were destroyed before their term was over by somebody who has
 * the key. Of lines that were destroyed in time only the last can still be compared.
 */
export function verifyAnchors(database: Pick<Database, 'snapshot'>, keys: Pick<Keys, 'drafts'>, { stated, lastAt }: StatedChains): Promise<Finding[]> {
  return database.snapshot(async (connection) => {
    const numbers = new Map((await connection<CaseRow>('cases').select('id', 'number')).map(({ id, number }) => [id, number]));
    const erased = new Set((await connection<{ case_id: string }>('erased_cases').select('case_id')).map(({ case_id }) => case_id));
    const cuts = new Map((await connection<CutRow>('log_chains').where('cut_to', '>', 0)).map((row) => [row.chain, cutOf(row, keys)]));
    const findings: Finding[] = [];
    for (const [chain, kept] of stated) {
      const caseId = chain.startsWith(eventsChain('')) ? chain.slice(eventsChain('').length) : null;
      // The events of a case that was destroyed go with it; its lines in the log stay.
      if (caseId !== null && erased.has(caseId)) continue;
      const { upto, hash } = cuts.get(chain) ?? { upto: 0, hash: chainStart };
      const left = kept.filter(({ length }) => length >= upto);
      const lengths = left.map(({ length }) => length);
      const rows: { sequence: number; hash: string }[] = caseId === null
        ? await connection<LogRow>('access_log').where('chain', chain).whereIn('sequence', lengths).select('sequence', 'hash')
        : await connection<EventRow>('events').where('case_id', caseId).whereIn('sequence', lengths).select('sequence', 'hash');
      const hashes = new Map([[upto, hash], ...rows.map((row): [number, string] => [row.sequence, row.hash])]);
      const wrong = left.find(({ head, length }) => hashes.get(length) !== head);
      if (wrong !== undefined) findings.push({ table: caseId === null ? 'access_log' : 'events', chain: numbers.get(caseId ?? chain) ?? caseId ?? chain, sequence: wrong.length, problem: 'anchor' });
    }
    for (const [chain, cut] of cuts) {
      if (cut !== null && isEarly(cut, stated.get(chain) ?? [], lastAt)) findings.push({ table: 'access_log', chain: numbers.get(chain) ?? chain, sequence: cut.upto, problem: 'early' });
    }
    return findings;
  });
}

/** The last line that was destroyed came later than what was kept elsewhere when the chain was shorter: was that already within the term? */
function isEarly({ upto, before }: Cut, kept: Stated[], lastAt: Moment | null): boolean {
  const first = kept.find(({ length }) => length >= upto);
  const shorterAt = first === undefined ? lastAt : first.after;
  return shorterAt !== null && shorterAt >= before;
}

/** Null: it does not open, which `verify` finds. */
function cutOf(row: CutRow, keys: Pick<Keys, 'drafts'>): Cut | null {
  try {
    return openCut(row, keys);
  } catch (error) {
    if (error instanceof SealBroken) return null;
    throw error;
  }
}
