import type { OpenCase } from '../cases/cases.ts';
import { dayOf, formatDay } from './format.ts';
import type { Site } from './site.ts';

/** Why and until when two people keep it longer. */
export function holdText({ t, now }: Pick<Site, 't' | 'now'>, { stored }: OpenCase): string[] {
  const hold = stored.state.keeping?.hold;
  return hold == null || hold.until < dayOf(now()) ? [] : [t('retention.hold', { day: formatDay(hold.until), reason: hold.reason })];
}
