import type { ViewNode } from '../../forms/form-types.ts';
import type { Paged } from './task-view-models.ts';
import type { ChoiceField, EmergencyPanel, GuidanceMarkdown, Hidden, Link, Notice, Option, Problems } from './view-parts.ts';

/** What one sees before a case: the work list, starting a case, writing down an emergency. */
export type StartViews = {
  'work-list': WorkListPage;
  'start-case': StartCasePage;
  'emergency-note': EmergencyNotePage;
};

export type WorkListPage = {
  /** "Woensdag 18 maart. U hebt 12 lopende zaken: 4 vragen nu iets van u, 1 daarvan is te laat." */
  sentence: string;
  /** Null: this person may not start a case. */
  startHref: string | null;
  /** The monthly look at who saw cases, for whoever still has to; null: nothing to look at. */
  review: { href: string; title: string; text: string } | null;
  filters: { action: string; search: string; routes: Option[]; closed: boolean; /** A filter is set: show "Alles tonen". */ active: boolean };
  /** Cases that this person began to write and has not started. */
  begun: Link[];
  /** What this person has to read first: a case was opened in an emergency. */
  told: Link[];
  /** New cases about a person of a case that is theirs. */
  started: Link[];
  /** To opening a case one has no part in. */
  breakGlass: Link;
  /** To what closed cases are kept for; null for who sees no whole cases. */
  retention: Link | null;
  /** Groups with rows only, in the order now, waiting, running, closed. */
  groups: { kind: 'now' | 'waiting' | 'running' | 'closed'; rows: WorkRow[] }[];
  /** Shown instead of groups. */
  empty: { title: string; text: string } | null;
};

/** One case in a list: initials, never a name. `title` is the task in the imperative. */
export type WorkRow = {
  initials: string;
  /** "groep 5" */
  detail: string | null;
  number: string;
  href: string;
  title: string;
  meta: string | null;
  /** main: "nog 6 dagen"; sub: "vóór dinsdag 24 maart". */
  due: { main: string; sub: string | null; late: boolean } | null;
};

/** Starting a case: first the route (a GET form), then its questions on the same page (a POST form). */
export type StartCasePage = {
  intro: string | null;
  emergency: EmergencyPanel | null;
  /** The choice of a route, sent with GET as `route`, its button as `choose`. Null once a route is chosen. */
  choose: { action: string; problems: Problems; choice: ChoiceField } | null;
  /** The chosen route and its form; null while choosing. */
  form: StartForm | null;
};

export type StartForm = Paged & {
  /** `changeHref` is null where there is nothing else to choose. */
  route: { title: string; text: string | null; changeHref: string | null };
  action: string;
  /** It asks for files. */
  multipart: boolean;
  /** Where a script saves what is typed, meanwhile; null: it is not kept. */
  draftAction: string | null;
  /** That there is a draft; it can be thrown away. */
  saved: string | null;
  /** To choose between two versions of a draft. */
  choose: Link[];
  hidden: Hidden[];
  problems: Problems;
  /** Such as whom to call now, or "Door uw antwoord zijn er vragen bijgekomen." */
  notices: Notice[];
  /** What the route is for and which law it follows. */
  about: GuidanceMarkdown;
  /** In reading order: the question about staff, the subject, the first form. */
  sections: { title: string | null; nodes: ViewNode[] }[];
  /** What else may be taken over from the case it is started from; null: nothing. */
  copies: ChoiceField | null;
  /**
   * The button, which says what happens ("Zaak starten", "Alleen naar het bestuur sturen"), and who will see the case ("Na het starten
   * zien u, A. de Vries (intern begeleider) en M. Hofman (directeur) deze zaak."). More than one when an answer decides: one is shown.
   */
  endings: { when: string | null; hidden: boolean; button: string; audience: string }[];
  cancelHref: string;
};

/** Emergency without a case. Nothing on it is required. */
export type EmergencyNotePage = {
  heading: string;
  /** "Niets is verplicht. Eén woord is genoeg; de tijd, woensdag 18 maart 14:41, zetten wij erbij." */
  intro: string;
  action: string;
  /** It asks for files. */
  multipart: boolean;
  hidden: Hidden[];
  problems: Problems;
  nodes: ViewNode[];
  button: string;
  /** What it starts. */
  after: string | null;
  emergency: EmergencyPanel;
};
