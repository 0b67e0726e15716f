import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { auditOf, type Audited, isNotable } from '../../cases/access-audit.ts';
import { addDays } from '../../engine/time/workdays.ts';
import { dutchZone } from '../../engine/time/zone.ts';
import { AppError } from '../../errors.ts';
import { mayAudit } from './audit.ts';
import { capitalise, dayOf, formatDay, formatList, formatMonth, formatWeekday } from '../words/format.ts';
import { frameOf } from '../site/frame.ts';
import { pairsOf, query, seeOther, sendPage, valueIn, visitorOf } from '../site/http.ts';
import { namesFor } from '../site/names.ts';
import type { Site } from '../site/site.ts';
import { textField } from '../site/text-field.ts';

/** As much as a field of a form takes. */
const mostCharacters = 2_000;

/** "Kijk na wie dossiers heeft bekeken": once a month, for whoever a route names under access.audit, about the cases they see themselves. */
export function accessReviewPages(app: FastifyInstance, { site }: { site: Site }): void {
  app.get('/access-log', { config: { action: 'accessLog.audit' } }, async (request, reply) => {
    if (!mayAudit(site, request)) throw new AppError('notFound');
    return sendReview(site, request, reply, monthAsked(site, query(request, 'maand')), null);
  });

  app.post('/access-log/reviews', { config: { action: 'accessLog.audit' } }, async (request, reply) => {
    if (!mayAudit(site, request)) throw new AppError('notFound');
    const { person, school } = visitorOf(request);
    const month = monthAsked(site, valueIn(pairsOf(request), 'month'));
    const remark = valueIn(pairsOf(request), 'remark').trim();
    if (month > monthBefore(monthOf(site))) throw new AppError('badRequest');
    if (remark.length > mostCharacters) return sendReview(site, request, reply, month, { remark, problem: 'tooLong' });
    if (remark === '' && (await auditedIn(site, request, month)).some(isNotable)) return sendReview(site, request, reply, month, { remark, problem: 'needed' });
    await site.accessReviews.tickOff({ id: person.id, school: school.id }, { month, at: site.now(), remark });
    return seeOther(reply, `/access-log?maand=${month}&done=reviewed`);
  });
}

/** The month somebody still has to look at, YYYY-MM: the one before this, when anything was seen of their cases and they have not ticked it off. Null: none. */
export async function monthToReview(site: Site, request: FastifyRequest): Promise<string | null> {
  if (!mayAudit(site, request)) return null;
  const { person, school } = visitorOf(request);
  const reviewer = { id: person.id, school: school.id };
  const month = monthBefore(monthOf(site));
  if (await site.accessReviews.isDone(reviewer, month)) return null;
  return await site.accessReports.hasLines(reviewer, momentsOf(month)) ? month : null;
}

function monthOf({ now }: Pick<Site, 'now'>): string {
  return dayOf(now()).slice(0, 7);
}

function monthBefore(month: string): string {
  return addDays(`${month}-01`, -1).slice(0, 7);
}

function monthAfter(month: string): string {
  return addDays(`${month}-28`, 4).slice(0, 7);
}

/** The month of an address or post; the one before this where it names none, or one that is still to come. */
function monthAsked(site: Site, text: string): string {
  return /^20\d{2}-(0[1-9]|1[0-2])$/.test(text) && text <= monthOf(site) ? text : monthBefore(monthOf(site));
}

function momentsOf(month: string): { from: string; until: string } {
  return { from: dutchZone.startOf(`${month}-01`), until: dutchZone.startOf(`${monthAfter(month)}-01`) };
}

/** Of a practice school nothing is counted that somebody does at a real one. */
async function auditedIn(site: Site, request: FastifyRequest, month: string): Promise<Audited[]> {
  const { person, school } = visitorOf(request);
  const staff = (await site.people.staff(school.id)).map(({ id }) => id);
  const known = school.practice ? await Promise.all(staff.map(async (id) => (await site.people.isKnownElsewhere(id, school.id) ? [] : [id]))) : [staff];
  return auditOf(await site.accessReports.counted({ id: person.id, school: school.id }, known.flat(), momentsOf(month)), dutchZone);
}

type Filled = { remark: string; problem: 'needed' | 'tooLong' };

async function sendReview(site: Site, request: FastifyRequest, reply: FastifyReply, month: string, filled: Filled | null): Promise<FastifyReply> {
  const { t } = site;
  const { person, school } = visitorOf(request);
  await site.accessReports.note([{ person: person.id, case: null, action: 'viewLog', detail: month }], site.now());
  const before = await site.accessReports.destroyedBefore(null);
  const isGone = before !== null && momentsOf(month).until <= before;
  const counted = await auditedIn(site, request, month);
  const nameOf = await namesFor(site, person.id, counted.map((one) => one.person));
  const audited = counted.sort((one, other) => nameOf(one.person).localeCompare(nameOf(other.person), 'nl'));
  const reviews = await site.accessReviews.of({ id: person.id, school: school.id });
  const done = reviews.find((one) => one.month === month);
  const [lastDay, firstDay] = [addDays(`${monthAfter(month)}-01`, -1), `${month}-01`];
  const period = `?${new URLSearchParams({ van: dutch(firstDay), tot: dutch(lastDay) }).toString()}`;
  const problem = filled === null ? null : t(`log.review.${filled.problem}`, { n: mostCharacters });
  const heading = t('log.review.heading', { month: formatMonth(month) });
  return sendPage(reply, site.render('access-review', {
    frame: await frameOf(site, request, { title: t('log.review.title'), crumbs: [{ href: '/cases', text: t('web.nav.cases') }], current: 'cases', hasProblems: problem !== null }),
    heading, intro: t('log.review.intro'), problems: problem === null ? [] : [{ text: problem, href: '#remark' }],
    months: [
      { href: `/access-log?maand=${monthBefore(month)}`, text: capitalise(formatMonth(monthBefore(month))) },
      ...(month === monthOf(site) ? [] : [{ href: `/access-log?maand=${monthAfter(month)}`, text: capitalise(formatMonth(monthAfter(month))) }])
    ],
    gone: isGone ? t('log.review.destroyed', { n: site.config.logYears }) : null,
    notable: audited.flatMap((one) => notableLines(one, capitalise(nameOf(one.person)), site)),
    people: audited.map((one) => ({ href: `/access-log/people/${one.person}${period}`, name: capitalise(nameOf(one.person)), text: sumText(one, site) })),
    done: done === undefined ? null : doneText(done, site),
    running: done === undefined && month === monthOf(site) ? t('log.review.running') : null,
    form: done !== undefined || isGone || month === monthOf(site) ? null : {
      action: '/access-log/reviews', hidden: [{ name: 'month', value: month }], button: t('log.review.done'),
      field: textField({ id: 'remark', name: 'remark', label: t('log.review.remark'), hint: t('log.review.remarkHint'), value: filled?.remark ?? '', error: problem, rows: 4 })
    },
    earlier: reviews.filter((one) => one.month !== month).map((one) => ({ href: `/access-log?maand=${one.month}`, month: capitalise(formatMonth(one.month)), text: doneText(one, site) }))
  }), problem === null ? 200 : 422);
}

function doneText({ at, remark }: { at: string; remark: string }, { t }: Site): string {
  const day = formatDay(at);
  return remark === '' ? t('log.review.doneOn', { day }) : t('log.review.doneWith', { day, remark });
}

function sumText({ cases, seen, taken, refused, searches }: Audited, { t }: Site): string {
  const parts = [
    ...(cases === 0 ? [] : [t('log.review.cases', { n: cases })]), ...(seen === 0 ? [] : [t('log.review.seen', { n: seen })]), ...(taken === 0 ? [] : [t('log.review.taken', { n: taken })]),
    ...(searches === 0 ? [] : [t('log.review.searches', { n: searches })]), ...(refused === 0 ? [] : [t('log.review.refused', { n: refused })])
  ];
  return parts.length === 0 ? t('log.review.nothing') : `${capitalise(formatList(parts))}.`;
}

function notableLines({ refused, emergencies, busyDays, nights }: Audited, name: string, { t }: Site): string[] {
  return [
    ...(emergencies === 0 ? [] : [t('log.review.emergency', { n: emergencies, name })]),
    ...(refused === 0 ? [] : [t('log.review.wasRefused', { n: refused, name })]),
    ...busyDays.map(({ day, cases }) => t('log.review.busy', { name, cases, day: formatWeekday(day) })),
    ...(nights.length === 0 ? [] : [t('log.review.night', { name, days: formatList(nights.map((day) => formatWeekday(day))) })])
  ];
}

function dutch(day: string): string {
  return day.split('-').map(Number).reverse().join('-');
}
