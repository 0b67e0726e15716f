import type { PrintedAnswer, ViewNode } from '../forms/form-types.ts';
import type { RouteRow } from './route-picture.ts';
import type { Piece } from './text-difference.ts';
import type { SchoolViews } from './school-models.ts';
import type { ChoiceField, EmergencyNumber, Hidden, Link, Notice, Option, Problems, TextField } from './view-parts.ts';

export type { ChoiceField, EmergencyNumber, Hidden, Link, Notice, Option, Problems, TextField } from './view-parts.ts';

/**
 * What each page shows. A view only shows: every sentence comes from its model or from texts/nl/web.json.
 * Absent is `null` or an empty list, never a missing property: a missing property is an error.
 * All strings are plain text and are escaped, except `DocumentPage.html`. Markdown only where the name says so.
 */
export type Views = SchoolViews & {
  'sign-in': SignInPage;
  'work-list': WorkListPage;
  'start-case': StartCasePage;
  'emergency-note': EmergencyNotePage;
  case: CasePage;
  task: TaskPage;
  check: CheckPage;
  record: RecordPage;
  correction: CorrectionPage;
  question: QuestionPage;
  conflict: ConflictPage;
  transition: TransitionPage;
  waiver: WaiverPage;
  documents: DocumentsPage;
  document: DocumentPage;
  partners: PartnersPage;
  'partner-edit': PartnerEditPage;
  people: PeoplePage;
  'person-edit': PersonEditPage;
  password: PasswordPage;
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

export type SignInPage = {
  action: string;
  hidden: Hidden[];
  /** Why one is here: the session ended, the screen was covered. */
  notice: Notice | null;
  problems: Problems;
  email: TextField;
  /** Gets the button "Toon" when JavaScript is on. */
  password: TextField;
  /** "Was u bezig toen de sessie stopte? ..." Null when nothing can have been lost. */
  sentence: string | null;
};

export type WorkListPage = {
  /** "Woensdag 18 maart. U hebt 12 lopende zaken: 4 vragen nu iets van u, 1 daarvan is te laat." */
  sentence: string;
  /** Null: this person may not start a case. */
  startHref: string | null;
  filters: { action: string; search: string; routes: Option[]; closed: boolean; /** A filter is set: show "Alles tonen". */ active: boolean };
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

export type StartForm = {
  /** `changeHref` is null where there is nothing else to choose. */
  route: { title: string; text: string | null; changeHref: string | null };
  action: string;
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
  hidden: Hidden[];
  problems: Problems;
  nodes: ViewNode[];
  button: string;
  /** What it starts. */
  after: string | null;
  emergency: EmergencyPanel;
};

export type CasePage = {
  /** The full name of the child may stand here. */
  heading: string;
  number: string;
  /** "Zaak 2026-K7QM. Route, versie 3. Gestart op 2 maart door J. Smit (leerkracht)." */
  meta: string;
  /** "Verantwoordelijk: A. de Vries."; `link` to hand it over. */
  responsible: { text: string; link: Link | null } | null;
  /** "Drie mensen zien deze zaak: u, J. Smit en M. Hofman." */
  confidential: string;
  documents: { href: string; count: number } | null;
  /** Sister cases: "Gekoppelde zaak: Schoolreis, loopt."; and how long a closed case is kept. */
  linked: { text: string; link: Link | null }[];
  notices: Notice[];
  now: NowPanel;
  /** Empty when the route has no steps. */
  route: { heading: string; rows: RouteRow[] } | null;
  emergency: EmergencyPanel | null;
  steps: ActiveStep[];
  /** To ask a task of a colleague by name. */
  hand: Link | null;
  /** "Hoe het verder kan", of the active steps and the top level together. */
  exits: ExitRow[];
  /** Tasks of the top level, under "Altijd mogelijk"; or those somebody was asked by name, under "Aan u gevraagd". */
  tasksHeading: string;
  tasks: TaskRow[];
  /** Tasks left open in steps that were left. */
  unfinished: TaskRow[];
  /** Drafts of people who see the case no more, for who may read them. */
  kept: Link[];
  /** Own drafts of tasks that are in no list any more. */
  ownDrafts: Link[];
  /** Null for who sees one task only. */
  timeline: Timeline | null;
};

/** "Dit moet u nu doen": exactly one. With a button, it is the one filled button of the page. */
export type NowPanel = {
  /** do: asks something of the reader (tint). wait, nothing, closed: says so, without tint. */
  kind: 'do' | 'wait' | 'nothing' | 'closed';
  heading: string;
  text: string | null;
  late: boolean;
  button: Link | null;
};

export type ActiveStep = {
  /** Unique on the page. */
  id: string;
  /** "Stap 3: Gesprek met de ouder" */
  heading: string;
  guidance: GuidanceMarkdown;
  /** "4 van 8 taken afgehandeld" */
  counter: string | null;
  tasks: TaskRow[];
};

export type TaskRow = {
  title: string;
  /** Null: it cannot be opened now. */
  href: string | null;
  status: 'todo' | 'busy' | 'waiting' | 'optional' | 'done' | 'notYet' | 'notApplicable';
  /** The word in the pill ("Te doen", "Bezig", "Wacht op"); null: no pill, the text says it ("Klaar, u, 12 maart"). */
  pill: string | null;
  text: string | null;
  /** A long reason, folded behind "Waarom?". */
  why: string | null;
  late: boolean;
  /** The task of the now panel: gets its tint. */
  mine: boolean;
  /** Earlier records: "Klaar, J. Smit, 13 maart" with a link to each. */
  records: Link[];
  /** To give back or take back what was handed to somebody by name. */
  handed: Link | null;
};

export type ExitRow = {
  status: 'open' | 'refused' | 'closed';
  /** "Stap 4 kan nog niet", "Terug naar stap 2 kan"; without colon or full stop. */
  verdict: string;
  /** Sentences; empty when the verdict says all. */
  reasons: string[];
  /** To take the exit; null when it is not open to this person. */
  link: Link | null;
  /** To pass a soft rule with a reason. */
  waivers: Link[];
};

export type Timeline = {
  filters: { href: string; text: string; count: number | null; current: boolean }[];
  /** Newest first. */
  items: TimelineItem[];
};

export type TimelineItem =
  | { kind: 'decision' | 'record'; id: string; title: string; lines: string[]; meta: string; link: Link | null }
  | { kind: 'system'; id: string; text: string }
  /** Made by foldTimeline: a run of system lines. */
  | { kind: 'run'; id: string; summary: string; lines: string[] };

/** The form of a task. */
export type TaskPage = {
  /** "Stap 3 van 5"; null for tasks of the top level. */
  stepLabel: string | null;
  heading: string;
  description: string | null;
  guidance: GuidanceMarkdown;
  action: string;
  hidden: Hidden[];
  problems: Problems;
  notices: Notice[];
  /** To pass a soft rule that refused the record, with a reason. */
  waivers: Link[];
  /** "Concept bewaard om 14:32. U kunt later verder." */
  saved: string | null;
  nodes: ViewNode[];
  /** Records of other tasks, to read beside the form. Each a closed fold. */
  shown: { title: string; meta: string; answers: PrintedAnswer[] }[];
  /** Posts with `_action=check`: "Controleren en afronden", or "Afronden" where there is no check page. */
  button: string;
  /** Posts with `_action=later`; null: drafts are not kept here. */
  laterButton: string | null;
  /** Posts with `_action=update`: "Werk het formulier bij"; null when no question depends on an answer. */
  updateButton: string | null;
  back: Link;
};

/** "Klopt dit?" */
export type CheckPage = {
  stepLabel: string | null;
  intro: string;
  action: string;
  hidden: Hidden[];
  problems: Problems;
  notices: Notice[];
  /** "Wijzig" leads to `changeHref` + the answer's own #id; null: nothing to change. Answers without lines and rows are left out: name them in `empty`. */
  sections: { title: string | null; changeHref: string | null; answers: PrintedAnswer[] }[];
  /** "uw eigen uitleg van de feiten": optional questions without an answer, as one line; null when none. */
  empty: string | null;
  /** Typed, but not kept. `reason` is a sentence: "Dit wordt niet bewaard, want deze vraag hoort niet bij uw antwoorden." */
  dropped: { reason: string; answers: PrintedAnswer[] } | null;
  /** What happens now, as sentences in order. */
  consequences: string[];
  /** Who gets a message; that others get nothing by themselves. */
  consequencesNote: string | null;
  button: string;
  back: Link;
};

/** One record of a case. */
export type RecordPage = {
  stepLabel: string | null;
  heading: string;
  /** "Vastgelegd op woensdag 18 maart, 14.32 uur, door J. Smit." and how it was changed later. */
  meta: string[];
  notices: Notice[];
  answers: PrintedAnswer[];
  /** Versions before this one, the latest first, each a closed fold. `meta`: who changed it after that, when and why. */
  earlier: { title: string; meta: string; answers: PrintedAnswer[] }[];
  /** Asked of a second person. */
  review: { action: string; hidden: Hidden[]; problems: Problems; intro: string; choice: ChoiceField; reason: TextField; button: string } | null;
  /** Fields that may still be filled in by this person. */
  later: { action: string; hidden: Hidden[]; problems: Problems; intro: string | null; nodes: ViewNode[]; button: string } | null;
  links: Link[];
  back: Link;
};

/** Correcting a record: its whole form, and why. */
export type CorrectionPage = {
  stepLabel: string | null;
  heading: string;
  intro: string;
  action: string;
  hidden: Hidden[];
  problems: Problems;
  notices: Notice[];
  saved: string | null;
  nodes: ViewNode[];
  reason: TextField;
  /** As on the page of a task. */
  button: string;
  laterButton: string;
  updateButton: string | null;
  back: Link;
};

/** Somebody else was first: both texts, and what to do with the own one. */
export type ConflictPage = {
  /** "J. Smit was u net voor" */
  heading: string;
  /** Before and behind the promise "Uw tekst is bewaard". */
  intro: string;
  after: string;
  /** "3 antwoorden zijn gelijk. 2 verschillen:" */
  counts: string;
  mineTitle: string;
  /** "J. Smit, vandaag 14:31, staat in de zaak" */
  theirsTitle: string;
  /** Answers that differ, in the order of the form; a side without pieces has no answer. */
  answers: { id: string; label: string; mine: Piece[]; theirs: Piece[] }[];
  /** Why the own text cannot be kept beside the other. */
  notice: string | null;
  action: string;
  hidden: Hidden[];
  choice: ChoiceField;
  button: string;
  back: Link;
};

/** One question about a case that no definition asks: to whom it goes, why it is cancelled. */
export type QuestionPage = {
  heading: string;
  paragraphs: string[];
  action: string;
  hidden: Hidden[];
  problems: Problems;
  notices: Notice[];
  choices: ChoiceField[];
  fields: TextField[];
  button: string;
  back: Link;
};

/** Taking an exit. */
export type TransitionPage = {
  stepLabel: string | null;
  heading: string;
  intro: string | null;
  /** Why it is refused; then there is no form and no button. */
  refusal: { reasons: string[]; waivers: Link[] } | null;
  action: string;
  hidden: Hidden[];
  problems: Problems;
  notices: Notice[];
  /** Where to, when a person picks; before the form. */
  choice: ChoiceField | null;
  nodes: ViewNode[];
  consequences: string[];
  consequencesNote: string | null;
  /** Null when refused. */
  button: string | null;
  back: Link;
};

/** Passing a soft rule with a written reason. */
export type WaiverPage = {
  heading: string;
  /** The sentence of the rule. */
  rule: string;
  /** "De intern begeleider of de directeur mag dit." */
  mayWaive: string;
  action: string;
  hidden: Hidden[];
  problems: Problems;
  /** Null: this person may not; the page then only says who may. */
  reason: TextField | null;
  button: string;
  back: Link;
};

export type DocumentsPage = {
  /** "Sem Bakker, groep 5. Zaak 2026-K7QM." */
  meta: string;
  items: DocumentItem[];
  retention: string | null;
  back: Link;
};

export type DocumentItem = {
  title: string;
  /** Null: it cannot be made yet. */
  href: string | null;
  /** "Versie 2, vandaag 15:04. Gemaakt uit het formulier." */
  meta: string | null;
  /** "Kan nog niet: hoort bij stap 5b." */
  status: string | null;
  statusKind: 'plain' | 'ok' | 'missing';
};

/** The print preview of a document. `html` is made by documents/ from an escaped template: the only string that is not escaped here. Its h1 is the h1 of the page. The logo of the school stands above it. */
export type DocumentPage = {
  html: string;
  meta: string | null;
  notices: Notice[];
  /** True at ?print: only the document, nothing around it. */
  bare: boolean;
  printHref: string;
  links: Link[];
  back: Link;
};

export type PartnersPage = {
  newHref: string | null;
  printHref: string | null;
  emergency: PartnerNumber[];
  search: { action: string; text: string; kinds: Option[]; active: boolean };
  groups: { title: string; rows: PartnerRow[] }[];
  empty: string | null;
};

/** A big number in "Bij nood". `stale`: "14 maanden niet gecontroleerd." in amber, before `note`. */
export type PartnerNumber = { name: string; phone: string; tel: string; stale: string | null; note: string | null };

export type PartnerRow = {
  name: string;
  text: string | null;
  /** Null: "Nog geen nummer". */
  phone: { text: string; tel: string } | null;
  /** In amber: "Nummer kan oud zijn". */
  stale: string | null;
  /** "Gecontroleerd op 2 februari 2026" */
  checked: string | null;
  /** E-mail and web addresses. */
  links: Link[];
  editHref: string | null;
};

export type PartnerEditPage = {
  heading: string;
  action: string;
  hidden: Hidden[];
  problems: Problems;
  notices: Notice[];
  fields: TextField[];
  /** Roles by tick box, and "Klopt het nummer?" (never ticked before). */
  choices: ChoiceField[];
  button: string;
  back: Link;
  /** Panels beside the form: where the number is used, what old documents keep. */
  side: { title: string; paragraphs: string[]; link: Link | null }[];
};

/** Those who work at the school today. */
export type PeoplePage = {
  newHref: string;
  rows: { name: string; href: string; email: string; roles: string; notes: string[] }[];
};

export type PersonEditPage = {
  heading: string;
  action: string;
  hidden: Hidden[];
  problems: Problems;
  fields: TextField[];
  choices: ChoiceField[];
  button: string;
  back: Link;
  /** What else can be done, each a form with one outline button. */
  actions: { action: string; button: string; text: string }[];
};

/** Choosing a password. */
export type PasswordPage = {
  heading: string;
  intro: string;
  action: string;
  hidden: Hidden[];
  problems: Problems;
  fields: TextField[];
  button: string;
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
