import type { Bundle } from '../../definitions/bundle.ts';
import type { DocumentContext } from '../../documents/document-data.ts';
import { templateFile } from '../../documents/gate.ts';
import type { RenderedDocument, RenderRequest } from '../../documents/render-document.ts';
import { TemplateError } from '../../documents/template-error.ts';
import { AppError } from '../../errors.ts';
import { makeThread, moduleBeside } from '../../worker-thread.ts';

/** `route`: which bundle it is; `bundle` itself is null when the thread has it already. Sentences do not travel: the thread has its own. */
export type DocumentJob = { route: number; bundle: Bundle | null; request: Omit<RenderRequest, 'bundle' | 'context'> & { context: Omit<DocumentContext, 't'> } };

export type DocumentAnswer = { document: RenderedDocument } | { template: { file: string; line: number; column: number; text: string } } | { error: unknown };

export type DocumentMaker = {
  /** Makes a document as renderDocument does. Throws a TemplateError, also when it takes too much time or memory, and unavailable when too many wait. */
  make(request: RenderRequest): Promise<RenderedDocument>;
  /** Ends the thread; the next document begins a new one. */
  close(): Promise<void>;
};

export type DocumentMakerOptions = { timeLimitMs?: number; memoryMb?: number; mostDocuments?: number; mostWaiting?: number };

/** Makes documents of templates in a thread of its own, within two seconds and 128 MB, so that the server goes on whatever a template does. */
export function makeDocumentMaker({ timeLimitMs = 2000, memoryMb = 128, mostDocuments = 500, mostWaiting = 30 }: DocumentMakerOptions = {}): DocumentMaker {
  const thread = makeThread<DocumentJob, DocumentAnswer>({
    entry: moduleBeside(import.meta.url, '../../document-worker'), resourceLimits: { maxOldGenerationSizeMb: memoryMb }, mostJobs: mostDocuments, timeLimitMs, mostWaiting
  });
  const numbers = new WeakMap<Bundle, number>();
  const sent = new WeakMap<object, Set<number>>();
  let next = 0;
  const jobFor = (doing: object, { bundle, context, ...rest }: RenderRequest): DocumentJob => {
    const route = numbers.get(bundle) ?? (next += 1);
    numbers.set(bundle, route);
    const known = sent.get(doing) ?? new Set();
    sent.set(doing, known);
    const isKnown = known.has(route);
    known.add(route);
    const { t: _, ...words } = context;
    return { route, bundle: isKnown ? null : bundle, request: { ...rest, context: words } };
  };
  return {
    make: async (request) => {
      const made = await thread.ask((doing) => jobFor(doing, request));
      if ('problem' in made) throw made.problem === 'busy' ? new AppError('unavailable') : tooHeavy(request);
      const { answer } = made;
      if ('document' in answer) return answer.document;
      throw 'template' in answer ? new TemplateError(answer.template, answer.template.text) : answer.error;
    },
    close: () => thread.close()
  };
}

function tooHeavy({ bundle, document, context }: RenderRequest): TemplateError {
  return new TemplateError({ file: templateFile(bundle.workflow.documents?.[document]?.template ?? document), line: 0, column: 0 }, context.t('documents.tooHeavy'));
}
