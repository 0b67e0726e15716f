import type { Knex } from 'knex';
import { SqlitePool } from './sqlite-pool.ts';

/** What a query is asked with: texts, numbers and nulls, by name, in objects and in lists; no list stands within another value. */
type Given = { [name: string]: Value | Named | (Value | Named)[] };
type Value = string | number | null;
type Named = { [name: string]: Value };

/** The client of Knex, as far as it runs SQL that was made before. */
type Client = {
  dialect: string;
  pool?: unknown;
  acquireConnection(): Promise<object>;
  releaseConnection(raw: object): unknown;
  query(raw: object, query: object): Promise<object>;
  processResponse(answer: object, runner: null): unknown;
};

type Kept = Knex.Sql & { returning?: unknown };

/** Stands in the SQL where a value comes: the path to it in what is given. */
class Place {
  readonly path: (string | number)[];
  constructor(path: (string | number)[]) { this.path = path; }
}

/** Lists of ids can have any length; each length is SQL of its own. */
const mostShapes = 100;

/**
 * Makes a query that pages ask over and over: Knex builds its SQL once for each database and each length of the lists in `given`,
 * after that only the values are new. `build` passes on every value as it is, computes nothing with it, and compares with none that
 * may be null. Gives what the query itself gives; inside a transaction it is asked in that. What a database says of an error comes
 * with the SQL, on SQLite without the values.
 */
export function keptQuery<Asked extends Given, Answer>(build: (connection: Knex, given: Asked) => Knex.QueryBuilder | Knex.Raw): (connection: Knex, given: Asked) => Promise<Answer> {
  const kept = new Map<string, Kept>();
  return async (connection, given) => {
    const client = connection.client as Client;
    let shape = client.dialect;
    for (const name in given) {
      const value = given[name];
      if (Array.isArray(value)) shape += ` ${String(value.length)}`;
    }
    let sql = kept.get(shape);
    if (sql === undefined) {
      sql = build(connection, placesIn(given, []) as Asked).toSQL();
      if (kept.size < mostShapes) kept.set(shape, sql);
    }
    const bindings = sql.bindings.map((binding: unknown) => (binding instanceof Place ? valueAt(given, binding) : binding));
    const answer = client.pool instanceof SqlitePool ? await askSqlite(client.pool, sql, bindings) : await askKnex(client, sql, bindings);
    return client.processResponse(answer, null) as Answer;
  };
}

async function askKnex(client: Client, sql: Kept, bindings: unknown[]): Promise<object> {
  const raw = await client.acquireConnection();
  try {
    return await client.query(raw, { ...sql, bindings });
  } finally {
    client.releaseConnection(raw);
  }
}

/** As Knex does, but for what it does beside: its pool, its events and its way of saying what went wrong cost as much as asking. */
async function askSqlite(pool: SqlitePool, { sql, method, returning }: Kept, bindings: unknown[]): Promise<object> {
  const raw = pool.take() ?? await pool.wait();
  const writes = returning === undefined && (method === 'insert' || method === 'update' || method === 'del');
  return new Promise((resolve, reject) => {
    raw[writes ? 'run' : 'all'](sql, bindings, function answered(this: unknown, error, response) {
      pool.give(raw);
      if (error === null) resolve({ method, returning, response, context: this });
      else reject(Object.assign(error, { message: `${sql} - ${error.message}` }));
    });
  });
}

function placesIn(given: unknown, path: (string | number)[]): unknown {
  if (Array.isArray(given)) return given.map((one, index) => placesIn(one, [...path, index]));
  if (given === null || typeof given !== 'object') return new Place(path);
  return Object.fromEntries(Object.entries(given).map(([name, one]) => [name, placesIn(one, [...path, name])]));
}

function valueAt(given: unknown, { path }: Place): unknown {
  let value = given;
  for (const name of path) value = (value as { [name: string | number]: unknown })[name];
  return value ?? null;
}
