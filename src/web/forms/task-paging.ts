import type { FastifyRequest } from 'fastify';
import { appeared } from '../../forms/appeared.ts';
import { decodePage } from '../../forms/decode.ts';
import type { CompiledForm, FieldProblem, FormPage, Pairs } from '../../forms/form-types.ts';
import { pageOf, shownPages } from '../../forms/pages.ts';
import { prune } from '../../forms/visibility.ts';
import type { Answers } from '../../definitions/bundle.ts';
import type { Moment } from '../../engine/state/case-state.ts';
import type { Translate } from '../../texts.ts';
import { query, valueIn } from '../site/http.ts';
import type { FormPages, Paged } from '../views/view-models.ts';

/** Where somebody is in a form of several pages. */
export type Paging = { form: CompiledForm; pages: FormPage[]; current: FormPage; previous: FormPage | null; next: FormPage | null };

type Wanted = { id: string; problems?: FieldProblem[] | undefined; appeared?: string[] | undefined };
/** `base`: answers of questions that are not asked here; `only`: those that are, all without it. */
type Asked = { now: Moment; base?: Answers | undefined; only?: string[] | undefined };

/**
 * Finds the page to show: that of the first problem, else of the first question that appeared, else the one that is wanted, or what
 * comes after it when that is hidden. Null: the form is one page.
 */
export function pagingOf(form: CompiledForm, pairs: Pairs, wanted: Wanted, { now, base, only }: Asked): Paging | null {
  if (form.pages === null) return null;
  const clock = { now, zone: form.zone };
  const pages = shownPages(form, prune(form.elements, decodePage(form, pairs, { base, only }), clock).answers, clock, only);
  const { id, problems = [], appeared: shown = [] } = wanted;
  const asking = [...problems.map(({ pointer }) => pointer), ...shown].map((pointer) => pageOf(pages, pointer)).filter((page) => page !== undefined);
  const current = asking.find((page) => page.id === id) ?? pages.find((page) => asking.includes(page)) ?? pages.find((page) => Number(page.id) >= Number(id)) ?? pages.at(-1);
  // Where a part of a form is asked that stands on one page, there is no list of pages.
  if (current === undefined || (only !== undefined && pages.length === 1)) return null;
  const at = pages.indexOf(current);
  return { form, pages, current, previous: pages[at - 1] ?? null, next: pages[at + 1] ?? null };
}

/** Pairs with the page somebody is on, as a draft keeps it, so that they go on there. '' for a form of one page. */
export function atPage(pairs: Pairs, page: string): Pairs {
  return page === '' ? pairs : [...pairs.filter(([name]) => name !== '_page'), ['_page', page]];
}

/** The page to go on with: the one that is asked for, else the one of the draft. */
export function pageAsked(request: FastifyRequest, begun: Pairs | null): string {
  const asked = query(request, 'page');
  return asked === '' ? valueIn(begun ?? [], '_page') : asked;
}

/** The page that was posted; undefined when the form is one page. */
export function postedPage({ pages }: CompiledForm, posted: Pairs): FormPage | undefined {
  return pages?.list.find(({ id }) => id === valueIn(posted, '_page'));
}

/**
 * Where a post leads: to a page, with nothing asked; to questions that appeared, or to the form brought up to date; or to the check of what
 * `isHere` says of a pointer, and then to page `to`, or on from the form when that is null.
 */
export type Step = { type: 'go'; to: string } | { type: 'ask'; appeared: string[] } | { type: 'check'; to: string | null; isHere: (pointer: string) => boolean };

/** Reads what the buttons of a form ask: see Step. Going back, or to a page of choice, asks for nothing. */
export function stepOf(form: CompiledForm, pairs: Pairs, posted: Pairs, asked: Asked): Step {
  const wish = valueIn(posted, '_action');
  const page = valueIn(posted, '_page');
  const paging = page === '' ? null : pagingOf(form, pairs, { id: page }, asked);
  const to = paging === null ? null : pageWished(wish, paging);
  if (to !== null && wish !== 'next') return { type: 'go', to };
  const { now, base = {}, only } = asked;
  const shown = appeared(form, pairs, { now, base, ...(only === undefined ? {} : { only }), page: to === null ? undefined : paging?.current });
  if (wish === 'update' || shown.length > 0) return { type: 'ask', appeared: shown };
  if (to !== null && form.pages?.isStepper !== true) return { type: 'go', to };
  return { type: 'check', to, isHere: (pointer) => to === null || paging === null || pageOf([paging.current], pointer) !== undefined };
}

/** What is wrong on the page that a post asks to check; of a post that asks for no check nothing is. */
export function problemsHere(step: Step | null, checked: { problems: FieldProblem[] } | null): FieldProblem[] {
  return step?.type === 'check' && checked !== null ? checked.problems.filter(({ pointer }) => step.isHere(pointer)) : [];
}

/** The page that a post goes on to, so that it is kept with what was typed: the one that was asked for, or the next when nothing is wrong here. Null: none. */
export function leadsTo(step: Step, problems: readonly unknown[]): string | null {
  return step.type === 'go' || (step.type === 'check' && problems.length === 0) ? step.to : null;
}

/** What a page shows of the pages of its form; `button` is that of the last page. */
export function pagedView(paging: Paging | null, t: Translate, button: string): Paged {
  return {
    pages: paging === null ? null : pagesView(paging, t),
    button: paging?.next != null ? t('web.pages.next') : button, buttonWish: paging?.next != null ? 'next' : 'check',
    backButton: paging?.previous == null ? null : t('web.pages.back')
  };
}

/** The list of pages above the questions. In a stepper only what was passed can be chosen. */
function pagesView({ form, pages, current }: Paging, t: Translate): FormPages {
  const at = pages.indexOf(current);
  return {
    title: current.title,
    position: t('web.pages.position', { n: at + 1, of: pages.length }),
    list: pages.map(({ id, title }, index) => ({
      title, number: index + 1, isCurrent: index === at,
      value: index !== at && (form.pages?.isStepper !== true || index < at) ? `page-${id}` : null
    }))
  };
}

/** Gives the page a button of a form asks for; null when it asks for something else. */
export function pageWished(wish: string, { previous, next }: Paging): string | null {
  if (wish === 'back') return previous?.id ?? null;
  if (wish === 'next') return next?.id ?? null;
  return /^page-(\d+)$/.exec(wish)?.[1] ?? null;
}
