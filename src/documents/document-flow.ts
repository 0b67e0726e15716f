import { type Block, linesOf, type Row, type Run, type Table, type Term } from './document-blocks.ts';
import type { DocumentElement, DocumentNode, DocumentTree } from './document-tree.ts';
import { columnShares, filledRows } from './table-columns.ts';

/** A row or answer with more characters than this may go on on the next page. */
const mostInWhole = 600;

/** Gives the blocks of a document, in order. `pictures`: those that come along; of any other its description stands there. */
export function flowOf(tree: DocumentTree, pictures: Pictures = []): Block[] {
  const blocks = blocksIn(tree, { small: false, top: true, pictures });
  const [first, ...rest] = blocks;
  // The first page starts by itself.
  return first === undefined ? [] : [{ ...first, breakBefore: false }, ...rest];
}

/** Pictures by the name a template gives them, with how wide each is on paper. */
type Pictures = readonly { file: string; name: string; widthMm: number }[];

/** `top`: pages can start here. */
type Around = { small: boolean; top: boolean; pictures: Pictures };

/** Text that stands loose between blocks becomes a paragraph. */
function blocksIn(nodes: DocumentNode[], around: Around): Block[] {
  const blocks: Block[] = [];
  let loose: DocumentNode[] = [];
  const close = (): void => {
    const runs = runsOf(loose);
    loose = [];
    if (runs.length > 0) blocks.push({ kind: 'paragraph', runs, small: around.small, breakBefore: false });
  };
  for (const node of nodes) {
    const block = node.type === 'text' ? null : blockOf(node, around, blocks.length === 0);
    if (block === null) {
      loose.push(node);
      continue;
    }
    close();
    blocks.push(block);
  }
  close();
  return blocks;
}

/** Null: an element within a line. */
function blockOf(element: DocumentElement, around: Around, isFirst: boolean): Block | null {
  const { tag, classes, children } = element;
  const small = around.small || classes.includes('meta');
  const base = { small, breakBefore: around.top && classes.includes('pagebreak') };
  const inside = { small, top: false, pictures: around.pictures };
  switch (tag) {
    case 'h1': case 'h2': case 'h3': return { ...base, kind: 'heading', level: tag === 'h1' ? 1 : tag === 'h2' ? 2 : 3, runs: runsOf(children) };
    case 'p': return { ...base, kind: 'paragraph', runs: runsOf(children) };
    case 'ul': case 'ol': return { ...base, kind: 'list', ordered: tag === 'ol', items: elements(children).map((item) => blocksIn(item.children, { ...inside, small: small || item.classes.includes('meta') })) };
    case 'dl': return { ...base, kind: 'terms', ...termsOf(elements(children), inside) };
    case 'table': return { ...base, ...tableOf(element, inside) };
    case 'hr': return { ...base, kind: 'rule' };
    case 'figure': return { ...base, kind: 'section', place: 'plain', blocks: blocksIn(children, inside) };
    case 'section': {
      if (classes.includes('meta')) return { ...base, kind: 'section', place: isFirst ? 'head' : 'foot', blocks: blocksIn(children, inside) };
      if (classes.includes('note')) return { ...base, kind: 'section', place: 'note', blocks: blocksIn(children, inside) };
      return { ...base, kind: 'section', place: 'plain', blocks: blocksIn(children, { ...inside, top: around.top }) };
    }
    case 'img': {
      const shown = around.pictures.find(({ file }) => file === element.attributes.src);
      return shown === undefined ? null : { ...base, kind: 'picture', file: shown.name, text: element.attributes.alt ?? '', widthMm: shown.widthMm };
    }
    default: return null;
  }
}

function termsOf(parts: DocumentElement[], around: Around): { items: Term[]; whole: boolean } {
  const items: Term[] = [];
  for (const { tag, children } of parts) {
    const last = items.at(-1);
    if (tag === 'dt') items.push({ term: runsOf(children), blocks: [] });
    else if (last === undefined) items.push({ term: [], blocks: blocksIn(children, around) });
    else last.blocks.push(...blocksIn(children, around));
  }
  return { items, whole: items.every(({ blocks }) => isShort(blocks)) };
}

function tableOf({ classes, children }: DocumentElement, around: Around): Omit<Table, 'small' | 'breakBefore'> {
  const parts = elements(children);
  const rowsIn = (name: 'thead' | 'tbody'): Row[] => parts.filter(({ tag }) => tag === name).flatMap((part) => elements(part.children)).map((row) => rowOf(row, around));
  const [head, body] = filledRows(rowsIn('thead'), rowsIn('tbody'));
  const sign = classes.includes('sign');
  return { kind: 'table', caption: parts.filter(({ tag }) => tag === 'caption').flatMap((part) => runsOf(part.children)), head, body, sign, shares: columnShares([...head, ...body], sign) };
}

function rowOf(row: DocumentElement, { small, pictures }: Around): Row {
  const cells = elements(row.children).map(({ tag, classes, attributes, children }) => {
    const own = small || classes.includes('meta') || row.classes.includes('meta');
    return { header: tag === 'th', small: own, span: Number(attributes.colspan ?? 1), blocks: blocksIn(children, { small: own, top: false, pictures }) };
  });
  return { cells, whole: cells.every(({ blocks }) => isShort(blocks)) };
}

/** Each line counts for at least a quarter of a full one. */
function isShort(blocks: Block[]): boolean {
  return blocks.flatMap(linesOf).reduce((count, line) => count + Math.max(25, line.length), 0) <= mostInWhole;
}

function elements(nodes: DocumentNode[]): DocumentElement[] {
  return nodes.filter((node) => node.type === 'element');
}

function runsOf(nodes: DocumentNode[]): Run[] {
  const runs: Run[] = [];
  for (const run of nodes.flatMap((node) => rawRuns(node, false, false))) {
    const before = runs.at(-1);
    const starts = before === undefined || /[ \n]$/.test(before.text);
    if (before !== undefined && run.text === '\n') before.text = before.text.replace(/ $/, '');
    const text = run.text === '\n' ? '\n' : starts ? run.text.replace(/^ /, '') : run.text;
    if (text === '') continue;
    if (before !== undefined && before.strong === run.strong && before.em === run.em) before.text += text;
    else runs.push({ ...run, text });
  }
  const last = runs.at(-1);
  if (last !== undefined) last.text = last.text.replace(/[ \n]+$/, '');
  return runs.filter(({ text }) => text !== '');
}

function rawRuns(node: DocumentNode, strong: boolean, em: boolean): Run[] {
  if (node.type === 'text') return [{ text: node.text.replace(/[ \t\n\r\f]+/g, ' '), strong, em }];
  if (node.tag === 'br') return [{ text: '\n', strong, em }];
  if (node.tag === 'img') return [{ text: node.attributes.alt ?? '', strong, em }];
  return node.children.flatMap((child) => rawRuns(child, strong || node.tag === 'strong', em || node.tag === 'em'));
}
