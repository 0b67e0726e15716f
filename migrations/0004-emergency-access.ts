import type { Knex } from 'knex';

/**
 * Somebody who opens a case in an emergency stands on its list until a moment: ends_at. Each time is kept with its reason, and who of the
 * case is told of it, until they have read it.
 */
export async function up(connection: Knex): Promise<void> {
  await connection.schema.alterTable('case_people', (table) => {
    table.text('ends_at');
  });
  await connection.schema.createTable('emergency_openings', (table) => {
    table.text('case_id').notNullable().references('cases.id');
    table.text('person_id').notNullable().references('people.id');
    table.text('at').notNullable();
    table.text('ends_at').notNullable();
    table.text('reason_sealed').notNullable();
    table.primary(['case_id', 'person_id', 'at']);
  });
  await connection.schema.createTable('emergency_notices', (table) => {
    table.text('case_id').notNullable().references('cases.id');
    table.text('person_id').notNullable().references('people.id');
    table.text('at').notNullable();
    table.text('told_id').notNullable().references('people.id');
    table.text('read_at');
    table.primary(['case_id', 'person_id', 'at', 'told_id']);
    table.index(['told_id', 'read_at']);
  });
}
