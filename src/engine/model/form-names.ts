/** Gives the name under which the form of a way out is kept, in records and drafts: it belongs to no task. `step` null: of the top level. */
export function exitForm({ id, step }: { id: string; step: string | null }): string {
  return `transition:${step ?? '*'}:${id}`;
}

/** Gives the name under which the form of a way to open a case again is kept. */
export function reopenForm(id: string): string {
  return `reopen:${id}`;
}
