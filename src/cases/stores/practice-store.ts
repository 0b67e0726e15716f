import type { Knex } from 'knex';
import type { Database } from '../../database/database.ts';
import type { Moment, PersonId } from '../../engine/state/case-state.ts';
import { appendAccessLog } from '../../trust/access-log-store.ts';
import { eraseCase } from './erase-case.ts';

export type PracticeStore = {
  /** Takes a practice school away in one transaction; the log keeps that it was there. Throws for a real school. */
  remove(school: string, by: PersonId): Promise<void>;
};

/** Makes the store that takes practice schools away. */
export function makePracticeStore({ database, now }: { database: Database; now: () => Moment }): PracticeStore {
  return {
    remove: (school, by) => database.write(async (connection) => {
      const row = await connection('schools').where('id', school).first<{ practice: number } | undefined>('practice');
      if (row?.practice !== 1) throw new Error(`School ${school} is no practice school.`);
      await removeCases(connection, school, { by, at: now() });
      await removePartners(connection, school);
      for (const table of ['settings', 'sessions', 'visits', 'drafts', 'files', 'access_reviews']) await connection(table).where('school_id', school).delete();
      const people = await namesOf(connection('memberships').where('school_id', school).distinct('person_id as id'));
      await connection('memberships').where('school_id', school).delete();
      await removePeople(connection, people);
      await connection('schools').where('id', school).delete();
      await appendAccessLog(connection, [{ person: by, case: null, action: 'changeSetting', detail: 'practice' }], now());
    })
  };
}

async function removeCases(connection: Knex, school: string, { by, at }: { by: PersonId; at: Moment }): Promise<void> {
  for (const id of await namesOf(connection('cases').where('school_id', school).select('id'))) await eraseCase(connection, id, { by, at, reason: 'practice' });
}

async function removePartners(connection: Knex, school: string): Promise<void> {
  const own = connection('partners').where('school_id', school).select('id');
  await connection('partner_roles').whereIn('partner_id', own.clone()).delete();
  await connection('partners').where('school_id', school).update({ successor_id: null });
  await connection('partners').where('school_id', school).delete();
}

/** Those who have a place at no other school. Whoever published a definition stays, for its history. */
async function removePeople(connection: Knex, people: string[]): Promise<void> {
  for (const id of people) {
    if (await connection('memberships').where('person_id', id).first('id') !== undefined) continue;
    if (await connection('publications').where('person_id', id).first('id') !== undefined) continue;
    for (const table of ['credentials', 'sessions', 'invitations', 'submissions', 'drafts', 'files', 'visits']) await connection(table).where('person_id', id).delete();
    await connection('people').where('id', id).delete();
  }
}

async function namesOf(query: Knex.QueryBuilder): Promise<string[]> {
  return (await query as { id: string }[]).map(({ id }) => id);
}
