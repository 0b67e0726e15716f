import type { CaseState, EngineEvent, Moment, PersonId } from '../../engine/state/case-state.ts';
import type { CaseAccess } from './access-changes.ts';

/** A case as it is kept. All but `state` can be read by whoever has the file: no answer may stand there. */
export type StoredCase = {
  id: string;
  number: string;
  school: string;
  workflow: string;
  /** Hash of the bundle it is pinned to. */
  bundle: string;
  status: CaseState['status'];
  activeSteps: string[];
  responsible: PersonId;
  nextDue: Moment | null;
  /** Counts the writes, from 1. */
  revision: number;
  openedAt: Moment;
  closedAt: Moment | null;
  outcome: string | null;
  state: CaseState;
  /** Where its next write goes on: the end of its chain of events, and its wrapped key. */
  tail: { head: string; count: number; key: string };
};

export type FoundCase = { case: StoredCase; access: CaseAccess };

/** `sequence` counts from 1 within the case. */
export type StoredEvent = { sequence: number; at: Moment; person: PersonId; event: EngineEvent };
