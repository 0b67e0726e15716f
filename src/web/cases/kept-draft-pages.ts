import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OpenCase } from '../../cases/cases.ts';
import type { Draft } from '../../cases/stores/case-store.ts';
import { draftDays } from '../../cases/stores/draft-store.ts';
import { formOfDraft } from '../../cases/form-of-draft.ts';
import type { Moment } from '../../engine/state/case-state.ts';
import { readTaskKey } from '../../engine/model/instances.ts';
import { mayLift } from '../../engine/model/performers.ts';
import { addDays } from '../../engine/time/workdays.ts';
import { AppError } from '../../errors.ts';
import { decode } from '../../forms/decode.ts';
import type { CompiledForm } from '../../forms/form-types.ts';
import { printAnswers } from '../../forms/print-answers.ts';
import { leftAnswers } from '../forms/draft-form.ts';
import { dayOf, formatDay, formatMoment } from '../words/format.ts';
import { caseCrumbs, frameOf } from '../site/frame.ts';
import { param, sendPage, valueIn } from '../site/http.ts';
import { namesFor } from '../site/names.ts';
import { caseLink, openCase } from '../site/open-case.ts';
import { referencesIn } from '../site/references.ts';
import type { Site } from '../site/site.ts';

/** What somebody was writing and cannot hand in any more, to be read and never changed: whom a restriction took off the case, by who may lift it (semantics 8); for a task the route has no more, by who wrote it. */
export function keptDraftPages(app: FastifyInstance, { site }: { site: Site }): void {
  app.get('/cases/:number/kept-drafts/:person/:task/:record', { config: { action: 'keptDraft.view' } }, async (request, reply) => {
    const open = await openCase(site, request, 'viewDraft');
    const draft = param(request, 'person') === open.viewer.id ? await ownOf(site, request, open) : mayLift(open.viewer, open.stored.state) ? (await site.cases.drafts.keptOf(open.stored.id)).find((one) => isAsked(request, one)) : undefined;
    const form = draft === undefined ? null : formOfDraft(open, draft);
    if (draft === undefined || form === null) throw new AppError('notFound');
    return sendDraft(site, request, reply, open, draft, form);
  });
}

async function ownOf(site: Site, request: FastifyRequest, { stored, viewer, route: { model } }: OpenCase): Promise<Draft | undefined> {
  const own = await site.cases.drafts.ofPerson(viewer.id);
  return own.find((one) => one.case === stored.id && isAsked(request, one) && !model.tasks.has(readTaskKey(one.task).id));
}

function isAsked(request: FastifyRequest, { person, task, record }: Draft): boolean {
  return param(request, 'person') === person && param(request, 'task') === task && param(request, 'record') === String(record ?? 0);
}

async function sendDraft(site: Site, request: FastifyRequest, reply: FastifyReply, open: OpenCase, { person, pairs, savedAt }: Draft, form: CompiledForm): Promise<FastifyReply> {
  const { t } = site;
  const { stored: { number }, viewer } = open;
  const name = (await namesFor(site, viewer.id, [person]))(person);
  const reason = valueIn(pairs, 'reason');
  const answers = printAnswers(form, decode(form, pairs), { references: await referencesIn(site, open), now: site.now() });
  const frame = await frameOf(site, request, { title: t('changes.kept.title', { number }), crumbs: caseCrumbs(site, caseLink(site, open)), current: 'cases' });
  return sendPage(reply, site.render('record', {
    frame, stepLabel: t('changes.kept.label'), heading: form.definition.title,
    meta: [...(person === viewer.id ? goneText(savedAt, site) : [t('changes.kept.meta', { name, when: formatMoment(savedAt, dayOf(site.now()), t) }), t('changes.kept.text', { name })]), ...(reason === '' ? [] : [t('changes.cancelled.reason', { reason })])],
    notices: [], answers: [...answers, ...leftAnswers(pairs)].filter(({ lines, rows }) => lines.length > 0 || (rows?.length ?? 0) > 0),
    beside: [], earlier: [], review: null, later: null, links: [], back: { href: `/cases/${number}`, text: t('web.case.back') }
  }));
}

function goneText(savedAt: Moment, { t, now }: Site): string[] {
  return [t('changes.gone.meta', { when: formatMoment(savedAt, dayOf(now()), t), day: formatDay(addDays(dayOf(savedAt), draftDays)) }), t('changes.gone.text')];
}
