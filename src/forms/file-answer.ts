import type { Json } from '../definitions/bundle.ts';

/** What a record keeps of a file: a snapshot that says what it was, with the id under which its content is stored. `type`: as in HTTP. */
export type FileAnswer = { id: string; naam: string; type: string; bytes: number; sha256: string };

/** Gives the file an answer stands for; null when it is none. Anything else that was in it is left out. */
export function readFileAnswer(value: Json | undefined): FileAnswer | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const { id, naam, type, bytes, sha256 } = value;
  if (typeof id !== 'string' || typeof naam !== 'string' || typeof type !== 'string' || typeof bytes !== 'number' || typeof sha256 !== 'string') return null;
  return { id, naam, type, bytes, sha256 };
}

/** Gives every file in answers, in rows and groups as well. */
export function filesIn(value: Json | undefined): FileAnswer[] {
  if (typeof value !== 'object' || value === null) return [];
  const file = readFileAnswer(value);
  return file === null ? Object.values(value).flatMap(filesIn) : [file];
}
