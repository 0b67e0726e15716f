import { caseContext } from '../engine/model/case-context.ts';
import { type CaseDocument, caseDocuments } from '../engine/reading/case-documents.ts';
import type { Moment } from '../engine/state/case-state.ts';
import type { OpenCase } from './cases.ts';

/** Gives the documents of a case in the order of the definition, also those that cannot be made yet. */
export function documentsOf({ route: { model }, stored, viewer }: OpenCase, now: Moment): CaseDocument[] {
  return caseDocuments(caseContext(model, stored.state, now, viewer));
}
