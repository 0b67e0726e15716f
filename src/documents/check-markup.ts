import {
  classNames, isAttributeValue, isEmpty, isTag, mayHaveAttribute, mayHoldBlocks, mayHoldText, mayStandIn, tags, type Parent, type Tag
} from './allowed-markup.ts';
import { nearest } from '../definitions/nearest.ts';
import { deepest, positionOf, programsOf, statementsOf, type Position, type Program, type Report, type Statement } from './template-ast.ts';

/** Signs from the private use area of Unicode that stand for what is between braces. */
const marks = { value: '\uE000', block: '\uE001', partial: '\uE002' } as const;
const anyMark = /[\uE000-\uE002]/;

const tagPattern = /^<(\/?)([A-Za-z][\w:-]*)((?:\s+[A-Za-z_:@][\w:.@-]*\s*=\s*"[^"<]*")*)\s*\/?>/;
const attributePattern = /([A-Za-z_:@][\w:.@-]*)\s*=\s*"([^"]*)"/g;
const characterReference = /^&(?:#\d+|#x[0-9a-f]+|[a-z]+);/i;

/** What other programs write, and which tag says the same here. */
const meantTags: { [tag: string]: string } = { b: 'strong', i: 'em', u: 'em', div: 'section', h4: 'h3' };

/** `name`: as it is written. */
type Open = { tag: Parent; name: string; position: Position };

/**
 * Checks the HTML of a template: only the elements, attributes and class names of a document, each where it may stand,
 * closed in the same block, attributes between double quotes. What is filled in can then only ever be text.
 * `pictures`: the files there are to show; null: not known here.
 */
export function checkMarkup(program: Program, report: Report, pictures: readonly string[] | null): void {
  checkInside(program, 'document', 0, report, pictures);
}

function checkInside(program: Program, parent: Parent, depth: number, report: Report, pictures: readonly string[] | null): void {
  const statements = statementsOf(program);
  const text = flatten(statements);
  const open: Open[] = [];
  const parentNow = (): Parent => open.at(-1)?.tag ?? parent;
  let marked = 0;

  for (let index = 0; index < text.source.length; index += 1) {
    const sign = text.source[index] ?? '';
    const position = text.positionOf(index);
    if (sign === '<') {
      const end = readTag(text.source, index, position);
      marked += count(text.source.slice(index, end + 1), anyMark);
      index = end;
    } else if (anyMark.test(sign)) {
      checkMark(text.marked[marked], parentNow(), position);
      marked += 1;
    } else if (sign === '&' && !characterReference.test(text.source.slice(index, index + 12))) {
      report(position, 'ampersand');
    } else if (/\S/.test(sign) && !mayHoldText(parentNow())) {
      report(position, 'textPlace', { parent: nameOf(parentNow()) });
      // One message for one piece of text.
      while (index + 1 < text.source.length && !/[<\uE000-\uE002]/.test(text.source[index + 1] ?? '')) index += 1;
    }
  }
  for (const { tag, position } of open) if (tag !== 'unknown') report(position, 'notClosed', { tag });

  /** Gives the index of the last character of the tag. */
  function readTag(source: string, start: number, position: Position): number {
    const found = tagPattern.exec(source.slice(start));
    if (found === null) return skipBroken(source, start, position);
    const [whole, slash = '', name = '', attributes = ''] = found;
    const end = start + whole.length;
    if (slash === '/') close(name, position);
    else if (isTag(name)) openTag(name, attributes, position, source.slice(end));
    else openUnknown(name, position, source.includes(`</${name}>`, end));
    return end - 1;
  }

  function skipBroken(source: string, start: number, position: Position): number {
    const rest = source.slice(start);
    const name = /^<([A-Za-z][\w:-]*)/.exec(rest)?.[1];
    if (/^<[^A-Za-z!?/]/.test(rest)) {
      report(position, 'looseSign');
      return start;
    }
    report(position, /^<[!?]/.test(rest) ? 'comment' : 'brokenTag');
    // The tag counts as opened, so that its end is no second problem.
    const end = source.indexOf('>', start);
    if (name !== undefined && isTag(name)) openTag(name, '', position, source.slice(end));
    else if (name !== undefined) openUnknown(name, position, source.includes(`</${name}>`, start));
    return end === -1 ? source.length : end;
  }

  function openUnknown(name: string, position: Position, isClosed: boolean): void {
    report(position, 'unknownTag', { tag: name }, meantTags[name.toLowerCase()] ?? nearest(name, tags));
    if (isClosed) open.push({ tag: 'unknown', name, position });
  }

  function openTag(name: Tag, attributes: string, position: Position, after: string): void {
    closeForgotten(name, after);
    if (!mayStandIn(name, parentNow())) report(position, 'tagPlace', { tag: name, parent: nameOf(parentNow()) });
    for (const [, attribute = '', value = ''] of attributes.matchAll(attributePattern)) {
      if (!mayHaveAttribute(name, attribute)) report(position, 'unknownAttribute', { tag: name, attribute });
      else if (anyMark.test(value) ? attribute !== 'alt' || /[\uE001\uE002]/.test(value) : !isAttributeValue(attribute, value)) {
        report(position, attribute === 'class' ? 'badClass' : 'badAttribute', { tag: name, attribute, value: value.replace(/[\uE000-\uE002]/g, '{{}}'), allowed: classNames.join(', ') });
      }
    }
    if (name === 'img') checkPicture(Object.fromEntries([...attributes.matchAll(attributePattern)].map(([, attribute = '', value = '']) => [attribute, value])), position);
    if (isEmpty(name)) return;
    open.push({ tag: name, name, position });
    if (open.length + depth === deepest + 1) report(position, 'tooDeep', { greatest: deepest });
  }

  /** A tag that cannot hold the next one and is not closed before another of its kind, was not closed: that is told once, and not of all that follows. */
  function closeForgotten(name: Tag, after: string): void {
    const last = open.at(-1);
    if (last === undefined || mayStandIn(name, last.tag)) return;
    const [end, next] = [after.indexOf(`</${last.name}`), after.indexOf(`<${last.name}`)];
    if (end !== -1 && (next === -1 || end < next)) return;
    report(last.position, 'notClosed', { tag: last.name });
    open.pop();
  }

  /** Who cannot see a picture reads what it shows; a picture that is not there shows nothing to anybody. */
  function checkPicture({ src = '', alt = '' }: { [attribute: string]: string }, position: Position): void {
    if (alt.trim() === '') report(position, 'noAlt');
    if (pictures !== null && !pictures.includes(src)) report(position, 'unknownPicture', { file: src }, nearest(src, pictures));
  }

  function close(name: string, position: Position): void {
    if (open.at(-1)?.name === name) open.pop();
    else if (isTag(name)) report(position, 'closedElsewhere', { tag: name });
  }

  function checkMark(statement: Statement | undefined, holder: Parent, position: Position): void {
    if (statement?.type === 'MustacheStatement' && !mayHoldText(holder)) report(position, 'valuePlace', { parent: nameOf(holder) });
    if (statement?.type === 'PartialStatement' && !mayHoldBlocks(holder)) report(position, 'partialPlace', { parent: nameOf(holder) });
    if (statement?.type !== 'BlockStatement') return;
    const { body, inverse } = programsOf(statement);
    for (const inside of [body, inverse]) if (inside !== null) checkInside(inside, holder, depth + open.length + 1, report, pictures);
  }
}

/** Puts the text of statements behind each other, with one sign for each thing between braces. */
function flatten(statements: Statement[]): { source: string; marked: Statement[]; positionOf(index: number): Position } {
  const pieces: { start: number; text: string; position: Position }[] = [];
  const marked: Statement[] = [];
  let source = '';
  for (const statement of statements) {
    const text = textOf(statement);
    if (text === null) continue;
    if (statement.type !== 'ContentStatement') marked.push(statement);
    pieces.push({ start: source.length, text, position: positionOf(statement) });
    source += text;
  }
  return {
    source,
    marked,
    positionOf: (index) => {
      const piece = pieces.findLast(({ start }) => start <= index);
      if (piece === undefined) return { line: 1, column: 1 };
      const before = piece.text.slice(0, index - piece.start).split('\n');
      const last = before.at(-1) ?? '';
      return { line: piece.position.line + before.length - 1, column: before.length === 1 ? piece.position.column + last.length : last.length + 1 };
    }
  };
}

function textOf(statement: Statement): string | null {
  switch (statement.type) {
    case 'ContentStatement': return statement.value.replace(/[\uE000-\uE002]/g, '?');
    case 'CommentStatement': return null;
    case 'BlockStatement': return marks.block;
    case 'PartialStatement': return marks.partial;
    default: return marks.value;
  }
}

function count(text: string, pattern: RegExp): number {
  return Array.from(text).filter((sign) => pattern.test(sign)).length;
}

function nameOf(parent: Parent): string {
  return parent === 'document' ? parent : `<${parent}>`;
}
