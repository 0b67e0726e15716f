import type { Piece } from '../words/text-difference.ts';
import type { ChoiceField, Hidden, Link, Notice, Problems, TextField } from './view-parts.ts';

/** Pages about versions of a document and who signs them. */
export type VersionViews = {
  version: VersionPage;
  'version-difference': VersionDifferencePage;
  signing: SigningPage;
};

/** A drawn signature: the path of its lines (SVG), in a box of this width and height. */
export type Drawing = { path: string; width: number; height: number };

/** Somebody who signs. `link`: where it is said that they did. */
export type SignerRow = { name: string; capacity: string | null; icon: 'done' | 'waiting' | 'notApplicable'; status: string; note: string | null; drawing: Drawing | null; scan: Link | null; link: Link | null };

/** Whether a file was chosen that is not taken. */
export type FileField = { id: string; name: string; label: string; hint: string; accept: string; error: string | null };

export type VersionPage = {
  /** The preview; `html` as in DocumentPage. At ?print alone. */
  html: string;
  bare: boolean;
  mark: null;
  heading: string;
  /** "Versie 2 van 18 maart 15.04 uur, vastgelegd door A. de Vries." */
  meta: string;
  /** The whole fingerprint. */
  fingerprint: string;
  notices: Notice[];
  links: Link[];
  /** "1 van 3 getekend"; null: nobody was asked. */
  counter: string | null;
  signers: SignerRow[];
  addSigner: Link | null;
  added: (Link & { after: string })[];
  upload: { action: string; hidden: Hidden[]; problems: Problems; file: FileField; button: string } | null;
  others: (Link & { after: string })[];
  back: Link;
};

export type VersionDifferencePage = { heading: string; meta: string; oneTitle: string; otherTitle: string; one: Piece[]; other: Piece[]; isSame: boolean; back: Link };

/** One signer of a version: says that they signed, or did not. */
export type SigningPage = {
  heading: string;
  meta: string;
  fingerprint: string;
  problems: Problems;
  /** What was recorded before, in a sentence. */
  before: string | null;
  ways: { href: string; text: string; current: boolean }[];
  action: string;
  hidden: Hidden[];
  intro: string[];
  /** Of somebody whom the document does not name. */
  fields: TextField[];
  choice: ChoiceField | null;
  /** The reason, or when it is still to come. */
  note: TextField | null;
  /** The room to draw in; `module`: address of what draws. */
  draw: { module: string; error: string | null } | null;
  file: FileField | null;
  print: Link | null;
  agree: ChoiceField | null;
  button: string;
  back: Link;
};
