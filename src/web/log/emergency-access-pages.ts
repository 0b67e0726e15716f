import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { leastReason } from '../../cases/stores/emergency-store.ts';
import { AppError } from '../../errors.ts';
import { noticeOf } from './emergency-notices.ts';
import { caseCrumbs, frameOf } from '../site/frame.ts';
import { pairsOf, seeOther, sendPage, valueIn, visitorOf } from '../site/http.ts';
import { namesFor } from '../site/names.ts';
import { caseLink, openCase } from '../site/open-case.ts';
import type { Site } from '../site/site.ts';
import { textField } from '../site/text-field.ts';

type Typed = { number: string; reason: string };
type Errors = { number?: string; reason?: string };

/** Opening a case one has no part in, because a child is in danger now; and reading that somebody did (trust.md, T8). */
export function emergencyAccessPages(app: FastifyInstance, { site }: { site: Site }): void {
  const { t } = site;

  app.get('/emergency-access', { config: { action: 'emergencyAccess.use', stepUp: true } }, async (request, reply) => sendAsk(site, request, reply, { number: '', reason: '' }, {}));

  app.post('/emergency-access', { config: { action: 'emergencyAccess.use', stepUp: true } }, async (request, reply) => {
    const { reader } = visitorOf(request);
    const posted = pairsOf(request);
    const typed = { number: valueIn(posted, 'number').trim(), reason: valueIn(posted, 'reason').replaceAll('\r\n', '\n').trim() };
    const errors: Errors = {
      ...(typed.number === '' ? { number: t('breakGlass.numberNeeded') } : {}),
      ...(typed.reason.length < leastReason ? { reason: t('breakGlass.reasonShort', { n: leastReason }) } : {})
    };
    if (Object.keys(errors).length > 0) return sendAsk(site, request, reply, typed, errors);
    const number = typed.number.toUpperCase();
    const result = await site.cases.emergency.open(reader.id, { school: reader.school, number, reason: typed.reason });
    if (result === 'opened' || result === 'sees') return seeOther(reply, `/cases/${number}${result === 'opened' ? '?done=breakGlass' : ''}`);
    return sendAsk(site, request, reply, typed, { number: t(`breakGlass.${result}`) });
  });

  app.get('/cases/:number/emergency-access', { config: { action: 'emergencyAccess.view' } }, async (request, reply) => {
    const open = await openCase(site, request, 'view');
    const [openings, isUnread] = await Promise.all([site.cases.emergency.ofCase(open.stored.id), site.cases.emergency.hasUnread(visitorOf(request).reader.id, open.stored.id)]);
    if (openings.length === 0) throw new AppError('notFound');
    const nameOf = await namesFor(site, visitorOf(request).reader.id, openings.map(({ person }) => person));
    const { number } = open.stored;
    return sendPage(reply, site.render('message', {
      frame: await frameOf(site, request, { title: t('breakGlass.title', { number }), crumbs: caseCrumbs(site, caseLink(site, open)), current: 'cases' }),
      heading: t('breakGlass.readHeading'), paragraphs: [t('breakGlass.readText')], code: null,
      notices: openings.map((opening) => noticeOf(site, opening, nameOf, 'warn')),
      form: isUnread ? { action: `/cases/${number}/emergency-access`, hidden: [], button: t('breakGlass.readButton') } : null,
      links: [{ href: `/cases/${number}`, text: t('web.case.back') }]
    }));
  });

  app.post('/cases/:number/emergency-access', { config: { action: 'emergencyAccess.view' } }, async (request, reply) => {
    const open = await openCase(site, request, 'view');
    await site.cases.emergency.read(visitorOf(request).reader.id, open.stored.id);
    return seeOther(reply, '/cases?done=breakGlassRead');
  });
}

async function sendAsk(site: Site, request: FastifyRequest, reply: FastifyReply, { number, reason }: Typed, errors: Errors): Promise<FastifyReply> {
  const { t } = site;
  const hasProblems = Object.keys(errors).length > 0;
  const fields = [
    textField({ id: 'nummer', name: 'number', label: t('breakGlass.number'), hint: t('breakGlass.numberHint'), value: number, error: errors.number ?? null }),
    textField({ id: 'reden', name: 'reason', label: t('breakGlass.reason'), hint: t('breakGlass.reasonHint', { n: leastReason }), value: reason, error: errors.reason ?? null, rows: 3 })
  ];
  return sendPage(reply, site.render('question', {
    frame: await frameOf(site, request, { title: t('breakGlass.heading'), crumbs: caseCrumbs(site, null), hasProblems, current: 'cases' }),
    heading: t('breakGlass.heading'), paragraphs: [t('breakGlass.text'), t('breakGlass.consequences')], action: '/emergency-access', hidden: [],
    problems: fields.flatMap(({ id, error }) => (error === null ? [] : [{ text: error, href: `#${id}` }])), notices: [], choices: [], fields,
    button: t('breakGlass.button'), back: { href: '/cases', text: t('web.error.toCases') }
  }), hasProblems ? 422 : 200);
}
