import type { CaseRecord, CaseState, EngineEvent, Moment, PersonId, Visit } from '../state/case-state.ts';
import { newCase } from '../state/new-case.ts';
import { withApproval } from './document-approval.ts';
import { withVersionEvent } from './document-versions.ts';
import { withHanded, withoutHanded } from './hand-task.ts';
import { withKeeping, withoutKeeping } from './keeping.ts';
import { movedState, withAsked } from '../state/moved-state.ts';
import { handedTo } from '../model/performers.ts';
import { withoutReview, withReview } from '../model/second-person.ts';

/** An event with what stands beside it in the log. */
export type LoggedEvent = { at: Moment; person: PersonId; event: EngineEvent };

/** `index` (from 0) is the first event that does not follow from those before it, or has no version of a record to go with it. */
export type Rebuilt = { ok: true; state: CaseState; unused: CaseRecord[] } | { ok: false; index: number };

/**
 * Makes the state of a case from everything that happened, in order, and every version of its records: equal to the state that was
 * kept with the last event. Knows nothing of the definition, so a newer engine rebuilds an old case as it was.
 * `unused` are versions that no event tells of.
 */
export function rebuild(events: LoggedEvent[], versions: CaseRecord[]): Rebuilt {
  const left = new Map(versions.map((record) => [keyOf(record.id, record.version), record]));
  const takeVersion: TakeVersion = (id, version) => {
    const record = left.get(keyOf(id, version));
    left.delete(keyOf(id, version));
    return record;
  };
  let state: CaseState | null = null;
  // As long as nothing came after a move it can be undone.
  let beforeMove: CaseState | null = null;
  for (const [index, logged] of events.entries()) {
    const next: CaseState | null = state === null ? opened(logged) : logged.event.type === 'moveUndone' ? beforeMove : follow(state, logged, takeVersion);
    if (next === null) return { ok: false, index };
    beforeMove = logged.event.type === 'caseMoved' ? state : null;
    state = next;
  }
  return state === null ? { ok: false, index: 0 } : { ok: true, state, unused: [...left.values()] };
}

/** Gives a version once. */
type TakeVersion = (record: number, version: number) => CaseRecord | undefined;

function keyOf(record: number, version: number): string {
  return `${String(record)}/${String(version)}`;
}

function opened({ at, person, event }: LoggedEvent): CaseState | null {
  if (event.type !== 'caseOpened') return null;
  return newCase(person, at, event.from);
}

/** Null: this cannot have happened to this case. */
function follow(state: CaseState, { at, person, event }: LoggedEvent, takeVersion: TakeVersion): CaseState | null {
  switch (event.type) {
    case 'caseOpened': return null;
    case 'recordEntered': return withRecord(state, event, takeVersion(event.record, 1), at);
    case 'recordUpdated': return withVersion(state, event, takeVersion(event.record, event.version), { at, person });
    case 'recordCorrected': {
      const next = withVersion(state, event, takeVersion(event.record, event.version), { at, person });
      return next === null ? null : withoutReview(next, event.record);
    }
    case 'recordReviewed': return state.records.some(({ id, version }) => id === event.record && version === event.version) ? withReview(state, { record: event.record, verdict: event.verdict, by: person, at, reason: event.reason }) : null;
    case 'documentReviewed': return withApproval(state, { document: event.document, source: event.source ?? null, seen: event.seen, verdict: event.verdict, askedBy: event.askedBy, by: person, at, reason: event.reason });
    case 'documentFrozen': case 'documentFileAdded': case 'documentSigned': return withVersionEvent(state, event, { at, by: person });
    case 'stepEntered': return withVisit(state, event, at);
    case 'stepEnded': return withEnd(state, event, { at, person });
    case 'stepSkipped': return { ...state, skipped: { ...state.skipped, [event.step]: { at, by: person, reason: event.reason } } };
    case 'ruleWaived': return { ...state, waivers: [...state.waivers, { rule: event.rule, visit: event.visit, source: event.source ?? null, by: person, at, reason: event.reason }] };
    case 'eventFired': return { ...state, fired: [...state.fired, event.key] };
    case 'restricted': return { ...state, restriction: { event: event.event, at: event.since, to: event.to, never: event.never, lift: event.lift } };
    case 'restrictionLifted': return { ...state, restriction: null, barred: state.restriction?.never ?? [] };
    case 'noticed': return { ...state, notices: [...state.notices, { event: event.event, roles: event.roles, record: event.record, at }] };
    case 'termTold': return withTold(state, event, at);
    case 'tasksAsked': return withAsked(state, event.tasks, at);
    case 'caseClosed': return { ...state, status: 'closed', closedAt: at, outcome: event.outcome };
    case 'caseCancelled': return { ...state, status: 'cancelled', closedAt: at };
    case 'caseReopened': return state.status === 'closed' ? { ...withoutKeeping(state), status: 'open', closedAt: null, outcome: null } : null;
    case 'keepingDue': return { ...state, fired: [...state.fired, event.key] };
    case 'keepingProposed': return withKeeping(state, { proposed: { what: event.what, ground: event.ground, until: event.until, reason: event.reason, by: person, at } });
    case 'keepingWithdrawn': return withKeeping(state, { proposed: null });
    case 'keptLonger': return withKeeping(state, { proposed: null, hold: { until: event.until, reason: event.reason, by: event.by, confirmedBy: person, at } });
    case 'startStillUnknown': return withKeeping(state, { unknownAt: at });
    case 'handedOver': return state.responsible === event.from ? { ...state, responsible: event.to } : null;
    case 'taskHanded': return withHanded(state, { task: event.task, to: event.to, by: person, at });
    case 'taskTakenBack': return handedTo(state, event.task) === event.from ? withoutHanded(state, event.task) : null;
    case 'caseMoved': return movedState(state, event, at);
    case 'moveUndone': return null;
    // These tell what the others brought about.
    case 'transitionTaken': case 'stepAlreadyActive': case 'taskLapsed': case 'caseExported': return state;
    default: return event satisfies never;
  }
}

function withRecord(state: CaseState, event: EngineEvent & { type: 'recordEntered' }, record: CaseRecord | undefined, at: Moment): CaseState | null {
  const { record: id, task, late, bySystem } = event;
  const isThis = record !== undefined && record.at === at && record.task === task && record.late === late && (record.by === null) === bySystem;
  return isThis && id === state.lastRecord + 1 ? { ...state, records: [...state.records, record], lastRecord: id } : null;
}

function withVersion(state: CaseState, event: EngineEvent & { type: 'recordUpdated' | 'recordCorrected' }, next: CaseRecord | undefined, { at, person }: Pick<LoggedEvent, 'at' | 'person'>): CaseState | null {
  const before = state.records.find(({ id }) => id === event.record);
  if (before === undefined || next === undefined || event.version !== before.version + 1) return null;
  if (next.task !== event.task || next.updatedAt !== at || next.updatedBy !== person) return null;
  return { ...state, records: state.records.map((record) => (record.id === next.id ? next : record)) };
}

function withVisit(state: CaseState, { step, visit: id }: EngineEvent & { type: 'stepEntered' }, at: Moment): CaseState | null {
  if (id !== state.lastVisit + 1) return null;
  const visit: Visit = { id, step, enteredAt: at, status: 'active', endedAt: null, endedBy: null, endedVia: null };
  const { [step]: _, ...skipped } = state.skipped;
  return { ...state, visits: [...state.visits, visit], lastVisit: id, skipped };
}

function withEnd(state: CaseState, event: EngineEvent & { type: 'stepEnded' }, { at, person }: Pick<LoggedEvent, 'at' | 'person'>): CaseState | null {
  const { visit: id, step, status, via } = event;
  if (!state.visits.some((visit) => visit.id === id && visit.step === step && visit.status === 'active')) return null;
  return { ...state, visits: state.visits.map((visit) => (visit.id === id ? { ...visit, status, endedAt: at, endedBy: person, endedVia: via } : visit)) };
}

function withTold(state: CaseState, { type: _, key, ...told }: EngineEvent & { type: 'termTold' }, at: Moment): CaseState {
  return { ...state, fired: [...state.fired, key], told: [...state.told, { ...told, at }] };
}
