import type { Knex } from 'knex';
import { codeOf, isOutage, retried } from './database-errors.ts';
import { AppError } from './errors.ts';

export type GroupCommit = {
  /** Runs `work` in a transaction that others who wait at the same moment may share; what it throws undoes only its own. */
  write: <Result>(work: (connection: Knex) => Promise<Result>) => Promise<Result>;
  /** Resolves when nobody waits. */
  idle: () => Promise<void>;
};

/**
 * Makes the one writer of an SQLite database. Whoever comes alone is written at once; those who come while a commit is on its way
 * to the disk are written together, each in a savepoint of its own.
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

type Waiting = { work: (connection: Knex) => Promise<unknown>; resolve: (value: unknown) => void; reject: (error: unknown) => void };
type Outcome = { ok: true; value: unknown } | { ok: false; error: unknown };

const mostTogether = 16;

async function writeGroup(writer: Knex, group: Waiting[]): Promise<void> {
  const outcomes = group.length > 1 ? await together(writer, group) : null;
  for (const [index, one] of group.entries()) {
    const outcome = outcomes?.[index] ?? await alone(writer, one);
    if (outcome.ok) one.resolve(outcome.value);
    else one.reject(outcome.error);
  }
}

/** Null when the whole transaction was undone: a full disk may have room for some, so each is tried alone. */
async function together(writer: Knex, group: Waiting[]): Promise<Outcome[] | null> {
  try {
    return await retried(() => immediately(writer, (connection) => inSavepoints(connection, group)));
  } catch (error) {
    // Nobody waits for the same lock again.
    const isLocked = error instanceof AppError && codeOf(error.cause) === 'SQLITE_BUSY';
    return isLocked ? group.map(() => ({ ok: false, error })) : null;
  }
}

async function inSavepoints(connection: Knex, group: Waiting[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { work } of group) {
    await connection.raw('SAVEPOINT one');
    try {
      outcomes.push({ ok: true, value: await work(connection) });
    } catch (error) {
      if (isOutage(error)) throw error;
      await connection.raw('ROLLBACK TO one');
      outcomes.push({ ok: false, error });
    }
    await connection.raw('RELEASE one');
  }
  return outcomes;
}

async function alone(writer: Knex, { work }: Waiting): Promise<Outcome> {
  try {
    return { ok: true, value: await retried(() => immediately(writer, work)) };
  } catch (error) {
    return { ok: false, error };
  }
}

/** Knex' own transaction begins deferred on SQLite and fails when processes meet; this one takes the write lock first. */
async function immediately<Result>(writer: Knex, work: (connection: Knex) => Promise<Result>): Promise<Result> {
  await begin(writer);
  try {
    const result = await work(writer);
    await writer.raw('COMMIT');
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
    await writer.raw('BEGIN IMMEDIATE');
  } catch (error) {
    if (!/within a transaction/.test((error as Error).message)) throw error;
    await writer.raw('ROLLBACK');
    await writer.raw('BEGIN IMMEDIATE');
  }
}
