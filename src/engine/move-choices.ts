import type { Json } from '../definitions/bundle.ts';

/** What a person must say before a case can move: what becomes of an id that it holds and that the other version has no more. */
export type Need =
  | { kind: 'step' | 'task' | 'event'; id: string }
  /** The answers to a question, which is of another kind now. Paths as in Mapping. */
  | { kind: 'field'; path: string }
  | { kind: 'answer'; path: string; answer: string };

/** What was said. null: it counts for nothing any more. An event that would happen at once does so at the next act, or never. */
export type Choices = {
  steps: { readonly [step: string]: string };
  tasks: { readonly [task: string]: string | null };
  fields: { readonly [path: string]: string | null };
  answers: { readonly [path: string]: { readonly [answer: string]: string | null } };
  events: { readonly [event: string]: 'now' | 'never' };
};

export const noChoices: Choices = { steps: {}, tasks: {}, fields: {}, answers: {}, events: {} };

/** Writes a fixed answer as the key it has in choices. */
export function answerKey(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
