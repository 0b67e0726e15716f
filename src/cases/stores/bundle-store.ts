import type { Knex } from 'knex';
import type { Database } from '../../database/database.ts';
import type { Moment, PersonId } from '../../engine/state/case-state.ts';

export type Publication = { workflow: string; hash: string; at: Moment };

/** How many cases run on a version. Cases that are restricted are not counted: who counts may not know of them (semantics 26). */
export type Running = { workflow: string; hash: string; cases: number };

export type BundleStore = {
  /** The canonical text of a bundle; null: it was never kept here. */
  find(hash: string): Promise<string | null>;
  /** Keeps a bundle for ever and makes it the live one of its workflow; nothing is written when it is that already. */
  publish(bundle: { workflow: string; hash: string; text: string; at: Moment; by?: PersonId; reason?: string }): Promise<void>;
  /** The live bundle of each workflow that was ever published, in the order in which they first were. */
  latest(): Promise<Publication[]>;
  /** The hashes of all versions of a workflow that were ever kept, newest first. */
  versions(workflow: string): Promise<string[]>;
  /** Of each version that has any, those that were kept first in front. */
  running(): Promise<Running[]>;
  /** The cases of a workflow that are counted there, by number. */
  runningCases(workflow: string): Promise<{ id: string; number: string }[]>;
};

/** Makes the store of definitions. Cases are pinned to a bundle, so none is ever removed. */
export function makeBundleStore({ database, newId }: { database: Database; newId: () => string }): BundleStore {
  const latestOf = async (connection = database.read): Promise<Publication[]> => {
    const rows = await connection<PublicationRow>('publications').select('workflow', 'hash', 'at').orderBy(['at', 'id']);
    return [...new Map(rows.map((row) => [row.workflow, row])).values()];
  };
  return {
    find: async (hash) => (await database.read<BundleRow>('bundles').where('hash', hash).first('text'))?.text ?? null,
    publish: ({ workflow, hash, text, at, by, reason }) => database.write(async (connection) => {
      if ((await latestOf(connection)).some((live) => live.workflow === workflow && live.hash === hash)) return;
      await connection<BundleRow>('bundles').insert({ hash, workflow, text, created_at: at }).onConflict('hash').ignore();
      await connection<PublicationRow>('publications').insert({ id: newId(), school_id: null, workflow, hash, person_id: by ?? null, reason: reason ?? null, at });
    }),
    latest: () => latestOf(),
    versions: async (workflow) => (await database.read<BundleRow>('bundles').where('workflow', workflow).orderBy([{ column: 'created_at', order: 'desc' }, 'hash']).select('hash')).map(({ hash }) => hash),
    running: async () => {
      const rows: RunningRow[] = await counted(database.read)
        .join('bundles', 'bundles.hash', 'cases.bundle_hash')
        .groupBy('bundles.workflow', 'bundles.hash', 'bundles.created_at')
        .orderBy(['bundles.created_at', 'bundles.hash'])
        .select('bundles.workflow', 'bundles.hash', database.read.raw('count(*) AS cases'));
      return rows.map(({ workflow, hash, cases }) => ({ workflow, hash, cases: Number(cases) }));
    },
    runningCases: (workflow) => counted(database.read).where('cases.workflow', workflow).orderBy('cases.number').select<{ id: string; number: string }[]>('cases.id', 'cases.number')
  };
}

/**
 * Cases that run and that anybody may know of: not restricted now, and nobody is shut out of them by name, since whoever counts may be
 * that person. A restriction is an event, and the type of an event stands in the clear.
 */
function counted(connection: Knex): Knex.QueryBuilder {
  return connection('cases').where('cases.status', 'open')
    .whereNotExists((shut) => shut.select(connection.raw('1')).from('case_exclusions').where('case_exclusions.case_id', connection.ref('cases.id')))
    .whereNotExists((restricted) => restricted.select(connection.raw('1')).from('events')
      .where('events.case_id', connection.ref('cases.id')).where('events.type', 'restricted')
      .whereNotExists((lifted) => lifted.select(connection.raw('1')).from('events as later')
        .where('later.case_id', connection.ref('cases.id')).where('later.type', 'restrictionLifted').where('later.sequence', '>', connection.ref('events.sequence'))));
}

type BundleRow = { hash: string; workflow: string; text: string; created_at: string };
type PublicationRow = { id: string; school_id: string | null; workflow: string; hash: string; person_id: string | null; reason: string | null; at: string };
/** PostgreSQL counts in text. */
type RunningRow = { workflow: string; hash: string; cases: number | string };
