import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OpenCase } from '../../cases/cases.ts';
import { documentsOf } from '../../cases/documents-of.ts';
import type { DocumentContext } from '../../documents/document-data.ts';
import type { RenderedDocument } from '../../documents/render-document.ts';
import { TemplateError } from '../../documents/template-error.ts';
import type { CaseDocument } from '../../engine/reading/case-documents.ts';
import { taskKey } from '../../engine/model/instances.ts';
import { AppError } from '../../errors.ts';
import { caseCrumbs, frameOf } from '../site/frame.ts';
import { param, sendPage, visitorOf } from '../site/http.ts';
import { caseLink } from '../site/open-case.ts';
import type { Site } from '../site/site.ts';

/** The document of a request. Throws notFound for one that does not exist or cannot be made yet. */
export function documentIn(site: Site, request: FastifyRequest, open: OpenCase): CaseDocument {
  const document = documentsOf(open, site.now()).find(({ id, source, reasons }) => taskKey(id, source?.key ?? null) === param(request, 'document') && reasons.length === 0);
  if (document === undefined) throw new AppError('notFound');
  return document;
}

/** Makes a document of what now stands in the case. `made`: as if by another, at another moment. Throws a TemplateError. */
export async function renderedOf(site: Site, request: FastifyRequest, open: OpenCase, { id, source, withheld }: CaseDocument, made?: Pick<DocumentContext, 'madeOn' | 'madeBy'>): Promise<RenderedDocument & { context: DocumentContext }> {
  const context = { ...await contextOf(site, request, open), ...made };
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

/** What a document needs to know that the case does not. */
export async function contextOf(site: Site, request: FastifyRequest, { stored }: OpenCase): Promise<DocumentContext> {
  const { school, person } = visitorOf(request);
  const { state } = stored;
  const ids = [state.starter, ...state.records.flatMap(({ by, updatedBy }) => [by, updatedBy]), ...state.waivers.map(({ by }) => by), ...state.visits.map(({ endedBy }) => endedBy), ...Object.values(state.skipped).map(({ by }) => by)];
  const names = await site.people.names([...new Set(ids.filter((id) => id !== null))]);
  return {
    school: { name: school.name, board: school.board }, number: stored.number, madeOn: site.now(), madeBy: person.name,
    people: Object.fromEntries(names), t: site.t
  };
}
