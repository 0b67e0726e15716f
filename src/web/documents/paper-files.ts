import type { FastifyRequest } from 'fastify';
import type { Bundle } from '../../definitions/bundle.ts';
import type { Block } from '../../documents/document-blocks.ts';
import type { DocumentTree } from '../../documents/document-tree.ts';
import { type Paper, paperOf, type PaperPicture, type Standing, type TemplatePicture } from '../../documents/paper.ts';
import { pdfData } from '../../documents/pdf-data.ts';
import { plainText } from '../../documents/plain-text.ts';
import type { Moment } from '../../engine/state/case-state.ts';
import { visitorOf } from '../site/http.ts';
import { sizeOf } from '../site/logo.ts';
import type { Site } from '../site/site.ts';
import { templatePictures } from '../site/template-pictures.ts';

/** The kinds of files a document is taken along as, by the last part of their address. */
export const paperKinds = {
  pdf: { type: 'application/pdf', ending: 'pdf' },
  word: { type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', ending: 'docx' },
  text: { type: 'text/plain; charset=utf-8', ending: 'txt' }
} as const;

export type PaperKind = keyof typeof paperKinds;

/** What goes on paper. `title`: for a document without a heading. `bundle`: what it was made of, with its pictures. `more`: what comes after it, with the pictures that names. */
export type Sheet = { tree: DocumentTree; bundle?: Bundle; title: string; standing: Standing | null; number: string; school: string; madeOn: Moment; more?: Block[]; pictures?: PaperPicture[] };

/** A file, or why there is none, in sentences, with the status to say it with. `gone`: the server cannot make this kind, however often it is asked. */
export type MadeFile = { data: Buffer | string } | { reasons: string[]; status: number; gone: boolean };

/** The colour of the program, for a school that chose none. */
const ownColour = '#0b5563';

export function isPaperKind(text: string): text is PaperKind {
  return Object.hasOwn(paperKinds, text);
}

/** Makes a file of a document. */
export async function makePaperFile(site: Site, request: FastifyRequest, sheet: Sheet, kind: PaperKind): Promise<MadeFile> {
  const { t } = site;
  const logo = await logoOf(site, request);
  const context = { school: { name: sheet.school, board: null }, number: sheet.number, t };
  const own = sheet.bundle === undefined ? [] : templatePictures(sheet.bundle);
  const colour = visitorOf(request).school.colour ?? ownColour;
  const pictures = [...own, ...sheet.pictures ?? []];
  const paperWith = (shown: TemplatePicture[]): Paper => paperOf({ tree: sheet.tree, fallback: sheet.title, standing: sheet.standing, pictures: shown, more: sheet.more ?? [], colour, logo: logo?.shape ?? null, context });
  const paper = paperWith(own);
  switch (kind) {
    case 'pdf': return makePdf(site, request, paper, { logo, madeOn: sheet.madeOn, pictures, bare: () => ({ ...paperWith([]), logo: null }) });
    case 'word': {
      // Large, and seldom asked for.
      const { wordFile } = await import('../../documents/word-file.ts');
      return { data: await wordFile(paper, logo?.data ?? null, pictures) };
    }
    case 'text': return { data: `${paper.mark === null ? '' : `${paper.mark}\n\n`}${plainText(paper.blocks)}` };
    default: return kind satisfies never;
  }
}

type PdfParts = { logo: SchoolLogo | null; madeOn: Moment; pictures: PaperPicture[]; bare: (() => Paper) | null };

async function makePdf(site: Site, request: FastifyRequest, paper: Paper, { logo, madeOn, pictures, bare }: PdfParts): Promise<MadeFile> {
  const made = await site.pdfs.make({ data: pdfData(paper), logo: logo === null ? null : { type: logo.shape.type, data: logo.data }, pictures, standard: 'a-2a', madeOn });
  if ('pdf' in made) return { data: Buffer.from(made.pdf) };
  // A picture that is damaged inside must not stand in the way of the text.
  if (made.problem === 'failed' && bare !== null && (logo !== null || pictures.length > 0)) return makePdf(site, request, bare(), { logo: null, madeOn, pictures, bare: null });
  if (made.problem !== 'signs') request.log.warn({ problem: made.problem }, 'no pdf was made');
  return { reasons: [site.t(`web.document.pdf.${made.problem}`, { signs: made.signs.join(' ') })], status: made.problem === 'signs' ? 422 : 503, gone: made.problem === 'signs' || made.problem === 'missing' };
}

type SchoolLogo = { shape: { type: 'png' | 'jpg'; width: number; height: number }; data: Buffer };

async function logoOf({ schools }: Site, request: FastifyRequest): Promise<SchoolLogo | null> {
  const { school } = visitorOf(request);
  const logo = school.logo === null ? null : await schools.logo(school.id, school.logo);
  const size = logo === null ? null : sizeOf(logo);
  return logo === null || size === null ? null : { shape: { type: logo.type === 'image/png' ? 'png' : 'jpg', ...size }, data: logo.data };
}
