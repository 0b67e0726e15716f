import type { CaseContext } from '../model/case-context.ts';
import { activeVisit, activeVisits } from '../model/visits.ts';
import type { Command, Visit } from '../state/case-state.ts';
import { addRecord, type Change, closeCase, contextOf, endVisit, enterStep } from './change.ts';
import { exitForm } from '../model/form-names.ts';
import { isPerformer } from '../model/performers.ts';
import type { PreparedStep, PreparedTransition } from '../model/prepare.ts';
import { conditionReasons, leftVisits, obstacles, plainReason, waivedRules } from '../reading/reasons.ts';
import { type Refusal, refuse, refusePerformer, refuseWith } from './refusal.ts';
import { takeEach, together } from './take-each.ts';
import { settingsUsed, treesOfExit } from '../model/with-settings.ts';

/** Takes a way out: leaves its step, enters its targets, or closes the case. Refused with every unmet reason together (semantics 5). */
export function take(change: Change, command: Command & { type: 'take' }): Refusal | null {
  const { model, state, actor } = change;
  const { step, answers } = command;
  const place = step === null ? undefined : model.steps.get(step);
  if (place?.definition.decide === 'each') return command.transition === together ? takeEach(change, place) : refuseWith('notOffered', model.t('engine.takenTogether'));
  const transition = (step === null ? model.transitions : (model.steps.get(step)?.transitions ?? [])).find(({ id }) => id === command.transition);
  if (transition === undefined) return refuseWith('unknown', model.t('engine.unknown'));
  if (step !== null && !activeVisits(model, state).some((visit) => visit.step === step)) {
    return refuseWith('notOpen', model.t('engine.stepNotActive', { step: model.steps.get(step)?.definition.title ?? step }));
  }
  if (!isPerformer(transition.performers, actor, [state.starter])) return refusePerformer(model, transition.performers);
  const context = contextOf(change);
  const unmet = conditionReasons(context, transition.applies);
  if (unmet.length > 0) return refuse('notOffered', unmet);
  const form = transition.definition.form ?? null;
  const given = form === null ? {} : answers;
  const reasons = [...obstacles(context, transition, given), ...(given === null ? [formReason(change, form)] : [])];
  if (reasons.length > 0) return refuse('rules', reasons);
  carryOut(change, context, transition, form === null ? null : answers);
  return null;
}

function carryOut(change: Change, context: CaseContext, transition: PreparedTransition, answers: (Command & { type: 'take' })['answers']): void {
  const { id, step, definition, to } = transition;
  const left = leftVisits(context, transition);
  const visit = step === null ? null : (activeVisit(change.state, step)?.id ?? null);
  const entry = { task: exitForm(transition), form: definition.form ?? '', step, visit, late: false, by: change.actor.id };
  const waived = waivedRules(context, transition, answers ?? {});
  const record = answers === null ? null : addRecord(change, { ...entry, answers }).id;
  change.events.push({ type: 'transitionTaken', step, transition: id, record, waived, ...settingsUsed(change.model, () => treesOfExit(change.model, transition, stepsOf(change, left))) });
  if (definition.close !== undefined) {
    closeCase(change, definition.close, id, false);
    return;
  }
  endVisits(change, left, id);
  for (const target of to) enterStep(change, target);
}

function stepsOf({ model }: Change, visits: Visit[]): PreparedStep[] {
  return visits.flatMap(({ step }) => model.steps.get(step) ?? []);
}

function endVisits(change: Change, visits: Visit[], via: string): void {
  for (const visit of visits) endVisit(change, visit, via, false);
}

function formReason({ model }: Change, form: string | null): ReturnType<typeof plainReason> {
  return plainReason(model.t('engine.fillInForm', { form: model.bundle.forms[form ?? '']?.title ?? '' }), 'task');
}
