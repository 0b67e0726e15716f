import type { Route } from '../../cases/library.ts';
import { onceFor } from '../../definitions/once.ts';
import type { Partner } from '../../partners/partner-store.ts';
import type { UiElement } from '../../definitions/form.types.ts';
import type { Site } from './site.ts';

/** The partner roles of the published routes, by id, in file order. */
export function partnerRoles({ library }: Pick<Site, 'library'>): ReadonlyMap<string, string> {
  return titlesOf(library.published());
}

/** The same list comes back until something is published. */
const titlesOf = onceFor((routes: Route[]) => new Map(routes.flatMap(({ model }) => Object.entries(model.workflow.partnerRoles ?? {}).map(([id, { title }]): [string, string] => [id, title ?? id]))));

/** Those nobody in the directory has. */
export function missingRoles(roles: ReadonlyMap<string, string>, partners: Partner[]): [string, string][] {
  return [...roles].filter(([role]) => !partners.some((partner) => partner.roles.includes(role)));
}

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
