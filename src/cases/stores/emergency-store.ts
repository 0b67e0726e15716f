import type { Knex } from 'knex';
import type { Database } from '../../database/database.ts';
import type { Moment, PersonId } from '../../engine/state/case-state.ts';
import { appendAccessLog, type LogRow } from '../../trust/access-log-store.ts';
import type { Keys } from '../../trust/key-store.ts';
import type { SealedPlace, Sealer } from '../../trust/seal.ts';
import { caseSealer, toCase, type CasePersonRow, type CaseRow, type ExclusionRow } from './case-rows.ts';
import { type At, casesFor } from './cases-for.ts';

/** So long somebody sees a case that they opened in an emergency. */
const emergencyMs = 3_600_000;

/** Characters of a reason, at least. */
export const leastReason = 20;

/** So many tries that open nothing one person has in an hour: numbers of cases are not for guessing. */
const mostTries = 10;

/** Somebody who is not on the list of a case looks at it in an emergency, from `at` until `endsAt`. */
export type EmergencyOpening = { person: PersonId; at: Moment; endsAt: Moment; reason: string };

/** sees: they are on its list anyway. none: there is no case that they may open so; not told apart from no case. wait: too many tries. */
export type EmergencyResult = 'opened' | 'sees' | 'none' | 'wait';

export type EmergencyStore = {
  /**
   * Puts somebody on the list of a case of their school for an hour, tells those who see it, and writes it down; all in one transaction.
   * Never where they are shut out, where the case is restricted or cancelled (trust.md, T2 and T8). What is refused is written down as well.
   */
  open(person: PersonId, opening: { school: string; number: string; reason: string }): Promise<EmergencyResult>;
  /** The times a case was opened so, latest first. */
  ofCase(caseId: string): Promise<EmergencyOpening[]>;
  /** What this person has not read yet, of cases they see at a school. */
  unread(person: PersonId, school: string): Promise<{ number: string; person: PersonId; at: Moment }[]>;
  /** Has this person been told of something in this case that they have not read yet? */
  hasUnread(person: PersonId, caseId: string): Promise<boolean>;
  /** This person has read all there is of a case. */
  read(person: PersonId, caseId: string): Promise<void>;
};

/** Makes the store of what is opened in an emergency. */
export function makeEmergencyStore({ database, keys, at }: { database: Database; keys: Keys; at: () => At }): EmergencyStore {
  const unreadOf = (person: PersonId): Knex.QueryBuilder => database.read<NoticeRow>('emergency_notices').where('told_id', person).whereNull('read_at');
  return {
    open: (person, { school, number, reason }) => database.write(async (connection): Promise<EmergencyResult> => {
      const { today, now } = at();
      const row = await connection<CaseRow>('cases').where({ number, school_id: school }).whereNot('status', 'cancelled').forUpdate().first();
      if (row !== undefined && await casesFor(connection, person, { today, now }).where('cases.id', row.id).first('cases.id') !== undefined) return 'sees';
      if (await triesSince(connection, person, new Date(Date.parse(now) - emergencyMs).toISOString()) >= mostTries) return 'wait';
      const isOpen = row !== undefined && await mayOpen(connection, keys, row, person);
      await appendAccessLog(connection, [isOpen ? { person, case: row.id, action: 'breakGlass' } : { person, case: row?.id ?? null, action: 'refused', detail: tried }], now);
      if (!isOpen) return 'none';
      await write(connection, row, { person, at: now, endsAt: new Date(Date.parse(now) + emergencyMs).toISOString(), reason }, caseSealer(keys, row));
      return 'opened';
    }),
    ofCase: async (caseId) => {
      const rows = await database.read<OpeningRow>('emergency_openings').where('case_id', caseId).orderBy('at', 'desc');
      const row = rows.length === 0 ? undefined : await database.read<CaseRow>('cases').where('id', caseId).first('id', 'key_sealed');
      return row === undefined ? [] : rows.map((one) => toOpening(one, caseSealer(keys, row)));
    },
    unread: async (person, school) => {
      const rows = await casesFor(database.read, person, at()).where('cases.school_id', school)
        .join('emergency_notices', 'emergency_notices.case_id', 'cases.id').where('emergency_notices.told_id', person).whereNull('emergency_notices.read_at')
        .orderBy('emergency_notices.at').select<{ number: string; person: PersonId; at: Moment }[]>('cases.number', 'emergency_notices.person_id as person', 'emergency_notices.at');
      return rows.map(({ number, person: opener, at: moment }) => ({ number, person: opener, at: moment }));
    },
    hasUnread: async (person, caseId) => await unreadOf(person).where('case_id', caseId).first('case_id') !== undefined,
    read: (person, caseId) => database.write(async (connection) => {
      await connection<NoticeRow>('emergency_notices').where({ told_id: person, case_id: caseId }).whereNull('read_at').update({ read_at: at().now });
    })
  };
}

export type OpeningRow = { case_id: string; person_id: string; at: string; ends_at: string; reason_sealed: string };
type NoticeRow = { case_id: string; person_id: string; at: string; told_id: string; read_at: string | null };

export function toOpening({ case_id, person_id, at, ends_at, reason_sealed }: OpeningRow, sealer: Sealer): EmergencyOpening {
  return { person: person_id, at, endsAt: ends_at, reason: sealer.open(reasonPlace(case_id, person_id, at), reason_sealed) };
}

/** What the log says of a try that opened nothing. */
const tried = 'breakGlass';

async function triesSince(connection: Knex, person: PersonId, since: Moment): Promise<number> {
  const [row] = await connection<LogRow>('access_log').where({ person_id: person, action: 'refused', detail: tried }).andWhere('at', '>', since).count<{ n: number | string }[]>({ n: '*' });
  return Number(row?.n);
}

/** Being shut out beats an emergency. So does a restriction: whom it is about may not be named yet. */
async function mayOpen(connection: Knex, keys: Keys, row: CaseRow, person: PersonId): Promise<boolean> {
  const shut = await connection<ExclusionRow>('case_exclusions').where({ case_id: row.id, person_id: person }).first('person_id');
  return shut === undefined && toCase(row, keys).state.restriction === null;
}

async function write(connection: Knex, { id, responsible_id: responsible }: CaseRow, { person, at, endsAt, reason }: EmergencyOpening, sealer: Sealer): Promise<void> {
  const list = await connection<CasePersonRow>('case_people').where('case_id', id).whereNull('until').whereNull('ends_at');
  const told = [...new Set([...list.filter(({ access }) => access === 'full').map(({ person_id: one }) => one), responsible])].filter((one) => one !== person);
  await connection<OpeningRow>('emergency_openings').insert({ case_id: id, person_id: person, at, ends_at: endsAt, reason_sealed: sealer.seal(reasonPlace(id, person, at), reason) });
  if (told.length > 0) await connection<NoticeRow>('emergency_notices').insert(told.map((one) => ({ case_id: id, person_id: person, at, told_id: one, read_at: null })));
  await connection<CasePersonRow>('case_people').insert({ case_id: id, person_id: person, access: 'full', since: at, until: null, ends_at: endsAt })
    .onConflict(['case_id', 'person_id']).merge(['access', 'since', 'until', 'ends_at']);
}

function reasonPlace(caseId: string, person: PersonId, at: Moment): SealedPlace {
  return { table: 'emergency_openings', row: `${caseId}/${person}/${at}`, column: 'reason_sealed' };
}
