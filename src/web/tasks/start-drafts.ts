import type { FastifyReply, FastifyRequest } from 'fastify';
import { startDraft, type Draft, type DraftKey } from '../../cases/stores/case-store.ts';
import { AppError } from '../../errors.ts';
import { decode } from '../../forms/decode.ts';
import { askForFiles } from '../../forms/file-places.ts';
import { printAnswers } from '../../forms/print-answers.ts';
import type { Versions } from '../forms/draft-choice.ts';
import { caseCrumbs, frameOf } from '../site/frame.ts';
import { query, seeOther, sendPage, visitorOf } from '../site/http.ts';
import { type Opening, subjectPrefix, openingsOf } from '../forms/opening.ts';
import { referencesOf } from '../site/references.ts';
import type { Site } from '../site/site.ts';

/** Under which key a case is kept that is not there yet; null: what starts from another case is not kept. */
export function draftKeyOf(request: FastifyRequest, { route, task, link }: Opening): DraftKey | null {
  const { reader, school } = visitorOf(request);
  return link !== null ? null : { person: reader.id, case: null, school: school.id, task: startDraft(route.model.workflow.id, task.id), record: null };
}

/** Under which key files are kept while there is no case: that of the draft, or, where nothing is kept, one of their own. */
export function filesKeyOf(request: FastifyRequest, opening: Opening): DraftKey {
  const { reader, school } = visitorOf(request);
  const { route, task, link } = opening;
  const own = startDraft(route.model.workflow.id, task.id);
  return { person: reader.id, case: null, school: school.id, task: link === null && !task.emergency ? own : `${own}:files`, record: null };
}

/** Does the start of this route ask for files? */
export function takesFiles({ form, asked, subject }: Opening): boolean {
  const places = [{ form, only: asked }, ...(subject === null ? [] : [subject])];
  return places.some((place) => askForFiles(place.form.questions.filter(({ name }) => place.only.includes(name))));
}

export async function begunOf(site: Site, request: FastifyRequest, opening: Opening): Promise<Draft | null> {
  const key = draftKeyOf(request, opening);
  return key === null ? null : site.cases.drafts.find(key);
}

export function choiceHref({ route }: Opening): string {
  return `/cases/new/draft-choice?route=${route.model.workflow.id}`;
}

/** The address of one page of the first form of a route. */
export function startHref({ route }: Opening, page: string): string {
  return `/cases/new?route=${route.model.workflow.id}&page=${page}`;
}

export async function versionsOf(site: Site, request: FastifyRequest): Promise<Versions> {
  const opening = openingsOf(site, request, false).find(({ route }) => route.model.workflow.id === query(request, 'route'));
  const key = opening === undefined ? null : draftKeyOf(request, opening);
  if (opening === undefined || key === null) throw new AppError('notFound');
  const { form, subject, asked } = opening;
  const options = { references: await referencesOf(site, visitorOf(request).school.id), now: site.now() };
  return {
    key, path: `/cases/new?route=${opening.route.model.workflow.id}`, choice: choiceHref(opening), title: site.t('web.start.heading'), crumbs: caseCrumbs(site, null),
    print: (pairs) => [
      ...(subject === null ? [] : printAnswers(subject.form, decode(subject.form, pairs, { only: subject.only, prefix: subjectPrefix }), { ...options, only: subject.only })),
      ...printAnswers(form, decode(form, pairs, { only: asked }), { ...options, only: asked })
    ]
  };
}

/** Asks once more, then begins with an empty form. */
export async function discard(site: Site, request: FastifyRequest, reply: FastifyReply, { route }: Opening, key: DraftKey | null, sure: string): Promise<FastifyReply> {
  const { t } = site;
  const path = `/cases/new?route=${route.model.workflow.id}`;
  if (key === null || sure === 'yes') {
    if (key !== null) await site.cases.drafts.remove(key);
    return seeOther(reply, path);
  }
  const frame = await frameOf(site, request, { title: t('web.start.heading'), crumbs: caseCrumbs(site, null), current: 'cases' });
  return sendPage(reply, site.render('message', {
    frame, heading: t('changes.discard.heading'), paragraphs: [t('drafts.start.gone')], code: null, notices: [],
    form: { action: '/cases/new', hidden: [{ name: '_route', value: route.model.workflow.id }, { name: '_action', value: 'discard' }, { name: 'sure', value: 'yes' }], button: t('changes.discard.button') },
    links: [{ href: path, text: t('changes.discard.back') }]
  }));
}
