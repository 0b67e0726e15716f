import type { Knex } from 'knex';
import type { Database } from '../../database/database.ts';
import { isDuplicate } from '../../database/database.ts';
import type { CaseRecord, Day, EngineEvent, Moment, PersonId } from '../../engine/state/case-state.ts';
import { filesOfEvent } from '../../engine/commands/document-versions.ts';
import { appendAccessLog, leaveAccessLog, makeAccessLog, type AccessLine } from '../../trust/access-log-store.ts';
import { indexTokens, searchToken, searchTrace } from '../../trust/blind-index.ts';
import { chainStart, nextLink } from '../../trust/chain.ts';
import { keptQuery } from '../../database/kept-query.ts';
import type { Leave } from '../../database/left-rows.ts';
import type { Keys } from '../../trust/key-store.ts';
import type { Sealer } from '../../trust/seal.ts';
import type { AccessChanges, CaseAccess } from './access-changes.ts';
import {
  besideState, caseSealer, caseWith, eventValues, newCaseKey, toCase, toCaseColumns, toEventRow, toRecord, toRecordRow,
  type CasePersonRow, type CaseRow, type EventRow, type RecordRow
} from './case-rows.ts';
import { readChains } from './case-chains.ts';
import { type At, casesFor } from './cases-for.ts';
import { eraseCase, type Erasure, type Tombstone, tombstonesOf } from './erase-case.ts';
import { type KeptState, type KeptStates, makeKeptStates, type RowBeside } from './kept-states.ts';
import { excludedFrom, inheritExclusions, shutOutOf } from './exclusions.ts';
import type { FoundCase, StoredCase } from './stored-case.ts';
import { filesIn } from '../../forms/file-answer.ts';
import { type EventStore, makeEventStore } from './event-store.ts';
import { type EmergencyStore, makeEmergencyStore } from './emergency-store.ts';
import { keepFiles, makeFileStore, type FileStore } from './file-store.ts';
import { makeSubjectNotices, type SubjectNotices, tellOf } from './subject-notices.ts';
import { setTimer } from './timer-store.ts';
import { draftBeside, joinDraft, keepDrafts, makeDraftStore, moveDrafts, removeDraft, type Draft, type DraftBeside, type DraftKey, type DraftStore, type Typed } from './draft-store.ts';
import { keepForAMoment } from './keep-for-a-moment.ts';

export type { FoundCase, StoredCase, StoredEvent } from './stored-case.ts';
export type { AccessAction, AccessLine } from '../../trust/access-log-store.ts';
export { draftDays, otherDraft, otherPlaces, routeOfStart, startDraft, type Draft, type DraftKey, type DraftMark } from './draft-store.ts';

/** One submission: everything that changes together. */
export type CaseWrite = {
  person: PersonId;
  now: Moment;
  /** The same key of the same person counts once; null: what time brings, which counts once by itself. */
  key: string | null;
  case: Omit<StoredCase, 'revision' | 'tail'>;
  /** Which revision was read, and where it ends; null: a new case. */
  expected: Pick<StoredCase, 'revision' | 'tail'> | null;
  events: EngineEvent[];
  /** New records and new versions. */
  records: CaseRecord[];
  /** As in access-changes.ts, with why somebody is shut out. */
  people: Omit<AccessChanges, 'exclude'> & { exclude: { person: PersonId; reason: string }[] };
  /** The text the case is found by, when that changed; null: it did not. */
  findBy: string | null;
  /** Ids of cases about the same subject whose responsible person is told of this one. */
  tells?: readonly string[];
  /** When something next happens by itself; null: never; absent: as it was. */
  timer?: Moment | null;
  /** Erased with it; with `hasFiles` also the files of it that are in none of the records. */
  draft: DraftKey | null;
  hasFiles?: boolean;
  /** Tasks that became another one: what is being written for them goes along. */
  becomes?: { [task: string]: string };
  log: AccessLine[];
  /** What a repeated post is told. */
  answer: string;
};

/** A submission with the new cases that begin by itself with it: all of them or none. */
export type CaseWrites = CaseWrite & { begins?: CaseWrite[] };

/** conflict: somebody else wrote first, or the number of a new case is taken; nothing was written. */
export type WriteResult = 'done' | 'conflict' | { repeated: string };

export type CaseStore = EventStore & {
  /** The cases of a person at a school, newest first; closed ones only when asked for or due by a moment, cancelled ones never. */
  list(person: PersonId, options: { school: string; closed: boolean; dueBy?: Moment; limit?: number }): Promise<FoundCase[]>;
  /** Those in that list with a word in their index or number for every one of these (blind-index.ts): what is found may be too much, never too little. `but`: the id of one that is known. */
  search(person: PersonId, words: string[], options: { school: string; closed: boolean; dueBy?: Moment; limit?: number; but?: string }): Promise<FoundCase[]>;
  /** The running cases of a school with these words in their index, whoever they are for: to tell who is responsible, never for a page. */
  running(school: string, words: string[]): Promise<StoredCase[]>;
  /** The closed cases of a school about which somebody has to decide by a moment, whoever they are for: to put who decides on their list, never for a page. */
  toDecide(school: string, dueBy: Moment): Promise<StoredCase[]>;
  /** Null: there is none, or not for this person: not told apart. */
  find(person: PersonId, number: string): Promise<FoundCase | null>;
  /** The same, with what this person has begun of a new record of one task (by its key, instances.ts). */
  findTask(person: PersonId, number: string, task: string): Promise<FoundCase & { draft: Draft | null } | null>;
  /** A case whoever it is for: for what time brings, never for a page. Null: it is gone. */
  byId(caseId: string): Promise<StoredCase | null>;
  /** The cases that were started from this one, whoever they are for: their state is not for a page. Oldest first. */
  linkedTo(caseId: string): Promise<StoredCase[]>;
  /** All or nothing, in one transaction (storage.md, rule 1). */
  write(write: CaseWrites): Promise<WriteResult>;
  /** What an earlier post with this key was told; null: there was none. */
  answerOf(person: PersonId, key: string): Promise<string | null>;
  /** Every version of a record, or with null of every record, oldest first. */
  versions(caseId: string, record: number | null): Promise<CaseRecord[]>;
  /** Who is on the list of a case now. */
  peopleOf(caseId: string): Promise<{ person: PersonId; access: CaseAccess }[]>;
  /** Ids of those who are shut out of a case. */
  shutOut(caseId: string): Promise<PersonId[]>;
  /** Writes down what was looked at. Show nothing when this fails: no line, no view. */
  log(lines: AccessLine[], now: Moment): Promise<void>;
  /** Writes down that somebody searched, the words only as hashes, and which cases (ids) they found. */
  logSearch(person: PersonId, words: string[], at: { school: string; found: string[]; now: Moment }): Promise<void>;
  /** Writes down that somebody asked for a case that is not theirs, or not there. */
  refused(person: PersonId, number: string, now: Moment): Promise<void>;
  /** Destroys a case for good (erase-case.ts). False: there is none with this id, or not in the revision that was read. */
  erase(caseId: string, why: Erasure): Promise<boolean>;
  /** What is left of the cases of a school that were destroyed, newest first. */
  tombstones(school: string): Promise<Tombstone[]>;
  /** The chains of a case as they are kept, with their ends. */
  chains(caseId: string): ReturnType<typeof readChains>;
  drafts: DraftStore;
  files: FileStore;
  emergency: EmergencyStore;
  subjectNotices: SubjectNotices;
};

/** As many as a page shows. */
const mostTombstones = 500;

/** Makes the store of cases. */
export function makeCaseStore({ database, keys, today, now: clock }: { database: Database; keys: Keys; today: () => Day; now: () => Moment }): CaseStore {
  const { read } = database;
  const at = (): At => ({ today: today(), now: clock() });
  const found = async (query: Knex.QueryBuilder): Promise<FoundCase[]> => {
    const rows = await query.select<(CaseRow & Pick<CasePersonRow, 'access'>)[]>('cases.*', 'case_people.access');
    return rows.map((row) => ({ case: toCase(row, keys), access: row.access }));
  };
  const listed = (person: PersonId, { school, closed, dueBy, limit = 500 }: { school: string; closed: boolean; dueBy?: Moment; limit?: number }): Knex.QueryBuilder => {
    const own = casesFor(read, person, at()).where('cases.school_id', school).orderBy([{ column: 'cases.opened_at', order: 'desc' }, 'cases.id']).limit(limit);
    if (closed) return own.whereNot('cases.status', 'cancelled');
    return own.where((asked) => {
      void asked.where('cases.status', 'open');
      if (dueBy !== undefined) void asked.orWhere((ended) => ended.where('cases.status', 'closed').andWhere('cases.next_due', '<=', dueBy));
    });
  };
  const sealerOf = async (caseId: string): Promise<Sealer> => {
    const row = await read<CaseRow>('cases').where('id', caseId).first('id', 'key_sealed');
    if (row === undefined) throw new Error(`No case ${caseId}.`);
    return caseSealer(keys, row);
  };
  const having = (school: string, word: string): Knex.QueryBuilder => read<IndexRow>('blind_index').select('case_id').where('token', searchToken(keys.index, school, word));
  const log = makeAccessLog(database);
  const states = makeKeptStates(keys);
  const typed = keepForAMoment<Typed>();
  return {
    list: (person, options) => found(listed(person, options)),
    search: (person, words, options) => {
      const query = listed(person, options).whereNot('cases.id', options.but ?? '');
      for (const word of words) void query.andWhere((either) => either.whereIn('cases.id', having(options.school, word)).orWhere('cases.number', 'like', `%${word.toUpperCase()}%`));
      return found(query);
    },
    running: async (school, words) => {
      const query = read<CaseRow>('cases').where({ school_id: school, status: 'open' });
      for (const word of words) void query.whereIn('id', having(school, word));
      return (await query.orderBy(['opened_at', 'id'])).map((row) => toCase(row, keys));
    },
    toDecide: async (school, dueBy) => (await read<CaseRow>('cases').where({ school_id: school, status: 'closed' }).andWhere('next_due', '<=', dueBy).orderBy('id')).map((row) => toCase(row, keys)),
    find: async (person, number) => {
      const known = states.find(number);
      const [row] = await caseRows(read, { person, number, at: at(), known: markOf(known) });
      return row === undefined ? null : { case: caseWith(row, states.stateOf(row, known)), access: row.access };
    },
    findTask: async (person, number, task) => {
      const known = states.find(number);
      const [row] = await taskRows(read, { person, number, at: at(), known: markOf(known), task });
      return row === undefined ? null : { case: caseWith(row, states.stateOf(row, known)), access: row.access, draft: draftBeside(row, { person, task, owner: row }, { keys, today: today(), typed }) };
    },
    byId: async (caseId) => {
      const row = await read<CaseRow>('cases').where('id', caseId).first();
      return row === undefined ? null : toCase(row, keys);
    },
    linkedTo: async (caseId) => (await read<CaseRow>('cases').where('linked_from', caseId).whereNot('status', 'cancelled').orderBy(['opened_at', 'id'])).map((row) => toCase(row, keys)),
    write: (write) => writeCase(database, keys, states, write),
    answerOf: async (person, key) => (await answerRow(read, { person, key }))?.answer ?? null,
    ...makeEventStore({ database, keys, sealerOf }),
    versions: async (caseId, record) => {
      const sealer = await sealerOf(caseId);
      return (await read<RecordRow>('records').where({ case_id: caseId, ...(record === null ? {} : { record }) }).orderBy(['record', 'version'])).map((row) => toRecord(row, sealer));
    },
    peopleOf: async (caseId) => {
      const rows = await read<CasePersonRow>('case_people').where('case_id', caseId).whereNull('until').andWhere((lasting) => lasting.whereNull('ends_at').orWhere('ends_at', '>', clock()))
        .whereNotIn('person_id', read('case_exclusions').where('case_id', caseId).select('person_id')).orderBy(['since', 'person_id']);
      return rows.map(({ person_id, access }) => ({ person: person_id, access }));
    },
    shutOut: (caseId) => excludedFrom(read, caseId),
    log,
    logSearch: (person, words, { school, found: hits, now }) => log([
      { person, case: null, action: 'search', detail: searchTrace(keys.index, school, words) }, ...hits.map((id) => ({ person, case: id, action: 'search' as const }))
    ], now),
    refused: (person, number, now) => database.write(async (connection) => {
      const row = await connection<CaseRow>('cases').where('number', number).first('id');
      await appendAccessLog(connection, [{ person, case: row?.id ?? null, action: 'refused' }], now);
    }),
    erase: async (caseId, why) => {
      const erased = await database.write((connection) => eraseCase(connection, caseId, why));
      if (erased) await database.forget();
      return erased;
    },
    tombstones: (school) => tombstonesOf(read, school, mostTombstones),
    chains: (caseId) => readChains(database, keys, caseId),
    drafts: makeDraftStore({ database, keys, at, typed }),
    files: makeFileStore({ database, keys }),
    emergency: makeEmergencyStore({ database, keys, at }),
    subjectNotices: makeSubjectNotices({ database, keys, at })
  };
}

type IndexRow = { token: string; case_id: string };
type SubmissionRow = { person_id: string; key: string; answer: string; at: string };

/** Undoes the transaction when somebody else wrote first. */
class Conflict extends Error {}

async function writeCase(database: Database, keys: Keys, states: KeptStates, { begins = [], ...write }: CaseWrites): Promise<WriteResult> {
  try {
    const written = await database.write(async (connection, leave): Promise<KeptState[] | { repeated: string }> => {
      const repeated = await claimKey(connection, write);
      if (repeated !== null) return { repeated };
      const kept: KeptState[] = [];
      for (const one of [write, ...begins]) kept.push(await writeAll(connection, leave, keys, one));
      return kept;
    });
    if (!Array.isArray(written)) return written;
    for (const kept of written) states.keep(kept);
    return 'done';
  } catch (error) {
    if (error instanceof Conflict || ([write, ...begins].some(({ expected }) => expected === null) && isDuplicate(error))) return 'conflict';
    throw error;
  }
}

async function writeAll(connection: Knex, leave: Leave, keys: Keys, write: CaseWrite): Promise<KeptState> {
  const { sealer, ...written } = await writeHead(connection, leave, keys, write);
  leave(insertRecords, write.records.map((record) => toRecordRow(write.case.id, record, sealer)));
  await keepFiles(connection, { files: [...write.records.flatMap(({ answers }) => filesIn(answers)), ...write.events.flatMap(filesOfEvent)], caseId: write.case.id, draft: write.draft, sealer, keys });
  await writePeople(connection, keys, write, sealer);
  const { from } = write.case.state;
  if (write.expected === null && from !== undefined) await inheritExclusions(connection, keys, { case: write.case.id, sealer, from: from.case, since: write.now });
  if (write.findBy !== null) await writeIndex(connection, keys, write.case, write.findBy);
  if (write.tells !== undefined) await tellOf(connection, { tells: write.tells, other: write.case.id, now: write.now });
  if (write.timer !== undefined) await setTimer(connection, write.case.id, write.timer);
  if (write.becomes !== undefined) await moveDrafts(connection, { caseId: write.case.id, sealer, tasks: write.becomes });
  if (write.draft !== null) await removeDraft(connection, write.draft, write.hasFiles === true);
  leaveAccessLog(leave, write.log, write.now);
  return { number: write.case.number, state: write.case.state, ...written };
}

/** Takes the idempotency key; what an earlier post was told when it is taken. Another post with the same key waits here for the first to end. */
async function claimKey(connection: Knex, { person, key, answer, now }: CaseWrite): Promise<string | null> {
  if (key === null) return null;
  const [taken] = await takeKey(connection, { person, key, answer, now });
  if (taken !== undefined) return null;
  return (await answerRow(connection, { person, key }))?.answer ?? answer;
}

/** Writes the row of the case and its events, and gives which writing this is and what the rest of it is sealed with. */
async function writeHead(connection: Knex, leave: Leave, keys: Keys, { case: next, expected, events, now, person }: CaseWrite): Promise<Pick<KeptState, 'revision' | 'head' | 'key'> & { sealer: Sealer }> {
  const { wrapped, sealer } = expected === null ? newCaseKey(keys, next.id) : { wrapped: expected.tail.key, sealer: caseSealer(keys, { id: next.id, key_sealed: expected.tail.key }) };
  const { head, count } = expected?.tail ?? { head: chainStart, count: 0 };
  const rows: EventRow[] = [];
  for (const event of events) {
    const row = toEventRow(event, { caseId: next.id, sequence: count + rows.length + 1, at: now, person, sealer });
    rows.push({ ...row, hash: nextLink(rows.at(-1)?.hash ?? head, eventValues(row)) });
  }
  const columns = toCaseColumns(next, { revision: (expected?.revision ?? 0) + 1, tail: { head: rows.at(-1)?.hash ?? head, count: count + rows.length, key: wrapped } }, sealer);
  if (expected === null) await connection<CaseRow>('cases').insert(columns);
  else if (await updateCase(connection, { id: next.id, revision: expected.revision, columns }) === 0) throw new Conflict();
  leave(insertEvents, rows);
  return { sealer, revision: columns.revision, head: columns.event_head, key: wrapped };
}

async function writeIndex(connection: Knex, keys: Keys, { id, school }: Pick<StoredCase, 'id' | 'school'>, text: string): Promise<void> {
  await connection<IndexRow>('blind_index').where('case_id', id).delete();
  const rows = indexTokens(keys.index, school, text).map((token) => ({ token, case_id: id }));
  if (rows.length > 0) await connection<IndexRow>('blind_index').insert(rows);
}

async function writePeople(connection: Knex, keys: Keys, { case: { id, state: { restriction } }, people: { add, remove, release, exclude }, now }: CaseWrite, sealer: Sealer): Promise<void> {
  const present = (people: PersonId[]) => connection<CasePersonRow>('case_people').where('case_id', id).whereIn('person_id', people).whereNull('until');
  const listed = (people: typeof add) => connection<CasePersonRow>('case_people')
    .insert(people.map(({ person, access }) => ({ case_id: id, person_id: person, access, since: now, until: null, ends_at: null })))
    .onConflict(['case_id', 'person_id']).merge(['access', 'until', 'ends_at']);
  const whole = add.filter(({ access }) => access !== 'task');
  const ofTask = add.filter(({ access }) => access === 'task');
  if (remove.length > 0) await present(remove).update({ until: now });
  // Nobody looks on in an emergency when only some may.
  if (restriction !== null) await connection<CasePersonRow>('case_people').where('case_id', id).whereNull('until').whereNotNull('ends_at').update({ until: now });
  const shut = [...remove, ...exclude.map(({ person }) => person)];
  if (shut.length > 0) await keepDrafts(connection, id, shut);
  if (release.length > 0) await present(release).andWhere('access', 'task').update({ until: now });
  if (whole.length > 0) await listed(whole);
  // Somebody who is on the list sees at least as much.
  if (ofTask.length > 0) await listed(ofTask).where((lapsing) => lapsing.whereNotNull('case_people.until').orWhereNotNull('case_people.ends_at'));
  if (exclude.length > 0) await shutOutOf(connection, keys, { case: id, sealer, exclude, since: now });
}

type Opened = { person: PersonId; number: string; known: Pick<KeptState, 'revision' | 'head' | 'key'>; at: At };
type OpenedRow = RowBeside & Pick<CasePersonRow, 'access'>;

/** The state is by far the largest of a case: it comes along only when it is another than the one that is known. */
const caseOf = (connection: Knex, { person, number, known, at }: Opened): Knex.QueryBuilder => casesFor(connection, person, at).where('cases.number', number)
  .select('case_people.access', ...besideState.map((column) => `cases.${column}`))
  .select(connection.raw('CASE WHEN cases.revision = ? AND cases.event_head = ? AND cases.key_sealed = ? THEN NULL ELSE cases.state_sealed END AS state_sealed', [known.revision, known.head, known.key]));
const markOf = (known: KeptState | null): Opened['known'] => ({ revision: known?.revision ?? 0, head: known?.head ?? '', key: known?.key ?? '' });
const caseRows = keptQuery<Opened, OpenedRow[]>(caseOf);
const taskRows = keptQuery<Opened & { task: string }, (OpenedRow & DraftBeside)[]>((connection, { task, ...opened }) => joinDraft(connection, caseOf(connection, opened), opened.person, task));
const answerRow = keptQuery<{ person: PersonId; key: string }, Pick<SubmissionRow, 'answer'> | undefined>((connection, { person, key }) => connection<SubmissionRow>('submissions').where({ person_id: person, key }).first('answer'));
const takeKey = keptQuery<{ person: PersonId; key: string; answer: string; now: Moment }, { key: string }[]>((connection, { person, key, answer, now }) => (
  connection<SubmissionRow>('submissions').insert({ person_id: person, key, answer, at: now }).onConflict(['person_id', 'key']).ignore().returning('key')
));
const updateCase = keptQuery<{ id: string; revision: number; columns: CaseRow }, number>((connection, { id, revision, columns }) => connection<CaseRow>('cases').where({ id, revision }).update(columns));
const insertEvents = keptQuery<{ rows: EventRow[] }, unknown>((connection, { rows }) => connection<EventRow>('events').insert(rows));
const insertRecords = keptQuery<{ rows: RecordRow[] }, unknown>((connection, { rows }) => connection<RecordRow>('records').insert(rows));
