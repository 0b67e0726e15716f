import type { Answers } from '../definitions/bundle.ts';
import type { CompiledForm, FormPage, LayoutElement } from './form-types.ts';
import { type Clock, placedQuestions, shownQuestions } from './visibility.ts';

/** Gives the pages of a form that ask or say something now; those of hidden categories are skipped. Answers are as `prune` leaves them. */
export function shownPages({ pages }: CompiledForm, answers: Answers, clock: Clock): FormPage[] {
  return (pages?.list ?? []).filter(({ elements }) => shownQuestions(elements, answers, clock).length > 0);
}

/** Gives the page that asks for a value, known by its pointer; undefined when it stands on none. */
export function pageOf(pages: FormPage[], pointer: string): FormPage | undefined {
  const [, name = ''] = pointer.split('/');
  return pages.find((page) => namesOn(page).has(name)) ?? pages.find(({ elements }) => labelsIn(elements).includes(name.slice(1)));
}

/** Gives the names of the questions on a page. */
export function namesOn({ elements }: FormPage): Set<string> {
  return new Set(placedQuestions(elements).map(({ name }) => name));
}

function labelsIn(elements: LayoutElement[]): string[] {
  return elements.flatMap((element) => (element.type === 'label' ? [element.id] : element.type === 'group' ? labelsIn(element.elements) : []));
}
