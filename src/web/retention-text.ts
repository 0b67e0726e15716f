import type { Kept } from '../engine/retention.ts';
import type { Translate } from '../texts.ts';
import { formatDay } from './format.ts';

/** Says how long a case is kept, where that comes from and what happens then; null when its route says nothing. */
export function retentionText(kept: Kept | null, t: Translate): string | null {
  if (kept === null) return null;
  const { until, from, longer, goneBy, basis, then } = kept;
  const by = t(`web.retention.basis.${basis}`);
  if (until === null) return from === null ? t('web.retention.fromClosing', { by }) : t('web.retention.fromUnknown', { question: from, by });
  const end = goneBy === null ? t(`web.retention.${then}`) : t(`web.retention.${then}By`, { day: formatDay(goneBy) });
  return [t('web.retention.until', { day: formatDay(until), by }), longer === null ? end : t('web.retention.longer', { reason: longer.replace(/\.$/, '') })].join(' ');
}
