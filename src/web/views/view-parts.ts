import type { FormView, PrintedAnswer } from '../../forms/form-types.ts';

// The small pieces that pages are made of. A view model names all of them, so pages import them from view-models.ts.

export type Link = { href: string; text: string };

export type Hidden = { name: string; value: string };

export type Option = { value: string; text: string; selected: boolean };

/** `tel` is the number as a tel: link wants it, without the scheme: "08002000". `purpose`: "Advies of melden". `note`: "dag en nacht, gratis". */
export type EmergencyNumber = { name: string; phone: string; tel: string; purpose: string | null; note: string | null };

/** A tinted panel with words. `numbers` can be called. */
export type Notice = {
  kind: 'info' | 'ok' | 'warn' | 'error';
  title: string | null;
  paragraphs: string[];
  bullets: string[];
  numbers: EmergencyNumber[];
  /** Answers to read and copy. */
  answers?: PrintedAnswer[];
};

/** A text field that is not part of a definition (sign-in, setup, partners). `id` is unique on the page. */
export type TextField = {
  id: string;
  name: string;
  label: string;
  hint: string | null;
  value: string;
  error: string | null;
  type: 'text' | 'email' | 'tel' | 'url' | 'password' | 'search';
  /** "off", "username", "current-password", "new-password", "organization", ... */
  autocomplete: string;
  /** Null: as wide as the column; short: half of it. */
  width: 'short' | null;
  optional: boolean;
  /** Null: one line. */
  rows: number | null;
};

/** Radios or tick boxes that are not part of a definition. The id of the first choice is the id of the group. */
export type ChoiceField = {
  id: string;
  name: string;
  label: string;
  hint: string | null;
  error: string | null;
  multiple: boolean;
  choices: { id: string; value: string; text: string; hint: string | null; checked: boolean }[];
};

export type Problems = FormView['problems'];

/** The amber panel with numbers to call. Folds on the phone. `link.text` is the link, `link.after` the words behind it. */
export type EmergencyPanel = {
  title: string;
  text: string | null;
  numbers: EmergencyNumber[];
  note: string | null;
  link: { href: string; text: string; after: string | null } | null;
};

/** Guidance of a task or a step: Markdown as in markdown.ts. Null where there is none. */
export type GuidanceMarkdown = string | null;
