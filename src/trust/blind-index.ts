import { createHmac } from 'node:crypto';

/** Splits a text in words as they are searched for: small letters without accents, figures and letters only. */
export function searchWords(text: string): string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase('nl');
  return [...new Set(plain.match(/[\p{L}\p{N}]+/gu) ?? [])];
}

/**
 * Gives what is kept of a text so that it can be found and not read: an HMAC of each word and one of its first three letters, apart per
 * school. Who has the database without the key can see which cases share a word, not which word (THREATS.md).
 */
export function indexTokens(key: Buffer, school: string, text: string): string[] {
  const words = searchWords(text);
  return [...new Set(words.flatMap((word) => [tokenOf(key, school, 'word', word), ...(word.length < prefixLength ? [] : [tokenOf(key, school, 'start', startOf(word))])]))];
}

/** The token that every case with a word like this has; more may have it: compare with `isFoundBy` after opening. */
export function searchToken(key: Buffer, school: string, word: string): string {
  return word.length < prefixLength ? tokenOf(key, school, 'word', word) : tokenOf(key, school, 'start', startOf(word));
}

/** What may be written down of a search: an HMAC of each whole word. */
export function searchTrace(key: Buffer, school: string, words: string[]): string {
  return words.map((word) => tokenOf(key, school, 'trace', word)).join(' ');
}

/** Has this text, for every word, one that begins with it? */
export function isFoundBy(text: string, words: string[]): boolean {
  const own = searchWords(text);
  return words.every((word) => own.some((one) => one.startsWith(word)));
}

const prefixLength = 3;

function startOf(word: string): string {
  return Array.from(word).slice(0, prefixLength).join('');
}

function tokenOf(key: Buffer, school: string, kind: 'word' | 'start' | 'trace', word: string): string {
  return createHmac('sha256', key).update(JSON.stringify([school, kind, word])).digest().subarray(0, 16).toString('base64url');
}
