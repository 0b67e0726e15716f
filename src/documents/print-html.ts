import { isEmpty } from './allowed-markup.ts';
import type { DocumentElement, DocumentNode, DocumentTree } from './document-tree.ts';

/**
 * Writes a document tree as HTML for the print view. All text is escaped anew; the result needs no further care.
 * `deeper`: how many levels its headings stand below those of the page around it. `pictures`: the address its pictures stand
 * below; null: none, and what each shows stands there in words.
 */
export function printHtml(tree: DocumentTree, { deeper = 0, pictures = null }: Partial<Around> = {}): string {
  return tree.map((element) => printElement(element, { deeper, pictures })).join('\n');
}

type Around = { deeper: number; pictures: string | null };

function printNode(node: DocumentNode, around: Around): string {
  return node.type === 'text' ? escapeText(node.text) : printElement(node, around);
}

function printElement({ tag, classes, attributes, children }: DocumentElement, around: Around): string {
  const { deeper, pictures } = around;
  const { src, ...others } = attributes;
  if (tag === 'img' && pictures === null) return escapeText(attributes.alt ?? '');
  const given = { ...(classes.length === 0 ? {} : { class: classes.join(' ') }), ...(src === undefined ? {} : { src: `${pictures ?? ''}${src}` }), ...others };
  const written = Object.entries(given).map(([name, value]) => ` ${name}="${escapeText(value)}"`).join('');
  const name = tag.replace(/^h([123])$/, (_, level) => `h${String(Number(level) + deeper)}`);
  return isEmpty(tag) ? `<${name}${written}>` : `<${name}${written}>${children.map((child) => printNode(child, around)).join('')}</${name}>`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
