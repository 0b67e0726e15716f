/**
 * Gives the HTML of a text of a definition: paragraphs, lists (- and 1.), headings (#), **bold** and *italic*.
 * Everything is escaped first, so no HTML of the text survives. Every heading gets `headingLevel`, so that the page keeps its order.
 */
export function renderMarkdown(text: string, headingLevel: number): string {
  const blocks: Block[] = [];
  for (const line of text.replaceAll('\r\n', '\n').split('\n')) addLine(blocks, line.trim());
  return blocks.map((block) => renderBlock(block, headingLevel)).join('\n');
}

/** Escapes what has a meaning in HTML text and attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

type Block = { type: 'blank' | 'heading' | 'paragraph' | 'ul' | 'ol'; lines: string[] };

const entities: { [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function addLine(blocks: Block[], line: string): void {
  const last = blocks.at(-1);
  const { type, content } = readLine(line);
  if (type === 'blank' || type === 'heading' || last === undefined) {
    blocks.push({ type, lines: [content] });
  } else if (type === 'paragraph' && (last.type === 'ul' || last.type === 'ol')) {
    // A line under a list item without a blank line between belongs to that item.
    last.lines.push(`${last.lines.pop() ?? ''} ${content}`);
  } else if (type === last.type) {
    last.lines.push(content);
  } else {
    blocks.push({ type, lines: [content] });
  }
}

function readLine(line: string): { type: Block['type']; content: string } {
  if (line === '') return { type: 'blank', content: '' };
  const heading = /^#{1,6} +(.+)$/.exec(line)?.[1];
  if (heading !== undefined) return { type: 'heading', content: heading };
  const bullet = /^[-*] +(.+)$/.exec(line)?.[1];
  if (bullet !== undefined) return { type: 'ul', content: bullet };
  const numbered = /^\d+[.)] +(.+)$/.exec(line)?.[1];
  if (numbered !== undefined) return { type: 'ol', content: numbered };
  return { type: 'paragraph', content: line };
}

function renderBlock(block: Block, headingLevel: number): string {
  const [first = ''] = block.lines;
  switch (block.type) {
    case 'blank': return '';
    case 'heading': return `<h${String(headingLevel)}>${renderInline(first)}</h${String(headingLevel)}>`;
    case 'paragraph': return `<p>${renderInline(block.lines.join(' '))}</p>`;
    case 'ul':
    case 'ol': return `<${block.type}>${block.lines.map((line) => `<li>${renderInline(line)}</li>`).join('')}</${block.type}>`;
  }
}

function renderInline(text: string): string {
  return escapeHtml(text)
    .replace(/\*\*(\S(?:.*?\S)?)\*\*/g, '<strong>$1</strong>')
    .replace(/\*(\S(?:[^*]*?[^\s*])?)\*/g, '<em>$1</em>');
}
