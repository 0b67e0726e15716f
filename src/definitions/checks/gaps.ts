import type { FormDefinition } from '../form.types.ts';
import { finding, type Finding } from '../problem.ts';
import type { StepDefinition, TransitionDefinition, WorkflowDefinition } from '../workflow.types.ts';
import { holdsIn, type World } from './worlds.ts';
import { mostWorlds, spaceOf, worldsOf, type Space } from './world-space.ts';

/**
 * Looks, for each step where the answers decide, for answers with which no way is open (a case would stand still) and, where a person picks
 * one, for answers with which two are open. Ways without a condition are always open. Answers that rules refuse, or that a form cannot give, do not count.
 */
export function checkGaps(workflow: WorkflowDefinition, forms: { [id: string]: FormDefinition }): Finding[] {
  return Object.entries(workflow.steps).filter(([, step]) => step.decide !== undefined).flatMap(([id, step]) => checkStep(workflow, forms, id, step));
}

function checkStep(workflow: WorkflowDefinition, forms: { [id: string]: FormDefinition }, id: string, step: StepDefinition): Finding[] {
  const ways = Object.entries(step.transitions);
  const conditional = ways.filter(([, { when, unless }]) => when !== undefined || unless !== undefined);
  if (conditional.length === 0) return [];
  const space = spaceOf(workflow, forms, id, conditional.flatMap(([, { when, unless }]) => [when, unless].filter((one) => one !== undefined)));
  const path = ['steps', id, 'transitions'];
  const { worlds, isSample } = worldsOf(space);
  // With a way that is always open there is no gap; two ways with conditions may still overlap.
  const gap = conditional.length === ways.length ? worlds.find((world) => conditional.every(([, way]) => !isOpen(way, space, world))) : undefined;
  if (gap !== undefined) return [gapFinding(space, id, gap, path)];
  return [
    ...(isSample ? [finding('gapsSampled', path, { name: id, count: mostWorlds }, { at: 'key', severity: 'warning' })] : []),
    // Ways that hold together are taken together.
    ...(step.decide === 'each' ? [] : overlaps(space, conditional, worlds, path))
  ];
}

function gapFinding(space: Space, id: string, world: World, path: string[]): Finding {
  const answers = inWords(space, world);
  return space.isExact
    ? finding('gap', path, { name: id, answers }, { at: 'key' })
    : finding('maybeGap', path, { name: id, answers }, { at: 'key', severity: 'warning' });
}

/** One finding for each pair of ways. Nothing is said of answers that may not go together. */
function overlaps(space: Space, ways: [string, TransitionDefinition][], worlds: World[], path: string[]): Finding[] {
  if (!space.isExact) return [];
  return ways.flatMap(([one, way], index) => ways.slice(index + 1).flatMap(([other, second]) => {
    const both = worlds.find((world) => isOpen(way, space, world) && isOpen(second, space, world));
    return both === undefined ? [] : [finding('overlap', [...path, other], { one, other, answers: inWords(space, both) }, { at: 'key', severity: 'warning' })];
  }));
}

function isOpen({ when, unless }: TransitionDefinition, { facts }: Space, world: World): boolean {
  return (when === undefined || holdsIn(when, world, facts)) && (unless === undefined || !holdsIn(unless, world, facts));
}

/** The answers that the ways themselves ask after, as a condition that a person can copy. */
function inWords({ variables }: Space, world: World): string {
  const parts = variables.filter(({ isAsked }) => isAsked).map(({ name, isFree }) => {
    const value = world.get(name);
    if (isFree) return value === true ? name : `"none": [{ ${name} }]`;
    return `"${name}": ${value === undefined ? '{ "answered": false }' : JSON.stringify(value)}`;
  });
  return parts.join(', ');
}
