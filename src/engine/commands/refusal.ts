import type { EngineResult, Reason, RefusalCode } from '../state/case-state.ts';
import type { Change } from './change.ts';
import { roleTitles } from '../model/labels.ts';
import { mayHandOver } from '../model/performers.ts';
import type { Model } from '../model/prepare.ts';
import { plainReason } from '../reading/reasons.ts';

/** A reason shorter than this says nothing. */
const fewestCharacters = 10;

/** Why a command is refused. */
export type Refusal = EngineResult & { ok: false };

/** Refuses with these reasons. */
export function refuse(code: RefusalCode, reasons: Reason[]): Refusal {
  return { ok: false, code, reasons };
}

/** Refuses with one sentence. */
export function refuseWith(code: RefusalCode, text: string): Refusal {
  return refuse(code, [plainReason(text)]);
}

/** Refuses somebody who may not do this, and names the roles that may. */
export function refusePerformer(model: Model, performers: readonly string[] | null): Refusal {
  return refuseWith('notPerformer', model.t('engine.notYourTask', { roles: roleTitles(model, performers ?? ['author']).join(', ') }));
}

/** Refuses somebody who may not hand this case, or a task of it, to others; null: they may. */
export function refuseHander({ model, actor, state }: Change): Refusal | null {
  if (mayHandOver(model, actor, state)) return null;
  const roles = [model.t('engine.responsible'), ...roleTitles(model, model.workflow.access.read)];
  return refuseWith('notPerformer', model.t('engine.notYourTask', { roles: roles.join(', ') }));
}

/** Refuses a written reason that says nothing; null: it is long enough. */
export function refuseShort(model: Model, reason: string): Refusal | null {
  return reason.trim().length < fewestCharacters ? refuseWith('rules', model.t('engine.reasonTooShort', { n: fewestCharacters })) : null;
}
