import type { Answers } from '../definitions/bundle.ts';
import type { Moment } from '../engine/case-state.ts';
import { decodePage, placesIn } from './decode.ts';
import { branchName } from './branches.ts';
import type { CompiledForm, FormPage, LayoutElement, Pairs, Posted, Question } from './form-types.ts';
import { isUnder, nameIn } from './names.ts';
import { readPosted } from './read-posted.ts';
import { type Clock, isShown, isWritable, partOf, placedPointers, prune } from './visibility.ts';

/** `base`: answers of questions that are not asked here, for conditions that read them. */
type Options = { now: Moment; prefix?: string; only?: string[] | undefined; page?: FormPage | undefined; base?: Answers };

/**
 * Lays a post over the former draft: answers to questions that were hidden when the page was posted stay as they were,
 * so that an answer changed forth and back loses nothing (forms.md, section 4, rule 5); so do those that may not be changed, and
 * those on other pages than the one that was posted.
 */
export function overlaid(form: CompiledForm, former: Pairs, posted: Pairs, options: Options): Pairs {
  const { asked } = readPosted(posted);
  const elements = options.page?.elements ?? form.elements;
  const here = placedPointers(elements);
  // What no question of the form is called may have been typed in a page of before the form changed.
  const known = form.questions.map(({ name }) => nameIn('', name));
  const isElsewhere = (name: string): boolean => options.page !== undefined && isUnder(known, name) && !isUnder(here, name);
  const hidden = conditionalNames(elements, false).filter((name) => !asked.has(name));
  const kept = replaced(posted, former, (name) => isElsewhere(name) || isUnder(hidden, name));
  // Other pages were seen as they were: what they asked is not asked once more.
  const seen = options.page === undefined ? [] : former.filter(([name, value]) => name === '_asked' && !isUnder(here, value));
  return keptLocked(form, former, [...kept, ...seen], options);
}

/**
 * Puts what was there before in the place of what a post holds for questions that may not be changed (forms.md, section 4, rule 6).
 * Whether they may, depends on answers that may themselves not be changed; questions that depend on themselves were refused.
 */
export function keptLocked(form: CompiledForm, former: Pairs, posted: Pairs, options: Options): Pairs {
  let pairs = posted;
  let names: string[] = [];
  for (;;) {
    const found = lockedNames(form, pairs, options);
    if (found.join(' ') === names.join(' ')) return pairs;
    names = found;
    pairs = replaced(posted, former, (name) => isUnder(found, name));
  }
}

/** Takes the pairs of some names from the former ones. */
function replaced(posted: Pairs, former: Pairs, isOf: (name: string) => boolean): Pairs {
  return [...former.filter(([name]) => isOf(name)), ...posted.filter(([name]) => !isOf(name))];
}

function lockedNames(form: CompiledForm, pairs: Pairs, { now, prefix = '', only, base }: Options): string[] {
  if (!form.elements.some(canLock)) return [];
  const clock = { now, zone: form.zone };
  const answers = prune(form.elements, decodePage(form, pairs, { prefix, base, only }), clock).answers;
  return lockedIn(form.elements, answers, { clock, at: prefix, posted: readPosted(pairs), isLocked: false });
}

type Search = { clock: Clock; at: string; posted: Posted; isLocked: boolean };

function lockedIn(elements: LayoutElement[], answers: Answers, search: Search): string[] {
  return elements.filter((element) => isShown(element, answers, search.clock)).flatMap((element): string[] => {
    const isLocked = search.isLocked || !isWritable(element, answers, search.clock);
    switch (element.type) {
      case 'label': return [];
      case 'group': return lockedIn(element.elements, answers, { ...search, isLocked });
      case 'part': return lockedIn(element.elements, partOf(answers, element.question), { ...search, at: nameIn(search.at, element.question.name), isLocked });
      case 'question': {
        const { question } = element;
        const name = nameIn(search.at, question.name);
        return isLocked || question.field.readOnly === true ? [name] : placesIn(question, name, search.posted).flatMap((part) => lockedIn(part.elements, part.answers, { ...search, at: part.at, isLocked: false }));
      }
    }
  });
}

function canLock(element: LayoutElement): boolean {
  if (element.writable !== null) return true;
  switch (element.type) {
    case 'label': return false;
    case 'group': case 'part': return element.elements.some(canLock);
    case 'question': return element.question.field.readOnly === true || [element.question, ...(element.question.branches ?? [])].some(({ elements }) => elements.some(canLock));
  }
}

/** Names of the questions in a group, or in the groups to choose from, that are only sometimes asked. Rows come and go, so theirs are not known. */
function conditionalInside({ control, elements, branches }: Question, at: string): string[] {
  if (control.holds === 'group') return conditionalNames(elements, false, at);
  return (branches ?? []).flatMap((branch, index) => conditionalNames(branch.elements, true, branchName(at, index)));
}

/** Names of the questions that are only sometimes asked. */
function conditionalNames(elements: LayoutElement[], isConditional: boolean, at = ''): string[] {
  return elements.flatMap((element): string[] => {
    const own = isConditional || element.when !== null;
    switch (element.type) {
      case 'question': return own ? [nameIn(at, element.question.name)] : conditionalInside(element.question, nameIn(at, element.question.name));
      case 'group': return conditionalNames(element.elements, own, at);
      case 'part': return conditionalNames(element.elements, own, nameIn(at, element.question.name));
      case 'label': return [];
    }
  });
}
