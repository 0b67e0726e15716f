import type { CaseRecord, CaseState, Visit } from '../../engine/state/case-state.ts';
import { newCase } from '../../engine/state/new-case.ts';

/** The values of a visit, in this order. */
type VisitRow = [Visit['id'], Visit['step'], Visit['enteredAt'], Visit['status'], Visit['endedAt'], Visit['endedBy'], Visit['endedVia']];
/** The same of a record as most are: a first version, in time, of nothing in particular. */
type RecordRow = [CaseRecord['id'], CaseRecord['task'], CaseRecord['form'], CaseRecord['visit'], CaseRecord['by'], CaseRecord['at'], CaseRecord['answers']];

/** A record of which a row does not say all stands whole. */
type Kept = Partial<CaseState> & Pick<CaseState, 'starter' | 'openedAt'> & { visits: (Visit | VisitRow)[]; records: (CaseRecord | RecordRow)[] };

/**
 * Writes a state as the text that is kept (docs/decisions/0007): what is empty is left out, and rows do without the names of their fields.
 * A state has no more than its type says, so walking it by name misses nothing.
 */
export function stateText(state: CaseState): string {
  const kept: { [name: string]: unknown } = {};
  let name: keyof CaseState;
  for (name in state) if (!isEmpty(state[name])) kept[name] = state[name];
  kept['visits'] = state.visits.map(visitRow);
  kept['records'] = state.records.map(recordRow);
  return JSON.stringify(kept);
}

/** Reads a state from its text; also one that was kept whole, as all were up to 26 November 2026. */
export function readState(text: string): CaseState {
  const kept = JSON.parse(text) as Kept;
  return { ...newCase(kept.starter, kept.openedAt), ...kept, visits: kept.visits.map(readVisit), records: kept.records.map(readRecord) };
}

/** As in a new case. */
function isEmpty(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

function visitRow({ id, step, enteredAt, status, endedAt, endedBy, endedVia }: Visit): VisitRow {
  return [id, step, enteredAt, status, endedAt, endedBy, endedVia];
}

function readVisit(kept: Visit | VisitRow): Visit {
  if (!Array.isArray(kept)) return kept;
  const [id, step, enteredAt, status, endedAt, endedBy, endedVia] = kept;
  return { id, step, enteredAt, status, endedAt, endedBy, endedVia };
}

function recordRow(record: CaseRecord): CaseRecord | RecordRow {
  const { id, task, form, formHash, source, visit, version, by, at, updatedAt, updatedBy, late, answers, entered } = record;
  const isAsMost = version === 1 && updatedAt === at && updatedBy === null && source === null && !late && formHash === undefined && entered === undefined;
  return isAsMost ? [id, task, form, visit, by, at, answers] : record;
}

function readRecord(kept: CaseRecord | RecordRow): CaseRecord {
  if (!Array.isArray(kept)) return kept;
  const [id, task, form, visit, by, at, answers] = kept;
  return { id, task, form, source: null, visit, version: 1, by, at, updatedAt: at, updatedBy: null, late: false, answers };
}
