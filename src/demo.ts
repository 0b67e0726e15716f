import { randomBytes } from 'node:crypto';
import { makeServices, type AppParts, type Services } from './app.ts';
import { loadDemo } from './cases/load-demo.ts';
import type { Demo } from './definitions/content.ts';
import { StartProblem } from './errors.ts';
import { makePasswords } from './staff/passwords.ts';

/**
 * Makes the practice school of the first demo file, unless the database has one, and gives the lines to print: who can sign in.
 * Throws a StartProblem when the database holds real people.
 */
export async function makeDemo(parts: AppParts, services: Services, demos: Demo[]): Promise<string[]> {
  const { t } = parts;
  const schools = await services.people.schools();
  if (schools.some(({ practice }) => !practice)) throw new StartProblem('start.demoOnRealData', { folder: parts.config.dataDir });
  const [demo] = demos;
  if (demo === undefined) throw new StartProblem('start.noDemo', { folder: parts.config.contentDir });
  if (schools.length > 0) return [t('start.demoKept')];
  const password = randomBytes(9).toString('base64url');
  const hash = await makePasswords().hash(password);
  let clock = parts.now();
  const inThePast = makeServices({ ...parts, now: () => clock });
  await inThePast.library.publish([], services.library.published().map(({ model }) => model.workflow.id), clock);
  await loadDemo(demo, { services: inThePast, setClock: (moment) => { clock = moment; }, now: parts.now(), passwordHash: hash, newKey: services.newKey });
  const titles = new Map(services.library.published().flatMap(({ model }) => Object.entries(model.workflow.roles).map(([id, { title }]): [string, string] => [id, title ?? id])));
  const people = Object.values(demo.data.people).map(({ name, email, roles, admin = false }) => t('start.demoPerson', {
    name, email, role: [...roles.map((role) => titles.get(role) ?? role), ...(admin ? [t('start.demoAdmin')] : [])].join(', ')
  }));
  return [t('start.demoSchool', { school: demo.data.school.name }), ...people, t('start.demoPassword', { password })];
}
