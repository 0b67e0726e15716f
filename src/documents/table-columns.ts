import { type Cell, linesOf, type Row } from './document-blocks.ts';

/** So many characters fit side by side on a page. */
const lineLength = 90;
/** Room around the text of a cell, in characters. */
const padding = 3;
const narrowest = 8;
/** Lines up to this stay whole, such as a day in words; longer ones go on on the next line. */
const longestWhole = 30;
const widest = 60;
/** Room to write a signature, and to write anything else by hand. */
const signature = 30;
const written = 18;

/** Fills rows up with empty cells, so that every row of the table has as many columns. Gives head and body. */
export function filledRows(head: Row[], body: Row[]): [Row[], Row[]] {
  const columns = Math.max(1, ...[...head, ...body].map(columnsOf));
  const fill = (row: Row): Row => ({
    ...row,
    cells: [...row.cells, ...Array.from({ length: columns - columnsOf(row) }, (): Cell => ({ header: false, small: false, span: 1, blocks: [] }))]
  });
  return [head.map(fill), body.map(fill)];
}

/** Gives each column its share of the width, in percents, by how much its cells hold: short columns as wide as their text, the others the rest. */
export function columnShares(rows: Row[], sign: boolean): number[] {
  const columns = rows[0] === undefined ? 1 : columnsOf(rows[0]);
  if (columns === 2 && rows.every(({ cells }) => cells[0]?.header === true && cells[1]?.header === false)) return [30, 70];
  const wishes = Array.from({ length: columns }, () => narrowest);
  const empty = Array.from({ length: columns }, () => false);
  for (const { cells } of rows) {
    let column = 0;
    for (const cell of cells) {
      if (cell.span === 1) wishes[column] = Math.max(wishes[column] ?? narrowest, wishOf(cell));
      if (cell.blocks.length === 0) empty[column] = true;
      column += cell.span;
    }
  }
  // The first column without words is where people sign.
  const place = empty.indexOf(true);
  return inPercents(fitted(wishes.map((wish, index) => (sign && empty[index] === true ? Math.max(wish, index === place ? signature : written) : wish))));
}

function fitted(wishes: number[]): number[] {
  const isShort = (wish: number): boolean => wish <= longestWhole;
  const short = wishes.filter(isShort).reduce(sum, 0);
  const long = wishes.filter((wish) => !isShort(wish)).map(Math.sqrt).reduce(sum, 0);
  // Too many short columns, or nothing but short ones: all share alike.
  if (long === 0 || short > 0.7 * lineLength) return wishes;
  return wishes.map((wish) => (isShort(wish) ? wish : (Math.sqrt(wish) * (lineLength - short)) / long));
}

function inPercents(widths: number[]): number[] {
  const total = widths.reduce(sum, 0);
  return widths.map((width) => Math.round((1000 * width) / total) / 10);
}

function sum(total: number, one: number): number {
  return total + one;
}

function columnsOf({ cells }: Row): number {
  return cells.reduce((count, { span }) => count + span, 0);
}

function wishOf({ blocks }: Cell): number {
  const longest = Math.max(0, ...blocks.flatMap(linesOf).map((line) => line.length));
  return Math.min(widest, longest + padding);
}
