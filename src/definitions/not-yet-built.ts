/** A keyword the language has and the program does not do yet. */
export type NotYetBuilt<Place> = { in: Place; keyword: string };

/** Keywords of one question in a form file, or of all its answers together, that are refused by name and never ignored. Building one means taking its line out. */
export const notYetInFields: readonly NotYetBuilt<'field'>[] = [
  { in: 'field', keyword: 'x-retention' }
];

/** Keywords of JSON Schema that a form never has, with the finding that says why. */
export const refusedInFields: { readonly [keyword: string]: string } = {
  $id: 'refusedElsewhere', $anchor: 'refusedElsewhere', $vocabulary: 'refusedElsewhere',
  $dynamicRef: 'refusedEndless', $dynamicAnchor: 'refusedEndless', $recursiveRef: 'refusedEndless', $recursiveAnchor: 'refusedEndless',
  patternProperties: 'refusedNames', propertyNames: 'refusedNames', unevaluatedProperties: 'refusedNames',
  prefixItems: 'refusedPlaces', additionalItems: 'refusedPlaces', unevaluatedItems: 'refusedPlaces',
  contentEncoding: 'refusedContent', contentMediaType: 'refusedContent', contentSchema: 'refusedContent'
};
