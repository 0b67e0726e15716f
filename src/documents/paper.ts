import { type Block, linesOf } from './document-blocks.ts';
import { flowOf } from './document-flow.ts';
import type { DocumentTree } from './document-tree.ts';
import type { DocumentContext } from './document-data.ts';

/** A document as it goes on paper: what PDF and Word are made from. */
export type Paper = {
  /** The first heading; of a document without one, its title in the route. */
  title: string;
  /** "De Wilgen. Zaak 2026-014. Vertrouwelijk. Versie 2, kenmerk 7c1e 04aa." at the foot of every page. */
  footer: string;
  /** "Concept, niet vastgelegd" at the top of every page; null: it stays as it is. */
  mark: string | null;
  /** The words around the number of the page and the number of pages. */
  page: { before: string; between: string; after: string };
  /** #rrggbb: headings and the line below the head. */
  colour: string;
  /** The picture of the school above the document, as large as it is printed. */
  logo: { type: 'png' | 'jpg'; widthMm: number; heightMm: number } | null;
  blocks: Block[];
};

/** A picture that comes along with a document, by the name its blocks give it; `width` and `height` in dots. */
export type PaperPicture = { name: string; type: 'png' | 'jpg'; data: Uint8Array; width: number; height: number };

/** What comes along with a template: `file` is what the template calls it. */
export type TemplatePicture = PaperPicture & { file: string };

/** How a document stands: it may still change, or it was kept as a version with this fingerprint. */
export type Standing = 'draft' | { version: number; sha256: string };

/** `fallback`: the title in the route. `logo`: kind and size in pixels. `standing` null: paper that is never kept. `pictures`: those of its template. `more`: what comes after the document. */
export type PaperRequest = { tree: DocumentTree; standing?: Standing | null; pictures?: readonly TemplatePicture[]; more?: Block[]; fallback: string; colour: string; logo: { type: 'png' | 'jpg'; width: number; height: number } | null; context: Pick<DocumentContext, 'school' | 'number' | 't'> };

/** Lays a document out for paper. */
export function paperOf({ tree, fallback, colour, logo, standing = null, pictures = [], more = [], context: { school, number, t } }: PaperRequest): Paper {
  const blocks = flowOf(tree, pictures.map(({ file, name, width, height }) => ({ file, name, widthMm: widthOf(width, height) })));
  const [before = '', between = '', after = ''] = t('documents.page', { page: '#', pages: '#' }).split('#');
  const footer = t('documents.footer', { school: school.name, number });
  return {
    title: headingIn(blocks) ?? fallback, mark: standing === 'draft' ? t('documents.draft') : null,
    footer: standing === null || standing === 'draft' ? footer : t('documents.footerKept', { footer, version: standing.version, mark: markOf(standing.sha256) }),
    page: { before, between, after }, colour, logo: logo === null ? null : fitted(logo), blocks: [...blocks, ...more]
  };
}

/** The fingerprint of a version as people read it: its first eight signs, in two groups. */
export function markOf(sha256: string): string {
  return `${sha256.slice(0, 4)} ${sha256.slice(4, 8)}`;
}

/** At most 15 mm high and 100 mm wide, and never larger than at 96 dots an inch. */
function fitted({ type, width, height }: NonNullable<PaperRequest['logo']>): Paper['logo'] {
  const mm = Math.min(15 / height, 100 / width, 25.4 / 96);
  return { type, widthMm: width * mm, heightMm: height * mm };
}

function headingIn(blocks: Block[]): string | null {
  for (const block of blocks) {
    const found = block.kind === 'heading' ? linesOf(block).join(' ') : block.kind === 'section' ? headingIn(block.blocks) : null;
    if (found !== null && found !== '') return found;
  }
  return null;
}

/** A picture has 150 dots an inch, and goes no wider than the text and no higher than most of a page. */
function widthOf(width: number, height: number): number {
  const mm = Math.min((width * 25.4) / 150, 166, (200 * width) / height);
  return Math.round(mm * 10) / 10;
}
