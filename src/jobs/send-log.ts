import { appendFile } from '../append-file.ts';
import type { Database } from '../database/database.ts';
import type { Moment } from '../engine/state/case-state.ts';
import { StartProblem } from '../errors.ts';
import type { LogRow } from '../trust/access-log-store.ts';

/** Where lines go: a file that is opened anew each time, so that it may be moved away; or `-`, standard output. */
export type LogPlace = string;

/**
 * Adds every line of the access log that was not sent yet, as one JSON object a line, oldest first: { log: 'access', at, chain, sequence,
 * person, action, detail, hash }. All are ids and codes, and the chain can be followed from them as in the database. A line is on the disk
 * before it counts as sent: after a stop in between it comes twice, under the same chain and sequence, and none is left out.
 * Gives how many were sent. Throws a StartProblem when it cannot be written.
 */
export async function sendLog({ read, write }: Pick<Database, 'read' | 'write'>, place: LogPlace, { batch = 1_000 } = {}): Promise<number> {
  for (let sent = 0; ;) {
    const rows = await unsent(read).orderBy([{ column: 'access_log.chain' }, { column: 'access_log.sequence' }]).limit(batch).select<LogRow[]>('access_log.*');
    if (rows.length === 0) return sent;
    append(place, [...rows].sort((one, other) => one.at.localeCompare(other.at) || one.sequence - other.sequence).map(lineOf).join(''));
    const upTo = new Map(rows.map(({ chain, sequence }) => [chain, sequence]));
    await write(async (connection) => {
      for (const [chain, sequence] of upTo) await connection('log_chains').where({ chain }).andWhere('sent', '<', sequence).update({ sent: sequence });
    });
    sent += rows.length;
  }
}

/** Gives since when a line waits to be sent; null: none does. */
export async function waitsSince({ read }: Pick<Database, 'read'>): Promise<Moment | null> {
  return (await unsent(read).min<{ at: Moment | null }[]>('access_log.at as at'))[0]?.at ?? null;
}

function unsent(read: Database['read']): ReturnType<Database['read']> {
  return read('log_chains').whereRaw('log_chains.length > log_chains.sent').join('access_log', 'access_log.chain', 'log_chains.chain').whereRaw('access_log.sequence > log_chains.sent');
}

function lineOf({ at, chain, sequence, person_id, action, detail, hash }: LogRow): string {
  return `${JSON.stringify({ log: 'access', at, chain, sequence, person: person_id, action, detail, hash })}\n`;
}

function append(place: LogPlace, text: string): void {
  if (place === '-') {
    process.stdout.write(text);
    return;
  }
  try {
    appendFile(place, text);
  } catch (error) {
    throw new StartProblem('upkeep.logNotWritten', { file: place, code: (error as NodeJS.ErrnoException).code ?? '' }, { cause: error });
  }
}
