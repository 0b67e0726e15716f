/** The elements of a document. Anything else has no place in a letter or report. */
export const tags = [
  'h1', 'h2', 'h3', 'p', 'ul', 'ol', 'li', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'caption', 'dl', 'dt', 'dd',
  'strong', 'em', 'br', 'hr', 'figure', 'img', 'section'
] as const;

export type Tag = (typeof tags)[number];

/** The class names of a document: meta for small print, note for a remark in a box, sign for room to sign, pagebreak to start a page. */
export const classNames = ['meta', 'note', 'sign', 'pagebreak'] as const;

export type ClassName = (typeof classNames)[number];

export type AttributeName = 'class' | 'scope' | 'colspan' | 'alt' | 'src';

/** What holds an element: another element, the document itself, or one that a document may not have: what stands in that is no second mistake. */
export type Parent = Tag | 'document' | 'unknown';

const blocks: Parent[] = ['document', 'section', 'td', 'th', 'li', 'dd', 'figure', 'unknown'];
const phrases: Parent[] = ['p', 'h1', 'h2', 'h3', 'li', 'td', 'th', 'caption', 'dt', 'dd', 'strong', 'em', 'unknown'];

const parents: { [tag in Tag]: Parent[] } = {
  h1: blocks, h2: blocks, h3: blocks, p: blocks, ul: blocks, ol: blocks, table: blocks, dl: blocks, hr: blocks, figure: blocks, section: blocks,
  li: ['ul', 'ol'], dt: ['dl'], dd: ['dl'], caption: ['table'], thead: ['table'], tbody: ['table'], tr: ['thead', 'tbody'], th: ['tr'], td: ['tr'],
  strong: phrases, em: phrases, br: phrases, img: ['figure']
};

const attributePlaces: { [name in AttributeName]: readonly Tag[] } = { class: tags, scope: ['th'], colspan: ['th', 'td'], alt: ['img'], src: ['img'] };

/** Is this the name of an element a document may have? */
export function isTag(name: string): name is Tag {
  return (tags as readonly string[]).includes(name);
}

export function isClassName(name: string): name is ClassName {
  return (classNames as readonly string[]).includes(name);
}

/** May this element have this attribute? */
export function mayHaveAttribute(tag: Tag, name: string): name is AttributeName {
  const places = Object.hasOwn(attributePlaces, name) ? attributePlaces[name as AttributeName] : [];
  return places.includes(tag);
}

/**
 * Is this a good value of an attribute? A picture is a file that stands beside the templates, by its name alone.
 * So no address, no script and no data can stand there.
 */
export function isAttributeValue(name: AttributeName, value: string): boolean {
  switch (name) {
    case 'class': return value.split(/\s+/).every(isClassName);
    case 'scope': return value === 'col' || value === 'row';
    case 'colspan': return /^[1-9]\d?$/.test(value);
    case 'src': return /^[A-Za-z0-9][\w-]*\.(?:png|jpe?g)$/.test(value);
    case 'alt': return true;
  }
}

/** May this element stand directly in that one? */
export function mayStandIn(tag: Tag, parent: Parent): boolean {
  return parent === 'unknown' || parents[tag].includes(parent);
}

/** May text stand directly in this element? */
export function mayHoldText(parent: Parent): boolean {
  return phrases.includes(parent);
}

/** May paragraphs, lists and tables stand directly in this element? */
export function mayHoldBlocks(parent: Parent): boolean {
  return blocks.includes(parent);
}

/** Does this element have no inside? */
export function isEmpty(tag: Tag): boolean {
  return tag === 'br' || tag === 'hr' || tag === 'img';
}
