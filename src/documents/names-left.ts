import type { Bundle, Json } from '../definitions/bundle.ts';
import type { CaseState } from '../engine/case-state.ts';
import { summaryFields } from '../engine/summary.ts';
import type { DocumentNode, DocumentTree } from './document-tree.ts';

/** A shorter word is as often no name. */
const fewestLetters = 3;

/** Gives the words of the line that stands for the subject which still stand in a document, each once: somebody may have typed a name in an answer. */
export function namesLeft({ workflow, forms }: Bundle, { records }: CaseState, tree: DocumentTree): string[] {
  const form = forms[workflow.subject ?? ''];
  const subject = records.findLast(({ task }) => task === workflow.subject)?.answers;
  if (form === undefined || subject === undefined) return [];
  const names = new Set(summaryFields(form).flatMap((field) => wordsIn(subject[field])));
  const words = new Set(tree.flatMap(textsIn).flatMap((text) => wordsIn(text)).map(folded));
  return [...names].filter((name) => words.has(folded(name)));
}

function wordsIn(value: Json | undefined): string[] {
  return typeof value === 'string' ? value.split(/[^\p{L}\p{M}'-]+/u).filter((word) => word.length >= fewestLetters) : [];
}

function textsIn(node: DocumentNode): string[] {
  return node.type === 'text' ? [node.text] : node.children.flatMap(textsIn);
}

function folded(word: string): string {
  return word.normalize('NFC').toLocaleLowerCase('nl');
}
