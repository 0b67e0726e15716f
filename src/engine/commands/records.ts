import type { Answers } from '../../definitions/bundle.ts';
import { type AskedForm, askedForm, formHashOf, isOutOfDate, rowIdsOf, withGiven } from '../model/asked-form.ts';
import { currentRecords, reach } from '../model/case-context.ts';
import { latestVisit } from '../model/visits.ts';
import type { Command, Reason } from '../state/case-state.ts';
import { addRecord, type Change, contextOf } from './change.ts';
import { instanceOf, instancesOf } from '../model/instances.ts';
import { labelOf } from '../model/labels.ts';
import { changedAnswers, keepVersion } from './new-version.ts';
import { mayDo, mayUpdate } from '../model/performers.ts';
import type { PreparedTask } from '../model/prepare.ts';
import { conditionReasons, plainReason, ruleReasons } from '../reading/reasons.ts';
import { waitingRecords } from '../model/second-person.ts';
import { type Refusal, refuse, refusePerformer, refuseWith } from './refusal.ts';

/** Hands in a record. In a step that was left or skipped it is late: nagekomen (semantics 3). */
export function submit(change: Change, command: Command & { type: 'submit' }): Refusal | null {
  const { model, actor, state } = change;
  const task = taskToDo(change, command);
  if (task === undefined) return refuseWith('unknown', model.t('engine.unknown'));
  if (!mayDo(task, actor, state)) return refusePerformer(model, task.performers);
  const closed = refuseClosed(change, task);
  if (closed !== null) return closed;
  const visit = task.step === null ? null : (latestVisit(state, task.step)?.id ?? null);
  return handIn(change, command, { task, asked: askedForm(contextOf(change), task), visit, late: reach(change, task) === 'late' });
}

/** Adds the record of a task, unless its form is no more the one that was filled in, or its rules refuse the answers. `visit`: of its step, by id. */
export function handIn(change: Change, { answers: filled, formHash }: Command & { type: 'open' | 'submit' }, { task, asked, visit, late }: { task: PreparedTask; asked: AskedForm | null; visit: number | null; late: boolean }): Refusal | null {
  if (isOutOfDate(asked, formHash)) return refuseWith('rules', change.model.t('engine.formChanged'));
  const answers = asked === null ? filled : withGiven(asked, filled);
  const reasons = handInReasons(change, task, answers);
  if (reasons.length > 0) return refuse('rules', reasons);
  addRecord(change, { task: task.id, source: task.source?.key ?? null, form: task.definition.form, ...formHashOf(asked), step: task.step, visit, late, by: change.actor.id, answers }, rowIdsOf(asked));
  return null;
}

/** The instance that is named; undefined for one that is not there, or when it does not say which. */
function taskToDo(change: Change, { task: id, source }: Command & { type: 'submit' }): PreparedTask | undefined {
  const task = change.model.tasks.get(id);
  return task === undefined ? undefined : instancesOf(contextOf(change), task).find((one) => one.source?.key === source);
}

/** Refuses a task of which nobody can hand in a (next) record now: its step, its condition, or a record that is there. Nothing holds up an emergency. */
export function refuseClosed(change: Change, task: PreparedTask): Refusal | null {
  const { model } = change;
  if (reach(change, task) === 'closed') return refuseWith('notOpen', model.t('engine.stepNotActive', { step: model.steps.get(task.step ?? '')?.definition.title ?? '' }));
  if (task.emergency) return null;
  const context = contextOf(change);
  const unmet = conditionReasons(context.reading(undefined, task.source?.value), task.applies);
  if (unmet.length > 0) return refuse('notOffered', unmet);
  const isTaken = !task.repeat && (currentRecords(context, task).length > 0 || waitingRecords(context, task).length > 0);
  return isTaken ? refuseWith('notOpen', model.t('engine.alreadyRecorded', { task: task.title })) : null;
}

/** Gives the rules of a task that its answers do not meet; nothing holds up an emergency. */
function handInReasons(change: Change, task: PreparedTask, answers: Answers): Reason[] {
  if (task.emergency || task.rules.length === 0) return [];
  const visit = task.step === null ? undefined : latestVisit(change.state, task.step);
  return ruleReasons(contextOf(change), task.rules, { answers, form: task.form, visit: visit ?? null });
}

/**
 * Fills in later fields of a record, or fields of the subject, as a new version. A field that is absent stays as it was;
 * null empties it. An answer that would be hidden by the new ones is dropped when it may be changed, else the update is refused.
 * A rule of the task that held for the record must still hold; what came after handing in is not judged again.
 */
export function update(change: Change, command: Command & { type: 'update' }): Refusal | null {
  const { model, actor, state } = change;
  const record = state.records.find(({ id }) => id === command.record);
  const prepared = record === undefined ? undefined : model.tasks.get(record.task);
  const task = record === undefined || prepared === undefined ? undefined : instanceOf(change, prepared, record.source);
  if (record === undefined || task === undefined) return refuseWith('unknown', model.t('engine.unknown'));
  if (state.status !== 'open' && !task.isSubject) return refuseWith('closed', model.t('engine.caseClosed'));
  if (!mayUpdate(task, record, actor, state)) return refusePerformer(model, task.performers);
  const asked = askedForm(contextOf(change), task, record.answers);
  if (isOutOfDate(asked, command.formHash)) return refuseWith('rules', model.t('engine.formChanged'));
  const { answers, fields } = changedAnswers(change, task.form, record, asked === null ? command.answers : withGiven(asked, command.answers, 'rows'), rowIdsOf(asked));
  const frozen = fields.filter((field) => !task.later.has(field));
  if (frozen.length > 0) return refuse('frozen', frozen.map((field) => frozenReason(change, task, field)));
  const broken = brokenRules(change, task, record.answers, answers);
  if (broken.length > 0) return refuse('rules', broken);
  if (fields.length === 0) return null;
  const { version } = keepVersion(change, record, answers, asked?.hash);
  change.events.push({ type: 'recordUpdated', record: record.id, task: record.task, version, fields });
  return null;
}

function brokenRules(change: Change, task: PreparedTask, before: Answers, after: Answers): Reason[] {
  const already = new Set(handInReasons(change, task, before).map(ruleKey));
  return handInReasons(change, task, after).filter((reason) => !already.has(ruleKey(reason)));
}

function ruleKey({ rule, source = '' }: Reason): string {
  return `${rule ?? ''}:${source}`;
}

function frozenReason({ model }: Change, task: PreparedTask, field: string): Reason {
  return plainReason(model.t('engine.frozen', { question: labelOf(model, [task.id, field], { form: null, row: null }).question ?? field }));
}
