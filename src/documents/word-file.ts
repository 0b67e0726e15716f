import {
  AlignmentType, convertMillimetersToTwip, Document, Footer, Header, LevelFormat, Packer, PageNumber, Paragraph, TabStopType, TextRun, type INumberingOptions, type IStylesOptions
} from 'docx';
import type { Paper, PaperPicture } from './paper.ts';
import { boldFace, deepestLevel, greyColour, imageOf, lineColour, wordBlocks } from './word-blocks.ts';

const margin = convertMillimetersToTwip(22);
const page = { width: convertMillimetersToTwip(210), height: convertMillimetersToTwip(297) };
const textWidth = page.width - 2 * margin;
const levels = Array.from({ length: deepestLevel + 1 }, (_, level) => level);

/** Writes a document as a Word file (.docx) that people can go on editing. `picture`: that of the school. `pictures`: those that its blocks name. */
export async function wordFile(paper: Paper, picture: Uint8Array | null, pictures: PaperPicture[] = []): Promise<Buffer> {
  let lists = 0;
  const document = new Document({
    title: paper.title, creator: '', lastModifiedBy: '', hyphenation: { autoHyphenation: true },
    styles: stylesOf(paper.colour.slice(1)), numbering,
    sections: [{
      properties: { page: { size: page, margin: { top: margin, bottom: margin, left: margin, right: margin } } },
      ...(paper.mark === null ? {} : { headers: { default: headerOf(paper.mark) } }),
      footers: { default: footerOf(paper) },
      children: [...(paper.logo === null || picture === null ? [] : [pictureOf(paper.logo, picture)]), ...wordBlocks(paper.blocks, { colour: paper.colour.slice(1), width: textWidth, pictures, nextList: () => (lists += 1) })]
    }]
  });
  return Packer.toBuffer(document);
}

function stylesOf(colour: string): IStylesOptions {
  const heading = (size: number, before: number, after: number, ink: string) => ({ run: { size, bold: true, color: ink, font: 'Calibri' }, paragraph: { keepNext: true, spacing: { before, after, line: 250, lineRule: 'auto' as const } } });
  return {
    default: {
      document: { run: { font: 'Calibri', size: 21, language: { value: 'nl-NL' } }, paragraph: { spacing: { after: 100, line: 264, lineRule: 'auto' } } },
      heading1: heading(34, 80, 100, colour), heading2: heading(25, 280, 80, '13222B'), heading3: heading(22, 200, 60, '13222B')
    }
  };
}

const numbering: INumberingOptions = {
  config: [
    { reference: 'bullets', levels: levels.map((level) => ({ level, format: LevelFormat.BULLET, text: '•', style: { paragraph: indentOf(level) } })) },
    { reference: 'numbers', levels: levels.map((level) => ({ level, format: LevelFormat.DECIMAL, text: `%${String(level + 1)}.`, style: { paragraph: indentOf(level) } })) }
  ]
};

function indentOf(level: number): { indent: { left: number; hanging: number } } {
  return { indent: { left: 340 * (level + 1), hanging: 340 } };
}

function headerOf(mark: string): Header {
  return new Header({ children: [new Paragraph({ alignment: AlignmentType.RIGHT, children: [new TextRun({ ...boldFace, text: mark, size: 17, color: greyColour })] })] });
}

function footerOf({ footer, page: words }: Paper): Footer {
  const small = { size: 17, color: greyColour };
  return new Footer({
    children: [new Paragraph({
      tabStops: [{ type: TabStopType.RIGHT, position: textWidth }], spacing: { before: 60, after: 0 },
      border: { top: { style: 'single', size: 4, color: lineColour, space: 4 } },
      children: [new TextRun({ ...small, text: footer }), new TextRun({ ...small, children: ['\t', words.before, PageNumber.CURRENT, words.between, PageNumber.TOTAL_PAGES, words.after] })]
    })]
  });
}

function pictureOf({ type, widthMm, heightMm }: NonNullable<Paper['logo']>, data: Uint8Array): Paragraph {
  return new Paragraph({ spacing: { after: 160 }, children: [imageOf({ type, data, widthMm, heightMm, text: 'Logo' })] });
}
