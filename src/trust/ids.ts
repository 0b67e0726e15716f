import type { RandomBytes } from './seal.ts';

/** No vowels, so that no word appears; none of 0 O 1 I L U, which are misread. */
const letters = '23456789BCDFGHJKMNPQRSTVWXYZ';

/** A UUID version 7: sorts by time of making. */
export function uuid7(now: Date, random: RandomBytes): string {
  const bytes = random(16);
  bytes.writeUIntBE(now.getTime(), 0, 6);
  bytes.writeUInt8(0x70 | (bytes.readUInt8(6) & 0x0f), 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** A number for a case such as 2026-K7QM. Random: a sequence would tell of cases one may not know of. May be taken already. */
export function caseNumber(year: number, random: RandomBytes): string {
  return `${year}-${codeOf(4, random)}`;
}

/** Random letters and figures that people can read to each other and type. */
export function codeOf(length: number, random: RandomBytes): string {
  let code = '';
  while (code.length < length) {
    const byte = random(1).readUInt8(0);
    // 252 is the largest multiple of 28 in a byte: every letter is as likely.
    if (byte < 252) code += letters.charAt(byte % letters.length);
  }
  return code;
}
