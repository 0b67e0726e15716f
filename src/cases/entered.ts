import type { Answers } from '../definitions/bundle.ts';
import { hiddenFields } from '../definitions/lookup.ts';
import type { CaseRecord } from '../engine/state/case-state.ts';
import { asEntered } from '../engine/state/moved-state.ts';
import type { CompiledForm } from '../forms/form-types.ts';
import type { StoredEvent } from './stores/case-store.ts';
import type { Route } from './library.ts';

/** A record as it was entered, with the version of the route and the form of then: what is shown of it. */
export type Entered = { record: CaseRecord; route: Route; form: CompiledForm };

/** The version of its route that a case runs on, and those it ran on before, by hash. */
export type Versions = { route: Route; earlier: ReadonlyMap<string, Route> };

/** Gives a record, or an earlier version of one (versionsEntered), as it was entered: in its own form, whatever its case runs on now. */
export function enteredIn({ route, earlier }: Versions, record: CaseRecord): Entered {
  const then = asEntered(record);
  const own = earlier.get(record.entered?.bundle ?? '') ?? route;
  return { record: then, route: own, form: own.form(then.form) };
}

/** Gives the answers of a record to questions that this person may read (`x-access`), in every version of the route it was in. */
export function readAnswers({ route, earlier, viewer }: Versions & { viewer: { roles: readonly string[] } }, { form, answers }: CaseRecord): Answers {
  const hidden = [route, ...earlier.values()].flatMap(({ model: { bundle: { forms } } }) => (forms[form] === undefined ? [] : hiddenFields(forms[form], viewer.roles)));
  return hidden.length === 0 ? answers : Object.fromEntries(Object.entries(answers).filter(([name]) => !hidden.includes(name)));
}

/** Gives versions of records as they are kept, each with the version of the route it was entered under, from all that happened to the case. */
export function versionsEntered(versions: readonly CaseRecord[], events: readonly StoredEvent[]): CaseRecord[] {
  const moves = lastingMoves(events);
  return versions.map((version) => {
    const entered = events.find(({ event }) => isEntry(event) && event.record === version.id && ('version' in event ? event.version : 1) === version.version)?.sequence ?? 0;
    const next = moves.find(({ sequence }) => sequence > entered);
    return next === undefined ? version : { ...version, entered: { bundle: next.from } };
  });
}

/** Gives the version of the route that was in force when something happened, by the sequence of its event. */
export function routeThen({ route, earlier }: Versions, events: readonly StoredEvent[]): (sequence: number) => Route {
  const moves = lastingMoves(events);
  return (sequence) => earlier.get(moves.find((move) => move.sequence > sequence)?.from ?? '') ?? route;
}

/** A move that was undone changed nothing. */
function lastingMoves(events: readonly StoredEvent[]): { sequence: number; from: string }[] {
  return events.flatMap(({ sequence, event }, index) => (event.type === 'caseMoved' && events[index + 1]?.event.type !== 'moveUndone' ? [{ sequence, from: event.from }] : []));
}

function isEntry(event: StoredEvent['event']): event is StoredEvent['event'] & { type: 'recordEntered' | 'recordUpdated' | 'recordCorrected' } {
  return event.type === 'recordEntered' || event.type === 'recordUpdated' || event.type === 'recordCorrected';
}
