import type { Paper } from './paper.ts';

/** A word as long as this fits no line; below it hyphenation does the work. */
const longestWord = /[^\s\u200b-]{30,}/g;

/** Writes what document.typ reads: data only, in which no text can become markup. Words that fit no line may break anywhere. */
export function pdfData(paper: Paper): string {
  return JSON.stringify(paper, (key, value: unknown) => (key === 'text' && typeof value === 'string' ? breakable(value) : value));
}

function breakable(text: string): string {
  return text.replace(longestWord, (word) => Array.from(word).map((sign, index) => (index % 8 === 7 ? `${sign}\u200b` : sign)).join(''));
}
