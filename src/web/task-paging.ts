import { decodePage } from '../forms/decode.ts';
import type { CompiledForm, FieldProblem, FormPage, Pairs } from '../forms/form-types.ts';
import { pageOf, shownPages } from '../forms/pages.ts';
import { prune } from '../forms/visibility.ts';
import type { Answers } from '../definitions/bundle.ts';
import type { Moment } from '../engine/case-state.ts';
import type { Translate } from '../texts.ts';
import type { FormPages } from './view-models.ts';

/** Where somebody is in a form of several pages. */
export type Paging = { form: CompiledForm; pages: FormPage[]; current: FormPage; previous: FormPage | null; next: FormPage | null };

type Wanted = { id: string; problems?: FieldProblem[]; appeared?: string[] };

/**
 * Finds the page to show: that of the first problem, else of the first question that appeared, else the one that is wanted, or what
 * comes after it when that is hidden. Null: the form is one page.
 */
export function pagingOf(form: CompiledForm, pairs: Pairs, wanted: Wanted, { now, base }: { now: Moment; base: Answers }): Paging | null {
  const { answers } = prune(form.elements, decodePage(form, pairs, { base }), { now, zone: form.zone });
  const pages = shownPages(form, answers, { now, zone: form.zone });
  const { id, problems = [], appeared = [] } = wanted;
  const asking = [...problems.map(({ pointer }) => pointer), ...appeared].map((pointer) => pageOf(pages, pointer)).filter((page) => page !== undefined);
  const current = asking.find((page) => page.id === id) ?? pages.find((page) => asking.includes(page)) ?? pages.find((page) => Number(page.id) >= Number(id)) ?? pages.at(-1);
  if (form.pages === null || current === undefined) return null;
  const at = pages.indexOf(current);
  return { form, pages, current, previous: pages[at - 1] ?? null, next: pages[at + 1] ?? null };
}

/** The list of pages above the questions. In a stepper only what was passed can be chosen. */
export function pagesView({ form, pages, current }: Paging, t: Translate): FormPages {
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
