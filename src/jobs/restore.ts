import { chmodSync, existsSync, linkSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { verify, type Verified } from '../cases/verify.ts';
import type { Config } from '../config.ts';
import { type Database, databaseFile, openDatabase, settleDatabase } from '../database/database.ts';
import { StartProblem } from '../errors.ts';
import { makeFolder, settleFolder } from '../make-folder.ts';
import { migrate } from '../database/migrate.ts';
import { tables } from '../database/tables.ts';
import { openKeys } from '../trust/key-store.ts';
import type { RandomBytes } from '../trust/seal.ts';
import { SealedFileProblem } from '../trust/sealed-file.ts';
import { type ArchiveLine, type Manifest, readArchive } from './archive.ts';

type Place = Pick<Config, 'dataDir' | 'databaseUrl'>;

export type RestoreParts = {
  file: string;
  key: Buffer;
  keyFile: string;
  place: Place;
  /** May a database that is there already make way? On SQLite it is kept beside the new one, on PostgreSQL it is gone. */
  replace: boolean;
  now: string;
  random: RandomBytes;
};

/** `old`: where the database that made way stands now. */
export type Restored = { manifest: Manifest; verified: Verified; old: string | null };

/**
 * Puts a backup back as a database, then verifies it as a whole. A database that is there stays as it is until the backup has been
 * read to its end, and without `replace` altogether. Throws a StartProblem.
 */
export async function restore(parts: RestoreParts): Promise<Restored> {
  return parts.place.databaseUrl === null ? restoreFile(parts, parts.place.dataDir) : restoreServer(parts);
}

/** Restores into a place of its own that is thrown away: says whether a backup is good. Throws a StartProblem. */
export async function tryRestore(parts: Omit<RestoreParts, 'place' | 'replace'>): Promise<Restored> {
  const folder = mkdtempSync(join(tmpdir(), 'stappenplan-'));
  try {
    return await restore({ ...parts, place: { dataDir: join(folder, 'data'), databaseUrl: null }, replace: false });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function restoreFile(parts: RestoreParts, dataDir: string): Promise<Restored> {
  const file = databaseFile(dataDir);
  const isThere = existsSync(file);
  if (isThere && !parts.replace) throw new StartProblem('upkeep.databaseExists', { place: file });
  if (isThere) await settleDatabase(dataDir);
  makeFolder(dataDir);
  const beside = mkdtempSync(join(dataDir, 'restore-'));
  try {
    const restored = await fillDatabase(parts, { dataDir: beside, databaseUrl: null });
    await settleDatabase(beside);
    const old = isThere ? `${file}.${parts.now.replace(/\D/g, '').slice(0, 14)}.old` : null;
    chmodSync(databaseFile(beside), 0o600);
    // A second name, so that a stop in between leaves one database or the other: a server would begin anew where there is none.
    if (old !== null) linkSync(file, old);
    renameSync(databaseFile(beside), file);
    settleFolder(dataDir);
    return { ...restored, old };
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

async function restoreServer(parts: RestoreParts): Promise<Restored> {
  return { ...await fillDatabase(parts, parts.place), old: null };
}

async function fillDatabase({ file, key, keyFile, replace, now, random }: RestoreParts, place: Place): Promise<{ manifest: Manifest; verified: Verified }> {
  const manifests: Manifest[] = [];
  const database = await openDatabase(place, async (connection, kind) => {
    await makeWay(connection, replace, place);
    manifests.push(await fill(connection, kind, file, key));
  });
  try {
    const manifest = manifests.at(-1);
    if (manifest === undefined) throw new Error('A database was opened without being filled.');
    return { manifest, verified: await verify(database, await openKeys({ database, file: keyFile, random, now })) };
  } finally {
    await database.close();
  }
}

/** Takes away the tables that are there, in the transaction that fills the new ones. */
async function makeWay(connection: Knex, replace: boolean, place: Place): Promise<void> {
  if (!(await connection.schema.hasTable('migrations'))) return;
  if (!replace) throw new StartProblem('upkeep.databaseExists', { place: place.databaseUrl === null ? place.dataDir : new URL(place.databaseUrl).host });
  for (const { name } of [...tables].reverse()) await connection.schema.dropTableIfExists(name);
  await connection.schema.dropTable('migrations');
}

/** Makes the schema the backup was made with, fills it, and brings it up to date. */
async function fill(connection: Knex, kind: Database['kind'], file: string, key: Buffer): Promise<Manifest> {
  const filler = makeFiller(connection, kind);
  try {
    for await (const line of readArchive(file, key)) await filler.take(line);
  } catch (error) {
    throw error instanceof SealedFileProblem ? new StartProblem(`upkeep.backup.${error.code}`, { file }, { cause: error }) : missing(error, file);
  }
  const manifest = await filler.end();
  if (manifest === null) throw new StartProblem('upkeep.backup.damaged', { file });
  await migrate(connection, kind);
  return manifest;
}

function missing(error: unknown, file: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR' ? new StartProblem('upkeep.backup.missing', { file, code }, { cause: error }) : error;
}

const batchSize = 200;
const batchOfLarge = 8;

type Row = { [column: string]: string | number | null };

/** Takes the lines of a backup in order; `end` gives the manifest, or null when rows are missing. */
function makeFiller(connection: Knex, kind: Database['kind']) {
  let table = { name: '', columns: [] as string[], within: undefined as string | undefined, batch: batchSize };
  let batch: Row[] = [];
  let pointers: { name: string; id: Row[string]; column: string; to: Row[string] }[] = [];
  let manifest: Manifest | null = null;
  const counts = new Map<string, number>();
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await connection(table.name).insert(batch);
    counts.set(table.name, (counts.get(table.name) ?? 0) + batch.length);
    batch = [];
  };
  const add = (values: Row[string][]): void => {
    const row: Row = Object.fromEntries(table.columns.map((column, index) => [column, values[index] ?? null]));
    const { within } = table;
    if (within !== undefined && row[within] !== null) pointers.push({ name: table.name, id: row['id'] ?? null, column: within, to: row[within] ?? null });
    batch.push(within === undefined ? row : { ...row, [within]: null });
  };
  return {
    take: async (line: ArchiveLine): Promise<void> => {
      if (Array.isArray(line)) {
        add(line);
        if (batch.length === table.batch) await flush();
        return;
      }
      await flush();
      if ('migrations' in line) await migrate(connection, kind, line.migrations);
      else if ('table' in line) {
        const { within, large } = tables.find(({ name }) => name === line.table) ?? {};
        table = { name: line.table, columns: line.columns, within, batch: large === true ? batchOfLarge : batchSize };
      }
      else ({ manifest } = line);
    },
    end: async (): Promise<Manifest | null> => {
      for (const { name, id, column, to } of pointers) await connection(name).where('id', id).update({ [column]: to });
      pointers = [];
      const isWhole = Object.entries(manifest?.counts ?? {}).every(([name, count]) => (counts.get(name) ?? 0) === count);
      return isWhole ? manifest : null;
    }
  };
}
