// Generated from workflow.schema.json by "npm run types". Do not edit.

export type FileId = string;
export type Line = string;
export type Markdown = string;
export type Id = string;
export type Path = string;
export type Text = string;
/**
 * Ids of roles, or author: the person who wrote the record or started the case.
 *
 * @minItems 1
 */
export type Performers = Id[];
export type FieldName = string;
/**
 * Paths, such as steps.melden.tasks.melding, that an overlay may tighten and never drop.
 */
export type Lock = string[];

/**
 * A route: the steps, tasks, rules and exits that a case follows. One file in workflows/.
 */
export interface WorkflowDefinition {
  /**
   * What kind of file this is. For a route: ./.schemas/workflow.json.
   */
  $schema?: string;
  id: FileId;
  /**
   * Version of this file for people, such as 2013.1.0. Cases are pinned to the content, not to this number.
   */
  version: string;
  /**
   * Language of the texts in this file, such as nl.
   */
  language: string;
  title: Line;
  shortTitle?: Line;
  introduction?: Markdown;
  legalBasis?: LegalBasis;
  offer?: Offer;
  notice?: Markdown;
  replaces?: FileId;
  subject?: FileId;
  roles: Roles;
  partnerRoles?: Roles;
  /**
   * Answers a school gives once; conditions read settings.<id>.
   */
  settings?: {
    [k: string]: Setting;
  };
  /**
   * Named conditions; conditions read facts.<id>.
   */
  facts?: {
    [k: string]: Condition;
  };
  performers?: Performers;
  start: Id;
  tasks?: Tasks;
  rules?: Rules;
  transitions?: Transitions;
  /**
   * The steps, in the order of the screen.
   */
  steps: {
    [k: string]: StepDefinition;
  };
  /**
   * Consequences that follow by themselves when a condition first becomes true.
   */
  events?: {
    [k: string]: EventDefinition;
  };
  /**
   * Letters and reports made from the case.
   */
  documents?: {
    [k: string]: DocumentDefinition;
  };
  /**
   * Sister cases of another route.
   */
  links?: {
    [k: string]: LinkDefinition;
  };
  /**
   * The ways a case can end.
   */
  outcomes: {
    [k: string]: Titled;
  };
  /**
   * How a closed case can be opened again.
   */
  reopen?: {
    [k: string]: ReopenDefinition;
  };
  access: AccessDefinition;
  retention?: RetentionDefinition;
  disclosure?: DisclosureDefinition;
  lock?: Lock;
}
/**
 * The law or agreement this route follows.
 */
export interface LegalBasis {
  /**
   * First day on which the basis holds, YYYY-MM-DD.
   */
  validFrom?: string;
  /**
   * The legal requirements this route claims to meet (legal-requirements.json), or null.
   */
  requirements?: LegalClaim | null;
  /**
   * Day on which somebody must look whether the basis still holds, YYYY-MM-DD.
   */
  reviewBy?: string;
  /**
   * The sources in a file of kind legal-sources that this route follows.
   */
  sources?: Id[];
  text?: Text;
}
export interface LegalClaim {
  list: Id;
  /**
   * For each part of the list what meets it: the id of a step, task, form or partner role, or step.transition of a decision.
   */
  parts?: {
    [k: string]: Path | NotApplicable;
  };
}
export interface NotApplicable {
  /**
   * Why this part does not apply to the school.
   */
  notApplicable: string;
}
/**
 * How the start page offers this route. Without it the route cannot be started by hand.
 */
export interface Offer {
  title: Line;
  text?: Text;
}
export interface Roles {
  [k: string]: Titled;
}
export interface Titled {
  title?: Line;
  text?: Text;
}
export interface Setting {
  /**
   * Kind of value: yes or no, a text or one of the options, a whole number, or several of the options.
   */
  type: 'boolean' | 'string' | 'integer' | 'array';
  title?: Line;
  text?: Text;
  /**
   * The possible values, by id, with their titles.
   */
  options?: {
    [k: string]: Titled;
  };
  /**
   * Value until the school fills it in.
   */
  default: boolean | string | number | Id[];
}
/**
 * An object whose keys are paths (task.field, this.field, facts.name, steps.id, tasks.id) or all, any, none, and whose values are the answers that make it true. Read by the engine; checked in full by npm run check.
 */
export interface Condition {
  [k: string]: unknown;
}
export interface Tasks {
  [k: string]: TaskDefinition;
}
export interface TaskDefinition {
  title?: Line;
  form: FileId;
  /**
   * Must this be done before the step is left (in a step) or the case is closed (top level)? true, false or a condition.
   */
  required?: boolean | Condition;
  /**
   * true: several records of this form.
   */
  repeat?: boolean | Repeat;
  /**
   * One instance for each record of this task, or for each row of this field (task.field).
   */
  for?: Path | Path[];
  when?: Condition;
  unless?: Condition;
  performers?: Performers;
  correct?: Performers;
  rules?: Rules;
  /**
   * What the route wants of single fields of a shared form.
   */
  fields?: {
    [k: string]: FieldWish;
  };
  /**
   * Tasks whose records are shown, to read, beside this form.
   */
  shows?: Id[];
  /**
   * Fields that may still be filled in after handing in.
   */
  later?: FieldName[];
  done?: Condition;
  due?: Moment;
  /**
   * Documents made from this task.
   */
  documents?: FileId[];
  countsAs?: Id;
  /**
   * A case may be started with this task.
   */
  opensCase?: boolean;
  /**
   * What the start page asks, in this order: fields of the form, and subject.
   *
   * @minItems 1
   */
  intake?: FieldName[];
  /**
   * Shown on every page, in every open case and before one exists; nothing may hold it up.
   */
  emergency?: boolean;
  /**
   * A second person must confirm the record.
   */
  fourEyes?: boolean;
  /**
   * false skips the check page.
   */
  check?: boolean;
}
export interface Repeat {
  /**
   * The next one falls due this long after the last one; or the field that says how long, with answers such as 4-weeks.
   */
  every?: Duration | Path;
  next?: Path;
  until?: Condition;
}
/**
 * A length of time. Exactly one unit; 0 days is the end of the same day.
 */
export interface Duration {
  /**
   * Minutes.
   */
  minutes?: number;
  /**
   * Hours.
   */
  hours?: number;
  /**
   * Calendar days.
   */
  days?: number;
  /**
   * Weeks.
   */
  weeks?: number;
  /**
   * Months.
   */
  months?: number;
  /**
   * Years.
   */
  years?: number;
  /**
   * Days that are no Saturday, Sunday or Dutch legal holiday.
   */
  workdays?: number;
}
export interface Rules {
  [k: string]: RuleDefinition;
}
export interface RuleDefinition {
  must: Condition;
  when?: Condition;
  unless?: Condition;
  for?: Path;
  message: Text;
  waivable?: Performers;
  /**
   * Only show the message, never refuse.
   */
  hint?: boolean;
}
export interface FieldWish {
  when?: Condition;
  prefill?: Path;
  /**
   * A fixed value, shown and not asked. { field: path } takes one over.
   */
  set?:
    | string
    | number
    | boolean
    | string[]
    | {
        field: Path;
      };
  rows?: Path;
  /**
   * Answers offered only while their condition holds.
   */
  options?: {
    [k: string]: Condition;
  };
}
/**
 * A term: when something is due.
 */
export interface Moment {
  from?: Path;
  within?: Term;
  /**
   * How long before the due moment a reminder is given.
   */
  remind?: Duration[];
  escalateTo?: Performers;
}
/**
 * A length of time, or a number of days of a school's own calendar: { "schooldagen": 5 } counts by workflows/calendars/schooldagen.json. Exactly one unit.
 */
export interface Term {
  /**
   * Minutes.
   */
  minutes?: number;
  /**
   * Hours.
   */
  hours?: number;
  /**
   * Calendar days.
   */
  days?: number;
  /**
   * Weeks.
   */
  weeks?: number;
  /**
   * Months.
   */
  months?: number;
  /**
   * Years.
   */
  years?: number;
  /**
   * Days that are no Saturday, Sunday or Dutch legal holiday.
   */
  workdays?: number;
  /**
   * Days of the calendar of this name.
   */
  [k: string]: number | undefined;
}
export interface Transitions {
  [k: string]: TransitionDefinition;
}
export interface TransitionDefinition {
  title: Line;
  performers?: Performers;
  when?: Condition;
  unless?: Condition;
  rules?: Rules;
  form?: FileId;
  /**
   * Required tasks may stay open. Rules are still asked.
   */
  unfinished?: boolean;
  /**
   * The step or steps entered.
   */
  to?: Id | Id[];
  close?: Id;
  /**
   * The own step stays active beside the entered one.
   */
  stay?: boolean;
  link?: Id;
}
export interface StepDefinition {
  /**
   * The number on the route picture, such as 5a.
   */
  label?: string;
  title: Line;
  shortTitle?: Line;
  text?: Text;
  guidance?: Markdown;
  performers?: Performers;
  tasks?: Tasks;
  rules?: Rules;
  due?: Moment;
  /**
   * Documents that belong to this step.
   */
  documents?: FileId[];
  /**
   * one: a person picks among the transitions whose when holds. each: all that hold are taken.
   */
  decide?: 'one' | 'each';
  transitions: Transitions;
  /**
   * Starts when no other step is active.
   */
  waitForAll?: boolean;
}
export interface EventDefinition {
  for?: Path;
  on?: Condition;
  at?: Moment;
  to?: Id;
  close?: Id;
  /**
   * Steps marked as skipped when they have no completed visit.
   */
  skips?: Id[];
  reason?: Line;
  /**
   * A complete record written in the name of the system: { task: { field: value } }. A value may be { field: path } or hold {paths}.
   */
  write?: {
    [k: string]: {};
  };
  restrict?: Restrict;
  notify?: Performers;
  link?: Id;
}
/**
 * From now on only these people see the case.
 */
export interface Restrict {
  to: Performers;
  never?: Path;
  lift?: Performers;
}
export interface DocumentDefinition {
  template: FileId;
  title?: Line;
  /**
   * One document for each record of this task, or for each row of this field (task.field).
   */
  for?: Path | Path[];
  when?: Condition;
  /**
   * A second person must approve it.
   */
  fourEyes?: boolean;
  withhold?: Withhold;
}
/**
 * What is left out, and when.
 */
export interface Withhold {
  identity?: Condition;
}
export interface LinkDefinition {
  workflow: FileId;
  /**
   * Offered to a person, or started by itself.
   */
  start?: 'offer' | 'automatic';
  /**
   * What each case shows of the other.
   */
  show?: 'status' | 'nothing';
  /**
   * What is copied once, keyed by the first task or the subject of the other route: the task or subject it is taken from.
   */
  copy?: {
    [k: string]: Id | LinkCopy;
  };
}
export interface LinkCopy {
  from: Id;
  /**
   * Only these questions may be copied. Without it: all that both forms have.
   *
   * @minItems 1
   */
  ask?: FieldName[];
}
export interface ReopenDefinition {
  title?: Line;
  performers?: Performers;
  when?: Condition;
  /**
   * The steps it may lead to.
   *
   * @minItems 1
   */
  to: Id[];
  /**
   * one: a person picks the step.
   */
  decide?: 'one' | 'each';
  form?: FileId;
}
/**
 * Who is put on the list of a new case.
 */
export interface AccessDefinition {
  read: Performers;
  own?: Performers;
  audit?: Performers;
}
/**
 * How long a closed case is kept, and why.
 */
export interface RetentionDefinition {
  from: Path;
  keep: Duration;
  longer?: Condition;
  /**
   * Where the term comes from.
   */
  basis: 'wet' | 'richtlijn' | 'schoolbesluit';
  /**
   * What happens at the end.
   */
  then?: 'review' | 'destroy';
  destroyWithin?: Duration;
}
/**
 * What somebody who asks is given of a case, and why something may be left out.
 */
export interface DisclosureDefinition {
  askers?: Path;
  /**
   * Why something may be left out. The first is proposed for what comes from or is about somebody else.
   */
  grounds: {
    [k: string]: GroundDefinition;
  };
}
export interface GroundDefinition {
  title: Line;
  text: Text;
  /**
   * The source of that, in a file of kind legal-sources.
   */
  source?: string;
}
