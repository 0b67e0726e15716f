import { createHash, timingSafeEqual } from 'node:crypto';

/** Why a typed code is no key: the key of a sentence in texts/, with what it names. */
export type RecoveryProblem = { text: string; params: { [name: string]: string | number } };

/** Crockford's base 32: I and L are read as 1, O as 0, and U does not occur, so no word appears by chance. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 52 letters of five bits hold the 256 bits of a key and four bits to check the whole. */
const groupCount = 13;
const dataLetters = 4;
/** Odd, so that any one wrong letter shows in the check letter of its group. */
const weights = [1, 3, 7, 11];

/** Writes a key to print: 13 groups of five letters, the last of each a check on the group and its place. */
export function recoveryCode(key: Buffer): string {
  const bits = BigInt(`0x${key.toString('hex')}`) << 4n | BigInt(wholeCheck(key));
  const groups = Array.from({ length: groupCount }, (_, group) => {
    const values = Array.from({ length: dataLetters }, (_, letter) => Number(bits >> BigInt((groupCount * dataLetters - 1 - group * dataLetters - letter) * 5) & 31n));
    return [...values, groupCheck(values, group)].map((value) => alphabet.charAt(value)).join('');
  });
  return groups.join('-');
}

/** Reads a printed key; spaces, dashes, small letters and look-alikes do not matter. Names the group that was mistyped. */
export function keyFromRecovery(text: string): Buffer | RecoveryProblem {
  const letters = plain(text);
  const strange = Array.from(letters).find((letter) => !alphabet.includes(letter));
  if (strange !== undefined) return { text: 'upkeep.recovery.letter', params: { letter: strange } };
  const groupLength = dataLetters + 1;
  if (letters.length !== groupCount * groupLength) return { text: 'upkeep.recovery.length', params: { n: letters.length, expected: groupCount * groupLength } };
  let bits = 0n;
  for (let group = 0; group < groupCount; group += 1) {
    const values = Array.from(letters.slice(group * groupLength, (group + 1) * groupLength)).map((letter) => alphabet.indexOf(letter));
    const check = values.pop();
    if (check !== groupCheck(values, group)) return { text: 'upkeep.recovery.group', params: { number: group + 1, group: letters.slice(group * groupLength, (group + 1) * groupLength) } };
    for (const value of values) bits = bits << 5n | BigInt(value);
  }
  const key = Buffer.from((bits >> 4n).toString(16).padStart(64, '0'), 'hex');
  return Number(bits & 15n) === wholeCheck(key) ? key : { text: 'upkeep.recovery.whole', params: {} };
}

/** Is this the end of the printed key, so many groups, typed back to show that it was written down? */
export function isPartOfRecovery(key: Buffer, typed: string, groups = 3): boolean {
  const expected = Buffer.from(recoveryCode(key).split('-').slice(-groups).join(''));
  const given = Buffer.from(plain(typed));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function plain(text: string): string {
  return text.toUpperCase().replace(/[\s.,–—-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
}

function groupCheck(values: number[], group: number): number {
  return values.reduce((sum, value, index) => sum + value * (weights[index] ?? 1), (group + 1) * 5) % 32;
}

function wholeCheck(key: Buffer): number {
  return createHash('sha256').update('stappenplan recovery').update(key).digest().readUInt8(0) >> 4;
}
