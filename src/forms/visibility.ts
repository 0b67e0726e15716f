import type { Answers, Json } from '../definitions/bundle.ts';
import type { Moment } from '../engine/case-state.ts';
import { answersContext, holds } from '../engine/conditions.ts';
import type { Zone } from '../engine/zone.ts';
import { branchOf } from './branches.ts';
import type { LayoutElement, Question } from './form-types.ts';
import { nameIn } from './names.ts';

export type Clock = { now: Moment; zone: Zone };

/** An answer to a question that is not asked: taken out. */
export type Dropped = { question: Question; pointer: string; value: Json };

/** Does the own condition of an element hold? Those of the groups around it are the caller's. */
export function isShown(element: LayoutElement, answers: Answers, clock: Clock): boolean {
  return element.when === null || holds(element.when, answersContext(answers, clock.now, clock.zone));
}

/** May what an element asks be changed, as far as it decides itself? */
export function isWritable(element: LayoutElement, answers: Answers, clock: Clock): boolean {
  return element.writable === null || holds(element.writable, answersContext(answers, clock.now, clock.zone));
}

/** Must a question be answered, beside these answers? */
export function isRequired({ required, requiredWhen }: Question, answers: Answers, clock: Clock): boolean {
  return required || (requiredWhen !== null && holds(requiredWhen, answersContext(answers, clock.now, clock.zone)));
}

/** Gives the questions that are asked, in screen order: their own condition and those of all groups around them hold. */
export function shownQuestions(elements: LayoutElement[], answers: Answers, clock: Clock): Question[] {
  return elements.filter((element) => isShown(element, answers, clock)).flatMap((element) =>
    element.type === 'question' ? [element.question] : element.type === 'group' ? shownQuestions(element.elements, answers, clock) : []);
}

/** Gives all questions of a layout, asked or not, in screen order. */
export function placedQuestions(elements: LayoutElement[]): Question[] {
  return elements.flatMap((element) => (element.type === 'question' ? [element.question] : element.type === 'group' ? placedQuestions(element.elements) : []));
}

/**
 * Takes the answers of hidden questions out until nothing changes (forms.md, section 4): what is hidden is not there for
 * conditions either. A field with several controls stays while one of them is shown; a field without a control stays.
 */
export function prune(elements: LayoutElement[], answers: Answers, clock: Clock): { answers: Answers; dropped: Dropped[] } {
  const dropped: Dropped[] = [];
  let current = answers;
  for (;;) {
    const pruned = pruneOnce(elements, current, clock, '');
    if (pruned.dropped.length === 0) return { answers: current, dropped };
    dropped.push(...pruned.dropped);
    current = pruned.answers;
  }
}

function pruneOnce(elements: LayoutElement[], answers: Answers, clock: Clock, at: string): { answers: Answers; dropped: Dropped[] } {
  const shown = new Map(shownQuestions(elements, answers, clock).map((question) => [question.name, question]));
  const dropped: Dropped[] = [];
  const kept = Object.entries(answers).flatMap(([name, value]): [string, Json][] => {
    const pointer = nameIn(at, name);
    const asked = shown.get(name);
    if (asked !== undefined) return [[name, pruneInside(asked, value, clock, pointer, dropped)]];
    const question = placedQuestions(elements).findLast((one) => one.name === name);
    if (question === undefined) return [[name, value]];
    dropped.push({ question, pointer, value });
    return [];
  });
  return { answers: Object.fromEntries(kept), dropped };
}

function pruneInside(question: Question, value: Json, clock: Clock, pointer: string, dropped: Dropped[]): Json {
  const prunePart = (part: Json, at: string, elements = question.elements): Json => {
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part;
    const pruned = pruneOnce(elements, part, clock, at);
    dropped.push(...pruned.dropped);
    return pruned.answers;
  };
  switch (question.control.holds) {
    case 'value': return value;
    case 'group': return prunePart(value, pointer);
    case 'rows': {
      const [item] = question.parts;
      if (!Array.isArray(value)) return value;
      return value.map((row, index) => (item?.name === '' ? pruneInside(item, row, clock, nameIn(pointer, index), dropped) : prunePart(row, nameIn(pointer, index))));
    }
    case 'branches': {
      const branch = branchOf(question, value);
      if (branch === null || value === null || typeof value !== 'object' || Array.isArray(value)) return value;
      const own = new Set([...Object.keys(branch.fixed), ...branch.parts.map(({ name }) => name)]);
      const others = new Map(question.parts.filter(({ name }) => !own.has(name)).map((part) => [part.name, part]));
      const kept = Object.entries(value).flatMap(([name, part]): [string, Json][] => {
        const other = others.get(name);
        if (other === undefined) return [[name, part]];
        dropped.push({ question: other, pointer: nameIn(pointer, name), value: part });
        return [];
      });
      return prunePart(Object.fromEntries(kept), pointer, branch.elements);
    }
  }
}
