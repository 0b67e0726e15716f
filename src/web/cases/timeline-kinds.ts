import type { StoredEvent } from '../../cases/stores/case-store.ts';
import type { CaseRecord, CaseState, EngineEvent, PersonId } from '../../engine/state/case-state.ts';

export type TimelineKind = 'decision' | 'record' | 'system';
export type TimelineFilter = 'all' | 'decisions' | 'records' | 'system';

/** What the timeline of a case shows of each thing that happens; null: nothing. */
export const kindOf: { [type in EngineEvent['type']]: TimelineKind | null } = {
  recordEntered: 'record', recordUpdated: 'system', recordCorrected: 'record', recordReviewed: 'decision', documentReviewed: 'decision',
  documentFrozen: 'record', documentFileAdded: 'system', documentSigned: 'record', caseExported: 'decision',
  transitionTaken: 'decision', ruleWaived: 'decision', caseReopened: 'decision', keepingProposed: 'decision', keptLonger: 'decision', keepingWithdrawn: 'system', keepingDue: 'system', startStillUnknown: 'system',
  caseOpened: 'system', stepEntered: 'system', stepAlreadyActive: 'system', stepEnded: 'system', stepSkipped: 'system', taskLapsed: 'system', restricted: 'system', restrictionLifted: 'system', noticed: 'system', termTold: 'system',
  handedOver: 'system', taskHanded: 'system', taskTakenBack: 'system', caseMoved: 'system', moveUndone: 'system', caseClosed: 'system',
  caseCancelled: null, eventFired: null, tasksAsked: null
};

export const kinds: { [filter in TimelineFilter]: TimelineKind | null } = { all: null, decisions: 'decision', records: 'record', system: 'system' };

/** Who reads a timeline, and what of the case. */
export type TimelineReader = {
  state: CaseState;
  reader: PersonId;
  /** Does this reader see the whole case? */
  sees: 'full' | 'own';
  /** Records this reader may see. */
  maySee: (record: number) => boolean;
};

/** The types of events that a filter asks for. */
export function typesOf(filter: TimelineFilter): EngineEvent['type'][] {
  const kind = kinds[filter];
  return (Object.keys(kindOf) as EngineEvent['type'][]).filter((type) => (kind === null ? kindOf[type] !== null : kindOf[type] === kind));
}

/** Does this reader find an event in the timeline? */
export function isShown({ event, person }: StoredEvent, { state, reader, sees, maySee }: TimelineReader): boolean {
  switch (event.type) {
    case 'recordEntered': return !isOfWay(event.task) && state.records.some(({ id }) => id === event.record) && maySee(event.record);
    case 'recordUpdated': case 'recordCorrected': case 'recordReviewed': return maySee(event.record);
    case 'documentReviewed': case 'documentFrozen': case 'documentFileAdded': case 'documentSigned': case 'caseExported': case 'keepingProposed': case 'keepingWithdrawn': return sees === 'full';
    // Who sees only their own part reads what they did themselves, and all of it while they are responsible.
    case 'taskHanded': case 'taskTakenBack': return sees === 'full' || person === reader || state.responsible === reader;
    default: return kindOf[event.type] !== null;
  }
}

/** How many of each kind there are, for who sees the whole case, from how many there are of each type. */
export function countKinds(counts: { [type: string]: number }, records: readonly CaseRecord[]): { [kind in TimelineKind]: number } {
  const ofWays = records.filter((record) => isOfWay(record.entered?.task ?? record.task)).length;
  const count = (kind: TimelineKind): number => (Object.keys(kindOf) as EngineEvent['type'][]).reduce((sum, type) => sum + (kindOf[type] === kind ? (counts[type] ?? 0) : 0), 0);
  return { decision: count('decision'), record: count('record') - ofWays, system: count('system') };
}

/** The form of a way out, or of opening again: the decision says what stands in it. */
function isOfWay(task: string): boolean {
  return /^(?:transition|reopen):/.test(task);
}
