/** A connection of the sqlite3 package, as far as Knex uses it. */
export type RawConnection = {
  all: RawCall;
  run: RawCall;
  prepare(sql: string, done: (error: Error | null) => void): RawStatement;
  close(done: (error: Error | null) => void): void;
};

type RawStatement = {
  all(values: unknown[], done: Done): void;
  run(values: unknown[], done: Done): void;
  finalize(done?: () => void): void;
};

type RawCall = (sql: string, values: unknown[], done: Done) => void;
type Done = (this: unknown, error: Error | null, rows?: unknown[]) => void;

/** The statements a server asks over and over are fewer; lists of ids of many lengths may make more. */
const mostStatements = 400;

/**
 * Makes a connection keep its statements prepared. The sqlite3 package prepares every statement anew, on another thread, which costs
 * as much as running it. A connection runs one statement at a time: Knex waits for each.
 */
export function keepStatements(raw: RawConnection): void {
  const statements = new Map<string, RawStatement>();
  const call = (method: 'all' | 'run'): RawCall => (sql, values, done) => {
    const run = (statement: RawStatement): void => { statement[method](values, done); };
    const known = statements.get(sql);
    if (known !== undefined) {
      run(known);
      return;
    }
    const statement = raw.prepare(sql, (error) => {
      if (error !== null) {
        done.call(statement, error);
        return;
      }
      keep(statements, sql, statement);
      run(statement);
    });
  };
  const close = raw.close.bind(raw);
  raw.all = call('all');
  raw.run = call('run');
  raw.close = (done) => {
    for (const statement of statements.values()) statement.finalize();
    close(done);
  };
}

/** The one that was prepared first makes room. */
function keep(statements: Map<string, RawStatement>, sql: string, statement: RawStatement): void {
  if (statements.size >= mostStatements) {
    const [oldest] = statements;
    if (oldest !== undefined) {
      oldest[1].finalize();
      statements.delete(oldest[0]);
    }
  }
  statements.set(sql, statement);
}
