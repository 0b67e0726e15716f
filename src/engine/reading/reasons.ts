import type { Answers } from '../../definitions/bundle.ts';
import type { FormDefinition } from '../../definitions/form.types.ts';
import { type CaseContext, isUndone } from '../model/case-context.ts';
import { activeVisits } from '../model/visits.ts';
import type { CaseState, Reason, Visit } from '../state/case-state.ts';
import { leafTexts, taskOfLeaf } from './condition-text.ts';
import type { Tree } from '../conditions/condition-tree.ts';
import { holds, isAnswer, type Leaf, unmetLeaves } from '../conditions/conditions.ts';
import { instancesOf, sourceIn, sourcesAt } from '../model/instances.ts';
import { answerText, labelOf, quoted, type Scope, settingText } from '../model/labels.ts';
import type { Model, PreparedRule, PreparedTask, PreparedTransition, Source } from '../model/prepare.ts';

/** What a rule is asked about: the record or exit form being handed in, the form it belongs to, the visit it holds for. */
export type Asked = { answers: Answers | null; form: FormDefinition | null; visit: Visit | null };

/**
 * Gives everything that stands in the way of an exit whose `when` holds, all together, in file order (semantics 5).
 * Without the answers of its form the rules that read them are left out.
 */
export function obstacles(context: CaseContext, transition: PreparedTransition, answers: Answers | null): Reason[] {
  const { model, state } = context;
  const { close, unfinished = false, form } = transition.definition;
  const left = leftVisits(context, transition);
  const steps = left.flatMap((visit) => model.steps.get(visit.step) ?? []);
  const own = transition.step === null ? undefined : state.visits.find(({ step, status }) => step === transition.step && status === 'active');
  const asked = { answers, form: model.bundle.forms[form ?? ''] ?? null, visit: own ?? null };
  const topTasks = unfinished || close === undefined ? [] : model.topTasks;
  const stepTasks = unfinished ? [] : steps.flatMap((step) => step.tasks);
  return [
    ...requiredReasons(context, topTasks),
    ...ruleReasons(context, model.rules, { ...asked, visit: null }),
    ...requiredReasons(context, stepTasks),
    // Rules of a step are asked by its own exits; an exit of the top level ends or leaves the step for another cause.
    ...(transition.step === null ? [] : steps.flatMap((step) => ruleReasons(context, step.rules, asked))),
    ...ruleReasons(context, transition.rules, asked),
    ...(close === undefined || transition.step === null ? [] : trackReasons(model, state, transition.step))
  ];
}

/** Gives the visits an exit ends: its own step, or every track for an exit of the top level; none when it stays. */
export function leftVisits(context: CaseContext, transition: PreparedTransition): Visit[] {
  const { model, state } = context;
  if (transition.definition.stay === true) return [];
  if (transition.step !== null) return activeVisits(model, state).filter((visit) => visit.step === transition.step);
  return state.visits.filter((visit) => visit.status === 'active');
}

/** Gives the rules that are asked, do not hold and were not waived; hints are left out. */
export function ruleReasons(context: CaseContext, rules: PreparedRule[], asked: Asked): Reason[] {
  return unmetRules(context, rules, asked)
    .filter(({ rule, source }) => rule.definition.hint !== true && !isWaived(context.state, { rule: rule.id, source, visit: asked.visit }))
    .map(({ rule, source, leaves, text }) => ({
      kind: 'rule', text, rule: rule.id, ...(source === null ? {} : { source }),
      task: firstTask(context.model, leaves),
      waivable: rule.definition.waivable ?? null
    }));
}

/** Gives the messages of hints that do not hold: shown, never refusing. */
export function hintTexts(context: CaseContext, rules: PreparedRule[], asked: Asked): string[] {
  return unmetRules(context, rules.filter((rule) => rule.definition.hint === true), asked).map(({ text }) => text);
}

/** Gives a reason for each part of a `when` that does not hold. */
export function conditionReasons(context: CaseContext, tree: Tree | null, scope?: Scope): Reason[] {
  if (tree === null) return [];
  const reasons = unmetLeaves(tree, context).flatMap((leaf) =>
    leafTexts(context.model, [leaf], scope).map((text): Reason => ({ kind: 'condition', text, task: taskOfLeaf(context.model, leaf), rule: null, waivable: null })));
  return reasons.filter((reason, index) => reasons.findIndex((other) => other.text === reason.text) === index);
}

/** Gives the ids of the rules that only a waiver lets this exit pass; nothing else stands in its way. */
export function waivedRules(context: CaseContext, transition: PreparedTransition, answers: Answers | null): string[] {
  if (context.state.waivers.length === 0) return [];
  const withoutWaivers = caseWithoutWaivers(context);
  return obstacles(withoutWaivers, transition, answers).flatMap((reason) => reason.rule ?? []);
}

/** Makes a refusal's reason that is one sentence. */
export function plainReason(text: string, kind: Reason['kind'] = 'condition', task: string | null = null): Reason {
  return { kind, text, task, rule: null, waivable: null };
}

function caseWithoutWaivers(context: CaseContext): CaseContext {
  return { ...context, state: { ...context.state, waivers: [] } };
}

function requiredReasons(context: CaseContext, tasks: PreparedTask[]): Reason[] {
  return tasks
    .flatMap((task) => instancesOf(context, task))
    .filter((task) => isUndone(context, task))
    .map((task) => ({ ...plainReason(context.model.t('engine.doFirst', { task: quoted(context.model, task.title) }), 'task', task.id), ...sourceIn(task) }));
}

function trackReasons({ t, steps }: Model, state: CaseState, own: string): Reason[] {
  return state.visits
    .filter((visit) => visit.status === 'active' && visit.step !== own)
    .map((visit) => plainReason(t('engine.otherStepActive', { step: steps.get(visit.step)?.definition.title ?? visit.step }), 'track'));
}

type UnmetRule = { rule: PreparedRule; source: string | null; leaves: Leaf[]; text: string };

function unmetRules(context: CaseContext, rules: PreparedRule[], asked: Asked): UnmetRule[] {
  return rules
    .filter((rule) => asked.answers !== null || !rule.readsThis)
    .flatMap((rule) => sourcesOfRule(context, rule, asked).flatMap((source) => unmetRule(context.reading(asked.answers ?? undefined, source?.value), rule, asked, source)));
}

/** A rule with `for` is asked once for each record or row; over nothing it is not asked. */
function sourcesOfRule(context: CaseContext, rule: PreparedRule, asked: Asked): (Source | null)[] {
  return rule.for === null ? [null] : sourcesAt(context, rule.for, asked.answers ?? undefined);
}

function unmetRule(context: CaseContext, rule: PreparedRule, asked: Asked, source: Source | null): UnmetRule[] {
  if (rule.applies !== null && !holds(rule.applies, context)) return [];
  if (holds(rule.must, context)) return [];
  return [{ rule, source: source?.key ?? null, leaves: unmetLeaves(rule.must, context), text: messageText(context, rule, asked.form) }];
}

/** Fills in {paths} of a message; an answer in free text is named by its question, never shown. */
function messageText(context: CaseContext, rule: PreparedRule, form: FormDefinition | null): string {
  return rule.definition.message.replace(/\{([A-Za-z][A-Za-z0-9._-]*)\}/g, (_, name: string) => {
    const path = name.split('.');
    if (path[0] === 'settings') return settingText(context.model, path[1] ?? '', context.valueOf(path)) ?? name;
    // What `for` stands for is named, so that people know which one is meant.
    const isNamed = path[0] === 'for' && rule.for !== null;
    const label = labelOf(context.model, isNamed ? [...rule.for ?? [], ...path.slice(1)] : path, { form, row: null });
    const value = context.valueOf(path);
    const shown = isAnswer(value) ? (answerText(context.model, value, label.field, label.form) ?? (isNamed && typeof value === 'string' ? value : null)) : null;
    return shown ?? label.name ?? (label.field === null ? context.model.t('engine.thisOne') : (label.question ?? name));
  });
}

function firstTask(model: Model, leaves: Leaf[]): string | null {
  return leaves.map((leaf) => taskOfLeaf(model, leaf)).find((task) => task !== null) ?? null;
}

/** A rule for each of something is waived for one of them (semantics 5). */
function isWaived(state: CaseState, { rule, source, visit }: { rule: string; source: string | null; visit: Visit | null }): boolean {
  return state.waivers.some((waiver) => waiver.rule === rule && waiver.source === source && waiver.visit === (visit?.id ?? null));
}
