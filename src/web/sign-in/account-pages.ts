import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import { passwordProblem } from '../../staff/passwords.ts';
import type { Translate } from '../../texts.ts';
import { secondFactorSection } from './second-factor-pages.ts';
import { frameOf } from '../site/frame.ts';
import { sessionsSection } from './own-session-pages.ts';
import { passkeysSection } from './passkey-pages.ts';
import { pairsOf, param, seeOther, sendPage, valueIn, visitorOf } from '../site/http.ts';
import { schoolAccountSection } from './school-account-pages.ts';
import type { Site } from '../site/site.ts';
import type { TextField } from '../views/view-models.ts';

type Problems = { [field: string]: string };

/** Choosing a password with a link, and one's own page: password, second factor. */
export function accountPages(app: FastifyInstance, { site }: { site: Site }): void {
  const { t } = site;

  app.get('/invitation/:token', { config: { action: 'invitation.use' } }, async (request, reply) => {
    const invited = await site.invitations.find(param(request, 'token'));
    if (invited === null) throw new AppError('notFound', t('web.invitation.gone'));
    return sendPassword(site, request, reply, { heading: t('web.invitation.heading', { name: invited.name }), intro: t('web.invitation.intro', { email: invited.email }), action: request.url, problems: {} });
  });

  app.post('/invitation/:token', { config: { action: 'invitation.use' } }, async (request, reply) => {
    const token = param(request, 'token');
    const invited = await site.invitations.find(token);
    if (invited === null) throw new AppError('notFound', t('web.invitation.gone'));
    const password = valueIn(pairsOf(request), 'password');
    const weak = passwordProblem(password, { name: invited.name, email: invited.email, school: '' });
    if (weak !== null) {
      return sendPassword(site, request, reply, { heading: t('web.invitation.heading', { name: invited.name }), intro: t('web.invitation.intro', { email: invited.email }), action: request.url, problems: { password: t(`web.password.${weak}`) } });
    }
    if (!await site.invitations.accept(token, password)) throw new AppError('notFound', t('web.invitation.gone'));
    return seeOther(reply, '/sign-in?why=password');
  });

  app.get('/account', { config: { action: 'account.view' } }, async (request, reply) => sendAccount(site, request, reply, {}));

  app.post('/account', { config: { action: 'account.view' } }, async (request, reply) => {
    const { person, school } = visitorOf(request);
    const values = pairsOf(request);
    const problems: Problems = {};
    const weak = passwordProblem(valueIn(values, 'password'), { name: person.name, email: person.email, school: school.name });
    if (weak !== null) problems['password'] = t(`web.password.${weak}`);
    const known = weak === null ? await site.signIn({ email: person.email, password: valueIn(values, 'current'), address: request.ip, now: site.now() }) : null;
    if (known !== null && known.type !== 'signedIn') problems['current'] = t('web.account.wrongCurrent');
    if (Object.keys(problems).length > 0) return sendAccount(site, request, reply, problems);
    const token = await site.invitations.invite(person.id, person.id);
    await site.invitations.accept(token, valueIn(values, 'password'));
    return seeOther(reply, '/sign-in?why=password');
  });
}

async function sendAccount(site: Site, request: FastifyRequest, reply: FastifyReply, problems: Problems): Promise<FastifyReply> {
  const { person } = visitorOf(request);
  const { t } = site;
  const hasProblems = Object.keys(problems).length > 0;
  return sendPage(reply, site.render('account', {
    frame: await frameOf(site, request, { title: t('signIn.account.title'), hasProblems }), heading: person.name, intro: t('signIn.account.intro', { email: person.email }),
    problems: listOf(problems),
    password: { action: '/account', hidden: [], fields: [passwordField(t, 'current', 'current-password', null, problems), passwordField(t, 'password', 'new-password', t('web.account.passwordHint'), problems)], button: t('web.account.save') },
    sections: [await secondFactorSection(site, request), ...await passkeysSection(site, request), ...await schoolAccountSection(site, request), await sessionsSection(site, request)]
  }), hasProblems ? 422 : 200);
}

async function sendPassword(site: Site, request: FastifyRequest, reply: FastifyReply, page: { heading: string; intro: string; action: string; problems: Problems }): Promise<FastifyReply> {
  const { t } = site;
  const hasProblems = Object.keys(page.problems).length > 0;
  const frame = await frameOf(site, request, { title: t('web.account.title'), hasProblems });
  return sendPage(reply, site.render('password', {
    frame, heading: page.heading, intro: page.intro, action: page.action, hidden: [], problems: listOf(page.problems),
    fields: [passwordField(t, 'password', 'new-password', t('web.account.passwordHint'), page.problems)], button: t('web.account.save'),
    otherWay: site.schoolAccounts === null ? null : { href: `${page.action}/school-account`, text: t('signIn.outside.link', { title: site.schoolAccounts.title }) }
  }), hasProblems ? 422 : 200);
}

function passwordField(t: Translate, name: string, autocomplete: string, hint: string | null, problems: Problems): TextField {
  return { id: name, name, label: t(`web.account.${name}`), hint, value: '', error: problems[name] ?? null, type: 'password', autocomplete, width: null, optional: false, rows: null };
}

function listOf(problems: Problems): { text: string; href: string }[] {
  return Object.entries(problems).map(([name, text]) => ({ text, href: `#${name}` }));
}
