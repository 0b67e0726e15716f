import type { Scenario, ScenarioAct, ScenarioExpectation, Scenarios } from '../content.ts';
import type { FormDefinition } from '../form.types.ts';
import { rulesOf, tasksOf, transitionsOf } from '../lookup.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import { fitsSetting } from '../setting-values.ts';
import type { WorkflowDefinition } from '../workflow.types.ts';
import { checkCondition } from './conditions.ts';
import { checkAct, type Cast, checkPerson, type DemoSurroundings, unknown } from './demo.ts';
import { workflowScope } from './scope.ts';

/** Checks that scenarios name only what their route has. Whether what they expect comes true is seen when they are played. */
export function checkScenarios({ workflow: route, people, scenarios }: Scenarios, { routes, names, forms }: DemoSurroundings): Finding[] {
  const workflow = routes.find(({ id }) => id === route);
  if (workflow === undefined) return names.includes(route) ? [] : [unknown('unknownWorkflow', ['workflow'], route, names)];
  const cast: Cast = { workflow, forms, people: Object.keys(people), partners: null };
  return [
    ...Object.entries(people).flatMap(([key, roles]) => among('unknownRole', roles, Object.keys(workflow.roles), ['people', key])),
    ...Object.entries(scenarios).flatMap(([id, scenario]) => checkScenario(scenario, ['scenarios', id], Object.keys(scenarios), cast)),
    ...circles(scenarios)
  ];
}

function checkScenario({ settings = {}, given = [], when, expect }: Scenario, path: Path, known: string[], cast: Cast): Finding[] {
  const { workflow, forms } = cast;
  const each = (acts: ScenarioAct[], name: string): Finding[] => acts.flatMap((act, index) => checkScenarioAct(act, [...path, name, index], cast));
  return [
    ...Object.entries(settings).flatMap(([id, value]) => checkSetting(workflow, id, value, [...path, 'settings', id])),
    ...(typeof given === 'string' ? among('unknownScenario', [given], known, [...path, 'given'], false) : each(given, 'given')),
    ...each(when, 'when'),
    ...checkExpectation(expect, [...path, 'expect'], workflow, forms)
  ];
}

/** Without a person only the clock goes on. */
function checkScenarioAct(act: ScenarioAct, path: Path, cast: Cast): Finding[] {
  const { day, time, person, ...rest } = act;
  if (person === undefined && Object.keys(rest).length === 0 && (day ?? time) !== undefined) return [];
  return person === undefined ? [finding('missingKeyword', path, { key: 'person' })] : [...checkPerson(person, path, cast), ...checkAct(rest, path, cast)];
}

function checkSetting({ settings = {} }: WorkflowDefinition, id: string, value: unknown, path: Path): Finding[] {
  const setting = Object.hasOwn(settings, id) ? settings[id] : undefined;
  if (setting === undefined) return [{ ...unknown('unknownSetting', path, id, Object.keys(settings)), at: 'key' }];
  return fitsSetting(setting, value) ? [] : [finding('settingUnfit', path, { name: id })];
}

/** What an act may be refused for besides rules and tasks: the codes of the engine, another track, a form or a reason that is missing. */
const otherReasons = ['notOffered', 'notPerformer', 'notOpen', 'frozen', 'closed', 'track', 'form', 'reason'];

function checkExpectation(expect: ScenarioExpectation, path: Path, workflow: WorkflowDefinition, forms: { [id: string]: FormDefinition }): Finding[] {
  const { holds, outcome, refused = [], ways = {}, fired = [], told = [], due = {} } = expect;
  const tasks = [...tasksOf(workflow).map(({ id }) => id), ...(workflow.subject === undefined ? [] : [workflow.subject])];
  const rules = rulesOf(workflow).map(({ id }) => id);
  return [
    ...(holds === undefined ? [] : checkCondition(holds, [...path, 'holds'], workflowScope(workflow, forms))),
    ...(typeof outcome === 'string' ? among('unknownOutcome', [outcome], Object.keys(workflow.outcomes), [...path, 'outcome'], false) : []),
    ...among('unknownReason', refused, [...rules, ...tasks, ...otherReasons], [...path, 'refused']),
    ...keysAmong('unknownTransition', ways, transitionsOf(workflow).map(({ id }) => id), [...path, 'ways']),
    ...among('unknownEvent', fired, Object.keys(workflow.events ?? {}), [...path, 'fired']),
    ...among('unknownTask', told, [...tasks, ...Object.keys(workflow.steps)], [...path, 'told']),
    ...keysAmong('unknownTask', due, tasks, [...path, 'due']),
    ...Object.entries(due).flatMap(([id, day]) => (day === null || /^(\d{4}-\d\d-\d\d|@[-+]?\d{1,4})$/.test(day) ? [] : [finding('noDate', [...path, 'due', id], { found: day })]))
  ];
}

/** A scenario that goes on from itself, also by way of others, never begins. */
function circles(scenarios: Scenarios['scenarios']): Finding[] {
  const before = (id: string): string | undefined => {
    const given = Object.hasOwn(scenarios, id) ? scenarios[id]?.given : undefined;
    return typeof given === 'string' ? given : undefined;
  };
  return Object.keys(scenarios).filter((id) => {
    const seen = new Set<string>();
    let next = before(id);
    for (; next !== undefined && next !== id && !seen.has(next); next = before(next)) seen.add(next);
    return next === id;
  }).map((id) => finding('scenarioCircle', ['scenarios', id, 'given']));
}

function among(code: string, names: string[], known: string[], path: Path, isList = true): Finding[] {
  return names.flatMap((name, index) => (known.includes(name) ? [] : [unknown(code, isList ? [...path, index] : path, name, known)]));
}

function keysAmong(code: string, named: object, known: string[], path: Path): Finding[] {
  return Object.keys(named).flatMap((name) => (known.includes(name) ? [] : [{ ...unknown(code, [...path, name], name, known), at: 'key' as const }]));
}
