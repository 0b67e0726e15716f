import { readFileSync } from 'node:fs';
import * as client from 'openid-client';
import type { Config } from '../config.ts';
import type { Database } from '../database/database.ts';
import type { Moment, PersonId } from '../engine/state/case-state.ts';
import { AppError } from '../errors.ts';
import { appendAccessLog } from '../trust/access-log-store.ts';
import type { SignInSteps } from './sign-in-steps.ts';

/** Who the other side says somebody is: who vouches, and its own name for this person. Never an e-mail address: those change hands. */
export type OutsideAccount = { issuer: string; subject: string };

/** Why somebody goes to the other side. `next`: where to go on. `token`: of an invitation. */
export type OutsidePurpose = { type: 'signIn'; next: string } | { type: 'link'; person: PersonId } | { type: 'invitation'; token: string };

export type SchoolAccounts = {
  /** As it stands on its button: "Microsoft 365". */
  title: string;
  /** Where to send the browser, and what it must bring back in a cookie. Throws unavailable when the other side does not answer. */
  begin(purpose: OutsidePurpose, returnTo: string, now: Moment): Promise<{ address: string; token: string }>;
  /** Reads the answer with which the browser comes back, once. Null: it is not right, too old, or not the answer to what this browser asked. */
  finish(answer: URL, token: string, now: Moment): Promise<{ account: OutsideAccount; purpose: OutsidePurpose } | null>;
  /** Keeps an account until its person says that it is theirs, and gives the token to ask it back. */
  propose(person: PersonId, account: OutsideAccount, now: Moment): Promise<string>;
  /** Links what was proposed to this person. False: too old, somebody else's, or linked to somebody already. */
  link(person: PersonId, token: string, now: Moment): Promise<boolean>;
  personOf(account: OutsideAccount): Promise<PersonId | null>;
  /** Since when somebody has linked one; null: not. */
  linkedSince(person: PersonId): Promise<Moment | null>;
  unlink(person: PersonId, now: Moment): Promise<void>;
};

export type OutsideProvider = NonNullable<Config['oidc']>;

const asking = 'school-account';
const proposing = 'school-account-link';
/** Seconds the other side may take to answer. */
const timeout = 8;

type Asked = { purpose: OutsidePurpose; state: string; nonce: string; verifier: string };

/**
 * Makes signing in with an account elsewhere: OpenID Connect, authorization code with PKCE, state and nonce, signatures checked. It takes
 * the place of the password only, and gives no rights. `away`: what is said when the other side does not answer.
 */
export function makeSchoolAccounts({ database, steps, provider, away }: { database: Database; steps: SignInSteps; provider: OutsideProvider; away: string }): SchoolAccounts {
  const { issuer, clientId, secretFile, title } = provider;
  let found: client.Configuration | null = null;
  const configuration = async (): Promise<client.Configuration> => {
    if (found !== null) return found;
    // Plain http only on the machine itself: config.ts refuses it elsewhere.
    const execute = [client.enableNonRepudiationChecks, ...(new URL(issuer).protocol === 'http:' ? [allowPlainHttp] : [])];
    try {
      found = await client.discovery(new URL(issuer), clientId, readFileSync(secretFile, 'utf8').trim(), undefined, { execute, timeout });
      return found;
    } catch (error) {
      throw new AppError('unavailable', away, { cause: error });
    }
  };
  return {
    title,
    begin: async (purpose, returnTo, now) => {
      const asked: Asked = { purpose, state: client.randomState(), nonce: client.randomNonce(), verifier: client.randomPKCECodeVerifier() };
      const address = client.buildAuthorizationUrl(await configuration(), {
        redirect_uri: returnTo, scope: 'openid', state: asked.state, nonce: asked.nonce, code_challenge: await client.calculatePKCECodeChallenge(asked.verifier), code_challenge_method: 'S256'
      });
      return { address: address.href, token: await steps.begin(asking, asked, now) };
    },
    finish: async (answer, token, now) => {
      const asked = await steps.finish(asking, token, now) as Asked | null;
      if (asked === null) return null;
      const config = await configuration();
      try {
        const tokens = await client.authorizationCodeGrant(config, answer, { expectedState: asked.state, expectedNonce: asked.nonce, pkceCodeVerifier: asked.verifier, idTokenExpected: true });
        const claims = tokens.claims();
        return claims === undefined ? null : { account: { issuer: claims.iss, subject: claims.sub }, purpose: asked.purpose };
      } catch {
        // Whatever is not right about the answer: nobody signs in with it.
        return null;
      }
    },
    propose: (person, account, now) => steps.begin(proposing, { person, account }, now),
    link: async (person, token, now) => {
      const proposed = await steps.finish(proposing, token, now) as { person: PersonId; account: OutsideAccount } | null;
      if (proposed?.person !== person) return false;
      const { issuer: by, subject } = proposed.account;
      return database.write(async (connection) => {
        await connection<LinkRow>('linked_accounts').insert({ issuer: by, subject, person_id: person, linked_at: now }).onConflict(['issuer', 'subject']).ignore();
        const owner = await connection<LinkRow>('linked_accounts').where({ issuer: by, subject }).first('person_id');
        if (owner?.person_id !== person) return false;
        await appendAccessLog(connection, [{ person, case: null, action: 'changePerson', detail: `${person} schoolAccount` }], now);
        return true;
      });
    },
    personOf: async ({ issuer: by, subject }) => (await database.read<LinkRow>('linked_accounts').where({ issuer: by, subject }).first('person_id'))?.person_id ?? null,
    linkedSince: async (person) => (await database.read<LinkRow>('linked_accounts').where('person_id', person).orderBy('linked_at').first('linked_at'))?.linked_at ?? null,
    unlink: (person, now) => database.write(async (connection) => {
      await connection<LinkRow>('linked_accounts').where('person_id', person).delete();
      await appendAccessLog(connection, [{ person, case: null, action: 'changePerson', detail: `${person} schoolAccount` }], now);
    })
  };
}

type LinkRow = { issuer: string; subject: string; person_id: string; linked_at: string };

/** By name: the library marks it as deprecated, for nobody to take it by accident. */
const allowPlainHttp = Reflect.get(client, 'allowInsecureRequests');
