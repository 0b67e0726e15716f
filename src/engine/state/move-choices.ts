import type { Json } from '../../definitions/bundle.ts';

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

/** Adds one choice. Throws for a step or event without one: these have nothing to count for. */
export function choiceMade(choices: Choices, need: Need, becomes: string | null): Choices {
  switch (need.kind) {
    case 'step': return { ...choices, steps: { ...choices.steps, [need.id]: said(need, becomes) } };
    case 'task': return { ...choices, tasks: { ...choices.tasks, [need.id]: becomes } };
    case 'field': return { ...choices, fields: { ...choices.fields, [need.path]: becomes } };
    case 'answer': return { ...choices, answers: { ...choices.answers, [need.path]: { ...choices.answers[need.path], [need.answer]: becomes } } };
    case 'event': return { ...choices, events: { ...choices.events, [need.id]: said(need, becomes) === 'now' ? 'now' : 'never' } };
  }
}

/** Writes a need as one word, as a page names it. */
export function needKey(need: Need): string {
  if (need.kind === 'answer') return `answer:${need.path}:${need.answer}`;
  return `${need.kind}:${need.kind === 'field' ? need.path : need.id}`;
}

/** Reads such a word; null for any other. */
export function readNeed(key: string): Need | null {
  const [kind, at = '', ...answer] = key.split(':');
  switch (kind) {
    case 'step': case 'task': case 'event': return { kind, id: at };
    case 'field': return { kind, path: at };
    case 'answer': return { kind, path: at, answer: answer.join(':') };
    default: return null;
  }
}

function said(need: Need, becomes: string | null): string {
  if (becomes === null) throw new Error(`No choice for ${needKey(need)}.`);
  return becomes;
}
