import type { Knex } from 'knex';

/** What an organisation offers, one service per line. Null: not filled in. */
export async function up(connection: Knex): Promise<void> {
  await connection.schema.alterTable('partners', (table) => {
    table.text('services');
  });
}
