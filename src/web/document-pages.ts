import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { OpenCase } from '../cases/cases.ts';
import { documentsOf } from '../cases/documents-of.ts';
import { renderDocument } from '../documents/render-document.ts';
import { TemplateError } from '../documents/template-error.ts';
import type { DocumentContext } from '../documents/document-data.ts';
import { caseContext } from '../engine/case-context.ts';
import { retentionOf } from '../engine/retention.ts';
import { retentionText } from './retention-text.ts';
import { taskKey } from '../engine/instances.ts';
import { AppError } from '../errors.ts';
import { caseLink, openCase } from './case-pages.ts';
import { dayOf, formatWhen } from './format.ts';
import { caseCrumbs, frameOf } from './frame.ts';
import { param, query, sendPage, visitorOf } from './http.ts';
import type { Site } from './site.ts';

/** The documents of a case: the list, and each as a page that prints. */
export function documentPages(app: FastifyInstance, { site }: { site: Site }): void {
  const { t } = site;

  app.get('/cases/:number/documents', { config: { action: 'document.view' } }, async (request, reply) => {
    const open = await openCase(site, request, 'viewDocument');
    const { number } = open.stored;
    return sendPage(reply, site.render('documents', {
      frame: await frameOf(site, request, { title: t('web.documents.title', { number }), crumbs: caseCrumbs(site, caseLink(site, open)), current: 'cases' }),
      meta: t('web.documents.meta', { subject: caseLink(site, open).text, number }),
      items: documentsOf(open, site.now()).map(({ id, source, title, reasons, withheld }) => ({
        title, href: reasons.length === 0 ? `/cases/${number}/documents/${taskKey(id, source?.key ?? null)}` : null, meta: withheld.length === 0 ? null : t('web.documents.withheld'),
        status: reasons.length === 0 ? null : t('web.documents.notYet', { reason: reasons.join(' ') }), statusKind: 'plain' as const
      })),
      retention: retentionText(retentionOf(caseContext(open.route.model, open.stored.state, site.now(), open.viewer)), t),
      back: { href: `/cases/${number}`, text: t('web.case.back') }
    }));
  });

  app.get('/cases/:number/documents/:document', { config: { action: 'document.view' } }, async (request, reply) => {
    const bare = query(request, 'print') !== '';
    const open = await openCase(site, request, bare ? 'print' : 'viewDocument');
    const { number, state } = open.stored;
    const document = documentsOf(open, site.now()).find(({ id, source, reasons }) => taskKey(id, source?.key ?? null) === param(request, 'document') && reasons.length === 0);
    if (document === undefined) throw new AppError('notFound');
    const { source, withheld } = document;
    const here = `/cases/${number}/documents/${taskKey(document.id, source?.key ?? null)}`;
    const frame = await frameOf(site, request, { title: t('web.document.title', { number }), crumbs: caseCrumbs(site, caseLink(site, open)), current: 'cases' });
    const back = { href: bare ? here : `/cases/${number}/documents`, text: t(bare ? 'web.document.back' : 'web.documents.back') };
    try {
      const { html, names } = renderDocument({ bundle: open.route.model.bundle, state, document: document.id, about: { source, withheld }, context: await contextOf(site, request, open) });
      return await sendPage(reply, site.render('document', {
        frame, html, bare, back, links: [],
        notices: names.length === 0 ? [] : [{ kind: 'warn', title: t('web.document.namesLeft', { names: names.join(', ') }), paragraphs: [t('web.document.namesLeftText')], bullets: [], numbers: [] }], printHref: `${here}?print=1`,
        meta: t('web.document.meta', { when: formatWhen(site.now(), dayOf(site.now()), t), version: open.route.model.workflow.version })
      }));
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      // A template that fails leaves the case as it is; the file and line help the one who edits it.
      request.log.warn({ document: document.id, place: error.message }, 'document template failed');
      return sendPage(reply, site.render('error', {
        frame, heading: t('web.document.failed'), paragraphs: [error.message, t('web.document.failedText')], typed: [], typedText: '', again: null, requestId: null,
        links: [{ href: `/cases/${number}/documents`, text: t('web.documents.back') }]
      }), 422);
    }
  });
}

async function contextOf(site: Site, request: FastifyRequest, { stored }: OpenCase): Promise<DocumentContext> {
  const { school, person } = visitorOf(request);
  const { state } = stored;
  const ids = [state.starter, ...state.records.flatMap(({ by, updatedBy }) => [by, updatedBy]), ...state.waivers.map(({ by }) => by), ...state.visits.map(({ endedBy }) => endedBy), ...Object.values(state.skipped).map(({ by }) => by)];
  const names = await site.people.names([...new Set(ids.filter((id) => id !== null))]);
  return {
    school: { name: school.name, board: school.board }, number: stored.number, madeOn: site.now(), madeBy: person.name,
    people: Object.fromEntries(names), t: site.t
  };
}
