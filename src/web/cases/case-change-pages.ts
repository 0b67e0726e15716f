import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OpenCase } from '../../cases/cases.ts';
import type { Draft, DraftKey } from '../../cases/stores/case-store.ts';
import type { Answers } from '../../definitions/bundle.ts';
import type { Command } from '../../engine/state/case-state.ts';
import { consequences } from '../../engine/overview/consequences.ts';
import { reopenForm } from '../../engine/model/form-names.ts';
import type { ReopenView } from '../../engine/model/overview-types.ts';
import { mayBeResponsible, mayCancel, mayHandOver } from '../../engine/model/performers.ts';
import { AppError } from '../../errors.ts';
import { checkAnswers } from '../../forms/check-answers.ts';
import { decode } from '../../forms/decode.ts';
import type { Pairs } from '../../forms/form-types.ts';
import { initialPairs } from '../../forms/initial-pairs.ts';
import { rowAction } from '../../forms/row-action.ts';
import { type CaseForm, drawForm, type Filled as FilledForm, formPageHref, keptInForm, leftNotices, problemsAsked, stepIn, typedInForm } from '../forms/case-form.ts';
import { colleaguesFor } from '../site/colleagues.ts';
import { dayOf, formatList } from '../words/format.ts';
import { caseCrumbs, frameOf, roleTitleOf } from '../site/frame.ts';
import { answerPairs, pairsOf, param, seeOther, sendPage, valueIn, visitorOf } from '../site/http.ts';
import { caseLink, openCase } from '../site/open-case.ts';
import { referencesIn } from '../site/references.ts';
import { sendQuestion } from '../site/send-question.ts';
import type { Site } from '../site/site.ts';
import { filesOf, takeFiles } from '../forms/take-files.ts';
import { atPage, leadsTo, pageAsked, pagedView, problemsHere } from '../forms/task-paging.ts';
import { textField } from '../site/text-field.ts';
import { mostUploadBytes } from '../site/uploads.ts';
import { answerTo, keyField } from '../site/answer-to.ts';
import { appearedNotices } from '../forms/appeared-notice.ts';
import type { ChoiceField } from '../views/view-models.ts';

/** What happens to a case as a whole: it was a mistake, somebody else becomes responsible, it is opened again. */
export function caseChangePages(app: FastifyInstance, { site }: { site: Site }): void {
  app.get('/cases/:number/cancellation', { config: { action: 'case.cancel' } }, async (request, reply) =>
    sendCancellation(site, request, reply, await openCancellation(site, request), { reason: '', errors: [] }));

  app.post('/cases/:number/cancellation', { config: { action: 'case.cancel' } }, async (request, reply) => {
    const open = await openCancellation(site, request);
    const posted = pairsOf(request);
    const reason = valueIn(posted, 'reason').replaceAll('\r\n', '\n');
    const result = await site.cases.act(visitorOf(request).reader, open.stored.number, { type: 'cancel', reason }, { key: valueIn(posted, '_key'), draft: null });
    return answerTo(result, {
      done: (number) => seeOther(reply, `/cases/${number}`),
      refused: (reasons) => sendCancellation(site, request, reply, open, { reason, errors: reasons.map(({ text }) => text) })
    });
  });

  app.get('/cases/:number/responsible', { config: { action: 'case.handOver' } }, async (request, reply) =>
    sendHandOver(site, request, reply, await openHandOver(site, request), []));

  app.post('/cases/:number/responsible', { config: { action: 'case.handOver' } }, async (request, reply) => {
    const open = await openHandOver(site, request);
    const posted = pairsOf(request);
    const { reader } = visitorOf(request);
    const to = (await colleaguesFor(site, request, open)).find(({ id }) => id === valueIn(posted, 'to'));
    if (to === undefined) return sendHandOver(site, request, reply, open, [site.t('changes.responsible.needed')]);
    const command = { type: 'handOver' as const, to: { id: to.id, roles: to.roles } };
    const result = await site.cases.act(reader, open.stored.number, command, { key: valueIn(posted, '_key'), draft: null });
    return answerTo(result, {
      done: (number) => seeOther(reply, `/cases/${number}?done=handedOver`),
      refused: (reasons) => sendHandOver(site, request, reply, open, reasons.map(({ text }) => text))
    });
  });

  app.get('/cases/:number/reopenings/:reopening', { config: { action: 'case.reopen' } }, async (request, reply) => {
    const work = await openReopening(site, request);
    if (work === null) return seeOther(reply, `/cases/${param(request, 'number')}?done=already`);
    const { asked, begun } = work;
    if (asked === null) return sendReopening(site, request, reply, work, { pairs: begun?.pairs ?? [] });
    const pairs = begun === null ? asked.first : await keptInForm(site, asked, begun.pairs);
    return sendReopening(site, request, reply, work, { pairs, problems: await problemsAsked(site, request, asked, pairs), page: pageAsked(request, begun?.pairs ?? null) });
  });

  app.post('/cases/:number/reopenings/:reopening', { config: { action: 'case.reopen', takesFiles: true }, bodyLimit: mostUploadBytes }, async (request, reply) => {
    const work = await openReopening(site, request);
    if (work === null) return seeOther(reply, `/cases/${param(request, 'number')}?done=already`);
    const { asked, open } = work;
    const form = asked?.form ?? null;
    const posted = pairsOf(request);
    const page = valueIn(posted, '_page');
    const now = site.now();
    const { pairs, problems: refused } = asked === null ? { pairs: answerPairs(posted), problems: [] } : await takeFiles(site, request, asked.form, { pairs: await typedInForm(site, asked, posted), draft: work.draft, known: () => filesOf(site, open) });
    const wish = valueIn(posted, '_action');
    if (refused.length > 0) {
      await site.cases.drafts.save(work.draft, pairs, now);
      return sendReopening(site, request, reply, work, { pairs, problems: refused, page });
    }
    if (form !== null && wish.includes(':')) {
      const changed = rowAction(form, pairs, wish, {});
      if (changed === null) throw new AppError('badRequest');
      await site.cases.drafts.save(work.draft, changed.pairs, now);
      return sendReopening(site, request, reply, work, { ...changed, page });
    }
    const step = asked === null ? null : stepIn(site, asked, pairs, posted);
    const checked = form === null || step?.type !== 'check' ? null : checkAnswers(form, decode(form, pairs), { today: dayOf(now), now, references: await referencesIn(site, work.open) });
    const problems = problemsHere(step, checked);
    const next = step === null ? null : leadsTo(step, problems);
    await site.cases.drafts.save(work.draft, next === null ? pairs : atPage(pairs, next), now);
    if (asked !== null && next !== null) return seeOther(reply, formPageHref(asked, next));
    if (step?.type === 'ask') return sendReopening(site, request, reply, work, { pairs, appeared: step.appeared, page });
    const to = targetOf(work.view, pairs);
    const needsTarget = to === null && (step?.type !== 'check' || step.to === null);
    if (to === null || problems.length > 0) return sendReopening(site, request, reply, work, { pairs, problems, needsTarget, page });
    const command = commandOf(work.view, to, checked?.answers ?? null);
    const result = await site.cases.act(visitorOf(request).reader, open.stored.number, command, { key: valueIn(posted, '_key'), draft: work.draft, hasFiles: form?.takesFiles === true });
    return answerTo(result, {
      done: (number) => seeOther(reply, `/cases/${number}?done=reopened`),
      refused: (reasons) => sendReopening(site, request, reply, work, { pairs, refusal: reasons.map(({ text }) => text), page })
    });
  });
}

async function openCancellation(site: Site, request: FastifyRequest): Promise<OpenCase> {
  const open = await openCase(site, request, 'view');
  if (!mayCancel(open.route.model, open.viewer, open.stored.state)) throw new AppError('notFound');
  return open;
}

async function sendCancellation(site: Site, request: FastifyRequest, reply: FastifyReply, open: OpenCase, { reason, errors }: { reason: string; errors: string[] }): Promise<FastifyReply> {
  const { t } = site;
  const { number } = open.stored;
  return sendQuestion(site, request, reply, open, {
    title: t('changes.cancel.title', { number }), heading: t('changes.cancel.heading'), paragraphs: [t('changes.cancel.text')],
    action: `/cases/${number}/cancellation`, hidden: [keyField(site)], problems: errors.map((text) => ({ text, href: '#reden' })), notices: [], choices: [],
    fields: [textField({ id: 'reden', name: 'reason', label: t('changes.cancel.reason'), hint: t('changes.cancel.reasonHint'), value: reason, error: errors[0] ?? null, rows: 3 })],
    button: t('changes.cancel.button'), back: { href: `/cases/${number}`, text: t('web.case.back') }
  });
}

async function openHandOver(site: Site, request: FastifyRequest): Promise<OpenCase> {
  const open = await openCase(site, request, 'view');
  if (!mayHandOver(open.route.model, open.viewer, open.stored.state)) throw new AppError('notFound');
  return open;
}

/** Offers the colleagues who have a role in this route; a restricted case only those it is restricted to. */
async function sendHandOver(site: Site, request: FastifyRequest, reply: FastifyReply, open: OpenCase, errors: string[]): Promise<FastifyReply> {
  const { t } = site;
  const { number, state } = open.stored;
  const { roles } = open.route.model.workflow;
  const staff = (await colleaguesFor(site, request, open)).filter((person) => person.roles.some((role) => Object.hasOwn(roles, role)) && mayBeResponsible(person, state));
  const choice: ChoiceField = {
    id: 'collega', name: 'to', label: t('changes.responsible.choose'), hint: null, error: errors[0] ?? null, multiple: false,
    choices: staff.map(({ id, name, roles: own }, index) => ({ id: index === 0 ? 'collega' : `collega-${String(index + 1)}`, value: id, text: name, hint: roleTitleOf(site, own), checked: false }))
  };
  return sendQuestion(site, request, reply, open, {
    title: t('changes.responsible.title', { number }), heading: t('changes.responsible.heading'),
    paragraphs: [t(staff.length === 0 ? 'changes.responsible.nobody' : 'changes.responsible.text')],
    action: `/cases/${number}/responsible`, hidden: [keyField(site)], problems: errors.map((text) => ({ text, href: '#collega' })), notices: [],
    choices: staff.length === 0 ? [] : [choice], fields: [],
    button: t('changes.responsible.button'), back: { href: `/cases/${number}`, text: t('web.case.back') }
  });
}

type OpenReopening = { open: OpenCase; view: ReopenView; draft: DraftKey; begun: Draft | null; /** Null: it has no form. */ asked: CaseForm | null };

/** Null: the case runs already. */
async function openReopening(site: Site, request: FastifyRequest): Promise<OpenReopening | null> {
  const open = await openCase(site, request, 'view');
  if (open.stored.status === 'open') return null;
  const view = site.cases.overview(open).reopenings.find(({ id }) => id === param(request, 'reopening'));
  if (view?.mayTake !== true || view.reasons.length > 0) throw new AppError('notFound');
  const draft = { person: visitorOf(request).reader.id, case: open.stored.id, task: reopenForm(view.id), record: null };
  const begun = await site.cases.drafts.find(draft);
  if (view.form === null) return { open, view, draft, begun, asked: null };
  const form = open.route.form(view.form);
  return { open, view, draft, begun, asked: { open, form, id: view.form, path: `/cases/${open.stored.number}/reopenings/${view.id}`, draft, begun, first: initialPairs(form) } };
}

function targetOf({ to, together }: ReopenView, pairs: Pairs): string | null {
  const chosen = to.length === 1 || together ? to[0] : to.find(({ id }) => id === valueIn(pairs, 'to'));
  return chosen?.id ?? null;
}

function commandOf({ id }: ReopenView, to: string, answers: Answers | null): Command & { type: 'reopen' } {
  return { type: 'reopen', reopening: id, to, answers };
}

type Filled = FilledForm & { refusal?: string[]; needsTarget?: boolean };

async function sendReopening(site: Site, request: FastifyRequest, reply: FastifyReply, { open, view, asked }: OpenReopening, filled: Filled): Promise<FastifyReply> {
  const { t } = site;
  const { number, state } = open.stored;
  const { pairs, problems = [], refusal = [], needsTarget = false } = filled;
  const now = site.now();
  const form = asked?.form ?? null;
  const drawn = asked === null ? null : drawForm(site, asked, filled, await referencesIn(site, open), view.title);
  const paged = drawn?.paged ?? pagedView(null, t, view.title);
  const isLast = paged.buttonWish === 'check';
  const chosen = valueIn(pairs, 'to');
  const choice: ChoiceField = {
    id: 'naar', name: 'to', label: t('changes.reopen.to'), hint: null, error: needsTarget ? t('changes.reopen.needed') : null, multiple: false,
    choices: view.to.map(({ id, title }, index) => ({ id: index === 0 ? 'naar' : `naar-${id}`, value: id, text: title, hint: null, checked: id === chosen }))
  };
  const target = targetOf(view, pairs);
  const preview = target === null || !isLast ? null : site.cases.preview(open, commandOf(view, target, form === null ? null : decode(form, pairs)));
  const hasProblems = needsTarget || problems.length > 0 || refusal.length > 0;
  const frame = await frameOf(site, request, { title: t('web.exit.title', { number }), crumbs: caseCrumbs(site, caseLink(site, open)), hasProblems, current: 'cases' });
  return sendPage(reply, site.render('transition', {
    frame, stepLabel: view.to.length === 1 || view.together ? formatList(view.to.map(({ title }) => title)) : null, heading: view.title, intro: t('changes.reopen.intro'),
    refusal: refusal.length === 0 ? null : { reasons: refusal, waivers: [] },
    action: `/cases/${number}/reopenings/${view.id}`, multipart: form?.takesFiles === true, hidden: [keyField(site), ...(drawn?.hidden ?? [])],
    problems: [...(needsTarget ? [{ text: t('changes.reopen.needed'), href: '#naar' }] : []), ...(drawn?.view.problems ?? [])],
    notices: [...appearedNotices(filled.appeared ?? [], t), ...(asked === null ? [] : leftNotices(site, asked, pairs))],
    choice: view.to.length === 1 || view.together ? null : choice, nodes: drawn?.view.nodes ?? [], ...paged,
    consequences: preview?.ok === true ? consequences(open.route.model, state, preview, open.viewer, now) : [], consequencesNote: isLast ? t('web.check.nobody') : null,
    back: { href: `/cases/${number}`, text: t('web.case.back') }
  }), hasProblems ? 422 : 200);
}
