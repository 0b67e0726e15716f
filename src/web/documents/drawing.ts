import type { Drawing } from '../views/version-view-models.ts';

/** A drawn signature has at most so many signs, and its box at most so many units. */
const mostSigns = 60_000;
const largest = 2_000;

const lines = /^(?:M\d{1,4} \d{1,4}(?:L\d{1,4} \d{1,4})+)+$/;

/** Reads what was drawn: lines from point to point as an SVG path, and the size of its box. Null: it is no drawing, or nothing was drawn. */
export function readDrawing({ path, width, height }: { path: string; width: string; height: string }): Drawing | null {
  const size = [width, height].map(Number);
  const [w = 0, h = 0] = size;
  if (path.length > mostSigns || !lines.test(path) || size.some((side) => !Number.isInteger(side) || side < 1 || side > largest)) return null;
  return { path, width: w, height: h };
}

/** Writes a drawing as a picture that can do nothing: one path of digits. */
export function writeDrawing({ path, width, height }: Drawing): Buffer {
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}" viewBox="0 0 ${String(width)} ${String(height)}"><path d="${path}" fill="none" stroke="#13222b" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round"/></svg>\n`);
}

/** Reads what writeDrawing wrote; null: it is something else. */
export function drawingIn(data: Buffer): Drawing | null {
  const [, width = '', height = '', path = ''] = /viewBox="0 0 (\d+) (\d+)"><path d="([^"]*)"/.exec(data.toString('latin1')) ?? [];
  return readDrawing({ path, width, height });
}
