import type { ChoiceField, Hidden, Link, Notice, Option, Problems, TextField } from './view-parts.ts';

/** Pages on which a case is prepared for somebody who asks to see it. */
export type DisclosureViews = {
  disclosures: DisclosuresPage;
  disclosure: DisclosurePage;
  'disclosure-section': DisclosureSectionPage;
  'disclosure-reading': DisclosureReadingPage;
  /** As it will be; `html` is of the program itself. Shown on the screen, never on paper. */
  'disclosure-preview': { html: string; mark: string; back: Link };
};

/** A form with a heading of its own, at the end of a page. */
export type EndForm = { heading: string; intro: string; action: string; hidden: Hidden[]; choice: ChoiceField | null; fields: TextField[]; button: string; save: string | null };

export type DisclosuresPage = {
  steps: string[];
  problems: Problems;
  items: { href: string; title: string; meta: string; status: string; isDone: boolean }[];
  /** Null: the route does not say on what grounds something is left out, which `none` tells. */
  form: EndForm | null;
  none: string | null;
  back: Link;
};

export type DisclosurePage = {
  heading: string;
  meta: string;
  notices: Notice[];
  problems: Problems;
  progress: string;
  /** What to do next: the one filled button, unless the paper may be taken along. */
  next: Link | null;
  sections: { href: string; title: string; meta: string | null; status: string; isDone: boolean }[];
  words: { text: string; link: Link; isOpen: boolean };
  reading: Link[];
  /** Null: nobody may take it along yet, which `notYet` tells. */
  file: EndForm | null;
  notYet: string;
  given: string[];
  remove: Link;
  back: Link;
};

/** One question of a section, in its own fieldset. `id` is unique on the page. */
export type DisclosureItem = {
  id: string;
  question: string;
  lines: string[];
  /** Why it is proposed to give it or not. */
  proposal: string;
  /** To read a file or document before choosing. */
  link: Link | null;
  error: string | null;
  /** Null: nothing can be chosen. */
  give: { name: string; yes: boolean; no: boolean } | null;
  ground: { name: string; options: Option[] };
  sentences: { open: boolean; items: { id: string; name: string; value: string; text: string; checked: boolean }[] } | null;
};

export type DisclosureSectionPage = {
  heading: string;
  meta: string;
  notices: Notice[];
  problems: Problems;
  action: string;
  draftAction: string;
  laterButton: string;
  /** That something was chosen before and not saved yet; null: nothing. */
  saved: string | null;
  hidden: Hidden[];
  whole: ChoiceField;
  wholeGround: { name: string; options: Option[] };
  items: DisclosureItem[];
  back: Link;
};

export type DisclosureReadingPage = {
  heading: string;
  intro: string;
  notices: Notice[];
  problems: Problems;
  sections: { id: string; title: string; given: { question: string; text: string }[]; left: { question: string; text: string; ground: string }[] }[];
  /** What a colleague wrote down of why it is needed. */
  weighed: { ground: string; text: string }[];
  form: EndForm | null;
  links: Link[];
  back: Link;
};
