import type { School } from '../../staff/people-store.ts';
import { openSteps, setupSetting } from './setup-rail.ts';
import type { Site } from '../site/site.ts';

/** When the code was shown last, and when its end was typed back last. */
export const shownSetting = 'recoveryCodeShown';
export const keptSetting = 'recoveryCodeKept';

/** Is the recovery code that this school printed that of a main key of before? Then it opens nothing any more. */
export async function isPrintOld({ schools, recovery }: Pick<Site, 'schools' | 'recovery'>, { id, practice }: School): Promise<boolean> {
  if (practice || openSteps(await schools.setting(id, setupSetting)).includes('account')) return false;
  const kept = await schools.setting(id, keptSetting) ?? await schools.setting(id, shownSetting) ?? '';
  return kept < recovery.since;
}
