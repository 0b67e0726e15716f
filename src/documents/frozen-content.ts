import type { Bundle } from '../definitions/bundle.ts';
import { textHash } from '../definitions/make-bundle.ts';
import { besideOf } from '../engine/model/beside.ts';
import type { CaseRecord, CaseState, Moment } from '../engine/state/case-state.ts';
import type { Signer } from '../engine/state/document-types.ts';
import { type Block, linesOf } from './document-blocks.ts';
import { flowOf } from './document-flow.ts';
import type { DocumentTree } from './document-tree.ts';

/** A document as it is kept: what it says, of whom and when, and what it was made of. One JSON text; its sha256 is the fingerprint of the version. */
export type FrozenContent = {
  case: string;
  document: string;
  /** Key of the record or row it is about; null without one. */
  source: string | null;
  title: string;
  version: number;
  school: string;
  madeOn: Moment;
  madeBy: string;
  /** `hash`: of the whole bundle. */
  route: { id: string; version: string; hash: string };
  /** `sha256`: of the template with the partials it calls. */
  template: { name: string; sha256: string };
  /** The records the template reads, by their ids in the case. */
  inputs: { record: number; version: number; task: string }[];
  tree: DocumentTree;
};

/** Writes a document as it is kept, with its fingerprint (sha256, hexadecimals). */
export function writeContent(content: FrozenContent): { text: string; sha256: string } {
  const text = `${JSON.stringify(content, null, 1)}\n`;
  return { text, sha256: textHash(text) };
}

/** Reads what writeContent wrote. */
export function readContent(text: string): FrozenContent {
  return JSON.parse(text) as FrozenContent;
}

/** Says of which template, and of which records with what version of each, a document is made. `about`: the record of a document for each of something. */
export function madeOf(bundle: Bundle, state: CaseState, document: string, about: number | null): Pick<FrozenContent, 'template' | 'inputs' | 'route'> {
  const { workflow, hash } = bundle;
  const name = workflow.documents?.[document]?.template ?? '';
  const sources = sourcesOf(bundle, name);
  const text = sources.map(([, source]) => source).join('\n');
  const tasks = tasksIn(text);
  if (/\bonderwerp\b/.test(text) && workflow.subject !== undefined) tasks.add(workflow.subject);
  const isRead = ({ id, task }: CaseRecord): boolean => id === about || tasks.has(task);
  return {
    route: { id: workflow.id, version: workflow.version, hash },
    template: { name, sha256: textHash(JSON.stringify(sources)) },
    inputs: state.records.filter((record) => isRead(record) || state.records.some((other) => isRead(other) && besideOf(bundle, record) === other.id)).map(({ id, version, task }) => ({ record: id, version, task }))
  };
}

/** Whom a document asks to sign: in its tables for signatures the first column is the name; of more than two, the second is the capacity. Each once. */
export function signersIn(tree: DocumentTree): Signer[] {
  const found = signTables(flowOf(tree)).flatMap(({ body }) => body.map(({ cells }): Signer => {
    const [name = '', capacity = ''] = cells.map(({ blocks }) => blocks.flatMap(linesOf).join(' ').trim());
    return { name, capacity: cells.length > 2 ? capacity : '' };
  }));
  return found.filter(({ name, capacity }, index) => name !== '' && found.findIndex((one) => one.name === name && one.capacity === capacity) === index);
}

/** Does a document of a route ask to be signed: is there room for signatures in its template? */
export function asksToSign(bundle: Bundle, document: string): boolean {
  return /class="[^"]*\bsign\b/.test(textOf(bundle, document));
}

/** Does a document print the records of a task? Of one for each of something only what it is about counts. */
export function readsTask(bundle: Bundle, document: string, task: string): boolean {
  return tasksIn(textOf(bundle, document)).has(task);
}

function textOf(bundle: Bundle, document: string): string {
  return sourcesOf(bundle, bundle.workflow.documents?.[document]?.template ?? '').map(([, source]) => source).join('\n');
}

function tasksIn(text: string): Set<string> {
  return new Set([...text.matchAll(/\btaken\.([A-Za-z][\w-]*)/g)].map(([, task = '']) => task));
}

function signTables(blocks: Block[]): (Block & { kind: 'table' })[] {
  return blocks.flatMap((block) => (block.kind === 'table' ? (block.sign ? [block] : []) : block.kind === 'section' ? signTables(block.blocks) : []));
}

/** A template and every partial it calls, itself or through another, by name. */
function sourcesOf({ documents, partials }: Bundle, name: string): [string, string][] {
  const found = new Map<string, string>();
  const add = (source: string): void => {
    for (const [, partial = ''] of source.matchAll(/\{\{~?#?>\s*([\w/-]+)/g)) {
      const text = partials[partial];
      if (found.has(partial) || text === undefined) continue;
      found.set(partial, text);
      add(text);
    }
  };
  const own = documents[name] ?? '';
  add(own);
  return [[name, own], ...[...found].sort(([one], [other]) => (one < other ? -1 : 1))];
}
