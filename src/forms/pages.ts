import type { Answers } from '../definitions/bundle.ts';
import type { CompiledForm, FormPage, LayoutElement } from './form-types.ts';
import { isUnder } from './names.ts';
import { selectElements } from './select-elements.ts';
import { type Clock, placedPointers, shownQuestions } from './visibility.ts';

/** Gives the pages of a form that ask something now, of the fields in `only`; those of hidden categories are skipped. Answers are as `prune` leaves them. */
export function shownPages({ pages }: CompiledForm, answers: Answers, clock: Clock, only?: string[]): FormPage[] {
  const asked = (pages?.list ?? []).map((page) => ({ ...page, elements: selectElements(page.elements, only) }));
  return asked.filter(({ elements }) => shownQuestions(elements, answers, clock).length > 0);
}

/** Gives the page that asks for a value, known by its pointer; of a group whose questions stand apart the first page with one of them. Undefined when it stands on none. */
export function pageOf(pages: FormPage[], pointer: string): FormPage | undefined {
  return pages.find((page) => isUnder(pointersOn(page), pointer))
    ?? pages.find((page) => pointersOn(page).some((one) => isUnder([pointer], one)))
    ?? pages.find(({ elements }) => labelsIn(elements).includes(pointer.slice('/_'.length)));
}

/** Gives the pointers of the questions on a page. */
export function pointersOn({ elements }: FormPage): string[] {
  return placedPointers(elements);
}

function labelsIn(elements: LayoutElement[]): string[] {
  return elements.flatMap((element) => (element.type === 'label' ? [element.id] : element.type === 'group' ? labelsIn(element.elements) : []));
}
