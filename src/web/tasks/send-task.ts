import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Draft, DraftMark } from '../../cases/stores/case-store.ts';
import { enteredIn } from '../../cases/entered.ts';
import type { CaseRecord, Reason } from '../../engine/state/case-state.ts';
import { sourceIn } from '../../engine/model/instances.ts';
import { AppError } from '../../errors.ts';
import { decode } from '../../forms/decode.ts';
import type { FieldProblem, Pairs, References } from '../../forms/form-types.ts';
import { formView } from '../../forms/form-view.ts';
import { isConditional } from '../../forms/is-conditional.ts';
import { pageOf } from '../../forms/pages.ts';
import { printAnswers } from '../../forms/print-answers.ts';
import { keyField } from '../site/answer-to.ts';
import { appearedNotices } from '../forms/appeared-notice.ts';
import { waiverLinks } from '../cases/case-model.ts';
import { withChangeLinks } from '../forms/change-links.ts';
import { sendConflict } from '../forms/conflict.ts';
import { othersNotice } from '../forms/draft-choice.ts';
import { changedNotices, leftAnswers } from '../forms/draft-form.ts';
import { fileHrefIn } from '../forms/file-pages.ts';
import { dayOf, formatWhen } from '../words/format.ts';
import { caseCrumbs, frameOf } from '../site/frame.ts';
import { sendPage, valueIn, visitorOf } from '../site/http.ts';
import { draftFields } from '../forms/keep-draft.ts';
import { namesFor } from '../site/names.ts';
import { caseLink } from '../site/open-case.ts';
import { checkPosted, draftFormOf, keepingOf, keyOf, optionsOf, pageHref, pagingIn, pathOf, revisionNow, shownOf, stepTitle, takenIn, theirsIn, typedIn, type OpenTask } from './open-task.ts';
import { referencesIn } from '../site/references.ts';
import { savedText } from '../words/saved-text.ts';
import type { Site } from '../site/site.ts';
import { pagedView } from '../forms/task-paging.ts';
import type { Notice, TaskPage } from '../views/view-models.ts';
import { whatHappens } from '../forms/what-happens.ts';

type Filled = { pairs: Pairs; problems?: FieldProblem[]; refusal?: Reason[]; appeared?: string[]; savedAt?: string | null; focus?: string; page?: string; /** What is kept now; else what was begun. */ draft?: DraftMark };

export async function sendTask(site: Site, request: FastifyRequest, reply: FastifyReply, work: OpenTask, filled: Filled): Promise<FastifyReply> {
  const { t } = site;
  const { open, task, form } = work;
  const { number } = open.stored;
  const { problems = [], refusal = [], appeared: shown = [] } = filled;
  const now = site.now();
  const shows = shownOf(work);
  const references = await referencesIn(site, open, [form, ...shows.map((record) => enteredIn(open, record).form)]);
  const pairs = typedIn(work, filled.pairs);
  const paging = pagingIn(site, work, pairs, { id: filled.page ?? '', problems, appeared: shown });
  const view = formView(form, { pairs, page: paging === null ? undefined : { id: paging.current.id, hrefOf: (page) => `${pageHref(work, page)}&check=1` }, problems, references, now, base: work.asked.given, taken: takenIn(site, work), ...optionsOf(work), focus: filled.focus });
  const directly = task.definition.check === false;
  const others = othersNotice(site, work.begun, `${pathOf(work)}/draft-choice`);
  const notices: Notice[] = [
    ...(refusal.length === 0 ? [] : [{ kind: 'error' as const, title: t('web.task.refused'), paragraphs: [], bullets: refusal.map(({ text }) => text), numbers: [] }]),
    ...appearedNotices(shown, t),
    ...changedNotices(site, draftFormOf(work, filled.pairs), filled.pairs),
    ...others.notices
  ];
  const model: TaskPage = {
    stepLabel: stepTitle(work), heading: task.title,
    description: form.definition.description ?? null,
    guidance: null,
    action: pathOf(work), draftAction: `${pathOf(work)}/draft`, multipart: form.takesFiles,
    hidden: [...draftFields(filled.draft ?? work.begun), ...(directly ? [keyField(site)] : []), ...(work.seen === null ? [] : [{ name: '_rev', value: valueIn(filled.pairs, '_rev') }]), ...(paging === null ? [] : [{ name: '_page', value: paging.current.id }])],
    problems: view.problems, notices,
    waivers: [...waiverLinks(open, task.step, refusal, t), ...others.links],
    saved: savedText(filled.savedAt ?? null, now, t),
    nodes: view.nodes,
    shown: await shownRecords(site, request, work, shows, references),
    ...pagedView(paging, t, t(directly ? 'web.task.handIn' : 'web.task.check')),
    laterButton: t('web.task.later'),
    updateButton: isConditional(form, work.only, paging?.current) ? t('web.task.update') : null,
    back: { href: `/cases/${number}`, text: t('web.case.back') }
  };
  const hasProblems = problems.length > 0 || refusal.length > 0;
  const frame = await frameOf(site, request, { title: t('web.task.title', { task: paging === null ? task.title : `${paging.current.title}, ${task.title}`, number }), crumbs: caseCrumbs(site, caseLink(site, open)), hasProblems, current: 'cases' });
  return show(site, reply, work, site.render('task', { ...model, frame }), hasProblems ? 422 : 200);
}

export async function sendCheck(site: Site, request: FastifyRequest, reply: FastifyReply, work: OpenTask, pairs: Pairs): Promise<FastifyReply> {
  const { t } = site;
  const { open, task, form } = work;
  const { number } = open.stored;
  const checked = await checkPosted(site, work, pairs);
  if (checked.problems.length > 0) return sendTask(site, request, reply, work, { pairs, problems: checked.problems });
  const outcome = site.cases.preview(open, { type: 'submit', task: task.id, ...sourceIn(task), answers: checked.answers });
  if (!outcome.ok) return sendTask(site, request, reply, work, { pairs, refusal: outcome.reasons });
  const answers = printAnswers(form, checked.answers, { references: checked.references, now: site.now(), fileHref: fileHrefIn(number), ...optionsOf(work) });
  const filledIn = answers.filter(({ lines, rows }) => lines.length > 0 || (rows !== null && rows.length > 0));
  const left = answers.filter((answer) => !filledIn.includes(answer)).map(({ label }) => label);
  const homeless = leftAnswers(pairs);
  const paging = pagingIn(site, work, pairs, { id: '' });
  const path = pathOf(work);
  const sections = paging === null ? [{ title: null, answers: withChangeLinks(filledIn, path) }] : paging.pages.map((page) => ({ title: page.title, answers: withChangeLinks(filledIn.filter(({ pointer }) => pageOf([page], pointer) !== undefined), pageHref(work, page.id)) }));
  const frame = await frameOf(site, request, { title: t('web.check.title', { number }), crumbs: caseCrumbs(site, caseLink(site, open)), current: 'cases' });
  return show(site, reply, work, site.render('check', {
    frame, stepLabel: [stepTitle(work), task.title].filter((part) => part !== null).join(', '),
    intro: t(task.later.size > 0 ? 'web.check.introLater' : 'web.check.intro'),
    action: `${path}/check`, hidden: [keyField(site), ...draftFields(work.begun).slice(0, 1)], problems: [], notices: [],
    sections: sections.filter(({ answers: own }) => paging === null || own.length > 0),
    empty: left.length === 0 ? null : `${left.map((question) => question.replace(/[?.]$/, '')).join('; ')}.`,
    dropped: checked.dropped.length + homeless.length === 0 ? null : {
      reason: [...(checked.dropped.length === 0 ? [] : [t('web.check.droppedReason')]), ...(homeless.length === 0 ? [] : [t('drafts.form.leftReason')])].join(' '), answers: [...checked.dropped, ...homeless]
    },
    consequences: await whatHappens(site, request, open, outcome),
    consequencesNote: t('web.check.nobody'),
    button: t('web.check.finish'),
    back: { href: paging === null ? path : pageHref(work, paging.pages.at(-1)?.id ?? '1'), text: t('web.check.back') }
  }));
}

/** A task that cannot be done now says why, and shows what was typed, which stays kept: beside the record of a colleague who was first. */
export async function sendClosed(site: Site, request: FastifyRequest, reply: FastifyReply, work: OpenTask, reasons: string[], kept: Pick<Draft, 'pairs' | 'savedAt'> | null, status = 200): Promise<FastifyReply> {
  const { t } = site;
  const { open, task, form, only } = work;
  const pairs = kept?.pairs ?? [];
  if (pairs.length > 0 && !task.repeat && theirsIn(work) !== null) return sendTaskConflict(site, request, reply, work, pairs, status);
  const { number } = open.stored;
  const answers = printAnswers(form, decode(form, pairs, only === undefined ? {} : { only }), { references: await referencesIn(site, open), now: site.now() });
  const typed = [...answers, ...leftAnswers(pairs)].flatMap(({ label, lines }) => (lines.length === 0 ? [] : [{ name: label, value: lines.join('\n') }]));
  const records = site.cases.taskView(open, keyOf(work))?.records ?? [];
  const frame = await frameOf(site, request, { title: t('web.task.title', { task: task.title, number }), crumbs: caseCrumbs(site, caseLink(site, open)), current: 'cases' });
  return show(site, reply, work, site.render('error', {
    frame, heading: t('web.task.closedHeading', { task: task.title }), paragraphs: reasons, typed, typedText: `${savedText(kept?.savedAt ?? null, site.now(), t) ?? ''} ${t('web.task.keptText')}`, again: null, requestId: null,
    links: [
      { href: `/cases/${number}`, text: t('web.case.back') },
      ...records.map(({ id }) => ({ href: `/cases/${number}/records/${String(id)}`, text: t('web.record.look') }))
    ]
  }), typed.length > 0 ? 409 : 200);
}

export async function sendTaskConflict(site: Site, request: FastifyRequest, reply: FastifyReply, work: OpenTask, pairs: Pairs, status?: number): Promise<FastifyReply> {
  const { open, form } = work;
  const theirs = theirsIn(work);
  if (theirs === null) throw new AppError('conflict');
  const action = `${pathOf(work)}/conflict`;
  await site.cases.looked(open, 'viewTask', work.draft.task);
  return sendConflict(site, request, reply, { open, theirs, form, pairs, keeping: keepingOf(work, theirs), action, revision: revisionNow(work), ...optionsOf(work) }, status);
}

/** Every page of a task goes out by here, after its line in the access log; a post that only leads on has shown nothing. */
async function show(site: Site, reply: FastifyReply, { open, draft }: OpenTask, html: string, status = 200): Promise<FastifyReply> {
  await site.cases.looked(open, 'viewTask', draft.task);
  return sendPage(reply, html, status);
}

/** They are there to read beside the form. */
async function shownRecords(site: Site, request: FastifyRequest, { open }: OpenTask, records: CaseRecord[], references: References): Promise<TaskPage['shown']> {
  if (records.length === 0) return [];
  const { reader } = visitorOf(request);
  const nameOf = await namesFor(site, reader.id, records.map(({ by }) => by));
  return records.map((one) => enteredIn(open, one)).map(({ record, form }) => ({
    title: form.definition.title,
    meta: site.t('web.record.line', { when: formatWhen(record.at, dayOf(site.now()), site.t), name: nameOf(record.by) }),
    answers: printAnswers(form, record.answers, { references, now: site.now(), fileHref: fileHrefIn(open.stored.number) }).filter(({ lines, rows }) => lines.length > 0 || rows !== null)
  }));
}
