import type { Command } from '../state/case-state.ts';
import type { Change } from './change.ts';
import { mayBeResponsible } from '../model/performers.ts';
import { type Refusal, refuseHander, refuseWith } from './refusal.ts';

/** Makes somebody else responsible for the case. That person comes on its list, which is the work of who keeps the list. */
export function handOver(change: Change, { to }: Command & { type: 'handOver' }): Refusal | null {
  const { model, state } = change;
  const refusal = refuseHander(change);
  if (refusal !== null) return refusal;
  if (!mayBeResponsible(to, state)) return refuseWith('notOffered', model.t('engine.mayNotBeResponsible'));
  change.state = { ...state, responsible: to.id };
  change.events.push({ type: 'handedOver', from: state.responsible, to: to.id });
  return null;
}
