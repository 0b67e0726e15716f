import type { OpenCase } from '../../cases/cases.ts';
import { definitionOf, disclosurePath } from './disclosure-path.ts';
import { namesFor } from '../site/names.ts';
import type { Site } from '../site/site.ts';
import type { Link } from '../views/view-parts.ts';

/** What waits for somebody as the second person, for the top of the work list: by number, since the list shows no names of whom a case is about. */
export async function disclosureLines(site: Site, { id, school }: { id: string; school: string }): Promise<Link[]> {
  const waiting = await site.disclosures.waiting(id, school);
  const nameOf = await namesFor(site, id, waiting.map(({ stored }) => stored.content.verdict?.askedBy ?? null));
  const open = await Promise.all(waiting.map(async (one) => ({ ...one, definition: definitionOf(site, { route: await site.library.route(one.bundle) }) })));
  return open.filter(({ definition }) => definition !== null).map(({ number, stored }) => ({
    href: disclosurePath({ open: { stored: { number } }, stored }, '/reading'), text: site.t('disclosure.reading.waitingList', { number, name: nameOf(stored.content.verdict?.askedBy ?? null) })
  }));
}

/** Where what is given to who asks is prepared, and what of it waits for this person as the second one. Null: the route has none of it. */
export async function disclosureLine(site: Site, open: OpenCase): Promise<{ link: Link; waiting: { text: string; link: Link }[] } | null> {
  const { t } = site;
  if (open.access !== 'full' || definitionOf(site, open) === null) return null;
  const waiting = await site.disclosures.waitingIn(open.stored.id, open.viewer.id);
  return {
    link: { href: `/cases/${open.stored.number}/disclosures`, text: t('disclosure.link') },
    waiting: waiting.map((stored) => ({
      text: t('disclosure.reading.waiting', { name: stored.content.asker.name }), link: { href: disclosurePath({ open, stored }, '/reading'), text: t('disclosure.reading.waitingLink') }
    }))
  };
}
