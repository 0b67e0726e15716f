import type { CompiledForm, LayoutElement, Pairs } from './form-types.ts';
import { nameIn } from './names.ts';
import { readPosted } from './read-posted.ts';

/**
 * Lays a post over the former draft: answers to questions that were hidden when the page was posted stay as they were,
 * so that an answer changed forth and back loses nothing (forms.md, section 4, rule 5).
 */
export function overlaid(form: CompiledForm, former: Pairs, posted: Pairs): Pairs {
  const { asked } = readPosted(posted);
  const hidden = conditionalNames(form.elements, false).filter((name) => !asked.has(name));
  const isHidden = ([name]: [string, string]): boolean => hidden.some((one) => name === one || name.startsWith(`${one}/`) || name.startsWith(`${one}#`));
  return [...former.filter(isHidden), ...posted.filter((pair) => !isHidden(pair))];
}

/** Names of the questions that are only sometimes asked. */
function conditionalNames(elements: LayoutElement[], isConditional: boolean): string[] {
  return elements.flatMap((element): string[] => {
    const own = isConditional || element.when !== null;
    switch (element.type) {
      case 'question': return own ? [nameIn('', element.question.name)] : [];
      case 'group': return conditionalNames(element.elements, own);
      case 'label': return [];
    }
  });
}
