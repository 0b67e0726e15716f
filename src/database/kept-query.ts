import type { Knex } from 'knex';

/** What a query is asked with: texts, numbers and nulls, in lists and objects of any depth. */
type Given = string | number | null | Given[] | { [name: string]: Given };

/** The client of Knex, as far as it runs SQL that was made before. */
type Client = {
  dialect: string;
  acquireConnection(): Promise<object>;
  releaseConnection(raw: object): unknown;
  query(raw: object, query: object): Promise<object>;
  processResponse(answer: object, runner: null): unknown;
};

/** Stands in the SQL where a value comes: the path to it in what is given. */
class Place {
  readonly path: string[];
  constructor(path: string[]) { this.path = path; }
}

/** Lists of ids can have any length; each length is SQL of its own. */
const mostShapes = 40;

/**
 * Makes a query that pages ask over and over: Knex builds its SQL once for each database and each length of the lists in `given`,
 * after that only the values are new. `build` passes on every value as it is, computes nothing with it, and compares with none that
 * may be null. Gives what the query itself gives; inside a transaction it is asked in that.
 */
export function keptQuery<Asked extends { [name: string]: Given }, Answer>(build: (connection: Knex, given: Asked) => Knex.QueryBuilder | Knex.Raw): (connection: Knex, given: Asked) => Promise<Answer> {
  const kept = new Map<string, Knex.Sql>();
  return async (connection, given) => {
    const client = connection.client as Client;
    const shape = `${client.dialect} ${shapeOf(given)}`;
    const sql = kept.get(shape) ?? build(connection, placesIn(given, []) as Asked).toSQL();
    if (kept.size < mostShapes) kept.set(shape, sql);
    const bindings = sql.bindings.map((binding: unknown) => (binding instanceof Place ? valueAt(given, binding.path) : binding));
    const raw = await client.acquireConnection();
    try {
      return client.processResponse(await client.query(raw, { ...sql, bindings }), null) as Answer;
    } finally {
      client.releaseConnection(raw);
    }
  };
}

/** The same for all that give the same SQL: the lengths of the lists. */
function shapeOf(given: Given): string {
  if (Array.isArray(given)) return `[${String(given.length)}${given.map(shapeOf).join('')}]`;
  return given !== null && typeof given === 'object' ? Object.values(given).map(shapeOf).join('') : '';
}

function placesIn(given: Given, path: string[]): unknown {
  if (Array.isArray(given)) return given.map((one, index) => placesIn(one, [...path, String(index)]));
  if (given === null || typeof given !== 'object') return new Place(path);
  return Object.fromEntries(Object.entries(given).map(([name, one]) => [name, placesIn(one, [...path, name])]));
}

function valueAt(given: Given, path: string[]): Given {
  return path.reduce((value: Given, name) => (value as { [name: string]: Given })[name] ?? null, given);
}
