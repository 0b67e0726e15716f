import { generateAuthenticationOptions, generateRegistrationOptions, verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import type { Database } from '../database/database.ts';
import type { Moment, PersonId } from '../engine/state/case-state.ts';
import { AppError } from '../errors.ts';
import { appendAccessLog } from '../trust/access-log-store.ts';
import type { SignInSteps } from './sign-in-steps.ts';

export type Passkey = { id: string; name: string; madeAt: Moment; usedAt: Moment | null };

/** Where passkeys are for: `host` is their name of this place (RP ID), `origin` the address that browsers must be at. */
export type PasskeyPlace = { host: string; origin: string; title: string };

export type Passkeys = {
  /** Oldest first. */
  list(person: PersonId): Promise<Passkey[]>;
  /** What a browser needs to make one, as JSON of WebAuthn. */
  newOptions(person: { id: PersonId; email: string; name: string }, place: PasskeyPlace, now: Moment): Promise<object>;
  /** Keeps what the browser made. False: it is not right, was not asked by this person, or is known already. */
  add(person: PersonId, made: { name: string; answer: unknown }, place: PasskeyPlace, now: Moment): Promise<boolean>;
  /** What a browser needs to show one, as JSON of WebAuthn. `person`: only theirs; null: any of this place. */
  options(person: PersonId | null, place: PasskeyPlace, now: Moment): Promise<object>;
  /** Whose passkey this answer proves; null: nobody's. Each question is answered once. */
  prove(answer: unknown, place: PasskeyPlace, now: Moment): Promise<PersonId | null>;
  /** Gives one of this person another name. False: there is none. */
  rename(person: PersonId, id: string, name: string, now: Moment): Promise<boolean>;
  remove(person: PersonId, id: string, now: Moment): Promise<void>;
};

const making = 'passkey-new';
const showing = 'passkey';

/**
 * Makes signing in with passkeys (WebAuthn). The device must check its user too, by finger, face or PIN, so one passkey is as good as a
 * password and a code together.
 */
export function makePasskeys({ database, steps }: { database: Database; steps: SignInSteps }): Passkeys {
  const rowsOf = (person: PersonId) => database.read<PasskeyRow>('passkeys').where('person_id', person).orderBy('made_at');
  const known = async (person: PersonId): Promise<{ id: string; transports: string[] }[]> => (await rowsOf(person)).map(({ id, transports }) => ({ id, transports: JSON.parse(transports) as string[] }));
  return {
    list: async (person) => (await rowsOf(person)).map(({ id, name, made_at: madeAt, used_at: usedAt }) => ({ id, name, madeAt, usedAt })),
    newOptions: async ({ id, email, name }, { host, title }, now) => generateRegistrationOptions({
      rpName: title, rpID: host, userName: email, userDisplayName: name, userID: new Uint8Array(Buffer.from(id)), challenge: bytes(await steps.begin(making, { person: id }, now)),
      excludeCredentials: await known(id), attestationType: 'none', authenticatorSelection: { residentKey: 'required', userVerification: 'required' }
    }),
    add: async (person, { name, answer }, { host, origin }, now) => {
      const result = await verified(() => verifyRegistrationResponse({
        response: answer as Parameters<typeof verifyRegistrationResponse>[0]['response'], expectedOrigin: origin, expectedRPID: host, requireUserVerification: true,
        expectedChallenge: async (challenge) => personIn(await steps.finish(making, challenge, now)) === person
      }));
      if (result?.verified !== true) return false;
      const { credential: { id, publicKey, counter, transports = [] } } = result.registrationInfo;
      return database.write(async (connection) => {
        if (await connection<PasskeyRow>('passkeys').where('id', id).first('id') !== undefined) return false;
        await connection<PasskeyRow>('passkeys').insert({
          id, person_id: person, name, public_key: Buffer.from(publicKey).toString('base64url'), counter, transports: JSON.stringify(transports), made_at: now, used_at: null
        });
        await appendAccessLog(connection, [{ person, case: null, action: 'changePerson', detail: `${person} passkey` }], now);
        return true;
      });
    },
    options: async (person, { host }, now) => generateAuthenticationOptions({
      rpID: host, userVerification: 'required', challenge: bytes(await steps.begin(showing, {}, now)), allowCredentials: person === null ? [] : await known(person)
    }),
    prove: async (answer, { host, origin }, now) => {
      const { id } = (answer ?? {}) as { id?: unknown };
      const row = typeof id === 'string' ? await database.read<PasskeyRow>('passkeys').where('id', id).first() : undefined;
      if (row === undefined) return null;
      const result = await verified(() => verifyAuthenticationResponse({
        response: answer as Parameters<typeof verifyAuthenticationResponse>[0]['response'], expectedOrigin: origin, expectedRPID: host, requireUserVerification: true,
        expectedChallenge: async (challenge) => await steps.finish(showing, challenge, now) !== null,
        credential: { id: row.id, publicKey: bytes(row.public_key), counter: row.counter, transports: JSON.parse(row.transports) as string[] }
      }));
      if (result?.verified !== true) return null;
      await database.write(async (connection) => { await connection<PasskeyRow>('passkeys').where('id', row.id).update({ counter: result.authenticationInfo.newCounter, used_at: now }); });
      return row.person_id;
    },
    rename: (person, id, name, now) => database.write(async (connection) => {
      const found = await connection<PasskeyRow>('passkeys').where({ id, person_id: person }).update({ name });
      if (found > 0) await appendAccessLog(connection, [{ person, case: null, action: 'changePerson', detail: `${person} passkey` }], now);
      return found > 0;
    }),
    remove: (person, id, now) => database.write(async (connection) => {
      const gone = await connection<PasskeyRow>('passkeys').where({ id, person_id: person }).delete();
      if (gone > 0) await appendAccessLog(connection, [{ person, case: null, action: 'changePerson', detail: `${person} passkey` }], now);
    })
  };
}

type PasskeyRow = { id: string; person_id: string; name: string; public_key: string; counter: number; transports: string; made_at: string; used_at: string | null };

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, 'base64url'));
}

function personIn(content: unknown): string | null {
  return (content as { person?: string } | null)?.person ?? null;
}

/** The library throws at everything that is not right. What is wrong is nobody's business; that it was, is. */
async function verified<Result>(work: () => Promise<Result>): Promise<Result | null> {
  try {
    return await work();
  } catch (error) {
    // Faults of the database come through.
    if (error instanceof AppError) throw error;
    return null;
  }
}
