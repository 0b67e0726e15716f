import type { FastifyRequest } from 'fastify';
import type { Draft, DraftKey } from '../../cases/stores/case-store.ts';
import type { OpenCase } from '../../cases/cases.ts';
import type { Answers } from '../../definitions/bundle.ts';
import type { Moment } from '../../engine/state/case-state.ts';
import { checkAnswers } from '../../forms/check-answers.ts';
import { decode } from '../../forms/decode.ts';
import type { CompiledForm, FieldProblem, FormView, Pairs, References } from '../../forms/form-types.ts';
import { formView } from '../../forms/form-view.ts';
import { keptLocked } from '../../forms/kept-locked.ts';
import { overlaid } from '../../forms/overlaid.ts';
import { changedNotices, draftFormIn, withLeftOver, type DraftForm } from './draft-form.ts';
import { dayOf } from '../words/format.ts';
import { answerPairs, query, valueIn } from '../site/http.ts';
import { referencesIn } from '../site/references.ts';
import type { Site } from '../site/site.ts';
import { atPage, pagedView, pagingOf, postedPage, stepOf, type Paging, type Step } from './task-paging.ts';
import type { Hidden, Notice, Paged } from '../views/view-models.ts';

/**
 * A form of a case that is no task: of a way on, of opening again, of a correction, of answers that are filled in later.
 * `id`: of the form; `first`: what it starts with; `path`: of its page; `base` and `only`: as on every form that asks a part of a record.
 */
export type CaseForm = {
  open: OpenCase; form: CompiledForm; id: string; path: string;
  draft: DraftKey; begun: Draft | null; first: Pairs;
  base?: Answers; only?: string[];
};

/** What was typed, over what was begun. What may not be changed is as it was at first, and what the form has no place for is kept in words. */
export async function typedInForm(site: Site, work: CaseForm, posted: Pairs): Promise<Pairs> {
  const { form, begun, first } = work;
  const asked = askedOf(site, work);
  const over = overlaid(form, begun?.pairs ?? first, answerPairs(posted), { ...asked, page: postedPage(form, posted) });
  return atPage(await keptInForm(site, work, keptLocked(form, first, over, asked)), valueIn(posted, '_page'));
}

/** What the form has no place for any more is kept in words. */
export async function keptInForm(site: Site, work: CaseForm, typed: Pairs): Promise<Pairs> {
  return withLeftOver(site, draftFormOf(work), { begun: work.begun?.pairs ?? null, typed }, await referencesIn(site, work.open, []));
}

/** That the form changed since it was begun, with what has no place in it any more. */
export function leftNotices(site: Site, work: CaseForm, pairs: Pairs): Notice[] {
  return changedNotices(site, draftFormOf(work), pairs);
}

/** What is wrong with what was begun, for somebody who follows a mistake to another page. */
export async function problemsAsked(site: Site, request: FastifyRequest, work: CaseForm, pairs: Pairs): Promise<FieldProblem[]> {
  if (work.begun === null || query(request, 'check') === '') return [];
  const asked = askedOf(site, work);
  return checkAnswers(work.form, decode(work.form, pairs, asked), { today: dayOf(asked.now), references: await referencesIn(site, work.open), ...asked }).problems;
}

/** Where the buttons of this form lead. */
export function stepIn(site: Site, work: CaseForm, pairs: Pairs, posted: Pairs): Step {
  return stepOf(work.form, pairs, posted, askedOf(site, work));
}

/** The address of one page of this form. */
export function formPageHref({ path }: CaseForm, page: string): string {
  return `${path}?page=${page}`;
}

export type Filled = { pairs: Pairs; problems?: FieldProblem[]; appeared?: string[]; focus?: string; page?: string };

/** Draws this form, or the page of it that is wanted or has the first problem. `button`: of the last page. */
export function drawForm(site: Site, work: CaseForm, { pairs, problems = [], appeared, focus, page = '' }: Filled, references: References, button: string): { view: FormView; paging: Paging | null; paged: Paged; hidden: Hidden[] } {
  const asked = askedOf(site, work);
  const paging = pagingOf(work.form, pairs, { id: page, problems, appeared }, asked);
  return {
    view: formView(work.form, { pairs, problems, references, focus, ...asked, page: paging === null ? undefined : { id: paging.current.id, hrefOf: (id) => `${formPageHref(work, id)}&check=1` } }),
    paging, paged: pagedView(paging, site.t, button), hidden: paging === null ? [] : [{ name: '_page', value: paging.current.id }]
  };
}

function askedOf(site: Site, { base, only }: CaseForm): { now: Moment; base?: Answers; only?: string[] } {
  return { now: site.now(), ...(base === undefined ? {} : { base }), ...(only === undefined ? {} : { only }) };
}

function draftFormOf({ open, id, form, only, begun }: CaseForm): DraftForm {
  return draftFormIn(open, { id, task: null, form, only }, begun?.pairs ?? null);
}
