import type { ViewNode } from '../../forms/form-types.ts';
import type { FormPages } from './task-view-models.ts';
import type { ChoiceField, EmergencyNumber, Hidden, Link, Notice, Problems, TextField } from './view-parts.ts';

/** Pages about the school itself: set-up, settings, choosing a school. */
export type SchoolViews = { setup: SetupPage; school: SchoolPage; schools: SchoolsPage; 'try-list': TryListPage; try: TryPage };

/** The forms that can be tried, by route. */
export type TryListPage = { heading: string; intro: string; routes: { title: string; forms: { href: string; title: string; text: string | null }[] }[] };

/** A form to try, with what would come of it. `record`: the answers as JSON; null: not tried yet. */
export type TryPage = {
  heading: string;
  intro: string;
  description: string | null;
  action: string;
  hidden: Hidden[];
  problems: Problems;
  notices: Notice[];
  nodes: ViewNode[];
  pages: FormPages | null;
  button: string;
  buttonWish: 'check' | 'next';
  backButton: string | null;
  updateButton: string | null;
  result: { title: string; text: string; record: string | null; recordTitle: string; /** Questions whose answers would not be kept. */ dropped: string[] };
  restart: Link;
  back: Link;
};

/** One part of a form about the school. The kind is also the name of its part in views/parts/. */
export type Block =
  | { kind: 'field'; field: TextField }
  | { kind: 'choice'; choice: ChoiceField }
  | { kind: 'heading'; text: string; hint: string | null }
  | { kind: 'colour'; field: TextField; theme: { readable: boolean; words: string }; good: string; bad: string; sample: string; look: string }
  | { kind: 'file'; id: string; name: string; label: string; hint: string; accept: string; error: string | null; src: string | null; alt: string; /** On the own button, and beside it while nothing is chosen. */ choose: string; none: string }
  /** A number that can be called, corrected and ticked as checked. */
  | { kind: 'number'; name: string; number: EmergencyNumber | null; phone: TextField; verified: { id: string; name: string; value: string; label: string; checked: boolean }; checked: string }
  /** The recovery code, to be printed. */
  | { kind: 'code'; label: string; groups: string[]; print: string }
  | { kind: 'list'; rows: { title: string; text: string | null; link: Link | null }[] };

export type SetupPage = {
  rail: { heading: string; steps: SetupStep[] };
  heading: string;
  intro: string[];
  problems: Problems;
  notices: Notice[];
  /** `files`: the form carries a file. `stop`: the link beside the button. */
  form: { action: string; hidden: Hidden[]; files: boolean; blocks: Block[]; button: string; stop: Link | null };
};

/** `current`: where one is. `done`: has a check mark. `href` is null for steps that cannot be opened from here. */
export type SetupStep = { number: number; title: string; text: string; href: string | null; state: 'current' | 'done' | 'ahead' };

export type SchoolPage = {
  heading: string;
  problems: Problems;
  notices: Notice[];
  form: { action: string; hidden: Hidden[]; blocks: Block[]; button: string };
  /** Panels beside the form. A panel has links or one outline button. */
  side: { title: string; paragraphs: string[]; links: Link[]; form: { action: string; button: string } | null }[];
};

/** Somebody works at more than one school. */
export type SchoolsPage = {
  heading: string;
  intro: string;
  schools: { action: string; id: string; name: string; text: string; current: boolean }[];
  next: string;
};
