import type { Knex } from 'knex';
import type { RetentionDefinition } from '../../definitions/workflow.types.ts';
import type { Moment, PersonId } from '../../engine/state/case-state.ts';
import { tables } from '../../database/tables.ts';
import { appendAccessLog } from '../../trust/access-log-store.ts';
import type { CaseRow } from './case-rows.ts';

/** Why a case is destroyed. `cancelled`: it was a mistake, and that is as long ago as its route keeps a case. */
export type ErasureReason = 'retention' | 'request' | 'cancelled' | 'practice';

/** `by` confirmed what `proposedBy` proposed; null: nobody, time brought it. `revision`: what was read; null: whatever it is now. */
export type Erasure = { by: PersonId | null; at: Moment; reason: ErasureReason; proposedBy?: PersonId | null; basis?: RetentionDefinition['basis'] | null; revision?: number | null };

/** What is left of a case that was destroyed. `restricted`: it was shut off at some time, or somebody was shut out of it. */
export type Tombstone = {
  id: string; workflow: string | null; openedAt: Moment | null; closedAt: Moment | null; erasedAt: Moment; reason: ErasureReason; basis: RetentionDefinition['basis'] | null;
  by: PersonId | null; proposedBy: PersonId | null; restricted: boolean;
};

/**
 * Destroys a case inside a transaction: its key, so that no copy of a row can be opened, and every row about it. What stays is that it
 * was there (erased_cases) and the chain of its log, which holds ids only and says last that it was destroyed. False: there is no such
 * case, or it is not as it was read. Throws when a row is left.
 */
export async function eraseCase(connection: Knex, id: string, { by, at, reason, proposedBy = null, basis = null, revision = null }: Erasure): Promise<boolean> {
  const found = await connection<CaseRow>('cases').where('id', id).forUpdate().first('number', 'school_id', 'workflow', 'opened_at', 'closed_at', 'status', 'revision');
  if (found === undefined || (revision !== null && revision !== found.revision)) return false;
  const restricted = await connection('case_exclusions').where('case_id', id).first('person_id') !== undefined
    || await connection('events').where({ case_id: id, type: 'restricted' }).first('sequence') !== undefined;
  // First the key by itself: on SQLite secure_delete writes over it where it stands.
  await connection<CaseRow>('cases').where('id', id).update({ key_sealed: '', state_sealed: '' });
  await connection('submissions').where('answer', found.number).delete();
  for (const name of [...caseTables].reverse()) await connection(name).where('case_id', id).delete();
  await connection<CaseRow>('cases').where('id', id).delete();
  await connection<TombstoneRow>('erased_cases').insert({
    case_id: id, school_id: found.school_id, erased_at: at, person_id: by, reason, workflow: found.workflow, opened_at: found.opened_at, closed_at: found.closed_at,
    basis, proposed_by: proposedBy, restricted: restricted ? 1 : 0
  });
  await appendAccessLog(connection, [{ person: by, case: id, action: 'destroy', detail: proposedBy === null ? reason : `${reason} ${proposedBy}` }], at);
  for (const name of caseTables) {
    if (await connection(name).where('case_id', id).first() !== undefined) throw new Error(`Case ${id} was erased, but ${name} still has a row of it.`);
  }
  return true;
}

/** Gives what is left of the cases of a school that were destroyed, newest first; practice ones aside. */
export async function tombstonesOf(connection: Knex, school: string, most: number): Promise<Tombstone[]> {
  const rows = await connection<TombstoneRow>('erased_cases').where('school_id', school).whereNot('reason', 'practice').orderBy([{ column: 'erased_at', order: 'desc' }, 'case_id']).limit(most);
  return rows.map((row) => ({
    id: row.case_id, workflow: row.workflow, openedAt: row.opened_at, closedAt: row.closed_at, erasedAt: row.erased_at, reason: row.reason, basis: row.basis,
    by: row.person_id, proposedBy: row.proposed_by, restricted: row.restricted === 1
  }));
}

type TombstoneRow = {
  case_id: string; school_id: string; erased_at: string; person_id: string | null; reason: ErasureReason; workflow: string | null; opened_at: string | null; closed_at: string | null;
  basis: Tombstone['basis']; proposed_by: string | null; restricted: number;
};

/** Every table with rows of one case, each after those it refers to. A test looks in the schema whether one was forgotten. */
export const caseTables = tables.filter(({ name, key, ofCase }) => (key.includes('case_id') || ofCase === true) && name !== 'erased_cases').map(({ name }) => name);
