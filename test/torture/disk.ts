/** What programs did to the files of one folder, in order; and, for what they promised meanwhile, about which case. */
export type DiskEvent =
  | { type: 'write'; file: string; at: number; bytes: Buffer }
  | { type: 'cut'; file: string; size: number }
  | { type: 'made' | 'gone'; file: string }
  /** `file` null: the folder itself, its names. `before`: what was begun before this place in the list is on the disk now. */
  | { type: 'synced'; file: string | null; before: number }
  | { type: 'promised'; number: string };

/** The files of a folder, by name. */
export type Files = Map<string, Buffer>;

/** What a power cut does to what was written and not yet synced: all lost; nothing; all after some write, that one torn; any of it; any of it, sector by sector. */
export const losses = ['all', 'none', 'later', 'some', 'sectors'] as const;
export type Loss = (typeof losses)[number];

type Change = Extract<DiskEvent, { type: 'write' | 'cut' }>;
type Content = { onDisk: Buffer; waiting: { place: number; change: Change }[] };
type Dice = (below: number) => number;

const sectorBytes = 512;

/** Follows what was done to a folder; `afterCut` gives what a power cut at that moment may leave of it, `asSeen` what programs find there. */
export function makeDisk(files: Files) {
  const contents = new Map([...files].map(([name, onDisk]): [string, Content] => [name, { onDisk, waiting: [] }]));
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
        case 'made': if (!contents.has(event.file)) rename(place, event.file, { onDisk: Buffer.alloc(0), waiting: [] }); break;
        case 'gone': rename(place, event.file, null); break;
        case 'synced':
          if (event.file === null) {
            for (const { name, content } of names.filter((one) => one.place < event.before)) put(keptNames, name, content);
            names = names.filter((one) => one.place >= event.before);
          } else {
            const content = contentOf(contents, event.file);
            content.onDisk = changed(content.onDisk, content.waiting.filter((one) => one.place < event.before).map(({ change }) => change));
            content.waiting = content.waiting.filter((one) => one.place >= event.before);
          }
          break;
        case 'promised':
      }
    },
    afterCut: (loss: Loss, dice: Dice): Files => {
      const left = new Map(keptNames);
      const most = loss === 'all' ? 0 : loss === 'none' ? names.length : dice(names.length + 1);
      for (const { name, content } of names.slice(0, most)) put(left, name, content);
      return new Map([...left].map(([name, { onDisk, waiting }]) => [name, changed(onDisk, survivors(waiting.map(({ change }) => change), loss, dice))]));
    },
    asSeen: (): Files => new Map([...contents].map(([name, { onDisk, waiting }]) => [name, changed(onDisk, waiting.map(({ change }) => change))]))
  };
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
