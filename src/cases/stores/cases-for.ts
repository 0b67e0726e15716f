import type { Knex } from 'knex';
import type { Day, Moment, PersonId } from '../../engine/state/case-state.ts';

/** The day at school, for roles, and the moment, for a look that ends by itself. */
export type At = { today: Day; now: Moment };

/**
 * The one question behind everything that shows cases: those on whose list a person is now, who works at the school of the case that day
 * and is not shut out of it. Being shut out beats every list and role (trust.md, T2).
 */
export function casesFor(connection: Knex, person: PersonId, { today, now }: At): Knex.QueryBuilder {
  return connection('cases')
    .join('case_people', 'case_people.case_id', 'cases.id')
    .where('case_people.person_id', person)
    .whereNull('case_people.until')
    .where((lasting) => lasting.whereNull('case_people.ends_at').orWhere('case_people.ends_at', '>', now))
    .whereExists((member) => member.select(connection.raw('1')).from('memberships')
      .where('memberships.person_id', person)
      .where('memberships.school_id', connection.ref('cases.school_id'))
      .where('memberships.valid_from', '<=', today)
      .andWhere((valid) => valid.whereNull('memberships.valid_until').orWhere('memberships.valid_until', '>=', today)))
    .whereNotExists((shutOut) => shutOut.select(connection.raw('1')).from('case_exclusions')
      .where('case_exclusions.person_id', person)
      .where('case_exclusions.case_id', connection.ref('cases.id')));
}
