import { pathsOf } from '../engine/conditions/condition-tree.ts';
import type { CompiledForm, FormPage, LayoutElement } from './form-types.ts';
import { selectElements } from './select-elements.ts';

/** Does anything on this form, or on one page of it, depend on an answer? Then the page has a button to bring it up to date. */
export function isConditional(form: CompiledForm, only?: string[], page?: FormPage): boolean {
  return (page?.elements ?? selectElements(form.elements, only)).some(dependsOnAnswers);
}

function dependsOnAnswers(element: LayoutElement): boolean {
  if (element.when !== null || (element.writable !== null && pathsOf(element.writable).length > 0)) return true;
  switch (element.type) {
    case 'label': return false;
    case 'group': case 'part': return element.elements.some(dependsOnAnswers);
    case 'question': return element.question.branches !== null || element.question.elements.some(dependsOnAnswers);
  }
}
