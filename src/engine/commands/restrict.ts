import type { Json } from '../../definitions/bundle.ts';
import type { EventDefinition } from '../../definitions/workflow.types.ts';
import type { CaseContext } from '../model/case-context.ts';
import type { PersonId, Restriction } from '../state/case-state.ts';
import type { Change } from './change.ts';
import { endAllHandings } from './hand-task.ts';

/** Restricts who sees a case. A later restriction replaces the former, but nobody who was shut out comes back in. Tasks handed by name go back to their performers. */
export function restrictCase(change: Change, restriction: Restriction): void {
  endAllHandings(change);
  const never = [...new Set([...change.state.barred, ...(change.state.restriction?.never ?? []), ...restriction.never])];
  const { event, at, to, lift } = restriction;
  change.state = { ...change.state, restriction: { ...restriction, never } };
  change.events.push({ type: 'restricted', event, since: at, to, never, lift });
}

/** Gives the people an event names under `never`: by id, or as the snapshot a form keeps of a chosen colleague. */
export function shutOut({ never }: NonNullable<EventDefinition['restrict']>, reading: CaseContext): PersonId[] {
  const value = never === undefined ? undefined : reading.valueOf(never.split('.'));
  return (Array.isArray(value) ? value : [value]).map(personIn).filter((person) => person !== null);
}

function personIn(value: Json | undefined): PersonId | null {
  if (typeof value === 'string') return value;
  const id = value !== null && typeof value === 'object' && !Array.isArray(value) ? value['id'] : undefined;
  return typeof id === 'string' ? id : null;
}
