import type { Knex } from 'knex';
import type { Day, PersonId } from '../engine/case-state.ts';

/**
 * The one question behind everything that shows cases: those on whose list a person is, who works at the school of the case that day
 * and is not shut out of it. Being shut out beats every list and role (trust.md, T2).
 */
export function casesFor(connection: Knex, person: PersonId, today: Day): Knex.QueryBuilder {
  return connection('cases')
    .join('case_people', 'case_people.case_id', 'cases.id')
    .where('case_people.person_id', person)
    .whereNull('case_people.until')
    .whereExists((member) => member.select(connection.raw('1')).from('memberships')
      .where('memberships.person_id', person)
      .where('memberships.school_id', connection.ref('cases.school_id'))
      .where('memberships.valid_from', '<=', today)
      .andWhere((valid) => valid.whereNull('memberships.valid_until').orWhere('memberships.valid_until', '>=', today)))
    .whereNotExists((shutOut) => shutOut.select(connection.raw('1')).from('case_exclusions')
      .where('case_exclusions.person_id', person)
      .where('case_exclusions.case_id', connection.ref('cases.id')));
}
