import type { Answers, Json } from '../../definitions/bundle.ts';
import type { SettingValues } from '../../definitions/setting-values.ts';
import type { DocumentVersion, KeptFile, Signer, SignWay } from './document-types.ts';

/** UTC ISO moment such as 2026-03-18T13:32:00.000Z. */
export type Moment = string;
/** Calendar day, YYYY-MM-DD. */
export type Day = string;
export type PersonId = string;

/** A person as the engine sees one: roles are ids of the definition's `roles`. */
export type Actor = { id: PersonId; roles: string[] };

/**
 * Everything that decides what can happen next in one case. Kept as one JSON text; never changed in place.
 * Ids inside a case are numbers counted by the case itself, so the engine needs no randomness.
 */
export type CaseState = {
  status: 'open' | 'closed' | 'cancelled';
  openedAt: Moment;
  closedAt: Moment | null;
  /** Id of the outcome the case was closed with. */
  outcome: string | null;
  starter: PersonId;
  /** The case it was started from, by the id of its link there; absent without one. */
  from?: CaseOrigin;
  responsible: PersonId;
  /** In the order of entering. */
  visits: Visit[];
  /** In the order of entering; the latest version of each. */
  records: CaseRecord[];
  waivers: Waiver[];
  /** Of records whose task asks a second person: what that person said last; none while it waits (second-person.ts). */
  reviews: Review[];
  /** Of documents that ask a second person: what was said of each last (document-approval.ts); absent while nothing was. */
  approvals?: Approval[];
  /** Documents that were kept as they were (document-versions.ts), in that order; absent while none was. */
  versions?: DocumentVersion[];
  /** Keys of events that fired: `<event>` or `<event>:<record id>`. */
  fired: string[];
  /** Steps passed over, by step id; entering one later takes the mark away. */
  skipped: { [step: string]: { at: Moment; by: PersonId; reason: string } };
  notices: Notice[];
  told: Told[];
  restriction: Restriction | null;
  /** Whom a restriction shut out by name that was lifted since: they never see the case. */
  barred: PersonId[];
  /** Since when each open required task is asked for, derived after every command; terms without `from` count from it. */
  asked: Asked[];
  /** Tasks handed to a person by name, each to one; until given back or taken back. */
  handed: Handed[];
  lastRecord: number;
  lastVisit: number;
  /** Hashes of the versions it ran under before, in order; absent while it never moved. */
  earlier?: string[];
  /** Of a closed case: what was said about keeping it (keeping.ts); absent while nothing was. */
  keeping?: Keeping;
};

export type Keeping = {
  /** What one person proposed, until a second one confirms it; null: nothing waits. */
  proposed: KeepingProposal | null;
  /** By two people: kept up to and with this day, whatever the term; null: it is not. */
  hold: { until: Day; reason: string; by: PersonId; confirmedBy: PersonId; at: Moment } | null;
  /** When somebody last said that the day the term counts from is not known yet. */
  unknownAt: Moment | null;
};

/** `request`: before the term ended, or while something keeps the case longer. `until` only with `keep`. */
export type KeepingProposal = { what: 'destroy' | 'keep'; ground: 'term' | 'request'; until: Day | null; reason: string; by: PersonId; at: Moment };

/** `case`: id of the other case. */
export type CaseOrigin = { case: string; link: string };

/** One stay in a step. */
export type Visit = {
  id: number;
  step: string;
  enteredAt: Moment;
  status: 'active' | 'completed' | 'left';
  endedAt: Moment | null;
  endedBy: PersonId | null;
  /** The transition or event that ended it; transitions taken together with a space between. */
  endedVia: string | null;
};

/** One completed form. `by` is null when the system wrote it (events.write). */
export type CaseRecord = {
  id: number;
  /** Task id; the id of the subject form for the subject; `transition:<step or *>:<id>` for the form of a transition, `reopen:<id>` for that of reopening. */
  task: string;
  form: string;
  /** sha256 of the form as it was asked, where the task wants something of its fields (asked-form.ts); absent: the form of the bundle. */
  formHash?: string;
  /** The record or row a `for` task belongs to; part of the key from day one. */
  source: string | null;
  /** Null for tasks of the top level. */
  visit: number | null;
  version: number;
  by: PersonId | null;
  at: Moment;
  updatedAt: Moment;
  updatedBy: PersonId | null;
  /** Handed in after its step was left: nagekomen. */
  late: boolean;
  answers: Answers;
  /**
   * Of a record entered under an earlier version: the hash of that version, and what was otherwise then. It is shown so; what stands
   * beside it is how conditions of the version of now read it.
   */
  entered?: { bundle: string; task?: string; form?: string; answers?: Answers };
};

/** `reason` is empty for a record that was confirmed. */
export type Review = { record: number; verdict: 'confirmed' | 'returned'; by: PersonId; at: Moment; reason: string };

/** `source` as of a record; `seen`: what the document was made of (contentStamp); `askedBy` asked for it, `by` said this; `reason` only where it was given back. */
export type Approval = { document: string; source: string | null; seen: string; verdict: 'asked' | 'approved' | 'returned'; askedBy: PersonId; by: PersonId; at: Moment; reason: string };

/** A rule passed with a written reason; holds for that visit only (visit null: for a rule of the top level, in this case). */
export type Waiver = { rule: string; visit: number | null; source: string | null; by: PersonId; at: Moment; reason: string };

/** `source` as of a record, absent without one; `visit` is null for a task of the top level. */
export type Asked = { task: string; source?: string; visit: number | null; since: Moment };

/** A task that somebody was asked to do by name; `by` asked it. */
export type Handed = { task: string; to: PersonId; by: PersonId; at: Moment };

export type Notice = { event: string; roles: string[]; record: number | null; at: Moment };

/**
 * Somebody was told of a term: who may do it reminded before, or `roles` once it had passed. `task` null: the term of the step itself;
 * `due` is the end of the term, so that a term that moved is told of again.
 */
export type Told = { kind: 'reminded' | 'escalated'; task: string | null; source?: string; step: string | null; due: Moment; roles: string[]; at: Moment };

export type Restriction = {
  event: string;
  at: Moment;
  /** Role ids, or author (the starter). */
  to: string[];
  /** People who never see the case. */
  never: PersonId[];
  lift: string[];
};

/** Who does what time brings about, in the place of a person: no person has this id. */
export const clockwork: Actor = { id: 'system', roles: [] };

/** What a person asks of a case. Answers have been checked against their form before. */
export type Command =
  | { type: 'open'; task: string; answers: Answers; subject: Answers | null; formHash?: string | null; from?: CaseOrigin }
  /** `source`: which one of a task for each of something. `formHash`: of the form that was asked (asked-form.ts); absent where nobody was asked on a page. */
  | { type: 'submit'; task: string; source?: string; answers: Answers; formHash?: string | null }
  /** Fills in fields named in `later`, or any field of the subject. */
  | { type: 'update'; record: number; answers: Answers; formHash?: string | null }
  /** `step` null: a transition of the top level; `transition` may be `together` (take-each.ts). */
  | { type: 'take'; step: string | null; transition: string; answers: Answers | null }
  /** `step`: whose rule or whose transition's rule it is; null for a rule of the top level. `source`: of a rule for each of something, which one. */
  | { type: 'waive'; rule: string; source?: string; step: string | null; reason: string }
  /** Changes any answer of a record, with a reason. As with `update` a field that is absent stays, null empties it. */
  | { type: 'correct'; record: number; answers: Answers; reason: string; formHash?: string | null }
  /** By a second person: confirms a record of a task with `fourEyes`, or gives it back with a reason. `version`: the one that was read. */
  | { type: 'review'; record: number; version: number; verdict: Review['verdict']; reason: string }
  /** Asks a second person to approve a document with `fourEyes`; or does so, or gives it back with a reason. `seen` as in Approval: what was read. */
  | { type: 'approve'; document: string; source?: string; seen: string; verdict: Approval['verdict']; reason: string }
  /** Keeps a document as it is now: what was made of `seen`, with the number it gets, its files and whom it names as signers. */
  | ({ type: 'freeze'; source?: string } & Omit<DocumentVersion, 'source' | 'by' | 'at' | 'added' | 'signed'>)
  /** Puts an edited copy beside a version of a document. */
  | { type: 'addToDocument'; document: string; source?: string; version: number; file: KeptFile }
  /** Says of one signer of a version that they signed, or did not and why. `sha256`: what they had before them. */
  | { type: 'sign'; document: string; source?: string; version: number; sha256: string; signer: Signer; how: SignWay; note: string; file: KeptFile | null }
  /** Takes the whole case along, out of the program. */
  | { type: 'export'; what: 'file' | 'dossier'; reason: string }
  /** Ends a case that was started by mistake. */
  | { type: 'cancel'; reason: string }
  /** Ends the restriction of a case. */
  | { type: 'lift'; reason: string }
  | { type: 'handOver'; to: Actor }
  /** Asks one task of a person by name. */
  | { type: 'handTask'; task: string; to: Actor }
  /** By that person, or by who may hand it. */
  | { type: 'takeBackTask'; task: string }
  /** Of a closed case: that it may be destroyed, or is kept longer. A second person confirms it. */
  | { type: 'proposeKeeping'; what: KeepingProposal['what']; until: Day | null; reason: string }
  /** Takes back what was proposed; by anybody who may decide. */
  | { type: 'withdrawKeeping' }
  /** By a second person: keeps the case longer. `at`: of the proposal that was read. That it is destroyed is no command: nothing of the case is left (erase-case.ts). */
  | { type: 'confirmKeeping'; at: Moment }
  /** Says that the day the term counts from is not known yet; asked again a year later. */
  | { type: 'stillUnknown' }
  /** Does what time has brought since somebody last looked; by `clockwork`. */
  | { type: 'passTime' }
  /** Opens a closed case again in a step of `reopen.<id>.to`; with `decide: each` in all of them, whatever `to` says. */
  | { type: 'reopen'; reopening: string; to: string; answers: Answers | null };

/**
 * What happened, in order. Each becomes one row of the case's log; together with the versions of its records these rebuild
 * the state (rebuild.ts), so each says all that the state keeps of it. Moment and person stand beside it in the log.
 */
export type EngineEvent =
  | { type: 'caseOpened'; task: string; from?: CaseOrigin }
  | { type: 'recordEntered'; record: number; task: string; step: string | null; late: boolean; bySystem: boolean }
  | { type: 'recordUpdated'; record: number; task: string; version: number; fields: string[] }
  /** `unmet`: rules passed before that held until this correction; `met`: those an earlier one had broken. */
  | { type: 'recordCorrected'; record: number; task: string; version: number; fields: string[]; reason: string; unmet: PassedRule[]; met: PassedRule[] }
  | { type: 'recordReviewed'; record: number; task: string; version: number; verdict: Review['verdict']; reason: string }
  | { type: 'documentReviewed'; document: string; source?: string; seen: string; verdict: Approval['verdict']; askedBy: PersonId; reason: string }
  | ({ type: 'documentFrozen'; source?: string } & Omit<DocumentVersion, 'source' | 'by' | 'at' | 'added' | 'signed'>)
  | { type: 'documentFileAdded'; document: string; source?: string; version: number; file: KeptFile }
  | { type: 'documentSigned'; document: string; source?: string; version: number; sha256: string; signer: Signer; how: SignWay; note: string; file: KeptFile | null }
  | { type: 'caseExported'; what: 'file' | 'dossier'; reason: string }
  /** `settings`: those the decision used, as they were then; absent when it used none (semantics 15). */
  | { type: 'transitionTaken'; step: string | null; transition: string; record: number | null; waived: string[]; settings?: SettingValues }
  | { type: 'stepEntered'; step: string; visit: number }
  | { type: 'stepAlreadyActive'; step: string }
  | { type: 'stepEnded'; step: string; visit: number; status: 'completed' | 'left'; via: string }
  | { type: 'stepSkipped'; step: string; reason: string }
  | { type: 'taskLapsed'; task: string; source?: string; step: string | null }
  | { type: 'ruleWaived'; rule: string; source?: string; step: string | null; visit: number | null; reason: string }
  /** `key` as in `fired`; `settings` as above. */
  | { type: 'eventFired'; event: string; key: string; record: number | null; moved: boolean; settings?: SettingValues }
  /** `since` is earlier than the event when only `never` grew. */
  | { type: 'restricted'; event: string; since: Moment; to: string[]; never: PersonId[]; lift: string[] }
  | { type: 'restrictionLifted'; reason: string }
  | { type: 'noticed'; event: string; roles: string[]; record: number | null }
  /** `key` as in `fired`. */
  | ({ type: 'termTold'; key: string } & Omit<Told, 'at'>)
  /** Which required tasks are open from now on, when that changed; those that were open stay open since then. */
  | { type: 'tasksAsked'; tasks: Omit<Asked, 'since'>[] }
  | { type: 'caseClosed'; outcome: string }
  | { type: 'caseCancelled'; reason: string }
  | { type: 'caseReopened'; reopening: string; to: string[]; record: number | null }
  /** Of a closed case: it has been kept long enough, or the day its term counts from is to be asked. `key` as in `fired`. */
  | { type: 'keepingDue'; key: string }
  | ({ type: 'keepingProposed' } & Omit<KeepingProposal, 'by' | 'at'>)
  | { type: 'keepingWithdrawn' }
  /** `by` proposed it. */
  | { type: 'keptLonger'; until: Day; reason: string; by: PersonId }
  | { type: 'startStillUnknown' }
  | { type: 'handedOver'; from: PersonId; to: PersonId }
  | { type: 'taskHanded'; task: string; to: PersonId }
  /** Given back by `from`, or taken back from them. */
  | { type: 'taskTakenBack'; task: string; from: PersonId }
  /**
   * The case runs on in another version of its route; `from` and `to` are hashes. `fired`: keys of events that will not happen any more,
   * `asked` as in tasksAsked, `released`: tasks that are not handed to somebody by name any more.
   * `drafts`: tasks that became another one, of which somebody was writing; absent: of none.
   */
  | { type: 'caseMoved'; from: string; to: string; mapping: Mapping; fired: string[]; asked: Omit<Asked, 'since'>[]; released: string[]; drafts?: { [task: string]: string } }
  /** The move just before was undone. */
  | { type: 'moveUndone'; from: string; to: string };

/**
 * What becomes of ids that a case holds, when it moves to another version. Paths are <task>.<field>, with the id of the task before the
 * move; null: it counts for nothing any more, and is only read as it was entered.
 */
export type Mapping = {
  steps: { [step: string]: string };
  /** One that counts no more gets an id that no definition can have. */
  tasks: { [task: string]: { task: string; form: string } };
  fields: { [path: string]: string | null };
  answers: { [path: string]: { [answer: string]: Json } };
};

/** A rule that was asked in the past: at handing in a record, or at the way out that ended a visit. `text` is its message as it reads now. */
export type PassedRule = { rule: string; source?: string; visit: number | null; record: number | null; text: string };

/** Why something is refused or closed. `text` is a Dutch sentence without a name or an answer in free text. */
export type Reason = {
  kind: 'task' | 'rule' | 'condition' | 'track';
  text: string;
  /** Task to do first. */
  task: string | null;
  rule: string | null;
  /** Which one, of a task or rule for each of something; absent without one. */
  source?: string;
  /** Roles that may pass the rule with a reason; null when it is hard. */
  waivable: string[] | null;
};

export type RefusalCode = 'unknown' | 'notOpen' | 'notPerformer' | 'closed' | 'notOffered' | 'frozen' | 'rules';

export type EngineResult =
  | { ok: true; state: CaseState; events: EngineEvent[] }
  | { ok: false; code: RefusalCode; reasons: Reason[] };
