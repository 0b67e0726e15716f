import type { Knex } from 'knex';

type Table = Knex.CreateTableBuilder;

/**
 * The first schema. Moments are UTC ISO text, days YYYY-MM-DD text, yes/no 0 or 1, JSON text, ids UUID v7.
 * Columns that end in _sealed hold what trust/seal.ts makes; all others are readable by whoever has the file.
 */
export async function up(connection: Knex): Promise<void> {
  await trustTables(connection);
  await staffTables(connection);
  await partnerTables(connection);
  await definitionTables(connection);
  await caseTables(connection);
  await contentTables(connection);
}

async function trustTables(connection: Knex): Promise<void> {
  // Keys for one purpose each, wrapped by the key in KEY_FILE.
  await connection.schema.createTable('keys', (table) => {
    table.text('purpose').primary();
    table.text('key_sealed').notNullable();
    table.text('created_at').notNullable();
  });
  // One chain per case, and one named "general" for the rest.
  await connection.schema.createTable('log_chains', (table) => {
    table.text('chain').primary();
    table.text('head').notNullable();
    table.integer('length').notNullable();
  });
  await connection.schema.createTable('access_log', (table) => {
    table.text('chain').notNullable();
    table.integer('sequence').notNullable();
    table.text('at').notNullable();
    table.text('person_id');
    table.text('action').notNullable();
    table.text('detail');
    table.text('hash').notNullable();
    table.primary(['chain', 'sequence']);
    table.index(['person_id', 'at']);
  });
}

async function staffTables(connection: Knex): Promise<void> {
  await connection.schema.createTable('schools', (table) => {
    table.text('id').primary();
    table.text('name').notNullable();
    table.text('brin');
    table.text('board');
    // #rrggbb; fingerprint of the picture in settings; list of the ids of routes that are not offered; what the school filled in, by route.
    table.text('colour');
    table.text('logo');
    table.text('routes_off');
    table.text('route_settings');
    table.integer('practice').notNullable();
    table.text('created_at').notNullable();
  });
  await connection.schema.createTable('settings', (table) => {
    schoolColumn(table);
    table.text('name').notNullable();
    table.text('value').notNullable();
    table.primary(['school_id', 'name']);
  });
  await connection.schema.createTable('people', (table) => {
    table.text('id').primary();
    table.text('name').notNullable();
    table.text('email').notNullable().unique();
    table.text('created_at').notNullable();
  });
  await connection.schema.createTable('memberships', (table) => {
    table.text('id').primary();
    schoolColumn(table);
    personColumn(table);
    table.text('role').notNullable();
    table.integer('position').notNullable();
    table.text('valid_from').notNullable();
    table.text('valid_until');
    table.index(['school_id', 'person_id']);
    table.index(['person_id']);
  });
  await connection.schema.createTable('credentials', (table) => {
    personColumn(table);
    table.text('kind').notNullable();
    table.text('secret').notNullable();
    table.text('changed_at').notNullable();
    table.primary(['person_id', 'kind']);
  });
  await connection.schema.createTable('sessions', (table) => {
    table.text('token_hash').primary();
    personColumn(table);
    schoolColumn(table);
    table.text('started_at').notNullable();
    table.text('seen_at').notNullable();
    // When this person was here in the session before.
    table.text('since');
    table.index(['person_id']);
  });
  // When a person was last at a school; sessions go, this stays.
  await connection.schema.createTable('visits', (table) => {
    personColumn(table);
    schoolColumn(table);
    table.text('seen_at').notNullable();
    table.primary(['person_id', 'school_id']);
  });
  await connection.schema.createTable('invitations', (table) => {
    table.text('token_hash').primary();
    table.text('purpose').notNullable();
    table.text('person_id').references('people.id');
    table.text('created_at').notNullable();
    table.text('expires_at').notNullable();
  });
  await connection.schema.createTable('sign_in_tries', (table) => {
    table.text('subject_hash').primary();
    table.integer('failures').notNullable();
    table.text('last_at').notNullable();
  });
}

async function partnerTables(connection: Knex): Promise<void> {
  await connection.schema.createTable('partners', (table) => {
    table.text('id').primary();
    schoolColumn(table);
    table.integer('position').notNullable();
    table.text('organisation').notNullable();
    for (const name of ['contact_person', 'address', 'phone', 'email', 'notes', 'purpose', 'verified_on', 'verified_by']) table.text(name);
    table.integer('emergency').notNullable();
    table.text('valid_from').notNullable();
    table.text('valid_until');
    table.text('successor_id').references('partners.id');
    table.index(['school_id', 'position']);
  });
  await connection.schema.createTable('partner_roles', (table) => {
    table.text('partner_id').notNullable().references('partners.id');
    table.text('role').notNullable();
    table.primary(['partner_id', 'role']);
  });
}

async function definitionTables(connection: Knex): Promise<void> {
  await connection.schema.createTable('bundles', (table) => {
    table.text('hash').primary();
    table.text('workflow').notNullable();
    table.text('text').notNullable();
    table.text('created_at').notNullable();
  });
  // The latest of a workflow is live; a row without a school holds for every school, one without a person came from the folder.
  await connection.schema.createTable('publications', (table) => {
    table.text('id').primary();
    table.text('school_id').references('schools.id');
    table.text('workflow').notNullable();
    table.text('hash').notNullable().references('bundles.hash');
    table.text('person_id').references('people.id');
    table.text('reason');
    table.text('at').notNullable();
  });
}

async function caseTables(connection: Knex): Promise<void> {
  await connection.schema.createTable('cases', (table) => {
    table.text('id').primary();
    table.text('number').notNullable().unique();
    schoolColumn(table);
    table.text('workflow').notNullable();
    table.text('bundle_hash').notNullable().references('bundles.hash');
    table.text('status').notNullable();
    table.text('active_steps').notNullable();
    table.text('responsible_id').notNullable().references('people.id');
    table.text('next_due');
    // The case it was started from: an id, not a reference, since either may be erased.
    table.text('linked_from').index();
    table.integer('revision').notNullable();
    table.text('opened_at').notNullable();
    table.text('closed_at');
    table.text('outcome');
    table.text('event_head').notNullable();
    table.integer('event_count').notNullable();
    table.text('key_sealed').notNullable();
    table.text('state_sealed').notNullable();
    table.index(['school_id', 'status', 'next_due', 'id']);
  });
  // What is left of a case that was destroyed; its lines in access_log stay.
  await connection.schema.createTable('erased_cases', (table) => {
    table.text('case_id').primary();
    table.text('school_id').notNullable();
    table.text('erased_at').notNullable();
    table.text('person_id');
    table.text('reason').notNullable();
  });
  await connection.schema.createTable('case_people', (table) => {
    caseColumn(table);
    personColumn(table);
    table.text('access').notNullable();
    table.text('since').notNullable();
    table.text('until');
    table.primary(['case_id', 'person_id']);
    table.index(['person_id', 'case_id']);
  });
  await connection.schema.createTable('case_exclusions', (table) => {
    caseColumn(table);
    table.text('person_id').notNullable();
    table.text('reason_sealed').notNullable();
    table.text('since').notNullable();
    table.primary(['case_id', 'person_id']);
  });
  await connection.schema.createTable('submissions', (table) => {
    personColumn(table);
    table.text('key').notNullable();
    table.text('answer').notNullable();
    table.text('at').notNullable();
    table.primary(['person_id', 'key']);
  });
}

async function contentTables(connection: Knex): Promise<void> {
  // Every version of every completed form; a row is never changed.
  await connection.schema.createTable('records', (table) => {
    caseColumn(table);
    table.integer('record').notNullable();
    table.integer('version').notNullable();
    table.text('task').notNullable();
    table.text('form').notNullable();
    table.text('form_hash');
    table.text('source');
    table.integer('visit');
    table.text('person_id');
    table.text('at').notNullable();
    table.text('updated_by');
    table.text('updated_at').notNullable();
    table.integer('late').notNullable();
    table.text('answers_sealed').notNullable();
    table.primary(['case_id', 'record', 'version']);
  });
  // case_id is '' and record 0 where there is none yet, school_id '' where there is a case: a primary key takes no null.
  // Kept: of somebody whom a restriction took off the case, for whoever may lift it.
  await connection.schema.createTable('drafts', (table) => {
    personColumn(table);
    table.text('school_id').notNullable();
    table.text('case_id').notNullable();
    table.text('task').notNullable();
    table.integer('record').notNullable();
    table.integer('revision').notNullable();
    table.text('saved_at').notNullable();
    table.integer('kept').notNullable();
    table.text('pairs_sealed').notNullable();
    table.primary(['person_id', 'school_id', 'case_id', 'task', 'record']);
    table.index(['case_id']);
    table.index(['saved_at']);
  });
  await connection.schema.createTable('events', (table) => {
    caseColumn(table);
    table.integer('sequence').notNullable();
    table.text('type').notNullable();
    table.text('at').notNullable();
    table.text('person_id').notNullable();
    table.text('payload_sealed').notNullable();
    table.text('hash').notNullable();
    table.primary(['case_id', 'sequence']);
  });
  // When something next happens by itself in a case: a reminder, an escalation, an event with a moment.
  await connection.schema.createTable('timers', (table) => {
    table.text('case_id').primary().references('cases.id');
    table.text('due_at').notNullable();
    // A server that works on it keeps others away until then.
    table.text('leased_until');
    table.integer('tries').notNullable();
    table.index(['due_at']);
  });
  await connection.schema.createTable('blind_index', (table) => {
    table.text('token').notNullable();
    caseColumn(table);
    table.primary(['token', 'case_id']);
    table.index(['case_id']);
  });
}

function schoolColumn(table: Table): void {
  table.text('school_id').notNullable().references('schools.id');
}

function personColumn(table: Table): void {
  table.text('person_id').notNullable().references('people.id');
}

function caseColumn(table: Table): void {
  table.text('case_id').notNullable().references('cases.id');
}
