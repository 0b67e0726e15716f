import type { Knex } from 'knex';
import type { Moment, PersonId } from '../engine/case-state.ts';
import { tables } from '../tables.ts';
import type { CaseRow } from './case-rows.ts';

/** Why a case is destroyed. */
export type ErasureReason = 'retention' | 'practice' | 'request';

/**
 * Destroys a case inside a transaction: its key, so that no copy of a row can be opened, and every row about it. What stays is that it
 * was there (erased_cases) and the chain of its log, which holds ids only. False: there is no such case. Throws when a row is left.
 */
export async function eraseCase(connection: Knex, id: string, { by, at, reason }: { by: PersonId | null; at: Moment; reason: ErasureReason }): Promise<boolean> {
  const found = await connection<CaseRow>('cases').where('id', id).forUpdate().first('number', 'school_id');
  if (found === undefined) return false;
  // First the key by itself: on SQLite secure_delete writes over it where it stands.
  await connection<CaseRow>('cases').where('id', id).update({ key_sealed: '', state_sealed: '' });
  await connection('submissions').where('answer', found.number).delete();
  for (const name of [...caseTables].reverse()) await connection(name).where('case_id', id).delete();
  await connection<CaseRow>('cases').where('id', id).delete();
  await connection('erased_cases').insert({ case_id: id, school_id: found.school_id, erased_at: at, person_id: by, reason });
  for (const name of caseTables) {
    if (await connection(name).where('case_id', id).first() !== undefined) throw new Error(`Case ${id} was erased, but ${name} still has a row of it.`);
  }
  return true;
}

/** Every table with rows of one case. */
const caseTables = tables.filter(({ name, key }) => key.includes('case_id') && name !== 'erased_cases').map(({ name }) => name);
