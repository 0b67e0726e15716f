import type { Knex } from 'knex';
import type { Database } from '../../database/database.ts';
import type { Day, Moment, PersonId } from '../../engine/state/case-state.ts';
import { type AccessAction, accessActions, type AccessLine, generalChain, type LogRow, makeAccessLog } from '../../trust/access-log-store.ts';
import type { Keys } from '../../trust/key-store.ts';
import { readCut } from '../../trust/log-cut.ts';
import { casesFor } from './cases-for.ts';

/**
 * What a line tells of: somebody had it in a list, saw it, took it along on paper or as a file, changed it, was refused, or did something
 * that is about no case.
 */
export type LineKind = 'listed' | 'seen' | 'taken' | 'changed' | 'refused' | 'other';

/** `from` and `until`: moments, `until` not included; null: no end on that side. `kinds`: which lines. */
export type LineFilter = { from: Moment | null; until: Moment | null; kinds: readonly LineKind[] };

/** A page of lines, newest first. `limit` null: all of them. */
export type LinePart = { offset: number; limit: number | null };

/** `number`: of the case, where the reader may know it; null: it is about no case, or about one that is not theirs or not there, which is not told apart. */
export type ReportLine = { sequence: number; at: Moment; person: PersonId | null; number: string | null; action: AccessAction; detail: string | null };

export type Report = { lines: ReportLine[]; total: number };

/** Who reads about whom. `wholeOnly`: only cases of which the reader sees everything. `general`: also what is about no case. */
export type AboutPerson = { reader: PersonId; school: string; person: PersonId; wholeOnly: boolean; general: boolean };

/** How often somebody did something in one hour (the moment it begins, UTC) with one case. `chain` null: about no case that the reader may know. */
export type HourCount = { person: PersonId; chain: string | null; hour: Moment; action: AccessAction; count: number };

export type AccessReports = {
  /** The lines of one case. Ask only for somebody who sees all of it. */
  ofCase(at: { id: string; number: string }, filter: LineFilter, part: LinePart): Promise<Report>;
  /** What one person did, as far as the reader may know: in cases that are theirs, and what was refused without the case it was about. */
  ofPerson(about: AboutPerson, filter: LineFilter, part: LinePart): Promise<Report>;
  /** The same of these people, and of everybody in the cases of which the reader sees everything, counted; lists are left out. */
  counted(reader: { id: PersonId; school: string }, people: PersonId[], filter: { from: Moment; until: Moment }): Promise<HourCount[]>;
  /** Did anybody do anything in the cases of which the reader sees everything? */
  hasLines(reader: { id: PersonId; school: string }, filter: { from: Moment; until: Moment }): Promise<boolean>;
  /** Those of these people for whose account a password or code was wrong at least `mostWrong` times since a moment, with when it was last. */
  wrongTries(people: PersonId[], since: Moment): Promise<{ person: PersonId; count: number; last: Moment }[]>;
  /** Lines of a case (id), or of what is about no case (null), of before this moment are destroyed; null: none are. */
  destroyedBefore(caseId: string | null): Promise<Moment | null>;
  /** Writes down that the log was looked at. Show nothing when this fails. */
  note(lines: AccessLine[], now: Moment): Promise<void>;
};

/** More wrong tries for one account than a bad morning explains. */
export const mostWrong = 10;

const kindOf: { [action in AccessAction]: LineKind } = {
  list: 'listed', view: 'seen', viewTask: 'seen', viewRecord: 'seen', viewDocument: 'seen', viewDraft: 'seen', viewLog: 'seen', breakGlass: 'seen',
  download: 'taken', print: 'taken', export: 'taken', search: 'other',
  start: 'changed', change: 'changed', move: 'changed', destroy: 'changed', disclose: 'changed', refused: 'refused', refusedTry: 'refused', review: 'other',
  signIn: 'other', signInFailed: 'other', signOut: 'other', setup: 'other', changePartner: 'other', changePerson: 'other', changeSetting: 'other', destroyLines: 'other'
};

export const everyKind: readonly LineKind[] = ['listed', 'seen', 'taken', 'changed', 'refused', 'other'];

/** What kind of line an action leaves. */
export function lineKind(action: AccessAction): LineKind {
  return kindOf[action];
}

/** Makes what reads the access log for people: everything goes through casesFor, so nobody learns of a case that is not theirs. */
export function makeAccessReports({ database, keys, today, now }: { database: Database; keys: Pick<Keys, 'drafts'>; today: () => Day; now: () => Moment }): AccessReports {
  const { read } = database;
  const own = (reader: PersonId, school: string, wholeOnly: boolean): Knex.QueryBuilder => {
    const cases = casesFor(read, reader, { today: today(), now: now() }).where('cases.school_id', school);
    return (wholeOnly ? cases.where('case_people.access', 'full') : cases).select('cases.id', 'cases.number').as('own');
  };
  return {
    ofCase: async ({ id, number }, filter, part) => {
      const found = (): Knex.QueryBuilder => filtered(read<LogRow>('access_log').where('chain', id), filter);
      const rows = await paged(found().orderBy('sequence', 'desc'), part).select<LogRow[]>('access_log.*');
      return { lines: rows.map((row) => toLine({ ...row, number })), total: await countOf(found()) };
    },
    ofPerson: async ({ reader, school, person, wholeOnly, general }, filter, part) => {
      const found = (): Knex.QueryBuilder => filtered(read('access_log').leftJoin(own(reader, school, wholeOnly), 'own.id', 'access_log.chain').where('access_log.person_id', person), filter)
        .andWhere((known) => {
          void known.whereNotNull('own.id');
          if (general) void known.orWhere('access_log.chain', generalChain).orWhere('access_log.action', 'refused');
        });
      // Lines of one moment stand so that their order says nothing of the case they are about.
      const rows = await paged(found().orderBy([{ column: 'access_log.at', order: 'desc' }, 'access_log.action', 'own.number', 'access_log.chain', { column: 'access_log.sequence', order: 'desc' }]), part).select<NumberedRow[]>('access_log.*', 'own.number');
      return { lines: rows.map(toLine), total: await countOf(found()) };
    },
    counted: async ({ id, school }, people, { from, until }) => {
      const rows = await filtered(read('access_log').leftJoin(own(id, school, true), 'own.id', 'access_log.chain'), { from, until, kinds: ['seen', 'taken', 'changed', 'refused', 'other'] })
        .whereNotNull('access_log.person_id')
        .andWhere((known) => known.whereNotNull('own.id').orWhere((about) => about.whereIn('access_log.person_id', people).andWhere((one) => one.where('access_log.chain', generalChain).orWhere('access_log.action', 'refused'))))
        .groupByRaw('access_log.person_id, own.id, substr(access_log.at, 1, 13), access_log.action')
        .select<CountRow[]>('access_log.person_id', 'own.id as chain', 'access_log.action', read.raw('substr(access_log.at, 1, 13) as hour'), read.raw('count(*) as count'));
      return rows.map(({ person_id: person, chain, hour, action, count }) => ({ person, chain, hour: `${hour}:00:00.000Z`, action: action as AccessAction, count: Number(count) }));
    },
    hasLines: async ({ id, school }, { from, until }) => {
      const [line] = await filtered(read('access_log').join(own(id, school, true), 'own.id', 'access_log.chain'), { from, until, kinds: everyKind }).limit(1).select<{ sequence: number }[]>('access_log.sequence');
      return line !== undefined;
    },
    wrongTries: async (people, since) => {
      const rows = await read<LogRow>('access_log').whereIn('person_id', people).andWhere('at', '>=', since).andWhere('action', 'signInFailed').groupBy('person_id')
        .select<{ person_id: string; count: number | string; last: string }[]>('person_id', read.raw('count(*) as count'), read.raw('max(at) as last'));
      return rows.map(({ person_id: person, count, last }) => ({ person, count: Number(count), last })).filter(({ count }) => count >= mostWrong);
    },
    destroyedBefore: async (caseId) => (await readCut(read, caseId ?? generalChain, keys))?.before ?? null,
    note: makeAccessLog(database)
  };
}

type NumberedRow = LogRow & { number: string | null };
type CountRow = { person_id: string; chain: string | null; hour: string; action: string; count: number | string };

function filtered(query: Knex.QueryBuilder, { from, until, kinds }: LineFilter): Knex.QueryBuilder {
  if (from !== null) void query.where('access_log.at', '>=', from);
  if (until !== null) void query.where('access_log.at', '<', until);
  return query.whereIn('access_log.action', accessActions.filter((action) => kinds.includes(kindOf[action])));
}

function paged(query: Knex.QueryBuilder, { offset, limit }: LinePart): Knex.QueryBuilder {
  return limit === null ? query : query.offset(offset).limit(limit);
}

async function countOf(query: Knex.QueryBuilder): Promise<number> {
  const [row] = await query.count<{ count: number | string }[]>('* as count');
  return Number(row?.count ?? 0);
}

function toLine({ sequence, at, person_id: person, number, action, detail }: NumberedRow): ReportLine {
  return { sequence, at, person, number, action: action as AccessAction, detail };
}
