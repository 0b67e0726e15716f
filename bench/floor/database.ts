import sqlite3 from 'sqlite3';

type Value = string | number | null;
type Row = { [column: string]: Value };

/** A prepared statement. */
export type Statement = { all: (...values: Value[]) => Promise<Row[]>; run: (...values: Value[]) => Promise<void> };

export type FloorDatabase = {
  prepare: (sql: string) => Promise<Statement>;
  exec: (sql: string) => Promise<void>;
  /** Runs works that wait at the same moment in one transaction. */
  write: <Result>(work: () => Promise<Result>) => Promise<Result>;
  close: () => Promise<void>;
};

/** SQLite as bare as it gets: prepared statements, WAL, FULL, and group commit without savepoints (a failing write ends the bench). */
export async function openFloor(file: string): Promise<FloorDatabase> {
  const raw = await new Promise<sqlite3.Database>((resolve, reject) => {
    const opened = new sqlite3.Database(file, (error) => { if (error === null) resolve(opened); else reject(error); });
  });
  const exec = (sql: string): Promise<void> => new Promise((resolve, reject) => { raw.exec(sql, (error) => { if (error === null) resolve(); else reject(error); }); });
  const prepare = (sql: string): Promise<Statement> => new Promise((resolve, reject) => {
    const prepared = raw.prepare(sql, (error: Error | null) => { if (error === null) resolve(statementOf(prepared)); else reject(error); });
  });
  await exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON');
  const [begin, commit] = [await prepare('BEGIN IMMEDIATE'), await prepare('COMMIT')];
  /** Each gives what is to be said once the commit is there. */
  const waiting: (() => Promise<() => void>)[] = [];
  let running = false;
  const run = async (): Promise<void> => {
    running = true;
    for (let group = waiting.splice(0, 16); group.length > 0; group = waiting.splice(0, 16)) {
      await begin.run();
      const answers: (() => void)[] = [];
      for (const work of group) answers.push(await work());
      await commit.run();
      for (const answer of answers) answer();
    }
    running = false;
  };
  return {
    prepare, exec,
    write: (work) => new Promise((resolve) => {
      waiting.push(async () => {
        const value = await work();
        return () => { resolve(value); };
      });
      if (!running) void run();
    }),
    close: () => new Promise((resolve) => { raw.close(() => { resolve(); }); })
  };
}

function statementOf(prepared: sqlite3.Statement): Statement {
  return {
    all: (...values) => new Promise((resolve, reject) => { prepared.all(values, (error: Error | null, rows: unknown[]) => { if (error === null) resolve(rows as Row[]); else reject(error); }); }),
    run: (...values) => new Promise((resolve, reject) => { prepared.run(values, (error: Error | null) => { if (error === null) resolve(); else reject(error); }); })
  };
}
