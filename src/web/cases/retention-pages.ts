import type { FastifyInstance } from 'fastify';
import type { Tombstone } from '../../cases/stores/erase-case.ts';
import type { KeepingView } from '../../engine/model/overview-types.ts';
import type { Translate } from '../../texts.ts';
import type { RetentionPage } from '../views/case-view-models.ts';
import { dayOf, formatShortDay } from '../words/format.ts';
import { frameOf } from '../site/frame.ts';
import { sendPage, visitorOf } from '../site/http.ts';
import { keepingDue, keepingTitle } from '../words/keeping-text.ts';
import { namesFor, type NameOf } from '../site/names.ts';
import type { Site } from '../site/site.ts';
import { subjectOf } from '../site/subject.ts';
import type { ListedCase } from './work-list-model.ts';

type Row = RetentionPage['sections'][number]['rows'][number];

/** How long cases are kept: what asks for a decision, what two people keep longer, what was destroyed. */
export function retentionPages(app: FastifyInstance, { site }: { site: Site }): void {
  app.get('/retention', { config: { action: 'retention.view' } }, async (request, reply) => {
    const { t } = site;
    const { reader, person } = visitorOf(request);
    const today = dayOf(site.now());
    const closed = (await site.cases.list(reader, { closed: true })).filter(({ stored, access }) => stored.status === 'closed' && access === 'full');
    const destroyed = await site.cases.destroyed(reader, person.admin);
    const held = closed.filter(({ stored, overview }) => overview.keeping === null && (stored.state.keeping?.hold?.until ?? '') >= today);
    const nameOf = await namesFor(site, reader.id, [...destroyed.flatMap(({ by, proposedBy }) => [by, proposedBy]), ...held.flatMap(({ stored }) => [stored.state.keeping?.hold?.by ?? null, stored.state.keeping?.hold?.confirmedBy ?? null])]);
    const section = (id: 'due' | 'held' | 'gone', rows: Row[]): RetentionPage['sections'][number] => ({ id: `bewaren-${id}`, heading: t(`retention.${id}`), empty: t(`retention.${id}.none`), rows });
    return sendPage(reply, site.render('retention', {
      frame: await frameOf(site, request, { title: t('retention.heading'), crumbs: [], current: 'cases' }),
      intro: t('retention.intro'),
      sections: [
        section('due', closed.flatMap((one) => (one.overview.keeping === null ? [] : [dueRow(one, one.overview.keeping, today, t)]))),
        section('held', held.map((one) => heldRow(one, nameOf, today, t))),
        section('gone', destroyed.map((one) => goneRow(site, one, nameOf, today)))
      ]
    }));
  });
}

function caseRow({ route, stored }: ListedCase, t: Translate): Pick<Row, 'initials' | 'number' | 'href'> {
  return { initials: subjectOf(route, stored.state, t).initials, number: stored.number, href: `/cases/${stored.number}/keeping` };
}

function dueRow(one: ListedCase, keeping: KeepingView, today: string, t: Translate): Row {
  const { workflow } = one.route.model;
  return { ...caseRow(one, t), title: keepingTitle(keeping, t), meta: workflow.shortTitle ?? workflow.title, ...keepingDue(keeping, today, t) };
}

function heldRow(one: ListedCase, nameOf: NameOf, today: string, t: Translate): Row {
  const { workflow } = one.route.model;
  const hold = one.stored.state.keeping?.hold;
  const words = { reason: hold?.reason ?? '', one: nameOf(hold?.by ?? null), other: nameOf(hold?.confirmedBy ?? null) };
  return { ...caseRow(one, t), title: workflow.shortTitle ?? workflow.title, meta: t('retention.row.heldBy', words), main: t('retention.row.held', { day: formatShortDay(hold?.until ?? today, today) }), late: false };
}

function goneRow({ library, t }: Site, gone: Tombstone, nameOf: NameOf, today: string): Row {
  const route = library.published().find(({ model }) => model.workflow.id === gone.workflow)?.model.workflow;
  const ground = [t(`retention.gone.${gone.reason}`), ...(gone.reason === 'retention' && gone.basis !== null ? [t(`retention.gone.basis.${gone.basis}`)] : [])].join(' ');
  const who = gone.by === null ? t('retention.gone.itself') : t('retention.gone.two', { one: nameOf(gone.proposedBy), other: nameOf(gone.by) });
  const times = gone.openedAt === null || gone.closedAt === null ? null : { from: formatShortDay(gone.openedAt, today), until: formatShortDay(gone.closedAt, today) };
  return {
    initials: null, number: null, href: null, title: route?.shortTitle ?? route?.title ?? gone.workflow ?? '',
    meta: times === null ? `${ground} ${who}` : t('retention.gone.meta', { ...times, ground, who }), main: t('retention.gone.on', { day: formatShortDay(gone.erasedAt, today) }), late: false
  };
}
