import type { OpenCase } from '../cases/cases.ts';
import { definitionOf, disclosurePath } from './disclosure-path.ts';
import type { Site } from './site.ts';
import type { Link } from './view-parts.ts';

/** Where what is given to who asks is prepared, and what of it waits for this person as the second one. Null: the route has none of it. */
export async function disclosureLine(site: Site, open: OpenCase): Promise<{ link: Link; waiting: { text: string; link: Link }[] } | null> {
  const { t } = site;
  if (open.access !== 'full' || definitionOf(site, open) === null) return null;
  const all = await site.disclosures.ofCase(open.stored.id);
  return {
    link: { href: `/cases/${open.stored.number}/disclosures`, text: t('disclosure.link') },
    waiting: all.filter(({ content: { verdict } }) => verdict?.verdict === 'asked' && verdict.askedBy !== open.viewer.id).map((stored) => ({
      text: t('disclosure.reading.waiting', { name: stored.content.asker.name }), link: { href: disclosurePath({ open, stored }, '/reading'), text: t('disclosure.reading.waitingLink') }
    }))
  };
}
