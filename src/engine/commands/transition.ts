import { noteAsked } from './asked.ts';
import { askedAtStart } from '../model/asked-form.ts';
import { cancel } from './cancel.ts';
import type { Actor, CaseState, Command, EngineResult, Moment } from '../state/case-state.ts';
import { addRecord, type Change, enterStep } from './change.ts';
import { approve } from './document-approval.ts';
import { addToDocument, freeze, sign } from './document-versions.ts';
import { correct } from './correct.ts';
import { fireEvents } from './fire-events.ts';
import { handOver } from './hand-over.ts';
import { handTask, takeBackTask } from './hand-task.ts';
import { confirmKeeping, proposeKeeping, stillUnknown, withdrawKeeping } from './keeping.ts';
import { lift } from './lift.ts';
import { newCase } from '../state/new-case.ts';
import { passTime } from './pass-time.ts';
import { mayDo } from '../model/performers.ts';
import type { Model, PreparedTask } from '../model/prepare.ts';
import { handIn, submit, update } from './records.ts';
import { type Refusal, refusePerformer, refuseWith } from './refusal.ts';
import { reopen } from './reopen.ts';
import { review } from './review.ts';
import { take } from './take.ts';
import { takeAlong } from './take-along.ts';
import { waive } from './waive.ts';

/**
 * Does what a person asks of a case, with all its consequences; or refuses, with all reasons together.
 * Pure: time and person are arguments, ids are counted by the case. `state` is null for `open` only.
 * Access to the case itself is decided before (definitions.md 10); here only who performs.
 */
export function apply(model: Model, state: CaseState | null, command: Command, actor: Actor, now: Moment): EngineResult {
  if (command.type === 'open') {
    if (state !== null) throw new Error('A case that exists cannot be opened again.');
    return open(model, command, actor, now);
  }
  if (state === null) throw new Error(`Command "${command.type}" needs a case.`);
  const change: Change = { model, actor, now, state, events: [] };
  return finished(change, carryOut(change, command));
}

/** What may be asked of a closed case. */
const ofClosed: Command['type'][] = ['update', 'reopen', 'approve', 'freeze', 'addToDocument', 'sign', 'export', 'proposeKeeping', 'withdrawKeeping', 'confirmKeeping', 'stillUnknown', 'passTime'];

function carryOut(change: Change, command: Exclude<Command, { type: 'open' }>): Refusal | null {
  const { state: { status }, model } = change;
  if (status === 'cancelled' && command.type !== 'passTime') return refuseWith('closed', model.t('engine.caseCancelled'));
  if (status === 'closed' && !ofClosed.includes(command.type)) return refuseWith('closed', model.t('engine.caseClosed'));
  switch (command.type) {
    case 'submit': return submit(change, command);
    case 'update': return update(change, command);
    case 'take': return take(change, command);
    case 'waive': return waive(change, command);
    case 'correct': return correct(change, command);
    case 'review': return review(change, command);
    case 'approve': return approve(change, command);
    case 'freeze': return freeze(change, command);
    case 'addToDocument': return addToDocument(change, command);
    case 'sign': return sign(change, command);
    case 'export': return takeAlong(change, command);
    case 'cancel': return cancel(change, command);
    case 'lift': return lift(change, command);
    case 'handOver': return handOver(change, command);
    case 'handTask': return handTask(change, command);
    case 'takeBackTask': return takeBackTask(change, command);
    case 'proposeKeeping': return proposeKeeping(change, command);
    case 'withdrawKeeping': return withdrawKeeping(change);
    case 'confirmKeeping': return confirmKeeping(change, command);
    case 'stillUnknown': return stillUnknown(change);
    case 'passTime': return passTime(change);
    case 'reopen': return reopen(change, command);
  }
}

/** Missing data of the subject is an open task, never a refusal (semantics 13). */
function open(model: Model, command: Command & { type: 'open' }, actor: Actor, now: Moment): EngineResult {
  const task = model.tasks.get(command.task);
  if (task === undefined) return refuseWith('unknown', model.t('engine.unknown'));
  if (task.definition.opensCase !== true) return refuseWith('notOffered', model.t('engine.notAStart'));
  const change: Change = { model, actor, now, state: newCase(actor.id, now, command.from), events: [{ type: 'caseOpened', task: task.id, ...(command.from === undefined ? {} : { from: command.from }) }] };
  if (!mayDo(task, actor, change.state)) return refusePerformer(model, task.performers);
  enterStep(change, model.workflow.start);
  addSubject(change, command.subject);
  const visit = task.step === model.workflow.start ? change.state.lastVisit : null;
  return finished(change, handIn(change, command, { task, asked: askedAtStart(model, task, actor, now), visit, late: false }));
}

function addSubject(change: Change, answers: (Command & { type: 'open' })['subject']): void {
  const task: PreparedTask | undefined = change.model.tasks.get(change.model.workflow.subject ?? '');
  if (task === undefined || answers === null) return;
  addRecord(change, { task: task.id, form: task.definition.form, step: null, visit: null, late: false, by: change.actor.id, answers });
}

function finished(change: Change, refusal: Refusal | null): EngineResult {
  if (refusal !== null) return refusal;
  // What happens to a closed case (subject data) has no consequences.
  if (change.state.status === 'open') fireEvents(change);
  noteAsked(change);
  return { ok: true, state: change.state, events: change.events };
}
