import type { PersonId } from '../../engine/state/case-state.ts';
import type { DraftKey } from './draft-key.ts';

/** What the files of a document are stored under until a command makes them part of the case. No task has such an id. */
export function paperDraft(caseId: string, person: PersonId, document: string): DraftKey {
  return { person, case: caseId, task: `${paperPrefix}${document}`, record: null };
}

/** How the places of such files begin. */
export const paperPrefix = 'document:';
