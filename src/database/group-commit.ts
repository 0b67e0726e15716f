import type { Knex } from 'knex';
import { codeOf, isOutage, retried } from './database-errors.ts';
import { AppError } from '../errors.ts';
import { keptQuery } from './kept-query.ts';
import { makeLeftRows, type Work } from './left-rows.ts';

export type GroupCommit = {
  /** Runs `work` in a transaction that others who wait at the same moment may share; what it throws undoes only its own. */
  write: <Result>(work: Work<Result>) => Promise<Result>;
  /** Resolves when nobody waits. */
  idle: () => Promise<void>;
};

/**
 * Makes the one writer of an SQLite database. Whoever comes alone is written at once; those who come while a commit is on its way
 * to the disk are written together; a savepoint for each would cost them two statements more.
 */
export function makeGroupCommit(writer: Knex): GroupCommit {
  const waiting: Waiting[] = [];
  let running: Promise<void> | null = null;
  const run = async (): Promise<void> => {
    for (let group = waiting.splice(0, mostTogether); group.length > 0; group = waiting.splice(0, mostTogether)) await writeGroup(writer, group);
    running = null;
  };
  return {
    write: (work) => new Promise((resolve, reject) => {
      waiting.push({ work, resolve: (value) => { resolve(value as Awaited<ReturnType<typeof work>>); }, reject });
      running ??= run();
    }),
    idle: async () => { while (running !== null) await running; }
  };
}

type Waiting = { work: Work<unknown>; resolve: (value: unknown) => void; reject: (error: unknown) => void };

const mostTogether = 16;

/** One that fails undoes all: the others are then written without it, and it is tried alone after them. */
async function writeGroup(writer: Knex, group: Waiting[]): Promise<void> {
  const apart: Waiting[] = [];
  for (;;) {
    const failed = group.length > 1 ? await together(writer, group) : group;
    apart.push(...failed);
    group = group.filter((one) => !failed.includes(one));
    if (failed.length === 0 || group.length === 0) break;
  }
  for (const one of apart) await alone(writer, one);
}

/** Writes all in one transaction, or nothing; gives those to try alone. Of what is left for the end nobody knows whose it is, and a full disk may have room for some, so then that is all of them. */
async function together(writer: Knex, group: Waiting[]): Promise<Waiting[]> {
  let current: Waiting | undefined;
  try {
    const values = await retried(() => immediately(writer, async (connection, leave) => {
      const done: unknown[] = [];
      for (current of group) done.push(await current.work(connection, leave));
      current = undefined;
      return done;
    }));
    for (const [index, { resolve }] of group.entries()) resolve(values[index]);
    return [];
  } catch (error) {
    if (!(error instanceof AppError && isOutage(error.cause))) return current === undefined ? group : [current];
    // Nobody waits for the same lock again.
    if (codeOf(error.cause) !== 'SQLITE_BUSY') return group;
    for (const { reject } of group) reject(error);
    return [];
  }
}

async function alone(writer: Knex, { work, resolve, reject }: Waiting): Promise<void> {
  try {
    resolve(await retried(() => immediately(writer, work)));
  } catch (error) {
    reject(error);
  }
}

/** Knex' own transaction begins deferred on SQLite and fails when processes meet; this one takes the write lock first. */
async function immediately<Result>(writer: Knex, work: Work<Result>): Promise<Result> {
  await begin(writer);
  try {
    const left = makeLeftRows();
    const result = await work(writer, left.leave);
    await left.write(writer);
    await commit(writer, {});
    return result;
  } catch (error) {
    // After a full disk SQLite has rolled back by itself; then there is nothing left to undo.
    await writer.raw('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** A failing disk can refuse even the ROLLBACK of the transaction before. */
async function begin(writer: Knex): Promise<void> {
  try {
    await beginNow(writer, {});
  } catch (error) {
    if (!/within a transaction/.test((error as Error).message)) throw error;
    await writer.raw('ROLLBACK');
    await beginNow(writer, {});
  }
}

const beginNow = keptQuery<Record<string, never>, unknown>((writer) => writer.raw('BEGIN IMMEDIATE'));
const commit = keptQuery<Record<string, never>, unknown>((writer) => writer.raw('COMMIT'));
