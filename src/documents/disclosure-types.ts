import type { Day, Moment, PersonId } from '../engine/state/case-state.ts';
import type { FileAnswer } from '../forms/file-answer.ts';
import type { DocumentTree } from './document-tree.ts';

// What somebody who asks is given of a case (AVG article 15), and what is left out of it and why (UAVG article 41).

/** Who asks. `row`: somebody in the list of askers of the route, by the key of that row; `other` is typed. */
export type Asker = { kind: 'row' | 'subject' | 'other'; id: string; name: string };

/** Why something is proposed as it is: whose knowledge it is, or why nobody can tell by the form alone. */
export type Why = 'asker' | 'third-party' | 'subject' | 'other' | 'role' | 'reason' | 'file' | 'document' | 'plain';

/** One answer, file, reason or document. `proposal`: give it or not; null: somebody must look. `sentences`: those of a free text, else none. */
export type DisclosurePart = {
  id: string;
  question: string;
  lines: string[];
  sentences: string[];
  why: Why;
  proposal: boolean | null;
  file: FileAnswer | null;
  tree: DocumentTree | null;
  /** Can it hold the name of somebody: was it typed, or is it somebody who was picked? */
  names: boolean;
  /** Only some roles read it: it is in no document, so in this one neither. */
  locked: boolean;
};

/** A record, the way through the steps, or the documents. `of`: stands for what it says now. */
export type DisclosureSection = { id: string; title: string; day: Day | null; parts: DisclosurePart[]; of: string };

/** What is done with a part. `ground`: id of the ground it is left out for; `without`: sentences left out of what is given. */
export type PartChoice = { give: boolean; ground: string; without: string[] };

/** What somebody decided of a section when it said `of`. `whole`: the ground for which all of it is left out; null: it is not. */
export type SectionChoice = { by: PersonId; at: Moment; of: string; whole: string | null; parts: { [part: string]: PartChoice } };

/** What was said of the whole as it read then. `seen`: stands for exactly that content. */
export type DisclosureVerdict = { verdict: 'asked' | 'approved' | 'returned'; by: PersonId; at: Moment; askedBy: PersonId; seen: string; reason: string };

/** What people prepared for one asker. `words`: names and sentences that stand in more places, with whether they are left out everywhere. */
export type Disclosure = {
  asker: Asker;
  sections: { [section: string]: SectionChoice };
  words: { [words: string]: boolean };
  /** By ground: why it is needed, and goes no further than needed. */
  weighing: { [ground: string]: string };
  verdict: DisclosureVerdict | null;
  given: { by: PersonId; at: Moment; kind: string; seen: string }[];
};

/** The grounds of a route by id, the one that is proposed first. */
export type Grounds = { [ground: string]: { title: string; text: string } };

/** A part with what becomes of it. `text`: what is given of it, with a mark where something is left out; empty when it is left out whole. */
export type SettledPart = { part: DisclosurePart; give: boolean; ground: string; without: string[]; text: string };

/** todo: nobody looked at it yet. changed: it says something else since. */
export type SettledSection = { section: DisclosureSection; state: 'todo' | 'changed' | 'done'; whole: string | null; parts: SettledPart[] };

/** A name or sentence that is left out and still stands in what is given. `choice`: leave it out there too; null: nobody chose. */
export type Leftover = { words: string; where: string[]; choice: boolean | null };

/** Everything that becomes of a preparation. `stuck`: words that could not be taken out where they stand. */
export type Settled = { sections: SettledSection[]; leftovers: Leftover[]; stuck: Leftover[]; left: { what: string; ground: string }[]; tree: DocumentTree; files: { number: number; file: FileAnswer }[]; stamp: string };
