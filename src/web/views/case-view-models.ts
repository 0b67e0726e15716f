import type { RouteRow } from './route-picture.ts';
import type { SignerRow } from './version-view-models.ts';
import type { ChoiceField, EmergencyPanel, GuidanceMarkdown, Hidden, Link, Notice, Problems, TextField } from './view-parts.ts';

/** Pages about a case as a whole, and its documents. */
export type CaseViews = {
  case: CasePage;
  documents: DocumentsPage;
  document: DocumentPage;
  retention: RetentionPage;
};

/** How long cases are kept: what asks for a decision, what is kept longer, what was destroyed. */
export type RetentionPage = {
  intro: string;
  sections: { id: string; heading: string; empty: string; rows: { initials: string | null; number: string | null; title: string; href: string | null; meta: string; main: string; late: boolean }[] }[];
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
  /** "Wie heeft wat gezien", for who sees the whole case. */
  log: Link | null;
  documents: { href: string; count: number } | null;
  /** Sister cases: "Gekoppelde zaak: Schoolreis, loopt."; and how long a closed case is kept. */
  linked: { text: string; link: Link | null }[];
  /** In red, before anything else: somebody has the case open in an emergency. */
  banners: Notice[];
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
  /** What is said when there are none. */
  empty: string | null;
  /** Null: all there is stands here. */
  part: TimelinePartView | null;
};

export type TimelinePartView = {
  /** "25 van 1.000 gebeurtenissen, 3 maart tot en met 10 april."; null: there are none here. */
  text: string | null;
  /** Null: these are the newest. */
  newest: Link | null;
  /** Later ones (prev), and earlier ones (next). */
  places: (Link & { rel: 'prev' | 'next' })[];
  /** Says that nothing came before; null: something did. */
  begin: string | null;
  /** Only on paper: that there is more, and where the whole is. */
  printed: string;
};

export type TimelineItem =
  | { kind: 'decision' | 'record'; id: string; title: string; lines: string[]; meta: string; link: Link | null }
  | { kind: 'system'; id: string; text: string }
  /** Made by foldTimeline: a run of system lines. */
  | { kind: 'run'; id: string; summary: string; lines: string[] };

export type DocumentsPage = {
  /** "Sem Bakker, groep 5. Zaak 2026-K7QM." */
  meta: string;
  items: DocumentItem[];
  /** One of them, beside the list; null: there is none. */
  preview: DocumentPreview | null;
  /** What cannot be made yet, and why, folded away; null: all can. */
  later: { title: string; open: boolean; items: { title: string; reason: string }[] } | null;
  /** To take the whole case along. */
  whole: Link;
  /** To prepare what somebody who asks is given; null: not in this route. `waiting`: what asks a second person. */
  disclosure: { link: Link; waiting: { text: string; link: Link }[] } | null;
  retention: string | null;
  back: Link;
};

export type DocumentItem = {
  title: string;
  /** Shows it beside the list. */
  href: string;
  isCurrent: boolean;
  /** Who signs its last version, and where to go on; only of the current one. */
  signers: SignerRow[];
  links: Link[];
  /** "Versie 2, vandaag 15:04. Gemaakt uit het formulier." */
  meta: string | null;
  /** "Kan nog niet. Dit kan pas vanaf ‘Stap 5b’." */
  status: string | null;
  statusKind: 'plain' | 'ok' | 'missing';
};

/** The print preview of a document. `html` is made by documents/ from an escaped template: the only string that is not escaped here. Its h1 is the h1 of the page. The logo of the school stands above it. */
export type DocumentPreview = {
  title: string;
  /** "Versie 2, vastgelegd vandaag 15:04 door u. Kenmerk 7c1e 04aa." */
  meta: string;
  /** As in DocumentPage, its headings one level lower; null: it could not be made. */
  html: string | null;
  mark: string | null;
  /** Why it is not there, or may not leave. */
  notice: Notice | null;
  /** PDF, Word, Afdrukken. */
  links: Link[];
};

export type DocumentPage = {
  html: string;
  /** "Concept, niet vastgelegd", on the paper itself. */
  mark: string | null;
  meta: string | null;
  notices: Notice[];
  /** The versions that were kept, newest first, and the form that keeps it as it is now; null: not on this page. */
  versions: { text: string; items: (Link & { after: string })[]; difference: Link | null; form: { action: string; hidden: Hidden[]; intro: string; button: string } | null } | null;
  /** What a second person, or who wants one, says of it; null: nothing to say. */
  approval: { action: string; hidden: Hidden[]; problems: Problems; heading: string; intro: string; choice: ChoiceField | null; reason: TextField | null; button: string } | null;
  /** True at ?print: only the document, nothing around it. */
  bare: boolean;
  /** PDF, Word, Afdrukken. */
  links: Link[];
  back: Link;
};
