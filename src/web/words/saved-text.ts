import { draftDays } from '../../cases/stores/case-store.ts';
import type { Moment } from '../../engine/state/case-state.ts';
import { addDays } from '../../engine/time/workdays.ts';
import type { Translate } from '../../texts.ts';
import { dayOf, formatShortDay, formatWhen } from './format.ts';

/** "Concept bewaard (vandaag 14:32). U kunt verder tot en met 1 april."; null without a draft. */
export function savedText(savedAt: Moment | null, now: Moment, t: Translate): string | null {
  if (savedAt === null) return null;
  const until = addDays(dayOf(savedAt), draftDays);
  return t('web.draft.saved', { when: formatWhen(savedAt, dayOf(now), t), until: formatShortDay(until, dayOf(now)) });
}
