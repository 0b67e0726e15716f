import type { Command } from '../state/case-state.ts';
import type { Change } from './change.ts';
import { type Refusal, refuseShort } from './refusal.ts';

/** Writes down that the whole case was taken along, and why. Nothing of the case changes. */
export function takeAlong(change: Change, { what, reason }: Command & { type: 'export' }): Refusal | null {
  const short = refuseShort(change.model, reason);
  if (short !== null) return short;
  change.events.push({ type: 'caseExported', what, reason: reason.trim() });
  return null;
}
