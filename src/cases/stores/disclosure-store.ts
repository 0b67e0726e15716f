import type { Knex } from 'knex';
import type { Database } from '../../database/database.ts';
import type { Disclosure } from '../../documents/disclosure-types.ts';
import type { Moment, PersonId } from '../../engine/state/case-state.ts';
import { type AccessAction, appendAccessLog } from '../../trust/access-log-store.ts';
import type { Keys } from '../../trust/key-store.ts';
import type { Sealer } from '../../trust/seal.ts';
import { caseSealer, type CaseRow } from './case-rows.ts';
import { type At, casesFor } from './cases-for.ts';

/** A preparation as it is kept. `revision` counts from 1. */
export type StoredDisclosure = { id: string; startedBy: PersonId; startedAt: Moment; changedAt: Moment; revision: number; content: Disclosure };

/** Who does what, and how the log says it: `detail` holds codes only. Null: nothing that is logged. */
export type DisclosureStep = { by: PersonId; at: Moment; log: { action: AccessAction; detail: string } | null };

export type Disclosures = {
  /** Those of a case, newest first. */
  ofCase(caseId: string): Promise<StoredDisclosure[]>;
  /** Those of a case that this person is asked to approve, newest first. */
  waitingIn(caseId: string, person: PersonId): Promise<StoredDisclosure[]>;
  find(caseId: string, id: string): Promise<StoredDisclosure | null>;
  /** Those that a colleague asks this person to approve, of cases at a school that they see whole; of each the number and the bundle of its case. Oldest first. */
  waiting(person: PersonId, school: string): Promise<{ number: string; bundle: string; stored: StoredDisclosure }[]>;
  /** Begins one and gives its id. */
  start(caseId: string, content: Disclosure, step: DisclosureStep): Promise<string>;
  /**
   * Changes one as it stands when nobody else can write, together with its line in the log. `change` gives null to leave it as it is.
   * Null: it is gone, or was left as it is.
   */
  change(caseId: string, id: string, step: DisclosureStep, change: (content: Disclosure) => Disclosure | null): Promise<StoredDisclosure | null>;
  remove(caseId: string, id: string, step: DisclosureStep): Promise<void>;
};

/** Makes the store of what is prepared for those who ask to see a case. */
export function makeDisclosures({ database, keys, newId, at }: { database: Database; keys: Keys; newId: () => string; at: () => At }): Disclosures {
  const rowsOf = (connection: Knex, where: Partial<Row>) => connection<Row>('disclosures').where(where);
  const logged = (connection: Knex, caseId: string, id: string, { by, at, log }: DisclosureStep): Promise<void> => (
    log === null ? Promise.resolve() : appendAccessLog(connection, [{ person: by, case: caseId, action: log.action, detail: `${log.detail} ${id}` }], at)
  );
  const sealerOf = async (connection: Knex, caseId: string) => {
    const owner = await connection<CaseRow>('cases').where('id', caseId).first('id', 'key_sealed');
    if (owner === undefined) throw new Error(`No case ${caseId}.`);
    return caseSealer(keys, owner);
  };
  const opened = async (connection: Knex, rows: Row[]): Promise<StoredDisclosure[]> => {
    const [first] = rows;
    if (first === undefined) return [];
    const sealer = await sealerOf(connection, first.case_id);
    return rows.map((row) => toStored(row, sealer));
  };
  return {
    ofCase: async (caseId) => opened(database.read, await rowsOf(database.read, { case_id: caseId }).orderBy('started_at', 'desc')),
    waitingIn: async (caseId, person) => (await opened(database.read, await askedOnly(rowsOf(database.read, { case_id: caseId })).orderBy('started_at', 'desc'))).filter((stored) => isAskedOf(stored, person)),
    find: async (caseId, id) => (await opened(database.read, await rowsOf(database.read, { case_id: caseId, id })))[0] ?? null,
    waiting: async (person, school) => {
      const rows = await askedOnly(casesFor(database.read, person, at())).where({ 'cases.school_id': school, 'case_people.access': 'full' }).whereNot('cases.status', 'cancelled')
        .join('disclosures', 'disclosures.case_id', 'cases.id').orderBy('disclosures.changed_at').select<(Row & Pick<CaseRow, 'key_sealed' | 'number' | 'bundle_hash'>)[]>('disclosures.*', 'cases.key_sealed', 'cases.number', 'cases.bundle_hash');
      return rows.map((row) => ({ number: row.number, bundle: row.bundle_hash, stored: toStored(row, caseSealer(keys, { id: row.case_id, key_sealed: row.key_sealed })) })).filter(({ stored }) => isAskedOf(stored, person));
    },
    start: (caseId, content, step) => database.write(async (connection) => {
      const key = { case_id: caseId, id: newId(), revision: 1 };
      const content_sealed = (await sealerOf(connection, caseId)).seal(placeOf(key), JSON.stringify(content));
      await connection<Row>('disclosures').insert({ ...key, started_by: step.by, started_at: step.at, changed_at: step.at, content_sealed, asked: asks(content) });
      await logged(connection, caseId, key.id, step);
      return key.id;
    }),
    change: (caseId, id, step, change) => database.write(async (connection) => {
      const [found] = await opened(connection, await rowsOf(connection, { case_id: caseId, id }).forUpdate());
      const content = found === undefined ? null : change(found.content);
      if (found === undefined || content === null) return null;
      const revision = found.revision + 1;
      const content_sealed = (await sealerOf(connection, caseId)).seal(placeOf({ case_id: caseId, id, revision }), JSON.stringify(content));
      await rowsOf(connection, { case_id: caseId, id }).update({ revision, changed_at: step.at, content_sealed, asked: asks(content) });
      await logged(connection, caseId, id, step);
      return { ...found, revision, changedAt: step.at, content };
    }),
    remove: (caseId, id, step) => database.write(async (connection) => {
      if (await rowsOf(connection, { case_id: caseId, id }).delete() > 0) await logged(connection, caseId, id, step);
    })
  };
}

/** What is known to ask nobody stays closed; a row of before the column was there may ask (migrations/0012). */
function askedOnly<Query extends Knex.QueryBuilder>(query: Query): Query {
  return query.where((either) => { void either.where('disclosures.asked', 1).orWhereNull('disclosures.asked'); }) as Query;
}

function asks({ verdict }: Disclosure): number {
  return verdict?.verdict === 'asked' ? 1 : 0;
}

/** Does this wait for a second person that this one can be: not who asked? */
export function isAskedOf({ content: { verdict } }: StoredDisclosure, person: PersonId): boolean {
  return verdict?.verdict === 'asked' && verdict.askedBy !== person;
}

function toStored(row: Row, sealer: Sealer): StoredDisclosure {
  return { id: row.id, startedBy: row.started_by, startedAt: row.started_at, changedAt: row.changed_at, revision: row.revision, content: JSON.parse(sealer.open(placeOf(row), row.content_sealed)) as Disclosure };
}

type Row = { case_id: string; id: string; started_by: string; started_at: string; changed_at: string; revision: number; content_sealed: string; asked: number | null };

function placeOf({ case_id, id, revision }: Pick<Row, 'case_id' | 'id' | 'revision'>) {
  return { table: 'disclosures', row: `${case_id} ${id} ${String(revision)}`, column: 'content_sealed' };
}
