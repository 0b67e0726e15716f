import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Knex } from 'knex';
import type { Database } from '../../database/database.ts';
import type { Moment, PersonId } from '../../engine/state/case-state.ts';
import { AppError } from '../../errors.ts';
import type { FileAnswer } from '../../forms/file-answer.ts';
import type { Keys } from '../../trust/key-store.ts';
import { makeSealer, SealBroken, type SealedPlace, type Sealer, unwrapKey, wrapNewKey } from '../../trust/seal.ts';
import { caseSealer, type CaseRow } from './case-rows.ts';
import { columnsOf, type DraftKey, type KeyColumns } from './draft-key.ts';
import { paperPrefix } from './paper-draft.ts';

/** So many files the forms of one case may have, and one person before there is a case (trust.md, uploads). */
export const mostFiles = 20;

/** So many files the documents of one case may have: of each version three, and what is put beside it. */
const mostPapers = 1_000;

/** A file with its content. `kept`: a record has it; the others are of the draft of `person`. */
export type StoredFile = { file: FileAnswer; content: Buffer; person: PersonId; kept: boolean };

export type FileStore = {
  /** Keeps a file with what somebody is filling in. False: there are `mostFiles` already. */
  add(key: DraftKey, file: FileAnswer, content: Buffer, now: Moment): Promise<boolean>;
  /** Those that were added to a draft and are in no record. */
  ofDraft(key: DraftKey): Promise<FileAnswer[]>;
  /** Takes one of those back. */
  remove(key: DraftKey, id: string): Promise<void>;
  /** Makes those of one draft those of another, in the same case. */
  move(from: DraftKey, to: DraftKey): Promise<void>;
  /** Null: the case has no such file. Throws a SealBroken when it is not what was stored. */
  read(caseId: string, id: string): Promise<StoredFile | null>;
};

/** Makes the store of files. Their content is kept in parts, so that no row is large. */
export function makeFileStore({ database, keys }: { database: Database; keys: Keys }): FileStore {
  const { read } = database;
  return {
    add: (key, file, content, now) => database.write(async (connection) => {
      const columns = columnsOf(key);
      // Two that come at once must not both be the last that fits.
      if (columns.case_id === '') await connection('people').where('id', columns.person_id).forUpdate().first('id');
      else await connection<CaseRow>('cases').where('id', columns.case_id).forUpdate().first('id');
      const owner = await ownerOf(connection, keys, columns.case_id);
      const isPaper = columns.task.startsWith(paperPrefix);
      const [count] = await connection<FileRow>('files').where('case_id', columns.case_id).modify((rows) => {
        if (columns.case_id === '') void rows.where('person_id', columns.person_id);
        else void rows.where('task', isPaper ? 'like' : 'not like', `${paperPrefix}%`);
      }).count<{ n: number | string }[]>({ n: '*' });
      if (Number(count?.n) >= (isPaper ? mostPapers : mostFiles)) return false;
      const { wrapped, sealer } = wrapNewKey(owner, keyPlace(file.id), keys.random);
      await connection<FileRow>('files').insert({
        ...columns, id: file.id, kept: 0, stored_at: now, bytes: content.length, key_sealed: wrapped, head_sealed: sealer.seal(headPlace(file.id), JSON.stringify(file))
      });
      for (let number = 1, at = 0; at < content.length; number += 1, at += partSize) {
        await connection<PartRow>('file_parts').insert({ file_id: file.id, number, content_sealed: sealer.sealBytes(partPlace(file.id, number), content.subarray(at, at + partSize)) });
      }
      return true;
    }),
    ofDraft: async (key) => {
      const columns = columnsOf(key);
      const rows = await read<FileRow>('files').where({ ...columns, kept: 0 }).orderBy('id');
      if (rows.length === 0) return [];
      const owner = await ownerOf(read, keys, columns.case_id);
      return rows.map((row) => headOf(row, fileSealer(owner, row, keys)));
    },
    remove: (key, id) => database.write(async (connection) => { await connection<FileRow>('files').where({ ...columnsOf(key), id, kept: 0 }).delete(); }),
    move: (from, to) => database.write(async (connection) => { await connection<FileRow>('files').where({ ...columnsOf(from), kept: 0 }).update(columnsOf(to)); }),
    read: async (caseId, id) => {
      const row = await read<FileRow>('files').where({ case_id: caseId, id }).first();
      if (row === undefined) return null;
      return { ...await openFile(read, row, await ownerOf(read, keys, caseId), keys), person: row.person_id, kept: row.kept === 1 };
    }
  };
}

/**
 * Makes files part of a case, inside the transaction that writes the records or events they are in. Each is in the case already or was
 * added to this draft, and is what is said of it; anything else is a conflict: somebody took it back meanwhile, or it was never theirs.
 */
export async function keepFiles(connection: Knex, { files, caseId, draft, sealer, keys }: { files: FileAnswer[]; caseId: string; draft: DraftKey | null; sealer: Sealer; keys: Keys }): Promise<void> {
  if (files.length === 0) return;
  const columns = draft === null ? null : columnsOf(draft);
  for (const row of await rowsOf(connection, files.map(({ id }) => id))) {
    const head = row.case_id === caseId || row.case_id === '' ? headOf(row, fileSealer(row.case_id === '' ? keys.drafts : sealer, row, keys)) : null;
    if (files.some((file) => file.id === row.id && !isDeepStrictEqual(file, head))) throw new AppError('conflict');
    if (row.kept === 1) continue;
    if (columns === null || Object.entries(columns).some(([name, value]) => row[name as keyof KeyColumns] !== value)) throw new AppError('conflict');
    const moved = row.case_id === caseId ? {} : { case_id: caseId, school_id: '', key_sealed: sealer.seal(keyPlace(row.id), keys.drafts.open(keyPlace(row.id), row.key_sealed)) };
    await connection<FileRow>('files').where('id', row.id).update({ kept: 1, ...moved });
  }
}

async function rowsOf(connection: Knex, ids: string[]): Promise<FileRow[]> {
  const rows = await connection<FileRow>('files').whereIn('id', ids);
  if (rows.length < new Set(ids).size) throw new AppError('conflict');
  return rows;
}

/** Erases what was added to a draft and came into no record, inside the transaction that erases the draft. */
export async function removeDraftFiles(connection: Knex, columns: KeyColumns): Promise<void> {
  await connection<FileRow>('files').where({ ...columns, kept: 0 }).delete();
}

/** Erases files that were stored before a moment and are in no record and in no draft that lives. */
export async function sweepFiles(connection: Knex, before: Moment): Promise<void> {
  await connection<FileRow>('files').where('kept', 0).andWhere('stored_at', '<', before).whereNotExists((draft) => {
    void draft.select(connection.raw('1')).from('drafts');
    for (const name of ['person_id', 'school_id', 'case_id', 'task', 'record']) void draft.where(`drafts.${name}`, connection.ref(`files.${name}`));
  }).delete();
}

/** Reads a whole file. Throws a SealBroken when a part is missing, was changed or stands elsewhere. */
export async function openFile(connection: Knex, row: FileRow, owner: Sealer, keys: Keys): Promise<{ file: FileAnswer; content: Buffer }> {
  const sealer = fileSealer(owner, row, keys);
  const file = headOf(row, sealer);
  const parts = await connection<PartRow>('file_parts').where('file_id', row.id).orderBy('number');
  const content = Buffer.concat(parts.map(({ number, content_sealed }) => sealer.openBytes(partPlace(row.id, number), content_sealed)));
  if (content.length !== file.bytes || sha256Of(content) !== file.sha256) throw new SealBroken({ table: 'files', row: row.id, column: 'head_sealed' }, 'is not what was stored');
  return { file, content };
}

/** The fingerprint of a file, in hexadecimals. */
export function sha256Of(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

export type FileRow = KeyColumns & { id: string; kept: number; stored_at: string; bytes: number; key_sealed: string; head_sealed: string };
type PartRow = { file_id: string; number: number; content_sealed: string };

const partSize = 262_144;

/** What wraps the keys of the files of a case; with '' of those that have no case yet. */
async function ownerOf(connection: Knex, keys: Keys, caseId: string): Promise<Sealer> {
  if (caseId === '') return keys.drafts;
  const row = await connection<CaseRow>('cases').where('id', caseId).first('id', 'key_sealed');
  if (row === undefined) throw new Error(`No case ${caseId}.`);
  return caseSealer(keys, row);
}

function fileSealer(owner: Sealer, { id, key_sealed }: FileRow, { random }: Keys): Sealer {
  return makeSealer({ key: unwrapKey(owner, keyPlace(id), key_sealed), random });
}

function headOf({ id, head_sealed }: FileRow, sealer: Sealer): FileAnswer {
  return JSON.parse(sealer.open(headPlace(id), head_sealed)) as FileAnswer;
}

function keyPlace(id: string): SealedPlace {
  return { table: 'files', row: id, column: 'key_sealed' };
}

function headPlace(id: string): SealedPlace {
  return { table: 'files', row: id, column: 'head_sealed' };
}

function partPlace(id: string, number: number): SealedPlace {
  return { table: 'file_parts', row: `${id}/${String(number)}`, column: 'content_sealed' };
}
