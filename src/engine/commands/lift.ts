import type { Command } from '../state/case-state.ts';
import type { Change } from './change.ts';
import { mayLift } from '../model/performers.ts';
import { type Refusal, refusePerformer, refuseShort, refuseWith } from './refusal.ts';

/**
 * Ends the restriction of a case: by a role the route names under `lift`, with a reason. Those with a role of `access.read` see it from
 * then on; whom the restriction shut out by name stays out, also of what comes later.
 */
export function lift(change: Change, { reason }: Command & { type: 'lift' }): Refusal | null {
  const { model, actor, state } = change;
  const { restriction } = state;
  if (restriction === null) return refuseWith('notOffered', model.t('engine.notRestricted'));
  if (!mayLift(actor, state)) return refusePerformer(model, restriction.lift);
  const short = refuseShort(model, reason);
  if (short !== null) return short;
  change.state = { ...state, restriction: null, barred: restriction.never };
  change.events.push({ type: 'restrictionLifted', reason: reason.trim() });
  return null;
}
