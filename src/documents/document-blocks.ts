/** A piece of text in one face. A line break is "\n"; other white space is single, as a browser shows it. */
export type Run = { text: string; strong: boolean; em: boolean };

/**
 * What PDF, Word and plain text are made of: a document tree in which text always stands in a block. `small`: small print.
 * `breakBefore`: starts a page.
 */
export type Block = { small: boolean; breakBefore: boolean } & (
  | { kind: 'heading'; level: 1 | 2 | 3; runs: Run[] }
  | { kind: 'paragraph'; runs: Run[] }
  | { kind: 'list'; ordered: boolean; items: Block[][] }
  /** Questions with their answers. `whole`: each is short enough to stay on one page. */
  | { kind: 'terms'; items: Term[]; whole: boolean }
  | { kind: 'table'; caption: Run[]; head: Row[]; body: Row[]; shares: number[]; sign: boolean }
  | { kind: 'rule' }
  /** One of the pictures that come along with the document. `text`: what it shows. */
  | { kind: 'picture'; file: string; text: string; widthMm: number }
  /** `head` and `foot`: small print above and below a document, its parts left and right. `note`: in a box. */
  | { kind: 'section'; place: 'head' | 'foot' | 'note' | 'plain'; blocks: Block[] }
);

export type Table = Extract<Block, { kind: 'table' }>;

export type Term = { term: Run[]; blocks: Block[] };

/** Every row of a table has as many columns. `whole`: short enough to stay on one page. */
export type Row = { cells: Cell[]; whole: boolean };

export type Cell = { header: boolean; small: boolean; span: number; blocks: Block[] };

/** Gives the text of runs; a line break is "\n". */
export function textOf(runs: Run[]): string {
  return runs.map(({ text }) => text).join('');
}

/** Gives all text of a block, line by line. */
export function linesOf(block: Block): string[] {
  switch (block.kind) {
    case 'heading': case 'paragraph': return textOf(block.runs).split('\n');
    case 'list': return block.items.flatMap((item) => item.flatMap(linesOf));
    case 'terms': return block.items.flatMap(({ term, blocks }) => [textOf(term), ...blocks.flatMap(linesOf)]);
    case 'table': return [textOf(block.caption), ...[...block.head, ...block.body].flatMap(({ cells }) => cells.flatMap(({ blocks }) => blocks.flatMap(linesOf)))];
    case 'rule': case 'picture': return [];
    case 'section': return block.blocks.flatMap(linesOf);
    default: return block satisfies never;
  }
}
