import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Pairs } from '../../forms/form-types.ts';
import { readSessionTimes, sessionBounds, type SessionTimes, sessionTimesSetting, writeSessionTimes } from '../../staff/session-times.ts';
import { deviceText } from './device.ts';
import { dayOf, formatWhen } from '../words/format.ts';
import { adminCrumbs, frameOf } from '../site/frame.ts';
import { pairsOf, seeOther, sendPage, valueIn, visitorOf } from '../site/http.ts';
import type { Block } from '../views/school-view-models.ts';
import type { Site } from '../site/site.ts';
import { textField } from '../site/text-field.ts';
import type { AccountSection } from '../views/view-models.ts';

/** Where one is signed in, and ending that; and for a school, after how long everybody is signed out. */
export function ownSessionPages(app: FastifyInstance, { site }: { site: Site }): void {
  const { t } = site;

  app.post('/account/sessions/end', { config: { action: 'account.view', stepUp: true } }, async (request, reply) => {
    const { person } = visitorOf(request);
    await site.sessions.endOwn(person.id, { only: valueIn(pairsOf(request), 'session') }, site.now());
    return seeOther(reply, '/account?done=loggedOut');
  });

  app.post('/account/sessions/end-others', { config: { action: 'account.view', stepUp: true } }, async (request, reply) => {
    const { person, sessionId } = visitorOf(request);
    await site.sessions.endOwn(person.id, { but: sessionId }, site.now());
    return seeOther(reply, '/account?done=loggedOut');
  });

  app.get('/school/session-times', { config: { action: 'settings.edit' } }, async (request, reply) => {
    const { idleMinutes, hours } = readSessionTimes(await site.schools.setting(visitorOf(request).school.id, sessionTimesSetting));
    return sendPage(reply, await timesPage(site, request, [['idleMinutes', String(idleMinutes)], ['hours', String(hours)]], {}));
  });

  app.post('/school/session-times', { config: { action: 'settings.edit', takesFiles: true } }, async (request, reply) => {
    const { school, person } = visitorOf(request);
    const values = pairsOf(request);
    const times: SessionTimes = { idleMinutes: numberIn(values, 'idleMinutes'), hours: numberIn(values, 'hours') };
    const problems = Object.fromEntries((['idleMinutes', 'hours'] as const).flatMap((name): [string, string][] => {
      const { least, most } = sessionBounds[name];
      return times[name] >= least && times[name] <= most ? [] : [[name, t('signIn.times.bounds', { least, most })]];
    }));
    if (Object.keys(problems).length > 0) return sendPage(reply, await timesPage(site, request, values, problems), 422);
    await site.schools.setSetting(school.id, sessionTimesSetting, writeSessionTimes(times), person.id);
    return seeOther(reply, '/school?done=school');
  });
}

/** Where somebody is signed in now; the session of this page has no button, the menu has. */
export async function sessionsSection(site: Site, request: FastifyRequest): Promise<AccountSection> {
  const { t } = site;
  const { person, sessionId } = visitorOf(request);
  const sessions = await site.sessions.list(person.id, site.now());
  const when = (moment: string): string => formatWhen(moment, dayOf(site.now()), t);
  return {
    id: 'ingelogd', title: t('signIn.sessions.title'), paragraphs: [t('signIn.sessions.text')], links: [],
    rows: sessions.map(({ id, device, startedAt, seenAt }) => ({
      title: deviceText(device, t),
      text: t(id === sessionId ? 'signIn.sessions.here' : 'signIn.sessions.since', { start: when(startedAt), seen: when(seenAt) }),
      form: id === sessionId ? null : { action: '/account/sessions/end', hidden: [{ name: 'session', value: id }], button: t('signIn.sessions.end') }
    })),
    forms: sessions.length < 2 ? [] : [{ action: '/account/sessions/end-others', hidden: [], button: t('signIn.sessions.endOthers'), text: null }]
  };
}

function numberIn(values: Pairs, name: string): number {
  const text = valueIn(values, name).trim();
  return /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
}

async function timesPage(site: Site, request: FastifyRequest, values: Pairs, problems: { [name: string]: string }): Promise<string> {
  const { t } = site;
  const heading = t('signIn.times.heading');
  const field = (name: keyof SessionTimes): Block => ({ kind: 'field', field: textField({
    id: name, name, label: t(`signIn.times.${name}`), hint: t('signIn.times.hint', { ...sessionBounds[name] }), value: valueIn(values, name), error: problems[name] ?? null, width: 'short'
  }) });
  return site.render('school', {
    frame: await frameOf(site, request, { title: heading, hasProblems: Object.keys(problems).length > 0, current: 'admin', crumbs: adminCrumbs(site) }),
    heading, notices: [{ kind: 'info', title: null, paragraphs: [t('signIn.times.intro')], bullets: [], numbers: [] }],
    problems: Object.entries(problems).map(([name, text]) => ({ text, href: `#${name}` })),
    form: { action: '/school/session-times', hidden: [], blocks: [field('idleMinutes'), field('hours')], button: t('school.save') }, side: []
  });
}
