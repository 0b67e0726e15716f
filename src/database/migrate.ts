import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Knex } from 'knex';
import { StartProblem } from '../errors.ts';

type Migration = { up: (connection: Knex) => Promise<void> };

/** Beside src/, as source or built. */
const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'migrations');

/**
 * Brings the schema up to date, inside the transaction of `connection`: a stop in the middle leaves nothing behind, not even a lock.
 * A migration is known by its file name without extension, the same as source and built; `only` keeps it to those named.
 * Throws a StartProblem for a newer schema.
 */
export async function migrate(connection: Knex, kind: 'sqlite' | 'postgres', only: readonly string[] | null = null): Promise<void> {
  // Two servers that start together on PostgreSQL wait for each other here; SQLite has one writer anyway.
  if (kind === 'postgres') await connection.raw('select pg_advisory_xact_lock(7263542)');
  if (!(await connection.schema.hasTable('migrations'))) {
    await connection.schema.createTable('migrations', (table) => {
      table.text('name').primary();
      table.text('at').notNullable();
    });
  }
  const files = new Map(readdirSync(folder).filter((name) => /^\d{4}-[a-z0-9-]+\.[jt]s$/.test(name)).sort().map((name) => [name.slice(0, -3), name]));
  const done = new Set(await migrationsOf(connection));
  const newer = [...done, ...(only ?? [])].find((name) => !files.has(name));
  if (newer !== undefined) throw new StartProblem('start.newerSchema', { name: newer });
  for (const [name, file] of files) {
    if (done.has(name) || only?.includes(name) === false) continue;
    const { up } = await import(pathToFileURL(join(folder, file)).href) as Migration;
    await up(connection);
    await connection('migrations').insert({ name, at: new Date().toISOString() });
  }
}

/** Gives the names of the steps that made this schema, oldest first. */
export async function migrationsOf(connection: Knex): Promise<string[]> {
  return (await connection<{ name: string }>('migrations').select('name').orderBy('name')).map(({ name }) => name);
}
