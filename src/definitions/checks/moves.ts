import { isObject, isScalar } from '../json-values.ts';
import { finding, type Finding } from '../problem.ts';
import type { EventDefinition, WorkflowDefinition } from '../workflow.types.ts';
import type { KnownFiles } from './references.ts';
import { workflowScope } from './scope.ts';
import { wayRound } from './way-round.ts';
import { variablesOf, worldsOf, type Variable } from './world-space.ts';
import { askedIn, holdsIn } from './worlds.ts';

type Forms = KnownFiles['forms'];

/** Checks events against one another: two that may move the case at the same moment, and events that call one another up without end. */
export function checkMoves(workflow: WorkflowDefinition, forms: Forms): Finding[] {
  return [...twoMoves(workflow, forms), ...endlessEvents(workflow, forms)];
}

/** Of two that fire together the first in the file moves the case (semantics 4); that is rarely what was meant. */
function twoMoves(workflow: WorkflowDefinition, forms: Forms): Finding[] {
  const moving = Object.entries(workflow.events ?? {}).filter(([, { to, close }]) => to !== undefined || close !== undefined);
  return moving.flatMap(([one, first], index) => moving.slice(index + 1).flatMap(([other, second]) =>
    (mayMeet(workflow, forms, first, second) ? [finding('twoMoves', ['events', other], { one, other }, { at: 'key', severity: 'warning' })] : [])));
}

/** One command hands in one record, so events that read nothing but records of different tasks never fire together. */
function mayMeet(workflow: WorkflowDefinition, forms: Forms, one: EventDefinition, other: EventDefinition): boolean {
  if (one.on === undefined || other.on === undefined) return false;
  const facts = workflow.facts ?? {};
  const readsOnlySource = (on: unknown): boolean => askedIn(on, facts).every(({ name }) => /^"?for\./.test(name));
  if (one.for !== other.for) return !(readsOnlySource(one.on) && readsOnlySource(other.on)) && mayHold(workflow, forms, one) && mayHold(workflow, forms, other);
  const both = { all: [one.on, other.on] };
  const variables = variablesOf([both], facts, workflowScope(workflow, forms, { source: one.for ?? null }), '');
  const { worlds, isSample } = worldsOf({ variables });
  return isSample || worlds.some((world) => holdsIn(both, world, facts));
}

function mayHold(workflow: WorkflowDefinition, forms: Forms, { on, for: source }: EventDefinition, written: object | null = null): boolean {
  const facts = workflow.facts ?? {};
  const all = variablesOf([on], facts, workflowScope(workflow, forms, { source: source ?? null }), '');
  const variables = written === null ? all : all.map((variable) => asWritten(variable, written));
  const { worlds, isSample } = worldsOf({ variables });
  return isSample || worlds.some((world) => holdsIn(on, world, facts));
}

/** An event that writes a record, of which an event follows that writes a record, and so round: each record is new, so it never ends. */
function endlessEvents(workflow: WorkflowDefinition, forms: Forms): Finding[] {
  const events = Object.entries(workflow.events ?? {});
  const follows = new Map(events.map(([id, { write }]) => [id, events.filter(([, next]) => {
    const record: unknown = next.for === undefined ? undefined : write?.[next.for];
    return isObject(record) && mayHold(workflow, forms, next, record);
  }).map(([next]) => next)]));
  return events.flatMap(([id]) => {
    const way = wayRound(id, follows);
    return way === null ? [] : [finding('endlessEvents', ['events', id, 'write'], { way: way.join(', ') }, { at: 'key' })];
  });
}

/** What the system writes is known beforehand, unless it is copied or has {paths}. */
function asWritten(variable: Variable, record: object): Variable {
  if (variable.isFree || !variable.name.startsWith('for.')) return variable;
  const value: unknown = Object.entries(record).find(([name]) => `for.${name}` === variable.name)?.[1];
  if (value === undefined) return { ...variable, values: [undefined] };
  return isScalar(value) && value !== null && !String(value).includes('{') ? { ...variable, values: [value] } : variable;
}
