import type { Day, KeepingProposal, Moment, PersonId, Reason } from '../state/case-state.ts';

/**
 * What is asked of a closed case. `term`: destroy it, or keep it longer. `start`: the day its term counts from. `request`: somebody
 * proposed something before its term ended. `byYou`: this viewer did, so a colleague has to confirm it. `goneBy` as in Kept.
 */
export type KeepingView = { why: 'term' | 'start' | 'request'; proposed: KeepingProposal | null; byYou: boolean; since: Day; goneBy: Day | null };

/**
 * Who looks: `full` sees the whole case, `own` only own records and tasks offered to them (definitions.md 10), `task` only the tasks
 * handed to them by name and their own records of those (semantics 9).
 */
export type Viewer = { id: PersonId; roles: string[]; sees: 'full' | 'own' | 'task' };

/** What one person has to know of one case. All titles come from the definition. */
export type Overview = {
  status: 'open' | 'closed' | 'cancelled';
  outcome: { id: string; title: string } | null;
  now: NowView;
  /** What is asked of a closed case; null: nothing. */
  keeping: KeepingView | null;
  steps: StepView[];
  /** Tasks of each active visit, in file order. */
  activeSteps: { step: string; visit: number; label: string | null; title: string; guidance: string | null; tasks: TaskView[]; exits: ExitView[] }[];
  /** Tasks of the top level: the subject first, then file order; emergency tasks last. */
  tasks: TaskView[];
  /** Exits of the top level. */
  exits: ExitView[];
  /** Ways to open a closed case again, also those this viewer may not take; none for a case that runs. */
  reopenings: ReopenView[];
  /** Hints of rules: shown, never refusing. */
  hints: string[];
  /** What this viewer was told of terms that still run, oldest first. */
  told: ToldView[];
  /** Tasks left open in steps that were left or skipped; they may still be handed in. */
  unfinished: TaskView[];
};

/** "Dit moet u nu doen": exactly one for each person and case. */
export type NowView =
  | { type: 'task'; task: TaskView; record: number | null }
  | { type: 'decide'; step: string; title: string }
  | { type: 'wait'; on: string[]; task: TaskView | null }
  | { type: 'nothing' }
  | { type: 'closed' };

export type StepView = {
  id: string;
  label: string | null;
  title: string;
  shortTitle: string;
  text: string | null;
  status: 'ahead' | 'waiting' | 'active' | 'completed' | 'left' | 'skipped';
  at: Moment | null;
  by: PersonId | null;
  /** Why it was skipped. */
  reason: string | null;
  visits: number;
  /** Steps its transitions lead to, and closing. */
  leadsTo: string[];
  closes: boolean;
  /** Steps the case went to from here, and whether it was closed from here: the lines that were walked. */
  wentTo: string[];
  closed: boolean;
};

export type TaskView = {
  id: string;
  form: string;
  step: string | null;
  /** Which one, of a task for each of something: part of its address; null without one. */
  source: string | null;
  visit: number | null;
  title: string;
  required: boolean;
  repeat: boolean;
  emergency: boolean;
  /**
   * todo: required (or an incomplete record) and this viewer may do it. waiting: the same, for others.
   * optional: may be done. notYet: something else comes first. notApplicable: an answer rules it out.
   */
  status: 'todo' | 'waiting' | 'optional' | 'done' | 'notYet' | 'notApplicable';
  /** Why notYet or notApplicable, as sentences. */
  reasons: string[];
  /** May this viewer hand in a (next) record now? */
  mayAdd: boolean;
  /** May this viewer hand it to somebody by name now? */
  mayHand: boolean;
  /** Titles of roles that may do it. */
  performers: string[];
  /** Handed to somebody by name, who is waited for until they hand in a record. `to` null: a colleague this viewer is not told. */
  handed: { to: PersonId | null } | null;
  /** Of a done task: when its series asks for the next record. */
  due: DueView | null;
  /** A term runs, and its calendar does not know when it ends. */
  termUnknown: boolean;
  /** Records the viewer may see, oldest first. */
  records: RecordView[];
};

export type RecordView = {
  id: number;
  by: PersonId | null;
  at: Moment;
  late: boolean;
  /** Not complete: `done` does not hold yet. */
  open: boolean;
  /** Of a task that asks a second person: it waits for one, or was given back; null: it counts. */
  review: 'waits' | 'returned' | null;
  /** May this viewer be that second person? */
  mayReview: boolean;
  /** Fields this viewer may still fill in. */
  later: string[];
};

/** When something is due. `holiday`: of the calendars its route counts by, that in which the day falls; absent: in none. */
export type DueView = { day: Day; at: Moment; late: boolean; holiday?: string };

export type ToldView = { kind: 'reminded' | 'escalated'; title: string; due: { day: Day; at: Moment; late: boolean }; at: Moment };

/** `reasons`: why its `when` does not hold. */
export type ReopenView = { id: string; title: string; mayTake: boolean; reasons: Reason[]; performers: string[]; form: string | null; to: ExitView['to']; /** All steps of `to` are entered; else a person chooses. */ together: boolean };

export type ExitView = {
  /** Null: a transition of the top level. */
  step: string | null;
  id: string;
  title: string;
  /** open: may be taken. refused: offered, but tasks or rules stand in the way. closed: its `when` does not hold. */
  status: 'open' | 'refused' | 'closed';
  /** May this viewer take it (role)? */
  mayTake: boolean;
  performers: string[];
  reasons: Reason[];
  form: string | null;
  to: { id: string; label: string | null; title: string }[];
  close: { id: string; title: string } | null;
};
