import type { Knex } from 'knex';

/**
 * That somebody looked, of one month (YYYY-MM), at who saw the cases that are theirs to see, and what they thought of it. A row is never
 * changed. Clear is who and when; the remark is sealed.
 */
export async function up(connection: Knex): Promise<void> {
  await connection.schema.createTable('access_reviews', (table) => {
    table.text('school_id').notNullable().references('schools.id');
    table.text('person_id').notNullable().references('people.id');
    table.text('month').notNullable();
    table.text('at').notNullable();
    table.text('remark_sealed').notNullable();
    table.primary(['school_id', 'person_id', 'month']);
  });
}
