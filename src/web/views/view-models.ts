import type { AccessLogViews } from './access-log-view-models.ts';
import type { CaseViews } from './case-view-models.ts';
import type { DisclosureViews } from './disclosure-view-models.ts';
import type { PeopleViews } from './people-view-models.ts';
import type { SchoolViews } from './school-view-models.ts';
import type { StartViews } from './start-view-models.ts';
import type { TaskViews } from './task-view-models.ts';
import type { VersionViews } from './version-view-models.ts';
import type { EmergencyNumber, Hidden, Link, Notice } from './view-parts.ts';

export type * from './access-log-view-models.ts';
export type * from './case-view-models.ts';
export type * from './disclosure-view-models.ts';
export type * from './people-view-models.ts';
export type * from './school-view-models.ts';
export type * from './start-view-models.ts';
export type * from './task-view-models.ts';
export type * from './version-view-models.ts';
export type * from './view-parts.ts';

/**
 * What each page shows. A view only shows: every sentence comes from its model or from texts/nl/web.json.
 * Absent is `null` or an empty list, never a missing property: a missing property is an error.
 * All strings are plain text and are escaped, except `DocumentPage.html`. Markdown only where the name says so.
 */
export type Views = StartViews & AccessLogViews & CaseViews & DisclosureViews & TaskViews & PeopleViews & SchoolViews & VersionViews & {
  error: ErrorPage;
  cover: CoverPage;
  message: MessagePage;
};

/** What `render` takes: the model of the page with the frame around it. */
export type Model<View extends keyof Views> = Views[View] & { frame: PageFrame };

/** The frame around every page: title, bars, menu. */
export type PageFrame = {
  /** Never holds a name of a child: "Zaak 2026-K7QM". The layout adds the product name, and "Fout: " when `hasProblems`. */
  title: string;
  hasProblems: boolean;
  /** `logo`: address of its picture; null where it has none. */
  school: { name: string; logo: string | null } | null;
  /** Address of the stylesheet in the colour of the school; null: our own colour. */
  theme: string | null;
  /** Null before sign-in; then also no menu, no footer sentence, no "Scherm afdekken". */
  person: { name: string; roleTitle: string; href: string } | null;
  /** To go on at another school of this person; null: there is no other. */
  schools: Link | null;
  nav: { href: string; text: string; current: boolean }[];
  crumbs: Link[];
  /** For every POST form, as the hidden input `_csrf`; null where there is no session. */
  csrf: string | null;
  /** How long the session lasts if nothing is asked any more, and of whom it is (an id); null where there is none. */
  session: { seconds: number; person: string } | null;
  /** Where "Scherm afdekken" posts to; null when there is nothing to cover. */
  coverAction: string | null;
  signOutAction: string | null;
  /** In the bar on top: the first is "Bel 112", the others "purpose: name phone, note". Two fit. */
  emergency: { numbers: EmergencyNumber[] };
  /** Said once, after a POST. */
  flash: { kind: 'ok' | 'warn'; text: string } | null;
  /** The practice school: a bar on every page. */
  demo: boolean;
};

export type ErrorPage = {
  heading: string;
  paragraphs: string[];
  /** What was typed, given back: 403, 413, 500, 503. The name is the question, when known. */
  typed: { name: string; value: string }[];
  /** Whether it is kept. */
  typedText: string;
  /** Sends the same once more; null: there is nothing to send, or it cannot be carried along. */
  again: { action: string; hidden: Hidden[]; button: string } | null;
  /** The first is the way on. */
  links: Link[];
  requestId: string | null;
};

/** After "Scherm afdekken": says nothing about the work. The frame is only used for its title. */
export type CoverPage = { heading: string; text: string; unlock: Link };

/** A confirmation, or a question that is answered with one button. */
export type MessagePage = {
  heading: string;
  paragraphs: string[];
  /** A line to copy as it stands, such as an address or a command. */
  code: string | null;
  notices: Notice[];
  form: { action: string; hidden: Hidden[]; button: string } | null;
  links: Link[];
};
