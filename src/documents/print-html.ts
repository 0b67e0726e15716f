import { isEmpty } from './allowed-markup.ts';
import type { DocumentElement, DocumentNode, DocumentTree } from './document-tree.ts';

/**
 * Writes a document tree as HTML for the print view. All text is escaped anew; the result needs no further care.
 * `deeper`: how many levels its headings stand below those of the page around it.
 */
export function printHtml(tree: DocumentTree, deeper = 0): string {
  return tree.map((element) => printElement(element, deeper)).join('\n');
}

function printNode(node: DocumentNode, deeper: number): string {
  return node.type === 'text' ? escapeText(node.text) : printElement(node, deeper);
}

function printElement({ tag, classes, attributes, children }: DocumentElement, deeper: number): string {
  const given = { ...(classes.length === 0 ? {} : { class: classes.join(' ') }), ...attributes };
  const written = Object.entries(given).map(([name, value]) => ` ${name}="${escapeText(value)}"`).join('');
  const name = tag.replace(/^h([123])$/, (_, level) => `h${String(Number(level) + deeper)}`);
  return isEmpty(tag) ? `<${name}${written}>` : `<${name}${written}>${children.map((child) => printNode(child, deeper)).join('')}</${name}>`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
