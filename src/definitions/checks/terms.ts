import type { FormDefinition } from '../form.types.ts';
import { tasksOf } from '../lookup.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import type { Moment, WorkflowDefinition } from '../workflow.types.ts';
import { checkPathIn } from './paths.ts';
import { taskPath } from './places.ts';
import { workflowScope, type Scope } from './scope.ts';

/** Checks every term: it counts from a date, it ends some time, and whoever is told of it is told of something. */
export function checkTerms(workflow: WorkflowDefinition, forms: { [id: string]: FormDefinition }): Finding[] {
  const scope = (record: string | null, source: string | string[] | null = null): Scope => workflowScope(workflow, forms, { record, source });
  return [
    ...tasksOf(workflow).flatMap((place) => checkTerm(place.task.due, [...taskPath(place), 'due'], scope(place.task.form, place.task.for), typeof place.task.repeat === 'object')),
    ...Object.entries(workflow.steps).flatMap(([id, step]) => checkTerm(step.due, ['steps', id, 'due'], scope(null))),
    ...Object.entries(workflow.events ?? {}).flatMap(([id, { at, for: source }]) => checkEventMoment(at, ['events', id, 'at'], scope(null, source ?? null)))
  ];
}

/** `repeats`: the moments on which a task comes back are terms as well. */
function checkTerm(due: Moment | undefined, at: Path, scope: Scope, repeats = false): Finding[] {
  if (due === undefined) return [];
  const hasEnd = due.within !== undefined || (repeats && due.from === undefined);
  return [...(hasEnd ? [] : [finding('missingKeyword', at, { key: 'within' })]), ...checkFrom(due, at, scope)];
}

/** An event happens at its moment: nobody is reminded of it or told that it is late. */
function checkEventMoment(moment: Moment | undefined, at: Path, scope: Scope): Finding[] {
  if (moment === undefined) return [];
  const idle = (['remind', 'escalateTo'] as const).filter((keyword) => moment[keyword] !== undefined);
  return [
    ...(moment.from === undefined && moment.within === undefined ? [finding('missingKeyword', at, { key: 'within' })] : []),
    ...checkFrom(moment, at, scope),
    ...idle.map((keyword) => finding('idleInEvent', [...at, keyword], { key: keyword }, { at: 'key' }))
  ];
}

function checkFrom({ from }: Moment, at: Path, scope: Scope): Finding[] {
  return from === undefined ? [] : checkPathIn(from, [...at, 'from'], scope, 'date');
}
