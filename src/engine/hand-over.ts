import type { Command } from './case-state.ts';
import type { Change } from './change.ts';
import { roleTitles } from './labels.ts';
import { mayBeResponsible, mayHandOver } from './performers.ts';
import { type Refusal, refuseWith } from './refusal.ts';

/** Makes somebody else responsible for the case. That person comes on its list, which is the work of who keeps the list. */
export function handOver(change: Change, { to }: Command & { type: 'handOver' }): Refusal | null {
  const { model, actor, state } = change;
  if (!mayHandOver(model, actor, state)) {
    const roles = [model.t('engine.responsible'), ...roleTitles(model, model.workflow.access.read)];
    return refuseWith('notPerformer', model.t('engine.notYourTask', { roles: roles.join(', ') }));
  }
  if (!mayBeResponsible(to, state)) return refuseWith('notOffered', model.t('engine.mayNotBeResponsible'));
  change.state = { ...state, responsible: to.id };
  change.events.push({ type: 'handedOver', from: state.responsible, to: to.id });
  return null;
}
