import { tasksOf, transitionsOf } from '../lookup.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import type { WorkflowDefinition } from '../workflow.types.ts';
import { taskPath, transitionPath } from './places.ts';

/**
 * Looks for ways out and required tasks that nobody who sees a case may do: a role is no right to see (definitions.md, Meaning 10), so
 * its people never find them. Who an event gives the case to counts as well.
 */
export function checkNobody(workflow: WorkflowDefinition): Finding[] {
  const { access, events = {} } = workflow;
  const seeing = new Set(['author', ...access.read, ...access.own ?? [], ...Object.values(events).flatMap(({ restrict }) => restrict?.to ?? [])]);
  const of = (step: string | null, own: string[] | undefined): string[] | undefined => own ?? workflow.steps[step ?? '']?.performers ?? workflow.performers;
  const check = (performers: string[] | undefined, path: Path, name: string): Finding[] =>
    (performers === undefined || performers.some((role) => seeing.has(role)) ? [] : [finding('nobodyMay', path, { name, roles: performers.join(', ') }, { at: 'key', severity: 'warning' })]);
  return [
    ...tasksOf(workflow).filter(({ task }) => task.required !== undefined && task.required !== false).flatMap((place) => check(of(place.step, place.task.performers), taskPath(place), place.id)),
    ...transitionsOf(workflow).flatMap((place) => check(of(place.step, place.transition.performers), transitionPath(place), place.id))
  ];
}
