import { randomBytes } from 'node:crypto';
import type { AppParts, Services } from './app.ts';
import { StartProblem } from './errors.ts';
import { makePasswords } from './staff/passwords.ts';

/**
 * Makes the practice school, unless the database has one, and gives the lines to print: who can sign in.
 * Throws a StartProblem when the database holds a real school.
 */
export async function makeDemo({ t, config }: Pick<AppParts, 't' | 'config'>, { people: store, practice, library }: Services): Promise<string[]> {
  if ((await store.schools()).some((school) => !school.practice)) throw new StartProblem('start.demoOnRealData', { folder: config.dataDir });
  if (!practice.canMake()) throw new StartProblem('start.noDemo', { folder: config.contentDir });
  const password = randomBytes(9).toString('base64url');
  const demos = await practice.make({ passwordHash: await makePasswords().hash(password), guest: null });
  const [demo] = demos ?? [];
  if (demos === null || demo === undefined) return [t('start.demoKept')];
  const titles = new Map(library.published().flatMap(({ model }) => Object.entries(model.workflow.roles).map(([id, { title }]): [string, string] => [id, title ?? id])));
  const people = new Map(demos.flatMap(({ data }) => Object.values(data.people)).map((person) => [person.email, person]));
  const lines = [...people.values()].map(({ name, email, roles, admin = false }) => t('start.demoPerson', {
    name, email, role: [...roles.map((role) => titles.get(role) ?? role), ...(admin ? [t('start.demoAdmin')] : [])].join(', ')
  }));
  return [t('start.demoSchool', { school: demo.data.school.name }), ...lines, t('start.demoPassword', { password })];
}
