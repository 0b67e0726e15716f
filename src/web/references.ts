import type { CompiledForm, References } from '../forms/form-types.ts';
import { partnerRoles } from './partner-pages.ts';
import type { Site } from './site.ts';

/**
 * The data that forms draw on: the partners and the staff of a school as they are now, and the numbers that hold everywhere.
 * Nothing is read when none of these forms draws on it.
 */
export async function referencesOf({ partners, people, library, starter }: Pick<Site, 'partners' | 'people' | 'library' | 'starter'>, school: string, forms?: CompiledForm[]): Promise<References> {
  if (forms?.some(({ usesReferences }) => usesReferences) === false) return { partners: [], staff: [], partnerRoles: {}, national: [] };
  const [organisations, staff] = await Promise.all([partners.list(school), people.staff(school)]);
  return {
    partners: organisations.map(({ id, organisation, roles, phone }) => ({ id, name: organisation, roles, phone })),
    staff: staff.map(({ id, name, roles }) => ({ id, name, roles })),
    partnerRoles: Object.fromEntries(partnerRoles({ library })),
    national: (starter?.partners ?? []).flatMap(({ organisation, roles, phone }) => (phone == null ? [] : [{ name: organisation, roles, phone }]))
  };
}
