import type { Hidden, Link, Option, Problems, TextField } from './view-parts.ts';

/** Pages that tell who saw what. */
export type AccessLogViews = {
  'access-log': AccessLogPage;
  'access-review': AccessReviewPage;
};

export type AccessLogPage = {
  heading: string;
  intro: string;
  /** How long lines are kept, and from which day they still stand. */
  kept: string;
  problems: Problems;
  filters: { action: string; active: boolean; days: { id: string; label: string; value: string; error: string | null }[]; kinds: Option[] };
  /** "128 regels." Null where there is none. */
  sentence: string | null;
  /** To paper and to a file. */
  files: Link[];
  /** Newest first. `href`: of the case, where the reader may open it; `part`: which part of it; `times`: how often that day, of more lines that stand as one. */
  days: { heading: string; rows: { time: string; text: string; part: string | null; times: string | null; refused: boolean; href: string | null; number: string }[] }[];
  /** Null where one page holds all. */
  pages: { position: string; newer: Link | null; older: Link | null } | null;
  empty: { title: string; text: string } | null;
  back: Link;
};

/** The monthly look at who saw cases. */
export type AccessReviewPage = {
  heading: string;
  intro: string;
  problems: Problems;
  /** The month before and, unless it is still to come, the one after. */
  months: Link[];
  /** The lines of the month are destroyed; then nothing is said of what happened in it. */
  gone: string | null;
  /** What is worth a question, as sentences. */
  notable: string[];
  people: { href: string; name: string; text: string }[];
  /** That and when this person ticked it off; then no form. */
  done: string | null;
  /** The month has not ended; then no form either. */
  running: string | null;
  form: { action: string; hidden: Hidden[]; button: string; field: TextField } | null;
  earlier: { href: string; month: string; text: string }[];
};
