import { unzipSync, zipSync, type Zippable } from 'fflate';
import { textHash } from '../../definitions/make-bundle.ts';
import { type LogRow, valuesOf } from '../../trust/access-log-store.ts';
import { chainStart, followLinks } from '../../trust/chain.ts';
import { eventValues, type EventRow } from './case-rows.ts';
import { sha256Of } from './file-store.ts';

/** What stands first in the manifest, so that nothing else is taken for one. */
const format = 'stappenplan-zaak-1';

/** The end of a chain: the hash of its last row, and how many there are. */
export type Head = { head: string; count: number };

export type Manifest = {
  format: string;
  number: string;
  madeOn: string;
  /** Where the chains of the case ended at that moment. */
  chains: { events: Head; accessLog: Head & { /** What was destroyed of its start, because its term was over. */ after?: Head } };
  /** Every other file in the ZIP by its path. */
  files: { [path: string]: { sha256: string; bytes: number } };
};

/** The rows of the chains of a case as they are kept, sealed, so that the chains can be followed without a key. */
export type ChainFile = { events: EventRow[]; accessLog: LogRow[] };

/** Paths in the ZIP that are read again. */
export const zipPaths = { manifest: 'manifest.json', chains: 'ketens.json', events: 'gebeurtenissen.json', route: 'route.json', summary: 'zaak.json' } as const;

/** Packs a case with a manifest of it: `files` by path, without the manifest. */
export function packCase(files: { [path: string]: Buffer }, { number, madeOn, chains }: Omit<Manifest, 'format' | 'files'>): Buffer {
  const manifest: Manifest = {
    format, number, madeOn, chains,
    files: Object.fromEntries(Object.entries(files).map(([path, content]) => [path, { sha256: sha256Of(content), bytes: content.length }]))
  };
  const packed = Object.entries({ ...files, [zipPaths.manifest]: Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`) });
  // What is packed by itself does not get smaller.
  const all: Zippable = Object.fromEntries(packed.map(([path, content]) => [path, [content, { level: /\.(?:json|txt|svg)$/.test(path) ? 6 : 0, mtime: madeOn }]]));
  return Buffer.from(zipSync(all));
}

/** Why a ZIP is not what was packed. `path`: of which file; null: the whole. */
export type ZipProblem = { problem: 'noZip' | 'noManifest' | 'missing' | 'changed' | 'extra' | 'chain' | 'otherEvents' | 'otherRoute'; path: string | null };

/** Larger than any case: 20 files of 10 MB, with documents beside them. */
const mostBytes = 2_000_000_000;

/**
 * Checks a packed case with nothing but itself: every file against the manifest, and both chains from their first row, or from what was
 * destroyed before it, to the ends it names. Gives everything wrong. Nothing wrong does not prove all: only the ends kept elsewhere show that the whole was not made anew, and
 * only who has the key sees that the readable files say what the sealed rows of the chains say.
 */
export function checkZip(data: Uint8Array): { problems: ZipProblem[]; manifest: Manifest | null } {
  const files = unpacked(data);
  if (files === null) return { problems: [{ problem: 'noZip', path: null }], manifest: null };
  const manifest = readManifest(files[zipPaths.manifest]);
  if (manifest === null) return { problems: [{ problem: 'noManifest', path: null }], manifest };
  const listed = Object.entries(manifest.files).flatMap(([path, { sha256, bytes }]): ZipProblem[] => {
    const content = files[path];
    if (content === undefined) return [{ problem: 'missing', path }];
    return content.length === bytes && sha256Of(content) === sha256 ? [] : [{ problem: 'changed', path }];
  });
  const extra = Object.keys(files).filter((path) => path !== zipPaths.manifest && !Object.hasOwn(manifest.files, path)).map((path): ZipProblem => ({ problem: 'extra', path }));
  const problems = [...listed, ...extra];
  return { problems: problems.length > 0 ? problems : contentProblems(files, manifest), manifest };
}

function contentProblems(files: { [path: string]: Buffer }, { chains }: Manifest): ZipProblem[] {
  const rows = parsed(files[zipPaths.chains]) as ChainFile | null;
  const events = parsed(files[zipPaths.events]) as { sequence: number; at: string; person: string; event: { type: string } }[] | null;
  const summary = parsed(files[zipPaths.summary]) as { route: { hash: string } } | null;
  if (rows === null || events === null || summary === null) return [{ problem: 'missing', path: zipPaths.chains }];
  const ends = (own: { hash: string; values: (string | number | null)[] }[], { head, count, after = { head: chainStart, count: 0 } }: Head & { after?: Head }): boolean => {
    const { broken, last } = followLinks(after.head, own);
    return broken === null && last === head && after.count + own.length === count;
  };
  const isSame = events.length === rows.events.length && rows.events.every((row, index) => {
    const event = events[index];
    return event?.sequence === row.sequence && event.at === row.at && event.person === row.person_id && event.event.type === row.type;
  });
  return [
    ...(ends(rows.events.map((row) => ({ hash: row.hash, values: eventValues(row) })), chains.events) ? [] : [{ problem: 'chain' as const, path: zipPaths.events }]),
    ...(ends(rows.accessLog.map((row) => ({ hash: row.hash, values: valuesOf(row) })), chains.accessLog) ? [] : [{ problem: 'chain' as const, path: zipPaths.chains }]),
    ...(isSame ? [] : [{ problem: 'otherEvents' as const, path: zipPaths.events }]),
    ...(textHash(files[zipPaths.route]?.toString('utf8') ?? '') === summary.route.hash ? [] : [{ problem: 'otherRoute' as const, path: zipPaths.route }])
  ];
}

/** Null: it is no ZIP, or holds more than a case can. */
function unpacked(data: Uint8Array): { [path: string]: Buffer } | null {
  let bytes = 0;
  try {
    const files = unzipSync(data, { filter: ({ originalSize }) => { bytes += originalSize; if (bytes > mostBytes) throw new Error('Too large.'); return true; } });
    return Object.fromEntries(Object.entries(files).map(([path, content]) => [path, Buffer.from(content)]));
  } catch {
    return null;
  }
}

function readManifest(content: Buffer | undefined): Manifest | null {
  const found = parsed(content) as Partial<Manifest> | null;
  return found?.format === format && found.files !== undefined && found.chains !== undefined ? (found as Manifest) : null;
}

function parsed(content: Buffer | undefined): unknown {
  try {
    return content === undefined ? null : JSON.parse(content.toString('utf8')) as unknown;
  } catch {
    return null;
  }
}

/** A value as a file in the ZIP. */
export function jsonFile(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 1)}\n`);
}
