import { own } from '../definitions/json-values.ts';
import { folded } from './folded.ts';
import type { Leftover, SettledPart, SettledSection } from './disclosure-types.ts';
import type { DocumentElement, DocumentNode, DocumentTree } from './document-tree.ts';

/** A shorter word is as often no name. */
const fewestLetters = 3;
/** A shorter sentence says nothing of anybody: "Geen bijzonderheden." */
const shortestSentence = 25;
/** A text of no more words may well be a name. */
const mostNameWords = 3;

/**
 * Gives the names and sentences that are left out somewhere and still stand in what is given, each once with where. Names are words with a
 * capital, numbers to call and addresses; `known` are no secret. A word that is written small as well is no name, but in a short answer
 * to who somebody is.
 */
export function leftoversIn(sections: SettledSection[], words: { [words: string]: boolean }, known: string[]): Leftover[] {
  const given = sections.flatMap(({ section, parts }) => parts.filter(({ give }) => give).map((one) => ({ where: `${section.title}: ${one.part.question}`, tokens: tokensIn(textOf(one).normalize('NFC')) })));
  const small = new Set(sections.flatMap(({ parts }) => parts.flatMap((one) => wordsIn([textOf(one), ...one.part.lines].join(' ')).filter((word) => !isCapital(word)))));
  const ignored = new Set(known.flatMap(wordsIn).map(folded));
  const found = sections.flatMap(({ parts }) => parts.flatMap(secretsOf)).filter(({ words: secret, isSure }) => !ignored.has(folded(secret)) && (isSure || !small.has(folded(secret))));
  return [...new Map(found.map(({ words: secret }) => [folded(secret), secret])).values()].flatMap((secret): Leftover[] => {
    const where = given.filter(({ tokens }) => placesOf(tokens, secret).length > 0).map((one) => one.where);
    return where.length === 0 ? [] : [{ words: secret, where: [...new Set(where)], choice: own(words, secret) ?? null }];
  });
}

/** Takes words out of a text wherever they stand whole, also as a genitive; what is given and what was typed need not use the same capitals. */
export function takeOut(text: string, words: string[], mark: string): string {
  return longestFirst(words).reduce((rest, one) => withMark(rest, placesOf(tokensIn(rest), one), mark), words.length === 0 ? text : text.normalize('NFC'));
}

/** The same in every text of a document. */
export function takeOutOfTree(tree: DocumentTree, words: string[], mark: string): DocumentTree {
  if (words.length === 0) return tree;
  const inside = (node: DocumentNode): DocumentNode => (node.type === 'text' ? { ...node, text: takeOut(node.text, words, mark) } : within(node));
  const within = (element: DocumentElement): DocumentElement => ({ ...element, children: element.children.map(inside) });
  return tree.map(within);
}

/** Every text of a document, with a space between. */
export function treeText(tree: DocumentTree): string {
  const textIn = (node: DocumentNode): string => (node.type === 'text' ? node.text : node.children.map(textIn).join(' '));
  return tree.map(textIn).join(' ');
}

function textOf({ part, text }: SettledPart): string {
  return [part.question, text, part.tree === null ? '' : treeText(part.tree)].join(' ');
}

/** What of a part that is left out must not stand elsewhere. `isSure`: it is no word of every day. */
function secretsOf({ part, give, without }: SettledPart): { words: string; isSure: boolean }[] {
  if (part.locked || part.tree !== null || !part.names) return [];
  const texts = give ? without : [part.lines.join('\n')];
  return texts.flatMap((text) => {
    const sentences = (give ? [text] : part.sentences).filter((sentence) => sentence.length >= shortestSentence);
    const isName = text.trim().split(/\s+/).length <= mostNameWords;
    return [...[...sentences, ...(text.match(/[^\s,;]+@[^\s,;]+|\+?\d[\d -]{5,}\d/g) ?? [])].map((words) => ({ words, isSure: true })), ...namesIn(text, isName).map((words) => ({ words, isSure: isName }))];
  });
}

/** The first word of a sentence has a capital of its own. */
function namesIn(text: string, isName: boolean): string[] {
  const starts = isName ? new Set<number>() : new Set([...text.matchAll(/(?:^|[.!?:"“‘(\n])\s*["“‘(]?([\p{L}\p{M}'’-]+)/gu)].map(({ index, 0: whole }) => index + whole.length));
  return [...text.matchAll(/[\p{L}\p{M}'’-]+/gu)].filter(({ 0: word, index }) => isCapital(word) && word.length >= fewestLetters && !starts.has(index + word.length)).map(([word]) => word);
}

function isCapital(word: string): boolean {
  return /^\p{Lu}/u.test(word);
}

function wordsIn(text: string): string[] {
  return text.split(/[^\p{L}\p{M}'’-]+/u);
}

function longestFirst(words: string[]): string[] {
  return words.toSorted((one, other) => other.length - one.length);
}

type Token = { word: string; from: number; to: number };

/** Words and numbers are one token each, any other sign by itself; white space is none. */
function tokensIn(text: string): Token[] {
  return [...text.matchAll(/[\p{L}\p{M}\p{N}]+|\S/gu)].map(({ 0: word, index }) => ({ word: folded(word), from: index, to: index + word.length }));
}

/** Where words stand whole in a text, in order: also as a genitive, "Kims" or "Kim's". */
function placesOf(tokens: Token[], words: string): { from: number; to: number }[] {
  const sought = tokensIn(words.normalize('NFC')).map(({ word }) => word);
  const last = sought.length - 1;
  if (last < 0) return [];
  return tokens.flatMap(({ from }, at) => {
    const isHere = sought.every((word, index) => tokens[at + index]?.word === word || (index === last && tokens[at + index]?.word === `${word}s`));
    const end = tokens[at + last];
    if (!isHere || end === undefined) return [];
    const [sign, letter] = [tokens[at + last + 1], tokens[at + last + 2]];
    const isOwned = sign?.from === end.to && ["'", '’'].includes(sign.word) && letter?.from === sign.to && letter.word === 's';
    return [{ from, to: isOwned ? letter.to : end.to }];
  });
}

function withMark(text: string, places: { from: number; to: number }[], mark: string): string {
  const apart = places.filter(({ from }, index) => index === 0 || from >= (places[index - 1]?.to ?? 0));
  return apart.reduceRight((rest, { from, to }) => `${rest.slice(0, from)}${mark}${rest.slice(to)}`, text);
}
