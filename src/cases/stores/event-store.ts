import type { Knex } from 'knex';
import type { Database } from '../../database/database.ts';
import { keptQuery } from '../../database/kept-query.ts';
import type { EngineEvent } from '../../engine/state/case-state.ts';
import type { Keys } from '../../trust/key-store.ts';
import type { Sealer } from '../../trust/seal.ts';
import { caseSealer, toEvent, type CaseRow, type EventRow } from './case-rows.ts';
import type { StoredCase, StoredEvent } from './stored-case.ts';

/** As many events as are read in one go where a case may have any number of them. */
export const eventsAtOnce = 32;

/** A place in what happened to a case: beside the event with this number, which need not be there, and only what is of these types. */
export type EventPlace = { types: readonly EngineEvent['type'][]; side: 'before' | 'after'; sequence: number };

/** Reads what happened to a case. Types are clear in the rows, so that what is of another one is not opened. */
export type EventStore = {
  /** Oldest first; `types`: only those. */
  events(caseId: string, types?: readonly EngineEvent['type'][]): Promise<StoredEvent[]>;
  /** Those beside a place, the nearest first, at most `eventsAtOnce`: where there are fewer, there are no more. */
  eventsBeside(stored: Pick<StoredCase, 'id' | 'tail'>, place: EventPlace): Promise<StoredEvent[]>;
  /** How many there are of each type; a type of which there is none is absent. */
  eventCounts(caseId: string): Promise<{ [type: string]: number }>;
};

/** Makes the reading of events. */
export function makeEventStore({ database: { read }, keys, sealerOf }: { database: Database; keys: Keys; sealerOf: (caseId: string) => Promise<Sealer> }): EventStore {
  return {
    events: async (caseId, types) => {
      const sealer = await sealerOf(caseId);
      const all = read<EventRow>('events').where('case_id', caseId).orderBy('sequence');
      return (await (types === undefined ? all : all.whereIn('type', types))).map((row) => toEvent(row, sealer));
    },
    eventsBeside: async ({ id, tail }, { types, side, sequence }) => {
      const sealer = caseSealer(keys, { id, key_sealed: tail.key } satisfies Pick<CaseRow, 'id' | 'key_sealed'>);
      const rows = await (side === 'before' ? rowsBefore : rowsAfter)(read, { id, types: [...types], sequence });
      return rows.map((row) => toEvent(row, sealer));
    },
    // PostgreSQL counts in texts.
    eventCounts: async (caseId) => Object.fromEntries((await countRows(read, { id: caseId })).map(({ type, n }) => [type, Number(n)]))
  };
}

type Beside = { id: string; types: string[]; sequence: number };

const rowsOf = (connection: Knex, { id, types }: Beside): Knex.QueryBuilder => connection<EventRow>('events').where('case_id', id).whereIn('type', types).limit(eventsAtOnce);
const rowsBefore = keptQuery<Beside, EventRow[]>((connection, beside) => rowsOf(connection, beside).where('sequence', '<', beside.sequence).orderBy('sequence', 'desc'));
const rowsAfter = keptQuery<Beside, EventRow[]>((connection, beside) => rowsOf(connection, beside).where('sequence', '>', beside.sequence).orderBy('sequence'));
const countRows = keptQuery<{ id: string }, { type: string; n: number | string }[]>((connection, { id }) => connection<EventRow>('events').where('case_id', id).groupBy('type').select('type').count({ n: '*' }));
