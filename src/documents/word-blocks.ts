import {
  BorderStyle, HeadingLevel, HeightRule, ImageRun, Paragraph, Tab, Table, TableCell, TableLayoutType, TableRow, TabStopType, TextRun, VerticalAlignTable, WidthType, type IParagraphOptions, type IRunOptions
} from 'docx';
import type { Block, Row, Run, Table as TableBlock } from './document-blocks.ts';
import type { PaperPicture } from './paper.ts';

export const lineColour = 'B6C2C7';
export const greyColour = '4A5A63';
/** A list in a list goes this deep; deeper ones stand at the last level. */
export const deepestLevel = 3;

/** What stands around a block. `colour`: rrggbb. `width`: of the text, in twentieths of a point. `level`: how deep in lists. `nextList`: numbers of lists, so that each counts from 1. */
export type Around = { colour: string; width: number; pictures: PaperPicture[]; nextList: () => number; strong?: boolean; level?: number; box?: boolean; indent?: number; keepNext?: boolean; inCell?: boolean };

type Written = (Paragraph | Table)[];

const headings = { 1: HeadingLevel.HEADING_1, 2: HeadingLevel.HEADING_2, 3: HeadingLevel.HEADING_3 } as const;
const line = { style: BorderStyle.SINGLE, size: 4, color: lineColour };
export const boldFace: IRunOptions = { bold: true };
const italicFace: IRunOptions = { italics: true };
const twipsInMm = 1440 / 25.4;
/** Room of a signature, in twentieths of a point. */
const signatureHeight = 760;

/** Writes blocks as paragraphs and tables of Word. */
export function wordBlocks(blocks: Block[], around: Around): Written {
  return blocks.flatMap((block) => [...(block.breakBefore ? [gap({ pageBreakBefore: true })] : []), ...written(block, around)]);
}

function written(block: Block, around: Around): Written {
  const face = { small: block.small, strong: around.strong === true };
  const own = paragraphOf(around);
  switch (block.kind) {
    case 'heading': return [new Paragraph({ ...own, heading: headings[block.level], children: runsOf(block.runs) })];
    case 'paragraph': return [new Paragraph({ ...own, children: runsOf(block.runs, face) })];
    case 'list': return listOf(block, around);
    case 'terms': return block.items.flatMap(({ term, blocks }) => [
      new Paragraph({ ...own, keepNext: true, spacing: { before: 100, after: 0 }, children: runsOf(term, { ...face, strong: true }) }),
      ...wordBlocks(blocks, { ...around, indent: 340 })
    ]);
    case 'table': return tableOf(block, around);
    case 'rule': return [new Paragraph({ ...own, border: { bottom: { ...line, space: 1 } }, children: [] })];
    case 'picture': return pictureOf(block, around);
    case 'section': return sectionOf(block, around);
    default: return block satisfies never;
  }
}

function paragraphOf({ box = false, indent, keepNext = false, inCell = false }: Around): IParagraphOptions {
  const side = { ...line, space: 6 };
  return {
    ...(box ? { border: { top: side, bottom: side, left: side, right: side }, indent: { left: 140, right: 140 } } : {}),
    ...(indent === undefined ? {} : { indent: { left: indent } }), ...(keepNext ? { keepNext } : {}), ...(inCell ? { spacing: { after: 20 } } : {})
  };
}

/** Word shows what a picture is to who reads with help, as the PDF does. */
function pictureOf({ file, text, widthMm }: Extract<Block, { kind: 'picture' }>, around: Around): Written {
  const picture = around.pictures.find(({ name }) => name === file);
  const own = Math.min(widthMm, around.width / twipsInMm);
  return picture === undefined ? [] : [new Paragraph({ ...paragraphOf(around), children: [imageOf({ ...picture, text, widthMm: own, heightMm: (own * picture.height) / picture.width })] })];
}

/** A picture of this size on paper. `text`: what it shows. */
export function imageOf({ type, data, widthMm, heightMm, text }: { type: 'png' | 'jpg'; data: Uint8Array; widthMm: number; heightMm: number; text: string }): ImageRun {
  const dots = (mm: number): number => Math.max(1, Math.round((mm * 96) / 25.4));
  return new ImageRun({ type, data, transformation: { width: dots(widthMm), height: dots(heightMm) }, altText: { name: text, title: text, description: text } });
}

function listOf({ ordered, items, small }: Extract<Block, { kind: 'list' }>, around: Around): Written {
  const level = Math.min(deepestLevel, around.level ?? 0);
  const numbering = { reference: ordered ? 'numbers' : 'bullets', level, instance: around.nextList() };
  return items.flatMap((item) => item.flatMap((block, index) => (index === 0 && block.kind === 'paragraph'
    ? [new Paragraph({ numbering, spacing: { after: 40 }, children: runsOf(block.runs, { small, strong: around.strong === true }) })]
    : written(block, { ...around, level: level + 1, indent: 340 * (level + 1) }))));
}

function sectionOf({ place, blocks }: Extract<Block, { kind: 'section' }>, around: Around): Written {
  switch (place) {
    case 'head': {
      const parts = blocks.flatMap((block) => (block.kind === 'paragraph' ? [runsOf(block.runs, { small: true, strong: false })] : []));
      return [new Paragraph({
        tabStops: [{ type: TabStopType.RIGHT, position: around.width }], spacing: { after: 160 }, border: { bottom: { ...line, size: 8, color: around.colour, space: 4 } },
        children: parts.flatMap((part, index) => [...(index === 0 ? [] : [new TextRun({ children: [new Tab()] })]), ...part])
      }), ...wordBlocks(blocks.filter(({ kind }) => kind !== 'paragraph'), around)];
    }
    case 'foot': return [
      new Paragraph({ spacing: { before: 200, after: 60, line: 60, lineRule: 'exact' }, keepNext: true, border: { bottom: { ...line, space: 1 } }, children: [] }),
      ...wordBlocks(blocks.slice(0, -1), { ...around, keepNext: true }), ...wordBlocks(blocks.slice(-1), around)
    ];
    case 'note': return [...wordBlocks(blocks, { ...around, box: true }), gap()];
    case 'plain': return wordBlocks(blocks, around);
    default: return place satisfies never;
  }
}

function tableOf({ caption, head, body, shares, sign }: TableBlock, around: Around): Written {
  const widths = shares.map((share) => Math.floor((share * around.width) / 100));
  // A list of signatures stays on one page, unless it fills one.
  const together = sign && body.length <= 12;
  const rows = [
    ...head.map((row) => rowOf(row, widths, around, { header: true, tall: false, keepNext: together })),
    ...body.map((row, index) => rowOf(row, widths, around, { header: false, tall: sign, keepNext: together && index < body.length - 1 }))
  ];
  const table = new Table({ rows, columnWidths: widths, width: { size: around.width, type: WidthType.DXA }, layout: TableLayoutType.FIXED, margins: { top: 50, bottom: 50, left: 100, right: 100 } });
  return [...(caption.length === 0 ? [] : [new Paragraph({ keepNext: true, children: runsOf(caption, { small: false, strong: true }) })]), ...(rows.length === 0 ? [] : [table]), gap()];
}

function rowOf({ cells, whole }: Row, widths: number[], around: Around, { header, tall, keepNext }: { header: boolean; tall: boolean; keepNext: boolean }): TableRow {
  let column = 0;
  const children = cells.map((cell) => {
    const width = widths.slice(column, column + cell.span).reduce((sum, one) => sum + one, 0);
    column += cell.span;
    const inside = wordBlocks(cell.blocks, { colour: around.colour, pictures: around.pictures, nextList: around.nextList, width: width - 200, strong: cell.header, keepNext, inCell: true });
    return new TableCell({
      columnSpan: cell.span, width: { size: width, type: WidthType.DXA }, verticalAlign: tall ? VerticalAlignTable.CENTER : VerticalAlignTable.TOP,
      borders: { top: line, bottom: line, left: line, right: line }, ...(cell.header ? { shading: { fill: 'F4F7F8' } } : {}),
      // A cell ends with a paragraph.
      children: inside.at(-1) instanceof Paragraph ? inside : [...inside, new Paragraph({ keepNext, children: [] })]
    });
  });
  return new TableRow({ children, tableHeader: header, cantSplit: whole, ...(tall ? { height: { value: signatureHeight, rule: HeightRule.ATLEAST } } : {}) });
}

function runsOf(runs: Run[], { small, strong }: { small: boolean; strong: boolean } = { small: false, strong: false }): TextRun[] {
  return runs.flatMap((run) => {
    const face: IRunOptions = { ...(run.strong || strong ? boldFace : {}), ...(run.em ? italicFace : {}), ...(small ? { size: 19, color: greyColour } : {}) };
    return run.text.split('\n').map((text, index) => new TextRun({ ...face, text, ...(index === 0 ? {} : { break: 1 }) }));
  });
}

/** Word joins two tables that touch. */
function gap(options: IParagraphOptions = {}): Paragraph {
  return new Paragraph({ spacing: { before: 0, after: 0, line: 100, lineRule: 'exact' }, children: [], ...options });
}
