import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { printHtml } from '../../documents/print-html.ts';
import { type CsvProblem, type CsvWords, type ReadCsv, readPartners, writePartners } from '../../partners/partner-csv.ts';
import { type ImportedRow, importedRows } from '../../partners/partner-import.ts';
import type { Partner } from '../../partners/partner-store.ts';
import { partnerTree } from '../../partners/partner-tree.ts';
import { dayOf } from '../words/format.ts';
import { frameOf } from '../site/frame.ts';
import { pairsOf, seeOther, sendPage, valueIn, visitorOf } from '../site/http.ts';
import { emergencyOf } from './partner-pages.ts';
import { partnerRoles } from '../site/partner-roles.ts';
import type { Site } from '../site/site.ts';
import { uploadIn } from '../site/uploads.ts';
import type { Notice } from '../views/view-parts.ts';

const mostBytes = 200 * 1024;
const mostTold = 50;

/** The sociale kaart on paper, and as a file for a spreadsheet. */
export function partnerFilePages(app: FastifyInstance, { site }: { site: Site }): void {
  const { t } = site;

  app.get('/partners/print', { config: { action: 'partners.view' } }, async (request, reply) => {
    const { school } = visitorOf(request);
    const partners = await site.partners.list(school.id);
    const now = site.now();
    return sendPage(reply, site.render('document', {
      frame: await frameOf(site, request, { title: t('web.partners.heading'), current: 'partners' }),
      html: printHtml(partnerTree({ school: school.name, emergency: emergencyOf(site, partners, dayOf(now)), partners, roles: partnerRoles(site), madeOn: now, t })),
      bare: true, mark: null, meta: null, notices: [], versions: null, links: [], approval: null, back: { href: '/partners', text: t('web.document.back') }
    }));
  });

  app.get('/partners/file', { config: { action: 'partners.edit' } }, async (request, reply) => {
    const { school, person } = visitorOf(request);
    const partners = await site.partners.takeAlong(school.id, person.id);
    return reply.type('text/csv; charset=utf-8').header('content-disposition', 'attachment; filename="sociale-kaart.csv"').send(writePartners(partners, csvWords(site, partners)));
  });

  app.get('/partners/import', { config: { action: 'partners.edit' } }, async (request, reply) => sendImport(site, request, reply, null));

  app.post('/partners/import', { config: { action: 'partners.edit', takesFiles: true } }, async (request, reply) => {
    const { school, person } = visitorOf(request);
    const confirmed = valueIn(pairsOf(request), 'file64');
    const file = confirmed === '' ? uploadIn(request, 'file') : Buffer.from(confirmed, 'base64');
    if (file === undefined) return sendImport(site, request, reply, { error: t('web.partners.import.noFile') });
    if (file.length > mostBytes) return sendImport(site, request, reply, { error: t('web.partners.import.tooLarge') });
    const partners = await site.partners.list(school.id);
    const read = readPartners(file, csvWords(site, partners), dayOf(site.now()));
    if (read.missing.length > 0 || read.problems.length > 0) return sendImport(site, request, reply, { read });
    const rows = importedRows(partners, read.rows).filter(({ changed }) => changed);
    // What was seen on the page before is what is taken over: a change in between is shown first.
    const seen = fingerprint(rows);
    if (confirmed === '' || valueIn(pairsOf(request), 'seen') !== seen) return sendCheck(site, request, reply, { file, rows, same: read.rows.length - rows.length, seen });
    await site.partners.bringIn(school.id, rows, person.id);
    site.emergencyNumbers.forget();
    return seeOther(reply, '/partners?done=partner');
  });
}

type Refused = { error: string } | { read: ReadCsv };

/** Asks for a file; says by line what is wrong with the one that was sent. */
async function sendImport(site: Site, request: FastifyRequest, reply: FastifyReply, refused: Refused | null): Promise<FastifyReply> {
  const { t } = site;
  const read = refused !== null && 'read' in refused ? refused.read : null;
  const error = refused === null ? null : 'error' in refused ? refused.error : t('web.partners.import.wrong');
  const words = csvWords(site, []).columns;
  const told = read === null ? [] : [...(read.missing.length === 0 ? [] : [t('web.partners.import.missing', { columns: read.missing.map((column) => words[column]).join(', ') })]), ...read.problems.slice(0, mostTold).map((problem) => problemText(site, problem))];
  const more = (read?.problems.length ?? 0) - mostTold;
  return sendPage(reply, site.render('school', {
    frame: await frameOf(site, request, { title: t('web.partners.import'), crumbs: [{ href: '/partners', text: t('web.nav.partners') }], hasProblems: error !== null, current: 'partners' }),
    heading: t('web.partners.import.heading'), problems: error === null ? [] : [{ text: error, href: '#file' }],
    notices: told.length === 0 ? [] : [{ kind: 'error', title: t('web.partners.import.nothing'), paragraphs: [], bullets: [...told, ...(more > 0 ? [t('web.partners.import.more', { n: more })] : [])], numbers: [] }],
    form: {
      action: '/partners/import', hidden: [], button: t('web.partners.import.look'),
      blocks: [{ kind: 'file', id: 'file', name: 'file', label: t('web.partners.import.file'), hint: t('web.partners.import.hint'), accept: '.csv,text/csv', error, src: null, alt: '', choose: t('school.fileChoose'), none: t('school.fileNone') }]
    },
    side: [{ title: t('web.partners.import.sideTitle'), paragraphs: [t('web.partners.import.sideText'), t('web.partners.import.sideRoles')], links: [{ href: '/partners/file', text: t('web.partners.file') }, { href: '/partners', text: t('web.partner.back') }], form: null }]
  }), error === null ? 200 : 422);
}

function problemText({ t }: Site, { line, problem, found }: CsvProblem): string {
  return t('web.partners.import.line', { line, problem: t(`web.partners.import.${problem}`, { found }) });
}

/** Shows what would change, before anything does. */
async function sendCheck(site: Site, request: FastifyRequest, reply: FastifyReply, { file, rows, same, seen }: { file: Buffer; rows: ImportedRow[]; same: number; seen: string }): Promise<FastifyReply> {
  const { t } = site;
  const added = rows.filter(({ partner }) => partner === null);
  const changed = rows.filter(({ partner }) => partner !== null);
  const listed = (title: string, list: ImportedRow[]): Notice[] => (list.length === 0 ? [] : [{ kind: 'info', title, paragraphs: [], bullets: list.map(({ line, data }) => t('web.partners.import.row', { line, name: data.organisation })), numbers: [] }]);
  return sendPage(reply, site.render('message', {
    frame: await frameOf(site, request, { title: t('web.partners.import'), crumbs: [{ href: '/partners', text: t('web.nav.partners') }], current: 'partners' }),
    heading: t(rows.length === 0 ? 'web.partners.import.noChange' : 'web.partners.import.check'),
    paragraphs: [t('web.partners.import.sum', { added: added.length, changed: changed.length, same }), t('web.partners.import.rest')], code: null,
    notices: [...listed(t('web.partners.import.added'), added), ...listed(t('web.partners.import.changed'), changed)],
    form: rows.length === 0 ? null : { action: '/partners/import', hidden: [{ name: 'file64', value: file.toString('base64') }, { name: 'seen', value: seen }], button: t('web.partners.import.take', { n: rows.length }) },
    links: [{ href: '/partners/import', text: t('web.partners.import.other') }, { href: '/partners', text: t('web.partner.back') }]
  }));
}

function fingerprint(rows: ImportedRow[]): string {
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
}

/** The roles that routes name, and those that organisations have of routes that are gone. */
function csvWords(site: Site, partners: Partner[]): CsvWords {
  const word = (key: string): string => site.t(`web.partners.csv.${key}`);
  return {
    columns: {
      organisation: word('organisation'), contactPerson: word('contactPerson'), address: word('address'), phone: word('phone'), email: word('email'), notes: word('notes'), purpose: word('purpose'), services: word('services'),
      roles: word('roles'), emergency: word('emergency'), verifiedOn: word('verifiedOn'), id: word('id')
    },
    roles: new Map([...partners.flatMap(({ roles }) => roles.map((role): [string, string] => [role, role])), ...partnerRoles(site)]), yes: word('yes'), no: word('no')
  };
}
