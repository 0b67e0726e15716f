import type { CaseState, Visit } from '../state/case-state.ts';
import type { StepView } from './overview-types.ts';
import type { Model } from './prepare.ts';

/** Gives the visits that are active, waiting ones left out. */
export function activeVisits(model: Model, state: CaseState): Visit[] {
  const active = state.visits.filter((visit) => visit.status === 'active');
  if (active.length < 2) return active;
  const started = active.filter((visit) => model.steps.get(visit.step)?.definition.waitForAll !== true);
  // If everyone waits they start, so a case never has no step (semantics 18).
  return started.length === 0 ? active : started;
}

/** Gives the visit of a step that is active or waiting. */
export function activeVisit(state: CaseState, step: string): Visit | undefined {
  return state.visits.find((visit) => visit.step === step && visit.status === 'active');
}

/** Gives the last visit of a step, whatever its status. */
export function latestVisit(state: CaseState, step: string): Visit | undefined {
  return state.visits.findLast((visit) => visit.step === step);
}

/** Gives the status of a step; a step passed over is skipped until it is entered. */
export function stepStatus(model: Model, state: CaseState, step: string): StepView['status'] {
  const active = activeVisit(state, step);
  if (active !== undefined) return activeVisits(model, state).includes(active) ? 'active' : 'waiting';
  if (state.skipped[step] !== undefined) return 'skipped';
  return latestVisit(state, step)?.status ?? 'ahead';
}
