import type { FastifyInstance } from 'fastify';
import { AppError } from '../../errors.ts';
import { param, visitorOf } from '../site/http.ts';
import type { Site } from '../site/site.ts';

/** Fetching a file of a case: only ever to be saved, never drawn by the browser (trust.md, T7). */
export function filePages(app: FastifyInstance, { site }: { site: Site }): void {
  app.get('/cases/:number/files/:file', { config: { action: 'record.view' } }, async (request, reply) => {
    const found = await site.cases.openFile(visitorOf(request).reader, param(request, 'number'), param(request, 'file'));
    if (found === null) throw new AppError('notFound');
    return reply
      .header('content-disposition', attachment(found.file.naam))
      .header('content-security-policy', "default-src 'none'; sandbox")
      .type(found.file.type)
      .send(found.content);
  });
}

/** Where a file of a case is fetched. */
export function fileHrefIn(number: string): (id: string) => string {
  return (id) => `/cases/${number}/files/${id}`;
}

/** The name for browsers of today, and one without other signs than letters for the rest (RFC 6266). */
function attachment(name: string): string {
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${name.normalize('NFKD').replace(/[^\w .-]/g, '')}"; filename*=UTF-8''${encoded}`;
}
