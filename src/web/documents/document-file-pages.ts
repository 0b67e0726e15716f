import type { FastifyInstance, FastifyReply } from 'fastify';
import { AppError } from '../../errors.ts';
import { mayLeave } from './document-approval-parts.ts';
import { openCase } from '../site/open-case.ts';
import { documentIn, renderedOf, sendFailed, sendRefused } from './rendered-document.ts';
import { param } from '../site/http.ts';
import { isPaperKind, makePaperFile, type PaperKind, paperKinds } from './paper-files.ts';
import type { Site } from '../site/site.ts';

/** A document as it is now, as a file to take along: a draft, and marked as one. */
export function documentFilePages(app: FastifyInstance, { site }: { site: Site }): void {
  app.get('/cases/:number/documents/:document/:kind', { config: { action: 'document.view' } }, async (request, reply) => {
    const { t } = site;
    const kind = param(request, 'kind');
    if (!isPaperKind(kind)) throw new AppError('notFound');
    const open = await openCase(site, request, 'export');
    const { number } = open.stored;
    const document = documentIn(site, request, open);
    if (!mayLeave(open, document)) return sendRefused(site, request, reply, open, { heading: t('changes.approval.stop'), paragraphs: [t('changes.approval.noneText')], status: 422 });
    try {
      const { tree, names, context } = await renderedOf(site, request, open, document);
      const made = names.length > 0
        ? { reasons: [t('web.document.namesLeft', { names: names.join(', ') }), t('web.document.namesStop')], status: 422 }
        : await makePaperFile(site, request, { tree, title: document.title, standing: 'draft', number, school: context.school.name, bundle: open.route.model.bundle, madeOn: context.madeOn }, kind);
      if ('reasons' in made) return await sendRefused(site, request, reply, open, { heading: t('web.document.noFile'), paragraphs: made.reasons, status: made.status });
      return await sendFile(reply, { number, name: document.id, kind, data: made.data });
    } catch (error) {
      return sendFailed(site, request, reply, open, document, error);
    }
  });
}

/** Sends a document as a file. Its name is the number of the case and what kind of paper it is: no name of anybody. */
export async function sendFile(reply: FastifyReply, { number, name, kind, data }: { number: string; name: string; kind: PaperKind; data: Buffer | string }): Promise<FastifyReply> {
  const { type, ending } = paperKinds[kind];
  return reply.type(type).header('content-disposition', `attachment; filename="${number}-${name}.${ending}"`).send(data);
}
