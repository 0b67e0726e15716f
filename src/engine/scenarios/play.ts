import type { Answers, Json } from '../../definitions/bundle.ts';
import { type DemoCommand, schoolDayFrom, withDates } from '../../definitions/content.ts';
import type { Field, FormDefinition } from '../../definitions/form.types.ts';
import { fieldsOf } from '../../definitions/lookup.ts';
import { resolveField } from '../../definitions/resolve-field.ts';
import { type CaseContext, caseContext, currentRecords } from '../model/case-context.ts';
import { activeVisits } from '../model/visits.ts';
import type { Actor, CaseState, Command, Day, EngineEvent, EngineResult, Moment } from '../state/case-state.ts';
import { instancesOf, sourcesAt } from '../model/instances.ts';
import type { Model, PreparedRule } from '../model/prepare.ts';
import { together } from '../commands/take-each.ts';
import { apply } from '../commands/transition.ts';

/** A written act that this case, as it is then, knows nothing of. `code` is the key of its sentence in texts/<language>/definitions.json. */
export class CannotPlay extends Error {
  readonly code: string;
  readonly params: { name: string };

  constructor(code: string, name: string) {
    super(`${code}: ${name}`);
    this.code = code;
    this.params = { name };
  }
}

/** Who plays: people by the key that the commands use. `partners`: ids of organisations by name, for answers that pick one. */
export type Cast = { people: { readonly [key: string]: Actor & { name: string } }; partners?: { readonly [organisation: string]: string } };

/** One act as it was played, with what the engine said. */
export type PlayedStep = { command: Command; actor: Actor; now: Moment; result: EngineResult };

/** `state` is null when no case was opened. `events` are those of the acts that succeeded, in order. */
export type Played = { state: CaseState | null; events: EngineEvent[]; steps: PlayedStep[] };

/**
 * Plays written commands one after the other through the engine. Days count from `today`.
 * An act that is refused changes nothing, and the next goes on; the results say which.
 * Throws when a command names a person or task that does not exist; CannotPlay when it names a record or way out that this case does not have then.
 */
export function playCommands(model: Model, commands: readonly DemoCommand[], cast: Cast, today: Day): Played {
  const steps: PlayedStep[] = [];
  let state: CaseState | null = null;
  for (const written of commands) {
    const { name: _, ...actor } = personOf(cast, written.person);
    const command = playedCommand(model, state, written, { cast, today });
    const now = playedMoment(model, written, today);
    const result = apply(model, state, command, actor, now);
    steps.push({ command, actor, now, result });
    if (result.ok) state = result.state;
  }
  return { state, events: steps.flatMap(({ result }) => (result.ok ? result.events : [])), steps };
}

export type Scene = { cast: Cast; today: Day };

/** Turns one written act into a command for the case as it is then. Throws as playCommands does. */
export function playedCommand(model: Model, state: CaseState | null, written: DemoCommand, scene: Scene): Command {
  const { open, submit, update, take, waive, confirm, reopen } = written;
  if (open !== undefined) {
    const subject = model.tasks.get(model.workflow.subject ?? '')?.form ?? null;
    return { type: 'open', task: open, answers: answersOf(formOf(model, open), written.answers, scene), subject: written.subject === undefined ? null : answersOf(subject, written.subject, scene) };
  }
  if (submit !== undefined) {
    const source = sourceOf(model, state, written, scene);
    return { type: 'submit', task: submit, ...(source === null ? {} : { source }), answers: answersOf(formOf(model, submit), written.answers, scene) };
  }
  if (update !== undefined) return { type: 'update', record: recordOf(state, update, written.index), answers: answersOf(formOf(model, update), written.answers, scene) };
  if (take !== undefined) {
    const { step, form } = transitionPlace(model, state, take, written.step);
    const isEach = model.steps.get(step ?? '')?.definition.decide === 'each';
    return { type: 'take', step, transition: isEach ? together : take, answers: written.answers === undefined ? null : answersOf(form, written.answers, scene) };
  }
  if (waive !== undefined) return waiver(model, state, waive, written, scene);
  if (confirm !== undefined) {
    const id = recordOf(state, confirm, written.index);
    return { type: 'review', record: id, version: state?.records.find((record) => record.id === id)?.version ?? 0, verdict: 'confirmed', reason: '' };
  }
  if (reopen !== undefined) {
    const found = model.reopenings.find(({ id }) => id === reopen);
    const form = model.bundle.forms[found?.definition.form ?? ''] ?? null;
    return { type: 'reopen', reopening: reopen, to: written.step ?? found?.to[0] ?? '', answers: written.answers === undefined ? null : answersOf(form, written.answers, scene) };
  }
  throw new Error(`A command of ${written.person} says nothing to do.`);
}

/** Gives the moment of a written act; its time is that of the clock of the school. */
export function playedMoment(model: Model, { day, time }: Pick<DemoCommand, 'day' | 'time'>, today: Day): Moment {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const midnight = Date.parse(model.zone.startOf(schoolDayFrom(today, day)));
  return new Date(midnight + (hours * 60 + minutes) * 60_000).toISOString();
}

function formOf(model: Model, task: string): FormDefinition | null {
  const found = model.tasks.get(task);
  if (found === undefined) throw new Error(`There is no task "${task}".`);
  return found.form;
}

function waiver(model: Model, state: CaseState | null, id: string, written: DemoCommand, { today }: Scene): Command {
  const { step, rule } = rulePlace(model, state, id);
  const base: Command = { type: 'waive', rule: id, step, reason: written.reason ?? '' };
  if (rule.for === null || state === null) return base;
  const index = written.index ?? 0;
  // Of rows that are still to be handed in there is nothing yet but their number.
  const key = rule.for[0] === 'this' ? String(index) : sourcesAt(contextAt(model, state, written, today), rule.for)[index]?.key;
  if (key === undefined) throw new CannotPlay('nothingToDoFor', id);
  return { ...base, source: key };
}

function contextAt(model: Model, state: CaseState, written: DemoCommand, today: Day): CaseContext {
  return caseContext(model, state, playedMoment(model, written, today), { id: '', roles: [] });
}

/** Which one of a task for each of something; without an index the first that has no record. */
function sourceOf(model: Model, state: CaseState | null, written: DemoCommand, { today }: Scene): string | null {
  const task = model.tasks.get(written.submit ?? '');
  if (task === undefined || task.for === null || state === null) return null;
  const context = contextAt(model, state, written, today);
  const instances = instancesOf(context, task);
  const found = written.index === undefined ? instances.find((one) => currentRecords(context, one).length === 0) : instances[written.index];
  if (found?.source == null) throw new CannotPlay('nothingToDoFor', task.id);
  return found.source.key;
}

/** Without an index the last one is meant. */
function recordOf(state: CaseState | null, task: string, index: number | undefined): number {
  const record = (state?.records ?? []).filter((one) => one.task === task).at(index ?? -1);
  if (record === undefined) throw new CannotPlay('noRecordYet', task);
  return record.id;
}

/** The same name may stand in several steps; the active one is meant. */
function transitionPlace(model: Model, state: CaseState | null, id: string, from: string | undefined): { step: string | null; form: FormDefinition | null } {
  const active = activeSteps(model, state).filter((step) => from === undefined || step === from).flatMap((step) => model.steps.get(step)?.transitions ?? []);
  const transition = [...active, ...model.transitions].find((one) => one.id === id);
  if (transition === undefined) throw new CannotPlay('notOnTheWay', id);
  return { step: transition.step, form: model.bundle.forms[transition.definition.form ?? ''] ?? null };
}

/** As the engine finds it: first what stands in the active steps, of these first what their ways ask. */
function rulePlace(model: Model, state: CaseState | null, id: string): { step: string | null; rule: PreparedRule } {
  const inPlace = (place: Pick<Model, 'rules' | 'transitions'>, tasks: Model['topTasks']): PreparedRule | undefined =>
    [...place.rules, ...place.transitions.flatMap(({ rules }) => rules), ...tasks.flatMap(({ rules }) => rules)].find((rule) => rule.id === id);
  for (const step of activeSteps(model, state)) {
    const prepared = model.steps.get(step);
    const rule = prepared === undefined ? undefined : inPlace(prepared, prepared.tasks);
    if (rule !== undefined) return { step, rule };
  }
  const rule = inPlace(model, model.topTasks);
  if (rule === undefined) throw new CannotPlay('ruleNotAsked', id);
  return { step: null, rule };
}

function activeSteps(model: Model, state: CaseState | null): string[] {
  return state === null ? [] : activeVisits(model, state).map(({ step }) => step);
}

function personOf({ people }: Cast, key: string): Actor & { name: string } {
  const person = Object.hasOwn(people, key) ? people[key] : undefined;
  if (person === undefined) throw new Error(`There is no person "${key}".`);
  return person;
}

function answersOf(form: FormDefinition | null, answers: Answers | undefined, { cast, today }: Scene): Answers {
  const dated = withDates(answers ?? {}, today) as Answers;
  return form === null ? dated : pickAll(form, fieldsOf(form), dated, cast);
}

function pickAll(form: FormDefinition, fields: { [name: string]: Field }, answers: Answers, cast: Cast): Answers {
  return Object.fromEntries(Object.entries(answers).map(([name, value]) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return [name, field === undefined ? value : pick(form, resolveField(form, field), value, cast)];
  }));
}

/** A picked colleague or organisation is kept as a snapshot with its id, as the form keeps it. */
function pick(form: FormDefinition, field: Field, value: Json, cast: Cast): Json {
  const source = field['x-options']?.source;
  if (typeof value === 'string' && source === 'staff') {
    const { id, name } = personOf(cast, value);
    return { id, naam: name };
  }
  if (typeof value === 'string' && source === 'partners') return snapshotOf(cast, value);
  if (Array.isArray(value) && field.items !== undefined) {
    const { items } = field;
    return value.map((item) => pick(form, resolveField(form, items), item, cast));
  }
  if (value !== null && typeof value === 'object' && !Array.isArray(value) && field.properties !== undefined) return pickAll(form, field.properties, value, cast);
  return value;
}

function snapshotOf({ partners = {} }: Cast, organisation: string): Json {
  const id = Object.hasOwn(partners, organisation) ? partners[organisation] : undefined;
  return id === undefined ? { naam: organisation } : { id, naam: organisation };
}
