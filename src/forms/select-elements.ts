import { pathsOf } from '../engine/conditions/condition-tree.ts';
import type { LayoutElement } from './form-types.ts';

/**
 * Gives the part of a layout that some fields need, in its own order; all of it without `only`. A label stays when it has a
 * condition and all fields that reads are there: a label without one speaks about the whole form. Empty groups go.
 */
export function selectElements(elements: LayoutElement[], only: string[] | undefined): LayoutElement[] {
  if (only === undefined) return elements;
  return elements.flatMap((element): LayoutElement[] => {
    switch (element.type) {
      case 'question': case 'part': return only.includes(element.question.name) ? [element] : [];
      case 'label': return element.when !== null && pathsOf(element.when).every(([head]) => head !== undefined && only.includes(head)) ? [element] : [];
      case 'group': {
        const inside = selectElements(element.elements, only);
        return inside.some(({ type }) => type !== 'label') ? [{ ...element, elements: inside }] : [];
      }
    }
  });
}
