import { transitionsOf, type TransitionPlace } from '../lookup.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import type { WorkflowDefinition } from '../workflow.types.ts';
import { transitionPath } from './places.ts';
import { spread } from './steps.ts';

/** Checks parallel tracks: what stays leads somewhere else, ways taken together ask no form of their own, and tracks come together again. */
export function checkTracks(workflow: WorkflowDefinition): Finding[] {
  const places = transitionsOf(workflow);
  const faults = places.flatMap((place) => [...checkStay(place), ...checkTogether(workflow, place)]);
  // A misspelt step is reported where it is named.
  const isKnown = places.every(({ transition: { to = [] } }) => [to].flat().every((step) => Object.hasOwn(workflow.steps, step)));
  return faults.length > 0 || !isKnown ? faults : checkMeeting(workflow, places);
}

function checkStay(place: TransitionPlace): Finding[] {
  const { step, transition: { stay, to } } = place;
  if (stay !== true) return [];
  const at: Path = [...transitionPath(place), 'stay'];
  if (to === undefined) return [finding('staysNowhere', at, {}, { at: 'key' })];
  return step !== null && [to].flat().includes(step) ? [finding('staysAtSelf', at, { name: step }, { at: 'key' })] : [];
}

function checkTogether({ steps }: WorkflowDefinition, place: TransitionPlace): Finding[] {
  if (place.step === null || steps[place.step]?.decide !== 'each' || place.transition.form === undefined) return [];
  return [finding('formInEach', [...transitionPath(place), 'form'], {}, { at: 'key' })];
}

/** Two tracks that never reach the same step can never close the case, because a step closes it only when no other track runs. */
function checkMeeting(workflow: WorkflowDefinition, places: readonly TransitionPlace[]): Finding[] {
  if (places.some(({ step }) => step === null)) return [];
  // Who stays ends nothing, so that brings no tracks together.
  const waysOn = (from: string): string[] => places.filter(({ step, transition }) => step === from && transition.stay !== true).flatMap(({ transition: { to = [] } }) => to);
  return splits(workflow, places).flatMap(({ one, other, path }) => {
    const first = spread([one], waysOn);
    return [...spread([other], waysOn)].some((step) => first.has(step)) ? [] : [finding('tracksNeverMeet', path, { one, other }, { at: 'key' })];
  });
}

/** Every pair of steps that may run beside each other from some act on, with where that act stands. */
function splits(workflow: WorkflowDefinition, places: readonly TransitionPlace[]): { one: string; other: string; path: Path }[] {
  const acts = [
    ...places.map((place) => ({ path: transitionPath(place), steps: [...(place.transition.stay === true && place.step !== null ? [place.step] : []), ...[place.transition.to ?? []].flat()] })),
    ...Object.entries(workflow.steps).filter(([, { decide }]) => decide === 'each').map(([id]) => ({
      path: ['steps', id, 'decide'], steps: places.filter(({ step }) => step === id).flatMap(({ transition: { to = [] } }) => to)
    }))
  ];
  return acts.flatMap(({ path, steps }) => {
    const all = [...new Set(steps)];
    return all.flatMap((one, index) => all.slice(index + 1).map((other) => ({ one, other, path })));
  });
}
