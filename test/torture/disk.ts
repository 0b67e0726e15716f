import { dirname } from 'node:path';

/** What programs did to files below one folder, in order, by their path from there; and, for what they promised meanwhile, about which case. */
export type DiskEvent =
  | { type: 'write'; file: string; at: number; bytes: Buffer }
  | { type: 'cut'; file: string; size: number }
  | { type: 'made' | 'madeFolder' | 'gone'; file: string }
  /** Of a folder: the names in it. `before`: what was begun before this place in the list is on the disk now. */
  | { type: 'synced' | 'syncedFolder'; file: string; before: number }
  | { type: 'promised'; number: string };

/** Files by their path. */
export type Files = Map<string, Buffer>;

/** What a power cut does to what was written and not yet synced: all lost; nothing; all after some write, that one torn; any of it; any of it, sector by sector. */
export const losses = ['all', 'none', 'later', 'some', 'sectors'] as const;
export type Loss = (typeof losses)[number];

type Change = Extract<DiskEvent, { type: 'write' | 'cut' }>;
type Content = { isFolder: boolean; onDisk: Buffer; waiting: { place: number; change: Change }[] };
type Dice = (below: number) => number;

const sectorBytes = 512;

/** Follows what was done; `afterCut` gives what a power cut at that moment may leave, `asSeen` what programs find there. */
export function makeDisk(files: Files) {
  const contents = new Map([...files].map(([name, onDisk]): [string, Content] => [name, { isFolder: false, onDisk, waiting: [] }]));
  const keptNames = new Map(contents);
  let names: { place: number; name: string; content: Content | null }[] = [];
  const rename = (place: number, name: string, content: Content | null): void => {
    names.push({ place, name, content });
    put(contents, name, content);
  };
  return {
    apply: (event: DiskEvent, place: number): void => {
      switch (event.type) {
        case 'write':
        case 'cut': contentOf(contents, event.file).waiting.push({ place, change: event }); break;
        case 'made':
        case 'madeFolder': if (!contents.has(event.file)) rename(place, event.file, { isFolder: event.type === 'madeFolder', onDisk: Buffer.alloc(0), waiting: [] }); break;
        case 'gone': rename(place, event.file, null); break;
        case 'syncedFolder':
          for (const { name, content } of names.filter((one) => one.place < event.before && folderOf(one.name) === event.file)) put(keptNames, name, content);
          names = names.filter((one) => one.place >= event.before || folderOf(one.name) !== event.file);
          break;
        case 'synced': {
          const content = contentOf(contents, event.file);
          content.onDisk = changed(content.onDisk, content.waiting.filter((one) => one.place < event.before).map(({ change }) => change));
          content.waiting = content.waiting.filter((one) => one.place >= event.before);
          break;
        }
        case 'promised':
      }
    },
    afterCut: (loss: Loss, dice: Dice): Files => {
      const left = new Map(keptNames);
      for (const folder of new Set(names.map(({ name }) => folderOf(name)))) {
        const inFolder = names.filter(({ name }) => folderOf(name) === folder);
        const most = loss === 'all' ? 0 : loss === 'none' ? inFolder.length : dice(inFolder.length + 1);
        for (const { name, content } of inFolder.slice(0, most)) put(left, name, content);
      }
      // What stands in a folder whose name was lost is lost as well.
      for (const name of left.keys()) if (contents.get(folderOf(name))?.isFolder === true && !left.has(folderOf(name))) left.delete(name);
      return filesOf(left, ({ onDisk, waiting }) => changed(onDisk, survivors(waiting.map(({ change }) => change), loss, dice)));
    },
    asSeen: (): Files => filesOf(contents, ({ onDisk, waiting }) => changed(onDisk, waiting.map(({ change }) => change)))
  };
}

function filesOf(contents: Map<string, Content>, bytesOf: (content: Content) => Buffer): Files {
  return new Map([...contents].filter(([, { isFolder }]) => !isFolder).map(([name, content]) => [name, bytesOf(content)]));
}

/** Empty for the uppermost. */
function folderOf(name: string): string {
  return name.includes('/') ? dirname(name) : '';
}

function survivors(changes: Change[], loss: Loss, dice: Dice): Change[] {
  const last = dice(changes.length + 1);
  switch (loss) {
    case 'all': return [];
    case 'none': return changes;
    case 'later': return [...changes.slice(0, last), ...changes.slice(last, last + 1).flatMap((change) => torn(change, dice))];
    case 'some': return changes.filter(() => dice(2) === 0);
    case 'sectors': return changes.flatMap((change) => dice(3) === 0 ? [change] : torn(change, dice));
  }
}

/** The sectors of a write that reached the disk: any of them. */
function torn(change: Change, dice: Dice): Change[] {
  if (change.type === 'cut') return dice(2) === 0 ? [change] : [];
  const pieces: Change[] = [];
  const end = change.at + change.bytes.length;
  for (let at = change.at; at < end;) {
    const next = Math.min(end, (Math.floor(at / sectorBytes) + 1) * sectorBytes);
    if (dice(2) === 0) pieces.push({ ...change, at, bytes: change.bytes.subarray(at - change.at, next - change.at) });
    at = next;
  }
  return pieces;
}

/** What is not written between two writes reads as zeros. */
function changed(start: Buffer, changes: Change[]): Buffer {
  const bytes = Buffer.alloc(Math.max(start.length, ...changes.map((change) => change.type === 'write' ? change.at + change.bytes.length : change.size)));
  let size = start.copy(bytes);
  for (const change of changes) {
    if (change.type === 'write') size = Math.max(size, change.at + change.bytes.copy(bytes, change.at));
    else {
      bytes.fill(0, change.size);
      size = change.size;
    }
  }
  return bytes.subarray(0, size);
}

function contentOf(contents: Map<string, Content>, name: string): Content {
  const content = contents.get(name);
  if (content === undefined) throw new Error(`${name} was written and never made.`);
  return content;
}

function put(names: Map<string, Content>, name: string, content: Content | null): void {
  if (content === null) names.delete(name);
  else names.set(name, content);
}
