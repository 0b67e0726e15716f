import { transitionsOf } from '../lookup.ts';
import { finding, type Finding } from '../problem.ts';
import type { WorkflowDefinition } from '../workflow.types.ts';
import { transitionPath } from './places.ts';

/** Checks the ways between steps: each transition leads to a step or an outcome, each step can be reached and left, and the case can end. */
export function checkSteps(workflow: WorkflowDefinition): Finding[] {
  const targets = transitionsOf(workflow).flatMap((place) => {
    const { to, close } = place.transition;
    if (to === undefined && close === undefined) return [finding('noTarget', transitionPath(place))];
    return to !== undefined && close !== undefined ? [finding('twoTargets', [...transitionPath(place), 'close'], {}, { at: 'key' })] : [];
  });
  // A misspelt step is reported where it is named; what follows from it would only confuse.
  const named = [workflow.start, ...transitionsOf(workflow).flatMap(({ transition: { to } }) => to ?? [])];
  if (targets.length > 0 || !named.every((step) => Object.hasOwn(workflow.steps, step))) return targets;
  const ways = new Map(Object.keys(workflow.steps).map((step) => [step, waysFrom(workflow, step)]));
  const reached = spread([workflow.start], (step) => (ways.get(step)?.to ?? []));
  const ending = backwards(ways);
  const startEnds = ending.has(workflow.start);
  return [
    ...(startEnds ? [] : [finding('neverCloses', ['steps'], {}, { at: 'key' })]),
    ...[...ways].flatMap(([step, way]) => {
      const at = { at: 'key' } as const;
      if (!reached.has(step)) return [finding('unreachableStep', ['steps', step], { name: step }, at)];
      if (way.to.length === 0 && !way.closes) return [finding('deadEnd', ['steps', step], { name: step }, at)];
      return startEnds && !ending.has(step) ? [finding('stepNeverCloses', ['steps', step], { name: step }, at)] : [];
    })
  ];
}

/** Gives where a case can go from a step: by its own transitions, those of the top level, and events. */
export function waysFrom(workflow: WorkflowDefinition, step: string): { to: string[]; closes: boolean } {
  const transitions = transitionsOf(workflow).filter((place) => place.step === step || place.step === null).map(({ transition }) => transition);
  const moves = Object.values(workflow.events ?? {}).flatMap(({ to }) => (to === undefined || to === step ? [] : [to]));
  return {
    to: [...transitions.flatMap(({ to }) => (to === undefined ? [] : [to].flat())), ...moves],
    closes: [...transitions, ...Object.values(workflow.events ?? {})].some(({ close }) => close !== undefined)
  };
}

/** Gives what is reached from some steps, themselves included, in any number of steps. */
export function spread(from: string[], next: (step: string) => string[]): Set<string> {
  const reached = new Set<string>();
  const open = [...from];
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    if (reached.has(step)) continue;
    reached.add(step);
    open.push(...next(step));
  }
  return reached;
}

/** The steps from which the case can end. */
function backwards(ways: Map<string, { to: string[]; closes: boolean }>): Set<string> {
  const closing = [...ways].filter(([, way]) => way.closes).map(([step]) => step);
  return spread(closing, (step) => [...ways].filter(([, way]) => way.to.includes(step)).map(([from]) => from));
}
