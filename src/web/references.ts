import type { References } from '../forms/form-types.ts';
import type { Site } from './site.ts';

/** The data that questions with x-options draw on: the partners and the staff of a school as they are now. */
export async function referencesOf({ partners, people }: Pick<Site, 'partners' | 'people'>, school: string): Promise<References> {
  const [organisations, staff] = await Promise.all([partners.list(school), people.staff(school)]);
  return {
    partners: organisations.map(({ id, organisation, roles, phone }) => ({ id, name: organisation, roles, phone })),
    staff: staff.map(({ id, name, roles }) => ({ id, name, roles }))
  };
}
