import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../errors.ts';
import type { Pairs } from '../forms/form-types.ts';
import { passwordProblem } from '../staff/passwords.ts';
import { frameOf, rolesOf } from './frame.ts';
import { pairsOf, param, seeOther, sendPage, valueIn } from './http.ts';
import type { Site } from './site.ts';
import type { TextField } from './view-models.ts';

/** The first start: the address with the token makes the school and its first admin, once. */
export function setupPages(app: FastifyInstance, { site }: { site: Site }): void {
  app.get('/setup/:token', { config: { action: 'setup.do' } }, async (request, reply) => {
    if (!await site.setUp.isToken(param(request, 'token'))) throw new AppError('notFound');
    return sendSetup(site, request, reply, { values: [], problems: {} });
  });

  app.post('/setup/:token', { config: { action: 'setup.do' } }, async (request, reply) => {
    const token = param(request, 'token');
    if (!await site.setUp.isToken(token)) throw new AppError('notFound');
    const values = pairsOf(request);
    const problems = problemsOf(site, values);
    if (Object.keys(problems).length > 0) return sendSetup(site, request, reply, { values, problems });
    const text = (name: string): string => valueIn(values, name).trim();
    const made = await site.setUp.complete({
      token, schoolName: text('school'), name: text('name'), email: text('email'), password: valueIn(values, 'password'),
      roles: values.filter(([name]) => name === 'roles').map(([, value]) => value)
    });
    if (made === null) throw new AppError('notFound');
    site.emergencyNumbers.forget();
    return seeOther(reply, '/sign-in?why=account');
  });
}

type Filled = { values: Pairs; problems: { [field: string]: string } };

function problemsOf({ t }: Site, values: Pairs): Filled['problems'] {
  const problems: Filled['problems'] = {};
  for (const name of ['school', 'name', 'email'] as const) {
    if (valueIn(values, name).trim() === '') problems[name] = t(`web.setup.needs.${name}`);
  }
  if (problems['email'] === undefined && !/^[^\s@]+@[^\s@]+$/.test(valueIn(values, 'email').trim())) problems['email'] = t('web.setup.badEmail');
  const weak = passwordProblem(valueIn(values, 'password'), { name: valueIn(values, 'name'), email: valueIn(values, 'email'), school: valueIn(values, 'school') });
  if (weak !== null) problems['password'] = t(`web.password.${weak}`);
  return problems;
}

async function sendSetup(site: Site, request: FastifyRequest, reply: FastifyReply, { values, problems }: Filled): Promise<FastifyReply> {
  const { t } = site;
  const hasProblems = Object.keys(problems).length > 0;
  const field = (name: string, rest: Partial<TextField>): TextField => ({
    id: name, name, label: t(`web.setup.label.${name}`), hint: null, value: valueIn(values, name), error: problems[name] ?? null,
    type: 'text', autocomplete: 'off', width: null, optional: false, rows: null, ...rest
  });
  const roles = rolesOf(site);
  const ticked = values.filter(([name]) => name === 'roles').map(([, value]) => value);
  const frame = await frameOf(site, request, { title: t('web.setup.title'), hasProblems });
  return sendPage(reply, site.render('setup', {
    frame, action: `/setup/${param(request, 'token')}`, hidden: [],
    problems: Object.entries(problems).map(([name, text]) => ({ text, href: `#${name}` })),
    school: [field('school', { hint: t('web.setup.schoolHint'), autocomplete: 'organization' })],
    account: [
      field('name', { autocomplete: 'name' }), field('email', { type: 'email', autocomplete: 'username' }),
      field('password', { type: 'password', autocomplete: 'new-password', hint: t('web.setup.passwordHint'), value: '' })
    ],
    choices: roles.length === 0 ? [] : [{
      id: 'roles', name: 'roles', label: t('web.setup.roles'), hint: t('web.setup.rolesHint'), error: null, multiple: true,
      choices: roles.map(([value, text], index) => ({ id: index === 0 ? 'roles' : `roles-${value}`, value, text, hint: null, checked: ticked.includes(value) }))
    }]
  }), hasProblems ? 422 : 200);
}
