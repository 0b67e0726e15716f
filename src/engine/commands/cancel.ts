import type { Command } from '../state/case-state.ts';
import { type Change, endVisit } from './change.ts';
import { mayCancel } from '../model/performers.ts';
import { type Refusal, refuseShort, refuseWith } from './refusal.ts';

/** Cancels a case that was started by mistake: by who started it, within its first step, with a reason. It stays as a tombstone (semantics 24). */
export function cancel(change: Change, { reason }: Command & { type: 'cancel' }): Refusal | null {
  const { model, actor, state, now } = change;
  if (state.starter !== actor.id) return refuseWith('notPerformer', model.t('engine.notYourTask', { roles: model.t('engine.author') }));
  if (!mayCancel(model, actor, state)) return refuseWith('notOffered', model.t('engine.tooFarToCancel'));
  const short = refuseShort(model, reason);
  if (short !== null) return short;
  for (const visit of state.visits.filter(({ status }) => status === 'active')) endVisit(change, visit, 'cancel', true);
  change.state = { ...change.state, status: 'cancelled', closedAt: now };
  change.events.push({ type: 'caseCancelled', reason: reason.trim() });
  return null;
}
