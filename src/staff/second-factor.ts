import { createHmac } from 'node:crypto';
import type { Knex } from 'knex';
import { Secret, TOTP } from 'otpauth';
import type { Database } from '../database/database.ts';
import type { Moment, PersonId } from '../engine/state/case-state.ts';
import { appendAccessLog } from '../trust/access-log-store.ts';
import { codeOf } from '../trust/ids.ts';
import type { Keys } from '../trust/key-store.ts';
import type { Passwords } from './passwords.ts';
import type { Tries } from './tries.ts';

/** What somebody can prove with besides a password. `app`: since when an app gives codes; null: none. `codesLeft`: recovery codes not used yet. */
export type Factors = { app: Moment | null; codesLeft: number; passkeys: number };

/** A secret that is not in use yet. `letters`: as people type it in an app; `address`: otpauth:, for a QR code. */
export type NewApp = { letters: string; address: string };

/** Whose app it will be, and in which session: `startedAt` tells sessions of a person apart. */
export type Linking = { person: PersonId; startedAt: Moment };

export type CodeTry = { person: PersonId; code: string; address: string; now: Moment };

export type SecondFactors = {
  of(person: PersonId): Promise<Factors>;
  /**
   * The secret for an app, as the page shows it: the same all through a session, so that a phone that loads the page again still fits, and
   * another in every session, so that nobody else has seen it. Nothing is kept of it.
   */
  newApp(linking: Linking, label: { issuer: string; email: string }): Promise<NewApp>;
  /**
   * Takes an app into use when it gives the right code, in place of an earlier one, and gives new recovery codes; earlier ones end.
   * `first`: only where there is no factor yet. Null: the code is wrong, or there is one.
   */
  confirm(linking: Linking, code: string, options: { first: boolean; now: Moment }): Promise<string[] | null>;
  /** Takes a code of the app or a recovery code, each once. Slower after wrong tries (tries.ts). */
  use(attempt: CodeTry): Promise<'right' | 'wrong' | 'wait'>;
  /** Makes ten new recovery codes; earlier ones end. */
  renewCodes(person: PersonId, now: Moment): Promise<string[]>;
  /** Takes everything away that somebody signs in with besides a password, and ends their sessions. */
  reset(person: PersonId, by: PersonId, now: Moment): Promise<void>;
};

export type SecondFactorParts = { database: Database; keys: Pick<Keys, 'factors' | 'random'>; passwords: Pick<Passwords, 'hashSet' | 'hashLike'>; tries: Tries };

/** Codes for a person, and the hashes to keep of them. */
type NewCodes = { codes: string[]; hashes: string[] };

/** RFC 6238 as every app knows it. */
const shape = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
const codeCount = 10;

/** Makes the codes that come after a password: of an app (RFC 6238), and recovery codes on paper. */
export function makeSecondFactors({ database, keys: { factors: { sealer, hmac }, random }, passwords, tries }: SecondFactorParts): SecondFactors {
  const place = (person: PersonId) => ({ table: 'code_apps', row: person, column: 'secret_sealed' });
  const markOf = (person: PersonId, code: string): string => createHmac('sha256', hmac).update(JSON.stringify([person, plainCode(code)])).digest('base64url');
  const newSecret = (linking: Linking, { app }: Factors): Secret => (
    new Secret({ buffer: new Uint8Array(createHmac('sha256', hmac).update(JSON.stringify(['app', linking.person, linking.startedAt, app])).digest().subarray(0, 20)).buffer })
  );
  /** A mark under a key that is not in the database, hashed as a password: 58 bits alone could be tried out (ASVS 5.0, 6.5.2). Takes half a second, so never inside a write. */
  const newCodes = async (person: PersonId): Promise<NewCodes> => {
    const codes = Array.from({ length: codeCount }, () => [4, 4, 4].map((length) => codeOf(length, random)).join('-'));
    return { codes, hashes: await passwords.hashSet(codes.map((code) => markOf(person, code))) };
  };
  const keepCodes = async (connection: Knex, person: PersonId, { codes, hashes }: NewCodes, now: Moment): Promise<string[]> => {
    await connection<CodeRow>('recovery_codes').where('person_id', person).delete();
    await connection<CodeRow>('recovery_codes').insert(hashes.map((hash) => ({ code_hash: hash, person_id: person, made_at: now })));
    return codes;
  };
  /** How a code on paper may be kept: under the salt of the set, and for codes of version 0.1 and before as the mark alone. Null: it is no code on paper. */
  const keptAs = async ({ person, code }: CodeTry): Promise<string[] | null> => {
    if (isOfApp(code)) return null;
    const mark = markOf(person, code);
    const one = await database.read<CodeRow>('recovery_codes').where('person_id', person).andWhereLike('code_hash', '$argon2id$%').first('code_hash');
    return one === undefined ? [mark] : [mark, await passwords.hashLike(one.code_hash, mark)];
  };
  /** Each code counts once, also for two requests at the same moment: only one of them changes the row. */
  const spend = async (connection: Knex, { person, code, now }: CodeTry, paper: string[] | null): Promise<boolean> => {
    if (paper !== null) return await connection<CodeRow>('recovery_codes').where('person_id', person).whereIn('code_hash', paper).delete() > 0;
    const app = await connection<AppRow>('code_apps').where('person_id', person).first('secret_sealed');
    const step = app === undefined ? null : stepOf(Secret.fromBase32(sealer.open(place(person), app.secret_sealed)), code, now);
    return step !== null && await connection<AppRow>('code_apps').where('person_id', person).andWhere('last_step', '<', step).update({ last_step: step }) > 0;
  };
  const find = async (connection: Knex, person: PersonId): Promise<Factors> => {
    const app = await connection<AppRow>('code_apps').where('person_id', person).first('since');
    const [codes] = await connection<CodeRow>('recovery_codes').where('person_id', person).count<{ n: number | string }[]>({ n: '*' });
    const [passkeys] = await connection('passkeys').where('person_id', person).count<{ n: number | string }[]>({ n: '*' });
    return { app: app?.since ?? null, codesLeft: Number(codes?.n), passkeys: Number(passkeys?.n) };
  };
  return {
    of: (person) => find(database.read, person),
    newApp: async (linking, { issuer, email }) => {
      const secret = newSecret(linking, await find(database.read, linking.person));
      return { letters: secret.base32, address: new TOTP({ ...shape, issuer, label: email, secret }).toString() };
    },
    confirm: async (linking, code, { first, now }) => {
      const { person } = linking;
      // A wrong code costs no hashing.
      if (stepOf(newSecret(linking, await find(database.read, person)), code, now) === null) return null;
      const made = await newCodes(person);
      return database.write(async (connection) => {
        const factors = await find(connection, person);
        if (first && (factors.app !== null || factors.passkeys > 0)) return null;
        const secret = newSecret(linking, factors);
        const step = stepOf(secret, code, now);
        if (step === null) return null;
        const row = { person_id: person, secret_sealed: sealer.seal(place(person), secret.base32), last_step: step, since: now };
        const kept = connection<AppRow>('code_apps').insert(row).onConflict('person_id');
        // Two first enrolments at once: the second finds the first.
        if (first) await kept.ignore();
        else await kept.merge();
        if ((await connection<AppRow>('code_apps').where('person_id', person).first('secret_sealed'))?.secret_sealed !== row.secret_sealed) return null;
        await appendAccessLog(connection, [{ person, case: null, action: 'changePerson', detail: `${person} codes` }], now);
        return keepCodes(connection, person, made, now);
      });
    },
    use: (attempt) => {
      const { person, address, now } = attempt;
      const trier = { kind: 'code' as const, account: person, address };
      return tries.inTurn(trier, now, async () => {
        const paper = await keptAs(attempt);
        const isRight = await database.write(async (connection) => {
          if (!await spend(connection, attempt, paper)) return false;
          await tries.succeeded(connection, trier);
          return true;
        });
        if (!isRight) await tries.failed(trier, person, now);
        return isRight ? 'right' : 'wrong';
      });
    },
    renewCodes: async (person, now) => {
      const made = await newCodes(person);
      return database.write(async (connection) => {
        await appendAccessLog(connection, [{ person, case: null, action: 'changePerson', detail: `${person} codes` }], now);
        return keepCodes(connection, person, made, now);
      });
    },
    reset: (person, by, now) => database.write(async (connection) => {
      for (const table of ['code_apps', 'recovery_codes', 'passkeys', 'linked_accounts', 'sessions']) await connection(table).where('person_id', person).delete();
      await appendAccessLog(connection, [{ person: by, case: null, action: 'changePerson', detail: `${person} reset` }], now);
    })
  };
}

type AppRow = { person_id: string; secret_sealed: string; last_step: number; since: string };
type CodeRow = { code_hash: string; person_id: string; made_at: string };

/** The half minute that a code belongs to: this one, the one before or the one after; null for any other code. */
function stepOf(secret: Secret, code: string, now: Moment): number | null {
  const timestamp = Date.parse(now);
  const delta = TOTP.validate({ ...shape, secret, token: code.replace(/\s/g, ''), timestamp, window: 1 });
  return delta === null ? null : TOTP.counter({ period: shape.period, timestamp }) + delta;
}

/** Six figures, with or without spaces: of an app; anything else is of paper. */
function isOfApp(code: string): boolean {
  return /^\d{6}$/.test(code.replace(/\s/g, ''));
}

/** As it is compared: people leave out the lines and type small letters. */
function plainCode(code: string): string {
  return code.toUpperCase().replace(/[^0-9A-Z]/g, '');
}
