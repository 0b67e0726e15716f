import { chmodSync, closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import knex, { type Knex } from 'knex';
import sqlite3 from 'sqlite3';
import { codeOf } from './database-errors.ts';
import { StartProblem } from '../errors.ts';
import { makeGroupCommit } from './group-commit.ts';
import { makeFolder } from '../make-folder.ts';
import { SqlitePool } from './sqlite-pool.ts';
import { keepStatements, type RawConnection } from './sqlite-statements.ts';

/** Where the SQLite database of a data folder stands. */
export function databaseFile(dataDir: string): string {
  return join(dataDir, 'stappenplan.sqlite');
}

/** Opens the SQLite database of a data folder, made when it is not there; its one writer and a few readers. */
export function openSqlite(dataDir: string) {
  const file = databaseFile(dataDir);
  makeDataFile(dataDir, file);
  // Writers wait in a queue of their own; a reader too many waits for the pool.
  const writers = new SqlitePool({ most: 1, waitMs: acquireTimeoutMs, open: () => openConnection(file, pragmas) });
  const readers = new SqlitePool({ most: 4, waitMs: acquireTimeoutMs, open: () => openConnection(file, [...pragmas, { name: 'query_only', set: 'ON', expected: 1 }]) });
  const writer = connect(writers);
  const read = connect(readers);
  const group = makeGroupCommit(writer);
  return {
    kind: 'sqlite' as const, read, write: group.write,
    snapshot: <Result>(work: (connection: Knex) => Promise<Result>): Promise<Result> => read.transaction(work),
    forget: () => withOwnConnection(file, async (connection) => { await connection.raw('PRAGMA wal_checkpoint(TRUNCATE)'); }),
    close: async (): Promise<void> => {
      await group.idle();
      await readers.destroy();
      await writers.destroy();
    }
  };
}

/** Leaves an SQLite database as one file that may be moved. Throws a StartProblem when a program has it open. */
export async function settleDatabase(dataDir: string): Promise<void> {
  const file = databaseFile(dataDir);
  try {
    await withOwnConnection(file, async (connection) => { await connection.raw('PRAGMA journal_mode = DELETE'); });
  } catch (error) {
    throw codeOf(error) === 'SQLITE_BUSY' ? new StartProblem('upkeep.databaseInUse', { file }, { cause: error }) : error;
  }
}

async function withOwnConnection(file: string, work: (connection: Knex) => Promise<void>): Promise<void> {
  const connection = knex({ client: 'sqlite3', log: silent, connection: { filename: file }, useNullAsDefault: true, pool: { min: 1, max: 1 } });
  try {
    await connection.raw('PRAGMA busy_timeout = 1000');
    await work(connection);
  } finally {
    await connection.destroy();
  }
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

/** What goes wrong is thrown to the caller; Knex would write it to the console as well. */
const silent = { warn: noLog, error: noLog, deprecate: noLog, debug: noLog };

function connect(pool: SqlitePool): Knex {
  return knex({ client: 'sqlite3', log: silent, connectionPool: pool, useNullAsDefault: true });
}

async function openConnection(file: string, wanted: typeof pragmas): Promise<RawConnection> {
  const raw = await new Promise<RawConnection>((resolve, reject) => {
    const opened = new sqlite3.Database(file, (error) => { if (error === null) resolve(opened); else reject(error); });
  });
  keepStatements(raw);
  try {
    await prepareConnection(raw, wanted);
    return raw;
  } catch (error) {
    raw.close(noLog);
    throw error;
  }
}

async function prepareConnection(raw: RawConnection, wanted: typeof pragmas): Promise<void> {
  const run = (sql: string): Promise<{ [name: string]: unknown }[]> => new Promise((resolve, reject) => {
    raw.all(sql, [], (error, rows = []) => { if (error === null) resolve(rows as { [name: string]: unknown }[]); else reject(error); });
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
    makeFolder(dataDir);
    closeSync(openSync(file, 'a+', 0o600));
    chmodSync(file, 0o600);
  } catch (error) {
    throw new StartProblem('start.noDataDir', { folder: dataDir, code: codeOf(error) }, { cause: error });
  }
}

function noLog(): void {
  // Nothing.
}
