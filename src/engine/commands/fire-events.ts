import type { Answers, Json } from '../../definitions/bundle.ts';
import type { Moment as MomentDefinition } from '../../definitions/workflow.types.ts';
import type { CaseContext } from '../model/case-context.ts';
import { activeVisit, latestVisit } from '../model/visits.ts';
import type { CaseRecord, EngineEvent, Moment } from '../state/case-state.ts';
import { addRecord, type Change, closeCase, contextOf, endVisit, enterStep, skipSteps } from './change.ts';
import { holds } from '../conditions/conditions.ts';
import { rowKey, rowsAt } from '../model/instances.ts';
import { endOfWithin } from '../time/durations.ts';
import type { PreparedEvent } from '../model/prepare.ts';
import { restrictCase, shutOut } from './restrict.ts';
import { readTime } from '../conditions/time-tests.ts';
import { settingsUsed } from '../model/with-settings.ts';
import { type Reading, writtenValue } from '../model/written-value.ts';

/** An event that may fire. `record` is null when it has no source. `at`: its moment; null: it has none, or it is not known yet. */
type Firing = { event: PreparedEvent; key: string; record: number | null; answers: Json | undefined; source: Json | undefined; at: Moment | null };

/** No definition that checks clean comes near; it ends two events that keep writing records for each other. */
const mostFirings = 100;

/**
 * Fires every event whose condition has come true: restrictions first, then `write`, then the others, each in file order,
 * until nothing new fires; each once per source. At most one moves the case, the first in the file (semantics 4).
 */
export function fireEvents(change: Change): void {
  if (change.model.events.length === 0) return;
  widenRestriction(change);
  let hasMoved = false;
  for (let left = mostFirings; left > 0; ) {
    const movers: { firing: Firing; at: number }[] = [];
    for (; left > 0; left -= 1) {
      const context = contextOf(change);
      const firing = nextFiring(context);
      if (firing === null) break;
      if (moves(firing.event)) movers.push({ firing, at: change.events.length });
      fire(change, context, firing);
    }
    const first = hasMoved ? undefined : movers.sort((one, other) => orderOf(change, one) - orderOf(change, other))[0];
    if (first === undefined) return;
    hasMoved = true;
    change.events[first.at] = { ...eventFired(change, first.firing), moved: true };
    moveCase(change, first.firing.event);
  }
}

/** A name that is filled in after an event restricted the case shuts that person out as well. */
function widenRestriction(change: Change): void {
  if (change.state.restriction === null) return;
  const context = contextOf(change);
  const never = change.model.events.flatMap((event) => {
    const { restrict } = event.definition;
    if (restrict?.never === undefined) return [];
    return firingsOf(context, event).filter(({ key }) => change.state.fired.includes(key)).flatMap(({ answers, source }) => shutOut(restrict, context.reading(answers, source)));
  });
  if (never.some((person) => change.state.restriction?.never.includes(person) === false)) restrictCase(change, { ...change.state.restriction, never });
}

/** Gives everything that would happen by itself at the next act, as events and their keys. */
export function waitingFirings(context: CaseContext): { event: string; key: string }[] {
  return context.model.events.flatMap((event) => firingsOf(context, event))
    .filter((one) => !context.state.fired.includes(one.key) && comesTrue(context, one))
    .map(({ event, key }) => ({ event: event.id, key }));
}

function nextFiring(context: CaseContext): Firing | null {
  for (const event of context.model.eventsInTurn) {
    const firing = firingsOf(context, event).find((one) => !context.state.fired.includes(one.key) && comesTrue(context, one));
    if (firing !== undefined) return firing;
  }
  return null;
}

/** An event with a moment waits for it, and then for its condition when it has one. */
function comesTrue(context: CaseContext, { event, answers, source, at }: Firing): boolean {
  if (event.at !== null && (at === null || at > context.now)) return false;
  return event.on === null || holds(event.on, context.reading(answers, source));
}

/** Gives each way an event may fire: once, or once for each of its sources; also those that fired. */
export function firingsOf(context: CaseContext, event: PreparedEvent): Firing[] {
  const firing = (key: string, record: CaseRecord | null, source: Json | undefined): Firing => {
    const answers = record?.answers;
    return { event, key, record: record?.id ?? null, answers, source, at: event.at === null ? null : momentOf(context.reading(answers, source), event.at) };
  };
  if (event.for === null) return [firing(event.id, null, undefined)];
  const [head = '', ...field] = event.for;
  const task = context.model.tasks.get(head);
  const records = task === undefined ? [] : context.recordsOf(task);
  const keyOf = ({ id }: CaseRecord): string => `${event.id}:${String(id)}`;
  if (field.length === 0) return records.map((record) => firing(keyOf(record), record, record.answers));
  return records.flatMap((record) => rowsAt(record.answers, field).map((row, index) => firing(`${keyOf(record)}.${rowKey(row, index)}`, record, row)));
}

/** Without `from` it counts from the start of the case; without `within` it is the start of the day itself. Null: not known yet. */
function momentOf(reading: CaseContext, { from, within }: MomentDefinition): Moment | null {
  const start = from === undefined ? reading.state.openedAt : readTime(reading.valueOf(from.split('.')));
  if (start === null) return null;
  return within === undefined ? (start.length === 10 ? reading.zone.startOf(start) : start) : endOfWithin(start, within, reading.zone);
}

function fire(change: Change, context: CaseContext, firing: Firing): void {
  const { event, key, record, answers, source } = firing;
  const { restrict, write, notify } = event.definition;
  const reading = context.reading(answers, source);
  change.state = { ...change.state, fired: [...change.state.fired, key] };
  change.events.push(eventFired(change, firing));
  if (restrict !== undefined) {
    restrictCase(change, { event: event.id, at: change.now, to: restrict.to, never: shutOut(restrict, reading), lift: restrict.lift ?? [] });
  }
  for (const [id, fields] of Object.entries(write ?? {})) writeRecord(change, { context: reading, source: event.for }, id, fields);
  if (notify !== undefined) {
    change.state = { ...change.state, notices: [...change.state.notices, { event: event.id, roles: notify, record, at: change.now }] };
    change.events.push({ type: 'noticed', event: event.id, roles: notify, record });
  }
}

function eventFired({ model }: Change, { event: { id, on }, key, record }: Firing): EngineEvent & { type: 'eventFired' } {
  return { type: 'eventFired', event: id, key, record, moved: false, ...settingsUsed(model, () => (on === null ? [] : [on])) };
}

function writeRecord(change: Change, reading: Reading, id: string, fields: object): void {
  const task = change.model.tasks.get(id);
  if (task === undefined) return;
  const answers: Answers = {};
  for (const [field, value] of Object.entries(fields) as [string, Json][]) {
    const written = writtenValue(reading, task, field, value);
    if (written !== undefined) answers[field] = written;
  }
  const visit = task.step === null ? undefined : latestVisit(change.state, task.step);
  const late = task.step !== null && activeVisit(change.state, task.step) === undefined;
  addRecord(change, { task: id, form: task.definition.form, step: task.step, visit: visit?.id ?? null, late, by: null, answers });
}

function moves({ definition }: PreparedEvent): boolean {
  return definition.to !== undefined || definition.close !== undefined;
}

function orderOf(change: Change, { firing }: { firing: Firing }): number {
  return change.model.events.indexOf(firing.event);
}

/** Every active step becomes `left`, except the one moved to (semantics 7). */
function moveCase(change: Change, { id, definition, for: source }: PreparedEvent): void {
  const { to, close, skips = [] } = definition;
  const reason = definition.reason ?? change.model.tasks.get(source?.[0] ?? '')?.title ?? id;
  if (to !== undefined) {
    for (const visit of change.state.visits.filter(({ status, step }) => status === 'active' && step !== to)) endVisit(change, visit, id, true);
  }
  skipSteps(change, skips.filter((step) => step !== to), reason);
  if (close !== undefined) closeCase(change, close, id, true);
  else if (to !== undefined) enterStep(change, to);
}
