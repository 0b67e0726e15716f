import type { Knex } from 'knex';
import type { Moment, PersonId } from '../engine/case-state.ts';
import { chainStart, nextLink } from './chain.ts';

/** What is written down of what people do, after the example of NEN 7513. */
export type AccessAction =
  | 'list' | 'view' | 'viewTask' | 'viewRecord' | 'viewDocument' | 'viewDraft' | 'viewLog' | 'print' | 'search' | 'export'
  | 'start' | 'change' | 'refused'
  | 'signIn' | 'signInFailed' | 'signOut' | 'setup' | 'changePartner' | 'changePerson' | 'changeSetting';

/** One line: who did what, to which case. `detail` holds ids and codes, never an answer, a name or a search term. */
export type AccessLine = { person: PersonId | null; case: string | null; action: AccessAction; detail?: string | null };

export type StoredAccessLine = AccessLine & { sequence: number; at: Moment };

/** The chain of everything that is not about one case. */
export const generalChain = 'general';

/** Appends lines, each to the chain of its case, inside the transaction of what they tell of: no line, no change. */
export async function appendAccessLog(connection: Knex, lines: AccessLine[], now: Moment): Promise<void> {
  if (lines.length === 0) return;
  const names = [...new Set(lines.map(chainOf))].sort();
  const heads = await lockHeads(connection, names);
  const rows = lines.map((line) => {
    const chain = chainOf(line);
    const { head, length } = heads.get(chain) ?? { head: chainStart, length: 0 };
    const row = { chain, sequence: length + 1, at: now, person_id: line.person, action: line.action, detail: line.detail ?? null };
    const hash = nextLink(head, valuesOf(row));
    heads.set(chain, { head: hash, length: row.sequence });
    return { ...row, hash };
  });
  await connection<LogRow>('access_log').insert(rows);
  await connection<ChainRow>('log_chains')
    .insert([...heads].map(([chain, { head, length }]) => ({ chain, head, length })))
    .onConflict('chain').merge();
}

/** Reads the lines of one case, oldest first. */
export async function readAccessLog(connection: Knex, caseId: string): Promise<StoredAccessLine[]> {
  const rows = await connection<LogRow>('access_log').where('chain', caseId).orderBy('sequence');
  return rows.map(({ sequence, at, person_id, action, detail }) => ({ sequence, at, person: person_id, case: caseId, action: action as AccessAction, detail }));
}

export type LogRow = { chain: string; sequence: number; at: string; person_id: string | null; action: string; detail: string | null; hash: string };
export type ChainRow = { chain: string; head: string; length: number };

/** What the hash of a line covers. */
export function valuesOf({ chain, sequence, at, person_id, action, detail }: Omit<LogRow, 'hash'>): (string | number | null)[] {
  return [chain, sequence, at, person_id, action, detail];
}

function chainOf(line: AccessLine): string {
  return line.case ?? generalChain;
}

/** In one order, so that two writers on PostgreSQL never wait for each other crosswise. */
async function lockHeads(connection: Knex, names: string[]): Promise<Map<string, { head: string; length: number }>> {
  await connection<ChainRow>('log_chains').insert(names.map((chain) => ({ chain, head: chainStart, length: 0 }))).onConflict('chain').ignore();
  const rows = await connection<ChainRow>('log_chains').whereIn('chain', names).orderBy('chain').forUpdate();
  return new Map(rows.map(({ chain, head, length }) => [chain, { head, length }]));
}
