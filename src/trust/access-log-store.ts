import type { Knex } from 'knex';
import type { Database } from '../database/database.ts';
import type { Moment, PersonId } from '../engine/state/case-state.ts';
import { keptQuery } from '../database/kept-query.ts';
import { inPieces, type Leave } from '../database/left-rows.ts';
import { chainStart, followLinks, nextLink } from './chain.ts';

/** What is written down of what people do, after the example of NEN 7513. */
export const accessActions = [
  'list', 'view', 'viewTask', 'viewRecord', 'viewDocument', 'viewDraft', 'viewLog', 'download', 'print', 'search', 'export',
  'start', 'change', 'move', 'destroy', 'destroyLines', 'refused', 'refusedTry', 'breakGlass', 'review', 'disclose',
  'signIn', 'signInFailed', 'signOut', 'setup', 'changePartner', 'changePerson', 'changeSetting'
] as const;

export type AccessAction = (typeof accessActions)[number];

/** One line: who did what, to which case. `detail` holds ids and codes, never an answer, a name or a search term. */
export type AccessLine = { person: PersonId | null; case: string | null; action: AccessAction; detail?: string | null };

export type StoredAccessLine = AccessLine & { sequence: number; at: Moment };

type TimedLine = AccessLine & { at: Moment };

/** The chain of everything that is not about one case. */
export const generalChain = 'general';

/** Appends lines, each to the chain of its case, inside the transaction of what they tell of: no line, no change. */
export async function appendAccessLog(connection: Knex, lines: AccessLine[], now: Moment): Promise<void> {
  for (const rows of inPieces(timed(lines, now))) await append(connection, { rows });
}

/** The same at the end of the transaction, together with the lines of others who share it. */
export function leaveAccessLog(leave: Leave, lines: AccessLine[], now: Moment): void {
  leave(append, timed(lines, now));
}

/**
 * Makes what writes lines by themselves, of what was looked at. Lines that wait at the same moment are written together, since every
 * page that shows a case leaves one.
 */
export function makeAccessLog(database: Pick<Database, 'write'>): (lines: AccessLine[], now: Moment) => Promise<void> {
  let waiting: TimedLine[] = [];
  let next: Promise<void> | null = null;
  const write = async (): Promise<void> => {
    let taken: TimedLine[] | null = null;
    // Others may join until the write begins; should it run again, then with the same lines.
    const take = (): TimedLine[] => {
      if (taken === null) {
        taken = waiting;
        waiting = [];
        next = null;
      }
      return taken;
    };
    try {
      await database.write(async (_, leave) => { leave(append, take()); });
    } finally {
      take();
    }
  };
  return async (lines, now) => {
    if (lines.length === 0) return;
    waiting.push(...timed(lines, now));
    next ??= write();
    await next;
  };
}

/** Reads the lines of one case, oldest first. */
export async function readAccessLog(connection: Knex, caseId: string): Promise<StoredAccessLine[]> {
  const rows = await connection<LogRow>('access_log').where('chain', caseId).orderBy('sequence');
  return rows.map(({ sequence, at, person_id, action, detail }) => ({ sequence, at, person: person_id, case: caseId, action: action as AccessAction, detail }));
}

export type LogRow = { chain: string; sequence: number; at: string; person_id: string | null; action: string; detail: string | null; hash: string };
export type ChainRow = { chain: string; head: string; length: number };

const pageSize = 2_000;

/**
 * Follows the lines of a chain from the link before them, up to and with `until` (null: all), page by page: the general chain grows for
 * years. `broken`: sequence of the first line that does not follow; `last`: hash of the last that does.
 */
export async function followLog(connection: Knex, chain: string, { from, until }: { from: string; until: number | null }): Promise<{ broken: number | null; count: number; last: string }> {
  let previous = from;
  // A row put in before the first is found as well.
  let sequence = -2_147_483_648;
  for (let count = 0; ;) {
    const page = connection<LogRow>('access_log').where('chain', chain).andWhere('sequence', '>', sequence).orderBy('sequence').limit(pageSize);
    const rows = await (until === null ? page : page.andWhere('sequence', '<=', until));
    const { broken, last } = followLinks(previous, rows.map((row) => ({ hash: row.hash, values: valuesOf(row) })));
    count += rows.length;
    if (broken !== null || rows.length < pageSize) return { broken: broken === null ? null : (rows[broken]?.sequence ?? null), count, last };
    previous = last;
    sequence = rows.at(-1)?.sequence ?? sequence;
  }
}

/** What the hash of a line covers. */
export function valuesOf({ chain, sequence, at, person_id, action, detail }: Omit<LogRow, 'hash'>): (string | number | null)[] {
  return [chain, sequence, at, person_id, action, detail];
}

function chainOf(line: AccessLine): string {
  return line.case ?? generalChain;
}

function timed(lines: AccessLine[], at: Moment): TimedLine[] {
  return lines.map((line) => ({ ...line, at }));
}

async function append(connection: Knex, { rows: lines }: { rows: TimedLine[] }): Promise<void> {
  const heads = await lockHeads(connection, [...new Set(lines.map(chainOf))].sort());
  const rows = lines.map((line) => {
    const chain = chainOf(line);
    const { head, length } = heads.get(chain) ?? { head: chainStart, length: 0 };
    const row: LogRow = { chain, sequence: length + 1, at: line.at, person_id: line.person, action: line.action, detail: line.detail ?? null, hash: '' };
    row.hash = nextLink(head, valuesOf(row));
    heads.set(chain, { head: row.hash, length: row.sequence });
    return row;
  });
  await insertLines(connection, { rows });
  await moveHeads(connection, { heads: [...heads].map(([chain, { head, length }]) => ({ chain, head, length })) });
}

/** In one order, so that two writers on PostgreSQL never wait for each other crosswise. A chain that is new is made first, to be locked. */
async function lockHeads(connection: Knex, names: string[]): Promise<Map<string, { head: string; length: number }>> {
  const found = await locked(connection, names);
  if (found.size === names.length) return found;
  await connection<ChainRow>('log_chains').insert(names.map((chain) => ({ chain, head: chainStart, length: 0 }))).onConflict('chain').ignore();
  return locked(connection, names);
}

async function locked(connection: Knex, names: string[]): Promise<Map<string, { head: string; length: number }>> {
  const rows = await lockedRows(connection, { names });
  return new Map(rows.map(({ chain, head, length }) => [chain, { head, length }]));
}

const lockedRows = keptQuery<{ names: string[] }, ChainRow[]>((connection, { names }) => connection<ChainRow>('log_chains').whereIn('chain', names).orderBy('chain').forUpdate());
const insertLines = keptQuery<{ rows: LogRow[] }, unknown>((connection, { rows }) => connection<LogRow>('access_log').insert(rows));
const moveHeads = keptQuery<{ heads: ChainRow[] }, unknown>((connection, { heads }) => connection<ChainRow>('log_chains').insert(heads).onConflict('chain').merge());
