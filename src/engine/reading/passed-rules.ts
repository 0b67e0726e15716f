import type { Answers } from '../../definitions/bundle.ts';
import type { CaseContext } from '../model/case-context.ts';
import { latestVisit } from '../model/visits.ts';
import type { CaseState, EngineEvent, PassedRule, Reason, Visit } from '../state/case-state.ts';
import { exitForm } from '../model/form-names.ts';
import type { PreparedStep } from '../model/prepare.ts';
import { ruleReasons } from './reasons.ts';

/**
 * Gives the rules that were asked in the past and do not hold as things are now: of every record that was handed in, and of the way
 * out that ended the latest visit of a step. What was waived is left out. Only the difference that one act makes means something:
 * what came later was never asked of them.
 */
export function unmetPassedRules(context: CaseContext): PassedRule[] {
  return [...ofRecords(context), ...context.state.visits.flatMap((visit) => ofVisit(context, visit))];
}

/** Gives the rules that corrections broke and none has mended since, in the order of breaking. */
export function brokenByCorrections(events: EngineEvent[]): PassedRule[] {
  return events.reduce((broken: PassedRule[], event) => (event.type === 'recordCorrected' ? [...without(broken, event.met), ...event.unmet] : broken), []);
}

/** Gives the rules of one list that the other does not have. */
export function without(rules: PassedRule[], others: PassedRule[]): PassedRule[] {
  const keys = new Set(others.map(keyOf));
  return rules.filter((rule) => !keys.has(keyOf(rule)));
}

function ofRecords(context: CaseContext): PassedRule[] {
  const { model, state } = context;
  return state.records.flatMap((record) => {
    const task = model.tasks.get(record.task);
    if (task === undefined || task.emergency || task.rules.length === 0) return [];
    const visit = state.visits.find(({ id }) => id === record.visit) ?? null;
    return ruleReasons(context, task.rules, { answers: record.answers, form: task.form, visit }).map((reason) => passed(reason, record.visit, record.id));
  });
}

/** Conditions read the latest visit of a step, so an earlier one can no longer be asked. An event asks no rules. */
function ofVisit(context: CaseContext, visit: Visit): PassedRule[] {
  const { model, state } = context;
  const step = model.steps.get(visit.step);
  if (step === undefined || visit.endedVia === null || latestVisit(state, visit.step)?.id !== visit.id) return [];
  // Ways that were taken together stand there one after the other.
  return visit.endedVia.split(' ').flatMap((via) => ofWay(context, visit, step, via));
}

function ofWay(context: CaseContext, visit: Visit, step: PreparedStep, via: string): PassedRule[] {
  const { model, state } = context;
  const own = step.transitions.find(({ id }) => id === via);
  const transition = own ?? model.transitions.find(({ id }) => id === via);
  if (transition === undefined) return [];
  const form = model.bundle.forms[transition.definition.form ?? ''] ?? null;
  const asked = { answers: answersOf(state, transition, visit), form };
  const reasons = [
    ...ruleReasons(context, model.rules, { ...asked, visit: null }),
    ...ruleReasons(context, own === undefined ? [] : step.rules, { ...asked, visit }),
    ...ruleReasons(context, transition.rules, { ...asked, visit: own === undefined ? null : visit })
  ];
  return reasons.map((reason) => passed(reason, visit.id, null));
}

function answersOf(state: CaseState, transition: { step: string | null; id: string }, visit: Visit): Answers {
  const task = exitForm(transition);
  return state.records.findLast((record) => record.task === task && (record.visit === null || record.visit === visit.id))?.answers ?? {};
}

function passed({ rule, source, text }: Reason, visit: number | null, record: number | null): PassedRule {
  return { rule: rule ?? '', ...(source === undefined ? {} : { source }), visit, record, text };
}

function keyOf({ rule, source = '', visit, record }: PassedRule): string {
  return `${rule}:${source}:${String(visit)}:${String(record)}`;
}
