import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { offeredAt, replacementOf } from '../../cases/offered-routes.ts';
import { AppError } from '../../errors.ts';
import type { Pairs } from '../../forms/form-types.ts';
import type { Partner } from '../../partners/partner-store.ts';
import { formatDay } from '../words/format.ts';
import { adminCrumbs, frameOf, rolesOf } from '../site/frame.ts';
import { pairsOf, seeOther, sendPage, valueIn, visitorOf } from '../site/http.ts';
import { missingRoles, partnerRoles, rolesToCall } from '../site/partner-roles.ts';
import { telOf } from '../words/phone.ts';
import type { Block, SetupPage } from '../views/school-view-models.ts';
import { openSteps, setupRail, setupSetting, setupSteps, stepHref, type SetupStepName } from './setup-rail.ts';
import { isPrintOld, keptSetting, shownSetting } from './recovery-print.ts';
import type { Site } from '../site/site.ts';
import { textField } from '../site/text-field.ts';

/** The steps of the set-up after the account: each can be left and gone on with, by any administrator. */
export function setupStepPages(app: FastifyInstance, { site }: { site: Site }): void {
  const { t } = site;

  app.get('/school/setup/key', { config: { action: 'settings.edit' } }, async (request, reply) => sendKey(site, request, reply, {}));

  app.post('/school/setup/key', { config: { action: 'settings.edit' } }, async (request, reply) => {
    await checkKeyIsOpen(site, request);
    if (!site.recovery.isPart(valueIn(pairsOf(request), 'code'))) return sendKey(site, request, reply, { code: t('school.setup.key.wrong') });
    const { school, person } = visitorOf(request);
    const isFirst = openSteps(await site.schools.setting(school.id, setupSetting)).includes('account');
    await site.schools.setSetting(school.id, keptSetting, site.now(), person.id);
    return isFirst ? done(site, request, reply, 'account') : seeOther(reply, '/school?done=recovery');
  });

  app.get('/school/setup/partners', { config: { action: 'settings.edit' } }, async (request, reply) => sendPartners(site, request, reply, [], {}));

  app.post('/school/setup/partners', { config: { action: 'settings.edit' } }, async (request, reply) => {
    const { school, person } = visitorOf(request);
    const posted = pairsOf(request);
    const partners = await site.partners.list(school.id);
    if (partners.length === 0) {
      const chosen = valueIn(posted, 'map');
      if (chosen === '') return sendPartners(site, request, reply, posted, { map: t('school.setup.partners.chooseMap') });
      if (chosen === noMap) return done(site, request, reply, 'partners');
      const map = site.maps.find(({ file }) => file === chosen);
      if (map === undefined) throw new AppError('badRequest');
      await site.partners.load(school.id, map, person.id);
      site.emergencyNumbers.forget();
      return seeOther(reply, '/school/setup/partners');
    }
    const numbers = numbersToCheck(site, partners).map((partner) => ({ partner, phone: valueIn(posted, `phone-${partner.id}`).trim() || null, verified: isTicked(posted, partner) }));
    const unheard = numbers.filter(({ phone, verified }) => verified && telOf(phone) === null);
    if (unheard.length > 0) return sendPartners(site, request, reply, posted, Object.fromEntries(unheard.map(({ partner }) => [`phone-${partner.id}`, t('web.partner.needsNumber')])));
    for (const { partner, phone, verified } of numbers) {
      if (verified || phone !== partner.phone) await site.partners.edit(school.id, partner.id, { ...partner, phone, verified }, person.id);
    }
    site.emergencyNumbers.forget();
    return done(site, request, reply, 'partners');
  });

  app.get('/school/setup/routes', { config: { action: 'settings.edit' } }, async (request, reply) => sendRoutes(site, request, reply, null));

  app.post('/school/setup/routes', { config: { action: 'settings.edit' } }, async (request, reply) => {
    const { school, person } = visitorOf(request);
    const chosen = pairsOf(request).filter(([name]) => name === 'routes').map(([, value]) => value);
    const ids = site.library.published().map(({ model }) => model.workflow.id);
    if (ids.length > 0 && !ids.some((id) => chosen.includes(id))) return sendRoutes(site, request, reply, chosen);
    await site.schools.setRoutesOff(school.id, ids.filter((id) => !chosen.includes(id)), person.id);
    return done(site, request, reply, 'routes');
  });

  app.get('/school/setup/people', { config: { action: 'settings.edit' } }, async (request, reply) => sendPeople(site, request, reply));

  app.post('/school/setup/people', { config: { action: 'settings.edit' } }, async (request, reply) => done(site, request, reply, 'people'));
}

const noMap = '-';

/** Notes that a step is done and goes to the first that is not; after the last one to the school. */
async function done(site: Site, request: FastifyRequest, reply: FastifyReply, step: SetupStepName): Promise<FastifyReply> {
  const { school, person } = visitorOf(request);
  const kept = await site.schools.setting(school.id, setupSetting) ?? '';
  const steps = [...new Set([...kept.split(' '), step])].filter((one) => one !== '').join(' ');
  await site.schools.setSetting(school.id, setupSetting, steps, person.id);
  const [next] = openSteps(steps);
  return seeOther(reply, next === undefined ? '/school?done=setup' : stepHref(next));
}

type Problems = { [field: string]: string };
type Step = Pick<SetupPage, 'heading' | 'intro' | 'notices'> & { step: SetupStepName; blocks: Block[]; button: string; problems: Problems };

async function sendStep(site: Site, request: FastifyRequest, reply: FastifyReply, { step, blocks, button, problems, ...page }: Step): Promise<FastifyReply> {
  const { t } = site;
  const open = openSteps(await site.schools.setting(visitorOf(request).school.id, setupSetting));
  const hasProblems = Object.keys(problems).length > 0;
  return sendPage(reply, site.render('setup', {
    ...page,
    frame: await frameOf(site, request, { title: t('school.setup.title'), crumbs: adminCrumbs(site), hasProblems, current: 'admin' }),
    rail: setupRail(site, { current: step, done: setupSteps.filter((one) => !open.includes(one)), hrefOf: (one) => (one === 'account' && !open.includes(one) ? null : stepHref(one)) }),
    problems: Object.entries(problems).map(([name, text]) => ({ text, href: `#${name}` })),
    form: { action: stepHref(step), hidden: [], files: false, blocks, button, stop: { href: '/school', text: t('school.setup.stop') } }
  }), hasProblems ? 422 : 200);
}

/** The code is shown until its end was typed back, also that of a new key, and never for a practice school: who finds a screen later finds no key. */
async function checkKeyIsOpen(site: Site, request: FastifyRequest): Promise<void> {
  const { school } = visitorOf(request);
  const isFirst = openSteps(await site.schools.setting(school.id, setupSetting)).includes('account');
  if (school.practice || !(isFirst || await isPrintOld(site, school))) throw new AppError('notFound');
}

async function sendKey(site: Site, request: FastifyRequest, reply: FastifyReply, problems: Problems): Promise<FastifyReply> {
  const { t } = site;
  const { school, person } = visitorOf(request);
  await checkKeyIsOpen(site, request);
  await site.schools.setSetting(school.id, shownSetting, site.now(), person.id);
  return sendStep(site, request, reply, {
    step: 'account', heading: t('school.setup.key.heading'), intro: [t('school.setup.key.intro')], problems, button: t('school.setup.key.button'),
    notices: [{ kind: 'warn', title: null, paragraphs: [t('school.setup.key.once')], bullets: [], numbers: [] }],
    blocks: [
      { kind: 'code', label: t('school.setup.key.label', { school: school.name }), groups: site.recovery.code().split('-'), print: t('school.setup.key.print') },
      { kind: 'field', field: textField({ id: 'code', name: 'code', label: t('school.setup.key.type'), hint: t('school.setup.key.typeHint'), error: problems['code'] ?? null }) }
    ]
  });
}

/** `posted`: what was typed and cannot be kept yet. */
async function sendPartners(site: Site, request: FastifyRequest, reply: FastifyReply, posted: Pairs, problems: Problems): Promise<FastifyReply> {
  const { t } = site;
  const partners = await site.partners.list(visitorOf(request).school.id);
  if (partners.length === 0) {
    return sendStep(site, request, reply, {
      step: 'partners', heading: t('school.setup.partners.heading'), intro: [t('school.setup.partners.intro')], notices: [], problems, button: t('school.setup.partners.load'), blocks: [mapBlock(site, problems)]
    });
  }
  const missing = missingBlocks(site, partners);
  return sendStep(site, request, reply, {
    step: 'partners', heading: t('school.setup.partners.check.heading'), intro: [t('school.setup.partners.check.intro')], notices: [], problems, button: t('school.setup.partners.button'),
    blocks: [...numbersToCheck(site, partners).map((partner) => numberBlock(site, partner, posted, problems)), ...missing]
  });
}

function mapBlock({ t, maps, starter }: Site, problems: Problems): Block {
  const sorted = [...maps].sort((one, other) => Number(other.file === starter?.file) - Number(one.file === starter?.file));
  return { kind: 'choice', choice: {
    id: 'map', name: 'map', label: t('school.setup.partners.map'), hint: t('school.setup.partners.mapHint'), error: problems['map'] ?? null, multiple: false,
    choices: [
      ...sorted.map(({ file, title }, index) => ({ id: index === 0 ? 'map' : `map-${String(index)}`, value: file, text: title, hint: null, checked: file === starter?.file })),
      { id: sorted.length === 0 ? 'map' : 'map-none', value: noMap, text: t('school.setup.partners.empty'), hint: t('school.setup.partners.emptyHint'), checked: sorted.length === 0 }
    ]
  } };
}

/** Nobody calls the national emergency number to hear whether it works. */
function numbersToCheck({ t }: Site, partners: Partner[]): Partner[] {
  return partners.filter(({ emergency, phone }) => emergency && telOf(phone) !== t('web.emergency.nationalNumber'));
}

function numberBlock({ t }: Site, partner: Partner, posted: Pairs, problems: Problems): Block {
  const { id, organisation, phone, purpose, notes, verifiedOn } = partner;
  const field = `phone-${id}`;
  const tel = telOf(phone);
  return {
    kind: 'number', name: organisation, number: phone === null || tel === null ? null : { name: organisation, phone, tel, purpose, note: notes },
    phone: { id: field, name: field, label: t('school.setup.partners.phone'), hint: null, value: posted.find(([name]) => name === field)?.[1] ?? phone ?? '', error: problems[field] ?? null, type: 'tel', autocomplete: 'off', width: 'short', optional: false, rows: null },
    verified: { id: `verified-${id}`, name: 'verified', value: id, label: t('school.setup.partners.verified'), checked: isTicked(posted, partner) },
    checked: verifiedOn === null ? t('web.partner.neverVerified') : t('web.partner.lastVerified', { day: formatDay(verifiedOn) })
  };
}

function isTicked(posted: Pairs, { id }: Partner): boolean {
  return posted.some(([name, value]) => name === 'verified' && value === id);
}

/** What the routes ask for and has no number: an organisation to fill in where there is one, else one to add. */
function missingBlocks(site: Site, partners: Partner[]): Block[] {
  const { t } = site;
  const roles = partnerRoles(site);
  const called = rolesToCall(site);
  const isCalled = ({ roles: own }: Partner): boolean => own.some((role) => called.has(role));
  const hint = (needed: boolean): string | null => (needed ? t('school.setup.partners.called') : null);
  const withoutNumber = partners.filter(({ emergency, phone, roles: own }) => !emergency && telOf(phone) === null && own.some((role) => roles.has(role)));
  const rows = [
    ...withoutNumber.map((partner) => ({ title: partner.organisation, needed: isCalled(partner), link: { href: `/partners/${partner.id}?next=setup`, text: t('school.setup.partners.fillIn') } })),
    ...missingRoles(roles, partners).map(([role, title]) => ({ title, needed: called.has(role), link: { href: '/partners/new?next=setup', text: t('web.partners.new') } }))
  ].sort((one, other) => Number(other.needed) - Number(one.needed)).map(({ needed, ...row }) => ({ ...row, text: hint(needed) }));
  return rows.length === 0 ? [] : [{ kind: 'heading', text: t('school.setup.partners.missing'), hint: t('school.setup.partners.missingHint') }, { kind: 'list', rows }];
}

/** `chosen`: what was posted and is not enough. */
async function sendRoutes(site: Site, request: FastifyRequest, reply: FastifyReply, chosen: string[] | null): Promise<FastifyReply> {
  const { t } = site;
  const { school } = visitorOf(request);
  const problems: Problems = chosen === null ? {} : { routes: t('school.setup.routes.needsOne') };
  const routes = site.library.published();
  const on = routes.filter(({ model: { workflow: { id } } }) => (chosen === null ? !school.routesOff.includes(id) : chosen.includes(id)));
  const choices = routes.map((route, index) => {
    const { workflow } = route.model;
    const newer = replacementOf(route, on)?.model.workflow.title;
    return {
      id: index === 0 ? 'routes' : `routes-${workflow.id}`, value: workflow.id, text: workflow.title, checked: on.includes(route),
      hint: newer === undefined ? workflow.offer?.text ?? null : t('school.setup.routes.replaced', { route: newer })
    };
  });
  const warnings = offeredAt(on, []).flatMap(({ model: { workflow: { title, notice } } }) => (notice === undefined ? [] : [{ title, notice }]));
  return sendStep(site, request, reply, {
    step: 'routes', heading: t('school.setup.routes.heading'), intro: [t(routes.length === 0 ? 'school.setup.routes.none' : 'school.setup.routes.intro')], problems, button: t('school.setup.routes.button'),
    notices: warnings.map(({ title, notice }) => ({ kind: 'warn', title, paragraphs: [plainWords(notice)], bullets: [], numbers: [] })),
    blocks: choices.length === 0 ? [] : [{ kind: 'choice', choice: { id: 'routes', name: 'routes', label: t('school.setup.routes.label'), hint: t('school.setup.routes.hint'), error: problems['routes'] ?? null, multiple: true, choices } }]
  });
}

async function sendPeople(site: Site, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { t } = site;
  const { school, person: me } = visitorOf(request);
  const staff = await site.people.staff(school.id);
  const titles = new Map(rolesOf(site));
  const rows = staff.map(({ id, name, roles, admin }) => {
    const words = [...roles.map((role) => titles.get(role) ?? role), ...(admin ? [t('web.people.admin')] : [])].join(', ');
    return { title: name, text: id === me.id ? t('school.setup.people.you', { roles: words }) : words, link: null };
  });
  const shielded = shieldedRoles(site);
  const nobody = [...titles].filter(([role]) => !staff.some(({ roles }) => roles.includes(role))).sort(([one], [other]) => Number(shielded.has(other)) - Number(shielded.has(one)));
  return sendStep(site, request, reply, {
    step: 'people', heading: t('school.setup.people.heading'), intro: [t('school.setup.people.intro')], problems: {}, button: t('school.setup.people.button'),
    notices: nobody.length === 0 ? [] : [{
      kind: 'warn', title: t('school.setup.people.missing'), paragraphs: [t('school.setup.people.missingText')], numbers: [],
      bullets: nobody.map(([role, title]) => (shielded.has(role) ? t('school.setup.people.shielded', { role: title }) : title))
    }],
    blocks: [
      { kind: 'heading', text: t('school.setup.people.list'), hint: null },
      { kind: 'list', rows: [...rows, { title: t('school.setup.people.another'), text: t('school.setup.people.addText'), link: { href: '/people/new?next=setup', text: t('school.setup.people.add') } }] }
    ]
  });
}

/** Roles that a route hands a case to when others may not see it any more. */
function shieldedRoles({ library }: Site): ReadonlySet<string> {
  return new Set(library.published().flatMap(({ model }) => Object.values(model.workflow.events ?? {}).flatMap(({ restrict }) => restrict?.to ?? [])));
}

/** Markdown as one line of words. */
function plainWords(markdown: string): string {
  return markdown.replace(/[*_#]+/g, '').replace(/\s+/g, ' ').trim();
}
