import type { CaseRecord, CaseState } from '../state/case-state.ts';
import type { Model, PreparedTask } from './prepare.ts';
import { counts } from './second-person.ts';

/** What was read of the records of a case: those of each task, and whether the facts hold that are read from nothing else (`steadyFacts`). */
type Records = { ofTask: Map<string, CaseRecord[]>; facts: Map<string, boolean> };

/** `tasks` and `reviews`: by which they were read. */
type Kept = Records & { tasks: Model['tasks']; reviews: CaseState['reviews'] };

/** Of fewer records it costs less to look through them again than to keep what was found. */
const fewestKept = 12;

/** Records are never changed in place: what was read of them stands as long as they do, for all requests of one form and all that one of them asks. */
const kept = new WeakMap<CaseRecord[], Kept>();

/** Gives what was read of the records of a case so far, to be added to. */
export function recordsIn(model: Model, state: CaseState): Records {
  return state.records.length < fewestKept ? { ofTask: new Map(), facts: new Map() } : keptOf(model, state);
}

/** Finds the records of a task and of the tasks that count as it, by x-date, then by entry. A record that waits for a second person is not there yet. */
export function findRecords(model: Model, state: CaseState, task: PreparedTask): CaseRecord[] {
  const found = state.records.filter((record) => (record.task === task.id || task.counted.includes(record.task)) && counts(model, state, record));
  const { dateField } = task;
  if (found.length < 2 || dateField === null) return found;
  const time = (record: CaseRecord): string => {
    const date = record.answers[dateField];
    return typeof date === 'string' ? date : record.at;
  };
  return found.sort((one, other) => (time(one) < time(other) ? -1 : time(one) > time(other) ? 1 : one.id - other.id));
}

function keptOf({ tasks }: Model, { records, reviews }: CaseState): Kept {
  const known = kept.get(records);
  if (known?.tasks === tasks && known.reviews === reviews) return known;
  const made: Kept = { tasks, reviews, ofTask: new Map(), facts: new Map() };
  kept.set(records, made);
  return made;
}
