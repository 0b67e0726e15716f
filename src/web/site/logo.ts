import type { Logo } from '../../staff/school-store.ts';

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

/** Gives the size of a picture that was taken, in pixels; null when it does not say so. */
export function sizeOf({ type, data }: Logo): { width: number; height: number } | null {
  if (type === 'image/png') return sized(data.readUInt32BE(16), data.readUInt32BE(20));
  // A JPEG is a row of segments: ff, a mark, the length; the one that starts a frame holds the size.
  for (let at = 2; at + 9 < data.length && data[at] === 0xff;) {
    const mark = data[at + 1] ?? 0;
    if (mark >= 0xc0 && mark <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(mark)) return sized(data.readUInt16BE(at + 7), data.readUInt16BE(at + 5));
    at += 2 + data.readUInt16BE(at + 2);
  }
  return null;
}

function sized(width: number, height: number): { width: number; height: number } | null {
  return width > 0 && height > 0 ? { width, height } : null;
}
