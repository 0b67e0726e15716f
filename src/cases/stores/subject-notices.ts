import type { Knex } from 'knex';
import type { Database } from '../../database/database.ts';
import type { Moment, PersonId } from '../../engine/state/case-state.ts';
import type { Keys } from '../../trust/key-store.ts';
import { toCase, type CaseRow, type ExclusionRow } from './case-rows.ts';
import { type At, casesFor } from './cases-for.ts';

/** That a case was started about whom the case `number` is about. `other`: its number; null: this person does not see it. */
export type SubjectNotice = { number: string; at: Moment; other: string | null };

/** What who is responsible for a case is told of new cases about the same subject (semantics 23). */
export type SubjectNotices = {
  /** What this person has not read yet, of cases at a school that are theirs now; oldest first. */
  unread(person: PersonId, school: string): Promise<SubjectNotice[]>;
  /** This person has read all there is of a case that is theirs. */
  read(person: PersonId, caseId: string): Promise<void>;
};

/**
 * Makes the store of these notices. Nobody is told of a case that they are shut out of, that only some may see, or that was a mistake:
 * that is looked at when it is shown, since it may have become so after.
 */
export function makeSubjectNotices({ database, keys, at }: { database: Database; keys: Keys; at: () => At }): SubjectNotices {
  return {
    unread: async (person, school) => {
      const rows = await casesFor(database.read, person, at()).where({ 'cases.school_id': school, 'cases.responsible_id': person })
        .join('subject_notices', 'subject_notices.case_id', 'cases.id').whereNull('subject_notices.read_at')
        .whereNotExists((shutOut) => shutOut.select(database.read.raw('1')).from<ExclusionRow>('case_exclusions')
          .where('case_exclusions.person_id', person).where('case_exclusions.case_id', database.read.ref('subject_notices.other_id')))
        .orderBy('subject_notices.at').select<{ number: string; at: Moment; other_id: string }[]>('cases.number', 'subject_notices.at', 'subject_notices.other_id');
      if (rows.length === 0) return [];
      const ids = rows.map(({ other_id: id }) => id);
      const others = new Map((await database.read<CaseRow>('cases').whereIn('id', ids).whereNot('status', 'cancelled')).map((row) => [row.id, toCase(row, keys)]));
      const seen = new Set((await casesFor(database.read, person, at()).whereIn('cases.id', ids).select<{ id: string }[]>('cases.id')).map(({ id }) => id));
      return rows.flatMap(({ number, at: moment, other_id: id }): SubjectNotice[] => {
        const other = others.get(id);
        if (other === undefined || (!seen.has(id) && (other.state.restriction !== null || other.state.barred.includes(person)))) return [];
        return [{ number, at: moment, other: seen.has(id) ? other.number : null }];
      });
    },
    read: (person, caseId) => database.write(async (connection) => {
      const isTheirs = await connection<CaseRow>('cases').where({ id: caseId, responsible_id: person }).first('id') !== undefined;
      if (isTheirs) await connection<NoticeRow>('subject_notices').where('case_id', caseId).whereNull('read_at').update({ read_at: at().now });
    })
  };
}

/** Tells who is responsible for these cases that another was started, each once; part of the transaction that starts it. */
export async function tellOf(connection: Knex, { tells, other, now }: { tells: readonly string[]; other: string; now: Moment }): Promise<void> {
  if (tells.length === 0) return;
  await connection<NoticeRow>('subject_notices').insert(tells.map((id) => ({ case_id: id, other_id: other, at: now, read_at: null }))).onConflict(['case_id', 'other_id']).ignore();
}

type NoticeRow = { case_id: string; other_id: string; at: string; read_at: string | null };
