import { documentPath } from './document-path.ts';

/** The address of a version of a document. */
export function versionPath(number: string, { document, source, version }: { document: string; source: string | null; version: number }): string {
  return `${documentPath(number, document, source)}/versions/${String(version)}`;
}
