import type { Knex } from 'knex';
import type { Database } from '../database/database.ts';
import type { Day, Moment } from '../engine/state/case-state.ts';
import type { Passwords } from './passwords.ts';
import { type CredentialRow, membersToday, type Person, plainEmail, setPassword, toPeople } from './people-store.ts';
import type { Tries } from './tries.ts';

/** `address` is that of the browser. */
export type SignInTry = { email: string; password: string; address: string; now: Moment };

export type SignInResult =
  | { type: 'signedIn'; person: Person }
  /** Wrong address or password, or no place at a school today: not told apart. */
  | { type: 'wrong' }
  /** So many tries from this address are being answered already that this one was not looked at. */
  | { type: 'wait' };

/** Checks who somebody is. Takes as long for people who do not exist; slower after wrong tries (tries.ts). */
export type SignIn = (attempt: SignInTry) => Promise<SignInResult>;

export type SignInParts = { database: Database; passwords: Passwords; today: () => Day; tries: Tries };

/** Makes signing in with a password. The caller begins the session. */
export function makeSignIn({ database, passwords, today, tries }: SignInParts): SignIn {
  return async ({ email, password, address, now }) => {
    const trier = { kind: 'password' as const, account: plainEmail(email), address };
    const result = await tries.inTurn(trier, now, async (): Promise<SignInResult> => {
      const found = await findAccount(database.read, trier.account, today());
      const { right, rehash } = await passwords.verify(found?.hash ?? null, password);
      if (found === null || !right) {
        await tries.failed(trier, found?.person.id ?? null, now);
        return { type: 'wrong' };
      }
      const stronger = rehash ? await passwords.hash(password) : null;
      await database.write(async (connection) => {
        await tries.succeeded(connection, trier);
        if (stronger !== null) await setPassword(connection, found.person.id, stronger, now);
      });
      return { type: 'signedIn', person: found.person };
    });
    return result === 'wait' ? { type: 'wait' } : result;
  };
}

async function findAccount(connection: Knex, email: string, today: Day): Promise<{ person: Person; hash: string } | null> {
  const rows = await membersToday(connection, today)
    .join('credentials', (join) => join.on('credentials.person_id', 'people.id').andOnVal('credentials.kind', 'password'))
    .where('people.email', email)
    .select('credentials.secret') as unknown as (Parameters<typeof toPeople>[0][number] & Pick<CredentialRow, 'secret'>)[];
  const [person] = toPeople(rows);
  const hash = rows[0]?.secret;
  return person === undefined || hash === undefined ? null : { person, hash };
}
