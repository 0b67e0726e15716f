import knex, { type Knex } from 'knex';
import { makeAtMost } from '../at-most.ts';
import { retried } from './database-errors.ts';
import { makeLeftRows, type Work } from './left-rows.ts';

const poolSize = 8;
const acquireTimeoutMs = 2_000;

/** What goes wrong is thrown to the caller; Knex would write it to the console as well. */
const silent = { warn: noLog, error: noLog, deprecate: noLog, debug: noLog };

/** Opens a PostgreSQL database: pools for writing and for reading. */
export function openPostgres(url: string) {
  const connect = (max: number, readOnly: boolean): Knex => knex({
    client: 'pg', log: silent,
    connection: { connectionString: url, ...(readOnly ? { options: '-c default_transaction_read_only=on' } : {}) },
    acquireConnectionTimeout: acquireTimeoutMs, pool: { min: 0, max }
  });
  const writer = connect(poolSize, false);
  const read = connect(poolSize, true);
  const inTurn = makeAtMost(poolSize);
  return {
    kind: 'postgres' as const, read,
    snapshot: <Result>(work: (connection: Knex) => Promise<Result>): Promise<Result> => read.transaction(work, { isolationLevel: 'repeatable read' }),
    write: <Result>(work: Work<Result>): Promise<Result> => inTurn(() => retried(() => writer.transaction(async (connection) => {
      const left = makeLeftRows();
      const result = await work(connection, left.leave);
      await left.write(connection);
      return result;
    }))),
    // What PostgreSQL keeps of old rows goes with its own vacuum.
    forget: (): Promise<void> => Promise.resolve(),
    close: async (): Promise<void> => {
      await read.destroy();
      await writer.destroy();
    }
  };
}

/** Counts the programs that are connected to a database, this one aside. */
export async function othersOn(url: string): Promise<number> {
  const connection = knex({ client: 'pg', log: silent, connection: { connectionString: url }, pool: { min: 0, max: 1 } });
  try {
    const { rows } = await connection.raw<{ rows: { n: number }[] }>("select count(*)::int as n from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'");
    return rows[0]?.n ?? 0;
  } finally {
    await connection.destroy();
  }
}

function noLog(): void {
  // Nothing.
}
