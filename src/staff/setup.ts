import type { Knex } from 'knex';
import type { Database } from '../database/database.ts';
import type { Day, Moment } from '../engine/state/case-state.ts';
import { appendAccessLog } from '../trust/access-log-store.ts';
import type { RandomBytes } from '../trust/seal.ts';
import type { Passwords } from './passwords.ts';
import { insertPerson, insertSchool, type Person, type School, type SchoolRow, toSchool } from './people-store.ts';
import type { SchoolData } from './school-store.ts';
import { hashOf } from './sessions.ts';

export type FirstAdmin = {
  name: string;
  email: string;
  password: string;
  /** Roles of the routes that the administrator has as well. */
  roles: string[];
};

export type SetUp = {
  /** Is there nobody yet who could sign in? */
  isNeeded(): Promise<boolean>;
  /** Makes the one-time token for the set-up address; an earlier one ends. Null: somebody has an account already. */
  begin(): Promise<string | null>;
  /** Is this the token that was given last? */
  isToken(token: string): Promise<boolean>;
  /** The school that was made in the first step; null: none yet. */
  school(): Promise<School | null>;
  /** Makes the first school, or changes it as long as nobody has an account. Null: the token is not right or an account was made meanwhile. */
  saveSchool(token: string, data: SchoolData): Promise<School | null>;
  /** Makes the first administrator and ends the token. Null: as above, or there is no school yet. */
  complete(token: string, admin: FirstAdmin): Promise<{ school: School; person: Person } | null>;
};

export type SetUpParts = { database: Database; passwords: Passwords; random: RandomBytes; newId: () => string; now: () => Moment; today: () => Day };

/** Makes the first start: whoever reads the line that the server prints may make the first school and its first account. */
export function makeSetUp({ database, passwords, ...parts }: SetUpParts): SetUp {
  const { random, now } = parts;
  const isNeeded = async (connection = database.read): Promise<boolean> => await connection('people').first('id') === undefined;
  const isToken = async (token: string, connection = database.read): Promise<boolean> => (
    await connection<InvitationRow>('invitations').where({ token_hash: hashOf(token), purpose }).first() !== undefined
  );
  const mayGoOn = async (token: string, connection: Knex): Promise<boolean> => await isNeeded(connection) && isToken(token, connection);
  const find = async (connection = database.read): Promise<School | null> => {
    const row = await connection<SchoolRow>('schools').where('practice', 0).orderBy('created_at').first();
    return row === undefined ? null : toSchool(row);
  };
  return {
    isNeeded: () => isNeeded(),
    isToken: (token) => isToken(token),
    begin: () => database.write(async (connection) => {
      if (!(await isNeeded(connection))) return null;
      const token = random(24).toString('base64url');
      await connection<InvitationRow>('invitations').where('purpose', purpose).delete();
      await connection<InvitationRow>('invitations').insert({ token_hash: hashOf(token), purpose, person_id: null, created_at: now(), expires_at: never });
      return token;
    }),
    school: () => find(),
    saveSchool: (token, data) => database.write(async (connection) => {
      if (!(await mayGoOn(token, connection))) return null;
      const known = await find(connection);
      if (known === null) return insertSchool(connection, { ...data, practice: false }, parts);
      const { name, brin, board, colour } = data;
      await connection<SchoolRow>('schools').where('id', known.id).update({ name, brin, board, colour });
      return { ...known, ...data };
    }),
    complete: async (token, { password, ...admin }) => {
      if (!(await isToken(token))) return null;
      const passwordHash = await passwords.hash(password);
      return database.write(async (connection) => {
        const school = await find(connection);
        if (school === null || !(await mayGoOn(token, connection))) return null;
        const person = await insertPerson(connection, { ...admin, admin: true, school: school.id, passwordHash }, parts);
        await connection<InvitationRow>('invitations').where('purpose', purpose).delete();
        await appendAccessLog(connection, [{ person: person.id, case: null, action: 'setup' }], now());
        return { school, person };
      });
    }
  };
}

type InvitationRow = { token_hash: string; purpose: string; person_id: string | null; created_at: string; expires_at: string };

const purpose = 'setup';
/** The token of a start lives until the next start. */
const never = '9999-12-31T23:59:59.999Z';
