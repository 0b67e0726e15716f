import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readersOf } from '../../cases/stores/access-changes.ts';
import type { OpenCase } from '../../cases/cases.ts';
import { mayLift } from '../../engine/model/performers.ts';
import { AppError } from '../../errors.ts';
import { answerTo, keyField } from '../site/answer-to.ts';
import { colleaguesFor } from '../site/colleagues.ts';
import { formatList } from '../words/format.ts';
import { pairsOf, seeOther, valueIn, visitorOf } from '../site/http.ts';
import { namesFor } from '../site/names.ts';
import { openCase } from '../site/open-case.ts';
import { sendQuestion } from '../site/send-question.ts';
import type { Site } from '../site/site.ts';
import { textField } from '../site/text-field.ts';

/** Ending the restriction of a case: who will see it then, who stays out, and why. */
export function liftPages(app: FastifyInstance, { site }: { site: Site }): void {
  app.get('/cases/:number/restriction-end', { config: { action: 'case.lift' } }, async (request, reply) => (
    sendLift(site, request, reply, await openRestricted(site, request), { reason: '', errors: [] })
  ));

  app.post('/cases/:number/restriction-end', { config: { action: 'case.lift' } }, async (request, reply) => {
    const open = await openRestricted(site, request);
    const posted = pairsOf(request);
    const reason = valueIn(posted, 'reason').replaceAll('\r\n', '\n');
    const result = await site.cases.act(visitorOf(request).reader, open.stored.number, { type: 'lift', reason }, { key: valueIn(posted, '_key'), draft: null });
    return answerTo(result, {
      done: (number) => seeOther(reply, `/cases/${number}?done=lifted`),
      refused: (reasons) => sendLift(site, request, reply, open, { reason, errors: reasons.map(({ text }) => text) })
    });
  });
}

async function openRestricted(site: Site, request: FastifyRequest): Promise<OpenCase> {
  const open = await openCase(site, request, 'view');
  if (!mayLift(open.viewer, open.stored.state)) throw new AppError('notFound');
  return open;
}

async function sendLift(site: Site, request: FastifyRequest, reply: FastifyReply, open: OpenCase, { reason, errors }: { reason: string; errors: string[] }): Promise<FastifyReply> {
  const { t } = site;
  const { number, state } = open.stored;
  const { reader } = visitorOf(request);
  const never = state.restriction?.never ?? [];
  const there = (await site.cases.people(open)).map(({ person }) => person);
  const others = readersOf(open.route.model, await colleaguesFor(site, request, open)).filter((id) => !never.includes(id) && !there.includes(id));
  const nameOf = await namesFor(site, reader.id, [...others, ...never]);
  return sendQuestion(site, request, reply, open, {
    title: t('changes.lift.title', { number }), heading: t('changes.lift.heading'),
    paragraphs: [
      others.length === 0 ? t('changes.lift.nobody') : t('changes.lift.text', { people: formatList(others.map((id) => nameOf(id))) }),
      ...(never.length === 0 ? [] : [t('changes.lift.never', { people: formatList(never.map((id) => nameOf(id))) })])
    ],
    action: `/cases/${number}/restriction-end`, hidden: [keyField(site)], problems: errors.map((text) => ({ text, href: '#reden' })), notices: [], choices: [],
    fields: [textField({ id: 'reden', name: 'reason', label: t('changes.lift.reason'), hint: t('changes.lift.reasonHint'), value: reason, error: errors[0] ?? null, rows: 3 })],
    button: t('changes.lift.button'), back: { href: `/cases/${number}`, text: t('web.case.back') }
  });
}
