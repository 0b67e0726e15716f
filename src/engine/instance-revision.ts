import type { CaseState } from './case-state.ts';

/**
 * Gives the revision of a task in a case, for the `_rev` of its form: it changes exactly when a record of that task is added or changed.
 * Records are never removed, so the same revision means the same records in the same versions.
 */
export function instanceRevision(state: CaseState, task: string): string {
  const records = state.records.filter((record) => record.task === task);
  return `${String(records.length)}.${String(records.reduce((sum, { version }) => sum + version, 0))}`;
}
