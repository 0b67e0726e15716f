import type { Answers, Json } from '../definitions/bundle.ts';
import { fieldsOf } from '../definitions/lookup.ts';
import { currentRecords, latestVisit, stepStatus } from './case-context.ts';
import type { CaseRecord, Command, Reason } from './case-state.ts';
import { addRecord, type Change, contextOf } from './change.ts';
import { readCondition } from './condition-tree.ts';
import { answersContext, holds, isAnswer } from './conditions.ts';
import { labelOf } from './labels.ts';
import { mayDo, mayUpdate } from './performers.ts';
import type { PreparedTask } from './prepare.ts';
import { conditionReasons, plainReason, ruleReasons } from './reasons.ts';
import { type Refusal, refuse, refusePerformer, refuseWith } from './refusal.ts';

/** Hands in a record. In a step that was left or skipped it is late: nagekomen (semantics 3). */
export function submit(change: Change, command: Command & { type: 'submit' }): Refusal | null {
  const { model, actor, state } = change;
  const task = model.tasks.get(command.task);
  if (task === undefined) return refuseWith('unknown', model.t('engine.unknown'));
  const status = task.step === null ? 'active' : stepStatus(model, state, task.step);
  const late = status === 'left' || status === 'skipped';
  if (status !== 'active' && !late) return refuseWith('notOpen', model.t('engine.stepNotActive', { step: model.steps.get(task.step ?? '')?.definition.title ?? '' }));
  if (!mayDo(task, actor, state)) return refusePerformer(model, task.performers);
  if (!task.emergency) {
    const context = contextOf(change);
    const unmet = conditionReasons(context, task.applies);
    if (unmet.length > 0) return refuse('notOffered', unmet);
    if (!task.repeat && currentRecords(context, task).length > 0) return refuseWith('notOpen', model.t('engine.alreadyRecorded', { task: task.title }));
  }
  const reasons = handInReasons(change, task, command.answers);
  if (reasons.length > 0) return refuse('rules', reasons);
  const visit = task.step === null ? null : (latestVisit(state, task.step)?.id ?? null);
  addRecord(change, { task: task.id, form: task.definition.form, step: task.step, visit, late, by: actor.id, answers: command.answers });
  return null;
}

/** Gives the rules of a task that its answers do not meet; nothing holds up an emergency. */
export function handInReasons(change: Change, task: PreparedTask, answers: Answers): Reason[] {
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
  const task = record === undefined ? undefined : model.tasks.get(record.task);
  if (record === undefined || task === undefined) return refuseWith('unknown', model.t('engine.unknown'));
  if (state.status !== 'open' && !task.isSubject) return refuseWith('closed', model.t('engine.caseClosed'));
  if (!mayUpdate(task, record, actor, state)) return refusePerformer(model, task.performers);
  const answers = visibleAnswers(change, task, merged(record.answers, command.answers));
  const fields = [...new Set([...Object.keys(record.answers), ...Object.keys(answers)])].filter((field) => !isEqual(record.answers[field], answers[field]));
  const frozen = fields.filter((field) => !task.later.has(field));
  if (frozen.length > 0) return refuse('frozen', frozen.map((field) => frozenReason(change, task, field)));
  const broken = brokenRules(change, task, record.answers, answers);
  if (broken.length > 0) return refuse('rules', broken);
  if (fields.length > 0) replaceRecord(change, { ...record, answers }, fields);
  return null;
}

function brokenRules(change: Change, task: PreparedTask, before: Answers, after: Answers): Reason[] {
  const already = new Set(handInReasons(change, task, before).map(({ rule }) => rule));
  return handInReasons(change, task, after).filter(({ rule }) => !already.has(rule));
}

function replaceRecord(change: Change, record: CaseRecord, fields: string[]): void {
  const version = record.version + 1;
  const updated: CaseRecord = { ...record, version, updatedAt: change.now, updatedBy: change.actor.id };
  change.state = { ...change.state, records: change.state.records.map((other) => (other.id === record.id ? updated : other)) };
  change.events.push({ type: 'recordUpdated', record: record.id, task: record.task, version, fields });
}

function merged(before: Answers, after: Answers): Answers {
  return Object.fromEntries(Object.entries({ ...before, ...after }).filter(([, value]) => value !== null));
}

/** Drops answers to questions that are no longer asked, until nothing changes. Conditions on the layout are the work of the form. */
function visibleAnswers(change: Change, task: PreparedTask, answers: Answers): Answers {
  const fields = task.form === null ? {} : fieldsOf(task.form);
  const context = answersContext(answers, change.now, change.model.zone);
  const shown = Object.entries(answers).filter(([name]) => {
    const when = fields[name]?.when;
    return when === undefined || holds(readCondition(when), context);
  });
  return shown.length === Object.keys(answers).length ? answers : visibleAnswers(change, task, Object.fromEntries(shown));
}

function frozenReason({ model }: Change, task: PreparedTask, field: string): Reason {
  return plainReason(model.t('engine.frozen', { question: labelOf(model, [task.id, field], { form: null, row: null }).question ?? field }));
}

function isEqual(one: Json | undefined, other: Json | undefined): boolean {
  return one === other || (!isAnswer(one) && !isAnswer(other)) || JSON.stringify(one) === JSON.stringify(other);
}
