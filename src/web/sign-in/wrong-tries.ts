import type { FastifyRequest } from 'fastify';
import { mostWrong } from '../../cases/stores/access-report-store.ts';
import { addDays } from '../../engine/time/workdays.ts';
import { dutchZone } from '../../engine/time/zone.ts';
import { dayOf, formatWhen } from '../words/format.ts';
import { visitorOf } from '../site/http.ts';
import type { Site } from '../site/site.ts';
import type { Notice } from '../views/view-models.ts';

/** So many days back an administrator is told of. */
const days = 7;

/** Tells an administrator for which colleagues a password or code was wrong again and again, and what to do; nothing of who tried. */
export async function wrongTriesNotice(site: Site, request: FastifyRequest): Promise<Notice[]> {
  const { t } = site;
  const today = dayOf(site.now());
  const staff = await site.people.staff(visitorOf(request).school.id);
  const wrong = await site.accessReports.wrongTries(staff.map(({ id }) => id), dutchZone.startOf(addDays(today, 1 - days)));
  if (wrong.length === 0) return [];
  const names = new Map(staff.map(({ id, name }) => [id, name]));
  return [{
    kind: 'warn', title: t('signIn.wrong.title'), numbers: [], paragraphs: [t('signIn.wrong.text', { n: mostWrong, days })],
    bullets: wrong.sort((one, other) => other.count - one.count).map(({ person, count, last }) => t('signIn.wrong.line', { name: names.get(person) ?? '', n: count, when: formatWhen(last, today, t) }))
  }];
}
