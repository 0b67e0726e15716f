import { isDeepStrictEqual } from 'node:util';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OpenCase } from '../../cases/cases.ts';
import { paperDraft } from '../../cases/stores/paper-draft.ts';
import { type FrozenContent, madeOf, signersIn, writeContent } from '../../documents/frozen-content.ts';
import { TemplateError } from '../../documents/template-error.ts';
import type { CaseDocument } from '../../engine/reading/case-documents.ts';
import { contentStamp } from '../../engine/commands/document-approval.ts';
import type { DocumentVersion, KeptFile } from '../../engine/state/document-types.ts';
import { versionsOf } from '../../engine/commands/document-versions.ts';
import { answerTo, keyField } from '../site/answer-to.ts';
import type { DocumentPage } from '../views/case-view-models.ts';
import { mayLeave } from './document-approval-parts.ts';
import { openCase } from '../site/open-case.ts';
import { documentIn, renderedOf, sendFailed, sendRefused } from './rendered-document.ts';
import { documentPath, versionPath } from './document-path.ts';
import { dayOf, formatWhen } from '../words/format.ts';
import { pairsOf, seeOther, valueIn, visitorOf } from '../site/http.ts';
import { keepPaper } from './keep-paper.ts';
import { namesIn } from '../site/names.ts';
import { contentOf } from './open-version.ts';
import { makePaperFile, paperKinds } from './paper-files.ts';
import type { Site } from '../site/site.ts';

/** Keeping a document as it is now, as a version that stays. */
export function documentFreezing(app: FastifyInstance, { site }: { site: Site }): void {
  app.post('/cases/:number/documents/:document/versions', { config: { action: 'document.freeze' } }, async (request, reply) => {
    const { t } = site;
    const open = await openCase(site, request, 'viewDocument');
    const document = documentIn(site, request, open);
    const refused = (reasons: string[], status = 422): Promise<FastifyReply> => sendRefused(site, request, reply, open, { heading: t('papers.notKept'), paragraphs: reasons, status });
    try {
      const key = valueIn(pairsOf(request), '_key');
      const last = lastOf(open, document);
      if (last !== null && (await site.cases.answerOf(visitorOf(request).reader, key) !== null || await isUnchanged(site, request, open, document, last))) return await seeOther(reply, versionPath(open.stored.number, last));
      if (!mayLeave(open, document)) return await refused([t('changes.approval.noneText')]);
      if (valueIn(pairsOf(request), '_seen') !== contentStamp(open.stored.state)) return await refused([t('engine.freezeChanged')]);
      const made = await freeze(site, request, open, document);
      if ('reasons' in made) return await refused(made.reasons, made.status);
      const { command } = made;
      return await answerTo(await site.cases.act(visitorOf(request).reader, open.stored.number, command, { key, draft: paperDraft(open.stored.id, open.viewer.id, document.id), hasFiles: true }), {
        done: (number) => seeOther(reply, `${versionPath(number, { ...command, source: command.source ?? null })}?done=frozen`),
        refused: (reasons) => refused(reasons.map(({ text }) => text))
      });
    } catch (error) {
      if (error instanceof TemplateError) return sendFailed(site, request, reply, open, document, error);
      throw error;
    }
  });
}

/** The last version of a document; null: it was never kept. */
export function lastOf({ stored }: OpenCase, { id, source }: Pick<CaseDocument, 'id' | 'source'>): DocumentVersion | null {
  return versionsOf(stored.state, { document: id, source: source?.key ?? null }).at(-1) ?? null;
}

/** Does a document still say what its version says, made by the same person at the same moment? Throws a TemplateError. */
async function isUnchanged(site: Site, request: FastifyRequest, open: OpenCase, document: CaseDocument, version: DocumentVersion): Promise<boolean> {
  const { tree, madeOn, madeBy } = await contentOf(site, open, version);
  const now = await renderedOf(site, request, open, document, { madeOn, madeBy });
  return isDeepStrictEqual(now.tree, tree);
}

/** What the page of a document says of its versions, and asks. `mayFreeze`: it may leave the case and names nobody it should not. */
export async function versionsPart(site: Site, request: FastifyRequest, open: OpenCase, document: CaseDocument, mayFreeze: boolean): Promise<DocumentPage['versions']> {
  const { t } = site;
  const { number, state } = open.stored;
  const all = versionsOf(state, { document: document.id, source: document.source?.key ?? null });
  const last = all.at(-1);
  const isKept = last !== undefined && await isUnchanged(site, request, open, document, last);
  const nameOf = await namesIn(site, open, all.map(({ by }) => by));
  const path = documentPath(number, document.id, document.source?.key ?? null);
  return {
    text: last === undefined ? t('papers.never') : t(isKept ? 'papers.kept' : 'papers.changed', { version: last.version }),
    items: [...all].reverse().map((one) => ({ href: versionPath(number, one), text: t('papers.version', { version: one.version }), after: t('papers.versionMeta', { when: formatWhen(one.at, dayOf(site.now()), t), name: nameOf(one.by) }) })),
    difference: last === undefined || isKept ? null : { href: `${path}/difference`, text: t('papers.difference', { version: last.version }) },
    form: isKept || !mayFreeze ? null : {
      action: `${path}/versions`, hidden: [keyField(site), { name: '_seen', value: contentStamp(state) }],
      intro: t('papers.freezeIntro'), button: t('papers.freeze', { version: (last?.version ?? 0) + 1 })
    }
  };
}

type Frozen = { type: 'freeze'; source?: string } & Omit<DocumentVersion, 'source' | 'by' | 'at' | 'added' | 'signed'>;

/** Makes a document and stores its files. Where the server can make no PDF of it, it is kept without one. */
async function freeze(site: Site, request: FastifyRequest, open: OpenCase, document: CaseDocument): Promise<{ command: Frozen } | { reasons: string[]; status: number }> {
  const { t } = site;
  const { number, state } = open.stored;
  const { id, title } = document;
  const source = document.source?.key ?? null;
  const { tree, names, context } = await renderedOf(site, request, open, document);
  if (names.length > 0) return { reasons: [t('web.document.namesLeft', { names: names.join(', ') }), t('web.document.namesStop')], status: 422 };
  const version = (lastOf(open, document)?.version ?? 0) + 1;
  const content: FrozenContent = {
    case: number, document: id, source, title, version, school: context.school.name, madeOn: context.madeOn, madeBy: context.madeBy, ...madeOf(open.route.model.bundle, state, id, document.source?.record?.id ?? null), tree
  };
  const { text, sha256 } = writeContent(content);
  const sheet = { tree, title, standing: { version, sha256 }, number, school: content.school, bundle: open.route.model.bundle, madeOn: content.madeOn };
  const pdf = await makePaperFile(site, request, sheet, 'pdf');
  if ('reasons' in pdf && !pdf.gone) return pdf;
  const word = await makePaperFile(site, request, sheet, 'word');
  if ('reasons' in word) return word;
  const keep = (kind: 'json' | 'pdf' | 'word', bytes: Buffer | string): Promise<KeptFile | null> => {
    const { type, ending } = kind === 'json' ? { type: 'application/json', ending: 'json' } : paperKinds[kind];
    return keepPaper(site, open, id, { name: `${number}-${id}-versie-${String(version)}.${ending}`, type, content: Buffer.from(bytes) });
  };
  const kept = { content: await keep('json', text), pdf: 'data' in pdf ? await keep('pdf', pdf.data) : null, word: await keep('word', word.data) };
  if (kept.content === null || kept.word === null || ('data' in pdf && kept.pdf === null)) return { reasons: [t('papers.full')], status: 422 };
  return { command: { type: 'freeze', document: id, ...(source === null ? {} : { source }), version, seen: contentStamp(state), sha256, content: kept.content, pdf: kept.pdf, word: kept.word, signers: signersIn(tree) } };
}
