import type { Answers, Json } from '../definitions/bundle.ts';
import type { Branch, Posted, Question } from './form-types.ts';

/**
 * Says in a decoded answer which group was chosen, where its questions do not show it: nothing was filled in yet, or another group asks the same.
 * No question is called so, and no record keeps it (withoutChoice).
 */
const choiceKey = '#';

/** Gives the name of the buttons that choose a group of questions. */
export function choiceName(at: string): string {
  return `${at}#keuze`;
}

/** Gives the name under which the questions of one group stand, so that no two groups share a name. */
export function branchName(at: string, index: number): string {
  return `${at}#${String(index)}`;
}

/** Gives the group that was chosen in a post; null when none was. */
export function postedBranch({ branches }: Question, posted: Posted, at: string): number | null {
  const typed = posted.last(choiceName(at)) ?? '';
  return /^\d+$/.test(typed) && branches?.[Number(typed)] !== undefined ? Number(typed) : null;
}

/** Notes a choice in an answer that does not show it by itself. */
export function withChoice(question: Question, answers: Answers, index: number): Answers {
  return branchIndex(question, answers) === index ? answers : { [choiceKey]: index, ...answers };
}

/** Gives an answer as it is kept: without notes of what was chosen. Nearly all have none, and are given as they are. */
export function withoutChoice(value: Json): Json {
  if (value === null || typeof value !== 'object' || !hasChoice(value)) return value;
  if (Array.isArray(value)) return value.map(withoutChoice);
  return Object.fromEntries(Object.entries(value).flatMap(([key, part]) => (key === choiceKey ? [] : [[key, withoutChoice(part)]])));
}

function hasChoice(value: Json): boolean {
  if (value === null || typeof value !== 'object') return false;
  return Object.hasOwn(value, choiceKey) || Object.values(value).some(hasChoice);
}

/** Gives the group of questions an answer belongs to; null when it can be none of them. */
export function branchOf(question: Question, value: Json | undefined): Branch | null {
  const index = value === null || typeof value !== 'object' || Array.isArray(value) ? null : branchIndex(question, value);
  return index === null ? null : (question.branches?.[index] ?? null);
}

/** The one that was noted; else the first with these fixed answers that fits and asks all of it, that fits, or that asks most of it. */
export function branchIndex({ branches }: Question, answers: Answers): number | null {
  const noted = answers[choiceKey];
  if (typeof noted === 'number') return noted;
  const own = withoutChoice(answers);
  const ranks = (branches ?? []).map(({ fixed, parts, validate }) => {
    if (Object.entries(fixed).some(([name, value]) => answers[name] !== undefined && answers[name] !== value)) return -1;
    const names = new Set([...Object.keys(fixed), ...parts.map(({ name }) => name)]);
    const known = Object.keys(answers).filter((name) => names.has(name)).length;
    const isWhole = known === Object.keys(answers).length;
    return (validate(own).length === 0 ? 2_000 : 0) + (isWhole ? 1_000 : 0) + known;
  });
  const best = Math.max(-1, ...ranks);
  return best < 0 ? null : ranks.indexOf(best);
}
