import type { Database } from '../database.ts';
import type { Moment, PersonId } from '../engine/case-state.ts';

export type Publication = { workflow: string; hash: string; at: Moment };

export type BundleStore = {
  /** The canonical text of a bundle; null: it was never kept here. */
  find(hash: string): Promise<string | null>;
  /** Keeps a bundle for ever and makes it the live one of its workflow; nothing is written when it is that already. */
  publish(bundle: { workflow: string; hash: string; text: string; at: Moment; by?: PersonId; reason?: string }): Promise<void>;
  /** The live bundle of each workflow that was ever published. */
  latest(): Promise<Publication[]>;
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
    latest: () => latestOf()
  };
}

type BundleRow = { hash: string; workflow: string; text: string; created_at: string };
type PublicationRow = { id: string; school_id: string | null; workflow: string; hash: string; person_id: string | null; reason: string | null; at: string };
