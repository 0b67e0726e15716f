import type { Overview } from '../../engine/model/overview-types.ts';
import type { Translate } from '../../texts.ts';

/** Says what stands in the way of going on where nothing is asked: the first way out this person may take but for its rules; null without one. */
export function shutWay({ now, activeSteps }: Pick<Overview, 'now' | 'activeSteps'>, t: Translate): string | null {
  if (now.type !== 'nothing') return null;
  const shut = activeSteps.flatMap(({ exits }) => exits).find(({ status, mayTake }) => status === 'refused' && mayTake);
  return shut === undefined ? null : t('web.now.shut', { exit: shut.title, reason: shut.reasons.map(({ text }) => text).join(' ') });
}
