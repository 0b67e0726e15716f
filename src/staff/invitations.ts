import type { Database } from '../database/database.ts';
import type { Moment, PersonId } from '../engine/state/case-state.ts';
import { appendAccessLog } from '../trust/access-log-store.ts';
import type { RandomBytes } from '../trust/seal.ts';
import type { Passwords } from './passwords.ts';
import { setPassword } from './people-store.ts';
import { hashOf } from './sessions.ts';

/** Who may choose a password with a link. `hasPassword`: it is a new one. */
export type Invited = { person: PersonId; name: string; email: string; hasPassword: boolean };

export type Invitations = {
  /** Makes a link token for somebody; an earlier one ends. Shown once: only its hash is kept. It lives seven days. */
  invite(person: PersonId, by: PersonId): Promise<string>;
  /** Null: unknown, used or too old. */
  find(token: string): Promise<Invited | null>;
  /** Sets the password, ends the link and every session of the person. Null: another way to sign in was chosen. False: the link is not good any more. */
  accept(token: string, password: string | null): Promise<boolean>;
  /** People among these whose link is open. */
  open(people: PersonId[]): Promise<ReadonlySet<PersonId>>;
};

export type InvitationParts = { database: Database; passwords: Passwords; random: RandomBytes; now: () => Moment };

const lifeMs = 7 * 86_400_000;
const purpose = 'password';

/** Makes the links by which colleagues choose a password: for a first time, and after forgetting one. */
export function makeInvitations({ database, passwords, random, now }: InvitationParts): Invitations {
  const find = async (token: string, connection = database.read): Promise<Invited | null> => {
    const row = await connection('invitations')
      .join('people', 'people.id', 'invitations.person_id')
      .leftJoin('credentials', (join) => join.on('credentials.person_id', 'people.id').andOnVal('credentials.kind', 'password'))
      .where({ token_hash: hashOf(token), purpose }).andWhere('expires_at', '>', now())
      .first<{ id: string; name: string; email: string; kind: string | null } | undefined>('people.id', 'people.name', 'people.email', 'credentials.kind');
    return row === undefined ? null : { person: row.id, name: row.name, email: row.email, hasPassword: row.kind !== null };
  };
  return {
    invite: (person, by) => database.write(async (connection) => {
      const token = random(24).toString('base64url');
      await connection<InvitationRow>('invitations').where({ person_id: person, purpose }).delete();
      await connection<InvitationRow>('invitations').insert({
        token_hash: hashOf(token), purpose, person_id: person, created_at: now(), expires_at: new Date(Date.parse(now()) + lifeMs).toISOString()
      });
      await appendAccessLog(connection, [{ person: by, case: null, action: 'changePerson', detail: person }], now());
      return token;
    }),
    find: (token) => find(token),
    accept: async (token, password) => {
      const hash = password === null ? null : await passwords.hash(password);
      return database.write(async (connection) => {
        const invited = await find(token, connection);
        if (invited === null) return false;
        if (hash !== null) await setPassword(connection, invited.person, hash, now());
        await connection<InvitationRow>('invitations').where({ person_id: invited.person, purpose }).delete();
        await connection('sessions').where('person_id', invited.person).delete();
        await appendAccessLog(connection, [{ person: invited.person, case: null, action: 'changePerson', detail: invited.person }], now());
        return true;
      });
    },
    open: async (people) => new Set((await database.read<InvitationRow>('invitations').whereIn('person_id', people).andWhere({ purpose }).andWhere('expires_at', '>', now()))
      .flatMap(({ person_id }) => person_id ?? []))
  };
}

type InvitationRow = { token_hash: string; purpose: string; person_id: string | null; created_at: string; expires_at: string };
