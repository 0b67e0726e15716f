import type { Database } from '../database/database.ts';
import type { Moment } from '../engine/state/case-state.ts';
import type { Keys } from '../trust/key-store.ts';
import { hashOf } from './sessions.ts';

/** What signing in must remember between two requests. */
export type SignInSteps = {
  /** Keeps this (JSON) for five minutes and gives the token by which it is asked back: 32 random bytes, base64url. */
  begin(purpose: string, content: object, now: Moment): Promise<string>;
  /** Gives what was kept, once. Null: unknown, used before, of another purpose, or too old. */
  finish(purpose: string, token: string, now: Moment): Promise<unknown>;
};

const lifeMs = 5 * 60_000;

/** Makes the memory of signing in. It is in the database, since the second request may come to another server; sealed, since it may hold a secret. */
export function makeSignInSteps({ database, keys: { factors: { sealer }, random } }: { database: Database; keys: Pick<Keys, 'factors' | 'random'> }): SignInSteps {
  const place = (row: string) => ({ table: 'sign_in_steps', row, column: 'content_sealed' });
  return {
    begin: async (purpose, content, now) => {
      const token = random(32).toString('base64url');
      const token_hash = hashOf(token);
      await database.write(async (connection) => {
        await connection<StepRow>('sign_in_steps').where('expires_at', '<=', now).delete();
        await connection<StepRow>('sign_in_steps').insert({ token_hash, purpose, content_sealed: sealer.seal(place(token_hash), JSON.stringify(content)), expires_at: new Date(Date.parse(now) + lifeMs).toISOString() });
      });
      return token;
    },
    finish: (purpose, token, now) => database.write(async (connection) => {
      const own = () => connection<StepRow>('sign_in_steps').where({ token_hash: hashOf(token), purpose });
      const row = await own().first();
      const taken = await own().delete();
      if (row === undefined || taken === 0 || row.expires_at <= now) return null;
      return JSON.parse(sealer.open(place(row.token_hash), row.content_sealed)) as unknown;
    })
  };
}

type StepRow = { token_hash: string; purpose: string; content_sealed: string; expires_at: string };
