import type { Command } from '../state/case-state.ts';
import type { Change } from './change.ts';
import { type Refusal, refusePerformer, refuseShort, refuseWith } from './refusal.ts';
import { counts, mayReview, withReview } from '../model/second-person.ts';

/** Confirms a record, which counts from then on, or gives it back with a reason, to be corrected. What somebody else changed meanwhile is read again first. */
export function review(change: Change, { record: id, version, verdict, reason }: Command & { type: 'review' }): Refusal | null {
  const { model, actor, state, now } = change;
  const record = state.records.find((one) => one.id === id);
  const task = model.tasks.get(record?.task ?? '');
  if (record === undefined || task?.definition.fourEyes !== true || counts(model, state, record)) return refuseWith('unknown', model.t('engine.nothingToConfirm'));
  if ([record.by, record.updatedBy].includes(actor.id)) return refuseWith('notPerformer', model.t('engine.confirmYourself'));
  if (!mayReview(task, record, actor, state)) return refusePerformer(model, task.performers);
  if (record.version !== version) return refuseWith('notOpen', model.t('engine.confirmChanged'));
  const short = verdict === 'returned' ? refuseShort(model, reason) : null;
  if (short !== null) return short;
  const words = verdict === 'returned' ? reason.trim() : '';
  change.state = withReview(state, { record: id, verdict, by: actor.id, at: now, reason: words });
  change.events.push({ type: 'recordReviewed', record: id, task: record.task, version, verdict, reason: words });
  return null;
}
