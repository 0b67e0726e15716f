import type { UiElement } from '../definitions/form.types.ts';
import type { Site } from './site.ts';

/** Gives the partner roles that a warning in a form of a published route tells people to call (semantics 25). */
export function rolesToCall({ library }: Pick<Site, 'library'>): ReadonlySet<string> {
  const layouts = library.published().flatMap(({ model }) => Object.values(model.bundle.forms).map(({ uischema }) => uischema));
  return new Set(layouts.flatMap(calledIn));
}

function calledIn(element: UiElement | undefined): string[] {
  if (element === undefined) return [];
  const own = element.options?.format === 'warning' ? (element.options.partners ?? []) : [];
  return [...own, ...(element.elements ?? []).flatMap(calledIn)];
}
