import type { FormDefinition } from './form.types.ts';
import type { WorkflowDefinition } from './workflow.types.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The answers of one record, keyed by field name. A question without an answer is absent. */
export type Answers = { [field: string]: Json };

/**
 * One definition with all the files it names: what a case is pinned to.
 * `hash` is the sha256 (hex) of its canonical text: minified JSON in file order, strings NFC.
 */
export type Bundle = {
  hash: string;
  workflow: WorkflowDefinition;
  /** Forms by id. */
  forms: { [id: string]: FormDefinition };
  /** Template source by template name, without .hbs. */
  documents: { [template: string]: string };
  /** Source of the partials that templates may use, by name. */
  partials: { [name: string]: string };
  /** The pictures its templates show, as base64 by file name. Absent: they show none. */
  pictures?: { [file: string]: string };
  /** The calendars that its terms count by, by id. Absent: they count by none. */
  calendars?: { [id: string]: SchoolCalendar };
};

/** The days on which a school is open, from `from` up to and with `until` (YYYY-MM-DD); it knows nothing of other days. A holiday without `until` is one day. */
export type SchoolCalendar = { title: string; unit: { one: string; other: string }; from: string; until: string; holidays: { [id: string]: { title: string; from: string; until?: string } } };
