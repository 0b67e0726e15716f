import { existsSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { headsOf } from '../cases/verify.ts';
import type { Config } from '../config.ts';
import { type Database, databaseFile } from '../database/database.ts';
import type { Moment } from '../engine/state/case-state.ts';
import { StartProblem } from '../errors.ts';
import { readAnchors } from './anchor-file.ts';
import { harmlessVirus, makeScan } from '../trust/scan.ts';
import { waitsSince } from './send-log.ts';
import { daysSince, type Release, releaseDays } from './release.ts';
import { quietSince } from './settled-clock.ts';

/** One thing that was looked at. `key` and `params`: its sentence, upkeep.doctor.<key>. wrong: mend it before the server is used; note: think about it. */
export type Examined = { check: Check; level: 'fine' | 'note' | 'wrong'; key: string; params: { [name: string]: string | number } };

export type Check = 'logFile' | 'scan' | 'release' | 'node' | 'key' | 'modes' | 'clock' | 'disk' | 'address' | 'secondFactor' | 'backup' | 'anchors' | 'log';

/**
 * `opened`: the database with the right key, or why there is none. `backups`: folder of the backups. `free`: share of the disk of a folder
 * that is free, and its bytes. `release`: what this program is; null: nothing tells.
 */
export type ExamineParts = {
  config: Config; now: Moment; nodeVersion: string; release: Release | null; backups: string; opened: { database: Database } | { problem: StartProblem };
  free?: (folder: string) => { share: number; bytes: number };
};

const hourMs = 3_600_000;
/** interface.md, section 8: warn above two days. */
const oldAfterMs = 48 * hourMs;
/** Clocks that differ so little are right. */
const clockMs = 2 * 60_000;

/** Looks at what is around the program: files and who may read them, clock, disk, address, backups. Reads only. */
export async function examine(parts: ExamineParts): Promise<Examined[]> {
  const { config, opened } = parts;
  return [
    releaseOf(parts),
    nodeOf(parts.nodeVersion),
    'problem' in opened ? { check: 'key', level: 'wrong', key: 'problem', params: {} } : of('key', 'fine', 'key', { file: config.keyFile }),
    ...modesOf(config),
    ...('database' in opened ? [await clockOf(opened.database, parts.now)] : []),
    diskOf(parts),
    addressOf(config),
    config.secondFactor ? of('secondFactor', 'fine', 'secondFactor') : of('secondFactor', 'wrong', 'noSecondFactor'),
    backupOf(parts),
    anchorsOf(parts),
    ...await scanOf(config),
    ...('database' in opened ? [await logOf(opened.database), ...await logFileOf(opened.database, parts)] : [])
  ];
}

function of(check: Check, level: Examined['level'], key: string, params: Examined['params'] = {}): Examined {
  return { check, level, key, params };
}

/** Old is no fault of today, but holes in packages that came to light since are open. */
function releaseOf({ release, now }: ExamineParts): Examined {
  if (release === null) return of('release', 'note', 'noRelease');
  const params = { version: release.version, n: daysSince(release, now), most: releaseDays };
  return params.n > releaseDays ? of('release', 'note', 'oldRelease', params) : of('release', 'fine', 'release', params);
}

/** As package.json says under engines. */
function nodeOf(version: string): Examined {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 18) || major >= 24;
  return fits ? of('node', 'fine', 'node', { version }) : of('node', 'wrong', 'oldNode', { version });
}

/** Windows has no such modes; the key was looked at when it was read. */
function modesOf({ dataDir, databaseUrl, anchorFile }: Config): Examined[] {
  if (process.platform === 'win32') return [];
  const file = databaseFile(dataDir);
  const open = [...(databaseUrl === null ? [file, `${file}-wal`, `${file}-shm`] : []), ...(anchorFile === null ? [] : [anchorFile])]
    .filter((path) => existsSync(path) && (statSync(path).mode & 0o077) !== 0);
  return open.length === 0 ? [of('modes', 'fine', 'modes')] : open.map((path) => of('modes', 'wrong', 'openFile', { file: path }));
}

/** A clock that stands before what was written last was set back, or was wrong before. */
async function clockOf(database: Database, now: Moment): Promise<Examined> {
  const [line] = await database.read('access_log').max<{ at: Moment | null }[]>('at as at');
  const last = line?.at ?? null;
  return last !== null && Date.parse(last) > Date.parse(now) + clockMs ? of('clock', 'wrong', 'clockBehind', { now, last }) : await aheadOf(database, now);
}

/** A clock that leapt ahead erases nothing until it has been believed for a week. */
async function aheadOf(database: Database, now: Moment): Promise<Examined> {
  const last = await quietSince(database, now);
  return last === null ? of('clock', 'fine', 'clock', { now }) : of('clock', 'note', 'clockQuiet', { now, last });
}

function diskOf({ config: { dataDir, databaseUrl }, free = freeOf }: ExamineParts): Examined {
  const folder = databaseUrl === null && existsSync(dataDir) ? dataDir : '.';
  const { share, bytes } = free(folder);
  const params = { percent: Math.floor(share * 100), megabytes: Math.floor(bytes / 1_000_000), folder };
  if (bytes < 100_000_000) return of('disk', 'wrong', 'diskFull', params);
  return share < 0.05 ? of('disk', 'note', 'diskLow', params) : of('disk', 'fine', 'disk', params);
}

function freeOf(folder: string): { share: number; bytes: number } {
  const { bavail, blocks, bsize } = statfsSync(folder);
  return { share: blocks === 0 ? 0 : bavail / blocks, bytes: bavail * bsize };
}

function addressOf({ publicUrl, allowInsecureHttp, host, port }: Config): Examined {
  if (publicUrl?.startsWith('https:') === true) return of('address', 'fine', 'https', { address: publicUrl });
  const address = publicUrl ?? `http://${host}:${String(port)}`;
  return allowInsecureHttp ? of('address', 'wrong', 'http', { address }) : of('address', 'note', 'onlyHere', { address });
}

function backupOf({ backups, now }: ExamineParts): Examined {
  const times = existsSync(backups) ? readdirSync(backups).filter((name) => name.endsWith('.backup')).map((name) => statSync(join(backups, name)).mtimeMs) : [];
  if (times.length === 0) return of('backup', 'note', 'noBackup', { folder: backups });
  const hours = Math.max(0, Math.round((Date.parse(now) - Math.max(...times)) / hourMs));
  return hours * hourMs > oldAfterMs ? of('backup', 'note', 'oldBackup', { folder: backups, n: Math.round(hours / 24) }) : of('backup', 'fine', 'backup', { n: hours });
}

function anchorsOf({ config: { anchorFile: file }, now }: ExamineParts): Examined {
  if (file === null) return of('anchors', 'note', 'noAnchors');
  const { broken, lastAt } = readAnchors(file);
  if (broken !== null) return of('anchors', 'wrong', 'brokenAnchors', { file, line: broken });
  if (lastAt === null) return of('anchors', 'note', 'emptyAnchors', { file });
  const days = Math.floor((Date.parse(now) - Date.parse(lastAt)) / (24 * hourMs));
  return Date.parse(now) - Date.parse(lastAt) > oldAfterMs ? of('anchors', 'note', 'oldAnchors', { file, n: days }) : of('anchors', 'fine', 'anchors', { file });
}

/** Lines go within a minute; after an hour something is wrong. */
async function logFileOf(database: Database, { config: { logFile: file }, now }: ExamineParts): Promise<Examined[]> {
  if (file === null) return [];
  const since = await waitsSince(database);
  return [since !== null && Date.parse(now) - Date.parse(since) > hourMs ? of('logFile', 'wrong', 'logBehind', { file, since }) : of('logFile', 'fine', 'logSent', { file })];
}

/** Tries the scanner, with what it must find and what it must not. */
async function scanOf({ scanCommand }: Config): Promise<Examined[]> {
  if (scanCommand === null) return [];
  const scan = makeScan(scanCommand);
  const [virus, clean] = await Promise.all([scan(harmlessVirus), scan(Buffer.from('Stappenplan'))]);
  const params = { program: scanCommand[0] ?? '' };
  if (virus === 'failed' || clean === 'failed') return [of('scan', 'wrong', 'scanFails', params)];
  if (virus === 'clean') return [of('scan', 'wrong', 'scanMisses', params)];
  return [clean === 'found' ? of('scan', 'wrong', 'scanRefuses', params) : of('scan', 'fine', 'scan', params)];
}

async function logOf(database: Database): Promise<Examined> {
  const heads = await database.snapshot(headsOf);
  return of('log', 'fine', 'log', { n: heads.length, rows: heads.reduce((sum, { length }) => sum + length, 0) });
}
