import type { Knex } from 'knex';
import type { Database } from '../../database/database.ts';
import type { Day, Moment, PersonId } from '../../engine/state/case-state.ts';
import { own } from '../../definitions/json-values.ts';
import { readTaskKey, taskKey } from '../../engine/model/instances.ts';
import { addDays } from '../../engine/time/workdays.ts';
import type { Pairs } from '../../forms/form-types.ts';
import { keptQuery } from '../../database/kept-query.ts';
import type { Keys } from '../../trust/key-store.ts';
import type { Sealer } from '../../trust/seal.ts';
import { type At, casesFor } from './cases-for.ts';
import { caseSealer, type CaseRow } from './case-rows.ts';
import { columnsOf, type DraftKey, type KeyColumns } from './draft-key.ts';
import { removeDraftFiles, sweepFiles } from './file-store.ts';
import type { Kept } from './keep-for-a-moment.ts';

export type { DraftKey } from './draft-key.ts';

/** Which saving of a draft: how often it was saved, and when the last time. */
export type DraftMark = { revision: number; savedAt: Moment };

/** Pairs as typed, not checked. `others`: how many other versions of it, typed somewhere else, wait for a choice. */
export type Draft = DraftKey & DraftMark & { pairs: Pairs; others: number };

export type DraftStore = {
  find(key: DraftKey): Promise<Draft | null>;
  /**
   * Gives the mark of what is kept now. `over`: the draft it was typed over, null for none; when another stands there by now nothing is
   * saved, and null is the answer. Without `over` it takes the place of any.
   */
  save(key: DraftKey, pairs: Pairs, now: Moment, over?: DraftMark | null): Promise<DraftMark | null>;
  /** With its other versions. */
  remove(key: DraftKey): Promise<void>;
  /** Those of a person, newest first, without those in cases the person may no longer see. */
  ofPerson(person: PersonId): Promise<Draft[]>;
  /** Those of people who were taken off a case by a restriction and still are, newest first. */
  keptOf(caseId: string): Promise<Draft[]>;
  /** Ids of the tasks that somebody is writing for in a case. */
  tasksOf(caseId: string): Promise<string[]>;
  /** Erases what is past its days, and files that no draft and no record has. */
  sweep(): Promise<void>;
};

/** So many days a draft lives after it was saved last, at least; one that is kept for others stays (forms.md 5). */
export const draftDays = 14;

/** Where other versions of a draft are kept beside it. */
export const otherPlaces = [1, 2, 3, 4] as const;

/** The key of another version of a draft, typed on another device: kept at one of `otherPlaces` until its person has chosen. */
export function otherDraft(key: DraftKey, place: number): DraftKey {
  return { ...key, task: `${otherPrefix}${String(place)}:${key.task}` };
}

/** The task of the draft of a case that is not there yet: with its route, which `routeOfStart` gives back. */
export function startDraft(workflow: string, task: string): string {
  return `${workflow}/${task}`;
}

/** The route of a draft of a case that is not there yet. */
export function routeOfStart({ task }: Pick<Draft, 'task'>): string {
  return task.slice(0, task.indexOf('/'));
}

/** The task that a draft or another version of it is of. */
export function taskOfDraft(task: string): string {
  return task.startsWith(otherPrefix) ? task.slice(otherPrefix.length + 2) : task;
}

const otherPrefix = 'beside:';

/** What was typed, with the sealed text it is kept as: no other has the same one. */
export type Typed = { sealed: string; pairs: Pairs };

/** Makes the store of drafts. `typed`: what was opened or saved a moment ago. They hold no lock and stop nobody (semantics 8). */
export function makeDraftStore({ database, keys, at, typed }: { database: Database; keys: Keys; at: () => At; typed: Kept<Typed> }): DraftStore {
  const today = (): Day => at().today;
  const withKey = (connection: Knex): Knex.QueryBuilder<object, FoundRow[]> => (
    connection('drafts').leftJoin('cases', 'cases.id', 'drafts.case_id').select('drafts.*', 'cases.id', 'cases.key_sealed').select(othersOf(connection)) as Knex.QueryBuilder<object, FoundRow[]>
  );
  return {
    find: async (key) => {
      const [row] = await withKey(database.read).where(prefixed(columnsOf(key))).where((living) => alive(living, today()));
      return row === undefined ? null : toDraft(row, { keys, typed });
    },
    save: async (key, pairs, now, over) => {
      const columns = columnsOf(key);
      const place = placeOf(columns);
      const kept = await database.write(async (connection) => {
        const owner = key.case === null ? undefined : key.wrapped === undefined ? await ownerOf(connection, { id: key.case }) : { id: key.case, key_sealed: key.wrapped };
        if (key.case !== null && owner === undefined) throw new Error(`No case ${key.case}.`);
        const pairs_sealed = sealerOf(keys, owner).seal(place, JSON.stringify(pairs));
        const values = { columns, now, pairs_sealed };
        const [saved] = over === undefined ? await saveRow(connection, values) : await saveRowOver(connection, { ...values, oldest: oldest(today()), revision: over?.revision ?? 0, savedAt: over?.savedAt ?? '' });
        if (saved !== undefined && owner !== undefined && saved.key_sealed !== owner.key_sealed) throw new Error(`Case ${owner.id} was destroyed, or has another key.`);
        return saved === undefined ? null : { revision: saved.revision, pairs_sealed };
      });
      if (kept === null) return null;
      typed.keep(place.row, { sealed: kept.pairs_sealed, pairs });
      return { revision: kept.revision, savedAt: now };
    },
    remove: (key) => database.write((connection) => removeDraft(connection, key, true)),
    ofPerson: async (person) => {
      const rows = await withKey(database.read).where('drafts.person_id', person).whereNot('drafts.task', 'like', `${otherPrefix}%`)
        .andWhere((living) => alive(living, today()))
        .andWhere((seen) => seen.where('drafts.case_id', '').orWhereIn('drafts.case_id', casesFor(database.read, person, at()).select('cases.id')))
        .orderBy('drafts.saved_at', 'desc');
      return rows.map((row) => toDraft(row, { keys, typed }));
    },
    keptOf: async (caseId) => {
      const rows = await withKey(database.read).where({ 'drafts.case_id': caseId, 'drafts.kept': 1 })
        .whereNotIn('drafts.person_id', database.read('case_people').where('case_id', caseId).whereNull('until').select('person_id'))
        .orderBy('drafts.saved_at', 'desc');
      return rows.map((row) => toDraft(row, { keys, typed }));
    },
    tasksOf: async (caseId) => [...new Set((await database.read<DraftRow>('drafts').where('case_id', caseId).select('task')).map(({ task }) => readTaskKey(taskOfDraft(task)).id))],
    sweep: () => database.write(async (connection) => {
      await connection<DraftRow>('drafts').where('kept', 0).andWhere('saved_at', '<', oldest(today())).delete();
      await sweepFiles(connection, oldest(today()));
    })
  };
}

/** Keeps the drafts of people whom a restriction takes off a case, for whoever may lift it (semantics 8). Inside that transaction. */
export async function keepDrafts(connection: Knex, caseId: string, people: PersonId[]): Promise<void> {
  await connection<DraftRow>('drafts').where('case_id', caseId).whereIn('person_id', people).update({ kept: 1 });
}

/**
 * Makes what is being written for tasks of a case what is written for the tasks they became, inside the transaction that moves it. Where
 * somebody is writing for that task already both stay where they are.
 */
export async function moveDrafts(connection: Knex, { caseId, sealer, tasks }: { caseId: string; sealer: Sealer; tasks: { [task: string]: string } }): Promise<void> {
  for (const row of await connection<DraftRow>('drafts').where('case_id', caseId)) {
    const { person_id, school_id, case_id, task, record, pairs_sealed } = row;
    const key = taskOfDraft(task);
    const { id, source } = readTaskKey(key);
    const target = own(tasks, id);
    if (target === undefined) continue;
    const from: KeyColumns = { person_id, school_id, case_id, task, record };
    const to = { ...from, task: task.slice(0, task.length - key.length) + taskKey(target, source) };
    if (await connection<DraftRow>('drafts').where(to).first('task') !== undefined) continue;
    await connection<DraftRow>('drafts').where(from).update({ task: to.task, pairs_sealed: sealer.seal(placeOf(to), sealer.open(placeOf(from), pairs_sealed)) });
    await connection<KeyColumns & { kept: number }>('files').where({ ...from, kept: 0 }).update({ task: to.task });
  }
}

/** Erases a draft and its other versions inside the transaction that stores what it became. `hasFiles`: with the files of it that came into no record. */
export async function removeDraft(connection: Knex, key: DraftKey, hasFiles: boolean): Promise<void> {
  const columns = columnsOf(key);
  const { task, ...rest } = columns;
  await deleteRows(connection, { rest, tasks: [task, ...otherPlaces.map((place) => otherDraft(key, place).task)] });
  if (hasFiles) await removeDraftFiles(connection, columns);
}

/** Joins to a question about cases what somebody has begun of a new record of one task: see `draftBeside`. */
export function joinDraft(connection: Knex, query: Knex.QueryBuilder, person: PersonId, task: string): Knex.QueryBuilder {
  return query
    .leftJoin('drafts', (join) => join.on('drafts.case_id', 'cases.id').andOnVal('drafts.person_id', person).andOnVal('drafts.school_id', '').andOnVal('drafts.task', task).andOnVal('drafts.record', 0))
    .select('drafts.revision as draft_revision', 'drafts.saved_at', 'drafts.kept', 'drafts.pairs_sealed', othersOf(connection));
}

/** Reads the draft that `joinDraft` found beside a case; null: there is none, or it is past its days. */
export function draftBeside(row: DraftBeside, key: { person: PersonId; task: string; owner: Pick<CaseRow, 'id' | 'key_sealed'> }, { keys, today, typed }: { keys: Keys; today: Day; typed: Kept<Typed> }): Draft | null {
  const { draft_revision: revision, saved_at, kept, pairs_sealed, others } = row;
  if (revision === null || saved_at === null || pairs_sealed === null || (kept !== 1 && saved_at < oldest(today))) return null;
  const columns = columnsOf({ person: key.person, case: key.owner.id, task: key.task, record: null });
  return toDraft({ ...columns, revision, saved_at, kept: kept ?? 0, pairs_sealed, others, id: key.owner.id, key_sealed: key.owner.key_sealed }, { keys, typed });
}

/** The columns of a draft beside those of a case; null: no draft. */
export type DraftBeside = { draft_revision: number | null; saved_at: Moment | null; kept: number | null; pairs_sealed: string | null; others: number | string };

type DraftRow = KeyColumns & { revision: number; saved_at: string; kept: number; pairs_sealed: string };
/** With the key of its case; null where there is no case. */
type FoundRow = DraftRow & { id: string | null; key_sealed: string | null; others: number | string };

function prefixed(columns: KeyColumns): { [column: string]: string | number } {
  return Object.fromEntries(Object.entries(columns).map(([name, value]) => [`drafts.${name}`, value]));
}

/** Drafts that are not past their days. */
function alive(query: Knex.QueryBuilder, today: Day): void {
  void query.where('drafts.kept', 1).orWhere('drafts.saved_at', '>=', oldest(today));
}

/** A Dutch day begins at 22:00 UTC in summer and an hour later in winter, so none goes early. */
function oldest(today: Day): Moment {
  return `${addDays(today, -draftDays - 1)}T22:00:00.000Z`;
}

function toDraft(row: FoundRow, { keys, typed }: { keys: Keys; typed: Kept<Typed> }): Draft {
  return {
    person: row.person_id, task: row.task, record: row.record === 0 ? null : row.record,
    ...(row.case_id === '' ? { case: null, school: row.school_id } : { case: row.case_id }),
    pairs: pairsIn(row, { keys, typed }), revision: row.revision, savedAt: row.saved_at,
    others: Number(row.others)
  };
}

/** The same pairs are the same list, so that what was worked out of them holds (forms/decode.ts). */
function pairsIn(row: FoundRow, { keys, typed }: { keys: Keys; typed: Kept<Typed> }): Pairs {
  const { pairs_sealed: sealed } = row;
  const place = placeOf(row);
  const known = typed.find(place.row);
  if (known?.sealed === sealed) return known.pairs;
  const owner = row.id === null || row.key_sealed === null ? undefined : { id: row.id, key_sealed: row.key_sealed };
  const pairs = JSON.parse(sealerOf(keys, owner).open(place, sealed)) as Pairs;
  typed.keep(place.row, { sealed, pairs });
  return pairs;
}

function sealerOf(keys: Keys, owner: Pick<CaseRow, 'id' | 'key_sealed'> | undefined): Sealer {
  return owner === undefined ? keys.drafts : caseSealer(keys, owner);
}

function placeOf({ person_id, school_id, case_id, task, record }: KeyColumns) {
  return { table: 'drafts', row: JSON.stringify([person_id, school_id, case_id, task, record]), column: 'pairs_sealed' };
}

const ownerOf = keptQuery<{ id: string }, Pick<CaseRow, 'id' | 'key_sealed'> | undefined>((connection, { id }) => connection<CaseRow>('cases').where('id', id).first('id', 'key_sealed'));
const deleteRows = keptQuery<{ rest: Omit<KeyColumns, 'task'>; tasks: string[] }, number>((connection, { rest, tasks }) => connection<DraftRow>('drafts').where(rest).whereIn('task', tasks).delete());

type Saving = { columns: KeyColumns; now: Moment; pairs_sealed: string };
/** With the key that its case has now; null: there is no case. */
type Saved = { revision: number; key_sealed: string | null }[];

const saving = (connection: Knex, { columns, now, pairs_sealed }: Saving) => (
  connection<DraftRow>('drafts')
    .insert({ ...columns, revision: 1, saved_at: now, kept: 0, pairs_sealed }, ['revision', connection.raw('(select cases.key_sealed from cases where cases.id = drafts.case_id) as key_sealed') as unknown as string])
    .onConflict(['person_id', 'school_id', 'case_id', 'task', 'record'])
    .merge({ revision: connection.raw('drafts.revision + 1') as unknown as number, saved_at: now, kept: 0, pairs_sealed })
);
const saveRow = keptQuery<Saving, Saved>(saving);
/** What is past its days is not there any more. */
const saveRowOver = keptQuery<Saving & { revision: number; savedAt: Moment; oldest: Moment }, Saved>((connection, { revision, savedAt, oldest: before, ...values }) => (
  saving(connection, values).where((same: Knex.QueryBuilder) => void same
    .where({ 'drafts.revision': revision, 'drafts.saved_at': savedAt })
    .orWhere((gone) => gone.where('drafts.kept', 0).andWhere('drafts.saved_at', '<', before)))
));

/** How many other versions stand beside each draft of a question. */
function othersOf(connection: Knex): Knex.Raw {
  return connection.raw(`(select count(*) from drafts as other where other.person_id = drafts.person_id and other.school_id = drafts.school_id
    and other.case_id = drafts.case_id and other.record = drafts.record and other.task like '${otherPrefix}%' and substr(other.task, ${String(otherPrefix.length + 3)}) = drafts.task) as others`);
}
