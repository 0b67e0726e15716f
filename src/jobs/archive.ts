import { createHash, type Hash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Knex } from 'knex';
import { migrationsOf } from '../database/migrate.ts';
import { openSealedFile, SealedFileProblem } from '../trust/sealed-file.ts';
import { type Table, tables } from '../database/tables.ts';

type Value = string | number | null;

/** What a backup says of itself, in its last line. `sha256` is over all lines before. */
export type Manifest = { made: string; migrations: string[]; counts: { [table: string]: number }; anchor: string; sha256: string };

/**
 * A backup is lines of JSON, the same for every database: first the migrations of its schema, then for each table its name and columns
 * and a line per row, last the manifest.
 */
export type ArchiveLine = { migrations: string[] } | { table: string; columns: string[] } | Value[] | { manifest: Manifest };

/** Writes out all that is worth keeping, from a connection that sees one moment. */
export async function* archiveLines(connection: Knex, { made, anchor }: Pick<Manifest, 'made' | 'anchor'>): AsyncGenerator<string> {
  const migrations = await migrationsOf(connection);
  const counts: Manifest['counts'] = {};
  const hash = createHash('sha256');
  const kept = (line: ArchiveLine): string => noted(hash, `${JSON.stringify(line)}\n`);
  yield kept({ migrations });
  for (const table of tables) {
    if (table.passing === true) continue;
    let columns: string[] | null = null;
    counts[table.name] = 0;
    for await (const row of rowsOf(connection, table)) {
      if (columns === null) yield kept({ table: table.name, columns: columns = Object.keys(row) });
      yield kept(columns.map((name) => row[name] ?? null));
      counts[table.name] = (counts[table.name] ?? 0) + 1;
    }
  }
  const manifest: Manifest = { made, migrations, counts, anchor, sha256: hash.digest('hex') };
  yield `${JSON.stringify({ manifest } satisfies ArchiveLine)}\n`;
}

/** Reads a backup line by line. Throws a SealedFileProblem when it was sealed with another key, was damaged or is none. */
export async function* readArchive(file: string, key: Buffer): AsyncGenerator<ArchiveLine> {
  const hash = createHash('sha256');
  let hasEnded = false;
  for await (const text of linesOf(gunzipped(openSealedFile(file, key)))) {
    const line = JSON.parse(text) as ArchiveLine;
    if ('manifest' in line) {
      if (line.manifest.sha256 !== hash.digest('hex')) throw new SealedFileProblem('damaged');
      hasEnded = true;
    } else noted(hash, `${text}\n`);
    yield line;
  }
  if (!hasEnded) throw new SealedFileProblem('damaged');
}

const pageSize = 500;
const pageOfLarge = 8;

type Row = { [column: string]: Value };

/** Page by page in the order of the key. */
async function* rowsOf(connection: Knex, { name, key, large }: Table): AsyncGenerator<Row> {
  const size = large === true ? pageOfLarge : pageSize;
  for (let after: Value[] | null = null; ;) {
    const query = connection<Row>(name).select('*').orderBy(key.map((column) => ({ column }))).limit(size);
    if (after !== null) void query.whereRaw(`(${key.map(() => '??').join(', ')}) > (${key.map(() => '?').join(', ')})`, [...key, ...after]);
    const rows: Row[] = await query;
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < size) return;
    after = key.map((column) => last[column] ?? null);
  }
}

function noted(hash: Hash, line: string): string {
  hash.update(line);
  return line;
}

async function* gunzipped(sealed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const feeding = pipeline(Readable.from(sealed), gunzip);
  // What went wrong is thrown below, to the one who reads.
  feeding.catch(() => undefined);
  try {
    for await (const chunk of gunzip) yield chunk as Buffer;
  } catch (error) {
    const { code = '' } = error as { code?: string };
    throw code.startsWith('Z_') ? new SealedFileProblem('damaged', { cause: error }) : error;
  }
  await feeding;
}

/** Only a line feed ends a line: JSON may hold the other line ends of Unicode. */
async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let waiting: Buffer[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      yield Buffer.concat([...waiting, chunk.subarray(start, end)]).toString('utf8');
      waiting = [];
      start = end + 1;
    }
    waiting.push(chunk.subarray(start));
  }
}
