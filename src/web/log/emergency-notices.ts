import type { OpenCase } from '../../cases/cases.ts';
import type { EmergencyOpening } from '../../cases/stores/emergency-store.ts';
import { dayOf, formatTime, formatWhen } from '../words/format.ts';
import { namesFor, type NameOf } from '../site/names.ts';
import type { Site } from '../site/site.ts';
import type { Link, Notice } from '../views/view-models.ts';

/** The red banners of a case that somebody has open in an emergency now; to that person it says so as well. */
export async function emergencyBanners(site: Site, { stored }: OpenCase, reader: string): Promise<Notice[]> {
  const openings = (await site.cases.emergency.ofCase(stored.id)).filter(({ endsAt }) => endsAt > site.now());
  const nameOf = await namesFor(site, reader, openings.map(({ person }) => person));
  return openings.map((opening) => noticeOf(site, opening, nameOf, 'error'));
}

/** What somebody has not read yet, for the top of the work list. */
export async function emergencyLines(site: Site, { id, school }: { id: string; school: string }): Promise<Link[]> {
  const unread = await site.cases.emergency.unread(id, school);
  const nameOf = await namesFor(site, id, unread.map(({ person }) => person));
  return unread.map(({ number, person, at }) => ({ href: `/cases/${number}/emergency-access`, text: site.t('breakGlass.told', { number, name: nameOf(person), when: formatWhen(at, dayOf(site.now()), site.t) }) }));
}

/** One time that a case was opened so. */
export function noticeOf({ t, now }: Site, { person, at, endsAt, reason }: EmergencyOpening, nameOf: NameOf, kind: 'warn' | 'error'): Notice {
  const when = { name: nameOf(person), when: formatWhen(at, dayOf(now()), t), until: formatTime(endsAt) };
  return {
    kind, title: t('breakGlass.banner'), paragraphs: [t(endsAt > now() ? 'breakGlass.running' : 'breakGlass.ended', when), t('breakGlass.reasonGiven', { reason })], bullets: [], numbers: []
  };
}
