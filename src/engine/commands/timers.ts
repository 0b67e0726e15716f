import type { Moment as MomentDefinition } from '../../definitions/workflow.types.ts';
import { type CaseContext, caseContext } from '../model/case-context.ts';
import { activeVisits } from '../model/visits.ts';
import type { CaseState, Moment, Told, Visit } from '../state/case-state.ts';
import { stepDue, type Term, termsOf } from '../reading/due.ts';
import { startOfReminder } from '../time/durations.ts';
import { firingsOf } from './fire-events.ts';
import { instancesOf, sourceIn } from '../model/instances.ts';
import type { Model } from '../model/prepare.ts';
import { nextLook } from '../reading/retention.ts';

/** Something that happens by itself at a moment, once: somebody is told of a term, or an event fires. `key` as in `fired`. */
export type Timer = { at: Moment; key: string; what: Omit<Told, 'at'> | 'event' };

/**
 * Gives all that is still to happen by itself in a case as it stands, in order of time: reminders count back from the day something is due,
 * escalation comes once it has passed (definitions.md, meaning 8). A reminder whose moment had passed when its term began is left out.
 */
export function timersOf(context: CaseContext): Timer[] {
  const { model, state } = context;
  if (state.status !== 'open') return [];
  const ofTasks = [...model.tasks.values()].flatMap((task) => {
    const { due } = task.definition;
    if (!tellsSomebody(due)) return [];
    return instancesOf(context, task).flatMap((one) => termsOf(context, one).flatMap((term) => tellings(context, due, term, { task: one.id, ...sourceIn(one), step: one.step })));
  });
  const fired = new Set(state.fired);
  return [...ofTasks, ...activeVisits(model, state).flatMap((visit) => stepTimers(context, visit)), ...eventTimers(context)]
    .filter(({ key }) => !fired.has(key))
    .sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
}

/** Gives the moment something next happens by itself; null: nothing will while nobody does anything. */
export function nextTimer(model: Model, state: CaseState, now: Moment): Moment | null {
  const context = caseContext(model, state, now, { id: '', roles: [] });
  if (state.status !== 'open') return nextLook(context);
  const timers = timersOf(context);
  // An event whose moment has passed waits for its condition, and an act of somebody makes that true.
  return timers.find(({ at, what }) => what !== 'event' || at > now)?.at ?? null;
}

function stepTimers(context: CaseContext, visit: Visit): Timer[] {
  const due = context.model.steps.get(visit.step)?.definition.due;
  const at = tellsSomebody(due) ? stepDue(context, visit.step) : null;
  return at === null ? [] : tellings(context, due ?? {}, { at, since: visit.enteredAt }, { task: null, step: visit.step });
}

function tellsSomebody(due: MomentDefinition | undefined): due is MomentDefinition {
  return due !== undefined && (due.remind !== undefined || due.escalateTo !== undefined);
}

function tellings({ zone }: CaseContext, { remind = [], escalateTo }: MomentDefinition, { at: due, since }: Term, about: Pick<Told, 'task' | 'source' | 'step'>): Timer[] {
  const key = (kind: Told['kind'], at: Moment): string => [kind, about.task ?? `step ${about.step ?? ''}`, ...(about.source === undefined ? [] : [about.source]), due, ...(at === due ? [] : [at])].join(':');
  const reminders = remind.map((stretch) => startOfReminder(due, stretch, zone)).filter((at) => at > since);
  return [
    ...reminders.map((at): Timer => ({ at, key: key('reminded', at), what: { kind: 'reminded', ...about, due, roles: [] } })),
    ...(escalateTo === undefined ? [] : [{ at: due, key: key('escalated', due), what: { kind: 'escalated' as const, ...about, due, roles: escalateTo } }])
  ];
}

function eventTimers(context: CaseContext): Timer[] {
  return context.model.events.flatMap((event) => (event.at === null ? [] : firingsOf(context, event).flatMap(({ key, at }): Timer[] => (at === null ? [] : [{ at, key, what: 'event' }]))));
}
