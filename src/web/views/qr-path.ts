import { create } from 'qrcode';

/** A QR code as an SVG path of squares of one, with four of white around it (ISO 18004); `size` is the side of the whole. */
export type QrPath = { size: number; d: string };

const margin = 4;

/** Draws a text as a QR code. It goes into the page itself, since it holds a secret that no address may have. */
export function qrPath(text: string): QrPath {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const rows = Array.from({ length: modules.size }, (_, y) => Array.from({ length: modules.size }, (__, x) => (modules.get(y, x) === 0 ? '' : `M${String(x + margin)} ${String(y + margin)}h1v1h-1z`)).join(''));
  return { size: modules.size + 2 * margin, d: rows.join('') };
}
