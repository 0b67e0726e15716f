import type { FastifyInstance } from 'fastify';
import { routeOfStart } from '../../cases/stores/case-store.ts';
import type { PersonId } from '../../engine/state/case-state.ts';
import { dayOf, formatMonth, formatWhen } from '../words/format.ts';
import { monthToReview } from '../log/access-review-pages.ts';
import { disclosureLines } from '../documents/disclosure-line.ts';
import { emergencyLines } from '../log/emergency-notices.ts';
import { frameOf } from '../site/frame.ts';
import { pairsOf, query, seeOther, sendPage, valueIn, visitorOf } from '../site/http.ts';
import { namesFor } from '../site/names.ts';
import type { Site } from '../site/site.ts';
import { subjectLines } from './same-subject-lines.ts';
import type { WorkListPage } from '../views/view-models.ts';
import { workGroups, workSentence, type ListedCase } from './work-list-model.ts';

/** "Mijn zaken": what asks something of this person now, what waits on others, what runs. */
export function workListPages(app: FastifyInstance, { site }: { site: Site }): void {
  const { t } = site;

  app.get('/', { config: { action: 'workList.view' } }, async (request, reply) => {
    const done = query(request, 'done');
    const path = visitorOf(request).person.roles.length > 0 ? '/cases' : '/partners';
    return seeOther(reply, done === '' ? path : `${path}?done=${encodeURIComponent(done)}`);
  });

  // A search comes as a post and goes on as an address that does not show it.
  app.post('/cases', { config: { action: 'workList.view' } }, async (request, reply) => {
    const posted = pairsOf(request);
    const asked = { zoek: site.searchAddresses.seal(visitorOf(request).person.id, valueIn(posted, 'zoek')), route: valueIn(posted, 'route'), afgesloten: valueIn(posted, 'afgesloten') };
    const filled = Object.entries(asked).filter(([, value]) => value !== '');
    return seeOther(reply, filled.length === 0 ? '/cases' : `/cases?${new URLSearchParams(filled).toString()}`);
  });

  app.get('/cases', { config: { action: 'workList.view' } }, async (request, reply) => {
    const { reader, since } = visitorOf(request);
    const search = site.searchAddresses.open(reader.id, query(request, 'zoek'));
    const route = query(request, 'route');
    const closed = query(request, 'afgesloten') === '1';
    const today = dayOf(site.now());
    const all = await site.cases.list(reader, { closed });
    // The search runs over the cases this person may see, nothing else.
    const found = search === '' ? null : new Set(await site.cases.search(reader, search, { closed }));
    const shown = all.filter((one) => found?.has(one.stored.number) !== false && (route === '' || one.stored.workflow === route));
    const nameOf = await namesFor(site, reader.id, all.map(waitedFor));
    const drafts = await site.cases.drafts.ofPerson(reader.id);
    const active = search !== '' || route !== '' || closed;
    const routes = routeNames(all.map(({ route: { model } }) => model.workflow));
    return sendPage(reply, site.render('work-list', {
      frame: await frameOf(site, request, { title: t('web.workList.heading'), current: 'cases' }),
      sentence: workSentence(all, { t, today, since }),
      startHref: '/cases/new', told: await emergencyLines(site, reader), started: [...await disclosureLines(site, reader), ...await subjectLines(site, request)], breakGlass: { href: '/emergency-access', text: t('breakGlass.link') },
      begun: drafts.filter((draft) => draft.case === null && draft.school === reader.school).flatMap((draft) => {
        const route = site.library.published().find(({ model }) => model.workflow.id === routeOfStart(draft))?.model.workflow;
        return route === undefined ? [] : [{ href: `/cases/new?route=${route.id}`, text: t('drafts.start.begun', { route: route.shortTitle ?? route.title, when: formatWhen(draft.savedAt, today, t) }) }];
      }),
      filters: {
        action: '/cases', search, closed, active,
        routes: [{ value: '', text: t('web.workList.allRoutes'), selected: route === '' }, ...routes.map(([value, text]) => ({ value, text, selected: value === route }))]
      },
      retention: readsCases(site, reader.roles) ? { href: '/retention', text: t('retention.nav') } : null,
      review: reviewOf(await monthToReview(site, request)),
      groups: workGroups(shown, { t, now: site.now(), today, drafts, since, nameOf }),
      empty: shown.length > 0 ? null : emptyOf(active)
    }));

    function reviewOf(month: string | null): WorkListPage['review'] {
      return month === null ? null : { href: `/access-log?maand=${month}`, title: t('log.review.task'), text: t('log.review.taskText', { month: formatMonth(month) }) };
    }

    function emptyOf(isFiltered: boolean): WorkListPage['empty'] {
      return isFiltered
        ? { title: t('web.workList.noneFound'), text: t('web.workList.noneFoundText') }
        : { title: t('web.workList.none'), text: t('web.workList.noneText') };
    }
  });
}

/** Does somebody with these roles see whole cases of a route? */
function readsCases({ library }: Site, roles: string[]): boolean {
  return library.published().some(({ model }) => model.workflow.access.read.some((role) => roles.includes(role)));
}

/** Whom a case waits for by name. */
function waitedFor({ overview: { now } }: ListedCase): PersonId | null {
  return now.type === 'wait' ? (now.task?.handed?.to ?? null) : null;
}

/** Gives the routes by id with the name to choose them by: the short one, unless another route is called so too. */
function routeNames(workflows: { id: string; title: string; shortTitle?: string }[]): [id: string, name: string][] {
  const byId = [...new Map(workflows.map((workflow) => [workflow.id, workflow])).values()];
  const short = byId.map(({ title, shortTitle }) => shortTitle ?? title);
  return byId.map(({ id, title }, index) => [id, short.filter((name) => name === short[index]).length > 1 ? title : (short[index] ?? title)]);
}
