import { parentPort } from 'node:worker_threads';
import type { Bundle } from './definitions/bundle.ts';
import { renderDocument } from './documents/render-document.ts';
import { TemplateError } from './documents/template-error.ts';
import { readTexts } from './texts.ts';
import type { DocumentAnswer, DocumentJob } from './web/site/document-maker.ts';
import { ready } from './worker-thread.ts';

/** The thread that makes documents of templates: what a school wrote may take long or much memory, and nobody else must notice. */
const t = readTexts('nl');
const bundles = new Map<number, Bundle>();

parentPort?.on('message', (job: DocumentJob) => { parentPort?.postMessage(answer(job)); });
parentPort?.postMessage(ready);

function answer({ route, bundle, request }: DocumentJob): DocumentAnswer {
  if (bundle !== null) bundles.set(route, bundle);
  try {
    const known = bundles.get(route);
    if (known === undefined) throw new Error(`No route ${String(route)}.`);
    return { document: renderDocument({ ...request, bundle: known, context: { ...request.context, t } }) };
  } catch (error) {
    return error instanceof TemplateError ? { template: { file: error.file, line: error.line, column: error.column, text: error.text } } : { error };
  }
}
