import { nearest } from '../nearest.ts';
import { finding, type Finding } from '../problem.ts';
import type { LegalSources } from '../content.ts';
import type { WorkflowDefinition } from '../workflow.types.ts';

/** Checks that the sources a route follows stand in a list. `known`: the ids of all lists in the folder. */
export function checkSourcesNamed({ legalBasis }: WorkflowDefinition, known: string[]): Finding[] {
  return (legalBasis?.sources ?? []).flatMap((name, index) =>
    known.includes(name) ? [] : [finding('unknownSource', ['legalBasis', 'sources', index], { name }, { proposal: nearest(name, known) })]);
}

/** Each source must be looked at again before its day of review. `today`: YYYY-MM-DD, or null when nobody says. */
export function checkSources({ sources }: LegalSources, today: string | null): Finding[] {
  return Object.entries(sources).flatMap(([id, { reviewBy }]) =>
    today === null || today <= reviewBy ? [] : [finding('reviewPassed', ['sources', id, 'reviewBy'], { day: reviewBy }, { severity: 'warning' })]);
}
