import type { Command } from '../state/case-state.ts';
import { addRecord, type Change, contextOf, enterStep } from './change.ts';
import { reopenForm } from '../model/form-names.ts';
import { withoutKeeping } from './keeping.ts';
import { isPerformer } from '../model/performers.ts';
import { conditionReasons, plainReason } from '../reading/reasons.ts';
import { type Refusal, refuse, refusePerformer, refuseWith } from './refusal.ts';

/** Opens a closed case again, in one of the steps its definition names, with the form it asks for. Earlier visits and records stay. */
export function reopen(change: Change, { reopening: id, to, answers }: Command & { type: 'reopen' }): Refusal | null {
  const { model, actor, state } = change;
  const { t } = model;
  const reopening = model.reopenings.find((one) => one.id === id);
  if (reopening?.to.includes(to) !== true) return refuseWith('unknown', t('engine.unknown'));
  if (state.status !== 'closed') return refuseWith('notOpen', t('engine.notClosed'));
  if (!isPerformer(reopening.performers, actor, [state.starter])) return refusePerformer(model, reopening.performers);
  const unmet = conditionReasons(contextOf(change), reopening.applies);
  if (unmet.length > 0) return refuse('notOffered', unmet);
  const { form } = reopening.definition;
  if (form !== undefined && answers === null) return refuse('rules', [plainReason(t('engine.fillInForm', { form: model.bundle.forms[form]?.title ?? '' }), 'task')]);
  const entry = { task: reopenForm(id), form: form ?? '', step: null, visit: null, late: false, by: actor.id };
  const record = form === undefined || answers === null ? null : addRecord(change, { ...entry, answers }).id;
  change.state = { ...withoutKeeping(change.state), status: 'open', closedAt: null, outcome: null };
  const steps = reopening.definition.decide === 'each' ? reopening.to : [to];
  change.events.push({ type: 'caseReopened', reopening: id, to: steps, record });
  for (const step of steps) enterStep(change, step);
  return null;
}
