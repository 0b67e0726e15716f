import type { FastifyInstance, FastifyReply } from 'fastify';
import { answerTo } from '../site/answer-to.ts';
import { sendDocument } from './document-pages.ts';
import { openCase } from '../site/open-case.ts';
import { documentIn } from './rendered-document.ts';
import { documentPath } from './document-path.ts';
import { pairsOf, seeOther, valueIn, visitorOf } from '../site/http.ts';
import type { Site } from '../site/site.ts';

/** A second person approves a document with `fourEyes`, or gives it back; the page of the document asks it. */
export function approvalPages(app: FastifyInstance, { site }: { site: Site }): void {
  app.post('/cases/:number/documents/:document/approval', { config: { action: 'document.approve' } }, async (request, reply) => {
    const open = await openCase(site, request, 'viewDocument');
    const document = documentIn(site, request, open);
    const posted = pairsOf(request);
    const verdict = (['asked', 'approved', 'returned'] as const).find((one) => one === valueIn(posted, 'verdict'));
    const reason = valueIn(posted, 'reason').replaceAll('\r\n', '\n');
    const again = (problem: string): Promise<FastifyReply> => sendDocument(site, request, reply, open, document, { verdict: verdict ?? '', reason, problem });
    if (verdict === undefined) return again(site.t('changes.approval.choose'));
    const source = document.source === null ? {} : { source: document.source.key };
    const command = { type: 'approve' as const, document: document.id, ...source, seen: valueIn(posted, '_seen'), verdict, reason };
    return answerTo(await site.cases.act(visitorOf(request).reader, open.stored.number, command, { key: valueIn(posted, '_key'), draft: null }), {
      done: (number) => seeOther(reply, documentPath(number, document.id, document.source?.key ?? null)),
      refused: (reasons) => again(reasons.map(({ text }) => text).join(' '))
    });
  });
}
