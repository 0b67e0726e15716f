import type { OpenCase } from '../../cases/cases.ts';
import type { Moment, PersonId } from '../../engine/state/case-state.ts';

/**
 * When somebody else last did something in a case after `since`; null: nobody did, or this is a first visit. Whoever sees only their own
 * part of a case hears of nothing else.
 */
export function newsOf({ stored: { state }, access, viewer }: Pick<OpenCase, 'stored' | 'access' | 'viewer'>, since: Moment | null): Moment | null {
  if (since === null || access !== 'full') return null;
  const acts: { by: PersonId | null; at: Moment | null }[] = [
    { by: state.starter, at: state.openedAt },
    ...state.records.map(({ by, at, updatedBy, updatedAt }) => (updatedBy === null ? { by, at } : { by: updatedBy, at: updatedAt })),
    ...state.visits.map(({ endedBy, endedAt }) => ({ by: endedBy, at: endedAt })),
    ...state.waivers.map(({ by, at }) => ({ by, at }))
  ];
  const moments = acts.flatMap(({ by, at }) => (at !== null && by !== null && by !== viewer.id && at > since ? [at] : []));
  return moments.sort().at(-1) ?? null;
}
