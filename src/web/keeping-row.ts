import type { KeepingView } from '../engine/overview-types.ts';
import type { Translate } from '../texts.ts';
import { formatShortDay } from './format.ts';

/** What is asked of this person about keeping a closed case, in a few words. */
export function keepingTitle({ why, proposed, byYou }: KeepingView, t: Translate): string {
  if (proposed !== null) return byYou ? t('retention.row.waits') : t(`retention.row.${proposed.what}`);
  return t(why === 'start' ? 'retention.row.start' : 'retention.row.term');
}

/** Since when, or by when, as the last column of a list. */
export function keepingDue({ why, since, goneBy }: KeepingView, today: string, t: Translate): { main: string; late: boolean } {
  if (goneBy !== null) return { main: t('retention.due.goneBy', { day: formatShortDay(goneBy, today) }), late: goneBy < today };
  return { main: t(why === 'term' ? 'retention.due.since' : `retention.due.since.${why}`, { day: formatShortDay(since, today) }), late: false };
}
