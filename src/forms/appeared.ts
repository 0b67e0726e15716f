import type { Answers } from '../definitions/bundle.ts';
import type { Moment } from '../engine/state/case-state.ts';
import { decodePage, placesIn } from './decode.ts';
import type { CompiledForm, FormPage, LayoutElement, Pairs, Posted } from './form-types.ts';
import { nameIn } from './names.ts';
import { readPosted } from './read-posted.ts';
import { selectElements } from './select-elements.ts';
import { type Clock, isShown, isWritable, partOf, prune } from './visibility.ts';

/**
 * Gives the pointers of conditional questions that are visible now, may be changed and were not so on the page that was posted, so
 * that they can be asked once before anything is checked. A warning that appeared counts too, as its own name: it must be read.
 */
export function appeared(form: CompiledForm, pairs: Pairs, options: { prefix?: string; only?: string[]; page?: FormPage | undefined; now: Moment; base?: Answers }): string[] {
  const { prefix = '', only, page, now, base } = options;
  const clock = { now, zone: form.zone };
  const posted = readPosted(pairs);
  const answers = decodePage(form, pairs, { prefix, base, only });
  const visible = conditionalIn(page?.elements ?? selectElements(form.elements, only), prune(form.elements, answers, clock).answers, { clock, at: prefix, posted, isConditional: false });
  return visible.filter((name) => !posted.asked.has(name) && !posted.has(name)).map((name) => name.slice(prefix.length));
}

/** Is this, of what appeared, a warning to read and no question? */
export function isWarning(pointer: string): boolean {
  return pointer.slice(pointer.lastIndexOf('/') + 1).startsWith('_');
}

type Search = { clock: Clock; at: string; posted: Posted; isConditional: boolean };

/** Names of what is visible because a condition holds. Rows are read as they were posted, gaps included. */
function conditionalIn(elements: LayoutElement[], answers: Answers, search: Search): string[] {
  return elements.filter((element) => isShown(element, answers, search.clock) && isWritable(element, answers, search.clock)).flatMap((element): string[] => {
    const isConditional = search.isConditional || element.when !== null || element.writable !== null;
    switch (element.type) {
      case 'label': return isConditional && element.warning ? [nameIn(search.at, `_${element.id}`)] : [];
      case 'group': return conditionalIn(element.elements, answers, { ...search, isConditional });
      case 'part': return conditionalIn(element.elements, partOf(answers, element.question), { ...search, at: nameIn(search.at, element.question.name), isConditional });
      case 'question': {
        const { question } = element;
        const name = nameIn(search.at, question.name);
        const own = isConditional && question.field.readOnly !== true ? [name] : [];
        return [...own, ...placesIn(question, name, search.posted).flatMap((place) => conditionalIn(place.elements, place.answers, { ...search, at: place.at, isConditional: place.isConditional }))];
      }
    }
  });
}
