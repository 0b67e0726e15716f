import type { Logo } from '../staff/school-store.ts';

/** Why a picture is not taken. */
export type LogoProblem = 'kind' | 'tooLarge' | 'tooWide';

const mostBytes = 200 * 1024;
/** A small file can hold a picture that fills the memory of every browser. */
const mostPixels = 4_000;

/** Judges an uploaded picture by what is in it, whatever it is called: PNG or JPEG, at most 200 kB. */
export function readLogo(data: Buffer): Logo | LogoProblem {
  const type = typeOf(data);
  if (type === null) return 'kind';
  if (data.length > mostBytes) return 'tooLarge';
  if (type === 'image/png' && Math.max(data.readUInt32BE(16), data.readUInt32BE(20)) > mostPixels) return 'tooWide';
  return { type, data };
}

function typeOf(data: Buffer): Logo['type'] | null {
  if (data.length > 24 && data.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex')) && data.toString('latin1', 12, 16) === 'IHDR') return 'image/png';
  return data.length > 4 && data.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex')) && data.subarray(-2).equals(Buffer.from('ffd9', 'hex')) ? 'image/jpeg' : null;
}
