import { onceFor } from '../definitions/once.ts';
import { branchName } from './branches.ts';
import type { CompiledForm, FormPage, LayoutElement, Pairs, Question } from './form-types.ts';
import { keptLocked, type KeepOptions } from './kept-locked.ts';
import { isUnder, nameIn } from './names.ts';
import { placedPointers } from './visibility.ts';

/**
 * Lays a post over the former draft: answers to questions that were hidden when the page was posted stay as they were,
 * so that an answer changed forth and back loses nothing (forms.md, section 4, rule 5); so do those that may not be changed, and
 * those on other pages than the one that was posted.
 */
export function overlaid(form: CompiledForm, former: Pairs, posted: Pairs, options: KeepOptions & { page?: FormPage | undefined }): Pairs {
  const asked = new Set(posted.flatMap(([name, value]) => (name === '_asked' ? [value] : [])));
  const elements = options.page?.elements ?? form.elements;
  const here = options.page === undefined ? [] : placedPointers(elements);
  // What no question of the form is called may have been typed in a page of before the form changed.
  const known = options.page === undefined ? [] : form.questions.map(({ name }) => nameIn('', name));
  const isElsewhere = (name: string): boolean => options.page !== undefined && isUnder(known, name) && !isUnder(here, name);
  const hidden = sometimesAsked(elements).filter((name) => !asked.has(name));
  const kept = replaced(posted, former, (name) => isElsewhere(name) || isUnder(hidden, name));
  // Other pages were seen as they were: what they asked is not asked once more.
  const seen = options.page === undefined ? [] : former.filter(([name, value]) => name === '_asked' && !isUnder(here, value));
  return keptLocked(form, former, [...kept, ...seen], options);
}

/** Takes the pairs of some names from the former ones. */
function replaced(posted: Pairs, former: Pairs, isOf: (name: string) => boolean): Pairs {
  return [...former.filter(([name]) => isOf(name)), ...posted.filter(([name]) => !isOf(name))];
}

/** Names of the questions in a group, or in the groups to choose from, that are only sometimes asked. Rows come and go, so theirs are not known. */
function conditionalInside({ control, elements, branches }: Question, at: string): string[] {
  if (control.holds === 'group') return conditionalNames(elements, false, at);
  return (branches ?? []).flatMap((branch, index) => conditionalNames(branch.elements, true, branchName(at, index)));
}

const sometimesAsked = onceFor((elements: LayoutElement[]) => conditionalNames(elements, false));

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
