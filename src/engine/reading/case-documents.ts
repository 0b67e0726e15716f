import type { Json } from '../../definitions/bundle.ts';
import type { CaseContext } from '../model/case-context.ts';
import { holds } from '../conditions/conditions.ts';
import { sourcesAt, sourcesIn, titleFrom } from '../model/instances.ts';
import { joined, quoted } from '../model/labels.ts';
import type { PreparedDocument, Source } from '../model/prepare.ts';
import type { CaseRecord } from '../state/case-state.ts';
import { conditionReasons } from './reasons.ts';

/** What can be left out of a document. `identity`: whom the case is about. */
export type Withheld = 'identity';

/**
 * A document of a case. `source`: which record or row it is about, of a document for each of something. `isReady`: it can be
 * made; else `reasons` say why not yet. `fourEyes`: a second person must approve it before it goes anywhere.
 */
export type CaseDocument = { id: string; source: Source | null; title: string; isReady: boolean; reasons: string[]; withheld: Withheld[]; fourEyes: boolean };

/** A document, and which record or row it is about when there is one for each. */
export type ReadyDocument = { document: PreparedDocument; source: Source | null };

/** Gives the documents that can be made `after` and could not `before`, in the order of the definition; null: there was no case. Those that always can are left out. */
export function newDocuments(before: CaseContext | null, after: CaseContext): ReadyDocument[] {
  return after.model.documents.flatMap((document): ReadyDocument[] => {
    if (document.for !== null) return document.for.flatMap((path) => newSources(before, after, document, path)).map((source) => ({ document, source }));
    const isNew = document.applies !== null && appliesTo(after, document) && (before === null || !appliesTo(before, document));
    return isNew ? [{ document, source: null }] : [];
  });
}

/** Without a condition only of a record that is another than it was. */
function newSources(before: CaseContext | null, after: CaseContext, document: PreparedDocument, path: string[]): Source[] {
  const task = after.model.tasks.get(path[0] ?? '');
  if (task === undefined) return [];
  const [was, is] = [before?.recordsOf(task) ?? [], after.recordsOf(task)];
  const differs = (other: CaseRecord[]) => (record: CaseRecord, index: number): boolean => document.applies !== null || record !== other[index];
  const sources = is.filter(differs(was)).flatMap((record) => sourcesIn(record, path)).filter(({ value }) => appliesTo(after, document, value));
  if (before === null || sources.length === 0) return sources;
  const known = new Set(was.filter(differs(is)).flatMap((record) => sourcesIn(record, path)).filter(({ value }) => appliesTo(before, document, value)).map(({ key }) => key));
  return sources.filter(({ key }) => !known.has(key));
}

/** Gives the title of a document: its own, with what it is about when there is one for each of something. */
export function documentTitle(context: CaseContext, { document: { title }, source }: ReadyDocument): string {
  return source === null ? title : titleFrom(context.model, context.state, title, source);
}

/** Gives the documents of a case in the order of the definition, also those that cannot be made yet; with `for` one for each source whose `when` holds. */
export function caseDocuments(context: CaseContext): CaseDocument[] {
  return context.model.documents.flatMap((document) => (document.for === null ? [documentOf(context, { document, source: null }, appliesTo(context, document))] : eachOf(context, document, document.for)));
}

function eachOf(context: CaseContext, document: PreparedDocument, paths: string[][]): CaseDocument[] {
  const { model } = context;
  const found = sourcesFor(context, document, paths);
  if (found.length > 0) return found.map((source) => documentOf(context, { document, source }, true));
  const titles = [...new Set(paths.map(([head = '']) => model.tasks.get(head)?.title ?? head))];
  const tasks = joined(model, titles.map((title) => quoted(model, title)), 'or');
  return [{ id: document.id, source: null, title: document.title, isReady: false, reasons: [model.t('engine.documentForNothing', { tasks })], withheld: [], fourEyes: document.definition.fourEyes === true }];
}

/** What there is such a document of: each source whose `when` holds. */
function sourcesFor(context: CaseContext, document: PreparedDocument, paths: string[][]): Source[] {
  return paths.flatMap((path) => sourcesAt(context, path)).filter(({ value }) => appliesTo(context, document, value));
}

/** Does the `when` of a document hold, about this value or about the whole case? */
function appliesTo(context: CaseContext, { applies }: PreparedDocument, value?: Json): boolean {
  return applies === null || holds(applies, context.reading(undefined, value));
}

function documentOf(context: CaseContext, { document, source }: ReadyDocument, isReady: boolean): CaseDocument {
  const { id, applies, withhold, definition } = document;
  const reading = context.reading(undefined, source?.value);
  return {
    id, source, isReady, fourEyes: definition.fourEyes === true,
    title: documentTitle(context, { document, source }),
    reasons: isReady || !context.explains ? [] : conditionReasons(reading, applies).map(({ text }) => text),
    withheld: withhold !== null && holds(withhold, reading) ? ['identity'] : []
  };
}
