import type { Knex } from 'knex';

/** What somebody proves with besides a password, what a session has proven, and the steps of signing in that take more than one request. */
export async function up(connection: Knex): Promise<void> {
  await connection.schema.alterTable('sessions', (table) => {
    // When a code or passkey was given last; null: only a password.
    table.text('second_at');
    // Kind of browser and system, such as "firefox windows".
    table.text('device');
  });
  await connection.schema.createTable('code_apps', (table) => {
    table.text('person_id').primary().references('people.id');
    table.text('secret_sealed').notNullable();
    // The half minute of the code that was used last: it and those before it are spent.
    table.integer('last_step').notNullable();
    table.text('since').notNullable();
  });
  await connection.schema.createTable('recovery_codes', (table) => {
    // An HMAC with a key that is not in the database.
    table.text('code_hash').primary();
    table.text('person_id').notNullable().references('people.id');
    table.text('made_at').notNullable();
    table.index(['person_id']);
  });
  await connection.schema.createTable('passkeys', (table) => {
    table.text('id').primary();
    table.text('person_id').notNullable().references('people.id');
    table.text('name').notNullable();
    table.text('public_key').notNullable();
    table.integer('counter').notNullable();
    table.text('transports').notNullable();
    table.text('made_at').notNullable();
    table.text('used_at');
    table.index(['person_id']);
  });
  // Accounts elsewhere with which somebody signs in: who vouches, and the name it uses for the person, never an e-mail address.
  await connection.schema.createTable('linked_accounts', (table) => {
    table.text('issuer').notNullable();
    table.text('subject').notNullable();
    table.text('person_id').notNullable().references('people.id');
    table.text('linked_at').notNullable();
    table.primary(['issuer', 'subject']);
    table.index(['person_id']);
  });
  // What the server must remember between two requests of signing in; each is used once.
  await connection.schema.createTable('sign_in_steps', (table) => {
    table.text('token_hash').primary();
    table.text('purpose').notNullable();
    table.text('content_sealed').notNullable();
    table.text('expires_at').notNullable();
    table.index(['expires_at']);
  });
}
