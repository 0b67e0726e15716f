import { taskKey } from '../../engine/model/instances.ts';

/** The address of a document of a case. `source`: key of the row it is about; null: it is about the whole case. */
export function documentPath(number: string, id: string, source: string | null): string {
  return `/cases/${number}/documents/${taskKey(id, source)}`;
}

/** The address of a version of a document. */
export function versionPath(number: string, { document, source, version }: { document: string; source: string | null; version: number }): string {
  return `${documentPath(number, document, source)}/versions/${String(version)}`;
}
