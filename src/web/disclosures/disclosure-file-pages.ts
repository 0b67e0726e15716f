import { zipSync } from 'fflate';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Disclosure } from '../../documents/disclosure-types.ts';
import type { DocumentTree } from '../../documents/document-tree.ts';
import { printHtml } from '../../documents/print-html.ts';
import type { Moment } from '../../engine/state/case-state.ts';
import { crumbsOf, disclosureKinds, sendDisclosure } from './disclosure-overview.ts';
import { sendFile } from '../documents/document-file-pages.ts';
import { frameOf } from '../site/frame.ts';
import { pairsOf, sendPage, valueIn, visitorOf } from '../site/http.ts';
import { disclosurePath } from '../documents/disclosure-path.ts';
import { openDisclosure, type OpenDisclosure, settledOf, standingOf } from './open-disclosure.ts';
import { keptFile } from '../documents/open-version.ts';
import { makePaperFile, type PaperKind } from '../documents/paper-files.ts';
import { sendRefused } from '../documents/rendered-document.ts';
import type { Site } from '../site/site.ts';
import type { Link } from '../views/view-parts.ts';

/** What was approved for who asks: on the screen as it will be, and taken along once a second person approved exactly this. */
export function disclosureFilePages(app: FastifyInstance, { site }: { site: Site }): void {
  const { t } = site;
  const at = '/cases/:number/disclosures/:disclosure';

  app.get(`${at}/preview`, { config: { action: 'case.disclose' } }, async (request, reply) => {
    const work = await openDisclosure(site, request);
    const isApproved = standingOf(work.stored, work.settled) === 'approved';
    return sendPage(reply, site.render('disclosure-preview', {
      frame: await frameOf(site, request, { title: t('disclosure.title', { number: work.open.stored.number }), crumbs: crumbsOf(site, work.open), current: 'cases' }), html: printHtml(work.settled.tree),
      mark: t(isApproved ? 'disclosure.preview.markApproved' : 'disclosure.preview.mark'), back: backOf(site, work)
    }));
  });

  app.post(`${at}/file`, { config: { action: 'case.disclose', stepUp: true } }, async (request, reply) => {
    const work = await openDisclosure(site, request);
    const { open, stored, settled, definition } = work;
    if (standingOf(stored, settled) !== 'approved') return sendRefused(site, request, reply, open, { heading: t('disclosure.stopped'), paragraphs: [t('disclosure.stoppedText')], status: 422 });
    const kind = disclosureKinds.find((one) => one === valueIn(pairsOf(request), 'kind') && (one !== 'zip' || settled.files.length > 0));
    if (kind === undefined) return sendDisclosure(site, request, reply, work, t('disclosure.kind.choose'));
    const now = site.now();
    const { tree } = await settledOf(site, request, { open, definition, disclosure: stored.content }, now);
    const made = kind === 'print' ? null : await makeFile(site, request, work, { tree, kind: kind === 'word' ? 'word' : 'pdf', now });
    if (made !== null && 'reasons' in made) return sendRefused(site, request, reply, open, { heading: t('web.document.noFile'), paragraphs: made.reasons, status: made.status });
    const packed = kind === 'zip' && made !== null ? await zipOf(site, work, Buffer.from(made.data), now) : null;
    // Nothing leaves without its line in the log, nor when it was changed a moment ago.
    const step = { by: open.viewer.id, at: now, log: { action: kind === 'print' ? 'print' as const : 'export' as const, detail: 'disclosure' } };
    const noted = await site.disclosures.change(open.stored.id, stored.id, step, (content) => (
      isSame(content, stored.content) ? { ...content, given: [...content.given, { by: open.viewer.id, at: now, kind, seen: settled.stamp }] } : null
    ));
    if (noted === null) return sendRefused(site, request, reply, open, { heading: t('disclosure.stopped'), paragraphs: [t('disclosure.stoppedText')], status: 422 });
    if (packed !== null) return reply.type('application/zip').header('content-disposition', `attachment; filename="${open.stored.number}-afschrift.zip"`).send(packed);
    if (made === null) return sendPage(reply, site.render('document', { frame: await frameOf(site, request, { title: t('disclosure.title', { number: open.stored.number }), current: 'cases' }), html: printHtml(tree), bare: true, mark: null, meta: null, notices: [], versions: null, links: [], approval: null, back: backOf(site, work) }));
    return sendFile(reply, { number: open.stored.number, name: 'afschrift', kind: kind === 'word' ? 'word' : 'pdf', data: made.data });
  });
}

function backOf({ t }: Site, work: OpenDisclosure): Link {
  return { href: disclosurePath(work), text: t('disclosure.section.backLink') };
}

/** What was prepared, apart from who took it along since. */
function isSame(one: Disclosure, other: Disclosure): boolean {
  return JSON.stringify({ ...one, given: [] }) === JSON.stringify({ ...other, given: [] });
}

async function makeFile(site: Site, request: FastifyRequest, { open }: OpenDisclosure, { tree, kind, now }: { tree: DocumentTree; kind: PaperKind; now: Moment }) {
  return makePaperFile(site, request, { tree, title: site.t('disclosure.paper.heading'), standing: null, number: open.stored.number, school: visitorOf(request).school.name, madeOn: now }, kind);
}

/** The files that are given get a name that says nothing: one that somebody chose may hold a name. */
async function zipOf(site: Site, { open, settled }: OpenDisclosure, pdf: Buffer, now: Moment): Promise<Buffer> {
  const files = await Promise.all(settled.files.map(async ({ number, file }): Promise<[string, Uint8Array]> => [`bijlagen/bijlage-${String(number)}${/\.[A-Za-z0-9]{1,5}$/.exec(file.naam)?.[0].toLowerCase() ?? ''}`, await keptFile(site, open, file)]));
  return Buffer.from(zipSync(Object.fromEntries([['LEESMIJ.txt', Buffer.from(site.t('disclosure.paper.readMe'))], ['afschrift.pdf', pdf], ...files]), { level: 0, mtime: now }));
}
