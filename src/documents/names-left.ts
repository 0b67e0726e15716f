import type { Answers, Bundle, Json } from '../definitions/bundle.ts';
import type { FormDefinition } from '../definitions/form.types.ts';
import { isObject } from '../definitions/json-values.ts';
import { fieldsOf, rowFieldsOf } from '../definitions/lookup.ts';
import type { CaseState } from '../engine/state/case-state.ts';
import { summaryFields } from '../engine/model/summary.ts';
import type { DocumentNode, DocumentTree } from './document-tree.ts';

/** A shorter word is as often no name. */
const fewestLetters = 3;

/**
 * Gives the words that name the subject, or somebody in a list of the subject such as a parent, and still stand in a document, each
 * once: somebody may have typed a name in an answer.
 */
export function namesLeft({ workflow, forms }: Bundle, { records }: CaseState, tree: DocumentTree): string[] {
  const form = forms[workflow.subject ?? ''];
  const subject = records.findLast(({ task }) => task === workflow.subject)?.answers;
  if (form === undefined || subject === undefined) return [];
  const names = new Set([...summaryFields(form).map((field) => subject[field]), ...relatives(form, subject)].flatMap(wordsIn));
  const words = new Set(tree.flatMap(textsIn).flatMap((text) => wordsIn(text)).map(folded));
  return [...names].filter((name) => words.has(folded(name)));
}

/** What is known of others in the lists of the subject: their names, and no word about them. */
function relatives(form: FormDefinition, subject: Answers): Json[] {
  return Object.entries(fieldsOf(form)).flatMap(([name, field]) => {
    const rows = subject[name];
    const named = Object.entries(rowFieldsOf(form, field) ?? {}).filter(([, part]) => part['x-source'] === 'third-party').map(([part]) => part);
    return Array.isArray(rows) ? rows.flatMap((row) => (isObject(row) ? named.map((part) => row[part] ?? null) : [])) : [];
  });
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
