import type { DocumentElement, DocumentNode } from './document-tree.ts';

/** Makes an element of a document that the program itself writes. */
export function element(tag: DocumentElement['tag'], children: DocumentNode[] = [], rest: Partial<Pick<DocumentElement, 'classes' | 'attributes'>> = {}): DocumentElement {
  return { type: 'element', tag, classes: [], attributes: {}, children, ...rest };
}

export function text(words: string, strong = false): DocumentNode {
  return strong ? element('strong', [text(words)]) : { type: 'text', text: words };
}

/** A table with a head that repeats on paper. `look` sign: rows with room to write. */
export function table(head: string[], rows: DocumentNode[][][], look: 'sign' | null = null): DocumentElement {
  return element('table', [
    element('thead', [element('tr', head.map((title) => element('th', [text(title)], { attributes: { scope: 'col' } })))]),
    element('tbody', rows.map((cells) => element('tr', cells.map((cell) => element('td', cell)))))
  ], { classes: look === null ? [] : [look] });
}
