import type { PersonId } from '../../engine/state/case-state.ts';

/**
 * What somebody is filling in. `case` null: a case that is not there yet, at a school; `task` then names the route too. `record` null: a new
 * one. `wrapped`: the key of the case as it was read a moment ago, which spares reading it again.
 */
export type DraftKey = { person: PersonId; task: string; record: number | null } & ({ case: string; wrapped?: string } | { case: null; school: string });

export type KeyColumns = { person_id: string; school_id: string; case_id: string; task: string; record: number };

/** Records count from 1; '' and 0 stand for none, since a primary key takes no null. A case says at which school it is. */
export function columnsOf(key: DraftKey): KeyColumns {
  const place = key.case === null ? { school_id: key.school, case_id: '' } : { school_id: '', case_id: key.case };
  return { person_id: key.person, ...place, task: key.task, record: key.record ?? 0 };
}
