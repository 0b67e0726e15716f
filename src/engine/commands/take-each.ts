import type { CaseContext } from '../model/case-context.ts';
import { activeVisit, activeVisits } from '../model/visits.ts';
import type { Reason } from '../state/case-state.ts';
import { type Change, closeCase, contextOf, endVisit, enterStep } from './change.ts';
import { isPerformer } from '../model/performers.ts';
import type { PreparedStep, PreparedTransition } from '../model/prepare.ts';
import { conditionReasons, leftVisits, obstacles, plainReason, waivedRules } from '../reading/reasons.ts';
import { type Refusal, refuse, refusePerformer, refuseWith } from './refusal.ts';
import { settingsUsed, treesOfExit } from '../model/with-settings.ts';

/** In the place of the id of a transition: all that hold, of a step with `decide: each`. No id looks like it. */
export const together = '-';

/**
 * Takes every way out of a step whose `when` holds, in one act and in the order of the file; the same target twice is entered once.
 * Refused when none holds: nobody goes nowhere (semantics 6).
 */
export function takeEach(change: Change, step: PreparedStep): Refusal | null {
  const { model, state, actor } = change;
  const context = contextOf(change);
  const ways = waysThatHold(context, step);
  if (!activeVisits(model, state).some((visit) => visit.step === step.id)) return refuseWith('notOpen', model.t('engine.stepNotActive', { step: step.definition.title }));
  if (ways.length === 0) return refuse('notOffered', distinct(step.transitions.flatMap(({ applies }) => conditionReasons(context, applies))));
  const barred = ways.find(({ performers }) => !isPerformer(performers, actor, [state.starter]));
  if (barred !== undefined) return refusePerformer(model, barred.performers);
  const reasons = obstaclesOfEach(context, ways);
  if (reasons.length > 0) return refuse('rules', reasons);
  carryOut(change, context, step, ways);
  return null;
}

/** Gives the ways out of a step whose `when` holds, in the order of the file. */
export function waysThatHold(context: CaseContext, { transitions }: PreparedStep): PreparedTransition[] {
  return transitions.filter(({ applies }) => conditionReasons(context, applies).length === 0);
}

/** Gives everything that stands in the way of taking these together, each reason once; one that closes the case goes with no other. */
export function obstaclesOfEach(context: CaseContext, ways: PreparedTransition[]): Reason[] {
  const closing = ways.find(({ definition }) => definition.close !== undefined);
  const beside = closing === undefined || ways.length === 1 ? [] : [plainReason(context.model.t('engine.closesAlone', { exit: closing.definition.title }), 'track')];
  return distinct([...ways.flatMap((way) => obstacles(context, way, {})), ...beside]);
}

function carryOut(change: Change, context: CaseContext, step: PreparedStep, ways: PreparedTransition[]): void {
  for (const way of ways) {
    const settings = settingsUsed(change.model, () => treesOfExit(change.model, way, [step]));
    change.events.push({ type: 'transitionTaken', step: step.id, transition: way.id, record: null, waived: waivedRules(context, way, {}), ...settings });
  }
  const via = ways.map(({ id }) => id).join(' ');
  const outcome = ways[0]?.definition.close;
  if (outcome !== undefined) {
    closeCase(change, outcome, via, false);
    return;
  }
  const visit = ways.some((way) => leftVisits(context, way).length > 0) ? activeVisit(change.state, step.id) : undefined;
  if (visit !== undefined) endVisit(change, visit, via, false);
  for (const target of new Set(ways.flatMap(({ to }) => to))) enterStep(change, target);
}

function distinct(reasons: Reason[]): Reason[] {
  return reasons.filter((reason, index) => reasons.findIndex((other) => other.text === reason.text) === index);
}
