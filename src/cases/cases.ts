import type { Answers } from '../definitions/bundle.ts';
import type { RouteSettings } from '../definitions/setting-values.ts';
import type { CaseRecord, CaseState, Command, EngineEvent, EngineResult, Moment, PersonId } from '../engine/state/case-state.ts';
import type { Tombstone } from './stores/erase-case.ts';
import type { Overview, TaskView, Viewer } from '../engine/model/overview-types.ts';
import type { CaseAccess, Colleague } from './stores/access-changes.ts';
import type { AccessAction, CaseStore, Draft, DraftKey, StoredCase, StoredEvent } from './stores/case-store.ts';
import type { CaseExport } from './case-export.ts';
import type { EventPlace } from './stores/event-store.ts';
import type { StoredFile } from './stores/file-store.ts';
import type { Library, Route } from './library.ts';
import type { Seen } from './seen.ts';

/** The signed-in person as cases know one. `settings`: what their school filled in for its routes. */
export type Reader = Colleague & { school: string; settings: RouteSettings };

/** One case as one person has it open. `earlier`: the versions of its route that it ran on before, by hash. */
export type OpenCase = { stored: StoredCase; access: CaseAccess; route: Route; earlier: ReadonlyMap<string, Route>; viewer: Viewer };

/**
 * What a post carries besides the command. `key` makes it count once; `draft` is erased when it succeeds, with its files where its form
 * takes them (`hasFiles`);
 * `seen`: what the person had before them, which must not have changed since; `open`: the case as it was read a moment ago, which
 * spares reading it again unless somebody else wrote meanwhile.
 */
export type Submission = { key: string; draft: DraftKey | null; hasFiles?: boolean; seen?: Seen; open?: OpenCase };

export type ActResult =
  | { type: 'done'; number: string; state: CaseState; events: EngineEvent[] }
  | { type: 'refused'; refusal: EngineResult & { ok: false }; open: OpenCase | null }
  /** The same post came before; `number` is what it made or changed. */
  | { type: 'repeated'; number: string }
  /** Somebody else changed what this post was based on; nothing was stored. `open` is the case as it is now. */
  | { type: 'changed'; open: OpenCase }
  /** Others kept changing the case. */
  | { type: 'busy' }
  | { type: 'notFound' };

/** A sister case as the other one shows it. `link`: of the case it was started from. `number`: null for who may not open it. */
export type LinkedCase = { link: string; startedHere: boolean; title: string; status: 'open' | 'closed'; outcome: string | null; number: string | null };

export type Cases = {
  /** The cases of a person, each with what it asks of them, closed ones only when asked for or when they ask something; the rows of lists are logged as one look. */
  list(reader: Reader, options: { closed: boolean }): Promise<(OpenCase & { overview: Overview })[]>;
  /** The numbers of the cases of that list that have, for each typed word, a word that begins with it in their number or subject. */
  search(reader: Reader, text: string, options: { closed: boolean }): Promise<string[]>;
  /** Opens a case and writes down that it was seen, and which part (`detail`, ids only); null: there is none, or not for this person. */
  open(reader: Reader, number: string, action: AccessAction, detail?: string | null): Promise<OpenCase | null>;
  /**
   * Opens a case with what this person has begun of a new record of one task, by its key (instances.ts). Writes down only what is
   * refused: call `looked` before anything of it is shown.
   */
  openTask(reader: Reader, number: string, task: string): Promise<{ open: OpenCase; draft: Draft | null } | null>;
  /** Writes down that a case is seen, and which part (`detail`, ids only). Show nothing when this fails: no line, no view. */
  looked(open: OpenCase, action: AccessAction, detail?: string | null): Promise<void>;
  start(reader: Reader, route: Route, command: Command & { type: 'open' }, submission: Submission): Promise<ActResult>;
  act(reader: Reader, number: string, command: Exclude<Command, { type: 'open' }>, submission: Submission): Promise<ActResult>;
  overview(open: OpenCase): Overview;
  /** One task as this person has it, by its key (instances.ts); null: not in this case, or not for them. */
  taskView(open: OpenCase, key: string): TaskView | null;
  /** May this person hand in a record of a task now? What `taskView` says of it, and cheaper. */
  mayAdd(open: OpenCase, key: string): boolean;
  /** May this person read a record? Who sees only their own part reads what they wrote. */
  maySee(open: OpenCase, record: CaseRecord): boolean;
  /** The questions of a record that this person may still fill in. */
  laterOf(open: OpenCase, record: CaseRecord): string[];
  /** The titles of the routes of which a case would begin by itself with this; nothing is stored. */
  beginsWith(reader: Reader, open: OpenCase, result: EngineResult & { ok: true }): Promise<string[]>;
  /** What would happen; nothing is stored. */
  preview(open: OpenCase, command: Command): EngineResult;
  /** What happened, oldest first; `types`: only that. */
  events(open: OpenCase, types?: readonly EngineEvent['type'][]): Promise<StoredEvent[]>;
  /** What happened beside a place, the nearest first; fewer than `eventsAtOnce` means that there is no more. */
  eventsBeside(open: OpenCase, place: EventPlace): Promise<StoredEvent[]>;
  /** How often each type of event happened. */
  eventCounts(open: OpenCase): Promise<{ [type: string]: number }>;
  /** Every version of a record, oldest first, each as enteredIn takes it. */
  versions(open: OpenCase, record: CaseRecord): Promise<CaseRecord[]>;
  /** Who sees this case, by id. */
  people(open: OpenCase): Promise<{ person: PersonId; access: CaseAccess }[]>;
  /** Ids of those who may never see this case: not to be offered it. */
  shutOut(open: OpenCase): Promise<PersonId[]>;
  /** What may be shown of the cases it is linked to; nothing of one that is restricted (semantics 19). */
  linked(reader: Reader, open: OpenCase): Promise<LinkedCase[]>;
  /**
   * The other cases of this person about whom these answers of its subject form are about, newest first, closed ones only when asked for
   * (semantics 16 and 23). Writes down that they are shown.
   */
  sameSubject(reader: Reader, open: OpenCase, options: { answers: readonly Answers[]; closed: boolean }): Promise<OpenCase[]>;
  /** Everything of a case that this person may read, packed (case-export.ts); null: others kept changing it. Write down first that it is taken along. */
  pack(open: OpenCase, words: Pick<CaseExport, 'people' | 'school' | 'readMe'>): Promise<Buffer | null>;
  /** The lines of the access log of a case, oldest first. */
  accessLines(open: OpenCase): Promise<{ at: Moment; person: PersonId | null; action: string; detail: string | null }[]>;
  drafts: CaseStore['drafts'];
  files: CaseStore['files'];
  emergency: CaseStore['emergency'];
  subjectNotices: CaseStore['subjectNotices'];
  /** A file of a case: of a record this person may read, or of something they are filling in. Writes down that it was fetched; null: there is none, or not for them. */
  openFile(reader: Reader, number: string, id: string): Promise<StoredFile | null>;
  newId: () => string;
  /** Destroys a closed case for good: the second person confirms what another proposed. `revision`: what was read of it. */
  destroy(reader: Reader, number: string, revision: number): Promise<ActResult>;
  /** Shows the closed cases of a school that wait for a decision to those who have the role for it now: whoever got it since they were shown sees what was proposed as well. */
  showToDecide(school: string): Promise<void>;
  /** What is left of destroyed cases that this person may know of: of their own decisions, and of unrestricted ones of a route whose cases they would see, or as an administrator. */
  destroyed(reader: Reader, isAdmin: boolean): Promise<Tombstone[]>;
  /** Does what time has brought to a case, in the name of nobody; also destroys one that its route keeps no longer without asking, unless told not to. False: others kept changing it, so it comes again. */
  passTime(caseId: string, options?: { erases: boolean }): Promise<boolean>;
  /** What an earlier post with this key did: the number of its case; null: there was none. */
  answerOf(reader: Reader, key: string): Promise<string | null>;
};

/** What it takes to make them. */
export type CasesParts = {
  store: CaseStore;
  library: Library;
  /** Those who work at a school now. */
  staffOf: (school: string) => Promise<Colleague[]>;
  /** What a school filled in for its routes, where nobody who is signed in brings it along. */
  settingsOf: (school: string) => Promise<RouteSettings>;
  /** Ids of the routes with which a school starts no cases. */
  routesOffAt: (school: string) => Promise<string[]>;
  now: () => Moment;
  newId: () => string;
  newNumber: (year: number) => string;
};

/** All tasks of an overview, those of the active steps first. */
export function allTasks({ activeSteps, tasks, unfinished }: Overview): TaskView[] {
  return [...activeSteps.flatMap((step) => step.tasks), ...tasks, ...unfinished];
}
