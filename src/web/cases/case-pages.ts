import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { caseContext } from '../../engine/model/case-context.ts';
import { retentionOf } from '../../engine/reading/retention.ts';
import { holdText, retentionText } from '../words/keeping-text.ts';
import { offeredLinks } from '../../engine/reading/links.ts';
import { documentsOf } from '../../cases/documents-of.ts';
import type { EngineEvent } from '../../engine/state/case-state.ts';
import { roleTitles } from '../../engine/model/labels.ts';
import { brokenByCorrections } from '../../engine/reading/passed-rules.ts';
import type { Overview } from '../../engine/model/overview-types.ts';
import { mayHandOver, mayLift } from '../../engine/model/performers.ts';
import { AppError } from '../../errors.ts';
import type { CaseAccess } from '../../cases/stores/access-changes.ts';
import type { LinkedCase, OpenCase } from '../../cases/cases.ts';
import { enteredIn, routeThen } from '../../cases/entered.ts';
import { offeredAt } from '../../cases/offered-routes.ts';
import { activeSteps, busyText, cancelRows, exitRows, keptRows, liftRows, linkRows, nowPanel, ownDraftRows, reopenRows, taskRow, type CaseWords, type OfferedCase } from './case-model.ts';
import { versionRows } from './case-version.ts';
import { dayOf, capitalise, formatChoice, formatList, formatMoment, formatShortDay } from '../words/format.ts';
import { emergencyBanners } from '../log/emergency-notices.ts';
import { caseCrumbs, frameOf } from '../site/frame.ts';
import { sendPage, visitorOf } from '../site/http.ts';
import { sendHandedCase } from './handed-case.ts';
import { namesFor, type NameOf } from '../site/names.ts';
import { openAny } from '../site/open-case.ts';
import { routePicture } from '../views/route-picture.ts';
import type { Translate } from '../../texts.ts';
import { disclosureLine } from '../documents/disclosure-line.ts';
import { approvalLines } from '../documents/document-approval-parts.ts';
import type { Site } from '../site/site.ts';
import { subjectOf } from '../site/subject.ts';
import { runningLines } from './same-subject-lines.ts';
import { toldText } from '../words/told-text.ts';
import { askedPart } from './timeline-address.ts';
import { timelineOf } from './timeline-model.ts';
import { readTimeline } from './timeline-part.ts';
import type { EmergencyPanel, Link, Notice } from '../views/view-models.ts';

/** The page of one case: what to do now, the route, tasks, ways on, timeline. */
export function casePages(app: FastifyInstance, { site }: { site: Site }): void {
  app.get('/cases/:number', { config: { action: 'case.view' } }, async (request, reply) => {
    const { reader } = visitorOf(request);
    const { t } = site;
    const open = await openAny(site, request, 'view');
    if (open.access === 'task' && open.stored.status === 'cancelled') throw new AppError('cancelled');
    if (open.access === 'task') return sendHandedCase(site, request, reply, open);
    if (open.stored.status === 'cancelled') return sendCancelled(site, request, reply, open);
    const overview = site.cases.overview(open);
    const mayReadKept = open.access === 'full' && mayLift(reader, open.stored.state);
    const timelineReader = { state: open.stored.state, reader: reader.id, sees: open.access, maySee: recordsFor(open, overview) };
    const [part, people, drafts, kept, linked, disclosure] = await Promise.all([
      readTimeline(site.cases, open, askedPart(request, open), timelineReader), site.cases.people(open), site.cases.drafts.ofPerson(reader.id), mayReadKept ? site.cases.drafts.keptOf(open.stored.id) : [], site.cases.linked(reader, open), disclosureLine(site, open)
    ]);
    const { stored, route } = open;
    const running = await runningLines(site, request, open, linked.map(({ number }) => number));
    const nameOf = await namesFor(site, reader.id, [...people.map(({ person }) => person), ...kept.map(({ person }) => person), ...part.events.flatMap(({ person, event }) => [person, ...peopleIn(event)]), stored.state.starter, stored.responsible]);
    const today = dayOf(site.now());
    const words: CaseWords = { open, overview, drafts, nameOf, today, t };
    const subject = subjectOf(route, stored.state, t);
    const emergency = await emergencyPanel(site, request, open);
    const full = open.access === 'full';
    const offered = linksToOffer(site, request, open, linked);
    const documents = full ? documentsOf(open, site.now()).length : 0;
    return sendPage(reply, site.render('case', {
      frame: await frameOf(site, request, { title: t('web.case.title', { number: stored.number }), crumbs: caseCrumbs(site, null), current: 'cases' }),
      heading: subject.full, number: stored.number, banners: await emergencyBanners(site, open, reader.id),
      meta: metaOf(site, open, nameOf),
      responsible: responsibleOf(site, open, nameOf),
      confidential: confidentialOf(site, people, reader.id, nameOf), log: full ? { href: `/cases/${stored.number}/access-log`, text: t('log.case.link') } : null,
      documents: documents === 0 ? null : { href: `/cases/${stored.number}/documents`, count: documents },
      linked: [...approvalLines(open, site.now(), t), ...(disclosure?.waiting ?? []), ...linkedLines(linked, t), ...running, ...keptLine(site, open)],
      notices: noticesOf(site, open, [...overview.told.map((told) => toldText(told, t)), ...overview.hints], people),
      now: nowPanel(words, offered),
      route: full ? {
        heading: routeHeading(site, open),
        rows: routePicture(overview.steps, {
          t, today, nameOf: (person) => nameOf(person), busyOf: (step) => busyText(words, step),
          hrefOf: (step) => (step.status === 'active' ? `#stap-${step.id}` : null),
          closing: { closed: overview.status !== 'open', text: stored.closedAt === null ? null : t('web.case.closedOn', { day: formatShortDay(stored.closedAt, today) }) }
        })
      } : null,
      emergency,
      steps: activeSteps(words),
      hand: overview.activeSteps.some(({ tasks }) => tasks.some(({ mayHand }) => mayHand)) || overview.tasks.some(({ mayHand }) => mayHand) ? { href: `/cases/${stored.number}/handed-tasks`, text: t('changes.handing.link') } : null,
      exits: [...exitRows(words), ...linkRows(words, offered), ...reopenRows(words), ...cancelRows(words), ...liftRows(words), ...versionRows(site, open, part.background)],
      tasksHeading: t('web.case.always'),
      tasks: overview.tasks.map((task) => taskRow(task, words)),
      unfinished: overview.unfinished.map((task) => taskRow(task, words)),
      kept: keptRows(words, kept), ownDrafts: ownDraftRows(words),
      timeline: timelineOf(part, {
        ...timelineReader, route, routeThen: routeThen(open, part.background), entered: (record) => enteredIn(open, record), number: stored.number, nameOf, today, t,
        broken: full ? brokenByCorrections(part.background.map(({ event }) => event)) : []
      })
    }));
  });
}

/** The sister cases that may be started from here: offered by the route, not started yet, and of a route with which this school starts cases. */
function linksToOffer({ library }: Site, request: FastifyRequest, { access, route, stored }: OpenCase, linked: LinkedCase[]): OfferedCase[] {
  if (access !== 'full') return [];
  const offered = offeredAt(library.published(), visitorOf(request).school.routesOff);
  return offeredLinks({ model: route.model, state: stored.state }).filter(({ id }) => !linked.some(({ link, startedHere }) => startedHere && link === id)).flatMap(({ id, definition }) => {
    const other = offered.find(({ model }) => model.workflow.id === definition.workflow)?.model.workflow;
    return other === undefined ? [] : [{ id, title: other.offer?.title ?? other.title, copies: Object.keys(definition.copy ?? {}).length > 0 }];
  });
}

/** Which records this person reads in the timeline. */
function recordsFor({ access, viewer, stored }: OpenCase, { tasks, activeSteps: steps, unfinished }: Overview): (record: number) => boolean {
  if (access === 'full') return () => true;
  const seen = new Set([...tasks, ...steps.flatMap((step) => step.tasks), ...unfinished].flatMap(({ records }) => records.map(({ id }) => id)));
  return (record) => seen.has(record) || stored.state.records.some(({ id, by }) => id === record && by === viewer.id);
}

/** How long a closed case is kept; of a running one the page of its documents says so. */
function keptLine(site: Site, open: OpenCase): { text: string; link: Link }[] {
  const { access, route, stored, viewer } = open;
  const text = access !== 'full' || stored.status !== 'closed' ? null : retentionText(retentionOf(caseContext(route.model, stored.state, site.now(), viewer)), site.t);
  return text === null ? [] : [{ text: [text, ...holdText(site, open)].join(' '), link: { href: `/cases/${stored.number}/keeping`, text: site.t('retention.link') } }];
}

function linkedLines(linked: LinkedCase[], t: Translate): { text: string; link: Link | null }[] {
  return linked.map(({ title, status, outcome, number }) => ({
    text: t('web.case.linked', { route: title, status: status === 'open' ? t('web.case.linkedOpen') : (outcome ?? t('web.case.linkedClosed')) }),
    link: number === null ? null : { href: `/cases/${number}`, text: t('web.case.linkedLink', { number }) }
  }));
}

/** The amber panel of a case: whom to call, and the task that writes the emergency down; about a closed case that starts a new one (definitions.md, meaning 2). */
async function emergencyPanel(site: Site, request: FastifyRequest, { stored, route }: OpenCase): Promise<EmergencyPanel> {
  const { t } = site;
  const task = [...route.model.tasks.values()].find(({ emergency }) => emergency);
  return {
    title: t('web.emergency.acute'), text: null,
    numbers: await site.emergencyNumbers.of(visitorOf(request).school.id),
    note: task === undefined ? null : t('web.emergency.note'),
    link: task === undefined ? null : stored.status === 'open'
      ? { href: `/cases/${stored.number}/tasks/${task.id}`, text: task.title, after: null }
      : { href: '/emergency-note', text: task.title, after: t('web.emergency.newCase') }
  };
}

/** Says to who could see a case that it was a mistake. Nothing of what was written is shown. */
async function sendCancelled(site: Site, request: FastifyRequest, reply: FastifyReply, open: OpenCase): Promise<FastifyReply> {
  const { t } = site;
  const { number } = open.stored;
  const [found] = await site.cases.events(open, ['caseCancelled']);
  const reason = found?.event.type === 'caseCancelled' ? found.event.reason : null;
  const nameOf = await namesFor(site, visitorOf(request).reader.id, [found?.person ?? null]);
  const when = formatMoment(found?.at ?? site.now(), dayOf(site.now()), t);
  return sendPage(reply, site.render('message', {
    frame: await frameOf(site, request, { title: t('web.case.title', { number }), crumbs: caseCrumbs(site, null), current: 'cases' }),
    heading: t('changes.cancelled.heading'),
    paragraphs: [t('changes.cancelled.text', { name: capitalise(nameOf(found?.person ?? null)), number, when }), ...(reason === null ? [] : [t('changes.cancelled.reason', { reason })])],
    code: null, notices: [], form: null, links: [{ href: '/cases', text: t('web.error.toCases') }]
  }));
}

function responsibleOf({ t }: Site, { stored, viewer, route }: OpenCase, nameOf: NameOf): { text: string; link: Link | null } {
  const isYou = stored.responsible === viewer.id;
  return {
    text: isYou ? t('changes.responsible.you') : t('changes.responsible.line', { name: nameOf(stored.responsible) }),
    link: mayHandOver(route.model, viewer, stored.state) ? { href: `/cases/${stored.number}/responsible`, text: t('changes.responsible.link') } : null
  };
}

function metaOf({ t, library }: Site, { stored, route }: OpenCase, nameOf: NameOf): string {
  const { workflow } = route.model;
  const isCurrent = library.published().some(({ hash }) => hash === route.hash);
  return t(isCurrent ? 'web.case.meta' : 'web.case.metaOld', {
    number: stored.number, route: workflow.shortTitle ?? workflow.title, version: workflow.version,
    day: formatShortDay(stored.openedAt, dayOf(stored.openedAt)), name: nameOf(stored.state.starter)
  });
}

/** Who sees the case; who was asked one task by name is named apart. */
function confidentialOf({ t }: Site, list: { person: string; access: CaseAccess }[], reader: string, nameOf: NameOf): string {
  const people = list.filter(({ access }) => access !== 'task').map(({ person }) => person);
  const asked = list.filter(({ access }) => access === 'task').map(({ person }) => nameOf(person));
  const own = people.filter((id) => id === reader);
  const others = people.filter((id) => id !== reader);
  const whole = others.length === 0 ? t('web.case.onlyYou') : t('web.case.people', { n: people.length, count: capitalise(numberWord(people.length, t)), people: formatList([...own, ...others].map((id) => nameOf(id))) });
  return asked.length === 0 ? whole : `${whole} ${t('changes.handing.people', { people: formatList(asked) })}`;
}

/** The people an event names beside who did it. */
function peopleIn(event: EngineEvent): string[] {
  switch (event.type) {
    case 'handedOver': case 'taskHanded': return [event.to];
    case 'taskTakenBack': return [event.from];
    case 'keptLonger': return [event.by];
    default: return [];
  }
}

function numberWord(n: number, t: Translate): string {
  return n <= 10 ? t(`web.number.${String(n)}`) : String(n);
}

function noticesOf({ t }: Site, { stored, route, viewer }: OpenCase, hints: string[], people: { person: string }[]): Notice[] {
  const plain = (kind: Notice['kind'], title: string | null, text: string): Notice => ({ kind, title, paragraphs: [text], bullets: [], numbers: [] });
  const { restriction } = stored.state;
  const { workflow } = route.model;
  const others = restriction?.to.filter((role) => role !== 'author') ?? [];
  const isUnread = others.length > 0 && stored.status === 'open' && people.every(({ person }) => person === viewer.id) && !others.some((role) => viewer.roles.includes(role));
  return [
    ...(restriction === null ? [] : [plain('warn', t('web.case.restricted'), t('web.case.restrictedText', { roles: formatList(roleTitles(route.model, restriction.to)) }))]),
    // Who must be told has to be reachable (semantics 25).
    ...(isUnread ? [plain('error', t('web.case.unread'), t('web.case.unreadText', { roles: formatChoice(roleTitles(route.model, others)) }))] : []),
    ...hints.map((hint) => plain('info', null, hint)),
    ...(workflow.notice === undefined ? [] : [plain('info', null, workflow.notice)])
  ];
}

function routeHeading({ t }: Site, { stored, route }: OpenCase): string {
  const labels = stored.activeSteps.map((id) => route.model.steps.get(id)?.definition.label).filter((label) => label !== undefined);
  return labels.length === 0 ? t('web.case.route') : t('web.case.routeAt', { labels: formatList(labels) });
}
