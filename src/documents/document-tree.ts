import { parseFragment, type DefaultTreeAdapterTypes } from 'parse5';
import { textOnly } from '../no-text.ts';
import { isAttributeValue, isClassName, isTag, mayHaveAttribute, mayHoldText, mayStandIn, type ClassName, type Parent, type Tag } from './allowed-markup.ts';

/** A document without any layout: what the print view, and later PDF and Word, are made from. */
export type DocumentTree = DocumentElement[];

export type DocumentNode = DocumentElement | { type: 'text'; text: string };

export type DocumentElement = {
  type: 'element';
  tag: Tag;
  classes: ClassName[];
  attributes: { [name in 'scope' | 'colspan' | 'alt' | 'src']?: string };
  children: DocumentNode[];
};

/** The HTML holds something that has no place in a document. */
export class UnfitMarkup extends Error {
  constructor(found: string) {
    super(`Unfit markup: ${found}.`);
    this.name = 'UnfitMarkup';
  }
}

/**
 * Reads the HTML of a rendered template into a tree. Throws UnfitMarkup on any element, attribute, class name or place
 * that a document may not have, so that nothing that slipped past the gate can reach a reader. Signs that are no text are left out.
 */
export function readDocument(html: string): DocumentTree {
  const found: string[] = [];
  const fragment = parseFragment(textOnly(html), { onParseError: ({ code, startLine }) => found.push(`${code} on line ${String(startLine)}`) });
  if (found[0] !== undefined) throw new UnfitMarkup(found[0]);
  // The top holds no text, so all that is left there are elements.
  return childrenOf(fragment, 'document').filter((node) => node.type === 'element');
}

function childrenOf(node: DefaultTreeAdapterTypes.ParentNode, parent: Parent): DocumentNode[] {
  return node.childNodes.flatMap((child) => {
    if (isText(child)) return textOf(child.value, parent);
    if (!isElement(child)) throw new UnfitMarkup(child.nodeName);
    return [elementOf(child, parent)];
  });
}

function textOf(value: string, parent: Parent): DocumentNode[] {
  if (mayHoldText(parent)) return [{ type: 'text', text: value }];
  if (value.trim() !== '') throw new UnfitMarkup(`text in ${parent}`);
  return [];
}

function elementOf(element: DefaultTreeAdapterTypes.Element, parent: Parent): DocumentElement {
  const tag = element.tagName;
  if (!isTag(tag)) throw new UnfitMarkup(`<${tag}>`);
  if (!mayStandIn(tag, parent)) throw new UnfitMarkup(`<${tag}> in ${parent}`);
  const attributes: DocumentElement['attributes'] = {};
  let classes: ClassName[] = [];
  for (const { name, value } of element.attrs) {
    if (!mayHaveAttribute(tag, name) || !isAttributeValue(name, value)) throw new UnfitMarkup(`${name} of <${tag}>`);
    if (name === 'class') classes = value.split(/\s+/).filter(isClassName);
    else attributes[name] = value;
  }
  return { type: 'element', tag, classes, attributes, children: childrenOf(element, tag) };
}

function isText(node: DefaultTreeAdapterTypes.ChildNode): node is DefaultTreeAdapterTypes.TextNode {
  return node.nodeName === '#text';
}

function isElement(node: DefaultTreeAdapterTypes.ChildNode): node is DefaultTreeAdapterTypes.Element {
  return 'tagName' in node;
}
