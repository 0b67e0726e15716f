import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import type { Pairs } from '../../forms/form-types.ts';
import type { Person } from '../../staff/people-store.ts';
import { dayOf, formatDay } from '../words/format.ts';
import { adminCrumbs, frameOf, rolesOf } from '../site/frame.ts';
import { pairsOf, param, query, seeOther, sendPage, valueIn, visitorOf } from '../site/http.ts';
import { readDay } from '../words/read-day.ts';
import type { Site } from '../site/site.ts';
import { asksSecondFactor } from '../sign-in/step-up.ts';
import { textField } from '../site/text-field.ts';
import { wrongTriesNotice } from '../sign-in/wrong-tries.ts';
import type { ChoiceField, Link, TextField } from '../views/view-models.ts';

/** Colleagues: an admin adds them, says what they do here and until when, and hands over the link with which they choose a password. */
export function peoplePages(app: FastifyInstance, { site }: { site: Site }): void {
  const { t } = site;

  app.get('/people', { config: { action: 'people.view' } }, async (request, reply) => {
    const { school } = visitorOf(request);
    const staff = await site.people.staff(school.id);
    const invited = await site.invitations.open(staff.map(({ id }) => id));
    const titles = new Map(rolesOf(site));
    return sendPage(reply, site.render('people', {
      frame: await frameOf(site, request, { title: t('web.people.heading'), crumbs: adminCrumbs(site), current: 'admin' }),
      notices: await wrongTriesNotice(site, request), newHref: '/people/new',
      rows: staff.map(({ id, name, email, roles, admin, until }) => ({
        name, href: `/people/${id}`, email,
        roles: [...roles.map((role) => titles.get(role) ?? role), ...(admin ? [t('web.people.admin')] : [])].join(', '),
        notes: [...(invited.has(id) ? [t('web.people.invited')] : []), ...(until === null ? [] : [t('web.people.until', { day: formatDay(until) })])]
      }))
    }));
  });

  app.get('/people/new', { config: { action: 'people.edit', stepUp: true } }, async (request, reply) => sendEdit(site, request, reply, null, { values: null, problems: {} }));

  app.post('/people/new', { config: { action: 'people.edit', stepUp: true } }, async (request, reply) => {
    const { school, person: admin } = visitorOf(request);
    const values = pairsOf(request);
    const { fields, problems } = readPerson(site, values);
    if (Object.keys(problems).length > 0) return sendEdit(site, request, reply, null, { values, problems });
    const person = await site.people.add({ ...fields, school: school.id, passwordHash: null });
    if (person === null) return sendEdit(site, request, reply, null, { values, problems: { email: t('web.people.emailTaken') } });
    await site.cases.showToDecide(school.id);
    if (await isManagedElsewhere(site, request, person)) return seeOther(reply, '/people?done=person');
    return sendLink(site, request, reply, person, await site.invitations.invite(person.id, admin.id));
  });

  app.get('/people/:person', { config: { action: 'people.edit', stepUp: true } }, async (request, reply) => sendEdit(site, request, reply, await personOf(site, request), { values: null, problems: {} }));

  app.post('/people/:person', { config: { action: 'people.edit', stepUp: true } }, async (request, reply) => {
    const person = await personOf(site, request);
    const { school, person: admin } = visitorOf(request);
    const values = pairsOf(request);
    const { fields, problems } = readPerson(site, [...values, ['email', person.email]]);
    if (person.id === admin.id && !fields.admin) problems['admin'] = t('web.people.notYourself');
    if (Object.keys(problems).length > 0) return sendEdit(site, request, reply, person, { values, problems });
    if (!await isManagedElsewhere(site, request, person)) await site.people.rename(person.id, fields.name);
    await site.people.setRoles(person.id, school.id, fields);
    await site.cases.showToDecide(school.id);
    return seeOther(reply, '/people?done=person');
  });

  app.post('/people/:person/link', { config: { action: 'people.edit', stepUp: true } }, async (request, reply) => {
    const person = await managedPersonOf(site, request);
    return sendLink(site, request, reply, person, await site.invitations.invite(person.id, visitorOf(request).person.id));
  });

  app.post('/people/:person/sessions/end', { config: { action: 'people.edit' } }, async (request, reply) => {
    await site.sessions.endAll((await managedPersonOf(site, request)).id);
    return seeOther(reply, '/people?done=ended');
  });

  app.post('/people/:person/second-factor/reset', { config: { action: 'people.edit', stepUp: true } }, async (request, reply) => {
    await site.factors.reset((await managedPersonOf(site, request)).id, visitorOf(request).person.id, site.now());
    return seeOther(reply, '/people?done=reset');
  });
}

async function personOf(site: Site, request: FastifyRequest): Promise<Person> {
  const person = await site.people.find(param(request, 'person'), visitorOf(request).school.id);
  if (person === null) throw new AppError('notFound');
  return person;
}

/** A practice school has its own administrators, who must not get at the account that somebody has at a real school. */
async function isManagedElsewhere({ people }: Site, request: FastifyRequest, person: Person): Promise<boolean> {
  const { school } = visitorOf(request);
  return school.practice && people.isKnownElsewhere(person.id, school.id);
}

async function managedPersonOf(site: Site, request: FastifyRequest): Promise<Person> {
  const person = await personOf(site, request);
  if (await isManagedElsewhere(site, request, person)) throw new AppError('notFound');
  return person;
}

type PersonFields = { name: string; email: string; roles: string[]; admin: boolean; until: string | null };
type Problems = { [field: string]: string };

function readPerson({ t, now }: Site, values: Pairs): { fields: PersonFields; problems: Problems } {
  const text = (name: string): string => valueIn(values, name).trim();
  const problems: Problems = {};
  const fields = {
    name: text('name'), email: text('email'), roles: values.filter(([name]) => name === 'roles').map(([, value]) => value),
    admin: valueIn(values, 'admin') === 'yes', until: readDay(text('until'))
  };
  if (fields.name === '') problems['name'] = t('web.people.needsName');
  if (!/^[^\s@]+@[^\s@]+$/.test(fields.email)) problems['email'] = t('web.people.needsEmail');
  if (fields.roles.length === 0 && !fields.admin) problems['roles'] = t('web.people.needsRole');
  if (text('until') !== '' && fields.until === null) problems['until'] = t('web.people.badUntil');
  else if (fields.until !== null && fields.until < dayOf(now())) problems['until'] = t('web.people.pastUntil');
  return { fields, problems };
}

async function sendEdit(site: Site, request: FastifyRequest, reply: FastifyReply, person: Person | null, { values, problems }: { values: Pairs | null; problems: Problems }): Promise<FastifyReply> {
  const { t } = site;
  const hasProblems = Object.keys(problems).length > 0;
  const kept = values ?? (person === null ? [] : pairsFrom(person));
  const field = (name: string, rest: Partial<TextField>): TextField => textField({ id: name, name, label: t(`web.people.label.${name}`), value: valueIn(kept, name), error: problems[name] ?? null, ...rest });
  const choice = (name: string, hint: string | null, choices: [string, string][]): ChoiceField => ({
    id: name, name, label: t(`web.people.label.${name}`), hint, error: problems[name] ?? null, multiple: true,
    choices: choices.map(([value, text], index) => ({ id: index === 0 ? name : `${name}-${value}`, value, text, hint: null, checked: kept.some(([own, one]) => own === name && one === value) }))
  });
  const frame = await frameOf(site, request, { title: person === null ? t('web.people.new') : t('web.people.editTitle'), crumbs: adminCrumbs(site, { href: '/people', text: t('web.people.heading') }), hasProblems, current: 'admin' });
  return sendPage(reply, site.render('person-edit', {
    frame, heading: person?.name ?? t('web.people.new'), action: person === null ? `/people/new${fromSetup(request) ? '?next=setup' : ''}` : `/people/${person.id}`, hidden: [],
    problems: Object.entries(problems).map(([name, text]) => ({ text, href: `#${name}` })),
    fields: [
      field('name', {}), ...(person === null ? [field('email', { type: 'email', hint: t('web.people.emailHint') })] : []),
      field('until', { optional: true, width: 'short', hint: t('web.people.untilHint') })
    ],
    choices: [choice('roles', t('web.people.rolesHint'), rolesOf(site)), choice('admin', t('web.people.adminHint'), [['yes', t('web.people.adminYes')]])],
    button: t(person === null ? 'web.people.add' : 'web.people.save'), back: backLink(site, request),
    actions: person === null || await isManagedElsewhere(site, request, person) ? [] : [
      { action: `/people/${person.id}/link`, button: t('web.people.newLink'), text: t('web.people.newLinkText') },
      { action: `/people/${person.id}/sessions/end`, button: t('web.people.endSessions'), text: t('web.people.endSessionsText') },
      ...(asksSecondFactor(site, visitorOf(request).school) ? [{ action: `/people/${person.id}/second-factor/reset`, button: t('signIn.people.reset'), text: t('signIn.people.resetText') }] : [])
    ]
  }), hasProblems ? 422 : 200);
}

function fromSetup(request: FastifyRequest): boolean {
  return query(request, 'next') === 'setup';
}

/** Back to the step of the set-up that led here, else to the list. */
function backLink({ t }: Site, request: FastifyRequest): Link {
  return fromSetup(request) ? { href: '/school/setup/people', text: t('web.people.backToSetup') } : { href: '/people', text: t('web.people.back') };
}

function pairsFrom({ name, email, roles, admin, until }: Person): Pairs {
  const [year, month, day] = (until ?? '').split('-');
  return [
    ['name', name], ['email', email], ...roles.map((role): [string, string] => ['roles', role]), ['admin', admin ? 'yes' : ''],
    ['until', until === null ? '' : `${String(Number(day))}-${String(Number(month))}-${year ?? ''}`]
  ];
}

/** The link is shown once: only its hash is kept. */
async function sendLink(site: Site, request: FastifyRequest, reply: FastifyReply, person: Person, token: string): Promise<FastifyReply> {
  const { t } = site;
  const host = request.headers.host ?? '';
  const address = `${site.config.publicUrl ?? `http://${host}`}/invitation/${token}`;
  const frame = await frameOf(site, request, { title: t('web.people.linkTitle'), crumbs: adminCrumbs(site, { href: '/people', text: t('web.people.heading') }), current: 'admin' });
  return sendPage(reply, site.render('message', {
    frame, heading: t('web.people.linkHeading', { name: person.name }),
    paragraphs: [t('web.people.linkText', { name: person.name })], code: address,
    notices: [{ kind: 'warn', title: null, paragraphs: [t('web.people.linkOnce')], bullets: [], numbers: [] }],
    form: null, links: [backLink(site, request)]
  }));
}
