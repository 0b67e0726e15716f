import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OpenCase } from '../../cases/cases.ts';
import { AppError } from '../../errors.ts';
import { answerTo, keyField } from '../site/answer-to.ts';
import { dossierOf } from './dossier.ts';
import { formatDay } from '../words/format.ts';
import { caseCrumbs, frameOf } from '../site/frame.ts';
import { pairsOf, sendPage, valueIn, visitorOf } from '../site/http.ts';
import { caseLink, openCase } from '../site/open-case.ts';
import { makePaperFile } from '../documents/paper-files.ts';
import { sendFile } from '../documents/document-file-pages.ts';
import { sendRefused } from '../documents/rendered-document.ts';
import type { Site } from '../site/site.ts';
import { pageHtml } from '../site/template-pictures.ts';
import { textField } from '../site/text-field.ts';

const whats = ['dossier', 'print', 'file'] as const;
type What = (typeof whats)[number];
type Filled = { what: string; reason: string; problems: { what?: string; reason?: string } };

/** The whole case taken along, with a written reason: as a dossier for who supervises the school, or as an open file. */
export function exportPages(app: FastifyInstance, { site }: { site: Site }): void {
  const { t } = site;
  app.get('/cases/:number/export', { config: { action: 'case.export', stepUp: true } }, async (request, reply) => {
    const open = await openCase(site, request, 'view');
    const [only = '', ...others] = offered(request, open);
    return sendExport(site, request, reply, open, { what: others.length === 0 ? only : '', reason: '', problems: {} });
  });

  app.post('/cases/:number/export', { config: { action: 'case.export', stepUp: true } }, async (request, reply) => {
    const open = await openCase(site, request, 'view');
    const posted = pairsOf(request);
    const what = offered(request, open).find((one) => one === valueIn(posted, 'what'));
    const reason = valueIn(posted, 'reason').replaceAll('\r\n', '\n');
    const again = (problems: Filled['problems']): Promise<FastifyReply> => sendExport(site, request, reply, open, { what: what ?? '', reason, problems });
    if (what === undefined) return again({ what: t('papers.export.choose') });
    const command = { type: 'export' as const, what: what === 'file' ? 'file' as const : 'dossier' as const, reason };
    return answerTo(await site.cases.act(visitorOf(request).reader, open.stored.number, command, { key: valueIn(posted, '_key'), draft: null }), {
      // Read anew: that it is taken along stands in it.
      done: async () => taken(site, request, reply, await openCase(site, request, what === 'print' ? 'print' : 'export', command.what), what, reason),
      refused: (reasons) => again({ reason: reasons.map(({ text }) => text).join(' ') })
    });
  });
}

/** A dossier is for whom the route names under access.audit: who answers for the school, such as the director. */
function offered(request: FastifyRequest, { route }: OpenCase): readonly What[] {
  const { audit } = route.model.workflow.access;
  return audit === undefined || audit.some((role) => visitorOf(request).person.roles.includes(role)) ? whats : ['file'];
}

async function taken(site: Site, request: FastifyRequest, reply: FastifyReply, open: OpenCase, what: What, reason: string): Promise<FastifyReply> {
  const { t } = site;
  const { number } = open.stored;
  const { school, person } = visitorOf(request);
  if (what === 'file') {
    const lines = await site.cases.accessLines(open);
    const events = await site.cases.events(open);
    const people = Object.fromEntries(await site.people.names([...new Set([...lines.map((line) => line.person), ...events.map((event) => event.person)].filter((id) => id !== null))]));
    const packed = await site.cases.pack(open, { people, school: school.name, readMe: t('papers.export.readMe', { number, school: school.name, day: formatDay(site.now()), name: person.name, reason }) });
    if (packed === null) throw new AppError('unavailable');
    return reply.type('application/zip').header('content-disposition', `attachment; filename="${number}.zip"`).send(packed);
  }
  const dossier = await dossierOf(site, request, open, reason);
  if (what === 'print') return sendPage(reply, site.render('document', {
    frame: await frameOf(site, request, { title: t('papers.export.title', { number }), current: 'cases' }), html: pageHtml(dossier, open.route.hash), bare: true, mark: null, meta: null, notices: [], versions: null, links: [], approval: null, back: { href: `/cases/${number}`, text: t('web.case.back') }
  }));
  const made = await makePaperFile(site, request, { tree: dossier, title: t('papers.export.dossier'), standing: null, number, school: school.name, bundle: open.route.model.bundle, madeOn: site.now() }, 'pdf');
  if ('reasons' in made) return sendRefused(site, request, reply, open, { heading: t('web.document.noFile'), paragraphs: made.reasons, status: made.status });
  return sendFile(reply, { number, name: 'dossier', kind: 'pdf', data: made.data });
}

async function sendExport(site: Site, request: FastifyRequest, reply: FastifyReply, open: OpenCase, { what, reason, problems }: Filled): Promise<FastifyReply> {
  const { t } = site;
  const { number } = open.stored;
  const listed = [...(problems.what === undefined ? [] : [{ text: problems.what, href: '#wat' }]), ...(problems.reason === undefined ? [] : [{ text: problems.reason, href: '#reden' }])];
  const ways = offered(request, open);
  return sendPage(reply, site.render('question', {
    frame: await frameOf(site, request, { title: t('papers.export.title', { number }), crumbs: caseCrumbs(site, caseLink(site, open)), current: 'cases', hasProblems: listed.length > 0 }),
    heading: t('papers.export.heading'), paragraphs: [t('papers.export.intro'), ...(ways.length === whats.length ? [] : [t('papers.export.onlyFile')])], notices: [], problems: listed,
    action: `/cases/${number}/export`, hidden: [keyField(site)],
    choices: [{
      id: 'wat', name: 'what', label: t('papers.export.what'), hint: null, error: problems.what ?? null, multiple: false,
      choices: ways.map((one, index) => ({ id: index === 0 ? 'wat' : `wat-${one}`, value: one, text: t(`papers.export.${one}`), hint: t(`papers.export.${one}Hint`), checked: one === what }))
    }],
    fields: [textField({ id: 'reden', name: 'reason', label: t('papers.export.reason'), hint: t('papers.export.reasonHint'), value: reason, error: problems.reason ?? null, rows: 3 })],
    button: t('papers.export.button'), back: { href: `/cases/${number}`, text: t('web.case.back') }
  }), listed.length > 0 ? 422 : 200);
}
