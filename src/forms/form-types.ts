import type { Answers, Json } from '../definitions/bundle.ts';
import type { ElementOptions, Field, FormDefinition } from '../definitions/form.types.ts';
import type { Day, Moment } from '../engine/state/case-state.ts';
import type { CaseChoices } from '../engine/model/case-choices.ts';
import type { Tree } from '../engine/conditions/condition-tree.ts';
import type { Zone } from '../engine/time/zone.ts';
import type { Translate } from '../texts.ts';

/** Names and values as a form post carries them, in order; a name may come several times. Also what a draft keeps. */
export type Pairs = [name: string, value: string][];

/** Data that fields with `x-options`, and labels that say whom to call, draw on. */
export type References = {
  partners: { id: string; name: string; roles: string[]; phone: string | null }[];
  staff: { id: string; name: string; roles: string[] }[];
  /** Titles of partner roles, by id. */
  partnerRoles: { [role: string]: string };
  /** Rows and records of the case at hand that this reader may see, by what `of` in `x-options` says; none without a case. */
  fromCase: (of: string) => CaseChoices;
  /** Numbers for roles that nobody in the directory of the school has a number for. */
  national: { name: string; roles: string[]; phone: string }[];
};

/** A form compiled once per bundle: its questions with their controls, its layout, its validator. Opaque to callers. */
export type CompiledForm = {
  definition: FormDefinition;
  t: Translate;
  zone: Zone;
  /** Every field of the schema, in its order. */
  questions: Question[];
  elements: LayoutElement[];
  /** Shown one at a time; null: the form is one page. `isStepper`: one after another, each checked before the next. */
  pages: { isStepper: boolean; list: FormPage[] } | null;
  /** Whom of the school anything on it names. */
  drawsOn: ReadonlySet<'partners' | 'staff'>;
  /** Does any question ask for files? */
  takesFiles: boolean;
  /** Gives every fault of a whole record; empty when it fits the schema. */
  validate: (answers: Answers) => Fault[];
};

/** A keyword of the schema that a value breaks. `pointer` is the value, or the place where one is missing. */
export type Fault = { pointer: string; keyword: string; limit: number | string | null };

/** One field with the control that asks for it. */
export type Question = {
  name: string;
  /** With its $ref, and that of its items, merged in. */
  field: Field;
  control: Control;
  label: string;
  required: boolean;
  /** Once this holds an answer is required as well; null: never for another reason. */
  requiredWhen: Tree | null;
  /** For days and times. */
  zone: Zone;
  options: ElementOptions;
  inRow: boolean;
  /** Of a list: its rows come from elsewhere, so none is added or removed. */
  hasFixedRows: boolean;
  /** The fixed answers; null for a question without them. */
  choices: FieldChoice[] | null;
  /** The questions of one row, of a group, or of all groups to choose from. A row that is one answer has one question, without a name. */
  parts: Question[];
  /** How those are laid out. */
  elements: LayoutElement[];
  /** The groups of questions of which one is chosen; null for a question without. */
  branches: Branch[] | null;
};

/** One group of questions to choose. `fixed`: answers that go with the choice and are not asked. */
export type Branch = { title: string; hint: string | null; fixed: Answers; parts: Question[]; elements: LayoutElement[]; validate: (value: Json) => Fault[] };

/** One answer to choose. `text` is what a post carries. */
export type FieldChoice = { value: Json; text: string; title: string; hint: string | null };

/** One page of a form. `id` counts from 1 and stays the same while others are hidden. */
export type FormPage = { id: string; title: string; elements: LayoutElement[] };

export type LayoutElement = Conditions & (
  | { type: 'question'; question: Question }
  | { type: 'part'; /** A group of which some questions stand apart. */ question: Question; /** Its questions that stand here. */ elements: LayoutElement[] }
  | { type: 'group'; label: string | null; beside: boolean; /** A category. */ isPage: boolean; elements: LayoutElement[] }
  | { type: 'label'; id: string; text: string; warning: boolean; roles: string[] }
);

/** What decides whether an element is shown, and whether what it asks may be changed. Null: always. */
export type Conditions = { when: Tree | null; writable: Tree | null };

/** One kind of question: one module in controls/. Everything shared code must know of it is a property here. */
export type Control = {
  /** Also the name of its partial in web/views/controls/. */
  name: string;
  /** Which sentences speak of its answers: see messages.ts. */
  asks: 'text' | 'number' | 'day' | 'time' | 'lines' | 'choice' | 'several' | 'tick' | 'rows' | 'group' | 'file';
  /** What `parts` stand for: the questions of each row, of one group, of several groups, or none. */
  holds: 'rows' | 'group' | 'branches' | 'value';
  /** Its answers are files: a post has references, and what is new beside them. */
  takesFiles?: true;
  /** Does this control ask for such a field? The first of controls/index.ts that says so is taken. */
  matches(field: Field, place: { options: ElementOptions; inRow: boolean }): boolean;
  /** Gives the answer a post holds, unchecked; undefined when there is none. `at` is the name of the control. */
  decode(question: Question, posted: Posted, at: string): Json | undefined;
  /** Gives what a post of this answer carries. */
  encode(question: Question, value: Json, at: string): Pairs;
  /** Gives what its partial shows, besides what all controls show. */
  view(question: Question, place: ViewPlace): { [property: string]: unknown };
  print(question: Question, value: Json, place: PrintPlace): Pick<PrintedAnswer, 'lines' | 'rows' | 'files' | 'figure'>;
  /** The fixed answers of a field that does not list them itself. */
  choices?(field: Field, t: Translate): FieldChoice[];
  /** Does this answer say that somebody was here? A box left empty does not. */
  isFilled?(value: Json): boolean;
  /** What the schema cannot check: the keyword an answer breaks, or null. */
  check?(question: Question, value: Json, place: CheckPlace): string | null;
  /** Is there nothing at all that could be chosen? Then it may stay open, whatever the form says. */
  hasNothing?(question: Question, references: References): boolean;
  /** A better sentence than the general one for a value of the wrong form. */
  explain?(question: Question, value: Json): string | null;
  /** The answer as it is kept: a chosen person with the name of today. */
  settle?(question: Question, value: Json, place: CheckPlace): Json;
};

/** A post, ready to be asked by name. */
export type Posted = {
  /** The last value of a name. */
  last(name: string): string | undefined;
  all(name: string): string[];
  /** Is there anything of this name or below it? */
  has(name: string): boolean;
  /** Is there more than an empty text of exactly this name, or of a part of its control (`#`)? */
  isFilled(name: string): boolean;
  /** The numbers of the rows of a list, ascending; there may be gaps. */
  rowsOf(name: string): number[];
  /** Names of the conditional controls that stood on the page. */
  asked: ReadonlySet<string>;
};

/** Where a control is drawn. */
export type ViewPlace = {
  /** Name of the control. */
  at: string;
  /** JSON Pointer of the value in the decoded answers; null in a row that is still empty. */
  pointer: string | null;
  posted: Posted;
  references: References;
  now: Moment;
  /** The day of now in the zone. */
  today: Day;
  t: Translate;
  zone: Zone;
  /** Says whether to mark what may stay empty. */
  marksOptional: boolean;
  /** Nothing is required here. */
  allOptional: boolean;
  isChangeable: (question: Question) => boolean;
  /** Does what these names lead to, as in a condition here, stand on this page, so that the browser knows its answer? */
  isHere: (path: readonly string[]) => boolean;
  /** Gives the message of a value and remembers that it stands at this id. */
  problemAt: (pointer: string | null, id: string) => string | null;
  /** Of headings here: one deeper than the heading above. */
  headingLevel: 2 | 3;
  /** Says of a question of the form where its answer was taken over from, as a sentence; null: it was not, or it is another by now. */
  takenFrom: (name: string) => string | null;
  /** Id of the control that takes the focus. */
  focus: string | null;
};

/** `fileHref`: where a file is fetched, by its id; without it files are only named. */
export type PrintPlace = { pointer: string; at: string; references: References; now: Moment; t: Translate; zone: Zone; fileHref?: (id: string) => string };
export type CheckPlace = { today: Day; references: References; stored: Json | undefined };

/** One message of one field. `pointer` is the JSON Pointer of the value, such as /deelnemers/0/naam. */
export type FieldProblem = { pointer: string; text: string };

/** What a page needs to draw a form. */
export type FormView = {
  /** In the order of the screen; nodes of hidden controls are included with hidden: true. */
  nodes: ViewNode[];
  /** For the error summary; href is #id of the control (first radio, first date part). */
  problems: { text: string; href: string }[];
};

/** One element. `partial` names the Handlebars partial in web/views/controls/. */
export type ViewNode = {
  partial: string;
  hidden: boolean;
  /** The same object comes again for the same: what is drawn of it may be kept as long as it is. Nothing in it was typed. */
  isKept?: boolean;
  [property: string]: unknown;
};

/** Shapes of a drawing, those that were chosen among them; `path` and `transform` are of SVG, in a box of 260 by 296. */
export type PrintedFigure = { path: string; transform: string; isChosen: boolean }[];

/** One answer in words, for the check page, the record page and the timeline. */
export type PrintedAnswer = {
  pointer: string;
  label: string;
  /** Lines of text; empty when there is no answer. */
  lines: string[];
  /** For repeating rows: one list per row. */
  rows: PrintedAnswer[][] | null;
  /** The same lines where each is a file that can be fetched. */
  files?: { text: string; href: string }[];
  /** The same lines as a drawing, which is for who can see it. */
  figure?: PrintedFigure;
  /** #id of its control on the form page. */
  href: string;
  source: 'own' | 'subject' | 'third-party' | 'judgement' | null;
};

/** `base`: the stored answers; a chosen person or organisation that is no longer listed may stay. */
export type CheckOptions = { today: Day; references: References; only?: string[]; base?: Answers };

export type CheckedForm = {
  /** Pruned: no value of a hidden control. Valid when `problems` is empty. */
  answers: Answers;
  problems: FieldProblem[];
  /** Answers that were typed but belong to hidden controls: not kept. */
  dropped: PrintedAnswer[];
};
