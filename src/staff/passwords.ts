import { hash, parseOptions, verify } from '@node-rs/argon2';
import { makeAtMost } from '../at-most.ts';
import { isBreached } from './breached-passwords.ts';
import { commonPasswords } from './common-passwords.ts';

export type Passwords = {
  /** The hash to keep; its parameters stand in it. */
  hash(password: string): Promise<string>;
  /** Compares with a kept hash; null (no such person) takes as long and is wrong. `rehash`: kept with weaker parameters than now. */
  verify(kept: string | null, password: string): Promise<{ right: boolean; rehash: boolean }>;
  /** The hashes of a set of secrets, all with one salt: one more hash (`hashLike` of any of them) tells which of them a secret is. */
  hashSet(secrets: readonly string[]): Promise<string[]>;
  /** The hash of a secret with the salt and parameters of a kept one. */
  hashLike(kept: string, secret: string): Promise<string>;
};

/** Why a password is not taken; null when it is. */
export type PasswordProblem = 'tooShort' | 'tooLong' | 'common' | 'personal';

/** ASVS 5.0, appendix C: argon2id (what the package does of itself) with at least 46 MiB. */
export const passwordCost = { memoryCost: 47_104, timeCost: 1, parallelism: 1 };

const shortest = 12;
const longest = 256;
/** Each takes 46 MiB; more at once would take the memory of the server. */
const mostAtOnce = 2;

/** Makes the hashing of passwords: argon2id off the event loop, at most two at once. */
export function makePasswords(cost = passwordCost): Passwords {
  const inTurn = makeAtMost(mostAtOnce);
  const hashed = (password: string): Promise<string> => inTurn(() => hash(plain(password), cost));
  const hashLike = (kept: string, secret: string): Promise<string> => {
    const { memoryCost, timeCost, parallelism } = parseOptions(kept);
    return inTurn(() => hash(plain(secret), { memoryCost, timeCost, parallelism, salt: Buffer.from(kept.split('$')[4] ?? '', 'base64') }));
  };
  let nobody: Promise<string> | null = null;
  return {
    hash: hashed,
    hashLike,
    hashSet: async ([first, ...rest]) => {
      if (first === undefined) return [];
      const kept = await hashed(first);
      return [kept, ...await Promise.all(rest.map((secret) => hashLike(kept, secret)))];
    },
    verify: async (kept, password) => {
      nobody ??= hashed('a person who does not exist');
      const against = kept ?? await nobody;
      // Nothing longer was ever kept; hashing it would only cost.
      const right = await inTurn(() => verify(against, plain(password.slice(0, longest + 1))));
      return { right: right && kept !== null, rehash: right && kept !== null && !kept.startsWith(prefixOf(cost)) };
    }
  };
}

/** Judges a new password by length and by lists: rules about its characters make people choose worse ones (ASVS 5.0, 6.2). */
export function passwordProblem(password: string, { name, email, school }: { name: string; email: string; school: string }): PasswordProblem | null {
  const text = plain(password);
  if (Array.from(text).length < shortest) return 'tooShort';
  if (Array.from(text).length > longest) return 'tooLong';
  const bare = text.toLowerCase().replace(/[^\p{L}]+/gu, '');
  if (new Set(text.toLowerCase()).size < 4 || commonPasswords.has(text.toLowerCase()) || commonPasswords.has(bare) || isBreached(text)) return 'common';
  const own = [name, email.split('@')[0] ?? '', school].map((word) => word.toLowerCase().replace(/[^\p{L}]+/gu, ''));
  return own.some((word) => word !== '' && bare === word) ? 'personal' : null;
}

/** The same letters typed on another keyboard. */
function plain(password: string): string {
  return password.normalize('NFC');
}

function prefixOf({ memoryCost, timeCost, parallelism }: typeof passwordCost): string {
  return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$`;
}
