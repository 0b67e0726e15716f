import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OpenCase } from '../cases/cases.ts';
import { documentsOf } from '../cases/documents-of.ts';
import type { RenderedDocument } from '../documents/render-document.ts';
import { TemplateError } from '../documents/template-error.ts';
import type { DocumentContext } from '../documents/document-data.ts';
import { caseContext } from '../engine/case-context.ts';
import type { CaseDocument } from '../engine/case-documents.ts';
import { retentionOf } from '../engine/retention.ts';
import { retentionText } from './retention-text.ts';
import { taskKey } from '../engine/instances.ts';
import { AppError } from '../errors.ts';
import { approvalParts, approvalStatus, type FilledApproval, mayLeave } from './document-approval-parts.ts';
import { caseLink, openCase } from './case-pages.ts';
import { documentPath } from './document-path.ts';
import { dayOf, formatWhen } from './format.ts';
import { caseCrumbs, frameOf } from './frame.ts';
import { param, query, sendPage, visitorOf } from './http.ts';
import type { Site } from './site.ts';
import type { Link } from './view-parts.ts';

/** The documents of a case: the list, and each as a page that prints. */
export function documentPages(app: FastifyInstance, { site }: { site: Site }): void {
  const { t } = site;

  app.get('/cases/:number/documents', { config: { action: 'document.view' } }, async (request, reply) => {
    const open = await openCase(site, request, 'viewDocument');
    const { number } = open.stored;
    return sendPage(reply, site.render('documents', {
      frame: await frameOf(site, request, { title: t('web.documents.title', { number }), crumbs: caseCrumbs(site, caseLink(site, open)), current: 'cases' }),
      meta: t('web.documents.meta', { subject: caseLink(site, open).text, number }),
      items: documentsOf(open, site.now()).map((document) => {
        const { title, reasons, withheld, fourEyes } = document;
        const isReady = reasons.length === 0;
        const href = hrefOf(number, document);
        const status = isReady ? (fourEyes ? approvalStatus(open, document, t) : { status: null, statusKind: 'plain' as const }) : { status: t('web.documents.notYet', { reason: reasons.join(' ') }), statusKind: 'plain' as const };
        return { title, href: isReady ? href : null, links: isReady && mayLeave(open, document) ? paperLinks(site, href) : [], meta: withheld.length === 0 ? null : t('web.documents.withheld'), ...status };
      }),
      retention: retentionText(retentionOf(caseContext(open.route.model, open.stored.state, site.now(), open.viewer)), t),
      back: { href: `/cases/${number}`, text: t('web.case.back') }
    }));
  });

  app.get('/cases/:number/documents/:document', { config: { action: 'document.view' } }, async (request, reply) => {
    const open = await openCase(site, request, query(request, 'print') === '' ? 'viewDocument' : 'print');
    return sendDocument(site, request, reply, open, documentIn(site, request, open), null);
  });
}

/** Sends a document as a page; with ?print the document alone, once it may leave the case. `filled`: what somebody said of it and could not be kept. */
export async function sendDocument(site: Site, request: FastifyRequest, reply: FastifyReply, open: OpenCase, document: CaseDocument, filled: FilledApproval | null): Promise<FastifyReply> {
  const { t } = site;
  const bare = query(request, 'print') !== '';
  const { number } = open.stored;
  const here = hrefOf(number, document);
  const isFree = mayLeave(open, document);
  if (bare && !isFree) return sendRefused(site, request, reply, open, { heading: t('changes.approval.stop'), paragraphs: [t('changes.approval.noneText')], status: 422 });
  const frame = await frameOf(site, request, { title: t('web.document.title', { number }), crumbs: caseCrumbs(site, caseLink(site, open)), current: 'cases', hasProblems: filled !== null });
  const back = { href: bare ? here : `/cases/${number}/documents`, text: t(bare ? 'web.document.back' : 'web.documents.back') };
  try {
    const { html, names } = await renderedOf(site, request, open, document);
    if (bare && names.length > 0) return await sendRefused(site, request, reply, open, { heading: t('web.document.noPrint'), paragraphs: [t('web.document.namesLeft', { names: names.join(', ') }), t('web.document.namesStop')], status: 422 });
    const { notices, approval } = await approvalParts(site, request, open, document, filled);
    return await sendPage(reply, site.render('document', {
      frame, html, bare, back, approval: bare ? null : approval, links: isFree ? [...paperLinks(site, here), { href: `${here}/text`, text: t('web.document.text') }] : [],
      notices: [...(bare ? [] : notices), ...(names.length === 0 ? [] : [{ kind: 'warn' as const, title: t('web.document.namesLeft', { names: names.join(', ') }), paragraphs: [t('web.document.namesLeftText')], bullets: [], numbers: [] }])],
      meta: t('web.document.meta', { when: formatWhen(site.now(), dayOf(site.now()), t), version: open.route.model.workflow.version })
    }), filled === null ? 200 : 422);
  } catch (error) {
    return sendFailed(site, request, reply, open, document, error);
  }
}

/** The document of a request. Throws notFound for one that does not exist or cannot be made yet. */
export function documentIn(site: Site, request: FastifyRequest, open: OpenCase): CaseDocument {
  const document = documentsOf(open, site.now()).find(({ id, source, reasons }) => taskKey(id, source?.key ?? null) === param(request, 'document') && reasons.length === 0);
  if (document === undefined) throw new AppError('notFound');
  return document;
}

/** Makes a document of what now stands in the case. Throws a TemplateError. */
export async function renderedOf(site: Site, request: FastifyRequest, open: OpenCase, { id, source, withheld }: CaseDocument): Promise<RenderedDocument & { context: DocumentContext }> {
  const context = await contextOf(site, request, open);
  return { ...await site.documents.make({ bundle: open.route.model.bundle, state: open.stored.state, document: id, about: { source, withheld }, context }), context };
}

/** A template that fails leaves the case as it is; the file and line help the one who edits it. */
export async function sendFailed(site: Site, request: FastifyRequest, reply: FastifyReply, open: OpenCase, { id }: CaseDocument, error: unknown): Promise<FastifyReply> {
  if (!(error instanceof TemplateError)) throw error;
  request.log.warn({ document: id, place: error.message }, 'document template failed');
  return sendRefused(site, request, reply, open, { heading: site.t('web.document.failed'), paragraphs: [error.message, site.t('web.document.failedText')], status: 422 });
}

/** Says why there is no document now, with the way back. */
export async function sendRefused(site: Site, request: FastifyRequest, reply: FastifyReply, open: OpenCase, { heading, paragraphs, status }: { heading: string; paragraphs: string[]; status: number }): Promise<FastifyReply> {
  const { t } = site;
  const { number } = open.stored;
  return sendPage(reply, site.render('error', {
    frame: await frameOf(site, request, { title: t('web.document.title', { number }), crumbs: caseCrumbs(site, caseLink(site, open)), current: 'cases' }),
    heading, paragraphs, typed: [], typedText: '', again: null, requestId: null, links: [{ href: `/cases/${number}/documents`, text: t('web.documents.back') }]
  }), status);
}

function hrefOf(number: string, { id, source }: Pick<CaseDocument, 'id' | 'source'>): string {
  return documentPath(number, id, source?.key ?? null);
}

function paperLinks({ t }: Site, href: string): Link[] {
  return [{ href: `${href}/pdf`, text: t('web.document.pdf') }, { href: `${href}/word`, text: t('web.document.word') }, { href: `${href}?print=1`, text: t('web.document.print') }];
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
