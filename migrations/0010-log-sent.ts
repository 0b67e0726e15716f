import type { Knex } from 'knex';

/** How many lines of a chain of the access log went to the file of LOG_FILE; it is no part of what the chain holds. */
export async function up(connection: Knex): Promise<void> {
  await connection.schema.alterTable('log_chains', (table) => {
    table.integer('sent').notNullable().defaultTo(0);
  });
}
