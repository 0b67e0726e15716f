import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import { sendApp, sendCode } from './code-page.ts';
import { frameOf } from '../site/frame.ts';
import { visitorFor } from './guard.ts';
import { pairsOf, query, seeOther, sendPage, valueIn, visitorOf } from '../site/http.ts';
import { keptForm, safePath, sendKept } from './kept-post.ts';
import { setSessionCookie } from './session-cookie.ts';
import type { Site } from '../site/site.ts';
import { asksSecondFactor, requireStepUp } from './step-up.ts';
import { dayOf, formatDay } from '../words/format.ts';
import type { AccountSection } from '../views/view-models.ts';

/** What comes after the password: giving a code, linking the app that makes them, and recovery codes for when it is gone. */
export function secondFactorPages(app: FastifyInstance, { site }: { site: Site }): void {
  const { t } = site;

  app.get('/second-factor', { config: { action: 'secondFactor.use' } }, async (request, reply) => {
    if (!isAsked(site, request)) return seeOther(reply, safePath(query(request, 'next')));
    return sendCode(site, request, reply, { next: query(request, 'next'), kept: '', problems: {} });
  });

  app.post('/second-factor', { config: { action: 'secondFactor.use' } }, async (request, reply) => {
    const posted = pairsOf(request);
    const { person } = visitorOf(request);
    const [next, kept] = [valueIn(posted, 'next'), valueIn(posted, 'kept')];
    const field = valueIn(posted, 'code').trim() === '' && valueIn(posted, 'paper').trim() !== '' ? 'paper' : 'code';
    const code = valueIn(posted, field).trim();
    if (code === '') return sendCode(site, request, reply, { next, kept, problems: { code: t('signIn.code.needed') } });
    const result = await site.factors.use({ person: person.id, code, address: request.ip, now: site.now() });
    if (result !== 'right') return sendCode(site, request, reply, { next, kept, problems: { [field]: t(wrongText(result, field)) } });
    await proven(site, request, reply);
    return kept === '' ? seeOther(reply, safePath(next)) : sendKept(site, request, reply, { next, kept });
  });

  app.get('/second-factor/app', { config: { action: 'secondFactor.use' } }, async (request, reply) => {
    await requireMayLink(site, request);
    return sendApp(site, request, reply, { next: query(request, 'next'), kept: '', problems: {} });
  });

  app.post('/second-factor/app', { config: { action: 'secondFactor.use' } }, async (request, reply) => {
    await requireMayLink(site, request);
    const posted = pairsOf(request);
    const { person, half, startedAt } = visitorOf(request);
    const [next, kept] = [valueIn(posted, 'next'), valueIn(posted, 'kept')];
    const codes = await site.factors.confirm({ person: person.id, startedAt }, valueIn(posted, 'code'), { first: half, now: site.now() });
    if (codes === null) return sendApp(site, request, reply, { next, kept, problems: { code: t('signIn.app.wrong') } });
    await proven(site, request, reply);
    return sendCodes(site, request, reply, { codes, next, kept });
  });

  app.post('/second-factor/codes', { config: { action: 'account.view', stepUp: true } }, async (request, reply) => {
    if (!isAsked(site, request)) throw new AppError('notFound');
    const codes = await site.factors.renewCodes(visitorOf(request).person.id, site.now());
    return sendCodes(site, request, reply, { codes, next: '/account', kept: '' });
  });
}

/** What somebody has besides the password, and how to change it. */
export async function secondFactorSection(site: Site, request: FastifyRequest): Promise<AccountSection> {
  const { t } = site;
  const { person, school } = visitorOf(request);
  const section = { id: 'tweede-stap', title: t('signIn.account.second'), rows: [] };
  if (!asksSecondFactor(site, school)) return { ...section, paragraphs: [t('signIn.account.second.off')], links: [], forms: [] };
  const { app, codesLeft } = await site.factors.of(person.id);
  return {
    ...section,
    paragraphs: [
      app === null ? t('signIn.account.second.noApp') : t('signIn.account.second.app', { day: formatDay(dayOf(app)) }),
      codesLeft === 0 ? t('signIn.account.second.noCodes') : t('signIn.account.second.codes', { n: codesLeft })
    ],
    links: [{ href: '/second-factor/app?next=/account', text: t(app === null ? 'signIn.account.second.addApp' : 'signIn.account.second.replace') }],
    forms: [{ action: '/second-factor/codes', hidden: [], button: t('signIn.account.second.renew'), text: t('signIn.account.second.renewText') }]
  };
}

function isAsked(site: Site, request: FastifyRequest): boolean {
  return asksSecondFactor(site, visitorOf(request).school);
}

function wrongText(result: 'wrong' | 'wait', field: 'code' | 'paper'): string {
  return result === 'wait' ? 'signIn.code.wait' : field === 'paper' ? 'signIn.code.wrongPaper' : 'signIn.code.wrong';
}

/** With a password alone only a first app can be linked: else a password would be enough after all. */
async function requireMayLink(site: Site, request: FastifyRequest): Promise<void> {
  if (!isAsked(site, request)) throw new AppError('notFound');
  const { person, half } = visitorOf(request);
  if (!half) {
    requireStepUp(site, request);
    return;
  }
  const { app, passkeys } = await site.factors.of(person.id);
  if (app !== null || passkeys > 0) throw new AppError('codeNeeded');
}

/** The session goes on under a new token; whoever knew the old one is out. */
async function proven(site: Site, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const session = await site.sessions.prove(visitorOf(request).sessionId, site.now());
  if (session === null) throw new AppError('notSignedIn');
  setSessionCookie(reply, session.token, site.config);
  request.visitor = await visitorFor(site, session.token);
}

/** The codes are shown once: only their hashes are kept. */
async function sendCodes(site: Site, request: FastifyRequest, reply: FastifyReply, { codes, next, kept }: { codes: string[]; next: string; kept: string }): Promise<FastifyReply> {
  const { t } = site;
  return sendPage(reply, site.render('recovery-codes', {
    frame: await frameOf(site, request, { title: t('signIn.codes.title') }),
    heading: t('signIn.codes.heading'), intro: t('signIn.codes.intro'), warning: t('signIn.codes.once'),
    label: t('signIn.codes.label', { name: visitorOf(request).person.name }), groups: codes, print: t('signIn.codes.print'),
    form: kept === '' ? null : keptForm(site, next, kept), onward: { href: safePath(next), text: t('signIn.codes.kept') }
  }));
}
