import { caseDocuments } from '../reading/case-documents.ts';
import type { Approval, CaseState, Command } from '../state/case-state.ts';
import { type Change, contextOf } from './change.ts';
import { type Refusal, refuseShort, refuseWith } from './refusal.ts';

/**
 * Stands for what a document of a case can say now: another text as soon as a record is entered, filled in or corrected, a rule
 * is passed with a reason, or the case runs on in another version of its route. A document is made of what stands in the case, so that an approval holds for one such text.
 */
export function contentStamp({ lastRecord, records, waivers, earlier = [] }: CaseState): string {
  return [lastRecord, records.reduce((sum, { version }) => sum + version, 0), earlier.length, ...(waivers.length === 0 ? [] : [waivers.length])].join('.');
}

/** Gives what was last said of a document as it reads now; null: nothing yet, or the case changed since. */
export function approvalOf(state: CaseState, document: string, source: string | null): Approval | null {
  const last = state.approvals?.find((one) => one.document === document && one.source === source);
  return last === undefined || last.seen !== contentStamp(state) ? null : last;
}

/** Asks a second person to approve a document with `fourEyes`; or, as that person, approves it or gives it back with a reason. */
export function approve(change: Change, { document: id, seen, verdict, reason, ...which }: Command & { type: 'approve' }): Refusal | null {
  const source = which.source ?? null;
  const { model, actor, state, now } = change;
  const document = caseDocuments(contextOf(change)).find((one) => one.id === id && (one.source?.key ?? null) === source && one.isReady);
  if (document?.fourEyes !== true) return refuseWith('unknown', model.t('engine.nothingToApprove'));
  if (seen !== contentStamp(state)) return refuseWith('notOpen', model.t('engine.approveChanged'));
  const last = approvalOf(state, id, source);
  const isAsked = last?.verdict === 'asked';
  if (verdict === 'asked' ? isAsked || last?.verdict === 'approved' : !isAsked) return refuseWith('notOpen', model.t('engine.nothingToApprove'));
  if (verdict !== 'asked' && last?.askedBy === actor.id) return refuseWith('notPerformer', model.t('engine.approveYourself'));
  const short = verdict === 'returned' ? refuseShort(model, reason) : null;
  if (short !== null) return short;
  const words = verdict === 'returned' ? reason.trim() : '';
  const askedBy = verdict === 'asked' ? actor.id : (last?.askedBy ?? actor.id);
  change.state = withApproval(state, { document: id, source, seen, verdict, askedBy, by: actor.id, at: now, reason: words });
  change.events.push({ type: 'documentReviewed', document: id, ...(source === null ? {} : { source }), seen, verdict, askedBy, reason: words });
  return null;
}

/** Keeps what was said of a document; it takes the place of what was said of it before. */
export function withApproval(state: CaseState, one: Approval): CaseState {
  return { ...state, approvals: [...(state.approvals ?? []).filter(({ document, source }) => document !== one.document || source !== one.source), one] };
}
