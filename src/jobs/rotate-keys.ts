import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { keyPlace } from '../cases/stores/case-rows.ts';
import type { Database } from '../database/database.ts';
import type { Moment } from '../engine/state/case-state.ts';
import { StartProblem } from '../errors.ts';
import { settleFolder } from '../make-folder.ts';
import { nextKeyFile, readKeyFile, writeKeyFile } from '../trust/key-file.ts';
import { purposePlace } from '../trust/key-store.ts';
import { makeSealer, type RandomBytes, type SealedPlace, type Sealer } from '../trust/seal.ts';

export type RotateParts = {
  database: Database;
  file: string;
  random: RandomBytes;
  now: Moment;
  /** How many keys go over in one transaction. */
  batch?: number;
};

/** How many keys were wrapped anew, and where the old main key stands now. */
export type Rotated = { keys: number; old: string };

/**
 * Makes a new main key and wraps every key of the database with it; what those keys seal stays as it is. Until the last one is done the
 * old key stays where it is and the new one beside it, so that a stop at any moment loses nothing: run it again and it goes on. No server
 * may work meanwhile. Throws a StartProblem when the main key is not the one of this database.
 */
export async function rotateKeys({ database, file, random, now, batch = 200 }: RotateParts): Promise<Rotated> {
  const before = makeSealer({ key: readKeyFile(file, { holdsData: true, random }), random });
  const after = makeSealer({ key: nextKey(file, random), random });
  let keys = 0;
  for (const place of places) {
    for (let done = -1; done !== 0; keys += done) done = await rewrap(database, place, { before, after, now, batch });
  }
  // Nothing is exchanged while something is wrapped by neither.
  for (const { table, column } of places) {
    const left = await database.read(table).whereRaw('substr(??, 1, 12) <> ?', [column, prefixOf(after)]).first<object | undefined>(column);
    if (left !== undefined) throw new StartProblem('start.keyWrong', { file });
  }
  const old = `${file}.${before.keyId}.old`;
  if (!existsSync(old)) writeWhole(old, readKeyFile(file, { holdsData: true, random }));
  renameSync(nextKeyFile(file), file);
  settleFolder(dirname(file));
  // What was wrapped by the old key is written over, and stands in no file beside the database.
  await database.forget();
  return { keys, old };
}

/** Where keys stand that the main key wraps, with the column that names the row. A test looks whether anything else is wrapped by it. */
const places: { table: string; column: string; id: string; at: (id: string) => SealedPlace; /** Says since when it is wrapped so. */ dated: boolean }[] = [
  { table: 'keys', column: 'key_sealed', id: 'purpose', at: purposePlace, dated: true },
  { table: 'cases', column: 'key_sealed', id: 'id', at: keyPlace, dated: false }
];

/** The new key: of a run that was stopped, else a fresh one. */
function nextKey(file: string, random: RandomBytes): Buffer {
  const next = nextKeyFile(file);
  if (!existsSync(next)) writeWhole(next, random(32));
  return readKeyFile(next, { holdsData: true, random });
}

/** The file is whole, or it is not there. */
function writeWhole(file: string, key: Buffer): void {
  const half = `${file}.half`;
  rmSync(half, { force: true });
  writeKeyFile(half, key);
  renameSync(half, file);
  settleFolder(dirname(file));
}

/** Gives how many went over; 0: none are left. */
async function rewrap(database: Database, { table, column, id, at, dated }: (typeof places)[number], { before, after, now, batch }: { before: Sealer; after: Sealer; now: Moment; batch: number }): Promise<number> {
  return database.write(async (connection) => {
    const rows = await connection(table).whereRaw('substr(??, 1, 12) = ?', [column, prefixOf(before)]).orderBy(id).limit(batch).select<{ [column: string]: string }[]>(id, column);
    for (const { [id]: name = '', [column]: wrapped = '' } of rows) {
      await connection(table).where({ [id]: name, [column]: wrapped }).update({ [column]: after.seal(at(name), before.open(at(name), wrapped)), ...(dated ? { created_at: now } : {}) });
    }
    return rows.length;
  });
}

/** How a text begins that this key sealed. */
function prefixOf({ keyId }: Sealer): string {
  return `v1.${keyId}.`;
}
