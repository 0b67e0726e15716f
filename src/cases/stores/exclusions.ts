import type { Knex } from 'knex';
import type { Moment, PersonId } from '../../engine/state/case-state.ts';
import type { Keys } from '../../trust/key-store.ts';
import type { Sealer } from '../../trust/seal.ts';
import { caseSealer, openExclusion, toExclusionRow, type CaseRow, type ExclusionRow } from './case-rows.ts';

/** Somebody who may never see a case, with why. */
export type Exclusion = { person: PersonId; reason: string };

type Shut = { case: string; sealer: Sealer; since: Moment };

/**
 * Shuts people out of a case and of every case that was started from it, and from those: what came of a case tells of it (trust.md, T2).
 * Not of the one it was started from: somebody who works in that one would notice.
 */
export async function shutOutOf(connection: Knex, keys: Keys, { case: id, sealer, exclude, since }: Shut & { exclude: Exclusion[] }): Promise<void> {
  await insert(connection, exclude.map((one) => toExclusionRow(id, one, { since, sealer })));
  // Locked, as a case that is started locks the one it is started from: whoever comes second sees what the first wrote.
  const started = await connection<CaseRow>('cases').where('linked_from', id).orderBy('id').forUpdate().select('id', 'key_sealed');
  for (const row of started) await shutOutOf(connection, keys, { case: row.id, sealer: caseSealer(keys, row), exclude, since });
}

/** Shuts out of a new case whoever is shut out of the one it is started from. */
export async function inheritExclusions(connection: Knex, keys: Keys, { case: id, sealer, from, since }: Shut & { from: string }): Promise<void> {
  const source = await connection<CaseRow>('cases').where('id', from).forUpdate().first('id', 'key_sealed');
  if (source === undefined) return;
  const own = caseSealer(keys, source);
  const rows = await connection<ExclusionRow>('case_exclusions').where('case_id', from);
  await insert(connection, rows.map((row) => toExclusionRow(id, { person: row.person_id, reason: openExclusion(row, own) }, { since, sealer })));
}

/** Ids of those who are shut out of a case. */
export async function excludedFrom(connection: Knex, id: string): Promise<PersonId[]> {
  return (await connection<ExclusionRow>('case_exclusions').where('case_id', id).orderBy('person_id').select('person_id')).map(({ person_id: person }) => person);
}

async function insert(connection: Knex, rows: ExclusionRow[]): Promise<void> {
  if (rows.length > 0) await connection<ExclusionRow>('case_exclusions').insert(rows).onConflict(['case_id', 'person_id']).ignore();
}
