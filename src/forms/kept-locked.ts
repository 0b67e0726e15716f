import type { Answers } from '../definitions/bundle.ts';
import { onceFor } from '../definitions/once.ts';
import type { Moment } from '../engine/state/case-state.ts';
import { readCondition } from '../engine/conditions/condition-tree.ts';
import { answersContext, holds } from '../engine/conditions/conditions.ts';
import { hasOwnIds } from './controls/shared.ts';
import { decodePage, isFilled, placesIn, type PostedPlace } from './decode.ts';
import type { CompiledForm, LayoutElement, Pairs, Posted, Question } from './form-types.ts';
import { isUnder, nameIn } from './names.ts';
import { readPosted } from './read-posted.ts';
import { askingIn, type Clock, insideOf, isShown, isWritable, partOf, prune } from './visibility.ts';

/** `base`: answers of questions that are not asked here, for conditions that read them. */
export type KeepOptions = { now: Moment; prefix?: string; only?: string[] | undefined; base?: Answers };

/**
 * Puts what was there before in the place of what a post holds for questions that may not be changed (forms.md, section 4, rule 6), and
 * for those that the layout has no place for: nobody was asked them here. A row that was handed in is known by its id, wherever it
 * stands now. Whether a question may be changed, depends on answers that may themselves not be changed; questions that depend on
 * themselves were refused.
 */
export function keptLocked(form: CompiledForm, former: Pairs, posted: Pairs, options: KeepOptions): Pairs {
  let pairs = posted;
  let names = '';
  for (;;) {
    const kept = keptNames(form, former, pairs, options);
    const found = kept.map(({ name, was }) => (was === null ? `-${name}` : name)).join(' ');
    if (found === names) return pairs;
    names = found;
    pairs = withFormer(posted, former, kept);
  }
}

/** A question whose answer stays as it was; `was`: its name in what was there before. Null: it was not there. */
type Kept = { name: string; was: string | null };

function withFormer(posted: Pairs, former: Pairs, kept: Kept[]): Pairs {
  const names = kept.map(({ name }) => name);
  const before = kept.flatMap(({ name, was }) => (was === null ? [] : former.filter(([one]) => isUnder([was], one)).map(([one, value]): Pairs[number] => [`${name}${one.slice(was.length)}`, value])));
  return [...before, ...posted.filter(([one]) => !isUnder(names, one))];
}

/** Each name once: a question may stand in more than one place. */
function keptNames(form: CompiledForm, former: Pairs, pairs: Pairs, { now, prefix = '', only, base }: KeepOptions): Kept[] {
  if (!keepsSome(form)) return [];
  const clock = { now, zone: form.zone };
  const answers = prune(form.elements, decodePage(form, pairs, { prefix, base, only }), clock).answers;
  const search = { clock, at: prefix, was: prefix, posted: readPosted(pairs), former: readPosted(former), isLocked: false };
  return [...new Map([...lockedIn(form.elements, answers, search), ...leftOutIn(form, answers, search)].map((kept) => [kept.name, kept])).values()];
}

/** `at` and `was`: where the questions stand in what was posted and in what was there before. */
type Search = { clock: Clock; at: string; was: string | null; posted: Posted; former: Posted; isLocked: boolean };

function lockedIn(elements: LayoutElement[], answers: Answers, search: Search): Kept[] {
  return elements.filter((element) => isShown(element, answers, search.clock)).flatMap((element): Kept[] => {
    const isLocked = search.isLocked || !isWritable(element, answers, search.clock);
    switch (element.type) {
      case 'label': return [];
      case 'group': return lockedIn(element.elements, answers, { ...search, isLocked });
      case 'part': return lockedIn(element.elements, partOf(answers, element.question), { ...search, ...namedIn(search, element.question), isLocked });
      case 'question': {
        const { question } = element;
        const own = namedIn(search, question);
        return isLocked || question.field.readOnly === true ? [{ name: own.at, was: own.was }] : placesIn(question, own.at, search.posted).flatMap((part) => lockedIn(part.elements, part.answers, { ...search, at: part.at, was: formerOf(question, own, part, search), isLocked: false }));
      }
    }
  });
}

function namedIn({ at, was }: Search, { name }: Question): Pick<Search, 'at' | 'was'> {
  return { at: nameIn(at, name), was: was === null ? null : nameIn(was, name) };
}

/** Where a row, or the questions of a group, stood before. */
function formerOf(question: Question, own: Pick<Search, 'at' | 'was'>, part: PostedPlace, { posted, former }: Search): string | null {
  const { was } = own;
  if (was === null) return null;
  if (question.control.holds !== 'rows' || !hasOwnIds(question)) return `${was}${part.at.slice(own.at.length)}`;
  const id = posted.last(nameIn(part.at, 'id')) ?? '';
  const same = former.rowsOf(was).map((index) => nameIn(was, index)).filter((row) => (former.last(nameIn(row, 'id')) ?? '') === id);
  return (id === '' ? same.find((row) => row === `${was}${part.at.slice(own.at.length)}`) : same[0]) ?? null;
}

/** Is there anything in a form that may not be changed, or that a layout in it leaves out? */
const keepsSome: (form: CompiledForm) => boolean = onceFor((form: CompiledForm) => form.elements.some(canLock) || leavesOut(form));

type Part = Pick<CompiledForm, 'questions' | 'elements'>;

function leavesOut({ questions, elements }: Part): boolean {
  return questions.some((question) => {
    const { placed, inside } = placesOf(question, elements);
    return placed.length === 0 || (hasLayout(question) && leavesOut({ questions: question.parts, elements: inside }));
  });
}

/** The questions that a layout has no place for; none where they are not asked. A row in which nothing else is filled in is gone. */
function leftOutIn({ questions, elements }: Part, answers: Answers, search: Search): Kept[] {
  return questions.flatMap((question): Kept[] => {
    const { placed, inside } = placesOf(question, elements);
    const own = namedIn(search, question);
    if (placed.length === 0) return [{ name: own.at, was: isAsked(question, answers, search.clock) ? own.was : null }];
    if (!hasLayout(question)) return [];
    const shown = question.parts.filter((part) => placesOf(part, inside).placed.length > 0);
    return placesIn(question, own.at, search.posted).filter((part) => question.control.holds === 'group' || isFilled(shown, part.answers))
      .flatMap((part) => leftOutIn({ questions: question.parts, elements: inside }, part.answers, { ...search, at: part.at, was: formerOf(question, own, part, search) }));
  });
}

/** Is a question asked, as far as its field says? */
function isAsked({ field: { when } }: Question, answers: Answers, { now, zone }: Clock): boolean {
  return when === undefined || holds(readCondition(when), answersContext(answers, now, zone));
}

/** Where a layout asks a question, and the layout of what it holds. */
function placesOf(question: Question, elements: LayoutElement[]): { placed: LayoutElement[]; inside: LayoutElement[] } {
  const placed = askingIn(elements).filter((element) => element.question.name === question.name);
  return { placed, inside: placed.flatMap(insideOf) };
}

/** Only of a group or a list can a layout leave questions out: the groups to choose from have none. */
function hasLayout({ control: { holds } }: Question): boolean {
  return holds === 'group' || holds === 'rows';
}

function canLock(element: LayoutElement): boolean {
  if (element.writable !== null) return true;
  switch (element.type) {
    case 'label': return false;
    case 'group': case 'part': return element.elements.some(canLock);
    case 'question': return element.question.field.readOnly === true || [element.question, ...(element.question.branches ?? [])].some(({ elements }) => elements.some(canLock));
  }
}
