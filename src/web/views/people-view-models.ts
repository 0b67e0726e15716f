import type { QrPath } from './qr-path.ts';
import type { ChoiceField, Hidden, Link, Notice, Option, Problems, TextField } from './view-parts.ts';

/** Pages about partners, people, and signing in. */
export type PeopleViews = {
  'sign-in': SignInPage;
  code: CodePage;
  'code-app': CodeAppPage;
  'recovery-codes': RecoveryCodesPage;
  'passkey-new': PasskeyPage;
  partners: PartnersPage;
  'partner-edit': PartnerEditPage;
  people: PeoplePage;
  'person-edit': PersonEditPage;
  password: PasswordPage;
  account: AccountPage;
};

export type SignInPage = {
  action: string;
  hidden: Hidden[];
  /** Why one is here: the session ended, the screen was covered. */
  notice: Notice | null;
  problems: Problems;
  email: TextField;
  /** Gets the button "Toon" when JavaScript is on. */
  password: TextField;
  /** Can a passkey be shown instead? */
  passkey: boolean;
  /** To sign in with an account elsewhere. */
  schoolAccount: Link | null;
  /** "Was u bezig toen de sessie stopte? ..." Null when nothing can have been lost. */
  sentence: string | null;
};

/** Asks the code that comes after a password, or once more. */
export type CodePage = {
  heading: string;
  intro: string;
  action: string;
  hidden: Hidden[];
  problems: Problems;
  code: TextField;
  /** A code on paper instead, folded. */
  paper: { open: boolean; field: TextField };
  /** Can a passkey be shown instead? */
  passkey: boolean;
  /** To write an emergency down first. */
  emergency: Link | null;
};

/** Adding a passkey: its name, then the browser asks for the rest. */
export type PasskeyPage = { action: string; hidden: Hidden[]; problems: Problems; name: TextField };

/** Linking an app that makes codes. `letters`: the secret, by four. */
export type CodeAppPage = { heading: string; intro: string; action: string; hidden: Hidden[]; problems: Problems; qr: QrPath; letters: string[]; code: TextField };

/** Recovery codes, shown once. `form`: goes on with what was typed before; else `onward` leads on. */
export type RecoveryCodesPage = {
  heading: string;
  intro: string;
  warning: string;
  label: string;
  groups: string[];
  print: string;
  form: { action: string; hidden: Hidden[]; button: string } | null;
  onward: Link;
};

export type PartnersPage = {
  newHref: string | null;
  /** Afdrukken; for an admin also the file to take along and to bring in. */
  files: Link[];
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
  notices: Notice[];
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
  /** Instead: an account elsewhere. */
  otherWay: Link | null;
};

/** One's own page: the password first, then what else one signs in with. */
export type AccountPage = {
  heading: string;
  intro: string;
  problems: Problems;
  password: { action: string; hidden: Hidden[]; fields: TextField[]; button: string };
  sections: AccountSection[];
};

/** A part of one's own page. Each row may have a button; `forms` are single buttons with what they do. */
export type AccountSection = {
  id: string;
  title: string;
  paragraphs: string[];
  rows: { title: string; text: string | null; form: { action: string; hidden: Hidden[]; button: string } | null }[];
  links: Link[];
  forms: { action: string; hidden: Hidden[]; button: string; text: string | null }[];
};
