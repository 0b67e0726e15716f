import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import type { PasskeyPlace } from '../../staff/passkeys.ts';
import { sendCode } from './code-page.ts';
import { deviceOf, deviceText } from './device.ts';
import { dayOf, formatDay } from '../words/format.ts';
import { frameOf } from '../site/frame.ts';
import { visitorFor } from './guard.ts';
import { pairsOf, param, seeOther, sendPage, valueIn, visitorOf } from '../site/http.ts';
import { safePath, sendKept } from './kept-post.ts';
import { passkeyPlace } from './passkey-place.ts';
import { setSessionCookie } from './session-cookie.ts';
import { sendSignIn } from './session-pages.ts';
import type { Site } from '../site/site.ts';
import { asksSecondFactor } from './step-up.ts';
import { textField } from '../site/text-field.ts';
import type { AccountSection, TextField } from '../views/view-models.ts';

/** Signing in with a passkey, alone or after the password; adding one and taking one away. */
export function passkeyPages(app: FastifyInstance, { site }: { site: Site }): void {
  const { t } = site;

  app.post('/passkey/options', { config: { action: 'session.start' } }, async (request, reply) => (
    reply.send(await site.passkeys.options(request.visitor?.person.id ?? null, mustBeAt(site, request), site.now()))
  ));

  app.post('/passkey', { config: { action: 'session.start' } }, async (request, reply) => {
    const posted = pairsOf(request);
    const [next, kept] = [valueIn(posted, 'next'), valueIn(posted, 'kept')];
    const { visitor } = request;
    const person = await site.passkeys.prove(answerIn(valueIn(posted, 'answer')), mustBeAt(site, request), site.now());
    const isRight = person !== null && (visitor === null ? (await site.people.schoolsOf(person)).length > 0 : visitor.person.id === person);
    if (!isRight) {
      await site.accessReports.note([{ person: visitor?.person.id ?? null, case: null, action: 'signInFailed', detail: 'passkey' }], site.now());
      return visitor === null
        ? sendSignIn(site, request, reply, { email: '', next, kept, problem: t('signIn.passkey.wrong') })
        : sendCode(site, request, reply, { next, kept, problems: { code: t('signIn.passkey.wrong') } });
    }
    const session = visitor === null ? await site.sessions.start(person, site.now(), { second: true, device: deviceOf(request.headers['user-agent']) }) : await site.sessions.prove(visitor.sessionId, site.now());
    if (session === null) throw new AppError('notSignedIn');
    setSessionCookie(reply, session.token, site.config);
    request.visitor = await visitorFor(site, session.token);
    if (kept !== '') return sendKept(site, request, reply, { next, kept });
    return seeOther(reply, visitor === null && (request.visitor?.schools ?? 1) > 1 ? `/schools?next=${encodeURIComponent(next)}` : safePath(next));
  });

  app.get('/account/passkeys/new', { config: { action: 'account.view', stepUp: true } }, async (request, reply) => sendNew(site, request, reply, {}));

  app.post('/account/passkeys/options', { config: { action: 'account.view', stepUp: true } }, async (request, reply) => (
    reply.send(await site.passkeys.newOptions(visitorOf(request).person, mustBeAskedAt(site, request), site.now()))
  ));

  app.post('/account/passkeys/new', { config: { action: 'account.view', stepUp: true } }, async (request, reply) => {
    const posted = pairsOf(request);
    const name = nameIn(request);
    const place = mustBeAskedAt(site, request);
    if (name === '') return sendNew(site, request, reply, { name: t('signIn.passkey.needsName') });
    const isAdded = await site.passkeys.add(visitorOf(request).person.id, { name, answer: answerIn(valueIn(posted, 'answer')) }, place, site.now());
    return isAdded ? seeOther(reply, '/account?done=passkey') : sendNew(site, request, reply, { name: t('signIn.passkey.notMade') }, name);
  });

  app.get('/account/passkeys/:passkey/name', { config: { action: 'account.view' } }, async (request, reply) => sendName(site, request, reply, null));

  app.post('/account/passkeys/:passkey/name', { config: { action: 'account.view' } }, async (request, reply) => {
    const name = nameIn(request);
    if (name === '') return sendName(site, request, reply, t('signIn.passkey.needsName'));
    if (!await site.passkeys.rename(visitorOf(request).person.id, param(request, 'passkey'), name, site.now())) throw new AppError('notFound');
    return seeOther(reply, '/account?done=passkeyNamed');
  });

  app.post('/account/passkeys/:passkey/remove', { config: { action: 'account.view', stepUp: true } }, async (request, reply) => {
    await site.passkeys.remove(visitorOf(request).person.id, param(request, 'passkey'), site.now());
    return seeOther(reply, '/account?done=passkeyGone');
  });
}

/** The passkeys of somebody; null where there can be none. */
export async function passkeysSection(site: Site, request: FastifyRequest): Promise<AccountSection[]> {
  const { t } = site;
  const { person, school } = visitorOf(request);
  if (!asksSecondFactor(site, school) || passkeyPlace(site, request) === null) return [];
  const passkeys = await site.passkeys.list(person.id);
  const day = (moment: string): string => formatDay(dayOf(moment));
  return [{
    id: 'passkeys', title: t('signIn.passkey.title'), paragraphs: [t('signIn.passkey.text')], forms: [],
    rows: passkeys.map(({ id, name, madeAt, usedAt }) => ({
      title: name, text: t(usedAt === null ? 'signIn.passkey.made' : 'signIn.passkey.used', { made: day(madeAt), used: usedAt === null ? '' : day(usedAt) }),
      form: { action: `/account/passkeys/${id}/remove`, hidden: [], button: t('signIn.passkey.remove') }
    })),
    links: [...passkeys.map(({ id, name }) => ({ href: `/account/passkeys/${id}/name`, text: t('signIn.passkey.rename', { name }) })), { href: '/account/passkeys/new', text: t('signIn.passkey.add') }]
  }];
}

function nameIn(request: FastifyRequest): string {
  return valueIn(pairsOf(request), 'name').trim().slice(0, 100);
}

async function sendName(site: Site, request: FastifyRequest, reply: FastifyReply, problem: string | null): Promise<FastifyReply> {
  const { t } = site;
  const found = (await site.passkeys.list(visitorOf(request).person.id)).find(({ id }) => id === param(request, 'passkey'));
  if (found === undefined) throw new AppError('notFound');
  return sendPage(reply, site.render('question', {
    frame: await frameOf(site, request, { title: t('signIn.passkey.newName'), hasProblems: problem !== null, crumbs: [{ href: '/account', text: t('signIn.account.title') }] }),
    heading: t('signIn.passkey.newName'), paragraphs: [], action: `/account/passkeys/${found.id}/name`, hidden: [], notices: [], choices: [], problems: problem === null ? [] : [{ text: problem, href: '#name' }],
    fields: [nameField(site, problem === null ? found.name : '', problem)],
    button: t('signIn.passkey.keepName'), back: { href: '/account', text: t('signIn.account.title') }
  }), problem === null ? 200 : 422);
}

function nameField({ t }: Site, value: string, error: string | null): TextField {
  return textField({ id: 'name', name: 'name', label: t('signIn.passkey.name'), hint: t('signIn.passkey.nameHint'), value, error });
}

async function sendNew(site: Site, request: FastifyRequest, reply: FastifyReply, problems: { name?: string }, name?: string): Promise<FastifyReply> {
  const { t } = site;
  mustBeAskedAt(site, request);
  const problem = problems.name ?? null;
  return sendPage(reply, site.render('passkey-new', {
    frame: await frameOf(site, request, { title: t('signIn.passkey.new'), hasProblems: problem !== null, crumbs: [{ href: '/account', text: t('signIn.account.title') }] }),
    action: '/account/passkeys/new', hidden: [], problems: problem === null ? [] : [{ text: problem, href: '#name' }],
    name: nameField(site, name ?? deviceText(deviceOf(request.headers['user-agent']), t), problem)
  }), problem === null ? 200 : 422);
}

function mustBeAt(site: Site, request: FastifyRequest): PasskeyPlace {
  const place = passkeyPlace(site, request);
  if (place === null) throw new AppError('notFound');
  return place;
}

/** Where a password is enough, nobody adds a key to an account that may be used elsewhere too. */
function mustBeAskedAt(site: Site, request: FastifyRequest): PasskeyPlace {
  if (!asksSecondFactor(site, visitorOf(request).school)) throw new AppError('notFound');
  return mustBeAt(site, request);
}

function answerIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
