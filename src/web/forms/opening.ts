import type { FastifyRequest } from 'fastify';
import { type Route, routeAt } from '../../cases/library.ts';
import { offeredAt } from '../../cases/offered-routes.ts';
import type { Answers } from '../../definitions/bundle.ts';
import { askedAtStart, type AskedForm } from '../../engine/model/asked-form.ts';
import type { Moment } from '../../engine/state/case-state.ts';
import { newCase } from '../../engine/state/new-case.ts';
import { mayDo } from '../../engine/model/performers.ts';
import type { PreparedTask } from '../../engine/model/prepare.ts';
import { summaryFields } from '../../engine/model/summary.ts';
import { AppError } from '../../errors.ts';
import type { CompiledForm, FormPage, Pairs } from '../../forms/form-types.ts';
import { defaultsOf, initialPairs } from '../../forms/initial-pairs.ts';
import { keptLocked } from '../../forms/kept-locked.ts';
import { overlaid } from '../../forms/overlaid.ts';
import { pointersOn } from '../../forms/pages.ts';
import { readIn } from '../../forms/read-in.ts';
import { answerPairs, valueIn, visitorOf } from '../site/http.ts';
import { copied, type CopyTarget, linkStart, type LinkStart } from './link-start.ts';
import type { Site } from '../site/site.ts';
import { pagingOf, postedPage, type Paging } from './task-paging.ts';

/** The first form of a route with the questions about whom it is, as the task's `intake` orders them. */
export type Opening = {
  route: Route;
  task: PreparedTask;
  form: CompiledForm;
  formHash: string | null;
  /** Fixed answers. */
  given: Answers;
  /** Questions of the task before and after those about the subject. */
  before: string[];
  after: string[];
  asked: string[];
  subject: { form: CompiledForm; only: string[] } | null;
  /** From which case it is started, and what may be taken over from there. */
  link: { start: LinkStart; answers: { [target: string]: Answers } } | null;
};

export const subjectPrefix = 'subject';

/** The routes this person may start, each with its first task; `byLink`: also those without an offer, which only another case leads to. */
export function openingsOf(site: Site, request: FastifyRequest, emergency: boolean, byLink = false): Opening[] {
  const { reader, school } = visitorOf(request);
  return offeredAt(site.library.published(), school.routesOff).sort(byUrgency).flatMap((offered) => {
    const route = routeAt(offered, school.settings, reader.roles);
    const { model } = route;
    if (!emergency && !byLink && model.workflow.offer === undefined) return [];
    // Performers of a first task are asked before there is a case: the person is its starter.
    const task = [...model.tasks.values()].find((one) => one.definition.opensCase === true && one.emergency === emergency && mayDo(one, reader, newCase(reader.id, '')));
    return task === undefined ? [] : [openingOf(route, task, askedAtStart(model, task, reader, site.now()))];
  });
}

/** Routes for what cannot wait, which have a task for an emergency, come first; then in the order of what they are offered as. */
function byUrgency({ model: one }: Route, { model: other }: Route): number {
  const isUrgent = (model: Route['model']): boolean => [...model.tasks.values()].some(({ emergency }) => emergency);
  const titleOf = ({ workflow: { offer, title } }: Route['model']): string => offer?.title ?? title;
  return Number(isUrgent(other)) - Number(isUrgent(one)) || titleOf(one).localeCompare(titleOf(other), 'nl');
}

/** The one that a post is about. */
export async function postedOpening(site: Site, request: FastifyRequest, posted: Pairs): Promise<Opening> {
  const from = await linkStart(site, request, { from: valueIn(posted, '_from'), link: valueIn(posted, '_link') });
  if (from !== null) return linkedOpening(site, from, openingsOf(site, request, false, true));
  const opening = openingsOf(site, request, false).find(({ route }) => route.model.workflow.id === valueIn(posted, '_route'));
  if (opening === undefined) throw new AppError('notFound');
  return opening;
}

/** The opening of a sister case, which starts with what may be taken over. */
export function linkedOpening(site: Site, from: LinkStart, openings: Opening[]): Opening {
  const opening = openings.find(({ route }) => route.model.workflow.id === from.link.definition.workflow);
  if (opening === undefined) throw new AppError('refused', site.t('web.start.linkNotYours'));
  const forms = Object.fromEntries(targetsOf(opening).map(({ id, form }) => [id, form.definition]));
  return { ...opening, link: { start: from, answers: copied(site, from, forms) } };
}

export function targetsOf({ route: { model }, task, form, asked, subject }: Opening): CopyTarget[] {
  return [{ id: task.id, form, asked }, ...(subject === null ? [] : [{ id: model.workflow.subject ?? '', form: subject.form, asked: subject.only }])];
}

export function emergencyOpening(site: Site, request: FastifyRequest): Opening {
  const [opening] = openingsOf(site, request, true);
  if (opening === undefined) throw new AppError('notFound');
  return opening;
}

function openingOf(route: Route, task: PreparedTask, wanted: AskedForm | null): Opening {
  const { workflow } = route.model;
  const intake = task.definition.intake ?? Object.keys(task.form?.schema.properties ?? {});
  const at = intake.indexOf('subject');
  const form = wanted === null ? route.form(task.definition.form) : route.askedForm(wanted);
  const about = workflow.subject !== undefined && at >= 0 ? route.form(workflow.subject) : null;
  const required = about?.definition.schema.required ?? [];
  return {
    route, task, form, formHash: wanted?.hash ?? null, given: readIn(form, wanted?.given ?? {}),
    before: at < 0 ? intake : intake.slice(0, at),
    after: at < 0 ? [] : intake.slice(at + 1),
    asked: intake.filter((field) => field !== 'subject'),
    // The start asks only what names the subject: the rest is an open task (semantics 13).
    link: null,
    subject: about === null ? null : { form: about, only: [...new Set([...required, ...summaryFields(about.definition)])] }
  };
}

export function firstPairs({ route, task, form, asked, given, subject, link }: Opening): Pairs {
  const about = link?.answers[route.model.workflow.subject ?? ''] ?? {};
  return [...initialPairs(form, { only: asked, answers: { ...defaultsOf(form), ...link?.answers[task.id], ...given } }), ...(subject === null ? [] : initialPairs(subject.form, { only: subject.only, prefix: subjectPrefix, answers: { ...defaultsOf(subject.form), ...about } }))];
}

/** What was typed, with what may not be changed as it was. `begun`: what was typed before, of the pages that were not posted. */
export function typedIn(opening: Opening, posted: Pairs, { now, begun }: { now: Moment; begun: Pairs | null }): Pairs {
  const { form, asked, given, subject } = opening;
  const first = firstPairs(opening);
  const former = begun ?? first;
  const page = postedPage(form, posted);
  const options = { now, only: asked, base: given };
  const pairs = keptLocked(form, first, page === undefined ? answerPairs(posted) : overlaid(form, former, answerPairs(posted), { ...options, page }), options);
  if (subject === null) return pairs;
  const isAbout = ([name]: [string, string]): boolean => name.startsWith(`${subjectPrefix}/`);
  const isAsked = page === undefined || valueIn(posted, aboutName) !== '';
  return keptLocked(subject.form, first, isAsked ? pairs : [...former.filter(isAbout), ...pairs.filter((pair) => !isAbout(pair))], { now, only: subject.only, prefix: subjectPrefix });
}

/** Says in a post of one page that the questions about the subject stood on it. */
export const aboutName = '_about';

/** Where somebody is in a first form of several pages; null: it stands on one page, as it does where nothing is kept in between. */
export function pagingAtStart({ form, asked, given, link, task }: Opening, pairs: Pairs, wanted: Parameters<typeof pagingOf>[2], now: Moment): Paging | null {
  return link !== null || task.emergency ? null : pagingOf(form, pairs, wanted, { now, base: given, only: asked });
}

/** Gives the page with the questions about the subject: that of the first question after them, else the last. Null: the form is one page. */
export function aboutPage({ subject, after }: Opening, paging: Paging | null): FormPage | null {
  if (paging === null || subject === null) return null;
  return paging.pages.find((page) => pointersOn(page).some((pointer) => after.includes(pointer.slice(1).split('/')[0] ?? ''))) ?? paging.pages.at(-1) ?? null;
}
