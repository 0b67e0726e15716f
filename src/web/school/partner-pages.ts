import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import type { Pairs } from '../../forms/form-types.ts';
import type { Partner, PartnerData } from '../../partners/partner-store.ts';
import { dayOf, daysBetween, formatDay } from '../words/format.ts';
import { frameOf } from '../site/frame.ts';
import { pairsOf, param, query, seeOther, sendPage, valueIn, visitorOf } from '../site/http.ts';
import { partnerRoles, missingRoles } from '../site/partner-roles.ts';
import { telOf } from '../words/phone.ts';
import type { Site } from '../site/site.ts';
import { textField } from '../site/text-field.ts';
import type { ChoiceField, Link, PartnerNumber, PartnerRow, TextField } from '../views/view-models.ts';

/** A number is old when nobody checked it for this long (domain.md: twelve months). */
const staleAfterDays = 365;

/** The sociale kaart: everybody sees it, admins keep it. */
export function partnerPages(app: FastifyInstance, { site }: { site: Site }): void {
  const { t } = site;

  app.get('/partners', { config: { action: 'partners.view' } }, async (request, reply) => {
    const { school, person } = visitorOf(request);
    const search = query(request, 'zoek').trim();
    const kind = query(request, 'soort');
    const today = dayOf(site.now());
    const roles = partnerRoles(site);
    const partners = await site.partners.list(school.id);
    const editHref = (id: string): string | null => (person.admin ? `/partners/${id}` : null);
    const shown = partners.filter((partner) => matches(partner, search) && (kind === '' || partner.roles.includes(kind)));
    const groups = [
      { title: t('web.partners.all'), rows: shown.map((partner) => rowOf(partner, { today, roles, editHref: editHref(partner.id), site })) },
      { title: t('web.partners.missing'), rows: search !== '' || kind !== '' ? [] : missingRoles(roles, partners).map(([, title]) => missingRow(site, title, person.admin)) }
    ];
    return sendPage(reply, site.render('partners', {
      frame: await frameOf(site, request, { title: t('web.partners.heading'), current: 'partners' }),
      newHref: person.admin ? '/partners/new' : null, files: [{ href: '/partners/print', text: t('web.partners.print') }, ...(person.admin ? [{ href: '/partners/file', text: t('web.partners.file') }, { href: '/partners/import', text: t('web.partners.import') }] : [])],
      emergency: emergencyOf(site, partners, today),
      search: {
        action: '/partners', text: search, active: search !== '' || kind !== '',
        kinds: [{ value: '', text: t('web.partners.allKinds'), selected: kind === '' }, ...[...roles].map(([value, text]) => ({ value, text, selected: value === kind }))]
      },
      groups: groups.filter(({ rows }) => rows.length > 0),
      empty: shown.length > 0 ? null : t(search === '' ? 'web.partners.none' : 'web.partners.noneFound', { search })
    }));
  });

  app.get('/partners/new', { config: { action: 'partners.edit' } }, async (request, reply) => sendEdit(site, request, reply, null, null));

  app.post('/partners/new', { config: { action: 'partners.edit' } }, async (request, reply) => {
    const read = readFields(site, pairsOf(request));
    if (hasProblems(read)) return sendEdit(site, request, reply, null, read);
    const { school, person } = visitorOf(request);
    await site.partners.add(school.id, read.fields, person.id);
    site.emergencyNumbers.forget();
    return seeOther(reply, afterEdit(request));
  });

  app.get('/partners/:partner', { config: { action: 'partners.edit' } }, async (request, reply) => sendEdit(site, request, reply, await partnerOf(site, request), null));

  app.post('/partners/:partner', { config: { action: 'partners.edit' } }, async (request, reply) => {
    const partner = await partnerOf(site, request);
    const posted = pairsOf(request);
    const by = visitorOf(request).person.id;
    const read = readFields(site, posted);
    if (hasProblems(read)) return sendEdit(site, request, reply, partner, read);
    await site.partners.edit(partner.school, partner.id, read.fields, by);
    site.emergencyNumbers.forget();
    return seeOther(reply, afterEdit(request));
  });

  app.get('/partners/:partner/retirement', { config: { action: 'partners.edit' } }, async (request, reply) => sendRetirement(site, request, reply, await partnerOf(site, request)));

  app.post('/partners/:partner/retirement', { config: { action: 'partners.edit' } }, async (request, reply) => {
    const partner = await partnerOf(site, request);
    const successor = valueIn(pairsOf(request), 'successor') || null;
    if (successor !== null && !(await site.partners.list(partner.school)).some(({ id }) => id === successor && id !== partner.id)) throw new AppError('badRequest');
    await site.partners.retire(partner.school, partner.id, successor, visitorOf(request).person.id);
    site.emergencyNumbers.forget();
    return seeOther(reply, '/partners?done=retired');
  });
}

/** Back to the step of the set-up that led here, else to the directory. */
function afterEdit(request: FastifyRequest): string {
  return query(request, 'next') === 'setup' ? '/school/setup/partners?done=partner' : '/partners?done=partner';
}

async function partnerOf(site: Site, request: FastifyRequest): Promise<Partner> {
  const partners = await site.partners.list(visitorOf(request).school.id);
  const partner = partners.find(({ id }) => id === param(request, 'partner'));
  if (partner === undefined) throw new AppError('notFound');
  return partner;
}

type PartnerValues = PartnerData & { verified: boolean };
type Read = { fields: PartnerValues; problems: { [field: string]: string } };

function readFields({ t }: Site, posted: Pairs): Read {
  const text = (name: string): string | null => valueIn(posted, name).trim() || null;
  const ticked = (name: string): boolean => posted.some(([own, value]) => own === name && value === 'yes');
  const fields: PartnerValues = {
    organisation: text('organisation') ?? '', contactPerson: text('contactPerson'), address: text('address'), phone: text('phone'), email: text('email'), notes: text('notes'), purpose: text('purpose'),
    services: valueIn(posted, 'services').split(/[\r\n|]+/).map((line) => line.trim()).filter((line) => line !== ''),
    roles: posted.filter(([name]) => name === 'roles').map(([, value]) => value),
    emergency: ticked('emergency'), verified: ticked('verified')
  };
  return { fields, problems: {
    ...(fields.organisation === '' ? { organisation: t('web.partner.needsName') } : {}),
    ...(fields.verified && telOf(fields.phone) === null ? { phone: t('web.partner.needsNumber') } : {})
  } };
}

function hasProblems({ problems }: Read): boolean {
  return Object.keys(problems).length > 0;
}

async function sendEdit(site: Site, request: FastifyRequest, reply: FastifyReply, partner: Partner | null, read: Read | null): Promise<FastifyReply> {
  const { t } = site;
  const values = read?.fields ?? partner;
  const today = dayOf(site.now());
  const field = (name: Exclude<keyof PartnerData, 'roles' | 'emergency'>, rest: Partial<TextField> = {}): TextField => (
    textField({ id: name, name, label: t(`web.partner.${name}`), value: [values?.[name] ?? ''].flat().join('\n'), error: read?.problems[name] ?? null, optional: true, ...rest })
  );
  const isRefused = read !== null && hasProblems(read);
  const fromSetup = query(request, 'next') === 'setup';
  const choices: ChoiceField[] = [
    choiceOf('roles', t('web.partner.roles'), t('web.partner.rolesHint'), [...partnerRoles(site)].map(([value, text]) => ({ value, text, checked: values?.roles.includes(value) === true }))),
    choiceOf('emergency', t('web.partner.emergency'), null, [{ value: 'yes', text: t('web.partner.emergencyYes'), checked: values?.emergency === true }]),
    ...(telOf(partner?.phone ?? null) === t('web.emergency.nationalNumber') ? [] : [choiceOf('verified', t('web.partner.verified'), partner?.verifiedOn == null ? t('web.partner.neverVerified') : t('web.partner.lastVerified', { day: formatDay(partner.verifiedOn) }), [{ value: 'yes', text: t('web.partner.verifiedYes'), checked: read?.fields.verified === true }])])
  ];
  const stale = partner !== null && partner.emergency && isStale(partner, today) && telOf(partner.phone) !== t('web.emergency.nationalNumber');
  const frame = await frameOf(site, request, {
    title: partner?.organisation ?? t('web.partners.new'), crumbs: [{ href: '/partners', text: t('web.nav.partners') }], hasProblems: isRefused, current: 'partners'
  });
  return sendPage(reply, site.render('partner-edit', {
    frame, heading: partner?.organisation ?? t('web.partners.new'), action: `/partners/${partner?.id ?? 'new'}${fromSetup ? '?next=setup' : ''}`, hidden: [],
    problems: Object.entries(read?.problems ?? {}).map(([name, text]) => ({ text, href: `#${name}` })),
    notices: stale ? [{ kind: 'warn', title: t('web.partner.staleTitle'), paragraphs: [t('web.partner.staleText')], bullets: [], numbers: [] }] : [],
    fields: [
      field('organisation', { optional: false, autocomplete: 'organization' }),
      field('phone', { type: 'tel', width: 'short', hint: t('web.partner.phoneHint') }),
      field('purpose', { hint: t('web.partner.purposeHint') }), field('contactPerson'), field('email', { type: 'email' }), field('address'), field('notes', { rows: 3, hint: t('web.partner.notesHint') }),
      field('services', { rows: 4, hint: t('web.partner.servicesHint') })
    ],
    choices, button: t('web.partner.save'), back: { href: fromSetup ? '/school/setup/partners' : '/partners', text: t('web.partner.back') },
    side: [
      { title: t('web.partner.sideTitle'), paragraphs: [t('web.partner.sideRoles'), t('web.partner.sideDocuments')], link: null },
      ...(partner === null ? [] : [{ title: t('web.partner.retire'), paragraphs: [t('web.partner.retireHint')], link: { href: `/partners/${partner.id}/retirement`, text: t('web.partner.retireYes') } }])
    ]
  }), isRefused ? 422 : 200);
}

/** Nothing is thrown away: old cases and documents keep naming the organisation. */
async function sendRetirement(site: Site, request: FastifyRequest, reply: FastifyReply, { id, school, organisation }: Partner): Promise<FastifyReply> {
  const { t } = site;
  const others = (await site.partners.list(school)).filter((other) => other.id !== id);
  const successors = [{ value: '', text: t('web.partner.noSuccessor'), checked: true }, ...others.map((other) => ({ value: other.id, text: other.organisation, checked: false }))];
  const frame = await frameOf(site, request, { title: organisation, crumbs: [{ href: '/partners', text: t('web.nav.partners') }, { href: `/partners/${id}`, text: organisation }], current: 'partners' });
  return sendPage(reply, site.render('question', {
    frame, heading: t('web.partner.retireHeading', { name: organisation }), paragraphs: [t('web.partner.retireHint')], action: `/partners/${id}/retirement`, hidden: [], problems: [], notices: [],
    choices: others.length === 0 ? [] : [choiceOf('successor', t('web.partner.successor'), t('web.partner.successorHint'), successors, false)], fields: [],
    button: t('web.partner.retireButton'), back: { href: `/partners/${id}`, text: t('web.partner.retireBack') }
  }));
}

function choiceOf(name: string, label: string, hint: string | null, choices: { value: string; text: string; checked: boolean }[], multiple = true): ChoiceField {
  return { id: name, name, label, hint, error: null, multiple, choices: choices.map((choice, index) => ({ ...choice, id: index === 0 ? name : `${name}-${String(index)}`, hint: null })) };
}

function missingRow({ t }: Site, name: string, isAdmin: boolean): PartnerRow {
  return { name, text: t(isAdmin ? 'web.partners.missingAdmin' : 'web.partners.missingText'), phone: null, stale: null, checked: null, links: isAdmin ? [{ href: '/partners/new', text: t('web.partners.new') }] : [], editHref: null };
}

function rowOf(partner: Partner, { today, roles, editHref, site: { t } }: { today: string; roles: ReadonlyMap<string, string>; editHref: string | null; site: Site }): PartnerRow {
  const tel = telOf(partner.phone);
  const offer = partner.services.length === 0 ? null : t('web.partners.offers', { services: partner.services.join(', ') });
  const words = [partner.contactPerson, partner.notes, partner.address, offer].filter((part) => part !== null);
  const titles = partner.roles.map((role) => roles.get(role)).filter((title) => title !== undefined && title !== partner.organisation);
  return {
    name: partner.organisation,
    text: [...words, ...(titles.length === 0 ? [] : [t('web.partners.for', { roles: titles.join(', ') })])].map(withStop).join(' ') || null,
    phone: partner.phone === null || tel === null ? null : { text: partner.phone, tel },
    stale: tel !== null && isStale(partner, today) ? t('web.partners.stale') : null,
    checked: partner.verifiedOn === null ? (tel === null ? null : t('web.partners.neverChecked')) : t('web.partners.checked', { day: formatDay(partner.verifiedOn) }),
    links: linksOf(partner), editHref
  };
}

function linksOf({ email }: Partner): Link[] {
  return email === null || !/^[^\s@]+@[^\s@]+$/.test(email) ? [] : [{ href: `mailto:${email}`, text: email }];
}

/** The block "Bij nood": the national number, then those of the school that are marked. */
export function emergencyOf({ t }: Site, partners: Partner[], today: string): PartnerNumber[] {
  const national = t('web.emergency.nationalNumber');
  const own = partners.filter(({ emergency, phone }) => emergency && telOf(phone) !== national).flatMap((partner): PartnerNumber[] => {
    const tel = telOf(partner.phone);
    if (partner.phone === null || tel === null) return [];
    const stale = !isStale(partner, today) ? null : partner.verifiedOn === null ? t('web.partners.neverChecked.full') : t('web.partners.notCheckedFor', { n: Math.floor(daysBetween(partner.verifiedOn, today) / 30.44) });
    return [{ name: partner.organisation, phone: partner.phone, tel, stale, note: [partner.notes, partner.verifiedOn === null || stale !== null ? null : `${t('web.partners.checked', { day: formatDay(partner.verifiedOn) })}.`].filter((part) => part !== null).join(' ') || null }];
  });
  return [{ name: t('web.emergency.national'), phone: national, tel: national, stale: null, note: t('web.emergency.always') }, ...own];
}

function isStale({ verifiedOn }: Partner, today: string): boolean {
  return verifiedOn === null || daysBetween(verifiedOn, today) > staleAfterDays;
}

function matches({ organisation, contactPerson, address, notes, services }: Partner, search: string): boolean {
  return [organisation, contactPerson, address, notes, ...services].join(' ').toLocaleLowerCase('nl').includes(search.toLocaleLowerCase('nl'));
}

function withStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
