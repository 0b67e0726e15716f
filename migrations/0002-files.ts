import type { Knex } from 'knex';

/**
 * Files that people add to a form. Each has a key of its own, wrapped by that of its case (before there is one: of drafts), so that a
 * file moves into a case, and goes with it, by its key alone. case_id is '' where there is no case yet, school_id '' where there is one.
 * Clear is what counting, sweeping and access need; the name, the kind and the fingerprint are sealed.
 */
export async function up(connection: Knex): Promise<void> {
  await connection.schema.createTable('files', (table) => {
    table.text('case_id').notNullable();
    table.text('id').notNullable().unique();
    table.text('person_id').notNullable().references('people.id');
    table.text('school_id').notNullable();
    // With the person and the place: the draft it was added to, as in drafts.
    table.text('task').notNullable();
    table.integer('record').notNullable();
    // 1: a record has it.
    table.integer('kept').notNullable();
    table.text('stored_at').notNullable();
    table.integer('bytes').notNullable();
    table.text('key_sealed').notNullable();
    table.text('head_sealed').notNullable();
    table.primary(['case_id', 'id']);
    table.index(['person_id', 'case_id', 'task', 'record']);
    table.index(['kept', 'stored_at']);
  });
  await connection.schema.createTable('file_parts', (table) => {
    table.text('file_id').notNullable().references('files.id').onDelete('CASCADE');
    table.integer('number').notNullable();
    table.text('content_sealed').notNullable();
    table.primary(['file_id', 'number']);
  });
}
