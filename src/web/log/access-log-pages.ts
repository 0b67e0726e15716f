import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { everyKind, type LineFilter, type LinePart, type Report } from '../../cases/stores/access-report-store.ts';
import type { OpenCase } from '../../cases/cases.ts';
import { printHtml } from '../../documents/print-html.ts';
import { titleOfRecord } from '../../engine/model/instances.ts';
import { dutchZone } from '../../engine/time/zone.ts';
import { AppError } from '../../errors.ts';
import type { AccessAction } from '../../trust/access-log-store.ts';
import { askedLines, filterOf, logDays, logFile, logTree, queryOf } from './access-log-model.ts';
import { mayAudit } from './audit.ts';
import { formatDay } from '../words/format.ts';
import { caseCrumbs, frameOf } from '../site/frame.ts';
import { param, query, sendPage, visitorOf } from '../site/http.ts';
import type { Titles } from './log-parts.ts';
import { namesFor } from '../site/names.ts';
import { caseLink, openCase } from '../site/open-case.ts';
import type { Site } from '../site/site.ts';
import type { Link } from '../views/view-models.ts';

/** As many lines as a page takes by themselves; where the same ones stand together it takes more. */
const linesOnPage = { each: 50, together: 200 };
/** More does not go on paper; the file has all. */
const mostPrinted = 1_000;

/** One log as a page, on paper and as a file. `path`: its address. */
type LogOf = { path: string; title: string; heading: string; intro: string; crumbs: Link[]; back: Link; current: 'cases' | null; inCase: boolean; titles?: Titles; more?: Link[]; file: string; /** Whose start may be destroyed: of a case (id), or of what is about no case. */ chain: string | null; read: (filter: LineFilter, part: LinePart) => Promise<Report> };

/** "Wie heeft wat gezien": of a case, for who sees all of it; of a person, for themselves and for who looks after it. Looking leaves a line as well. */
export function accessLogPages(app: FastifyInstance, { site }: { site: Site }): void {
  const { t } = site;
  const send = makeSender(site);

  for (const form of ['', '/file'] as const) {
    app.get(`/cases/:number/access-log${form}`, { config: { action: 'caseLog.view' } }, async (request, reply) => {
      const action = actionOf(request, form);
      const open = await openCase(site, request, action, action === 'viewLog' ? null : 'log');
      const { id, number } = open.stored;
      return send(request, reply, form, {
        path: `/cases/${number}/access-log`, title: t('log.case.title', { number }), heading: t('log.case.heading'), intro: t('log.case.intro'), inCase: true, chain: id, file: `${number}-inzage.csv`,
        crumbs: caseCrumbs(site, caseLink(site, open)), current: 'cases', back: { href: `/cases/${number}`, text: t('log.case.back') }, titles: titlesIn(open),
        read: (filter, part) => site.accessReports.ofCase({ id, number }, filter, part)
      });
    });

    app.get(`/account/access-log${form}`, { config: { action: 'accessLog.own' } }, async (request, reply) => {
      const { person, school } = visitorOf(request);
      await note(request, form, null);
      return send(request, reply, form, {
        path: '/account/access-log', title: t('log.own.heading'), heading: t('log.own.heading'), intro: t('log.own.intro'), inCase: false, chain: null, file: 'mijn-inzage.csv', more: mayAudit(site, request) ? [{ href: '/access-log', text: t('log.review.link') }] : [],
        crumbs: [{ href: '/account', text: t('signIn.account.title') }], current: null, back: { href: '/account', text: t('log.own.back') },
        read: (filter, part) => site.accessReports.ofPerson({ reader: person.id, school: school.id, person: person.id, wholeOnly: false, general: true }, filter, part)
      });
    });

    app.get(`/access-log/people/:person${form}`, { config: { action: 'accessLog.audit' } }, async (request, reply) => {
      if (!mayAudit(site, request)) throw new AppError('notFound');
      const { person: reader, school } = visitorOf(request);
      const person = param(request, 'person');
      const name = (await site.people.names([person])).get(person);
      if (name === undefined) throw new AppError('notFound');
      const about = { reader: reader.id, school: school.id, person, wholeOnly: true, general: await isOfSchool(site, request, person) };
      // Of somebody without a trace here nothing is told, not even the name.
      if (!about.general && (await site.accessReports.ofPerson(about, { from: null, until: null, kinds: everyKind }, { offset: 0, limit: 1 })).total === 0) throw new AppError('notFound');
      await note(request, form, person);
      return send(request, reply, form, {
        path: `/access-log/people/${person}`, title: t('log.person.title'), heading: t('log.person.heading', { name }), intro: t('log.person.intro'), inCase: false, chain: null, file: 'inzage-collega.csv',
        crumbs: [{ href: '/access-log', text: t('log.review.title') }], current: null, back: { href: '/access-log', text: t('log.person.back') },
        read: (filter, part) => site.accessReports.ofPerson(about, filter, part)
      });
    });
  }

  async function note(request: FastifyRequest, form: string, about: string | null): Promise<void> {
    const { person } = visitorOf(request);
    await site.accessReports.note([{ person: person.id, case: null, action: actionOf(request, form), detail: about ?? person.id }], site.now());
  }
}

/** What is about no case is shown of who works here; a practice school learns nothing of what somebody does at a real one. */
async function isOfSchool({ people }: Site, request: FastifyRequest, person: string): Promise<boolean> {
  const { school } = visitorOf(request);
  return await people.find(person, school.id) !== null && !(school.practice && await people.isKnownElsewhere(person, school.id));
}

function titlesIn({ route: { model }, stored: { state } }: OpenCase): Titles {
  return { models: [model], recordTitle: (id) => { const record = state.records.find((one) => one.id === id); return record === undefined ? null : titleOfRecord({ model, state }, record); } };
}

function actionOf(request: FastifyRequest, form: string): AccessAction {
  if (form === '/file') return 'export';
  return query(request, 'print') === '' ? 'viewLog' : 'print';
}

function makeSender(site: Site): (request: FastifyRequest, reply: FastifyReply, form: '' | '/file', log: LogOf) => Promise<FastifyReply> {
  const { t } = site;
  return async (request, reply, form, log) => {
    const asked = askedLines((name) => query(request, name));
    const bare = form === '' && query(request, 'print') !== '';
    const isPage = form === '' && !bare;
    const size = asked.each ? linesOnPage.each : linesOnPage.together;
    const part = { offset: isPage ? (asked.page - 1) * size : 0, limit: isPage ? size : bare ? mostPrinted : null };
    const report = asked.wrong.length > 0 ? { lines: [], total: 0 } : await log.read(filterOf(asked, dutchZone), part);
    const { person } = visitorOf(request);
    // On paper and in a file "u" would be whoever reads it.
    const nameOf = await namesFor(site, isPage ? person.id : '', report.lines.map((line) => line.person));
    const words = { nameOf, t, inCase: log.inCase, titles: log.titles ?? { models: site.library.published().map(({ model }) => model), recordTitle: null } };
    if (form === '/file') return reply.type('text/csv; charset=utf-8').header('content-disposition', `attachment; filename="${log.file}"`).send(logFile(report.lines, words));
    const { logYears: n } = site.config;
    const before = await site.accessReports.destroyedBefore(log.chain);
    const kept = before === null ? t('log.kept', { n }) : t('log.keptFrom', { n, day: formatDay(before) });
    const filter = filterOf(asked, dutchZone);
    // Of a period of which all is destroyed nobody can say that there was nothing.
    const none = before !== null && filter.until !== null && filter.until <= before ? kept : t('log.noneText');
    const frame = await frameOf(site, request, { title: log.title, crumbs: log.crumbs, ...(log.current === null ? {} : { current: log.current }), hasProblems: asked.wrong.length > 0 });
    if (bare) {
      const html = printHtml(logTree(report, { ...words, heading: log.title, kept, none, days: asked.days, madeOn: site.now(), madeBy: person.name }));
      return sendPage(reply, site.render('document', { frame, html, bare, mark: null, meta: null, notices: [], versions: null, links: [], approval: null, back: { href: `${log.path}${queryOf(asked)}`, text: t('web.document.back') } }));
    }
    const pages = Math.max(1, Math.ceil(report.total / size));
    const pageLink = (page: number, key: string): Link | null => (page < 1 || page > pages ? null : { href: `${log.path}${queryOf(asked, { bladzijde: page === 1 ? '' : String(page) })}`, text: t(key) });
    const days = logDays(report.lines, words, asked.each);
    const folds = asked.each || days.some(({ rows }) => rows.some(({ times }) => times !== null));
    return sendPage(reply, site.render('access-log', {
      frame, heading: log.heading, intro: log.intro, kept, back: log.back,
      problems: asked.wrong.map((name) => ({ text: t('log.badDay'), href: `#${name === 'from' ? 'van' : 'tot'}` })),
      filters: {
        action: log.path, active: asked.active,
        days: (['from', 'until'] as const).map((name) => ({ id: name === 'from' ? 'van' : 'tot', label: t(`log.${name}`), value: asked[name], error: asked.wrong.includes(name) ? t('log.badDay') : null })),
        kinds: ['opened', 'all', 'taken', 'changed', 'refused'].map((value) => ({ value: value === 'opened' ? '' : value, text: t(`log.kind.${value}`), selected: value === asked.kind }))
      },
      sentence: report.total === 0 ? null : t('log.total', { n: report.total }),
      files: report.total === 0 ? (log.more ?? []) : [...(log.more ?? []), ...(folds ? [{ href: `${log.path}${queryOf({ ...asked, each: !asked.each })}`, text: t(asked.each ? 'log.together' : 'log.each') }] : []), { href: `${log.path}${queryOf(asked, { print: '1' })}`, text: t('log.print') }, { href: `${log.path}/file${queryOf(asked)}`, text: t('log.file') }],
      days,
      pages: pages === 1 ? null : { position: t('log.page', { page: asked.page, pages }), newer: pageLink(asked.page - 1, 'log.newer'), older: pageLink(asked.page + 1, 'log.older') },
      empty: report.lines.length > 0 || asked.wrong.length > 0 ? null : { title: t('log.none'), text: none }
    }), asked.wrong.length > 0 ? 422 : 200);
  };
}
