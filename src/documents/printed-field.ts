import type { Json } from '../definitions/bundle.ts';

/** One question with its answer, as a template reads it. Every field of a form is there, also without an answer. */
export type PrintedField = {
  /** The question. */
  vraag: string;
  /** The answer in words, line by line; empty without an answer. */
  regels: string[];
  /** The stored answer; null without an answer. */
  waarde: Json;
  /** For repeating rows: the fields of each row by name. Null for other questions. */
  rijen: PrintedFields[] | null;
  /** For a group of questions: its fields by name. Null for other questions. */
  delen: PrintedFields | null;
  /** Left out of this document on purpose. */
  weggelaten: boolean;
  /** Whose knowledge it is (x-source of the form). */
  bron: 'own' | 'subject' | 'third-party' | 'judgement' | null;
};

export type PrintedFields = { [field: string]: PrintedField };

/** Is this value of a template a question with its answer? */
export function isPrintedField(value: unknown): value is PrintedField {
  return typeof value === 'object' && value !== null && 'vraag' in value && 'regels' in value && 'waarde' in value;
}
