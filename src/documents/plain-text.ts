import { type Block, type Row, linesOf, textOf } from './document-blocks.ts';

/** Writes a document as plain text: a line for each paragraph, an empty line between them, cells of a table parted by bars. */
export function plainText(blocks: Block[]): string {
  return `${blocks.map(written).filter((text) => text !== '').join('\n\n')}\n`;
}

function written(block: Block): string {
  switch (block.kind) {
    case 'heading': case 'paragraph': return textOf(block.runs);
    case 'list': return block.items.map((item, index) => `${block.ordered ? `${String(index + 1)}.` : '-'} ${item.flatMap(linesOf).join('\n  ')}`).join('\n');
    case 'terms': return block.items.map(({ term, blocks }) => [textOf(term), ...blocks.flatMap(linesOf).map((line) => `  ${line}`)].join('\n')).join('\n');
    case 'table': return [...(block.caption.length === 0 ? [] : [textOf(block.caption)]), ...[...block.head, ...block.body].map(rowText)].join('\n');
    case 'picture': return block.text;
    case 'rule': return '';
    case 'section': return block.blocks.map(written).join('\n');
    default: return block satisfies never;
  }
}

function rowText({ cells }: Row): string {
  return cells.map(({ blocks }) => blocks.flatMap(linesOf).join(' ')).join(' | ').trimEnd();
}
