import type { Answers, Bundle, Json } from './bundle.ts';
import type { FormDefinition } from './form.types.ts';
import type { Finding, Problem } from './problem.ts';
import type { SettingValues } from './setting-values.ts';
import type { WorkflowDefinition } from './workflow.types.ts';

/** Everything a content folder holds. */
export type Content = {
  /** The routes without errors, each with its forms and documents, sorted by file name. */
  workflows: Bundle[];
  /** Ids of all routes there are a file for, also of those with errors. */
  names: string[];
  /** Sorted by file, line and column. */
  problems: Problem[];
  partnerMaps: PartnerMap[];
  demos: Demo[];
  /** The routes and forms that fit their schema, also those with other mistakes: what an editor is told of (editor-schemas.ts). */
  readable: { routes: WorkflowDefinition[]; forms: { [id: string]: FormDefinition }; calendars: string[] };
  /** How many files were read, also those with errors. */
  counts: { workflows: number; forms: number; documents: number };
};

/** Laws, protocols and guidelines by id, with the day (YYYY-MM-DD) on which each must be looked at again. */
export type LegalSources = { title: string; sources: { [id: string]: { kind: 'wet' | 'protocol' | 'richtlijn'; title: string; article?: string; url: string; validFrom?: string; says: string; reviewBy: string } } };

/** A partner directory to start from. `file` is its path from the content folder. */
export type PartnerMap = { file: string; title: string; partners: PartnerEntry[] };

/** One organisation of a partner map. */
export type PartnerEntry = {
  organisation: string;
  contactPerson?: string;
  address?: string;
  phone?: string;
  email?: string;
  notes?: string;
  /** What the number is for, in the bar on every page. */
  purpose?: string;
  /** What this organisation offers, one by one. */
  services?: string[];
  /** Ids of partner roles. */
  roles: string[];
  emergency?: boolean;
  /** YYYY-MM-DD, or null when nobody checked it. */
  verifiedOn?: string | null;
};

/** A practice school. `workflow` is the id of its route. */
export type Demo = { file: string; workflow: string; data: DemoCases };

export type DemoCases = {
  workflow: string;
  school: { name: string; board?: string };
  /** Their `verifiedOn` may be a text as "@-30" (withDates). */
  partners?: PartnerEntry[];
  people: { [key: string]: { name: string; email: string; roles: string[]; admin?: boolean } };
  cases: { title: string; commands: DemoCommand[] }[];
};

/** One act: exactly one of open, submit, update (a task), take (a transition), waive (a rule) and reopen. */
export type DemoCommand = {
  /** School days from today, 0 or less. */
  day: number;
  /** HH:MM, in the time zone of the school. */
  time: string;
  /** A key of `people`. */
  person: string;
  open?: string;
  submit?: string;
  update?: string;
  take?: string;
  step?: string;
  waive?: string;
  confirm?: string;
  reopen?: string;
  answers?: Answers;
  subject?: Answers;
  index?: number;
  reason?: string;
};

/** What laws ask of routes, by the name that routes claim them with. */
export type LegalLists = { [list: string]: LegalList };

/** `performers`: the article that asks every step to say who does it. */
export type LegalList = { title: string; source: string; validFrom?: string; performers?: string; parts: { [part: string]: { kind: 'step' | 'guidance' | 'task' | 'form' | 'partnerRole' | 'decision'; article: string; text: string; mayNotApply?: boolean } } };

/** Tests of a route. `people`: their roles by key. */
export type Scenarios = { workflow: string; today: string; people: { [key: string]: string[] }; scenarios: { [id: string]: Scenario } };

/** `given`: the scenario it goes on from, or acts. */
export type Scenario = { title: string; settings?: SettingValues; given?: string | ScenarioAct[]; when: ScenarioAct[]; expect: ScenarioExpectation };

/** An act as in a practice school; day and time may be those of the act before. Without a person only the clock goes on. */
export type ScenarioAct = Partial<Pick<DemoCommand, 'day' | 'time' | 'person'>> & Omit<DemoCommand, 'day' | 'time' | 'person'>;

/** What must be so after a scenario; what is left out is not looked at. */
export type ScenarioExpectation = {
  holds?: { [path: string]: Json };
  outcome?: string | null;
  refused?: string[];
  ways?: { [transition: string]: 'open' | 'refused' | 'closed' };
  fired?: string[];
  told?: string[];
  due?: { [task: string]: string | null };
};

/** Plays the scenarios of a route: what goes otherwise than expected, for each file in the same order, and what of the route none of them takes. */
export type PlayScenarios = (bundle: Bundle, files: Scenarios[]) => { files: Finding[][]; route: Finding[] };

/**
 * Gives the day that many school days (Monday to Friday) before or after a day; in a weekend today counts as the Friday before,
 * so that nothing in a practice school happens on a Sunday, whenever it is made.
 */
export function schoolDayFrom(today: string, count: number): string {
  const weekday = (new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7;
  // Days since the Monday of this week, counted in school days, then back to calendar days.
  const target = Math.min(weekday, 4) + count;
  const weeks = Math.floor(target / 5);
  return calendarDayFrom(today, weeks * 7 + (target - weeks * 5) - weekday);
}

/** Replaces texts "@-3" (and "@0") by the date that many school days from today; deep, in lists and rows as well. */
export function withDates(value: Json, today: string): Json {
  if (typeof value === 'string') return /^@(-?\d+|\+\d+)$/.test(value) ? schoolDayFrom(today, Number(value.slice(1))) : value;
  if (Array.isArray(value)) return value.map((item) => withDates(item, today));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withDates(item, today)]));
}

function calendarDayFrom(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
