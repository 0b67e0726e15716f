import type { Site } from '../site/site.ts';
import type { SetupPage } from '../views/school-view-models.ts';

/** The steps of the set-up, in order. */
export const setupSteps = ['school', 'account', 'partners', 'routes', 'people'] as const;

export type SetupStepName = (typeof setupSteps)[number];

/** The name of the setting that keeps which steps are done. */
export const setupSetting = 'setup';

/** Steps of a school with an account that are not done yet; that of the account ends with the recovery code. `text` is what the setting holds. */
export function openSteps(text: string | null): SetupStepName[] {
  const done = (text ?? '').split(' ');
  return setupSteps.slice(1).filter((step) => !done.includes(step));
}

/** Where a step after the account stands. */
export function stepHref(step: SetupStepName): string {
  return step === 'school' ? '/school' : `/school/setup/${step === 'account' ? 'key' : step}`;
}

/** The list of steps beside each page of the set-up. `hrefOf` gives null for a step that cannot be opened from here. */
export function setupRail({ t, library }: Pick<Site, 't' | 'library'>, { current, done, hrefOf }: {
  current: SetupStepName; done: readonly SetupStepName[]; hrefOf: (step: SetupStepName) => string | null;
}): SetupPage['rail'] {
  return {
    heading: t('school.setup.rail', { step: setupSteps.indexOf(current) + 1, of: setupSteps.length }),
    steps: setupSteps.map((step, index) => ({
      number: index + 1, title: t(`school.setup.step.${step}`), text: t(`school.setup.step.${step}.text`, { n: library.published().length }),
      state: step === current ? 'current' : done.includes(step) ? 'done' : 'ahead', href: hrefOf(step)
    }))
  };
}
