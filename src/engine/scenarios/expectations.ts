import type { Json } from '../../definitions/bundle.ts';
import { type ScenarioExpectation, withDates } from '../../definitions/content.ts';
import { finding, type Finding, type Path } from '../../definitions/problem.ts';
import { type CaseContext, caseContext } from '../model/case-context.ts';
import { type CaseState, clockwork, type EngineEvent, type EngineResult, type Moment } from '../state/case-state.ts';
import { readCondition } from '../conditions/condition-tree.ts';
import { holds } from '../conditions/conditions.ts';
import { dueOf } from '../reading/due.ts';
import { exitViews } from '../overview/exit-view.ts';
import { instancesOf } from '../model/instances.ts';
import type { ExitView, Viewer } from '../model/overview-types.ts';
import type { Model } from '../model/prepare.ts';
import { activeVisits } from '../model/visits.ts';

/** How a scenario ended. `events`: of its own acts. `last`: what became of its last act; null when only time passed. */
export type Outcome = { model: Model; state: CaseState | null; now: Moment; today: string; events: EngineEvent[]; last: EngineResult | null };

/** A rule that stood before a way out. `step` null: a way of the top level. */
export type RuleInTheWay = { rule: string; step: string | null; transition: string };

/** Compares the end of a scenario with what was expected: one finding for each thing that is otherwise, and the rules that were seen in the way. */
export function failedExpectations(end: Outcome, expect: ScenarioExpectation, path: Path): { findings: Finding[]; reasons: RuleInTheWay[] } {
  const { state, events, last } = end;
  const { refused, fired, told, ways = {}, holds: condition = {}, due = {} } = expect;
  const firedNow = events.flatMap((event) => (event.type === 'eventFired' ? [event.event] : []));
  const toldNow = events.flatMap((event) => (event.type === 'termTold' ? [event.task ?? event.step ?? ''] : []));
  const start = [
    ...(refused === undefined ? [] : differences('refusedOtherwise', refused, last?.ok === false ? reasonIds(last) : [], [...path, 'refused'])),
    ...(fired === undefined ? [] : differences('firedOtherwise', fired, firedNow, [...path, 'fired'])),
    ...(told === undefined ? [] : differences('toldOtherwise', told, toldNow, [...path, 'told']))
  ];
  if (state === null) return { findings: start, reasons: [] };
  const context = caseContext(end.model, state, end.now, clockwork);
  const exits = exitsNow(context);
  const findings = [
    ...start,
    ...(expect.outcome === undefined || expect.outcome === state.outcome ? [] : [finding('outcomeOtherwise', [...path, 'outcome'], { expected: word(expect.outcome), found: word(state.outcome) })]),
    ...Object.entries(ways).flatMap(([id, expected]) => wayFinding(exits, id, expected, [...path, 'ways', id])),
    ...Object.entries(condition).flatMap(([key, test]) => conditionFinding(context, key, test, [...path, 'holds', key])),
    ...Object.entries(due).flatMap(([task, day]) => dueFinding(context, task, word(withDates(day, end.today)), [...path, 'due', task]))
  ];
  const reasons = exits.filter(({ id }) => Object.hasOwn(ways, id)).flatMap(({ id, step, reasons: all }) => all.flatMap(({ rule }) => (rule === null ? [] : [{ rule, step, transition: id }])));
  return { findings, reasons };
}

/** Gives what an act was refused for, in the words of scenarios: rules and tasks, or the code of the engine. */
export function reasonIds({ code, reasons }: EngineResult & { ok: false }): string[] {
  if (code !== 'rules') return [code];
  const words = { task: 'form', condition: 'reason', track: 'track', rule: 'rule' };
  return [...new Set(reasons.map(({ rule, task, kind }) => rule ?? task ?? words[kind]))];
}

const everything: Viewer = { id: clockwork.id, roles: [], sees: 'full' };

function exitsNow(context: CaseContext): ExitView[] {
  const { model, state } = context;
  if (state.status !== 'open') return [];
  return [...activeVisits(model, state).flatMap(({ step }) => model.steps.get(step)?.transitions ?? []), ...model.transitions].flatMap((transition) => exitViews(context, [transition], everything));
}

function wayFinding(exits: ExitView[], id: string, expected: string, path: Path): Finding[] {
  const exit = exits.find((one) => one.id === id);
  if (exit === undefined) return [finding('notOnTheWay', path, { name: id })];
  if (exit.status === expected) return [];
  const why = exit.reasons.map(({ text }) => text).join(' ');
  return [finding('wayOtherwise', path, { name: id, expected, found: why === '' ? exit.status : `${exit.status} (${why})` })];
}

function conditionFinding(context: CaseContext, key: string, test: Json, path: Path): Finding[] {
  if (holds(readCondition({ [key]: test }), context)) return [];
  const isPath = key !== 'all' && key !== 'any' && key !== 'none';
  return [isPath
    ? finding('answerOtherwise', path, { path: key, expected: word(test), found: word(context.valueOf(key.split('.')) ?? null) })
    : finding('conditionOtherwise', path, { key })];
}

function dueFinding(context: CaseContext, id: string, expected: string, path: Path): Finding[] {
  const task = context.model.tasks.get(id);
  const days = task === undefined ? [] : instancesOf(context, task).flatMap((one) => dueOf(context, one)?.day ?? []).sort();
  const found = word(days[0] ?? null);
  return found === expected ? [] : [finding('dueOtherwise', path, { name: id, expected, found })];
}

/** The order says nothing, and twice is once. */
function differences(code: string, expected: string[], found: string[], path: Path): Finding[] {
  const [one, other] = [expected, found].map((ids) => [...new Set(ids)].sort());
  if (String(one) === String(other)) return [];
  return [finding(code, path, { expected: list(expected), found: list([...new Set(found)]) })];
}

const longestWord = 120;

function list(ids: string[]): string {
  return ids.length === 0 ? '-' : ids.join(', ');
}

function word(value: Json): string {
  const text = value === null ? '-' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > longestWord ? `${text.slice(0, longestWord)}…` : text;
}
