import type { Knex } from 'knex';

/**
 * That another case (other_id) about the same pupil was started by somebody who does not see this one: for who is responsible for this
 * one, until they have read it. It goes with either case.
 */
export async function up(connection: Knex): Promise<void> {
  await connection.schema.createTable('subject_notices', (table) => {
    table.text('case_id').notNullable().references('cases.id');
    table.text('other_id').notNullable().references('cases.id').onDelete('CASCADE');
    table.text('at').notNullable();
    table.text('read_at');
    table.primary(['case_id', 'other_id']);
    table.index('other_id');
  });
}
