import type { Answers, Json } from '../definitions/bundle.ts';
import type { FormDefinition } from '../definitions/form.types.ts';
import type { Day } from '../engine/case-state.ts';

/** Names and values as a form post carries them, in order; a name may come several times. Also what a draft keeps. */
export type Pairs = [name: string, value: string][];

/** Data that fields with `x-options` draw on. */
export type References = {
  partners: { id: string; name: string; roles: string[]; phone: string | null }[];
  staff: { id: string; name: string; roles: string[] }[];
};

/** A form compiled once per bundle: its fields as a tree of controls, its layout, its validator. Opaque to callers. */
export type CompiledForm = { definition: FormDefinition } & { readonly compiled: unique symbol };

/** One message of one field. `pointer` is the JSON Pointer of the value, such as /deelnemers/0/naam. */
export type FieldProblem = { pointer: string; text: string };

/** What a page needs to draw a form. */
export type FormView = {
  /** In the order of the screen; nodes of hidden controls are included with hidden: true. */
  nodes: ViewNode[];
  /** For the error summary; href is #id of the control (first radio, first date part). */
  problems: { text: string; href: string }[];
};

/** One element. `partial` names the Handlebars partial in web/views/controls/. */
export type ViewNode = {
  partial: string;
  hidden: boolean;
  [property: string]: unknown;
};

/** One answer in words, for the check page, the record page and the timeline. */
export type PrintedAnswer = {
  pointer: string;
  label: string;
  /** Lines of text; empty when there is no answer. */
  lines: string[];
  /** For repeating rows: one list per row. */
  rows: PrintedAnswer[][] | null;
  /** #id of its control on the form page. */
  href: string;
  source: 'own' | 'subject' | 'third-party' | 'judgement' | null;
};

export type CheckOptions = { today: Day; references: References; only?: string[] };

export type CheckedForm = {
  /** Pruned: no value of a hidden control. Valid when `problems` is empty. */
  answers: Answers;
  problems: FieldProblem[];
  /** Answers that were typed but belong to hidden controls: not kept. */
  dropped: PrintedAnswer[];
};

export type FieldChoice = { value: Json; title: string };
