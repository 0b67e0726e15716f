import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import type { Pairs } from '../../forms/form-types.ts';
import { formatList } from '../words/format.ts';
import { frameOf } from '../site/frame.ts';
import { pairsOf, query, seeOther, sendPage, valueIn, visitorOf } from '../site/http.ts';
import { pairsOfSchool, readSchool, schoolBlocks, shownColour, type SchoolFields } from './school-form.ts';
import type { Block, SchoolPage } from '../views/school-view-models.ts';
import { safePath } from '../sign-in/kept-post.ts';
import { routesWithSettings } from './setting-pages.ts';
import { openSteps, setupSetting, stepHref } from './setup-rail.ts';
import { isPrintOld } from './recovery-print.ts';
import { wrongTriesNotice } from '../sign-in/wrong-tries.ts';
import type { Site } from '../site/site.ts';
import { uploadIn } from '../site/uploads.ts';

/** What an administrator chooses for the school, the practice school, and working at another school. */
export function schoolPages(app: FastifyInstance, { site }: { site: Site }): void {
  app.get('/school', { config: { action: 'settings.edit' } }, async (request, reply) => sendSchool(site, request, reply, { values: pairsOfSchool(visitorOf(request).school), problems: {} }));

  app.post('/school', { config: { action: 'settings.edit', takesFiles: true } }, async (request, reply) => {
    const { school, person } = visitorOf(request);
    const values = pairsOf(request);
    const { data, logo, problems } = readSchool(site, values, uploadIn(request, 'logo'));
    if (Object.keys(problems).length > 0 || valueIn(values, '_action') === 'look') return sendSchool(site, request, reply, { values, problems });
    await site.schools.edit(school.id, data, person.id);
    if (logo !== undefined) await site.schools.setLogo(school.id, logo, person.id);
    else if (valueIn(values, 'logoRemove') === 'yes') await site.schools.setLogo(school.id, null, person.id);
    return seeOther(reply, '/school?done=school');
  });

  app.post('/school/practice', { config: { action: 'settings.edit' } }, async (request, reply) => {
    const { school, person } = visitorOf(request);
    if (school.practice) throw new AppError('notFound');
    await site.practice.make({ passwordHash: null, guest: person });
    return seeOther(reply, '/school?done=practice');
  });

  app.post('/school/practice/remove', { config: { action: 'settings.edit' } }, async (request, reply) => {
    const { school, person, sessionId } = visitorOf(request);
    const real = (await site.people.schoolsOf(person.id)).find(({ practice }) => !practice);
    // Who has no other place would end without one.
    if (real === undefined) throw new AppError('notFound');
    if (school.practice) await site.sessions.switchSchool(sessionId, real.id, site.now());
    await site.practice.remove(person.id);
    site.emergencyNumbers.forget();
    return seeOther(reply, '/?done=practiceGone');
  });

  app.get('/schools', { config: { action: 'account.view' } }, async (request, reply) => {
    const { t } = site;
    const { person, school } = visitorOf(request);
    const schools = await site.people.schoolsOf(person.id);
    return sendPage(reply, site.render('schools', {
      frame: await frameOf(site, request, { title: t('school.choose.heading') }),
      heading: t('school.choose.heading'), intro: t('school.choose.intro'), next: query(request, 'next'),
      schools: schools.map(({ id, name, practice }) => ({
        action: '/schools', id, name, current: id === school.id,
        text: [t(practice ? 'school.choose.practice' : 'school.choose.real'), ...(id === school.id ? [t('school.choose.current')] : [])].join(' ')
      }))
    }));
  });

  app.post('/schools', { config: { action: 'account.view' } }, async (request, reply) => {
    const { sessionId } = visitorOf(request);
    const posted = pairsOf(request);
    if (!await site.sessions.switchSchool(sessionId, valueIn(posted, 'school'), site.now())) throw new AppError('notFound');
    return seeOther(reply, safePath(valueIn(posted, 'next')));
  });
}

type Filled = { values: Pairs; problems: SchoolFields['problems'] };

async function sendSchool(site: Site, request: FastifyRequest, reply: FastifyReply, { values, problems }: Filled): Promise<FastifyReply> {
  const { school } = visitorOf(request);
  const { t } = site;
  const hasProblems = Object.keys(problems).length > 0;
  const remove: Block[] = school.logo === null ? [] : [{ kind: 'choice', choice: {
    id: 'logoRemove', name: 'logoRemove', label: t('school.logoRemove'), hint: null, error: null, multiple: true, choices: [{ id: 'logoRemove', value: 'yes', text: t('school.logoRemoveYes'), hint: null, checked: false }]
  } }];
  return sendPage(reply, site.render('school', {
    frame: await frameOf(site, request, { title: t('school.nav'), hasProblems, current: 'admin', theme: shownColour(values) }),
    heading: school.name, notices: await wrongTriesNotice(site, request), problems: Object.entries(problems).map(([name, text]) => ({ text, href: `#${name}` })),
    form: { action: '/school', hidden: [], blocks: [...schoolBlocks(site, school, values, problems), ...remove], button: t('school.save') },
    side: await sideOf(site, request)
  }), hasProblems ? 422 : 200);
}

async function sideOf(site: Site, request: FastifyRequest): Promise<SchoolPage['side']> {
  const { t } = site;
  const { school, person } = visitorOf(request);
  const open = school.practice ? [] : openSteps(await site.schools.setting(school.id, setupSetting));
  const more = { title: t('school.side.more'), paragraphs: [], form: null, links: [
    { href: '/people', text: t('school.side.people') }, { href: '/partners', text: t('school.side.partners') }, { href: '/school/setup/routes', text: t('school.side.routes') }, { href: '/school/forms', text: t('school.side.forms') }, { href: '/school/session-times', text: t('signIn.times.heading') }, { href: '/retention', text: t('retention.heading') },
    ...(routesWithSettings(site).length === 0 ? [] : [{ href: '/school/settings', text: t('school.side.settings') }])
  ] };
  const toDo = { title: t('school.side.setup'), paragraphs: [t('school.side.setupText')], form: null, links: open.map((step) => ({ href: stepHref(step), text: t(`school.setup.step.${step}`) })) };
  const print = { title: t('school.side.print'), paragraphs: [t('school.side.printText')], form: null, links: [{ href: stepHref('account'), text: t('school.side.printLink') }] };
  return [...(await isPrintOld(site, school) ? [print] : []), ...(open.length === 0 ? [] : [toDo]), more, ...await versionPanels(site), ...await practicePanels(site, school.practice, person.id)];
}

/** Which version of each route is published and how many cases run on which; of the whole database, by number only (semantics 26). */
async function versionPanels({ t, library, bundles }: Site): Promise<SchoolPage['side']> {
  const running = await bundles.running();
  const rows = await Promise.all(running.map(async ({ hash, workflow, cases }) => ({ workflow, hash, cases, version: (await library.route(hash)).model.workflow.version })));
  const paragraphs = library.published().map(({ hash, model: { workflow } }) => {
    const counts = rows.filter((row) => row.workflow === workflow.id).map((row) => t(row.hash === hash ? 'school.side.versions.here' : 'school.side.versions.older', { n: row.cases, version: row.version }));
    return t('school.side.versions.route', { route: workflow.shortTitle ?? workflow.title, version: workflow.version, cases: counts.length === 0 ? t('school.side.versions.none') : formatList(counts) });
  });
  return paragraphs.length === 0 ? [] : [{ title: t('school.side.versions'), paragraphs, links: [], form: null }];
}

/** Making the practice school, or taking it away with one click. Where there is nothing else, there is nothing to take away. */
async function practicePanels({ t, practice, people }: Site, inPractice: boolean, person: string): Promise<SchoolPage['side']> {
  const there = await practice.find();
  const title = t('school.side.practice');
  if (there === null) return practice.canMake() ? [{ title, paragraphs: [t('school.side.practiceNone')], links: [], form: { action: '/school/practice', button: t('school.side.practiceMake') } }] : [];
  if (!(await people.schoolsOf(person)).some((school) => !school.practice)) return [];
  const where = inPractice ? [] : [t('school.side.practiceThere', { school: there.name })];
  return [{ title, paragraphs: [...where, t('school.side.practiceRemoveText')], links: [], form: { action: '/school/practice/remove', button: t('school.side.practiceRemove') } }];
}
