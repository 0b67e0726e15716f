import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import type { OutsideAccount, OutsidePurpose, SchoolAccounts } from '../../staff/school-accounts.ts';
import { deviceOf } from './device.ts';
import { dayOf, formatDay } from '../words/format.ts';
import { frameOf } from '../site/frame.ts';
import { visitorFor } from './guard.ts';
import { pairsOf, param, query, seeOther, sendPage, valueIn, visitorOf } from '../site/http.ts';
import { safePath } from './kept-post.ts';
import { keepStep, setSessionCookie, takePlace, takeStep } from './session-cookie.ts';
import { sendSignIn } from './session-pages.ts';
import type { Site } from '../site/site.ts';
import type { AccountSection } from '../views/view-models.ts';

/**
 * Signing in with an account elsewhere, and linking that to a person: by themselves once signed in, or with the link of an administrator.
 * One goes there by a link and not by a form, since the policy of a page lets forms post nowhere else.
 */
export function schoolAccountPages(app: FastifyInstance, { site }: { site: Site }): void {
  const { t } = site;

  app.get('/sign-in/school-account', { config: { action: 'session.start' } }, async (request, reply) => go(site, request, reply, { type: 'signIn', next: query(request, 'next') }));

  app.get('/account/school-account/new', { config: { action: 'account.view', stepUp: true } }, async (request, reply) => go(site, request, reply, { type: 'link', person: visitorOf(request).person.id }));

  app.get('/invitation/:token/school-account', { config: { action: 'invitation.use' } }, async (request, reply) => {
    const token = param(request, 'token');
    if (await site.invitations.find(token) === null) throw new AppError('notFound', t('web.invitation.gone'));
    return go(site, request, reply, { type: 'invitation', token });
  });

  app.get('/sign-in/school-account/back', { config: { action: 'session.start' } }, async (request, reply) => {
    const accounts = accountsOf(site);
    const found = await accounts.finish(new URL(request.url, returnTo(site, request)), takeStep(request, reply, site.config), site.now());
    if (found === null) {
      await noteFailed(site);
      return sendSignIn(site, request, reply, { email: '', next: '', kept: '', problem: t('signIn.outside.failed') });
    }
    const { account, purpose } = found;
    if (purpose.type === 'signIn') return signIn(site, request, reply, account, purpose.next);
    if (purpose.type === 'link') {
      if (request.visitor?.person.id !== purpose.person) throw new AppError('notSignedIn');
      return sendConfirm(site, request, reply, { account, person: purpose.person, action: '/account/school-account', name: request.visitor.person.name });
    }
    const invited = await site.invitations.find(purpose.token);
    if (invited === null) throw new AppError('notFound', t('web.invitation.gone'));
    return sendConfirm(site, request, reply, { account, person: invited.person, action: `/invitation/${purpose.token}/school-account`, name: invited.name });
  });

  app.post('/account/school-account', { config: { action: 'account.view', stepUp: true } }, async (request, reply) => {
    const isLinked = await accountsOf(site).link(visitorOf(request).person.id, valueIn(pairsOf(request), 'proposal'), site.now());
    if (!isLinked) throw new AppError('refused', t('signIn.outside.notLinked'));
    return seeOther(reply, '/account?done=linked');
  });

  app.post('/account/school-account/remove', { config: { action: 'account.view', stepUp: true } }, async (request, reply) => {
    await accountsOf(site).unlink(visitorOf(request).person.id, site.now());
    return seeOther(reply, '/account?done=unlinked');
  });

  app.post('/invitation/:token/school-account', { config: { action: 'invitation.use' } }, async (request, reply) => {
    const token = param(request, 'token');
    const invited = await site.invitations.find(token);
    if (invited === null) throw new AppError('notFound', t('web.invitation.gone'));
    if (!await accountsOf(site).link(invited.person, valueIn(pairsOf(request), 'proposal'), site.now())) throw new AppError('refused', t('signIn.outside.notLinked'));
    await site.invitations.accept(token, null);
    return seeOther(reply, '/sign-in?why=linked');
  });
}

/** The link to an account elsewhere on one's own page; nothing where the server knows none. */
export async function schoolAccountSection({ schoolAccounts, t }: Site, request: FastifyRequest): Promise<AccountSection[]> {
  if (schoolAccounts === null) return [];
  const { title } = schoolAccounts;
  const since = await schoolAccounts.linkedSince(visitorOf(request).person.id);
  return [{
    id: 'schoolaccount', title: t('signIn.outside.title', { title }), rows: [],
    paragraphs: [since === null ? t('signIn.outside.none', { title }) : t('signIn.outside.since', { title, day: formatDay(dayOf(since)) })],
    links: since === null ? [{ href: '/account/school-account/new', text: t('signIn.outside.link', { title }) }] : [],
    forms: since === null ? [] : [{ action: '/account/school-account/remove', hidden: [], button: t('signIn.outside.unlink'), text: null }]
  }];
}

/** The account comes in place of the password; the second factor is still ours to ask. */
async function signIn(site: Site, request: FastifyRequest, reply: FastifyReply, account: OutsideAccount, next: string): Promise<FastifyReply> {
  const person = await accountsOf(site).personOf(account);
  if (person === null || (await site.people.schoolsOf(person)).length === 0) {
    await noteFailed(site);
    return sendSignIn(site, request, reply, { email: '', next, kept: '', problem: site.t('signIn.outside.unknown', { title: accountsOf(site).title }) });
  }
  const { token } = await site.sessions.start(person, site.now(), { device: deviceOf(request.headers['user-agent']), ...(request.visitor === null ? {} : { replaces: request.visitor.sessionId }) });
  setSessionCookie(reply, token, site.config);
  const to = next === '' ? takePlace(request, reply, person, site.config) : next;
  const { schools = 1, half = false } = await visitorFor(site, token) ?? {};
  const path = schools > 1 ? `/schools?next=${encodeURIComponent(to)}` : safePath(to);
  return seeOther(reply, half ? `/second-factor?next=${encodeURIComponent(path)}` : path);
}

async function noteFailed({ accessReports, now }: Site): Promise<void> {
  await accessReports.note([{ person: null, case: null, action: 'signInFailed', detail: 'schoolAccount' }], now());
}

async function go(site: Site, request: FastifyRequest, reply: FastifyReply, purpose: OutsidePurpose): Promise<FastifyReply> {
  const { address, token } = await accountsOf(site).begin(purpose, returnTo(site, request), site.now());
  keepStep(reply, token, site.config);
  return seeOther(reply, address);
}

/** Asks whether it is theirs: somebody else may be signed in on the other side in this browser. */
async function sendConfirm(site: Site, request: FastifyRequest, reply: FastifyReply, { account, person, action, name }: { account: OutsideAccount; person: string; action: string; name: string }): Promise<FastifyReply> {
  const { t } = site;
  const { title } = accountsOf(site);
  return sendPage(reply, site.render('message', {
    frame: await frameOf(site, request, { title: t('signIn.outside.title', { title }) }), heading: t('signIn.outside.confirm', { title }), paragraphs: [t('signIn.outside.confirmText', { title, name })], code: null, notices: [],
    form: { action, hidden: [{ name: 'proposal', value: await accountsOf(site).propose(person, account, site.now()) }], button: t('signIn.outside.link', { title }) }, links: [{ href: '/', text: t('signIn.outside.not') }]
  }));
}

function returnTo({ config }: Site, request: FastifyRequest): string {
  return `${config.publicUrl ?? `http://${request.headers.host ?? ''}`}/sign-in/school-account/back`;
}

function accountsOf({ schoolAccounts }: Site): SchoolAccounts {
  if (schoolAccounts === null) throw new AppError('notFound');
  return schoolAccounts;
}
