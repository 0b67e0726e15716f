import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OpenCase } from '../../cases/cases.ts';
import type { DraftKey } from '../../cases/stores/case-store.ts';
import { revisionOf } from '../../cases/seen.ts';
import type { Answers } from '../../definitions/bundle.ts';
import { exitForm } from '../../engine/model/form-names.ts';
import { lowered } from '../../engine/model/labels.ts';
import type { ExitView } from '../../engine/model/overview-types.ts';
import { together } from '../../engine/commands/take-each.ts';
import { AppError } from '../../errors.ts';
import { checkAnswers } from '../../forms/check-answers.ts';
import { decode } from '../../forms/decode.ts';
import type { Pairs } from '../../forms/form-types.ts';
import { initialPairs } from '../../forms/initial-pairs.ts';
import { rowAction } from '../../forms/row-action.ts';
import { exitHref, waiverLinks } from './case-model.ts';
import { type CaseForm, drawForm, type Filled as FilledForm, formPageHref, keptInForm, leftNotices, problemsAsked, stepIn, typedInForm } from '../forms/case-form.ts';
import { capitalise, dayOf, formatChoice } from '../words/format.ts';
import { caseCrumbs, frameOf } from '../site/frame.ts';
import { answerPairs, pairsOf, param, seeOther, sendPage, valueIn, visitorOf } from '../site/http.ts';
import { caseLink, openCase } from '../site/open-case.ts';
import { referencesIn } from '../site/references.ts';
import type { Site } from '../site/site.ts';
import { filesOf, takeFiles } from '../forms/take-files.ts';
import { atPage, leadsTo, pageAsked, pagedView, problemsHere } from '../forms/task-paging.ts';
import { mostUploadBytes } from '../site/uploads.ts';
import type { Notice } from '../views/view-models.ts';
import { answerTo, keyField } from '../site/answer-to.ts';
import { appearedNotices } from '../forms/appeared-notice.ts';
import { whatFollows } from '../forms/what-happens.ts';

type OpenExit = { open: OpenCase; exit: ExitView; draft: DraftKey; /** Null: it has no form. */ asked: CaseForm | null };

/** Taking a way on, with its motivation. */
export function exitPages(app: FastifyInstance, { site }: { site: Site }): void {
  app.get('/cases/:number/exits/:step/:exit', { config: { action: 'transition.take' } }, async (request, reply) => {
    const work = await openExit(site, request);
    if (work === null) return seeOther(reply, `/cases/${param(request, 'number')}?done=changed`);
    const { asked } = work;
    if (asked === null) return sendExit(site, request, reply, work, { pairs: [] });
    const pairs = asked.begun === null ? asked.first : await keptInForm(site, asked, asked.begun.pairs);
    return sendExit(site, request, reply, work, { pairs, problems: await problemsAsked(site, request, asked, pairs), page: pageAsked(request, asked.begun?.pairs ?? null) });
  });

  app.post('/cases/:number/exits/:step/:exit', { config: { action: 'transition.take', takesFiles: true }, bodyLimit: mostUploadBytes }, async (request, reply) => {
    const posted = pairsOf(request);
    const work = await openExit(site, request);
    if (work === null) {
      // A second click finds the way taken; somebody else finds the case as it is now.
      const repeated = await site.cases.answerOf(visitorOf(request).reader, valueIn(posted, '_key'));
      return seeOther(reply, `/cases/${param(request, 'number')}?done=${repeated === null ? 'changed' : 'moved'}`);
    }
    const { open, asked } = work;
    const revision = valueIn(posted, '_rev');
    const page = valueIn(posted, '_page');
    const now = site.now();
    const key = valueIn(posted, '_key');
    if (asked === null) return take(site, request, reply, work, { answers: null, pairs: answerPairs(posted), key, revision });
    const { form } = asked;
    const { pairs, problems: refused } = await takeFiles(site, request, form, { pairs: await typedInForm(site, asked, posted), draft: work.draft, known: () => filesOf(site, open) });
    if (refused.length > 0) {
      await site.cases.drafts.save(work.draft, pairs, now);
      return sendExit(site, request, reply, work, { pairs, problems: refused, page });
    }
    const wish = valueIn(posted, '_action');
    if (wish.includes(':')) {
      const changed = rowAction(form, pairs, wish, {});
      if (changed === null) throw new AppError('badRequest');
      await site.cases.drafts.save(work.draft, changed.pairs, now);
      return sendExit(site, request, reply, work, { ...changed, page });
    }
    const step = stepIn(site, asked, pairs, posted);
    const checked = step.type === 'check' ? checkAnswers(form, decode(form, pairs), { today: dayOf(now), now, references: await referencesIn(site, open) }) : null;
    const problems = problemsHere(step, checked);
    const to = leadsTo(step, problems);
    await site.cases.drafts.save(work.draft, to === null ? pairs : atPage(pairs, to), now);
    if (to !== null) return seeOther(reply, formPageHref(asked, to));
    if (step.type === 'ask') return sendExit(site, request, reply, work, { pairs, appeared: step.appeared, page });
    if (problems.length > 0) return sendExit(site, request, reply, work, { pairs, problems, page });
    return take(site, request, reply, work, { answers: checked?.answers ?? null, pairs, key, revision, page });
  });
}

type Posted = { answers: Answers | null; pairs: Pairs; key: string; revision: string; page?: string };

/** A decision is taken on what the page showed: when the case changed since, it is shown anew (semantics 8). */
async function take(site: Site, request: FastifyRequest, reply: FastifyReply, work: OpenExit, { answers, pairs, key, revision, page = '' }: Posted): Promise<FastifyReply> {
  const { exit, open } = work;
  const command = { type: 'take' as const, step: exit.step, transition: exit.id, answers };
  const result = await site.cases.act(visitorOf(request).reader, open.stored.number, command, { key, draft: work.draft, hasFiles: work.asked?.form.takesFiles === true, seen: { of: 'case', revision } });
  return answerTo(result, {
    changed: async (current) => {
      const again = await exitIn(site, request, current);
      return again === null ? seeOther(reply, `/cases/${open.stored.number}?done=changed`) : sendExit(site, request, reply, again, { pairs, moved: true, page });
    },
    done: (number) => seeOther(reply, `/cases/${number}?done=${exit.close === null ? 'moved' : 'closed'}`),
    refused: (reasons) => sendExit(site, request, reply, work, { pairs, refusal: reasons.map(({ text }) => text), page })
  });
}

async function openExit(site: Site, request: FastifyRequest): Promise<OpenExit | null> {
  return exitIn(site, request, await openCase(site, request, 'view'));
}

/** The way out of a request in a case as it is; null when its step is not active any more. A way the route does not have, or not for this person, is not there. */
async function exitIn(site: Site, request: FastifyRequest, open: OpenCase): Promise<OpenExit | null> {
  const step = param(request, 'step') === '-' ? null : param(request, 'step');
  const id = param(request, 'exit');
  const overview = site.cases.overview(open);
  const exits = [...overview.activeSteps.flatMap((active) => active.exits), ...overview.exits];
  const exit = exits.find((one) => one.step === step && one.id === id);
  if (exit === undefined) {
    const { model } = open.route;
    const known = step === null ? model.transitions : (model.steps.get(step)?.transitions ?? []);
    const isKnown = known.some((one) => one.id === id) || (id === together && step !== null && model.steps.get(step)?.definition.decide === 'each');
    if (open.access !== 'full' || !isKnown) throw new AppError('notFound');
    return null;
  }
  const draft = { person: visitorOf(request).reader.id, case: open.stored.id, task: exitForm({ step, id: exit.id }), record: null };
  if (exit.form === null) return { open, exit, draft, asked: null };
  const form = open.route.form(exit.form);
  return { open, exit, draft, asked: { open, form, id: exit.form, path: exitHref(open.stored.number, exit), draft, begun: await site.cases.drafts.find(draft), first: initialPairs(form) } };
}

type Filled = FilledForm & { refusal?: string[]; /** Somebody else changed the case meanwhile. */ moved?: boolean };

async function sendExit(site: Site, request: FastifyRequest, reply: FastifyReply, { open, exit, asked }: OpenExit, filled: Filled): Promise<FastifyReply> {
  const { t } = site;
  const { number } = open.stored;
  const { problems = [] } = filled;
  const form = asked?.form ?? null;
  const others = exit.mayTake ? [] : [t('web.exit.others', { roles: capitalise(formatChoice(exit.performers.map(lowered))) })];
  const reasons = filled.refusal ?? (exit.status === 'open' ? others : exit.reasons.map(({ text }) => text));
  const drawn = asked === null ? null : drawForm(site, asked, filled, await referencesIn(site, open), exit.title);
  const paged = drawn?.paged ?? pagedView(null, t, exit.title);
  const isLast = paged.buttonWish === 'check';
  const preview = reasons.length > 0 || !isLast ? null : site.cases.preview(open, { type: 'take', step: exit.step, transition: exit.id, answers: form === null ? null : decode(form, filled.pairs) });
  const hasProblems = problems.length > 0 || (filled.refusal ?? []).length > 0;
  const isShut = reasons.length > 0 && filled.refusal === undefined;
  const frame = await frameOf(site, request, { title: t('web.exit.title', { number }), crumbs: caseCrumbs(site, caseLink(site, open)), hasProblems, current: 'cases' });
  return sendPage(reply, site.render('transition', {
    frame,
    stepLabel: exit.step === null ? null : (open.route.model.steps.get(exit.step)?.definition.title ?? null),
    heading: exit.title,
    intro: form?.definition.description ?? null,
    refusal: reasons.length === 0 ? null : { reasons, waivers: waiverLinks(open, exit.step, exit.reasons, t) },
    action: exitHref(number, exit), multipart: form?.takesFiles === true, hidden: [keyField(site), { name: '_rev', value: revisionOf(open, { of: 'case' }) }, ...(drawn?.hidden ?? [])], problems: drawn?.view.problems ?? [],
    notices: [
      ...appearedNotices(filled.appeared ?? [], t),
      ...(asked === null ? [] : leftNotices(site, asked, filled.pairs)),
      ...(filled.moved === true ? [plain('warn', t('changes.conflict.moved'))] : [])
    ],
    choice: null, nodes: isShut ? [] : (drawn?.view.nodes ?? []), ...paged,
    consequences: preview?.ok === true ? await whatFollows(site, request, open, preview) : [],
    consequencesNote: isShut || !isLast ? null : t('web.check.nobody'),
    button: isShut ? null : paged.button,
    back: { href: `/cases/${number}`, text: t('web.case.back') }
  }), filled.moved === true ? 409 : hasProblems ? 422 : 200);
}

function plain(kind: Notice['kind'], text: string): Notice {
  return { kind, title: null, paragraphs: [text], bullets: [], numbers: [] };
}
