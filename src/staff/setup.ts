import type { Database } from '../database.ts';
import type { Day, Moment } from '../engine/case-state.ts';
import { appendAccessLog } from '../trust/access-log-store.ts';
import type { RandomBytes } from '../trust/seal.ts';
import type { Passwords } from './passwords.ts';
import { insertPerson, insertSchool, type Person, type School } from './people-store.ts';
import { hashOf } from './sessions.ts';

export type FirstSchool = {
  token: string;
  schoolName: string;
  name: string;
  email: string;
  password: string;
  /** Roles of the routes that the administrator has as well. */
  roles: string[];
};

export type SetUp = {
  /** Is there no school yet? */
  isNeeded(): Promise<boolean>;
  /** Makes the one-time token for the set-up address; an earlier one ends. Null: there is a school already. */
  begin(): Promise<string | null>;
  /** Is this the token that was given last? */
  isToken(token: string): Promise<boolean>;
  /** Makes the first school and its administrator. Null: the token is not right or a school was made meanwhile. */
  complete(first: FirstSchool): Promise<{ school: School; person: Person } | null>;
};

export type SetUpParts = { database: Database; passwords: Passwords; random: RandomBytes; newId: () => string; now: () => Moment; today: () => Day };

/** Makes the first start: whoever reads the line that the server prints may make the first school. */
export function makeSetUp({ database, passwords, ...parts }: SetUpParts): SetUp {
  const { random, now } = parts;
  const isNeeded = async (connection = database.read): Promise<boolean> => await connection('schools').first('id') === undefined;
  const isToken = async (token: string, connection = database.read): Promise<boolean> => (
    await connection<InvitationRow>('invitations').where({ token_hash: hashOf(token), purpose }).first() !== undefined
  );
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
    complete: async ({ token, schoolName, password, ...person }) => {
      if (!(await isToken(token))) return null;
      const passwordHash = await passwords.hash(password);
      return database.write(async (connection) => {
        if (!(await isNeeded(connection)) || !(await isToken(token, connection))) return null;
        const school = await insertSchool(connection, { name: schoolName, board: null, practice: false }, parts);
        const admin = await insertPerson(connection, { ...person, admin: true, school: school.id, passwordHash }, parts);
        await connection<InvitationRow>('invitations').where('purpose', purpose).delete();
        await appendAccessLog(connection, [{ person: admin.id, case: null, action: 'setup' }], now());
        return { school, person: admin };
      });
    }
  };
}

type InvitationRow = { token_hash: string; purpose: string; person_id: string | null; created_at: string; expires_at: string };

const purpose = 'setup';
/** The token of a start lives until the next start. */
const never = '9999-12-31T23:59:59.999Z';
