import type { CaseState } from '../../engine/state/case-state.ts';
import type { Keys } from '../../trust/key-store.ts';
import { openState, type CaseRow } from './case-rows.ts';

/** The state of one writing of a case: no other has this revision, this end of its chain of events and this wrapped key. */
export type KeptState = { number: string; revision: number; head: string; key: string; state: CaseState };

/** A row that was asked for with what is kept: without its state when that is the same. */
export type RowBeside = Omit<CaseRow, 'state_sealed'> & { state_sealed: string | null };

export type KeptStates = {
  /** What is kept of a case, by its number, to ask for its row with; null: nothing. */
  find(number: string): KeptState | null;
  /** The state of a row that was asked for with `known`. Throws as `Sealer.open` does. */
  stateOf(row: RowBeside, known: KeptState | null): CaseState;
  /** Keeps what was read or written. */
  keep(kept: KeptState): void;
};

/** As many cases as people are filling in forms of at one moment. */
const mostKept = 100;

/**
 * Makes what keeps the states of cases for a moment, `keptMs` at most: the requests of one form (page, saving, check, handing in, and the
 * page after that) read the same one. The database says each time which writing it has and gives the state when that is another one, so
 * what is kept is never older than the database, however many servers there are.
 */
export function makeKeptStates(keys: Pick<Keys, 'opened'>, keptMs = 60_000): KeptStates {
  const all = new Map<string, KeptState>();
  let forgetting: NodeJS.Timeout | null = null;
  const keep = (kept: KeptState): void => {
    if (all.size >= mostKept) all.clear();
    all.set(kept.number, kept);
    // Nothing of a case stays in memory for longer than its requests take.
    forgetting ??= setTimeout(() => {
      all.clear();
      forgetting = null;
    }, keptMs).unref();
  };
  return {
    find: (number) => all.get(number) ?? null,
    keep,
    stateOf: ({ id, number, revision, event_head: head, key_sealed, state_sealed }, known) => {
      if (state_sealed === null) {
        if (known === null) throw new Error(`No state of case ${id} was asked for.`);
        return known.state;
      }
      const state = openState({ id, revision, key_sealed, state_sealed }, keys);
      keep({ number, revision, head, key: key_sealed, state });
      return state;
    }
  };
}
