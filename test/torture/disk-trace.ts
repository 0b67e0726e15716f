import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { DiskEvent } from './disk.ts';

/** What strace must write down, and how. */
export const traced = ['-y', '-xx', '-s', '1000000', '-e', 'trace=openat,mkdir,pwrite64,write,writev,sendto,sendmsg,fsync,fdatasync,ftruncate,unlink,rename,link'];

/** Reads what strace (with `traced`) saw a server do to its data and keys below `folder`, and which of its answers were a promise (303) about which case. */
export async function readTrace(file: string, folder: string): Promise<DiskEvent[]> {
  const events: DiskEvent[] = [];
  const begun = new Map<string, { call: string; place: number }>();
  const ends = new Map<string, number>();
  for await (const line of createInterface({ input: createReadStream(file, 'latin1') })) {
    const [, thread = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const resumed = /^<\.\.\. \w+ resumed>/.test(rest);
    const { call, place } = (resumed ? begun.get(thread) : null) ?? { call: rest, place: events.length };
    begun.set(thread, { call, place });
    // A write counts from the moment it was asked for, a sync from the moment it was confirmed.
    const synced = /^f(?:data)?sync\(/.test(call);
    if (synced ? !rest.endsWith(' = 0') : resumed) continue;
    const event = eventOf(call, { folder, place, ends });
    if (event !== null) events.push(event);
  }
  return events;
}

/** `ends`: where the next write to a file begins that says no place. */
function eventOf(text: string, { folder, place, ends }: { folder: string; place: number; ends: Map<string, number> }): DiskEvent | null {
  const [, call = '', inner = ''] = /^(\w+)\((.*)$/.exec(text) ?? [];
  const first = (): Buffer => fromHex(/"((?:\\x[0-9a-f]{2})*)"/.exec(inner)?.[1] ?? '');
  if (/^(?:openat|mkdir|unlink|rename|link)$/.test(call)) {
    const file = fileIn(folder, first().toString());
    if (file === null || (call === 'openat' && !inner.includes('O_CREAT'))) return null;
    if (call === 'openat' || call === 'mkdir' || call === 'unlink') return { type: ({ openat: 'made', mkdir: 'madeFolder', unlink: 'gone' } as const)[call], file };
    throw new Error(`${file} was changed by ${call}, which is not followed.`);
  }
  if (/^(?:write|writev|sendto|sendmsg)$/.test(call) && inner.includes(promiseStart)) {
    const number = /\r\nlocation: \/cases\/(\d{4}-[A-Z0-9]{4})/i.exec(first().toString())?.[1];
    return number === undefined ? null : { type: 'promised', number };
  }
  const path = fromHex(/^\d+<([^>]*)>/.exec(inner)?.[1] ?? '').toString();
  const isSync = /^f(?:data)?sync$/.test(call);
  if (isSync && path === folder) return { type: 'syncedFolder', file: '', before: place };
  const file = fileIn(folder, path);
  if (file === null) return null;
  if (isSync) return { type: file.includes('/') ? 'synced' : 'syncedFolder', file, before: place };
  const last = Number(/, (\d+)(?:\)| <unfinished)/.exec(inner)?.[1]);
  switch (call) {
    case 'pwrite64': return { type: 'write', file, at: last, bytes: first() };
    case 'ftruncate': return { type: 'cut', file, size: last };
    case 'write': {
      const at = ends.get(file) ?? 0;
      ends.set(file, at + last);
      return { type: 'write', file, at, bytes: first() };
    }
    default: throw new Error(`${file} was changed by ${call}, which is not followed.`);
  }
}

/** How an answer begins that promises something. */
const promiseStart = [...Buffer.from('HTTP/1.1 303')].map((byte) => `\\x${byte.toString(16)}`).join('');

function fromHex(text: string): Buffer {
  return Buffer.from(text.replaceAll('\\x', ''), 'hex');
}

/** Its path there; null for what is elsewhere, and for what SQLite makes anew each time (the index of its log). */
function fileIn(folder: string, path: string): string | null {
  const file = path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : '';
  return /^(?:data|keys)(?:\/|$)/.test(file) && !file.endsWith('-shm') ? file : null;
}
