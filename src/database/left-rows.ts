import type { Knex } from 'knex';

/** Writes rows inside a transaction; a module has one for each way of writing, since what is left for the same one goes together. */
type WriteRows<Row> = (connection: Knex, given: { rows: Row[] }) => Promise<unknown>;

/** Leaves rows for the end of the transaction. */
export type Leave = <Row>(write: WriteRows<Row>, rows: readonly Row[]) => void;

/** What is done inside a transaction. */
export type Work<Result> = (connection: Knex, leave: Leave) => Promise<Result>;

/** Makes what keeps the rows that are left during a transaction. `write` writes them, at its end: of all works that share the commit in one statement. */
export function makeLeftRows(): { leave: Leave; write(connection: Knex): Promise<void> } {
  const left = new Map<WriteRows<unknown>, unknown[]>();
  return {
    leave: (write, rows) => {
      const known = left.get(write as WriteRows<unknown>);
      if (known === undefined) left.set(write as WriteRows<unknown>, [...rows]);
      else known.push(...rows);
    },
    write: async (connection) => {
      for (const [write, all] of left) for (const rows of inPieces(all)) await write(connection, { rows });
    }
  };
}

/** SQLite takes five hundred rows in a statement; works that share a commit may have more together. */
export function inPieces<One>(all: readonly One[]): One[][] {
  const size = 200;
  return Array.from({ length: Math.ceil(all.length / size) }, (_, piece) => all.slice(piece * size, (piece + 1) * size));
}
