import type { FastifyRequest } from 'fastify';
import type { School } from '../../staff/people-store.ts';
import { query } from './http.ts';
import type { Site, Visitor } from './site.ts';
import type { Link, PageFrame } from '../views/view-models.ts';

/** `theme`: a colour to show the page in, instead of that of the school. */
export type FrameOptions = { title: string; crumbs?: Link[]; hasProblems?: boolean; current?: 'cases' | 'partners' | 'admin'; theme?: string | null };

/** What a page may say at its top after a post, by the word in ?done=. */
const doneWords: { [word: string]: 'ok' | 'warn' } = {
  frozen: 'ok', disclosureAsked: 'ok', disclosureApproved: 'ok', disclosureReturned: 'ok', disclosureRemoved: 'ok', disclosureSaved: 'ok', fileAdded: 'ok', signing: 'ok',
  reset: 'ok', loggedOut: 'ok', passkey: 'ok', passkeyGone: 'ok', passkeyNamed: 'ok', linked: 'ok', unlinked: 'ok',
  school: 'ok', settings: 'ok', setup: 'ok', practice: 'ok', practiceGone: 'ok', switched: 'ok', password: 'ok',
  saved: 'ok', carriedOver: 'ok', draft: 'ok', started: 'ok', boardTold: 'ok', waived: 'ok', moved: 'ok', closed: 'ok', partner: 'ok', retired: 'ok', account: 'ok', person: 'ok', ended: 'ok', corrected: 'ok', handedOver: 'ok', lifted: 'ok', breakGlass: 'warn', breakGlassRead: 'ok', handed: 'ok', reviewed: 'ok', gaveBack: 'ok', tookBack: 'ok', reopened: 'ok', versionMoved: 'ok', versionUndone: 'ok', discarded: 'ok', keepingProposed: 'ok', keepingWithdrawn: 'ok', keptLonger: 'ok', destroyed: 'ok', stillUnknown: 'ok', recovery: 'ok', already: 'warn', changed: 'warn', typed: 'warn'
};

/** Makes the frame around a page: title, bars, menu. The title never holds a name of a child. */
export async function frameOf(site: Site, request: FastifyRequest, { title, crumbs = [], hasProblems = false, current, theme }: FrameOptions): Promise<PageFrame> {
  const { visitor } = request;
  // The page that tells of a fault comes through here as well: a database that does not answer leaves our own colour.
  const school = visitor?.school ?? await site.schools.only().catch(() => null);
  return {
    title, hasProblems, crumbs,
    school: school === null ? null : { name: school.name, logo: logoOf(school) },
    theme: themeOf(theme ?? school?.colour ?? null),
    person: visitor === null ? null : { name: visitor.person.name, roleTitle: roleTitle(site, visitor), href: visitor.half ? '/second-factor' : '/account' },
    schools: visitor === null || visitor.half || visitor.schools < 2 ? null : { href: '/schools', text: site.t('school.choose.menu') },
    nav: visitor === null ? [] : navOf(site, visitor, current),
    csrf: visitor?.csrf ?? null,
    session: visitor === null ? null : { seconds: secondsLeft(site, visitor), person: visitor.person.id },
    coverAction: visitor === null ? null : '/cover',
    signOutAction: visitor === null ? null : '/sign-out',
    emergency: { numbers: (await site.emergencyNumbers.of(visitor?.school.id ?? null)).slice(0, 2) },
    flash: flashOf(site, query(request, 'done')),
    demo: visitor?.school.practice ?? false
  };
}

/** So many seconds until the session of a visitor ends if nothing is asked any more. */
export function secondsLeft({ now }: Pick<Site, 'now'>, { endsAt }: Pick<Visitor, 'endsAt'>): number {
  return Math.round((Date.parse(endsAt) - Date.parse(now())) / 1_000);
}

/** Address of the picture of a school; null without one. It changes with the picture. */
export function logoOf({ id, logo }: School): string | null {
  return logo === null ? null : `/assets/logo/${id}/${logo}`;
}

/** Address of the stylesheet of a colour. */
function themeOf(colour: string | null): string | null {
  return colour === null ? null : `/assets/theme/${colour.slice(1)}.css`;
}

/** The way back in the crumbs of a page for administrators. */
export function adminCrumbs({ t }: Pick<Site, 't'>, ...inside: Link[]): Link[] {
  return [{ href: '/school', text: t('school.nav') }, ...inside];
}

/** The way back in the crumbs of a page inside a case. */
export function caseCrumbs(site: Site, inside: Link | null): Link[] {
  return [{ href: '/cases', text: site.t('web.nav.cases') }, ...(inside === null ? [] : [inside])];
}

/** The words for what somebody is at school: the first of their roles that a route names. */
export function roleTitle(site: Pick<Site, 't' | 'library'>, { person }: Pick<Visitor, 'person'>): string {
  return roleTitleOf(site, person.roles) ?? site.t(person.admin ? 'web.role.admin' : 'web.role.none');
}

/** The title of the first of these roles that a published route knows, as it stands in a sentence. */
export function roleTitleOf({ library }: Pick<Site, 'library'>, roles: readonly string[]): string | null {
  for (const role of roles) {
    for (const { model } of library.published()) {
      const title = model.workflow.roles[role]?.title;
      if (title !== undefined) return title.charAt(0).toLocaleLowerCase('nl') + title.slice(1);
    }
  }
  return null;
}

function navOf({ t }: Site, { person, half }: Visitor, current: FrameOptions['current']): PageFrame['nav'] {
  if (half) return [{ href: '/second-factor', text: t('signIn.half.code'), current: false }];
  const cases = { href: '/cases', text: t('web.nav.cases'), current: current === 'cases' };
  const partners = { href: '/partners', text: t('web.nav.partners'), current: current === 'partners' };
  const admin = { href: '/school', text: t('school.nav'), current: current === 'admin' };
  return [...(person.roles.length === 0 ? [] : [cases]), partners, ...(person.admin ? [admin] : [])];
}

/** The roles of the published routes with their titles, each once, in file order. */
export function rolesOf({ library }: Pick<Site, 'library'>): [string, string][] {
  return [...new Map(library.published().flatMap(({ model }) => Object.entries(model.workflow.roles).map(([id, { title }]): [string, string] => [id, title ?? id])))];
}

function flashOf({ t }: Site, word: string): PageFrame['flash'] {
  const kind = Object.hasOwn(doneWords, word) ? doneWords[word] : undefined;
  return kind === undefined ? null : { kind, text: t(`web.done.${word}`) };
}
