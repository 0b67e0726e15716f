import type { PrintedAnswer } from '../../forms/form-types.ts';

/** Two people's words for one question. */
export type Compared = { pointer: string; one: PrintedAnswer | null; other: PrintedAnswer | null };

/** Puts the answers of two records of the same form beside each other: how many are the same, and those that differ, in the order of the screen. */
export function compareAnswers(one: PrintedAnswer[], other: PrintedAnswer[]): { same: number; different: Compared[] } {
  const others = new Map(other.map((answer) => [answer.pointer, answer]));
  const known = new Set(one.map(({ pointer }) => pointer));
  const pairs: Compared[] = [
    ...one.map((answer): Compared => ({ pointer: answer.pointer, one: answer, other: others.get(answer.pointer) ?? null })),
    ...other.filter(({ pointer }) => !known.has(pointer)).map((answer): Compared => ({ pointer: answer.pointer, one: null, other: answer }))
  ];
  const answered = pairs.filter((pair) => linesOf(pair.one).length > 0 || linesOf(pair.other).length > 0);
  const different = answered.filter((pair) => linesOf(pair.one).join('\n') !== linesOf(pair.other).join('\n'));
  return { same: answered.length - different.length, different };
}

/** Gives an answer as lines of text; rows one after the other. Empty for no answer. */
export function linesOf(answer: PrintedAnswer | null): string[] {
  if (answer === null) return [];
  return answer.rows === null ? answer.lines : answer.rows.map((row) => row.flatMap((cell) => linesOf(cell)).join(', ')).filter((line) => line !== '');
}
