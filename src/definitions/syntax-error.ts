import * as jsonc from 'jsonc-parser';
import { finding, type Finding } from './problem.ts';

/** Bracket or key at the start of a line, and how far it is indented. */
type Open = { bracket: string; offset: number; indent: number };

const opposite: { [bracket: string]: string } = { '{': '}', '[': ']' };

/** What people write where JSON has true, false or null; in small letters. */
const words: { [word: string]: string } = { ja: 'true', waar: 'true', yes: 'true', true: 'true', nee: 'false', onwaar: 'false', no: 'false', false: 'false', leeg: 'null', none: 'null', null: 'null' };

/** Puts the first syntax error of a text in words, and at the place where it is mended; what follows from it is not told. */
export function syntaxFinding(text: string, { error, offset }: { error: jsonc.ParseError['error']; offset: number }): { finding: Finding; offset: number } {
  const code = jsonc.printParseErrorCode(error);
  const rest = text.slice(offset);
  if (/^[“”„‟«»‘’‚`'´]/.test(rest)) return { finding: finding('syntaxQuote', [], { found: rest.charAt(0) }), offset };
  if (rest.startsWith(';')) return { finding: finding('syntaxSemicolon', []), offset };
  if (code === 'InvalidSymbol' && text[offset - 1] === '"') return { finding: finding('syntaxInnerQuote', []), offset: offset - 1 };
  const digits = /^\d+/.exec(rest)?.[0];
  if (code === 'CommaExpected' && digits !== undefined && /[^\d.]0$/.test(text.slice(0, offset))) return { finding: finding('syntaxLeadingZero', [], { found: `0${digits}`, meant: String(Number(digits)) }), offset: offset - 1 };
  const word = /^[A-Za-z]+/.exec(rest)?.[0] ?? '';
  const meant = words[word.toLowerCase()];
  if (code === 'InvalidSymbol' && meant !== undefined) return { finding: finding('syntaxWord', [], { found: word, meant }), offset };
  if (code === 'InvalidCharacter') return { finding: finding('syntaxInvalidCharacter', []), offset: offset + Math.max(0, rest.split('').findIndex((sign) => sign < ' ')) };
  if (/^(CloseB|EndOfFile)/.test(code) || (code === 'CommaExpected' && /^[\]}]/.test(rest))) {
    const found = bracketFinding(text);
    if (found !== null) return found;
  }
  return { finding: finding(`syntax${code}`, []), offset };
}

/** The bracket that is missing or too many, as far as the brackets themselves or the indentation of the lines show it. */
function bracketFinding(text: string): { finding: Finding; offset: number } | null {
  const scanner = jsonc.createScanner(text, true);
  const open: Open[] = [];
  let end = 0;
  let line = '';
  for (;;) {
    scanner.scan();
    const offset = scanner.getTokenOffset();
    const token = text.slice(offset, offset + scanner.getTokenLength());
    const last = open.at(-1);
    if (token === '') return last === undefined ? null : unclosed(text, last, end);
    const lead = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
    const isFirst = /^\s*$/.test(lead);
    if (isFirst) line = lead;
    const isClosing = token === '}' || token === ']';
    const isOutside = isFirst && last !== undefined && (isClosing ? line.length < last.indent : line.length <= last.indent && /^["{[]/.test(token));
    if (last !== undefined && (isOutside || (isClosing && token !== opposite[last.bracket]))) {
      return unclosed(text, last, end);
    }
    if (isClosing && (last === undefined || (isFirst && line.length > last.indent))) return { finding: finding('syntaxSurplus', [], { bracket: token }), offset };
    if (isClosing) open.pop();
    if (token === '{' || token === '[') open.push({ bracket: token, offset, indent: line.length });
    if (token !== ',') end = offset + token.length;
  }
}

function unclosed(text: string, { bracket, offset }: Open, end: number): { finding: Finding; offset: number } {
  return { finding: finding('syntaxUnclosed', [], { bracket: opposite[bracket] ?? '', opened: text.slice(0, offset).split('\n').length }), offset: end };
}
