import type { OpenCase } from '../../cases/cases.ts';
import type { Moment } from '../../engine/state/case-state.ts';
import type { KeepingView } from '../../engine/model/overview-types.ts';
import type { Kept } from '../../engine/reading/retention.ts';
import type { Translate } from '../../texts.ts';
import { dayOf, formatDay, formatShortDay } from './format.ts';

/** Says how long a case is kept, where that comes from and what happens then; null when its route says nothing. */
export function retentionText(kept: Kept | null, t: Translate): string | null {
  if (kept === null) return null;
  const { until, from, longer, goneBy, basis, then } = kept;
  const by = t(`web.retention.basis.${basis}`);
  if (until === null) return from === null ? t('web.retention.fromClosing', { by }) : t('web.retention.fromUnknown', { question: from, by });
  const end = goneBy === null ? t(`web.retention.${then}`) : t(`web.retention.${then}By`, { day: formatDay(goneBy) });
  return [t('web.retention.until', { day: formatDay(until), by }), longer === null ? end : t('web.retention.longer', { reason: longer.replace(/\.$/, '') })].join(' ');
}

/** Why and until when two people keep it longer. */
export function holdText({ t, now }: { t: Translate; now: () => Moment }, { stored }: OpenCase): string[] {
  const hold = stored.state.keeping?.hold;
  return hold == null || hold.until < dayOf(now()) ? [] : [t('retention.hold', { day: formatDay(hold.until), reason: hold.reason })];
}

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
