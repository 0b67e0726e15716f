import { decodeQuestions } from './decode.ts';
import type { CompiledForm, Pairs, PrintedAnswer, PrintPlace, Question } from './form-types.ts';
import { nameIn, wordsOf } from './names.ts';
import { printQuestion } from './print-elements.ts';
import { readPosted } from './read-posted.ts';

/** Answers that were typed and that a form has no place for any more, in words. */
export type LeftOver = { label: string; lines: string[] };

/**
 * Takes out of what was typed all that a form cannot show: answers to questions it does not ask, and answers that a changed question does
 * not take. `former`: forms they may have been typed in, which have the words for them. `only`: the questions that are asked here.
 */
export function leftOver(form: CompiledForm, pairs: Pairs, { former, prefix = '', only, print }: { former: CompiledForm[]; prefix?: string; only?: string[] | undefined; print: Omit<PrintPlace, 'pointer' | 'at'> }): { pairs: Pairs; leftOver: LeftOver[] } {
  const asked = only === undefined ? form.questions : form.questions.filter(({ name }) => only.includes(name));
  const inside = `${prefix}/`;
  const whole = new Set(asked.map(({ name }) => nameIn(prefix, name)));
  const isHomeless = ([name, value]: [string, string]): boolean => !whole.has(name) && name.startsWith(inside) && value.trim() !== '' && !isPlaced(asked, partsOf(name.slice(prefix.length)));
  const posted = readPosted(pairs);
  const changed = former.every((one) => one === form) ? [] : asked.flatMap((question) => {
    const before = former.map(({ questions }) => questions.find(({ name }) => name === question.name)).find((one) => one !== undefined);
    return before !== undefined && before.field !== question.field && posted.has(nameIn(prefix, question.name)) && !takes(question, before, posted.all(nameIn(prefix, question.name))) ? [question.name] : [];
  });
  // Of several answers those that are still in the list stay chosen.
  const isLost = ([name, value]: [string, string]): boolean => {
    const question = name.startsWith(inside) ? asked.find((one) => changed.includes(one.name) && one.name === partsOf(name.slice(prefix.length))[0]) : undefined;
    return question !== undefined && question.choices?.some(({ text }) => text === value) !== true;
  };
  const lost = pairs.filter(isHomeless);
  const tops = [...new Set([...lost.map(([name]) => partsOf(name.slice(prefix.length))[0] ?? ''), ...changed])];
  if (tops.length === 0) return { pairs, leftOver: [] };
  return {
    pairs: pairs.filter((pair) => !isHomeless(pair) && !isLost(pair)),
    leftOver: tops.flatMap((top) => {
      const question = former.flatMap(({ questions }) => questions.filter(({ name }) => name === top)).at(0);
      const answers = question === undefined ? {} : decodeQuestions([question], changed.includes(top) ? readPosted(pairs.filter(isLost)) : posted, prefix);
      const words = question === undefined ? [] : linesOf(printQuestion(question, answers, { ...print, pointer: '', at: prefix }));
      const typed = lost.filter(([name]) => partsOf(name.slice(prefix.length))[0] === top).map(([, value]) => value);
      const lines = words.length > 0 ? words : typed.flatMap((value) => value.split('\n'));
      return lines.length === 0 ? [] : [{ label: question?.label ?? wordsOf(top), lines }];
    })
  };
}

/** Does a changed question still show what was typed in it? Text stays text; an answer of a list must still be in the list. */
function takes(question: Question, before: Question, typed: string[]): boolean {
  const kind = ({ control: { name, asks } }: Question): string => (asks === 'text' ? 'text' : name === 'select' ? 'radios' : name);
  if (kind(question) !== kind(before)) return typed.every((value) => value.trim() === '');
  return question.choices === null || typed.every((value) => value === '' || question.choices?.some(({ text }) => text === value) === true);
}

/** Does a name belong to a question, or to a part of one? */
function isPlaced(questions: Question[], [name, ...rest]: string[]): boolean {
  const question = questions.find((one) => one.name === name);
  if (question === undefined) return false;
  switch (question.control.holds) {
    case 'value': case 'branches': return true;
    case 'group': return rest.length === 0 || isPlaced(question.parts, rest);
    case 'rows': return rest.length < 2 || rest[1] === 'id' || question.parts[0]?.name === '' || isPlaced(question.parts, rest.slice(1));
  }
}

function partsOf(pointer: string): string[] {
  const parts = pointer.split('/').slice(1);
  return /[#~]/.test(pointer) ? parts.map((part) => (part.split('#')[0] ?? '').replaceAll('~1', '/').replaceAll('~0', '~')) : parts;
}

function linesOf({ lines, rows }: PrintedAnswer): string[] {
  return rows === null ? lines : rows.map((row) => row.flatMap((cell) => linesOf(cell).map((line) => `${cell.label} ${line}`)).join('; '));
}
