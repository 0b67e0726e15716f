import { nearest } from '../nearest.ts';
import { finding, type Finding, type Path } from '../problem.ts';
import type { LegalSources } from '../content.ts';
import type { WorkflowDefinition } from '../workflow.types.ts';

/** Checks that the sources a route follows, and those of its grounds to leave something out, stand in a list. `known`: the ids of all lists in the folder. */
export function checkSourcesNamed({ legalBasis, disclosure }: WorkflowDefinition, known: string[]): Finding[] {
  const named: { name: string; path: Path }[] = [
    ...(legalBasis?.sources ?? []).map((name, index) => ({ name, path: ['legalBasis', 'sources', index] })),
    ...Object.entries(disclosure?.grounds ?? {}).flatMap(([id, { source }]) => (source === undefined ? [] : [{ name: source, path: ['disclosure', 'grounds', id, 'source'] }]))
  ];
  return named.flatMap(({ name, path }) => (known.includes(name) ? [] : [finding('unknownSource', path, { name }, { proposal: nearest(name, known) })]));
}

/** Each source must be looked at again before its day of review. `today`: YYYY-MM-DD, or null when nobody says. */
export function checkSources({ sources }: LegalSources, today: string | null): Finding[] {
  return Object.entries(sources).flatMap(([id, { reviewBy }]) =>
    today === null || today <= reviewBy ? [] : [finding('reviewPassed', ['sources', id, 'reviewBy'], { day: reviewBy }, { severity: 'warning' })]);
}
