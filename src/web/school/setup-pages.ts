import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import type { Pairs } from '../../forms/form-types.ts';
import { passwordProblem } from '../../staff/passwords.ts';
import type { School } from '../../staff/people-store.ts';
import { deviceOf } from '../sign-in/device.ts';
import { frameOf, rolesOf } from '../site/frame.ts';
import { pairsOf, param, seeOther, sendPage, valueIn } from '../site/http.ts';
import { pairsOfSchool, readSchool, schoolBlocks, shownColour } from './school-form.ts';
import type { Block } from '../views/school-view-models.ts';
import { setSessionCookie } from '../sign-in/session-cookie.ts';
import { setupRail } from './setup-rail.ts';
import type { Site } from '../site/site.ts';
import { textField } from '../site/text-field.ts';
import type { ChoiceField, TextField } from '../views/view-models.ts';
import { uploadIn } from '../site/uploads.ts';

type Problems = { [field: string]: string };
type Filled = { values: Pairs; problems: Problems };

/** The first start: the address with the token makes the school and then its first account. What comes after is for who has signed in. */
export function setupPages(app: FastifyInstance, { site }: { site: Site }): void {
  app.get('/setup/:token', { config: { action: 'setup.do' } }, async (request, reply) => {
    await checkedToken(site, request);
    const school = await site.setUp.school();
    return sendSchool(site, request, reply, school, { values: [...pairsOfSchool(school), ['practice', await practiceOf(site, school)]], problems: {} });
  });

  app.post('/setup/:token', { config: { action: 'setup.do', takesFiles: true } }, async (request, reply) => {
    const token = await checkedToken(site, request);
    const values = pairsOf(request);
    const { data, logo, problems } = readSchool(site, values, uploadIn(request, 'logo'));
    if (Object.keys(problems).length > 0 || valueIn(values, '_action') === 'look') {
      return sendSchool(site, request, reply, await site.setUp.school(), { values, problems });
    }
    const school = await site.setUp.saveSchool(token, data);
    if (school === null) throw new AppError('notFound');
    if (logo !== undefined) await site.schools.setLogo(school.id, logo, null);
    await site.schools.setSetting(school.id, practiceSetting, valueIn(values, 'practice') === 'yes' ? 'yes' : 'no', null);
    site.emergencyNumbers.forget();
    return seeOther(reply, `/setup/${token}/account`);
  });

  app.get('/setup/:token/account', { config: { action: 'setup.do' } }, async (request, reply) => sendAccount(site, request, reply, { values: [], problems: {} }));

  app.post('/setup/:token/account', { config: { action: 'setup.do' } }, async (request, reply) => {
    const token = await checkedToken(site, request);
    const school = await site.setUp.school();
    const values = pairsOf(request);
    const problems = accountProblems(site, values, school);
    if (Object.keys(problems).length > 0) return sendAccount(site, request, reply, { values, problems });
    const made = await site.setUp.complete(token, {
      name: valueIn(values, 'name').trim(), email: valueIn(values, 'email').trim(), password: valueIn(values, 'password'), roles: values.filter(([name]) => name === 'roles').map(([, value]) => value)
    });
    if (made === null) throw new AppError('notFound');
    if (await practiceOf(site, made.school) === 'yes') await site.practice.make({ passwordHash: null, guest: made.person });
    const session = await site.sessions.start(made.person.id, site.now(), { device: deviceOf(request.headers['user-agent']) });
    setSessionCookie(reply, session.token, site.config);
    return seeOther(reply, '/school/setup/key');
  });

  app.get('/setup/:token/backup', { config: { action: 'setup.do' } }, async (request, reply) => {
    const { t } = site;
    const token = await checkedToken(site, request);
    return sendPage(reply, site.render('message', {
      frame: await frameOf(site, request, { title: t('school.setup.backup.heading') }), heading: t('school.setup.backup.heading'),
      paragraphs: ['stop', 'start'].map((part) => t(`school.setup.backup.${part}`)), code: 'npm run restore -- BESTAND --replace',
      notices: [{ kind: 'info', title: null, paragraphs: [t('school.setup.backup.key')], bullets: [], numbers: [] }],
      form: null, links: [{ href: `/setup/${token}`, text: t('school.setup.backup.back') }]
    }));
  });
}

const practiceSetting = 'practiceWanted';

/** "yes", "no", or empty when nobody chose yet. */
async function practiceOf({ schools }: Site, school: School | null): Promise<string> {
  return school === null ? '' : await schools.setting(school.id, practiceSetting) ?? '';
}

/** One address for all that is not there: a used token looks like any other wrong address. */
async function checkedToken({ setUp }: Site, request: FastifyRequest): Promise<string> {
  const token = param(request, 'token');
  if (!await setUp.isToken(token)) throw new AppError('notFound');
  return token;
}

function accountProblems({ t }: Site, values: Pairs, school: School | null): Problems {
  const problems: Problems = {};
  const text = (name: string): string => valueIn(values, name).trim();
  if (text('name') === '') problems['name'] = t('web.setup.needs.name');
  if (text('email') === '') problems['email'] = t('web.setup.needs.email');
  else if (!/^[^\s@]+@[^\s@]+$/.test(text('email'))) problems['email'] = t('web.setup.badEmail');
  const weak = passwordProblem(valueIn(values, 'password'), { name: text('name'), email: text('email'), school: school?.name ?? '' });
  if (weak !== null) problems['password'] = t(`web.password.${weak}`);
  return problems;
}

async function sendSchool(site: Site, request: FastifyRequest, reply: FastifyReply, school: School | null, { values, problems }: Filled): Promise<FastifyReply> {
  const { t } = site;
  const token = param(request, 'token');
  const hasProblems = Object.keys(problems).length > 0;
  return sendPage(reply, site.render('setup', {
    frame: await frameOf(site, request, { title: t('school.setup.title'), hasProblems, theme: shownColour(values) }),
    rail: setupRail(site, { current: 'school', done: [], hrefOf: (step) => (step === 'school' || (step === 'account' && school !== null) ? addressOf(token, step) : null) }),
    heading: t('school.setup.school.heading'), intro: [t('school.setup.school.intro')], notices: [], problems: listOf(problems),
    form: {
      action: `/setup/${token}`, hidden: [], files: true, button: t('school.setup.school.button'), stop: { href: `/setup/${token}/backup`, text: t('school.setup.backup') },
      blocks: [...schoolBlocks(site, school, values, problems), ...practiceBlocks(site, valueIn(values, 'practice'))]
    }
  }), hasProblems ? 422 : 200);
}

function practiceBlocks({ t, practice }: Site, chosen: string): Block[] {
  const cases = practice.caseCount();
  return cases === 0 ? [] : [{
    kind: 'choice', choice: {
      id: 'practice', name: 'practice', label: t('school.practice'), hint: t('school.practiceHint', { n: cases }), error: null, multiple: false,
      choices: [
        { id: 'practice', value: 'yes', text: t('school.practiceYes'), hint: null, checked: chosen !== 'no' },
        { id: 'practice-no', value: 'no', text: t('school.practiceNo'), hint: null, checked: chosen === 'no' }
      ]
    }
  }];
}

async function sendAccount(site: Site, request: FastifyRequest, reply: FastifyReply, { values, problems }: Filled): Promise<FastifyReply> {
  const { t } = site;
  const token = await checkedToken(site, request);
  const school = await site.setUp.school();
  if (school === null) return seeOther(reply, `/setup/${token}`);
  const hasProblems = Object.keys(problems).length > 0;
  const field = (name: string, rest: Partial<TextField>): Block => ({ kind: 'field', field: textField({ id: name, name, label: t(`web.setup.label.${name}`), value: valueIn(values, name), error: problems[name] ?? null, ...rest }) });
  return sendPage(reply, site.render('setup', {
    frame: await frameOf(site, request, { title: t('school.setup.title'), hasProblems }),
    rail: setupRail(site, { current: 'account', done: ['school'], hrefOf: (step) => (step === 'school' || step === 'account' ? addressOf(token, step) : null) }),
    heading: t('school.setup.account.heading'), intro: [t('school.setup.account.intro', { school: school.name })], notices: [], problems: listOf(problems),
    form: {
      action: `/setup/${token}/account`, hidden: [], files: false, button: t('school.setup.account.button'), stop: null,
      blocks: [
        field('name', { autocomplete: 'name' }), field('email', { type: 'email', autocomplete: 'username' }),
        field('password', { type: 'password', autocomplete: 'new-password', hint: t('web.setup.passwordHint'), value: '' }),
        ...rolesBlock(site, values)
      ]
    }
  }), hasProblems ? 422 : 200);
}

function rolesBlock(site: Site, values: Pairs): Block[] {
  const roles = rolesOf(site);
  const ticked = values.filter(([name]) => name === 'roles').map(([, value]) => value);
  const choice: ChoiceField = {
    id: 'roles', name: 'roles', label: site.t('web.setup.roles'), hint: site.t('web.setup.rolesHint'), error: null, multiple: true,
    choices: roles.map(([value, text], index) => ({ id: index === 0 ? 'roles' : `roles-${value}`, value, text, hint: null, checked: ticked.includes(value) }))
  };
  return roles.length === 0 ? [] : [{ kind: 'choice', choice }];
}

function addressOf(token: string, step: 'school' | 'account'): string {
  return step === 'school' ? `/setup/${token}` : `/setup/${token}/account`;
}

function listOf(problems: Problems): { text: string; href: string }[] {
  return Object.entries(problems).map(([name, text]) => ({ text, href: `#${name}` }));
}
