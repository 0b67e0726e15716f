import type { Answers, Json } from '../definitions/bundle.ts';
import type { Moment } from '../engine/state/case-state.ts';
import { decodePage } from './decode.ts';
import type { CompiledForm, FieldProblem, FormView, Pairs, References } from './form-types.ts';
import { idOf, isUnder, nameIn } from './names.ts';
import { pageOf } from './pages.ts';
import { readPosted } from './read-posted.ts';
import { selectElements } from './select-elements.ts';
import { viewElements } from './view-elements.ts';
import { placedPointers, prune } from './visibility.ts';

export type ViewOptions = {
  /** What the controls hold: a post, a draft or initialPairs. */
  pairs: Pairs;
  /** As checkAnswers gives them: without the prefix. */
  problems?: FieldProblem[];
  references: References;
  now: Moment;
  prefix?: string;
  only?: string[];
  /** Only this page of the form; `hrefOf` gives the address of another page, for the problems there. */
  page?: { id: string; hrefOf: (id: string) => string } | undefined;
  /** With `only`: the rest of the record, for conditions that read it. */
  base?: Answers;
  /** Fields that may be changed; the others are shown as words. All without it. */
  changeable?: string[];
  /** Nothing is required here, whatever the form says. */
  optional?: boolean;
  /** Answers that were taken over from elsewhere, with the sentence that says from where; said while they are as they were. */
  taken?: { [name: string]: { answer: Json; text: string } };
  /** The id of the control that takes the focus, as rowAction gives it. */
  focus?: string | undefined;
};

/** Gives everything a page needs to draw a form or a part of it. The problems come in the order of the screen. */
export function formView(form: CompiledForm, options: ViewOptions): FormView {
  const { pairs, problems = [], references, now, prefix = '', only, page, base = {}, changeable, optional = false, taken = {}, focus = null } = options;
  const answers = decodePage(form, pairs, { prefix, base, only });
  const found: FormView['problems'] = [];
  const open = new Map(problems.map(({ pointer, text }) => [pointer, text]));
  const pages = form.pages?.list ?? [];
  const elements = selectElements(pages.find(({ id }) => id === page?.id)?.elements ?? form.elements, only);
  const here = placedPointers(elements);
  const ids = new Map<string, string>();
  const nodes = viewElements(elements, prune(form.elements, answers, { now, zone: form.zone }).answers, {
    at: prefix, pointer: '', posted: readPosted(pairs), references, now, today: form.zone.dayOf(now), t: form.t, zone: form.zone, focus, headingLevel: 2,
    allOptional: optional,
    marksOptional: !optional && (form.definition.schema.required ?? []).length > 0,
    isHere: (path) => page === undefined || isOnPage(here, path.reduce(nameIn, '')),
    takenFrom: (name) => (taken[name] !== undefined && JSON.stringify(taken[name].answer) === JSON.stringify(answers[name]) ? taken[name].text : null),
    isChangeable: ({ name, inRow }) => inRow || changeable === undefined || changeable.includes(name),
    problemAt: (pointer, id) => {
      const text = pointer === null ? undefined : open.get(pointer);
      if (pointer !== null) ids.set(pointer, id);
      if (pointer === null || text === undefined) return null;
      open.delete(pointer);
      found.push({ text, href: `#${id}` });
      return text;
    }
  });
  // A problem without a control on this page is still said, with the way to it; one of several answers together leads to the first of them.
  const rest = [...open].map(([pointer, text]) => {
    const [, first] = [...ids].find(([one]) => isUnder([pointer], one)) ?? [];
    const other = page === undefined || first !== undefined ? undefined : pageOf(pages, pointer);
    return { text, href: `${other === undefined || page === undefined || other.id === page.id ? '' : page.hrefOf(other.id)}#${first ?? idOf(`${prefix}${pointer}`)}` };
  });
  return { nodes, problems: [...found, ...rest] };
}

/** Does a question stand here, or any of the group that it is? */
function isOnPage(here: string[], pointer: string): boolean {
  return isUnder(here, pointer) || here.some((one) => isUnder([pointer], one));
}
