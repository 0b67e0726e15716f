import { createReadStream } from 'node:fs';
import { basename, dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { DiskEvent } from './disk.ts';

/** What strace must write down, and how. */
export const traced = ['-y', '-xx', '-s', '1000000', '-e', 'trace=openat,pwrite64,write,writev,sendto,sendmsg,fsync,fdatasync,ftruncate,unlink'];

/** Reads what strace (with `traced`) saw a server do to the files of `folder`, and which of its answers were a promise (303) about which case. */
export async function readTrace(file: string, folder: string): Promise<DiskEvent[]> {
  const events: DiskEvent[] = [];
  const begun = new Map<string, { call: string; place: number }>();
  for await (const line of createInterface({ input: createReadStream(file, 'latin1') })) {
    const [, thread = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const resumed = /^<\.\.\. \w+ resumed>/.test(rest);
    const { call, place } = (resumed ? begun.get(thread) : null) ?? { call: rest, place: events.length };
    begun.set(thread, { call, place });
    // A write counts from the moment it was asked for, a sync from the moment it was confirmed.
    const synced = /^f(?:data)?sync\(/.test(call);
    if (synced ? !rest.endsWith(' = 0') : resumed) continue;
    const event = eventOf(call, folder, place);
    if (event !== null) events.push(event);
  }
  return events;
}

function eventOf(text: string, folder: string, place: number): DiskEvent | null {
  const [, call = '', inner = ''] = /^(\w+)\((.*)$/.exec(text) ?? [];
  const strings = (most: number): Buffer[] => [...inner.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].slice(0, most).map(([, hex = '']) => fromHex(hex));
  if (call === 'openat' || call === 'unlink') {
    const file = fileIn(folder, strings(1)[0]?.toString() ?? '');
    if (file === null || (call === 'openat' && !inner.includes('O_CREAT'))) return null;
    return { type: call === 'openat' ? 'made' : 'gone', file };
  }
  const path = fromHex(/^\d+<([^>]*)>/.exec(inner)?.[1] ?? '').toString();
  if (/^(?:write|writev|sendto|sendmsg)$/.test(call) && inner.includes(promiseStart)) {
    const number = /\r\nlocation: \/cases\/(\d{4}-[A-Z0-9]{4})/i.exec(strings(1)[0]?.toString() ?? '')?.[1];
    return number === undefined ? null : { type: 'promised', number };
  }
  if (/^f(?:data)?sync$/.test(call) && path === folder) return { type: 'synced', file: null, before: place };
  const file = fileIn(folder, path);
  if (file === null) return null;
  switch (call) {
    case 'fsync':
    case 'fdatasync': return { type: 'synced', file, before: place };
    case 'pwrite64': return { type: 'write', file, at: Number(/, (\d+)(?:\)| <unfinished)/.exec(inner)?.[1]), bytes: strings(1)[0] ?? Buffer.alloc(0) };
    case 'ftruncate': return { type: 'cut', file, size: Number(/, (\d+)(?:\)| <unfinished)/.exec(inner)?.[1]) };
    default: throw new Error(`${file} was changed by ${call}, which is not followed.`);
  }
}

/** How an answer begins that promises something. */
const promiseStart = [...Buffer.from('HTTP/1.1 303')].map((byte) => `\\x${byte.toString(16)}`).join('');

function fromHex(text: string): Buffer {
  return Buffer.from(text.replaceAll('\\x', ''), 'hex');
}

/** Its name there; null for what is elsewhere, and for what SQLite makes anew each time (the index of its log). */
function fileIn(folder: string, path: string): string | null {
  return dirname(path) === folder && !path.endsWith('-shm') ? basename(path) : null;
}
