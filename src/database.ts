import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import knex, { type Knex } from 'knex';
import type { Config } from './config.ts';
import { AppError, StartProblem } from './errors.ts';
import { migrate } from './migrate.ts';

/** An open database with the newest schema. */
export type Database = {
  kind: 'sqlite' | 'postgres';
  /** For reading only: a statement that changes something fails here. */
  read: Knex;
  /** Runs `work` on the database as it is at one moment; others go on reading and writing, unseen. */
  snapshot<Result>(work: (connection: Knex) => Promise<Result>): Promise<Result>;
  /**
   * Runs `work` in one transaction: all or nothing, acknowledged after the commit is on disk.
   * What `work` throws undoes everything and is thrown on. `work` may run again when the database asks for it, so it has
   * no other effects, and it never calls `write` itself. Throws AppError('unavailable') when the database cannot write now.
   */
  write<Result>(work: (connection: Knex) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
};

/** Makes the schema of a database ready, inside one transaction. */
export type Prepare = (connection: Knex, kind: Database['kind']) => Promise<void>;

/** Opens the database of the settings, makes it when it is not there, and brings its schema up to date. Throws a StartProblem. */
export async function openDatabase(config: Pick<Config, 'dataDir' | 'databaseUrl'>, prepare: Prepare = migrate): Promise<Database> {
  const database = config.databaseUrl === null ? openSqlite(config.dataDir) : openPostgres(config.databaseUrl);
  try {
    await database.write((connection) => prepare(connection, database.kind));
    await database.read.raw('select 1');
    return database;
  } catch (error) {
    await database.close();
    throw startProblem(error, config) ?? error;
  }
}

/** Where the SQLite database of a data folder stands. */
export function databaseFile(dataDir: string): string {
  return join(dataDir, 'stappenplan.sqlite');
}

/** Leaves an SQLite database as one file that may be moved. Throws a StartProblem when a program has it open. */
export async function settleDatabase(dataDir: string): Promise<void> {
  const file = databaseFile(dataDir);
  const connection = knex({ client: 'sqlite3', log: silent, connection: { filename: file }, useNullAsDefault: true, pool: { min: 1, max: 1 } });
  try {
    const [row] = await connection.raw<{ journal_mode: string }[]>('PRAGMA journal_mode = DELETE');
    if (row?.journal_mode !== 'delete') throw new StartProblem('upkeep.databaseInUse', { file });
  } catch (error) {
    throw codeOf(error) === 'SQLITE_BUSY' ? new StartProblem('upkeep.databaseInUse', { file }, { cause: error }) : error;
  } finally {
    await connection.destroy();
  }
}

/** Did this statement break a unique key? */
export function isDuplicate(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return code === '23505' || (code === 'SQLITE_CONSTRAINT' && /UNIQUE|PRIMARY KEY/.test(message ?? ''));
}

/** Is the database out of reach or unable to work now, so that the same may succeed later? */
export function isOutage(error: unknown): boolean {
  const code = codeOf(error);
  if (outage.test(code) || worthAnotherTry.has(code)) return true;
  // Knex and the driver of PostgreSQL give these no code.
  return error instanceof Error && (error.name === 'KnexTimeoutError' || /Connection terminated|is not queryable/.test(error.message));
}

/** What must hold on every SQLite connection (storage.md, rule 7); set and read back, never assumed. */
const pragmas: { name: string; set: string; expected: string | number }[] = [
  { name: 'busy_timeout', set: '5000', expected: 5000 },
  { name: 'journal_mode', set: 'WAL', expected: 'wal' },
  { name: 'synchronous', set: 'FULL', expected: 2 },
  { name: 'foreign_keys', set: 'ON', expected: 1 },
  { name: 'secure_delete', set: 'ON', expected: 1 },
  { name: 'trusted_schema', set: 'OFF', expected: 0 }
];

const acquireTimeoutMs = 2_000;
const mostTries = 3;

/** What goes wrong is thrown to the caller; Knex would write it to the console as well. */
const silent = { warn: noLog, error: noLog, deprecate: noLog, debug: noLog };

function openSqlite(dataDir: string): Database {
  const file = databaseFile(dataDir);
  makeDataFile(dataDir, file);
  const connect = (max: number, extra: typeof pragmas): Knex => knex({
    client: 'sqlite3', log: silent, connection: { filename: file }, useNullAsDefault: true,
    // Writers wait in their own queue below; a second reader waits for the pool.
    acquireConnectionTimeout: acquireTimeoutMs,
    pool: { min: 1, max, idleTimeoutMillis: 60_000, afterCreate: preparer([...pragmas, ...extra]) }
  });
  const writer = connect(1, []);
  const read = connect(4, [{ name: 'query_only', set: 'ON', expected: 1 }]);
  const inTurn = makeQueue();
  return {
    kind: 'sqlite', read,
    snapshot: (work) => read.transaction(work),
    write: (work) => inTurn(() => retried(() => immediately(writer, work))),
    close: async () => {
      await inTurn(() => Promise.resolve());
      await read.destroy();
      await writer.destroy();
    }
  };
}

/** Knex' own transaction begins deferred on SQLite and fails when processes meet; this one takes the write lock first. */
async function immediately<Result>(writer: Knex, work: (connection: Knex) => Promise<Result>): Promise<Result> {
  await begin(writer);
  try {
    const result = await work(writer);
    await writer.raw('COMMIT');
    return result;
  } catch (error) {
    // After a full disk SQLite has rolled back by itself; then there is nothing left to undo.
    await writer.raw('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** A failing disk can refuse even the ROLLBACK of the transaction before. */
async function begin(writer: Knex): Promise<void> {
  try {
    await writer.raw('BEGIN IMMEDIATE');
  } catch (error) {
    if (!/within a transaction/.test((error as Error).message)) throw error;
    await writer.raw('ROLLBACK');
    await writer.raw('BEGIN IMMEDIATE');
  }
}

function openPostgres(url: string): Database {
  const connect = (max: number, readOnly: boolean): Knex => knex({
    client: 'pg', log: silent,
    connection: { connectionString: url, ...(readOnly ? { options: '-c default_transaction_read_only=on' } : {}) },
    acquireConnectionTimeout: acquireTimeoutMs, pool: { min: 0, max }
  });
  const writer = connect(8, false);
  const read = connect(8, true);
  return {
    kind: 'postgres', read,
    snapshot: (work) => read.transaction(work, { isolationLevel: 'repeatable read' }),
    write: (work) => retried(() => writer.transaction(work)),
    close: async () => {
      await read.destroy();
      await writer.destroy();
    }
  };
}

/** Runs one after the other, in the order of asking; a failure fails only itself. */
function makeQueue(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}

/** SQLITE_BUSY comes after busy_timeout; the PostgreSQL codes are a serialization failure and a deadlock. */
const worthAnotherTry = new Set(['SQLITE_BUSY', '40001', '40P01']);
/** A full disk, a failing disk, a locked or read-only file, a server that is gone. */
const outage = /^(SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN)|08...|53...|57P0.|ECONN\w+|EPIPE|ETIMEDOUT)$/;

async function retried<Result>(attempt: () => Promise<Result>): Promise<Result> {
  const began = Date.now();
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      const code = codeOf(error);
      const again = worthAnotherTry.has(code) && tries < mostTries && Date.now() - began < 5_000;
      if (!again) throw isOutage(error) ? new AppError('unavailable', null, { cause: error }) : error;
    }
  }
}

type RawConnection = { all(sql: string, done: (error: Error | null, rows: { [name: string]: unknown }[]) => void): void };

function preparer(wanted: typeof pragmas) {
  return (raw: RawConnection, done: (error: Error | null, raw: RawConnection) => void): void => {
    prepareConnection(raw, wanted).then(() => { done(null, raw); }, (error: unknown) => { done(error as Error, raw); });
  };
}

async function prepareConnection(raw: RawConnection, wanted: typeof pragmas): Promise<void> {
  const run = (sql: string): Promise<{ [name: string]: unknown }[]> => new Promise((resolve, reject) => {
    raw.all(sql, (error, rows) => { if (error === null) resolve(rows); else reject(error); });
  });
  for (const { name, set, expected } of wanted) {
    await run(`PRAGMA ${name} = ${set}`);
    const [row] = await run(`PRAGMA ${name}`);
    const found = Object.values(row ?? {})[0];
    if (found !== expected) throw new StartProblem('start.wrongPragma', { name, found: String(found), expected: String(expected) });
  }
}

/** Only the owner reads the data; the files SQLite puts beside it take over the mode of the first one. */
function makeDataFile(dataDir: string, file: string): void {
  try {
    if (!existsSync(dataDir)) mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    closeSync(openSync(file, 'a+', 0o600));
    chmodSync(file, 0o600);
  } catch (error) {
    throw new StartProblem('start.noDataDir', { folder: dataDir, code: codeOf(error) }, { cause: error });
  }
}

function startProblem(error: unknown, { dataDir, databaseUrl }: Pick<Config, 'dataDir' | 'databaseUrl'>): StartProblem | null {
  const cause = error instanceof AppError ? error.cause : error;
  const code = codeOf(cause);
  const file = databaseFile(dataDir);
  if (cause instanceof StartProblem) return cause;
  if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT') return new StartProblem('start.notADatabase', { file }, { cause });
  if (code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED') return new StartProblem('start.databaseLocked', { file }, { cause });
  if (databaseUrl === null && isOutage(cause)) return new StartProblem('start.noDataDir', { folder: dataDir, code }, { cause });
  if (databaseUrl !== null && (isOutage(cause) || noEntry.test(code))) {
    return new StartProblem('start.noDatabase', { address: new URL(databaseUrl).host, code: code || 'time-out' }, { cause });
  }
  return null;
}

/** PostgreSQL: a wrong password, no such database; or no such host. */
const noEntry = /^(28...|3D000|ENOTFOUND|EAI_AGAIN)$/;

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

function noLog(): void {
  // Nothing.
}
