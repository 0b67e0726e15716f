import type { CaseAccess } from './stores/access-changes.ts';
import { taskKey } from '../engine/model/instances.ts';
import type { StoredCase } from './stores/case-store.ts';

/** A case as far as it matters what somebody saw of it. */
export type SeenCase = { stored: Pick<StoredCase, 'state' | 'revision'>; access: CaseAccess; viewer: { id: string } };

/** Whose revision the hidden `_rev` of a page carries: of a task by its key (instances.ts), of one record, or of the whole case. */
export type SeenPart = { of: 'task'; task: string } | { of: 'record'; record: number } | { of: 'case' };

/** What somebody had before them: a part of the case as it was then. An empty revision says nothing and is never out of date. */
export type Seen = SeenPart & { revision: string };

/**
 * Gives the revision of a part of the case as this person sees it. Two people on two tasks never collide (semantics 8), and records
 * that somebody may not see do not show in it.
 */
export function revisionOf({ stored, access, viewer }: SeenCase, part: SeenPart): string {
  const { state } = stored;
  switch (part.of) {
    // News to somebody who writes a record is only what a colleague adds; what is filled in later in another record is not.
    case 'task': return String(access === 'full' ? state.records.filter(({ task, source, by }) => taskKey(task, source) === part.task && by !== null && by !== viewer.id).length : 0);
    case 'record': return String(state.records.find(({ id }) => id === part.record)?.version ?? 0);
    case 'case': return String(stored.revision);
  }
}

/** Is that part of the case still as it was seen? */
export function isAsSeen(open: SeenCase, seen: Seen): boolean {
  return seen.revision === '' || seen.revision === revisionOf(open, seen);
}
