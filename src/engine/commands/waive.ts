import { activeVisit, latestVisit } from '../model/visits.ts';
import type { CaseState, Command } from '../state/case-state.ts';
import type { Change } from './change.ts';
import { isPerformer } from '../model/performers.ts';
import type { PreparedRule } from '../model/prepare.ts';
import { type Refusal, refusePerformer, refuseShort, refuseWith } from './refusal.ts';

/** Passes a rule with a written reason, for this visit only, and of a rule for each of something for one of them. A rule without `waivable` is passed by nobody (definitions.md, meaning 4). */
export function waive(change: Change, { rule: id, source, step, reason }: Command & { type: 'waive' }): Refusal | null {
  const { model, state, actor, now } = change;
  const { t } = model;
  const found = findRule(change, id, step);
  if (found === undefined || (source === undefined) !== (found.rule.for === null)) return refuseWith('unknown', t('engine.unknown'));
  const visit = visitOf(state, step, found.ofTask);
  if (visit === undefined) return refuseWith('notOpen', t('engine.stepNotActive', { step: model.steps.get(step ?? '')?.definition.title ?? '' }));
  const { waivable } = found.rule.definition;
  if (waivable === undefined) return refuseWith('notOffered', t('engine.ruleIsHard'));
  if (!isPerformer(waivable, actor, [state.starter])) return refusePerformer(model, waivable);
  const short = refuseShort(model, reason);
  if (short !== null) return short;
  change.state = { ...state, waivers: [...state.waivers, { rule: id, visit, source: source ?? null, by: actor.id, at: now, reason: reason.trim() }] };
  change.events.push({ type: 'ruleWaived', rule: id, ...(source === undefined ? {} : { source }), step, visit, reason: reason.trim() });
  return null;
}

/** Null at the top level, and for a task of a step that was never entered; undefined when the step is not active. */
function visitOf(state: CaseState, step: string | null, ofTask: boolean): number | null | undefined {
  if (step === null) return null;
  // A record of a step that was left may still be handed in, and its rules are asked then.
  return ofTask ? (latestVisit(state, step)?.id ?? null) : activeVisit(state, step)?.id;
}

function findRule({ model }: Change, id: string, step: string | null): { rule: PreparedRule; ofTask: boolean } | undefined {
  const place = step === null ? { rules: model.rules, transitions: model.transitions, tasks: model.topTasks } : model.steps.get(step);
  if (place === undefined) return undefined;
  const own = [...place.rules, ...place.transitions.flatMap(({ rules }) => rules)].find((rule) => rule.id === id);
  if (own !== undefined) return { rule: own, ofTask: false };
  const ofTask = place.tasks.flatMap(({ rules }) => rules).find((rule) => rule.id === id);
  return ofTask === undefined ? undefined : { rule: ofTask, ofTask: true };
}
