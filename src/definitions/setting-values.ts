import type { Setting, WorkflowDefinition } from './workflow.types.ts';

/** A text, one of the options, yes or no, a whole number, or several of the options. */
export type SettingValue = Setting['default'];

/** Values by id of the setting. */
export type SettingValues = { [setting: string]: SettingValue };

/** What a school filled in, by id of the route. */
export type RouteSettings = { [workflow: string]: SettingValues };

/** No text of a school is longer. */
export const longestSetting = 200;

/** Can this be the value of a setting? */
export function fitsSetting({ type, options }: Setting, value: unknown): value is SettingValue {
  const isOption = (one: unknown): boolean => typeof one === 'string' && Object.hasOwn(options ?? {}, one);
  switch (type) {
    case 'boolean': return typeof value === 'boolean';
    case 'integer': return Number.isSafeInteger(value);
    case 'string': return options === undefined ? typeof value === 'string' && value.length <= longestSetting : isOption(value);
    case 'array': return Array.isArray(value) && value.every(isOption) && new Set(value).size === value.length;
  }
}

/** Gives the value of every setting of a route: what the school filled in, or the default where it filled in nothing that fits this version. */
export function settingValues({ settings = {} }: WorkflowDefinition, filledIn: SettingValues = {}): SettingValues {
  return Object.fromEntries(Object.entries(settings).map(([id, setting]) => {
    const value = Object.hasOwn(filledIn, id) ? filledIn[id] : undefined;
    return [id, fitsSetting(setting, value) ? value : setting.default];
  }));
}
