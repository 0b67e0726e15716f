import type { OpenCase } from '../../cases/cases.ts';
import type { PartnerMap } from '../../definitions/content.ts';
import { onceFor } from '../../definitions/once.ts';
import { caseContext } from '../../engine/model/case-context.ts';
import { caseChoices } from '../../engine/model/case-choices.ts';
import type { CompiledForm, References } from '../../forms/form-types.ts';
import { partnerRoles } from './partner-roles.ts';
import type { Site } from './site.ts';

/**
 * The data that forms draw on: the partners and the staff of a school as they are now, and the numbers that hold everywhere.
 * Only what one of these forms draws on is read; everything when no forms are given.
 */
export async function referencesOf({ partners, people, library, starter }: Pick<Site, 'partners' | 'people' | 'library' | 'starter'>, school: string, forms?: CompiledForm[]): Promise<References> {
  const drawOn = (source: 'partners' | 'staff'): boolean => forms === undefined || forms.some(({ drawsOn }) => drawsOn.has(source));
  const [organisations, staff] = !drawOn('partners') && !drawOn('staff') ? [[], []]
    : await Promise.all([drawOn('partners') ? partners.list(school) : [], drawOn('staff') ? people.staff(school) : []]);
  return {
    partners: organisations.map(({ id, organisation, roles, phone }) => ({ id, name: organisation, roles, phone })),
    staff: staff.map(({ id, name, roles }) => ({ id, name, roles })),
    fromCase: () => ({ from: '', choices: [] }),
    partnerRoles: titlesIn(partnerRoles({ library })),
    national: starter === null ? [] : nationalOf(starter)
  };
}

/** The same roles come back until something is published. */
const titlesIn = onceFor((roles: ReadonlyMap<string, string>): References['partnerRoles'] => Object.fromEntries(roles));

const nationalOf = onceFor(({ partners }: PartnerMap): References['national'] => partners.flatMap(({ organisation, roles, phone }) => (phone == null ? [] : [{ name: organisation, roles, phone }])));

/** The same for the forms of a case: also its rows and records, as far as this person may read them. */
export async function referencesIn(site: Site, open: OpenCase, forms?: CompiledForm[]): Promise<References> {
  const { route: { model }, stored: { school, state }, viewer } = open;
  return {
    ...await referencesOf(site, school, forms),
    fromCase: (of) => caseChoices(caseContext(model, state, site.now(), viewer), of, (record) => site.cases.maySee(open, record))
  };
}
