import type { FastifyReply, FastifyRequest } from 'fastify';
import { readersOf } from '../../cases/stores/access-changes.ts';
import type { Draft, DraftMark } from '../../cases/stores/case-store.ts';
import type { Route } from '../../cases/library.ts';
import { apply } from '../../engine/commands/transition.ts';
import { decode } from '../../forms/decode.ts';
import type { FieldProblem, Pairs } from '../../forms/form-types.ts';
import { formView } from '../../forms/form-view.ts';
import { keyField } from '../site/answer-to.ts';
import { appearedNotices } from '../forms/appeared-notice.ts';
import { othersNotice } from '../forms/draft-choice.ts';
import { formatList, formatWeekday, formatTime } from '../words/format.ts';
import { caseCrumbs, frameOf, roleTitleOf } from '../site/frame.ts';
import { sendPage, visitorOf } from '../site/http.ts';
import { draftFields } from '../forms/keep-draft.ts';
import { copyChoice } from '../forms/link-start.ts';
import { changedNotices, draftFormAtStart } from '../forms/draft-form.ts';
import { aboutName, aboutPage, type Opening, pagingAtStart, subjectPrefix, openingsOf, targetsOf } from '../forms/opening.ts';
import { referencesOf } from '../site/references.ts';
import { savedText } from '../words/saved-text.ts';
import type { Site } from '../site/site.ts';
import { choiceHref, startHref, takesFiles } from './start-drafts.ts';
import { startEndings } from './start-endings.ts';
import { pagedView } from '../forms/task-paging.ts';
import type { ChoiceField, EmergencyPanel, Notice, StartForm } from '../views/view-models.ts';

/** Which route; `isMissing`: somebody went on and had chosen none. */
export async function sendChoice(site: Site, request: FastifyRequest, reply: FastifyReply, openings: Opening[], { isMissing }: { isMissing: boolean }): Promise<FastifyReply> {
  const { t } = site;
  const error = isMissing ? t('web.start.needsOne') : null;
  const choice: ChoiceField = {
    id: 'route', name: 'route', label: t('web.start.what'), hint: null, error, multiple: false,
    choices: openings.map(({ route: { model: { workflow: { id, title, offer } } } }, index) => ({ id: index === 0 ? 'route' : `route-${id}`, value: id, text: offer?.title ?? title, hint: offer?.text ?? null, checked: false }))
  };
  const frame = await frameOf(site, request, { title: t('web.start.heading'), crumbs: caseCrumbs(site, null), hasProblems: isMissing, current: 'cases' });
  return sendPage(reply, site.render('start-case', {
    frame, intro: t(openings.length === 0 ? 'web.start.none' : 'web.start.intro'), emergency: await panelOf(site, request, t('web.start.acute')), form: null,
    choose: openings.length === 0 ? null : { action: '/cases/new', problems: error === null ? [] : [{ text: error, href: '#route' }], choice }
  }), isMissing ? 422 : 200);
}

type Filled = { pairs: Pairs; ticked?: string[]; problems?: FieldProblem[]; subjectProblems?: FieldProblem[]; refusal?: string[]; appeared?: string[]; focus?: string; /** What was begun, and what is kept now. */ begun?: Draft | null; draft?: DraftMark | null; savedAt?: string | null; page?: string };

export async function sendStart(site: Site, request: FastifyRequest, reply: FastifyReply, opening: Opening, filled: Filled): Promise<FastifyReply> {
  const { t } = site;
  const { reader, school } = visitorOf(request);
  const { route, form, subject, task } = opening;
  const { workflow } = route.model;
  const { pairs, problems = [], subjectProblems = [], refusal = [] } = filled;
  const now = site.now();
  const references = await referencesOf(site, school.id);
  const wanted = pagingAtStart(opening, pairs, { id: filled.page ?? '', problems, appeared: filled.appeared }, now);
  // What is wrong about the subject leads to its page, when nothing else is wrong.
  const paging = problems.length > 0 || subjectProblems.length === 0 ? wanted : pagingAtStart(opening, pairs, { id: aboutPage(opening, wanted)?.id ?? '' }, now);
  const paged = pagedView(paging, t, t('web.start.button'));
  const isAbout = subject !== null && (paging === null || aboutPage(opening, paging)?.id === paging.current.id);
  const page = paging === null ? undefined : { id: paging.current.id, hrefOf: (id: string) => `${startHref(opening, id)}&check=1` };
  const common = { pairs, references, now, base: opening.given, focus: filled.focus, page };
  const first = formView(form, { ...common, problems: problems.filter(({ pointer }) => isIn(opening.before, pointer)), only: opening.before });
  const about = !isAbout ? null : formView(subject.form, { ...common, page: undefined, base: {}, problems: subjectProblems, only: subject.only, prefix: subjectPrefix });
  const last = formView(form, { ...common, problems: problems.filter(({ pointer }) => !isIn(opening.before, pointer)), only: opening.after });
  const answers = decode(form, pairs, { only: opening.asked });
  const preview = apply(route.model, null, { type: 'open', task: task.id, answers, subject: null }, reader, now);
  const restriction = preview.ok ? preview.state.restriction : null;
  const isAnswer = preview.ok && preview.state.status === 'closed';
  const others = workflow.offer === undefined ? [] : openingsOf(site, request, false);
  const notice = (kind: Notice['kind'], title: string | null, paragraphs: string[], bullets: string[] = []): Notice => ({ kind, title, paragraphs, bullets, numbers: [] });
  const versions = othersNotice(site, filled.begun ?? null, choiceHref(opening));
  const model: StartForm = {
    route: { title: workflow.offer?.title ?? workflow.title, text: workflow.offer?.text ?? null, changeHref: others.length > 1 ? '/cases/new' : null },
    action: '/cases/new', multipart: takesFiles(opening), draftAction: opening.link === null ? '/cases/new/draft' : null, saved: savedText(filled.savedAt ?? null, now, t), choose: versions.links, hidden: [
      ...(opening.link === null ? draftFields(filled.draft ?? filled.begun ?? null) : []),
      { name: '_route', value: workflow.id }, keyField(site),
      ...(paging === null ? [] : [{ name: '_page', value: paging.current.id }, ...(isAbout ? [{ name: aboutName, value: '1' }] : [])]),
      ...(opening.link === null ? [] : [{ name: '_from', value: opening.link.start.source.stored.number }, { name: '_link', value: opening.link.start.link.id }])
    ],
    copies: opening.link === null ? null : copyChoice(site, targetsOf(opening), opening.link.answers, { ticked: filled.ticked ?? [], references }),
    problems: [...first.problems, ...(about?.problems ?? []), ...last.problems],
    notices: [
      ...(refusal.length === 0 ? [] : [notice('error', t('web.task.refused'), [], refusal)]),
      ...appearedNotices(filled.appeared ?? [], t), ...changedNotices(site, await draftFormAtStart(site, request, opening, filled.begun?.pairs ?? null), pairs), ...versions.notices,
      ...(workflow.notice === undefined ? [] : [notice('info', null, [workflow.notice])])
    ],
    about: workflow.introduction ?? workflow.legalBasis?.text ?? null,
    sections: [first, about, last].flatMap((view) => (view === null || view.nodes.length === 0 ? [] : [{ title: null, nodes: view.nodes }])),
    ...paged, endings: startEndings(route.model, task, { to: restriction?.to ?? null, audience: await audienceOf(site, request, route, isAnswer), isPaged: paging !== null, isAnswer, t }),
    cancelHref: '/cases'
  };
  const hasProblems = model.problems.length > 0 || refusal.length > 0;
  const frame = await frameOf(site, request, { title: t('web.start.heading'), crumbs: caseCrumbs(site, null), hasProblems, current: 'cases' });
  return sendPage(reply, site.render('start-case', {
    frame, intro: t('web.start.intro'), emergency: await panelOf(site, request, t('web.start.acute')), choose: null, form: model
  }), hasProblems ? 422 : 200);
}

export async function sendEmergency(site: Site, request: FastifyRequest, reply: FastifyReply, opening: Opening, pairs: Pairs): Promise<FastifyReply> {
  const { t } = site;
  const { form, subject } = opening;
  const now = site.now();
  const common = { pairs, references: await referencesOf(site, visitorOf(request).school.id), now };
  const nodes = [
    ...formView(form, { ...common, only: opening.before }).nodes,
    ...(subject === null ? [] : formView(subject.form, { ...common, only: subject.only.slice(0, 1), prefix: subjectPrefix, optional: true }).nodes),
    ...formView(form, { ...common, only: opening.after }).nodes
  ];
  const frame = await frameOf(site, request, { title: t('web.emergency.title'), crumbs: visitorOf(request).half ? [] : caseCrumbs(site, null), current: 'cases' });
  return sendPage(reply, site.render('emergency-note', {
    frame, heading: form.definition.title,
    intro: t('web.emergency.intro', { when: `${formatWeekday(now)} ${formatTime(now)}` }),
    action: '/emergency-note', multipart: takesFiles(opening), hidden: [keyField(site)], problems: [], nodes, button: t('web.emergency.button'),
    after: t('web.emergency.after', { route: opening.route.model.workflow.shortTitle ?? opening.route.model.workflow.title }),
    emergency: { ...await panelOf(site, request, t('web.emergency.notYet')), text: null, note: t('web.emergency.goCall'), link: null }
  }));
}

/** Says to somebody who gave no code yet that their note has arrived. */
export async function sendNoted(site: Site, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { t } = site;
  return sendPage(reply, site.render('message', {
    frame: await frameOf(site, request, { title: t('web.emergency.title') }), heading: t('signIn.half.sent.heading'), paragraphs: [t('signIn.half.sent.text')], code: null,
    notices: [{ kind: 'warn', title: t('web.emergency.notYet'), paragraphs: [], bullets: [], numbers: await site.emergencyNumbers.of(visitorOf(request).school.id) }],
    form: null, links: [{ href: '/second-factor', text: t('signIn.half.code') }, { href: '/emergency-note', text: t('signIn.half.sent.again') }]
  }));
}

async function panelOf(site: Site, request: FastifyRequest, title: string): Promise<EmergencyPanel> {
  const { t } = site;
  const hasNote = openingsOf(site, request, true).length > 0;
  return {
    title, text: t('web.start.acuteText'), numbers: await site.emergencyNumbers.of(visitorOf(request).school.id), note: null,
    link: hasNote ? { href: '/emergency-note', text: t('web.start.writeDown'), after: t('web.start.writeDownAfter') } : null
  };
}

/** "Na het starten zien u, A. de Vries (intern begeleider) en M. Hofman (directeur) deze zaak." */
async function audienceOf(site: Site, request: FastifyRequest, { model }: Route, isAnswer: boolean): Promise<string> {
  const { reader, school } = visitorOf(request);
  const staff = await site.people.staff(school.id);
  const ids = readersOf(model, staff);
  const others = staff.filter(({ id }) => ids.includes(id) && id !== reader.id).map(({ name, roles }) => {
    const role = roleTitleOf(site, roles.filter((one) => model.workflow.access.read.includes(one)));
    return role === null ? name : site.t('web.name.withRole', { name, role });
  });
  if (others.length === 0) return site.t(isAnswer ? 'web.start.answerYou' : 'web.start.audienceYou');
  return site.t('web.start.audience', { people: formatList([site.t('web.name.you'), ...others]) });
}

function isIn(fields: string[], pointer: string): boolean {
  return fields.includes(pointer.split('/')[1] ?? '');
}
