import type { Knex } from 'knex';

/**
 * What is left of a case that was destroyed says of which route it was and when it ran, why it was kept and who proposed it. `restricted`:
 * it was shut off or somebody was shut out of it, so that only those two see that it was there. Cases that ended get a moment to look at.
 */
export async function up(connection: Knex): Promise<void> {
  await connection.schema.alterTable('erased_cases', (table) => {
    for (const name of ['workflow', 'opened_at', 'closed_at', 'basis', 'proposed_by']) table.text(name);
    table.integer('restricted').notNullable().defaultTo(0);
    table.index(['school_id', 'erased_at']);
  });
  // Time works out for each when its term ends: only the server can read from which day it counts.
  await connection.raw("insert into timers (case_id, due_at, tries) select id, opened_at, 0 from cases where status <> 'open' and id not in (select case_id from timers)");
}
