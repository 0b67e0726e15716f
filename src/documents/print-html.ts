import { isEmpty } from './allowed-markup.ts';
import type { DocumentElement, DocumentNode, DocumentTree } from './document-tree.ts';

/** Writes a document tree as HTML for the print view. All text is escaped anew; the result needs no further care. */
export function printHtml(tree: DocumentTree): string {
  return tree.map(printElement).join('\n');
}

function printNode(node: DocumentNode): string {
  return node.type === 'text' ? escapeText(node.text) : printElement(node);
}

function printElement({ tag, classes, attributes, children }: DocumentElement): string {
  const given = { ...(classes.length === 0 ? {} : { class: classes.join(' ') }), ...attributes };
  const written = Object.entries(given).map(([name, value]) => ` ${name}="${escapeText(value)}"`).join('');
  return isEmpty(tag) ? `<${tag}${written}>` : `<${tag}${written}>${children.map(printNode).join('')}</${tag}>`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
