import type { ToldView } from '../../engine/model/overview-types.ts';
import type { Translate } from '../../texts.ts';
import { formatWeekday } from './format.ts';

/** Says what somebody was told of a term: what is asked before which day, or what should have been done by then. */
export function toldText({ kind, title, due }: ToldView, t: Translate): string {
  return t(`web.told.${kind}`, { title, day: formatWeekday(due.day) });
}
