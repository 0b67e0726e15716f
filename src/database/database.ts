import type { Knex } from 'knex';
import type { Config } from '../config.ts';
import { codeOf, isOutage } from './database-errors.ts';
import { openPostgres, othersOn } from './database-postgres.ts';
import { databaseFile, openSqlite, settleDatabase } from './database-sqlite.ts';
import { AppError, StartProblem } from '../errors.ts';
import type { Work } from './left-rows.ts';
import { migrate } from './migrate.ts';

export { isDuplicate } from './database-errors.ts';
export { databaseFile, settleDatabase } from './database-sqlite.ts';

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
   * no other effects, and it never calls `write` itself. Works that wait at the same moment may share one commit; each still
   * succeeds or fails alone. Rows that nothing in the transaction reads may be left for its end (left-rows.ts): works that share
   * a commit write them in one statement. Throws AppError('unavailable') when the database cannot write now.
   */
  write<Result>(work: Work<Result>): Promise<Result>;
  /** After something was erased: leaves no copy of it in the files beside the database, as far as nobody is reading just then. */
  forget(): Promise<void>;
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

/** Throws a StartProblem when another program has the database open. On SQLite it is one file afterwards. */
export async function refuseInUse({ dataDir, databaseUrl }: Pick<Config, 'dataDir' | 'databaseUrl'>): Promise<void> {
  if (databaseUrl === null) await settleDatabase(dataDir);
  else if (await othersOn(databaseUrl) > 0) throw new StartProblem('upkeep.databaseInUse', { file: new URL(databaseUrl).pathname.slice(1) });
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
