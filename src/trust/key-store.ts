import { existsSync } from 'node:fs';
import type { Knex } from 'knex';
import type { Database } from '../database/database.ts';
import { StartProblem } from '../errors.ts';
import { nextKeyFile, readKeyFile } from './key-file.ts';
import { isPartOfRecovery, recoveryCode } from './recovery.ts';
import { makeSealer, type RandomBytes, SealBroken, type SealedPlace, type Sealer, unwrapKey, wrapNewKey } from './seal.ts';

/** The keys of one database. `main` is the key in the file and wraps all others. */
export type Keys = {
  main: Sealer;
  /** For drafts of cases that do not exist yet, and remarks that belong to no case. */
  drafts: Sealer;
  /** For HMACs of session tokens in forms. */
  csrf: Buffer;
  /** For HMACs of words people search for. */
  index: Buffer;
  /** For what people sign in with besides a password: seals secrets, and makes HMACs of recovery codes. */
  factors: { sealer: Sealer; hmac: Buffer };
  /** Opens a key that `main` wrapped for this place. Those asked for last are kept open. Throws as `Sealer.open` does. */
  opened(place: SealedPlace, wrapped: string): Sealer;
  /** The key in the file as it is printed once (recovery.ts), and the check that its end was typed back. `since`: when that key came into use; a print of before is of another. */
  recovery: { code(): string; isPart(typed: string): boolean; since: string };
  random: RandomBytes;
};

/** As many cases as a board has open at a time; each is some hundred bytes. */
const mostOpened = 1_000;

type Purpose = 'drafts' | 'csrf' | 'index' | 'factors' | 'codes';

/**
 * Reads the key file and opens the keys in the database; at the first start both are made.
 * Throws a StartProblem when the file is missing, wrong or readable by others, or while the main key is being exchanged.
 */
export async function openKeys({ database, file, random, now }: { database: Database; file: string; random: RandomBytes; now: string }): Promise<Keys> {
  return database.write(async (connection) => {
    const rows = await connection<KeyRow>('keys').select('purpose', 'key_sealed', 'created_at');
    const stored = new Map(rows.map((row) => [row.purpose, row.key_sealed]));
    if (existsSync(nextKeyFile(file))) throw new StartProblem('start.keyRotating', { file });
    const mainKey = readKeyFile(file, { holdsData: stored.size > 0, random });
    const main = makeSealer({ key: mainKey, random });
    const key = async (purpose: Purpose): Promise<Buffer> => {
      const wrapped = stored.get(purpose);
      return wrapped === undefined ? addKey(connection, main, purpose, random, now) : openKey(main, purpose, wrapped, file);
    };
    const since = rows.find(({ purpose }) => purpose === 'drafts')?.created_at ?? now;
    const recovery = { since, code: () => recoveryCode(mainKey), isPart: (typed: string) => isPartOfRecovery(mainKey, typed) };
    return { main, recovery, opened: makeOpened(main, random), drafts: makeSealer({ key: await key('drafts'), random }), csrf: await key('csrf'), index: await key('index'), factors: { sealer: makeSealer({ key: await key('factors'), random }), hmac: await key('codes') }, random };
  });
}

type KeyRow = { purpose: string; key_sealed: string; created_at: string };

/** A wrapped key says by itself whether it is the same key; one that was destroyed is wrapped nowhere any more, so nothing asks for it. */
function makeOpened(main: Sealer, random: RandomBytes): Keys['opened'] {
  const kept = new Map<string, Sealer>();
  return (place, wrapped) => {
    const name = JSON.stringify([place, wrapped]);
    const known = kept.get(name) ?? makeSealer({ key: unwrapKey(main, place, wrapped), random });
    kept.delete(name);
    kept.set(name, known);
    const [oldest] = kept.keys();
    if (kept.size > mostOpened && oldest !== undefined) kept.delete(oldest);
    return known;
  };
}

async function addKey(connection: Knex, main: Sealer, purpose: Purpose, random: RandomBytes, now: string): Promise<Buffer> {
  const { wrapped } = wrapNewKey(main, purposePlace(purpose), random);
  await connection<KeyRow>('keys').insert({ purpose, key_sealed: wrapped, created_at: now });
  return unwrapKey(main, purposePlace(purpose), wrapped);
}

function openKey(main: Sealer, purpose: Purpose, wrapped: string, file: string): Buffer {
  try {
    return unwrapKey(main, purposePlace(purpose), wrapped);
  } catch (error) {
    if (error instanceof SealBroken) throw new StartProblem('start.keyWrong', { file }, { cause: error });
    throw error;
  }
}

/** Where the wrapped key of a purpose stands. */
export function purposePlace(purpose: string): SealedPlace {
  return { table: 'keys', row: purpose, column: 'key_sealed' };
}
