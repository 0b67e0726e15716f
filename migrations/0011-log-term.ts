import type { Knex } from 'knex';

/**
 * What was destroyed of the start of a chain at the end of its term (log-cut.ts): lines 1 up to and with `cut_to`; `cut_sealed` says by
 * what, when and with which hash the rest goes on. 0 and null: nothing.
 */
export async function up(connection: Knex): Promise<void> {
  await connection.schema.alterTable('log_chains', (table) => {
    table.integer('cut_to').notNullable().defaultTo(0);
    table.text('cut_sealed');
  });
}
