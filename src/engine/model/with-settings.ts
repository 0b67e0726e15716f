import { type SettingValues, settingValues } from '../../definitions/setting-values.ts';
import { pathsOf, type Tree } from '../conditions/condition-tree.ts';
import type { Model, PreparedStep, PreparedTransition } from './prepare.ts';

/** Gives a route as one school uses it: conditions read the settings that school filled in, live (semantics 15). Undefined: nothing, and the defaults stand. */
export function withSettings(model: Model, filledIn: SettingValues | undefined): Model {
  return model.workflow.settings === undefined || filledIn === undefined ? model : { ...model, settings: settingValues(model.workflow, filledIn) };
}

/** Gives the settings that conditions read, also by way of facts, with their values now, as events keep them; nothing when they read none. */
export function settingsUsed(model: Model, trees: () => readonly Tree[]): { settings?: SettingValues } {
  if (model.workflow.settings === undefined) return {};
  const names = settingsRead(model, trees());
  const used = Object.entries(model.settings).filter(([name]) => names.has(name));
  return used.length === 0 ? {} : { settings: Object.fromEntries(used) };
}

/** Gives the conditions that decide whether a way out may be taken; `left`: the steps it ends. */
export function treesOfExit(model: Model, transition: PreparedTransition, left: PreparedStep[]): Tree[] {
  const ofStep = transition.step === null ? [] : left.flatMap(({ rules }) => rules);
  const tasks = [...(transition.definition.close === undefined ? [] : model.topTasks), ...left.flatMap((step) => step.tasks)];
  return [
    transition.applies,
    ...[...model.rules, ...ofStep, ...transition.rules].flatMap(({ must, applies }) => [must, applies]),
    ...(transition.definition.unfinished === true ? [] : tasks.flatMap(({ required, applies }) => [typeof required === 'boolean' ? null : required, required === false ? null : applies]))
  ].filter((tree) => tree !== null);
}

function settingsRead(model: Model, trees: readonly Tree[]): ReadonlySet<string> {
  const names = new Set<string>();
  const facts = new Set<string>();
  const open = [...trees];
  for (let tree = open.pop(); tree !== undefined; tree = open.pop()) {
    for (const [head, name = ''] of pathsOf(tree)) {
      if (head === 'settings') names.add(name);
      const fact = head !== 'facts' || facts.has(name) ? undefined : model.facts.get(name);
      if (fact === undefined) continue;
      facts.add(name);
      open.push(fact);
    }
  }
  return names;
}
