import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OpenCase } from '../../cases/cases.ts';
import { activeSteps, nowPanel, taskRow, type CaseWords } from './case-model.ts';
import { capitalise, dayOf, formatShortDay } from '../words/format.ts';
import { caseCrumbs, frameOf } from '../site/frame.ts';
import { sendPage, visitorOf } from '../site/http.ts';
import { namesFor } from '../site/names.ts';
import type { Site } from '../site/site.ts';
import { subjectOf } from '../site/subject.ts';

/**
 * The page of a case for who was asked one task by name (semantics 9): whom it is about, that task and their own records of it, and who
 * asked. Not the route, the ways on, the timeline, the documents or the others who see the case.
 */
export async function sendHandedCase(site: Site, request: FastifyRequest, reply: FastifyReply, open: OpenCase): Promise<FastifyReply> {
  const { t } = site;
  const { viewer, route, stored: { number, state } } = open;
  const overview = site.cases.overview(open);
  const handed = state.handed.filter(({ to }) => to === viewer.id);
  const nameOf = await namesFor(site, viewer.id, handed.map(({ by }) => by));
  const today = dayOf(site.now());
  const words: CaseWords = { open, overview, drafts: await site.cases.drafts.ofPerson(viewer.id), nameOf, today, t };
  const last = handed.at(-1);
  return sendPage(reply, site.render('case', {
    frame: await frameOf(site, request, { title: t('web.case.title', { number }), crumbs: caseCrumbs(site, null), current: 'cases' }),
    heading: subjectOf(route, state, t).full, number, banners: [],
    meta: last === undefined ? t('web.case.title', { number }) : t('changes.handing.meta', { number, name: capitalise(nameOf(last.by)), day: formatShortDay(last.at, today) }),
    responsible: null, confidential: t('changes.handing.confidential'), log: null, documents: null, linked: [], notices: [],
    now: nowPanel(words), route: null,
    emergency: { title: t('web.emergency.acute'), text: null, numbers: await site.emergencyNumbers.of(visitorOf(request).school.id), note: null, link: null },
    steps: activeSteps(words), hand: null, exits: [],
    tasksHeading: t('changes.handing.tasks'),
    tasks: overview.tasks.map((task) => taskRow(task, words)),
    unfinished: overview.unfinished.map((task) => taskRow(task, words)),
    kept: [], ownDrafts: [], timeline: null
  }));
}
