import type { CaseState } from '../engine/case-state.ts';
import type { Keys } from '../trust/key-store.ts';
import { openState, type SealedState } from './case-rows.ts';

/** As many cases as people are filling in forms of at one moment. */
const mostKept = 100;

/**
 * Makes what opens the state of a case and keeps it for a moment, `keptMs` at most: the requests of one form (page, saving, check, handing
 * in) read the same one. What is kept is given for a row that is the same to the letter and for no other, so it is never older than the
 * database, however many servers there are, and a row that was tampered with is opened anew. Throws as `Sealer.open` does.
 */
export function makeKeptStates(keys: Pick<Keys, 'opened'>, keptMs = 60_000): (row: SealedState) => CaseState {
  const kept = new Map<string, { sealed: SealedState; state: CaseState }>();
  let forgetting: NodeJS.Timeout | null = null;
  return ({ id, revision, key_sealed, state_sealed }) => {
    const known = kept.get(id);
    if (known?.sealed.state_sealed === state_sealed && known.sealed.revision === revision && known.sealed.key_sealed === key_sealed) return known.state;
    const sealed = { id, revision, key_sealed, state_sealed };
    const state = openState(sealed, keys);
    if (kept.size >= mostKept) kept.clear();
    kept.set(id, { sealed, state });
    // Nothing of a case stays in memory for longer than its requests take.
    forgetting ??= setTimeout(() => {
      kept.clear();
      forgetting = null;
    }, keptMs).unref();
    return state;
  };
}
