import { askedForm, isOutOfDate, rowIdsOf, withGiven } from '../model/asked-form.ts';
import type { Command } from '../state/case-state.ts';
import { type Change, contextOf } from './change.ts';
import { instanceOf } from '../model/instances.ts';
import { roleTitles } from '../model/labels.ts';
import { changedAnswers, keepVersion } from './new-version.ts';
import { unmetPassedRules, without } from '../reading/passed-rules.ts';
import { mayCorrect } from '../model/performers.ts';
import { withoutReview } from '../model/second-person.ts';
import { type Refusal, refuseShort, refuseWith } from './refusal.ts';

/**
 * Corrects a record that was handed in, with a reason, as a new version (semantics 10). Undoes no transition, event or written record
 * and is refused by no rule: what is true is written down, and a rule that was passed and no longer holds is named in the event.
 */
export function correct(change: Change, { record: id, answers: given, reason, formHash }: Command & { type: 'correct' }): Refusal | null {
  const { model, actor, state } = change;
  const record = state.records.find((one) => one.id === id);
  if (record === undefined) return refuseWith('unknown', model.t('engine.unknown'));
  const task = model.tasks.get(record.task) ?? null;
  if (!mayCorrect(task, record, actor, state)) {
    const roles = [model.t('engine.recordAuthor'), model.t('engine.responsible'), ...roleTitles(model, task?.definition.correct ?? [])];
    return refuseWith('notPerformer', model.t('engine.notYourTask', { roles: roles.join(', ') }));
  }
  const short = refuseShort(model, reason);
  if (short !== null) return short;
  const asked = task === null ? null : askedForm(contextOf(change), instanceOf(change, task, record.source), record.answers);
  if (isOutOfDate(asked, formHash)) return refuseWith('rules', model.t('engine.formChanged'));
  const { answers, fields } = changedAnswers(change, model.bundle.forms[record.form] ?? null, record, asked === null ? given : withGiven(asked, given, 'rows'), rowIdsOf(asked));
  if (fields.length === 0) return refuseWith('rules', model.t('engine.nothingCorrected'));
  const before = unmetPassedRules(contextOf(change));
  const { version } = keepVersion(change, record, answers, asked?.hash);
  change.state = withoutReview(change.state, id);
  const after = unmetPassedRules(contextOf(change));
  change.events.push({ type: 'recordCorrected', record: id, task: record.task, version, fields, reason: reason.trim(), unmet: without(after, before), met: without(before, after) });
  return null;
}
