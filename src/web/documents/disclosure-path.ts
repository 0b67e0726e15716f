import type { OpenCase } from '../../cases/cases.ts';
import type { StoredDisclosure } from '../../cases/stores/disclosure-store.ts';
import type { DisclosureDefinition } from '../../definitions/workflow.types.ts';
import type { Site } from '../site/site.ts';

/** Why something may be left out today: as the route says now, for a case that began with an older version as well. Null: it does not say. */
export function definitionOf({ library }: Site, { route }: { route: Pick<OpenCase['route'], 'model'> }): DisclosureDefinition | null {
  const { workflow } = route.model;
  return library.published().find(({ model }) => model.workflow.id === workflow.id)?.model.workflow.disclosure ?? workflow.disclosure ?? null;
}

/** The address of what is prepared, or of a page of it. */
export function disclosurePath({ open, stored }: { open: { stored: Pick<OpenCase['stored'], 'number'> }; stored: Pick<StoredDisclosure, 'id'> }, rest = ''): string {
  return `/cases/${open.stored.number}/disclosures/${stored.id}${rest}`;
}
