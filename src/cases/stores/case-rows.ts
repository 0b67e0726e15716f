import type { CaseRecord, CaseState, EngineEvent, Moment, PersonId } from '../../engine/state/case-state.ts';
import type { Keys } from '../../trust/key-store.ts';
import { type SealedPlace, type Sealer, wrapNewKey } from '../../trust/seal.ts';
import type { CaseAccess } from './access-changes.ts';
import { readState, stateText } from './state-text.ts';
import type { StoredCase, StoredEvent } from './stored-case.ts';

export type CaseRow = {
  id: string; number: string; school_id: string; workflow: string; bundle_hash: string; status: string; active_steps: string; responsible_id: string;
  next_due: string | null; linked_from: string | null; revision: number; opened_at: string; closed_at: string | null; outcome: string | null;
  event_head: string; event_count: number; key_sealed: string; state_sealed: string;
};
/** All columns of a case but its state. */
export const besideState = [
  'id', 'number', 'school_id', 'workflow', 'bundle_hash', 'status', 'active_steps', 'responsible_id', 'next_due', 'linked_from', 'revision', 'opened_at', 'closed_at', 'outcome',
  'event_head', 'event_count', 'key_sealed'
] as const satisfies (keyof CaseRow)[];
export type RecordRow = {
  case_id: string; record: number; version: number; task: string; form: string; form_hash: string | null; source: string | null; visit: number | null;
  person_id: string | null; at: string; updated_by: string | null; updated_at: string; late: number; answers_sealed: string;
};
export type EventRow = { case_id: string; sequence: number; type: string; at: string; person_id: string; payload_sealed: string; hash: string };
export type CasePersonRow = { case_id: string; person_id: string; access: CaseAccess; since: string; until: string | null; ends_at: string | null };
export type ExclusionRow = { case_id: string; person_id: string; reason_sealed: string; since: string };

/** The key of a new case: wrapped for its row, and ready to seal with. */
export function newCaseKey({ main, random }: Keys, caseId: string): { wrapped: string; sealer: Sealer } {
  return wrapNewKey(main, keyPlace(caseId), random);
}

/** Opens the key of a case. */
export function caseSealer(keys: Pick<Keys, 'opened'>, { id, key_sealed }: Pick<CaseRow, 'id' | 'key_sealed'>): Sealer {
  return keys.opened(keyPlace(id), key_sealed);
}

/** The row of a case: what is written, which writing of it that is, and where the next goes on. */
export function toCaseColumns(stored: Omit<StoredCase, 'revision' | 'tail'>, { revision, tail }: Pick<StoredCase, 'revision' | 'tail'>, sealer: Sealer): CaseRow {
  return {
    id: stored.id, number: stored.number, school_id: stored.school, workflow: stored.workflow, bundle_hash: stored.bundle, status: stored.status,
    active_steps: JSON.stringify(stored.activeSteps), responsible_id: stored.responsible, next_due: stored.nextDue, linked_from: stored.state.from?.case ?? null, revision,
    opened_at: stored.openedAt, closed_at: stored.closedAt, outcome: stored.outcome,
    event_head: tail.head, event_count: tail.count, key_sealed: tail.key,
    state_sealed: sealer.seal(statePlace({ id: stored.id, revision }), stateText(stored.state))
  };
}

/** Opens the state of a case. */
export function openState(row: Pick<CaseRow, 'id' | 'revision' | 'key_sealed' | 'state_sealed'>, keys: Pick<Keys, 'opened'>): CaseState {
  return readState(caseSealer(keys, row).open(statePlace(row), row.state_sealed));
}

/** Reads a case. */
export function toCase(row: CaseRow, keys: Keys): StoredCase {
  return caseWith(row, openState(row, keys));
}

/** Reads a case of which the state is known. */
export function caseWith(row: Omit<CaseRow, 'state_sealed'>, state: CaseState): StoredCase {
  const { id, number, workflow, revision, outcome } = row;
  return {
    id, number, workflow, revision, outcome, state,
    school: row.school_id, bundle: row.bundle_hash, status: row.status as StoredCase['status'], activeSteps: JSON.parse(row.active_steps) as string[],
    responsible: row.responsible_id, nextDue: row.next_due, openedAt: row.opened_at, closedAt: row.closed_at,
    tail: { head: row.event_head, count: row.event_count, key: row.key_sealed }
  };
}

export function toRecordRow(caseId: string, record: CaseRecord, sealer: Sealer): RecordRow {
  const { id, version, task, form, formHash = null, source, visit, by, at, updatedBy, updatedAt, late, answers } = record;
  return {
    case_id: caseId, record: id, version, task, form, form_hash: formHash, source, visit, person_id: by, at, updated_by: updatedBy, updated_at: updatedAt, late: late ? 1 : 0,
    answers_sealed: sealer.seal(recordPlace(caseId, id, version), JSON.stringify(answers))
  };
}

export function toRecord(row: RecordRow, sealer: Sealer): CaseRecord {
  const { record: id, version, task, form, source, visit, at } = row;
  const answers = sealer.open(recordPlace(row.case_id, id, version), row.answers_sealed);
  return {
    id, version, task, form, ...(row.form_hash === null ? {} : { formHash: row.form_hash }), source, visit, at, by: row.person_id, updatedBy: row.updated_by, updatedAt: row.updated_at, late: row.late === 1,
    answers: JSON.parse(answers) as CaseRecord['answers']
  };
}

/** An event as its row, but for the hash. */
export function toEventRow(event: EngineEvent, { caseId, sequence, at, person, sealer }: { caseId: string; sequence: number; at: Moment; person: PersonId; sealer: Sealer }): Omit<EventRow, 'hash'> {
  const payload_sealed = sealer.seal(eventPlace(caseId, sequence), JSON.stringify(event));
  return { case_id: caseId, sequence, type: event.type, at, person_id: person, payload_sealed };
}

/** What the hash of an event covers: ids and sealed text, so that a destroyed key leaves the chain whole. */
export function eventValues({ case_id, sequence, type, at, person_id, payload_sealed }: Omit<EventRow, 'hash'>): (string | number)[] {
  return [case_id, sequence, type, at, person_id, payload_sealed];
}

export function toEvent(row: EventRow, sealer: Sealer): StoredEvent {
  const event = JSON.parse(sealer.open(eventPlace(row.case_id, row.sequence), row.payload_sealed)) as EngineEvent;
  return { sequence: row.sequence, at: row.at, person: row.person_id, event };
}

export function toExclusionRow(caseId: string, { person, reason }: { person: PersonId; reason: string }, { since, sealer }: { since: Moment; sealer: Sealer }): ExclusionRow {
  return { case_id: caseId, person_id: person, since, reason_sealed: sealer.seal(reasonPlace(caseId, person), reason) };
}

/** Why somebody is shut out. */
export function openExclusion({ case_id, person_id, reason_sealed }: ExclusionRow, sealer: Sealer): string {
  return sealer.open(reasonPlace(case_id, person_id), reason_sealed);
}

function reasonPlace(caseId: string, person: PersonId): SealedPlace {
  return { table: 'case_exclusions', row: `${caseId}/${person}`, column: 'reason_sealed' };
}

/** Where the wrapped key of a case stands. */
export function keyPlace(caseId: string): SealedPlace {
  return { table: 'cases', row: caseId, column: 'key_sealed' };
}

/** With the revision, so that an older state of the same case does not open in its place. */
function statePlace({ id, revision }: { id: string; revision: number }): SealedPlace {
  return { table: 'cases', row: `${id}/${revision}`, column: 'state_sealed' };
}

function recordPlace(caseId: string, record: number, version: number): SealedPlace {
  return { table: 'records', row: `${caseId}/${record}/${version}`, column: 'answers_sealed' };
}

function eventPlace(caseId: string, sequence: number): SealedPlace {
  return { table: 'events', row: `${caseId}/${sequence}`, column: 'payload_sealed' };
}
