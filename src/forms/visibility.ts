import type { Answers, Json } from '../definitions/bundle.ts';
import type { Moment } from '../engine/state/case-state.ts';
import { answersContext, holds } from '../engine/conditions/conditions.ts';
import type { Zone } from '../engine/time/zone.ts';
import { branchOf } from './branches.ts';
import { answersIn, isObject } from './controls/shared.ts';
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

/** A question where it stands, with the answers beside it. `groups`: those around it that are not drawn as one, the outer first; `at` is the pointer of the inner one. */
export type Placed = { question: Question; at: string; answers: Answers; groups: { group: Question; pointer: string; value: Json | undefined }[] };

/** Gives the questions that are asked, in screen order: their own condition and those of all groups around them hold. */
export function shownQuestions(elements: LayoutElement[], answers: Answers, clock: Clock, groups: Placed['groups'] = []): Placed[] {
  const at = groups.at(-1)?.pointer ?? '';
  const shown: Placed[] = [];
  for (const element of elements) {
    if (element.type === 'label' || !isShown(element, answers, clock)) continue;
    if (element.type === 'question') {
      shown.push({ question: element.question, at, answers, groups });
    } else if (element.type === 'group') {
      shown.push(...shownQuestions(element.elements, answers, clock, groups));
    } else {
      const { question: group } = element;
      shown.push(...shownQuestions(element.elements, partOf(answers, group), clock, [...groups, { group, pointer: nameIn(at, group.name), value: answers[group.name] }]));
    }
  }
  return shown;
}

/** Gives the pointers of all questions of a layout, asked or not, in screen order. */
export function placedPointers(elements: LayoutElement[], at = ''): string[] {
  return elements.flatMap((element) => {
    switch (element.type) {
      case 'question': return [nameIn(at, element.question.name)];
      case 'group': return placedPointers(element.elements, at);
      case 'part': return placedPointers(element.elements, nameIn(at, element.question.name));
      case 'label': return [];
    }
  });
}

/** Gives the answers to the questions of a group; none when there are none. */
export function partOf(answers: Answers, { name }: Question): Answers {
  return Object.hasOwn(answers, name) ? answersIn(answers[name] ?? null) : {};
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

/** `visible`: those of the elements that nothing around them hides. */
function pruneOnce(elements: LayoutElement[], answers: Answers, clock: Clock, at: string, visible = elements): { answers: Answers; dropped: Dropped[] } {
  const shown = opened(visible, (element) => isShown(element, answers, clock));
  const asked = new Map<string, Question>();
  for (const { type, question } of shown) if (type === 'question') asked.set(question.name, question);
  const dropped: Dropped[] = [];
  const prunedOf = (name: string, value: Json): Json | undefined => {
    const whole = asked.get(name);
    if (whole?.control.holds === 'value') return value;
    const pointer = nameIn(at, name);
    if (whole !== undefined) return pruneInside(whole, value, clock, pointer, dropped);
    const placed = askingIn(elements).filter(({ question }) => question.name === name);
    const question = placed.at(-1)?.question;
    if (question === undefined) return value;
    const parts = shown.filter((element) => element.type === 'part' && element.question.name === name);
    if (parts.length === 0 && placed.some(({ type }) => type === 'question')) {
      dropped.push({ question, pointer, value });
      return undefined;
    }
    // Of a group whose questions stand apart, those that are shown stay.
    if (!isObject(value)) return value;
    const pruned = pruneOnce(placed.flatMap(insideOf), value, clock, pointer, parts.flatMap(insideOf));
    dropped.push(...pruned.dropped);
    return Object.keys(pruned.answers).length === 0 && !question.required ? undefined : pruned.answers;
  };
  const kept: Answers = {};
  for (const [name, value] of Object.entries(answers)) {
    const pruned = prunedOf(name, value);
    if (pruned !== undefined) kept[name] = pruned;
  }
  return { answers: kept, dropped };
}

export type Asking = LayoutElement & { type: 'question' | 'part' };

/** What asks something in a layout, shown or not, also in its groups. */
export function askingIn(elements: LayoutElement[]): Asking[] {
  return opened(elements, () => true);
}

function opened(elements: LayoutElement[], isOpen: (element: LayoutElement) => boolean, into: Asking[] = []): Asking[] {
  for (const element of elements) {
    if (!isOpen(element)) continue;
    if (element.type === 'group') opened(element.elements, isOpen, into);
    else if (element.type !== 'label') into.push(element);
  }
  return into;
}

/** The layout of what a question holds, as far as it stands here. */
export function insideOf(element: Asking): LayoutElement[] {
  return element.type === 'part' ? element.elements : element.question.elements;
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
