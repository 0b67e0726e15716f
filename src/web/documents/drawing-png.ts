import { crc32, deflateSync } from 'node:zlib';
import type { Drawing } from '../views/version-view-models.ts';

/** So wide a picture is sharp where it is printed, some four centimetres. */
const widthInDots = 800;
const paper = 255;
const ink = 32;

/** Paints a drawing as a PNG in shades of grey: the same picture for PDF and Word, which both know no lines of their own. */
export function drawingPng({ path, width: boxWidth, height: boxHeight }: Drawing): { data: Buffer; width: number; height: number } {
  const scale = widthInDots / boxWidth;
  const [width, height] = [widthInDots, Math.max(1, Math.round(boxHeight * scale))];
  const dots = Buffer.alloc(width * height, paper);
  const radius = Math.max(1, 1.25 * scale);
  for (const line of path.split('M').filter((part) => part !== '')) {
    const points = line.split('L').map((point) => point.split(' ').map((part) => Number(part) * scale));
    points.slice(1).forEach((point, index) => { stroke(dots, { width, height, radius }, points[index] ?? point, point); });
  }
  return { data: pngOf(dots, width, height), width, height };
}

type Sheet = { width: number; height: number; radius: number };

/** Sets round dots close to one another along a line; at its edge ink and paper mix. */
function stroke(dots: Buffer, { width, height, radius }: Sheet, [fromX = 0, fromY = 0]: number[], [toX = 0, toY = 0]: number[]): void {
  const steps = Math.max(1, Math.ceil(Math.hypot(toX - fromX, toY - fromY) / (radius / 2)));
  for (let step = 0; step <= steps; step += 1) {
    const [x, y] = [fromX + ((toX - fromX) * step) / steps, fromY + ((toY - fromY) * step) / steps];
    for (let row = Math.max(0, Math.floor(y - radius)); row <= Math.min(height - 1, Math.ceil(y + radius)); row += 1) {
      for (let column = Math.max(0, Math.floor(x - radius)); column <= Math.min(width - 1, Math.ceil(x + radius)); column += 1) {
        const covered = Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(column - x, row - y)));
        const at = row * width + column;
        dots[at] = Math.min(dots[at] ?? paper, Math.round(paper - (paper - ink) * covered));
      }
    }
  }
}

/** PNG, 8 bits of grey: each row begins with a 0, which says that it stands as it is. */
function pngOf(dots: Buffer, width: number, height: number): Buffer {
  const rows = Array.from({ length: height }, (_, row) => Buffer.concat([Buffer.from([0]), dots.subarray(row * width, (row + 1) * width)]));
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.writeUInt8(8, 8);
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', head), chunk('IDAT', deflateSync(Buffer.concat(rows))), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
