import type { FastifyInstance } from 'fastify';
import { AppError } from '../../errors.ts';
import { caseCrumbs, frameOf } from '../site/frame.ts';
import { seeOther, sendPage, visitorOf } from '../site/http.ts';
import { caseLink, openCase } from '../site/open-case.ts';
import { unreadOf, whenOf } from './same-subject-lines.ts';
import type { Site } from '../site/site.ts';

/** What who is responsible for a case reads of a new one about the same person, once (semantics 23). */
export function subjectNoticePages(app: FastifyInstance, { site }: { site: Site }): void {
  const { t } = site;

  app.get('/cases/:number/new-cases', { config: { action: 'subjectNotice.view' } }, async (request, reply) => {
    const open = await openCase(site, request, 'view');
    const { number } = open.stored;
    const unread = (await unreadOf(site, request)).filter((one) => one.number === number);
    if (unread.length === 0) throw new AppError('notFound');
    return sendPage(reply, site.render('message', {
      frame: await frameOf(site, request, { title: t('subject.startedTitle', { number }), crumbs: caseCrumbs(site, caseLink(site, open)), current: 'cases' }),
      heading: t('subject.startedHeading'), code: null, notices: [],
      paragraphs: unread.map((one) => t(one.other === null ? 'subject.startedHidden' : 'subject.startedSeen', { when: whenOf(site, one), other: one.other ?? '' })),
      form: { action: `/cases/${number}/new-cases`, hidden: [], button: t('subject.startedButton') },
      links: [...unread.flatMap(({ other }) => (other === null ? [] : [{ href: `/cases/${other}`, text: t('subject.startedOther', { number: other }) }])), { href: `/cases/${number}`, text: t('web.case.back') }]
    }));
  });

  app.post('/cases/:number/new-cases', { config: { action: 'subjectNotice.view' } }, async (request, reply) => {
    const open = await openCase(site, request, 'view');
    await site.cases.subjectNotices.read(visitorOf(request).reader.id, open.stored.id);
    return seeOther(reply, '/cases?done=breakGlassRead');
  });
}
