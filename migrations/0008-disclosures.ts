import type { Knex } from 'knex';

/**
 * What people prepare of a case for somebody who asks to see it: what is given, what is left out and why, and what a second person said of
 * it. Clear are ids and moments; all else is sealed with the key of the case, and goes with it.
 */
export async function up(connection: Knex): Promise<void> {
  await connection.schema.createTable('disclosures', (table) => {
    table.text('case_id').notNullable().references('cases.id');
    table.text('id').notNullable();
    table.text('started_by').notNullable().references('people.id');
    table.text('started_at').notNullable();
    table.text('changed_at').notNullable();
    table.integer('revision').notNullable();
    table.text('content_sealed').notNullable();
    table.primary(['case_id', 'id']);
  });
}
