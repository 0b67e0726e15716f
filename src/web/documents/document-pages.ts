import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OpenCase } from '../../cases/cases.ts';
import { documentsOf } from '../../cases/documents-of.ts';
import { caseContext } from '../../engine/model/case-context.ts';
import type { CaseDocument } from '../../engine/reading/case-documents.ts';
import { signersOf } from '../../engine/commands/document-versions.ts';
import { taskKey } from '../../engine/model/instances.ts';
import { retentionOf } from '../../engine/reading/retention.ts';
import { retentionText } from '../words/keeping-text.ts';
import { approvalParts, approvalStatus, type FilledApproval, mayLeave } from './document-approval-parts.ts';
import { lastOf, versionsPart } from './document-freezing.ts';
import { documentPath, versionPath } from './document-path.ts';
import { caseLink, openCase } from '../site/open-case.ts';
import { signedText } from '../words/signed-text.ts';
import type { DocumentItem } from '../views/case-view-models.ts';
import { disclosureLine } from './disclosure-line.ts';
import { documentPreview, paperLinks } from './document-preview.ts';
import { dayOf, formatWhen } from '../words/format.ts';
import { caseCrumbs, frameOf } from '../site/frame.ts';
import { query, sendPage } from '../site/http.ts';
import { documentIn, renderedOf, sendFailed, sendRefused } from './rendered-document.ts';
import type { Site } from '../site/site.ts';
import { pageHtml } from '../site/template-pictures.ts';
import type { SignerRow } from '../views/version-view-models.ts';
import type { Link } from '../views/view-parts.ts';

/** The documents of a case: the list, and each as a page that prints. */
export function documentPages(app: FastifyInstance, { site }: { site: Site }): void {
  const { t } = site;

  app.get('/cases/:number/documents', { config: { action: 'document.view' } }, async (request, reply) => {
    const open = await openCase(site, request, 'viewDocument');
    const { number } = open.stored;
    const all = documentsOf(open, site.now());
    const there = all.filter((document) => document.reasons.length === 0 || lastOf(open, document) !== null);
    const chosen = there.find((document) => keyOf(document) === query(request, 'show')) ?? there[0] ?? null;
    if (chosen !== null) await site.cases.looked(open, 'viewDocument', keyOf(chosen));
    const shown = chosen === null ? null : await documentPreview(site, request, open, chosen);
    const waiting = all.filter((document) => !there.includes(document)).map(({ title, reasons }) => ({ title, reason: reasons.join(' ') }));
    return sendPage(reply, site.render('documents', {
      frame: await frameOf(site, request, { title: t('web.documents.title', { number }), crumbs: caseCrumbs(site, caseLink(site, open)), current: 'cases' }),
      meta: t('web.documents.meta', { subject: caseLink(site, open).text, number }),
      items: there.map((document) => itemOf(site, open, document, document === chosen ? (shown?.signers ?? []) : null)),
      preview: shown?.preview ?? null,
      later: waiting.length === 0 ? null : { title: t('web.documents.later', { n: waiting.length }), open: there.length === 0, items: waiting },
      whole: { href: `/cases/${number}/export`, text: t('papers.export.link') }, disclosure: await disclosureLine(site, open),
      retention: retentionText(retentionOf(caseContext(open.route.model, open.stored.state, site.now(), open.viewer)), t),
      back: { href: `/cases/${number}`, text: t('web.case.back') }
    }));
  });

  app.get('/cases/:number/documents/:document', { config: { action: 'document.view' } }, async (request, reply) => {
    const open = await openCase(site, request, query(request, 'print') === '' ? 'viewDocument' : 'print');
    return sendDocument(site, request, reply, open, documentIn(site, request, open), null);
  });
}

/** A document in the list. `signers`: who signs the one that stands beside the list; null for every other. */
function itemOf(site: Site, open: OpenCase, document: CaseDocument, signers: SignerRow[] | null): DocumentItem {
  const { t } = site;
  const { number } = open.stored;
  const { title, reasons, withheld, fourEyes } = document;
  const isReady = reasons.length === 0;
  const kept = keptLine(site, open, document);
  const status = isReady && fourEyes ? approvalStatus(open, document, t) : { status: kept.status, statusKind: 'plain' as const };
  const whole = { href: hrefOf(number, document), text: t(kept.links.length === 0 ? 'web.documents.open' : 'web.documents.openNow') };
  return {
    title, href: `/cases/${number}/documents?show=${encodeURIComponent(keyOf(document))}#voorbeeld`, isCurrent: signers !== null, signers: signers ?? [],
    links: signers === null ? [] : [...kept.links, ...(isReady ? [whole] : [])],
    meta: [...kept.meta, ...(withheld.length === 0 ? [] : [t('web.documents.withheld')])].join(' ') || null, ...status
  };
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
    const { tree, names } = await renderedOf(site, request, open, document);
    if (bare && names.length > 0) return await sendRefused(site, request, reply, open, { heading: t('web.document.noPrint'), paragraphs: [t('web.document.namesLeft', { names: names.join(', ') }), t('web.document.namesStop')], status: 422 });
    const { notices, approval } = await approvalParts(site, request, open, document, filled);
    return await sendPage(reply, site.render('document', {
      frame, html: pageHtml(tree, open.route.hash), bare, back, mark: t('documents.draft'), versions: bare ? null : await versionsPart(site, request, open, document, isFree && names.length === 0 && open.access === 'full'), approval: bare ? null : approval, links: isFree ? [...paperLinks(site, here, true), { href: `${here}/text`, text: t('web.document.text') }] : [],
      notices: [...(bare ? [] : notices), ...(names.length === 0 ? [] : [{ kind: 'warn' as const, title: t('web.document.namesLeft', { names: names.join(', ') }), paragraphs: [t('web.document.namesLeftText')], bullets: [], numbers: [] }])],
      meta: t('web.document.meta', { when: formatWhen(site.now(), dayOf(site.now()), t), version: open.route.model.workflow.version })
    }), filled === null ? 200 : 422);
  } catch (error) {
    return sendFailed(site, request, reply, open, document, error);
  }
}

/** Of a document that was kept: its last version, how far signing is, and where that is done. */
function keptLine({ t, now }: Site, open: OpenCase, document: CaseDocument): { meta: string[]; status: string | null; links: Link[] } {
  const last = lastOf(open, document);
  if (last === null) return { meta: [], status: null, links: [] };
  const signers = signersOf(last);
  return {
    meta: [t('papers.listMeta', { version: last.version, when: formatWhen(last.at, dayOf(now()), t) })],
    status: signers.length === 0 ? null : signedText(last, t),
    links: [{ href: versionPath(open.stored.number, last), text: signers.length === 0 ? t('papers.version', { version: last.version }) : t('papers.open') }]
  };
}

function keyOf({ id, source }: CaseDocument): string {
  return taskKey(id, source?.key ?? null);
}

function hrefOf(number: string, { id, source }: Pick<CaseDocument, 'id' | 'source'>): string {
  return documentPath(number, id, source?.key ?? null);
}
