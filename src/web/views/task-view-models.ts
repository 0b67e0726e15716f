import type { PrintedAnswer, ViewNode } from '../../forms/form-types.ts';
import type { Piece } from '../words/text-difference.ts';
import type { ChoiceField, GuidanceMarkdown, Hidden, Link, Notice, Problems, TextField } from './view-parts.ts';

/** Pages on which something is entered in a case, checked, read or corrected. */
export type TaskViews = {
  task: TaskPage;
  check: CheckPage;
  record: RecordPage;
  correction: CorrectionPage;
  question: QuestionPage;
  conflict: ConflictPage;
  transition: TransitionPage;
  waiver: WaiverPage;
};

/** The pages of a form, with the one that is shown. `position` says which of how many; `value` is what `_action` posts to go there, null: not from here. */
export type FormPages = { title: string; position: string; list: { title: string; number: number; isCurrent: boolean; value: string | null }[] };

/** The buttons of a form that may have pages. */
export type Paged = {
  /** Null: the form is one page. */
  pages: FormPages | null;
  /** Posts with `_action` of `buttonWish`: "Volgende", or what the last page leads to. */
  button: string;
  buttonWish: 'check' | 'next';
  /** Posts with `_action=back`; null on the first page. */
  backButton: string | null;
};

/** The form of a task. On its last page the button says "Controleren en afronden", or "Afronden" where there is no check page. */
export type TaskPage = Paged & {
  /** "Stap 3 van 5"; null for tasks of the top level. */
  stepLabel: string | null;
  heading: string;
  description: string | null;
  guidance: GuidanceMarkdown;
  action: string;
  /** It asks for files. */
  multipart: boolean;
  /** Where a script saves what is typed, meanwhile. */
  draftAction: string;
  hidden: Hidden[];
  problems: Problems;
  notices: Notice[];
  /** To pass a soft rule that refused the record, with a reason; to choose between two versions of a draft. */
  waivers: Link[];
  /** "Concept bewaard om 14:32. U kunt later verder." */
  saved: string | null;
  nodes: ViewNode[];
  /** Records of other tasks, to read beside the form. Each a closed fold. */
  shown: { title: string; meta: string; answers: PrintedAnswer[] }[];
  /** Posts with `_action=later`; null: drafts are not kept here. */
  laterButton: string | null;
  /** Posts with `_action=update`: "Werk het formulier bij"; null when no question depends on an answer. */
  updateButton: string | null;
  back: Link;
};

/** `change`: where "Wijzig" leads; null: nothing to change. */
export type ChangeableAnswer = PrintedAnswer & { change: string | null };

/** "Klopt dit?" */
export type CheckPage = {
  stepLabel: string | null;
  intro: string;
  action: string;
  hidden: Hidden[];
  problems: Problems;
  notices: Notice[];
  /** Answers without lines and rows are left out: name them in `empty`. */
  sections: { title: string | null; answers: ChangeableAnswer[] }[];
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
  /** What stands beside it, such as the view of a parent. */
  beside: { title: string; href: string; meta: string; answers: PrintedAnswer[] }[];
  /** Versions before this one, the latest first, each a closed fold. `meta`: who changed it after that, when and why. */
  earlier: { title: string; meta: string; answers: PrintedAnswer[] }[];
  /** Asked of a second person. */
  review: { action: string; hidden: Hidden[]; problems: Problems; intro: string; choice: ChoiceField; reason: TextField; button: string } | null;
  /** Fields that may still be filled in by this person. */
  later: { action: string; /** It asks for files. */ multipart: boolean; hidden: Hidden[]; problems: Problems; intro: string | null; nodes: ViewNode[] } & Paged | null;
  links: Link[];
  back: Link;
};

/** Correcting a record: its whole form, and why. */
export type CorrectionPage = Paged & {
  stepLabel: string | null;
  heading: string;
  intro: string;
  action: string;
  /** It asks for files. */
  multipart: boolean;
  /** Where a script saves what is typed, meanwhile. */
  draftAction: string;
  /** To choose between two versions of a draft. */
  choose: Link[];
  hidden: Hidden[];
  problems: Problems;
  notices: Notice[];
  saved: string | null;
  nodes: ViewNode[];
  reason: TextField;
  /** As on the page of a task. */
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
export type TransitionPage = Omit<Paged, 'button'> & {
  stepLabel: string | null;
  heading: string;
  intro: string | null;
  /** Why it is refused; then there is no form and no button. */
  refusal: { reasons: string[]; waivers: Link[] } | null;
  action: string;
  /** It asks for files. */
  multipart: boolean;
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
