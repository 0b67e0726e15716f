import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { OpenCase } from '../cases/cases.ts';
import { type Paper, paperOf } from '../documents/paper.ts';
import { pdfData } from '../documents/pdf-data.ts';
import { plainText } from '../documents/plain-text.ts';
import type { CaseDocument } from '../engine/case-documents.ts';
import type { Moment } from '../engine/case-state.ts';
import { AppError } from '../errors.ts';
import { mayLeave } from './document-approval-parts.ts';
import { openCase } from './case-pages.ts';
import { documentIn, renderedOf, sendFailed, sendRefused } from './document-pages.ts';
import { param, visitorOf } from './http.ts';
import { sizeOf } from './logo.ts';
import type { Site } from './site.ts';

const kinds = {
  pdf: { type: 'application/pdf', ending: 'pdf' },
  word: { type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', ending: 'docx' },
  text: { type: 'text/plain; charset=utf-8', ending: 'txt' }
} as const;

type Kind = keyof typeof kinds;

/** The colour of the program, for a school that chose none. */
const ownColour = '#0b5563';

/** A file, or why there is none. */
type Made = { data: Buffer | string } | { reasons: string[]; status: number };

/** The documents of a case as files to take along. Each leaves a line in the log of who saw what. */
export function documentFilePages(app: FastifyInstance, { site }: { site: Site }): void {
  app.get('/cases/:number/documents/:document/:kind', { config: { action: 'document.view' } }, async (request, reply) => {
    const kind = param(request, 'kind');
    if (!isKind(kind)) throw new AppError('notFound');
    const open = await openCase(site, request, 'export');
    const document = documentIn(site, request, open);
    if (!mayLeave(open, document)) return sendRefused(site, request, reply, open, { heading: site.t('changes.approval.stop'), paragraphs: [site.t('changes.approval.noneText')], status: 422 });
    try {
      const made = await makeFile(site, request, open, document, kind);
      if ('reasons' in made) return await sendRefused(site, request, reply, open, { heading: site.t('web.document.noFile'), paragraphs: made.reasons, status: made.status });
      // The number of the case and what kind of paper it is: no name of anybody.
      const name = `${open.stored.number}-${document.id}.${kinds[kind].ending}`;
      return await reply.type(kinds[kind].type).header('content-disposition', `attachment; filename="${name}"`).send(made.data);
    } catch (error) {
      return sendFailed(site, request, reply, open, document, error);
    }
  });
}

async function makeFile(site: Site, request: FastifyRequest, open: OpenCase, document: CaseDocument, kind: Kind): Promise<Made> {
  const { t } = site;
  const { tree, names, context } = await renderedOf(site, request, open, document);
  if (names.length > 0) return { reasons: [t('web.document.namesLeft', { names: names.join(', ') }), t('web.document.namesStop')], status: 422 };
  const logo = await logoOf(site, request);
  const paper = paperOf({ tree, fallback: document.title, colour: visitorOf(request).school.colour ?? ownColour, logo: logo?.shape ?? null, context });
  switch (kind) {
    case 'pdf': return makePdf(site, request, paper, { logo, madeOn: context.madeOn });
    case 'word': {
      // Large, and seldom asked for.
      const { wordFile } = await import('../documents/word-file.ts');
      return { data: await wordFile(paper, logo?.data ?? null) };
    }
    case 'text': return { data: plainText(paper.blocks) };
    default: return kind satisfies never;
  }
}

async function makePdf(site: Site, request: FastifyRequest, paper: Paper, { logo, madeOn }: { logo: SchoolLogo | null; madeOn: Moment }): Promise<Made> {
  const made = await site.pdfs.make({ data: pdfData(paper), logo: logo === null ? null : { type: logo.shape.type, data: logo.data }, standard: 'a-2a', madeOn });
  if ('pdf' in made) return { data: Buffer.from(made.pdf) };
  // A picture that is damaged inside must not stand in the way of the text.
  if (made.problem === 'failed' && logo !== null) return makePdf(site, request, { ...paper, logo: null }, { logo: null, madeOn });
  if (made.problem !== 'signs') request.log.warn({ problem: made.problem }, 'no pdf was made');
  return { reasons: [site.t(`web.document.pdf.${made.problem}`, { signs: made.signs.join(' ') })], status: made.problem === 'signs' ? 422 : 503 };
}

type SchoolLogo = { shape: { type: 'png' | 'jpg'; width: number; height: number }; data: Buffer };

async function logoOf({ schools }: Site, request: FastifyRequest): Promise<SchoolLogo | null> {
  const { school } = visitorOf(request);
  const logo = school.logo === null ? null : await schools.logo(school.id, school.logo);
  const size = logo === null ? null : sizeOf(logo);
  return logo === null || size === null ? null : { shape: { type: logo.type === 'image/png' ? 'png' : 'jpg', ...size }, data: logo.data };
}

function isKind(text: string): text is Kind {
  return Object.hasOwn(kinds, text);
}
