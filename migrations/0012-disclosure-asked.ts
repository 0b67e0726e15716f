import type { Knex } from 'knex';

/**
 * Clear beside each preparation: does it ask a second person now, 1 or 0? Null: it was last changed before this column was there, and only
 * what is sealed says so. A step of the schema has no key to open that with, so such a row is opened where it matters, until it changes.
 */
export async function up(connection: Knex): Promise<void> {
  await connection.schema.alterTable('disclosures', (table) => {
    table.integer('asked');
  });
}
