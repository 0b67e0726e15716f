import type { CaseState } from '../../engine/state/case-state.ts';
import type { Keys } from '../../trust/key-store.ts';
import { openState, type CaseRow } from './case-rows.ts';
import { keepForAMoment } from './keep-for-a-moment.ts';

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

/**
 * Makes what keeps the states of cases for a moment. The database says each time which writing it has and gives the state when that is
 * another one.
 */
export function makeKeptStates(keys: Pick<Keys, 'opened'>, keptMs?: number): KeptStates {
  const all = keepForAMoment<KeptState>(keptMs);
  const keep = (kept: KeptState): void => { all.keep(kept.number, kept); };
  return {
    find: (number) => all.find(number),
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
