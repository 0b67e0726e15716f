import { nearest } from '../nearest.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import { fitsSetting } from '../setting-values.ts';
import type { Setting, WorkflowDefinition } from '../workflow.types.ts';

/** Checks the settings of a route: a question to the school, options where they belong, a default that is one of the values, and somebody who reads it. */
export function checkSettings(workflow: WorkflowDefinition): Finding[] {
  const read = new Set(wordsIn(workflow));
  return Object.entries(workflow.settings ?? {}).flatMap(([id, setting]) => {
    const at = ['settings', id];
    return [
      ...(setting.title === undefined ? [finding('missingKeyword', at, { key: 'title' })] : []),
      ...checkOptions(setting, at),
      ...(read.has(`settings.${id}`) ? [] : [finding('unusedSetting', at, { name: id }, { at: 'key', severity: 'warning' })])
    ];
  });
}

function checkOptions(setting: Setting, at: Path): Finding[] {
  const { type, options } = setting;
  if (type === 'array' && options === undefined) return [finding('missingKeyword', at, { key: 'options' })];
  if (options !== undefined && type !== 'string' && type !== 'array') return [finding('unfitKeyword', [...at, 'options'], { key: 'options', kind: type }, { at: 'key' })];
  return checkDefault(setting, at);
}

function checkDefault(setting: Setting, at: Path): Finding[] {
  const { default: value, options } = setting;
  if (fitsSetting(setting, value)) return [];
  const found = JSON.stringify(value);
  if (options === undefined) return [finding('optionUnfit', [...at, 'default'], { found, kind: setting.type })];
  const allowed = Object.keys(options);
  return [finding('impossibleValue', [...at, 'default'], { found: String(value), allowed: allowed.join(', ') }, { proposal: typeof value === 'string' ? nearest(value, allowed) : null })];
}

/** Every key and every text in a file, so that whoever reads a setting, reads it. */
function wordsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value, ...[...value.matchAll(/\{([^{}]*)\}/g)].map(([, path = '']) => path.trim())];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]: [string, unknown]) => [key, ...wordsIn(part)]);
}
