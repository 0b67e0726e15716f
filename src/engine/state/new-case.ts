import type { CaseOrigin, CaseState, Moment, PersonId } from './case-state.ts';

/** Makes the state of a case that has just begun: nothing is written and no step entered yet. */
export function newCase(starter: PersonId, at: Moment, from?: CaseOrigin): CaseState {
  return {
    status: 'open', openedAt: at, closedAt: null, outcome: null, starter, ...(from === undefined ? {} : { from }), responsible: starter,
    visits: [], records: [], waivers: [], reviews: [], fired: [], skipped: {}, notices: [], told: [], restriction: null, barred: [], asked: [], handed: [], lastRecord: 0, lastVisit: 0
  };
}
