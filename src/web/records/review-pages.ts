import type { FastifyInstance, FastifyReply } from 'fastify';
import { answerTo } from '../site/answer-to.ts';
import { pairsOf, seeOther, valueIn, visitorOf } from '../site/http.ts';
import { openRecord } from './open-record.ts';
import { sendRecord } from './send-record.ts';
import type { Site } from '../site/site.ts';

/** A second person confirms a record, or gives it back with a reason; the page of the record asks it. */
export function reviewPages(app: FastifyInstance, { site }: { site: Site }): void {
  app.post('/cases/:number/records/:record/review', { config: { action: 'record.review' } }, async (request, reply) => {
    const work = await openRecord(site, request);
    const posted = pairsOf(request);
    const { open, record } = work;
    const verdict = (['confirmed', 'returned'] as const).find((one) => one === valueIn(posted, 'verdict'));
    const reason = valueIn(posted, 'reason').replaceAll('\r\n', '\n');
    const again = (text: string): Promise<FastifyReply> => sendRecord(site, request, reply, work, { pairs: null, review: { verdict: verdict ?? '', reason, problem: text } });
    if (verdict === undefined) return again(site.t('changes.review.choose'));
    const command = { type: 'review' as const, record: record.id, version: Number(valueIn(posted, '_rev')), verdict, reason };
    return answerTo(await site.cases.act(visitorOf(request).reader, open.stored.number, command, { key: valueIn(posted, '_key'), draft: null }), {
      done: (number) => seeOther(reply, `/cases/${number}?done=${verdict}`),
      refused: (reasons) => again(reasons.map(({ text }) => text).join(' '))
    });
  });
}
