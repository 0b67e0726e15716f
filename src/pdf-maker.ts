import { join } from 'node:path';
import { projectRoot } from './config.ts';
import { makeThread, moduleBeside } from './worker-thread.ts';

/** A document to make: `data` for the layout (documents/pdf-data.ts), the picture of the school, others that it names, the standard, and when it was made. */
export type PdfJob = { data: string; logo: { type: 'png' | 'jpg'; data: Uint8Array } | null; pictures?: { name: string; data: Uint8Array }[]; standard: 'a-2a' | 'ua-1'; madeOn: string };

/** `signs`: those that no font has, when that is the problem. */
export type PdfAnswer = { pdf: Uint8Array } | { problem: PdfProblem; signs: string[] };

/** `missing`: the compiler does not run on this machine. `signs`: the text has signs that no font has. */
export type PdfProblem = 'missing' | 'signs' | 'tooLong' | 'busy' | 'failed';

export type PdfWorkerData = { compilerModule: string; layout: string };

export type PdfMaker = {
  /** Makes a PDF. Never throws: what went wrong is in the answer. */
  make(job: PdfJob): Promise<PdfAnswer>;
  /** Ends the thread; the next document begins a new one. */
  close(): Promise<void>;
};

export type PdfMakerOptions = { compilerModule?: string; mostDocuments?: number; timeLimitMs?: number; mostWaiting?: number };

/** Makes PDFs one after another in a thread of its own. The thread is replaced after `mostDocuments`: the memory of the compiler grows. */
export function makePdfMaker({ compilerModule = '@myriaddreamin/typst-ts-node-compiler', mostDocuments = 300, timeLimitMs = 10_000, mostWaiting = 30 }: PdfMakerOptions = {}): PdfMaker {
  const workerData: PdfWorkerData = { compilerModule, layout: join(projectRoot, 'src', 'documents', 'document.typ') };
  const thread = makeThread<PdfJob, PdfAnswer>({
    entry: moduleBeside(import.meta.url, 'pdf-worker'), workerData, mostJobs: mostDocuments, timeLimitMs, mostWaiting,
    // What the compiler could not make may have left it broken.
    breaks: (answer) => 'problem' in answer && answer.problem === 'failed'
  });
  return {
    make: async (job) => {
      const made = await thread.ask(() => job);
      return 'problem' in made ? { problem: made.problem, signs: [] } : made.answer;
    },
    close: () => thread.close()
  };
}
