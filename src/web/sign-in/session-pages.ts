import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { clearSessionCookie, keepPlace, setSessionCookie, takePlace } from './session-cookie.ts';
import { sendCode } from './code-page.ts';
import { deviceOf } from './device.ts';
import { frameOf, secondsLeft } from '../site/frame.ts';
import { visitorFor } from './guard.ts';
import { pairsOf, query, seeOther, sendPage, valueIn, visitorOf } from '../site/http.ts';
import { safePath, sendKept } from './kept-post.ts';
import { passkeyPlace } from './passkey-place.ts';
import type { Site } from '../site/site.ts';
import type { Notice } from '../views/view-models.ts';

/** Signing in, signing out, covering the screen. */
export function sessionPages(app: FastifyInstance, { site }: { site: Site }): void {
  app.get('/sign-in', { config: { action: 'session.start' } }, async (request, reply) => {
    if (request.visitor !== null) return seeOther(reply, safePath(query(request, 'next')));
    return sendSignIn(site, request, reply, { email: '', next: query(request, 'next'), kept: '', problem: null });
  });

  app.post('/sign-in', { config: { action: 'session.start' } }, async (request, reply) => {
    const posted = pairsOf(request);
    const email = valueIn(posted, 'email').trim();
    const asked = valueIn(posted, 'next');
    const kept = valueIn(posted, 'kept');
    const result = await site.signIn({ email, password: valueIn(posted, 'password'), address: request.ip, now: site.now() });
    if (result.type !== 'signedIn') {
      return sendSignIn(site, request, reply, { email, next: asked, kept, problem: site.t(result.type === 'wait' ? 'web.signIn.wait' : 'web.signIn.wrong') });
    }
    const { token } = await site.sessions.start(result.person.id, site.now(), { device: deviceOf(request.headers['user-agent']), ...(request.visitor === null ? {} : { replaces: request.visitor.sessionId }) });
    setSessionCookie(reply, token, site.config);
    const place = takePlace(request, reply, result.person.id, site.config);
    const next = asked === '' ? place : asked;
    request.visitor = await visitorFor(site, token);
    if (kept !== '') return request.visitor?.half === true ? sendCode(site, request, reply, { next, kept, problems: {} }) : sendKept(site, request, reply, { next, kept });
    const { schools = 1, half = false } = request.visitor ?? {};
    const to = schools > 1 ? `/schools?next=${encodeURIComponent(next)}` : safePath(next);
    return seeOther(reply, half ? `/second-factor?next=${encodeURIComponent(to)}` : to);
  });

  // Asking it is what keeps the session going.
  app.get('/session', { config: { action: 'session.keep' } }, async (request, reply) => {
    const visitor = visitorOf(request);
    return reply.send({ seconds: secondsLeft(site, visitor), person: visitor.person.id, csrf: visitor.csrf });
  });

  app.post('/sign-out', { config: { action: 'session.end' } }, async (request, reply) => {
    await endSession(site, request, reply);
    return seeOther(reply, '/sign-in?why=signed-out');
  });

  app.post('/cover', { config: { action: 'cover.use' } }, async (request, reply) => {
    const path = coveredPath(request);
    if (request.visitor !== null && path !== '') keepPlace(reply, { person: request.visitor.person.id, path }, site.config);
    await endSession(site, request, reply);
    return seeOther(reply, '/cover');
  });

  app.get('/cover', { config: { action: 'cover.use' } }, async (request, reply) => {
    const frame = await frameOf(site, request, { title: site.t('web.cover.heading') });
    return sendPage(reply, site.render('cover', {
      frame, heading: site.t('web.cover.heading'), text: site.t('web.cover.text'), unlock: { href: '/sign-in', text: site.t('web.cover.unlock') }
    }));
  });
}

/** The page that was covered, as the browser tells it, and the question somebody was in; empty when it tells nothing. */
function coveredPath(request: FastifyRequest): string {
  const { referer = '' } = request.headers;
  if (!URL.canParse(referer)) return '';
  const { pathname, search } = new URL(referer);
  const focus = valueIn(pairsOf(request), '_focus');
  return `${pathname}${search}${/^[\w/-]+$/.test(focus) ? `#${focus}` : ''}`;
}

async function endSession(site: Site, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (request.visitor !== null) await site.sessions.end(request.visitor.sessionId, site.now());
  clearSessionCookie(reply, site.config);
  void reply.header('clear-site-data', '"cache"');
}

/** `kept`: a post that goes on after signing in. It stands in the page and nowhere else. */
export async function sendSignIn(site: Site, request: FastifyRequest, reply: FastifyReply, { email, next, kept, problem }: { email: string; next: string; kept: string; problem: string | null }): Promise<FastifyReply> {
  const { t } = site;
  const why = query(request, 'why');
  const notice: Notice | null = kept !== '' ? { kind: 'warn', title: t('web.signIn.ended'), paragraphs: [t('web.signIn.endedText')], bullets: [], numbers: [] } : why === 'signed-out' || why === 'ended' || why === 'account' || why === 'password' || why === 'linked'
    ? { kind: 'info', title: null, paragraphs: [t(`web.signIn.why.${why}`)], bullets: [], numbers: [] }
    : site.config.secondFactor ? null : { kind: 'info', title: null, paragraphs: [t('signIn.why.off')], bullets: [], numbers: [] };
  const frame = await frameOf(site, request, { title: t('web.signIn.heading'), hasProblems: problem !== null });
  return sendPage(reply, site.render('sign-in', {
    frame, action: '/sign-in', hidden: [{ name: 'next', value: next }, ...(kept === '' ? [] : [{ name: 'kept', value: kept }])], notice,
    problems: problem === null ? [] : [{ text: problem, href: '#email' }],
    email: { id: 'email', name: 'email', label: t('web.signIn.email'), hint: null, value: email, error: problem, type: 'email', autocomplete: 'username', width: null, optional: false, rows: null },
    password: { id: 'password', name: 'password', label: t('web.signIn.password'), hint: null, value: '', error: null, type: 'password', autocomplete: 'current-password', width: null, optional: false, rows: null },
    passkey: site.config.secondFactor && passkeyPlace(site, request) !== null,
    schoolAccount: site.schoolAccounts === null ? null : { href: `/sign-in/school-account?next=${encodeURIComponent(next)}`, text: t('signIn.outside.button', { title: site.schoolAccounts.title }) },
    sentence: why === 'ended' ? t('web.signIn.sentence') : null
  }), problem !== null ? 422 : kept === '' ? 200 : 401);
}
