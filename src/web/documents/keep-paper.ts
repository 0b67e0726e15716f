import type { OpenCase } from '../../cases/cases.ts';
import { sha256Of } from '../../cases/stores/file-store.ts';
import { paperDraft } from '../../cases/stores/paper-draft.ts';
import type { KeptFile } from '../../engine/state/document-types.ts';
import type { Site } from '../site/site.ts';

/** Stores a file of a document; it becomes part of the case with the command that names it, else it is swept. Null: the case holds no more of them. */
export async function keepPaper({ cases, now }: Site, { stored, viewer }: OpenCase, document: string, { name, type, content }: { name: string; type: string; content: Buffer }): Promise<KeptFile | null> {
  const file: KeptFile = { id: cases.newId(), naam: name, type, bytes: content.length, sha256: sha256Of(content) };
  return await cases.files.add(paperDraft(stored.id, viewer.id, document), file, content, now()) ? file : null;
}
