import type { FastifyRequest } from 'fastify';
import type { OpenCase } from '../../cases/cases.ts';
import { markOf } from '../../documents/paper.ts';
import { TemplateError } from '../../documents/template-error.ts';
import type { CaseDocument } from '../../engine/reading/case-documents.ts';
import { AppError } from '../../errors.ts';
import type { DocumentPreview } from '../views/case-view-models.ts';
import { mayLeave } from './document-approval-parts.ts';
import { lastOf } from './document-freezing.ts';
import { documentPath, versionPath } from './document-path.ts';
import { dayOf, formatWhen } from '../words/format.ts';
import { namesIn } from '../site/names.ts';
import { contentOf } from './open-version.ts';
import { renderedOf } from './rendered-document.ts';
import { signerRows } from './signer-rows.ts';
import { pageHtml } from '../site/template-pictures.ts';
import type { Site } from '../site/site.ts';
import type { SignerRow } from '../views/version-view-models.ts';
import type { Link, Notice } from '../views/view-parts.ts';

/** The headings of the paper stand one level below that of the page. */
const deeper = 1;

/**
 * One document beside the list: its last version as it was kept, with who signs it; else what now stands in the case, as a draft.
 * A template that fails, or a server that has no room, is told in its place and leaves the list as it is.
 */
export async function documentPreview(site: Site, request: FastifyRequest, open: OpenCase, document: CaseDocument): Promise<{ preview: DocumentPreview; signers: SignerRow[] }> {
  const { t } = site;
  const { title } = document;
  const { number } = open.stored;
  const last = lastOf(open, document);
  if (last !== null) {
    const { tree, route: { hash: madeOf } } = await contentOf(site, open, last);
    const nameOf = await namesIn(site, open, [last.by, ...last.signed.map(({ by }) => by)]);
    const here = versionPath(number, last);
    return {
      preview: {
        title, html: pageHtml(tree, madeOf, deeper), mark: null, notice: null,
        meta: t('papers.meta', { version: last.version, when: formatWhen(last.at, dayOf(site.now()), t), name: nameOf(last.by), mark: markOf(last.sha256) }),
        links: paperLinks(site, here, last.pdf !== null)
      },
      signers: await signerRows(site, open, last, { nameOf, mayAct: false })
    };
  }
  const draft = { title, html: null, mark: t('documents.draft'), meta: t('web.documents.draft'), notice: null, links: [] };
  try {
    const { tree, names } = await renderedOf(site, request, open, document);
    const notice = names.length === 0 ? null : warning(t('web.document.namesLeft', { names: names.join(', ') }), t('web.document.namesLeftText'));
    const links = mayLeave(open, document) && names.length === 0 ? paperLinks(site, documentPath(number, document.id, document.source?.key ?? null), true) : [];
    return { preview: { ...draft, html: pageHtml(tree, open.route.hash, deeper), notice, links }, signers: [] };
  } catch (error) {
    if (error instanceof TemplateError) {
      request.log.warn({ document: document.id, place: error.message }, 'document template failed');
      return { preview: { ...draft, mark: null, notice: warning(t('web.document.failed'), error.message, t('web.document.failedText')) }, signers: [] };
    }
    if (error instanceof AppError && error.code === 'unavailable') return { preview: { ...draft, mark: null, notice: warning(t('web.documents.busy'), t('web.documents.busyText')) }, signers: [] };
    throw error;
  }
}

function warning(title: string, ...paragraphs: string[]): Notice {
  return { kind: 'warn', title, paragraphs, bullets: [], numbers: [] };
}

/** The files of a document, or of a version of it, and the page that prints. */
export function paperLinks({ t }: Site, href: string, hasPdf: boolean): Link[] {
  return [...(hasPdf ? [{ href: `${href}/pdf`, text: t('web.document.pdf') }] : []), { href: `${href}/word`, text: t('web.document.word') }, { href: `${href}?print=1`, text: t('web.document.print') }];
}
