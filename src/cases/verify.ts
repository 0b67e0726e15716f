import { isDeepStrictEqual } from 'node:util';
import type { Knex } from 'knex';
import type { Database } from '../database/database.ts';
import type { CaseState, Moment } from '../engine/state/case-state.ts';
import { versionFiles } from '../engine/commands/document-versions.ts';
import { rebuild } from '../engine/commands/rebuild.ts';
import { type FileAnswer, filesIn } from '../forms/file-answer.ts';
import { type ChainRow, followLog, generalChain, type LogRow } from '../trust/access-log-store.ts';
import { anchorOf, chainStart, followLinks } from '../trust/chain.ts';
import type { Keys } from '../trust/key-store.ts';
import { type Cut, type CutRow, openCut } from '../trust/log-cut.ts';
import { SealBroken, type Sealer } from '../trust/seal.ts';
import {
  caseSealer, type CaseRow, eventValues, type EventRow, type ExclusionRow, openExclusion, type RecordRow, toCase, toEvent, toRecord
} from './stores/case-rows.ts';
import { toOpening, type OpeningRow } from './stores/emergency-store.ts';
import { type FileRow, openFile } from './stores/file-store.ts';

/**
 * chain: a row was changed, taken out or put in. sealed: a text was changed, moved or sealed with another key. rebuild: the events do
 * not give the state or a record that is kept. columns: what lists read is not what the state says. gone: a case without a trace of why.
 * file: a file that a record has is not there, or is another. cut: the start of a chain is gone, and what says that its term was over is
 * not what was written. anchor: the chain is not what was kept of it elsewhere; early: what was kept elsewhere shows that lines were
 * destroyed before their term was over (both verify-anchors.ts).
 */
export type Problem = 'chain' | 'sealed' | 'rebuild' | 'columns' | 'gone' | 'file' | 'cut' | 'anchor' | 'early';

/** The first thing wrong in a case or a chain. `chain` is the number of a case, or its id where there is none, or general. */
export type Finding = { table: string; chain: string; sequence: number | null; problem: Problem };

/** `destroyed`: what is gone because its term was over; `last`: when that was done last, null where nothing is. */
export type Verified = {
  findings: Finding[]; cases: number; events: number; records: number; lines: number; anchor: string;
  destroyed: { lines: number; chains: number; last: Moment | null };
};

/**
 * Recomputes every chain, opens every sealed text of every case, and rebuilds every case from its events and records.
 * Somebody who can write the database and holds the key can also cut off the end of a chain with its head: only an anchor kept
 * elsewhere shows that.
 */
export function verify(database: Pick<Database, 'snapshot'>, keys: Keys): Promise<Verified> {
  return database.snapshot(async (connection) => {
    const findings: Finding[] = [];
    const counts = { cases: 0, events: 0, records: 0 };
    const numbers = new Map<string, string>();
    for (const { id } of await connection<CaseRow>('cases').select('id').orderBy('id')) {
      const stored = await readCase(connection, id);
      const finding = firstFinding(stored, keys) ?? await fileFinding(connection, stored, keys);
      if (finding !== null) findings.push({ ...finding, chain: stored.row.number });
      numbers.set(id, stored.row.number);
      counts.cases += 1;
      counts.events += stored.events.length;
      counts.records += stored.records.length;
    }
    const log = await verifyLog(connection, numbers, keys);
    return { findings: [...findings, ...log.findings], ...counts, lines: log.lines, destroyed: log.destroyed, anchor: anchorOf(await headsOf(connection)) };
  });
}

/** The name of the chain of the events of a case, beside that of its lines in the log, which has its id. */
export function eventsChain(caseId: string): string {
  return `events ${caseId}`;
}

/** Gives the end of every chain. */
export async function headsOf(connection: Knex): Promise<{ chain: string; head: string; length: number }[]> {
  const cases = await connection<CaseRow>('cases').select('id', 'event_head', 'event_count');
  const log = await connection<ChainRow>('log_chains').select('chain', 'head', 'length');
  return [...cases.map((row) => ({ chain: eventsChain(row.id), head: row.event_head, length: row.event_count })), ...log];
}

type WholeCase = { row: CaseRow; events: EventRow[]; records: RecordRow[]; exclusions: ExclusionRow[]; openings: OpeningRow[] };
type CaseFinding = Omit<Finding, 'chain'>;

async function readCase(connection: Knex, id: string): Promise<WholeCase> {
  const row = await connection<CaseRow>('cases').where('id', id).first();
  if (row === undefined) throw new Error(`Case ${id} is gone while it is read.`);
  const events = await connection<EventRow>('events').where('case_id', id).orderBy('sequence');
  const records = await connection<RecordRow>('records').where('case_id', id).orderBy(['record', 'version']);
  const exclusions = await connection<ExclusionRow>('case_exclusions').where('case_id', id).orderBy('person_id');
  return { row, events, records, exclusions, openings: await connection<OpeningRow>('emergency_openings').where('case_id', id).orderBy('at') };
}

function firstFinding(stored: WholeCase, keys: Keys): CaseFinding | null {
  return chainFinding(stored) ?? sealFinding(stored, keys) ?? stateFinding(stored, keys);
}

function chainFinding({ row: { event_head, event_count }, events }: WholeCase): CaseFinding | null {
  const { broken, last } = followLinks(chainStart, events.map((row) => ({ hash: row.hash, values: eventValues(row) })));
  const row = broken === null ? undefined : events[broken];
  if (row !== undefined) return { table: 'events', sequence: row.sequence, problem: 'chain' };
  return last === event_head && events.length === event_count ? null : { table: 'events', sequence: events.length + 1, problem: 'chain' };
}

function sealFinding({ row, events, records, exclusions, openings }: WholeCase, keys: Keys): CaseFinding | null {
  const opened = opening(() => caseSealer(keys, row));
  if (opened === null || opening(() => toCase(row, keys)) === null) return { table: 'cases', sequence: null, problem: 'sealed' };
  const shut = <Row>(rows: Row[], read: (row: Row, sealer: Sealer) => unknown): Row | undefined => rows.find((one) => opening(() => read(one, opened)) === null);
  const event = shut(events, toEvent);
  if (event !== undefined) return { table: 'events', sequence: event.sequence, problem: 'sealed' };
  const record = shut(records, toRecord);
  if (record !== undefined) return { table: 'records', sequence: record.record, problem: 'sealed' };
  if (shut(exclusions, openExclusion) !== undefined) return { table: 'case_exclusions', sequence: null, problem: 'sealed' };
  return shut(openings, toOpening) === undefined ? null : { table: 'emergency_openings', sequence: null, problem: 'sealed' };
}

/** Null where a text does not open. */
function opening<Value>(open: () => Value): Value | null {
  try {
    return open();
  } catch (error) {
    if (error instanceof SealBroken) return null;
    throw error;
  }
}

function stateFinding({ row, events, records, exclusions }: WholeCase, keys: Keys): CaseFinding | null {
  const sealer = caseSealer(keys, row);
  const happened = events.map((event) => toEvent(event, sealer));
  const rebuilt = rebuild(happened, records.map((record) => toRecord(record, sealer)));
  if (!rebuilt.ok) return { table: 'events', sequence: events[rebuilt.index]?.sequence ?? null, problem: 'rebuild' };
  const [unused] = rebuilt.unused;
  if (unused !== undefined) return { table: 'records', sequence: unused.id, problem: 'rebuild' };
  if (!isDeepStrictEqual(rebuilt.state, toCase(row, keys).state)) return { table: 'cases', sequence: null, problem: 'rebuild' };
  const moved = happened.map(({ event }) => event).findLast(({ type }) => type === 'caseMoved' || type === 'moveUndone');
  const runsOn = moved !== undefined && 'to' in moved ? moved.to : row.bundle_hash;
  return runsOn === row.bundle_hash && saysTheSame(row, rebuilt.state, exclusions) ? null : { table: 'cases', sequence: null, problem: 'columns' };
}

/** Opens every file of a case, one at a time, and looks whether every file that a record or a document has is there as it says. */
async function fileFinding(connection: Knex, { row, records }: WholeCase, keys: Keys): Promise<CaseFinding | null> {
  const sealer = caseSealer(keys, row);
  const there = new Map<string, FileAnswer>();
  for (const { id } of await connection<FileRow>('files').where({ case_id: row.id, kept: 1 }).orderBy('id').select('id')) {
    const stored = await connection<FileRow>('files').where('id', id).first();
    const file = stored === undefined ? null : await openFile(connection, stored, sealer, keys).catch(brokenAsNull);
    if (file === null) return { table: 'files', sequence: null, problem: 'sealed' };
    there.set(id, file.file);
  }
  const papers = versionFiles(toCase(row, keys).state);
  if (papers.some((file) => !isDeepStrictEqual(there.get(file.id), file))) return { table: 'files', sequence: null, problem: 'file' };
  const missing = records.find((record) => filesIn(toRecord(record, sealer).answers).some((file) => !isDeepStrictEqual(there.get(file.id), file)));
  return missing === undefined ? null : { table: 'files', sequence: missing.record, problem: 'file' };
}

function brokenAsNull(error: unknown): null {
  if (error instanceof SealBroken) return null;
  throw error;
}

/** Do the clear columns say what the state says, and is everybody shut out whom the state shuts out? */
function saysTheSame(row: CaseRow, state: CaseState, exclusions: ExclusionRow[]): boolean {
  const active = state.visits.filter(({ status }) => status === 'active').map(({ step }) => step);
  // A step that waits for other tracks is left out of the list; which one waits only the definition knows.
  const listed = JSON.parse(row.active_steps) as string[];
  const never = [...state.barred, ...(state.restriction?.never ?? [])];
  return row.status === state.status && row.responsible_id === state.responsible && row.outcome === state.outcome
    && row.opened_at === state.openedAt && row.closed_at === state.closedAt
    && new Set(listed).size === listed.length && listed.every((step) => active.includes(step)) && (listed.length > 0) === (active.length > 0)
    && never.every((person) => exclusions.some(({ person_id }) => person_id === person));
}

/** `numbers`: of the cases there are, by id. */
async function verifyLog(connection: Knex, numbers: ReadonlyMap<string, string>, keys: Keys): Promise<Pick<Verified, 'findings' | 'lines' | 'destroyed'>> {
  const kept = new Map((await connection<CutRow>('log_chains')).map((row) => [row.chain, row]));
  const named = (await connection<LogRow>('access_log').distinct('chain')).map(({ chain }) => chain);
  const erased = new Set((await connection<{ case_id: string }>('erased_cases').select('case_id')).map(({ case_id }) => case_id));
  const findings: Finding[] = [];
  const destroyed: Verified['destroyed'] = { lines: 0, chains: 0, last: null };
  let lines = 0;
  for (const chain of [...new Set([...kept.keys(), ...named, ...numbers.keys()])].sort()) {
    const row = kept.get(chain) ?? { chain, head: chainStart, length: 0, cut_to: 0, cut_sealed: null };
    const name = numbers.get(chain) ?? chain;
    const read = opening((): { cut: Cut | null } => ({ cut: openCut(row, keys) }));
    if (read === null) {
      findings.push({ table: 'access_log', chain: name, sequence: row.cut_to, problem: 'cut' });
      continue;
    }
    const { upto, hash, at } = read.cut ?? { upto: 0, hash: chainStart, at: null };
    const { broken, count, last } = await followLog(connection, chain, { from: hash, until: null });
    lines += count;
    if (at !== null) {
      destroyed.lines += upto;
      destroyed.chains += 1;
      if (at > (destroyed.last ?? '')) destroyed.last = at;
    }
    const wrong = broken ?? (last === row.head && upto + count === row.length ? null : upto + count + 1);
    if (wrong !== null) findings.push({ table: 'access_log', chain: name, sequence: wrong, problem: 'chain' });
    else if (chain !== generalChain && !numbers.has(chain) && !erased.has(chain)) findings.push({ table: 'cases', chain: name, sequence: null, problem: 'gone' });
  }
  return { findings, lines, destroyed };
}
