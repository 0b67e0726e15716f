import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { paperDraft } from '../../cases/stores/paper-draft.ts';
import { flowOf } from '../../documents/document-flow.ts';
import type { DocumentTree } from '../../documents/document-tree.ts';
import { markOf } from '../../documents/paper.ts';
import { plainText } from '../../documents/plain-text.ts';
import { drawingName, signaturePage } from '../../documents/signature-page.ts';
import { TemplateError } from '../../documents/template-error.ts';
import { signersOf } from '../../engine/commands/document-versions.ts';
import { AppError } from '../../errors.ts';
import { acceptedPapers } from '../../forms/file-kinds.ts';
import { answerTo, keyField } from '../site/answer-to.ts';
import { sendFile } from './document-file-pages.ts';
import { lastOf } from './document-freezing.ts';
import { documentPath, versionPath } from './document-path.ts';
import { fileHrefIn } from '../forms/file-pages.ts';
import { drawingIn } from './drawing.ts';
import { drawingPng } from './drawing-png.ts';
import { dayOf, formatMoment, formatWhen } from '../words/format.ts';
import { caseCrumbs, frameOf } from '../site/frame.ts';
import { pairsOf, param, query, seeOther, sendPage, valueIn, visitorOf } from '../site/http.ts';
import { keepPaper } from './keep-paper.ts';
import { namesIn } from '../site/names.ts';
import { caseLink, openCase } from '../site/open-case.ts';
import { contentOf, keptFile, openVersion, type OpenVersion } from './open-version.ts';
import { isPaperKind, makePaperFile } from './paper-files.ts';
import { readUpload } from '../site/read-upload.ts';
import { documentIn, renderedOf, sendFailed, sendRefused } from './rendered-document.ts';
import { signedText } from '../words/signed-text.ts';
import { signerRows } from './signer-rows.ts';
import type { Site } from '../site/site.ts';
import { pageHtml } from '../site/template-pictures.ts';
import { textDifference } from '../words/text-difference.ts';
import { mostUploadBytes } from '../site/uploads.ts';
import type { VersionDifferencePage, VersionPage } from '../views/version-view-models.ts';
import type { Link } from '../views/view-parts.ts';

/** Versions of documents: each as it was kept, what is put beside it, and what changed from one to the next. */
export function documentVersionPages(app: FastifyInstance, { site }: { site: Site }): void {
  const { t } = site;
  const at = '/cases/:number/documents/:document/versions/:version';

  app.get(at, { config: { action: 'document.view' } }, async (request, reply) => (
    sendVersion(site, request, reply, await openVersion(site, request, query(request, 'print') === '' ? 'viewDocument' : 'print'), null)
  ));

  app.get(`${at}/:kind`, { config: { action: 'document.view' } }, async (request, reply) => {
    const kind = param(request, 'kind');
    const signed = kind === 'signed' ? 'pdf' as const : kind === 'signed-word' ? 'word' as const : null;
    const as = signed ?? kind;
    if (!isPaperKind(as)) throw new AppError('notFound');
    const work = await openVersion(site, request, 'export');
    const { open, version, content } = work;
    const { number } = open.stored;
    const made = signed !== null ? await signedCopy(site, request, work, signed) : as === 'text' ? { data: plainText(flowOf(content.tree)) } : await kept(site, work, as === 'pdf' ? version.pdf : version.word);
    if ('reasons' in made) return sendRefused(site, request, reply, open, { heading: t('web.document.noFile'), paragraphs: made.reasons, status: made.status });
    return sendFile(reply, { number, name: `${version.document}-versie-${String(version.version)}${signed === null ? '' : '-getekend'}`, kind: as, data: made.data });
  });

  app.get(`${at}/difference`, { config: { action: 'document.view' } }, async (request, reply) => {
    const { open, version, all, content } = await openVersion(site, request, 'viewDocument');
    const before = all.find((one) => one.version === version.version - 1);
    if (before === undefined) throw new AppError('notFound');
    const title = (n: number): string => t('papers.version', { version: n });
    return sendDifference(site, request, reply, {
      heading: t('papers.differenceHeading', { title: content.title }), meta: t('papers.differenceMeta', { one: before.version, other: version.version }),
      oneTitle: title(before.version), otherTitle: title(version.version), ...differenceOf((await contentOf(site, open, before)).tree, content.tree),
      back: { href: versionPath(open.stored.number, version), text: t('papers.backToVersion', { version: version.version }) }
    }, caseLink(site, open));
  });

  app.get('/cases/:number/documents/:document/difference', { config: { action: 'document.view' } }, async (request, reply) => {
    const open = await openCase(site, request, 'viewDocument');
    const document = documentIn(site, request, open);
    const last = lastOf(open, document);
    if (last === null) throw new AppError('notFound');
    try {
      const before = await contentOf(site, open, last);
      // As if made then: the moment and the maker are no difference.
      const { tree } = await renderedOf(site, request, open, document, before);
      return await sendDifference(site, request, reply, {
        heading: t('papers.differenceHeading', { title: document.title }), meta: t('papers.differenceNow', { version: last.version }),
        oneTitle: t('papers.version', { version: last.version }), otherTitle: t('papers.now'), ...differenceOf(before.tree, tree),
        back: { href: documentPath(open.stored.number, document.id, document.source?.key ?? null), text: t('papers.backToDocument') }
      }, caseLink(site, open));
    } catch (error) {
      if (error instanceof TemplateError) return sendFailed(site, request, reply, open, document, error);
      throw error;
    }
  });

  app.post(`${at}/files`, { config: { action: 'document.freeze', takesFiles: true }, bodyLimit: mostUploadBytes }, async (request, reply) => {
    const work = await openVersion(site, request, 'viewDocument');
    const { open, version } = work;
    const again = (problem: string): Promise<FastifyReply> => sendVersion(site, request, reply, work, problem);
    const upload = request.files.findLast(({ field }) => field === 'file');
    if (upload === undefined) return again(t('papers.choose'));
    const kind = await readUpload(site, request, upload);
    if ('refused' in kind) return again(t(`forms.file.refused.${kind.refused}`, { name: kind.name, most: 0 }));
    const file = await keepPaper(site, open, version.document, { ...kind, content: upload.content });
    if (file === null) return again(t('papers.full'));
    const source = version.source === null ? {} : { source: version.source };
    const command = { type: 'addToDocument' as const, document: version.document, ...source, version: version.version, file };
    return answerTo(await site.cases.act(visitorOf(request).reader, open.stored.number, command, { key: valueIn(pairsOf(request), '_key'), draft: paperDraft(open.stored.id, open.viewer.id, version.document), hasFiles: true }), {
      done: (number) => seeOther(reply, `${versionPath(number, version)}?done=fileAdded`),
      refused: (reasons) => again(reasons.map(({ text }) => text).join(' '))
    });
  });
}

/** Sends a version as a page; with ?print the document alone. `problem`: why the file that was sent was not taken. */
async function sendVersion(site: Site, request: FastifyRequest, reply: FastifyReply, work: OpenVersion, problem: string | null): Promise<FastifyReply> {
  const { t } = site;
  const { open, version, all, content } = work;
  const { number } = open.stored;
  const here = versionPath(number, version);
  const today = dayOf(site.now());
  const bare = query(request, 'print') !== '';
  const nameOf = await namesIn(site, open, [version.by, ...all.map(({ by }) => by), ...version.added.map(({ by }) => by), ...version.signed.map(({ by }) => by)]);
  const isLast = version === all.at(-1);
  const mayAct = open.access === 'full';
  const signers = signersOf(version);
  const isAsked = signers.some(({ signing }) => signing !== null);
  const documentHref = documentPath(number, version.document, version.source);
  const model: VersionPage = {
    html: pageHtml(content.tree, content.route.hash), bare, mark: null, heading: content.title,
    meta: t('papers.meta', { version: version.version, when: formatWhen(version.at, today, t), name: nameOf(version.by), mark: markOf(version.sha256) }),
    fingerprint: version.sha256,
    notices: isLast ? [] : [{ kind: 'warn', title: t('papers.older', { version: all.at(-1)?.version ?? 0 }), paragraphs: [t('papers.olderText')], bullets: [], numbers: [] }],
    links: [
      ...(version.pdf === null ? [] : [{ href: `${here}/pdf`, text: t('web.document.pdf') }]), ...(version.pdf === null || !isAsked ? [] : [{ href: `${here}/signed`, text: t('papers.signedPdf') }]),
      { href: `${here}/word`, text: t('web.document.word') }, ...(isAsked ? [{ href: `${here}/signed-word`, text: t('papers.signedWord') }] : []), { href: `${here}?print=1`, text: t('web.document.print') }, { href: `${here}/text`, text: t('web.document.text') }
    ],
    counter: signers.length === 0 ? null : signedText(version, t),
    signers: await signerRows(site, open, version, { nameOf, mayAct: isLast && mayAct }),
    addSigner: isLast && mayAct ? { href: `${here}/signers/new`, text: t('papers.addSigner') } : null,
    added: version.added.map(({ file, by, at }) => ({ href: fileHrefIn(number)(file.id), text: file.naam, after: t('papers.addedMeta', { when: formatWhen(at, today, t), name: nameOf(by) }) })),
    upload: mayAct ? {
      action: `${here}/files`, hidden: [keyField(site)], problems: problem === null ? [] : [{ text: problem, href: '#bestand' }],
      file: { id: 'bestand', name: 'file', label: t('papers.upload'), hint: t('papers.uploadHint'), accept: acceptedPapers, error: problem }, button: t('papers.uploadButton')
    } : null,
    others: all.filter((one) => one !== version).reverse().map((one) => ({ href: versionPath(number, one), text: t('papers.version', { version: one.version }), after: formatMoment(one.at, today, t) }))
      .concat(version.version > 1 ? [{ href: `${here}/difference`, text: t('papers.differenceWith', { version: version.version - 1 }), after: '' }] : []),
    back: bare ? { href: here, text: t('web.document.back') } : { href: documentHref, text: t('papers.backToDocument') }
  };
  return sendPage(reply, site.render('version', {
    ...model, frame: await frameOf(site, request, { title: t('web.document.title', { number }), crumbs: [...caseCrumbs(site, caseLink(site, open)), { href: `/cases/${number}/documents`, text: t('web.documents.heading') }], current: 'cases', hasProblems: problem !== null })
  }), problem === null ? 200 : 422);
}

type Difference = Omit<VersionDifferencePage, 'back'> & { back: Link };

async function sendDifference(site: Site, request: FastifyRequest, reply: FastifyReply, model: Difference, back: Link): Promise<FastifyReply> {
  const number = param(request, 'number');
  return sendPage(reply, site.render('version-difference', { ...model, frame: await frameOf(site, request, { title: site.t('web.document.title', { number }), crumbs: caseCrumbs(site, back), current: 'cases' }) }));
}

function differenceOf(before: DocumentTree, after: DocumentTree): Pick<VersionDifferencePage, 'one' | 'other' | 'isSame'> {
  const pieces = textDifference(plainText(flowOf(before)), plainText(flowOf(after)));
  return { ...pieces, isSame: [...pieces.one, ...pieces.other].every(({ only }) => !only) };
}

async function kept(site: Site, { open }: OpenVersion, file: OpenVersion['version']['pdf']): Promise<{ data: Buffer } | { reasons: string[]; status: number }> {
  return file === null ? { reasons: [site.t('papers.noPdf')], status: 404 } : { data: await keptFile(site, open, file) };
}

/** The version with the page that says who signed it, how and when; in Word the same page as in the PDF. */
async function signedCopy(site: Site, request: FastifyRequest, { open, version, content }: OpenVersion, kind: 'pdf' | 'word'): Promise<Awaited<ReturnType<typeof makePaperFile>>> {
  const { number } = open.stored;
  const people = Object.fromEntries(await site.people.names([...new Set([version.by, ...version.signed.map(({ by }) => by)])]));
  const drawings = version.signed.flatMap(({ how, file }) => (how === 'drawn' && file !== null ? [file] : []));
  const pictures = (await Promise.all(drawings.map(async (file) => ({ name: drawingName(file), drawing: drawingIn(await keptFile(site, open, file)) }))))
    .flatMap(({ name, drawing }) => (drawing === null ? [] : [{ name, type: 'png' as const, ...drawingPng(drawing) }]));
  return makePaperFile(site, request, {
    tree: content.tree, title: content.title, standing: version, number, school: content.school, bundle: (await site.library.route(content.route.hash)).model.bundle, pictures, more: signaturePage({ version, title: content.title, number, people, t: site.t }),
    madeOn: version.signed.map(({ at }) => at).sort().at(-1) ?? version.at
  }, kind);
}
