import { fitsSetting, longestSetting, type SettingValue, type SettingValues } from '../../definitions/setting-values.ts';
import type { Setting, WorkflowDefinition } from '../../definitions/workflow.types.ts';
import type { Pairs } from '../../forms/form-types.ts';
import type { Translate } from '../../texts.ts';
import { valueIn } from '../site/http.ts';
import type { Block } from '../views/school-view-models.ts';
import { textField } from '../site/text-field.ts';

export type ReadSettings = { settings: SettingValues; problems: { [name: string]: string } };

/** What the form of a route's settings holds before anybody typed. */
export function pairsOfSettings({ id }: Pick<WorkflowDefinition, 'id'>, values: SettingValues): Pairs {
  return Object.entries(values).flatMap(([setting, value]) => [value].flat().map((one): Pairs[number] => [nameOf(id, setting), wordOf(one)]));
}

/** Reads the settings of a route from a post, with a sentence for each that cannot be kept. */
export function readSettings(t: Translate, { id, settings = {} }: Pick<WorkflowDefinition, 'id' | 'settings'>, values: Pairs): ReadSettings {
  const read: ReadSettings = { settings: {}, problems: {} };
  for (const [name, setting] of Object.entries(settings)) {
    const value = readValue(setting, values, nameOf(id, name));
    if (fitsSetting(setting, value)) read.settings[name] = value;
    else read.problems[nameOf(id, name)] = problemOf(t, setting);
  }
  return read;
}

/** The question about one setting. */
export function settingBlock(t: Translate, { workflow, id, setting, values, problems }: {
  workflow: string; id: string; setting: Setting; values: Pairs; problems: { [name: string]: string };
}): Block {
  const name = nameOf(workflow, id);
  const common = { id: name, name, label: setting.title ?? id, hint: setting.text ?? null, error: problems[name] ?? null };
  const choices = choicesOf(t, setting);
  if (choices === null) {
    return { kind: 'field', field: textField({ ...common, value: valueIn(values, name), width: setting.type === 'integer' ? 'short' : null, optional: setting.type === 'string' }) };
  }
  const chosen = values.filter(([own]) => own === name).map(([, value]) => value);
  return { kind: 'choice', choice: {
    ...common, multiple: setting.type === 'array',
    choices: choices.map(([value, text], index) => ({ id: index === 0 ? name : `${name}-${value}`, value, text, hint: null, checked: chosen.includes(value) }))
  } };
}

function choicesOf(t: Translate, { type, options }: Setting): [string, string][] | null {
  if (type === 'boolean') return [['yes', t('forms.yes')], ['no', t('forms.no')]];
  return options === undefined ? null : Object.entries(options).map(([value, { title }]) => [value, title ?? value]);
}

function readValue({ type }: Setting, values: Pairs, name: string): SettingValue | undefined {
  const value = valueIn(values, name).trim();
  switch (type) {
    case 'boolean': return value === 'yes' ? true : value === 'no' ? false : undefined;
    case 'integer': return /^-?\d{1,9}$/.test(value) ? Number(value) : undefined;
    case 'string': return value;
    case 'array': return values.filter(([own]) => own === name).map(([, one]) => one);
  }
}

function problemOf(t: Translate, { type, options }: Setting): string {
  if (type === 'integer') return t('school.settings.needsNumber');
  return type === 'string' && options === undefined ? t('school.settings.tooLong', { most: longestSetting }) : t('school.settings.needsChoice');
}

function wordOf(value: boolean | string | number): string {
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
}

/** Unique on the page: ids of routes have no capitals and ids of settings no dot. */
function nameOf(workflow: string, setting: string): string {
  return `${workflow}.${setting}`;
}
