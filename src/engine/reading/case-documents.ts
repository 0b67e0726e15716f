import type { Json } from '../../definitions/bundle.ts';
import type { CaseContext } from '../model/case-context.ts';
import { holds } from '../conditions/conditions.ts';
import { sourcesAt, titleFrom } from '../model/instances.ts';
import { joined, quoted } from '../model/labels.ts';
import type { PreparedDocument, Source } from '../model/prepare.ts';
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

/** Gives the documents that can be made now, in the order of the definition, without saying more of them. */
export function readyDocuments(context: CaseContext): ReadyDocument[] {
  return context.model.documents.flatMap((document): ReadyDocument[] => {
    if (document.for !== null) return sourcesFor(context, document, document.for).map((source) => ({ document, source }));
    return appliesTo(context, document) ? [{ document, source: null }] : [];
  });
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
