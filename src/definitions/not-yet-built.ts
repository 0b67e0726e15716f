import { isObject } from './json-values.ts';
import type { Path } from './problem.ts';

/** Where an object of a kind may stand in a workflow file; * is any id. */
export const workflowPlaces = {
  workflow: [[]],
  task: [['tasks', '*'], ['steps', '*', 'tasks', '*']],
  step: [['steps', '*']],
  transition: [['transitions', '*'], ['steps', '*', 'transitions', '*']],
  rule: [
    ['rules', '*'], ['steps', '*', 'rules', '*'],
    ['tasks', '*', 'rules', '*'], ['steps', '*', 'tasks', '*', 'rules', '*'],
    ['transitions', '*', 'rules', '*'], ['steps', '*', 'transitions', '*', 'rules', '*']
  ],
  moment: [['tasks', '*', 'due'], ['steps', '*', 'tasks', '*', 'due'], ['steps', '*', 'due']],
  event: [['events', '*']],
  link: [['links', '*']],
  document: [['documents', '*']],
  reopening: [['reopen', '*']]
} as const satisfies { [kind: string]: Path[] };

export type WorkflowPlace = keyof typeof workflowPlaces;

/** A keyword the language has and the program does not do yet. `only` limits it to some of its values. */
export type NotYetBuilt<Place> = { in: Place; keyword: string; only?: (value: unknown) => boolean };

/** Keywords of workflow files that are refused by name and never ignored. Building one means taking its line out. */
export const notYetInWorkflows: readonly NotYetBuilt<WorkflowPlace>[] = [
  { in: 'document', keyword: 'fourEyes' }
];

/** Keywords of one question in a form file, or of all its answers together. */
export const notYetInFields: readonly NotYetBuilt<'field'>[] = [
  ...['x-access', 'x-retention'].map((keyword) => ({ in: 'field' as const, keyword })),
  { in: 'field', keyword: 'format', only: (value) => value === 'date-time' },
  { in: 'field', keyword: 'x-options', only: (value) => isObject(value) && (value['source'] === 'rows' || value['source'] === 'records') }
];

/** Keywords of JSON Schema that a form never has, with the finding that says why. */
export const refusedInFields: { readonly [keyword: string]: string } = {
  $id: 'refusedElsewhere', $anchor: 'refusedElsewhere', $vocabulary: 'refusedElsewhere',
  $dynamicRef: 'refusedEndless', $dynamicAnchor: 'refusedEndless', $recursiveRef: 'refusedEndless', $recursiveAnchor: 'refusedEndless',
  patternProperties: 'refusedNames', propertyNames: 'refusedNames', unevaluatedProperties: 'refusedNames',
  prefixItems: 'refusedPlaces', additionalItems: 'refusedPlaces', unevaluatedItems: 'refusedPlaces',
  contentEncoding: 'refusedContent', contentMediaType: 'refusedContent', contentSchema: 'refusedContent'
};
