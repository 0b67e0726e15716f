import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { projectRoot } from './config.ts';

/** A document to make: `data` for the layout (documents/pdf-data.ts), the picture of the school, the standard, and when it was made. */
export type PdfJob = { data: string; logo: { type: 'png' | 'jpg'; data: Uint8Array } | null; standard: 'a-2a' | 'ua-1'; madeOn: string };

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

/**
 * Makes PDFs one after another in a thread of its own, which begins with the first document. The thread is replaced after
 * `mostDocuments`, and given up when one document takes longer than `timeLimitMs`.
 */
export function makePdfMaker({ compilerModule = '@myriaddreamin/typst-ts-node-compiler', mostDocuments = 300, timeLimitMs = 10_000, mostWaiting = 30 }: PdfMakerOptions = {}): PdfMaker {
  let worker: Worker | null = null;
  let made = 0;
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();

  const close = async (): Promise<void> => {
    const ending = worker;
    worker = null;
    made = 0;
    await ending?.terminate();
  };
  const begin = (): Worker => {
    const begun = start({ compilerModule, layout: join(projectRoot, 'src', 'documents', 'document.typ') });
    // Without a listener an error in a thread ends the server.
    begun.on('error', () => undefined);
    begun.on('exit', () => { if (worker === begun) worker = null; });
    return begun;
  };
  const one = async (job: PdfJob): Promise<PdfAnswer> => {
    worker ??= begin();
    const answer = await ask(worker, job, timeLimitMs);
    made += 1;
    const isOver = 'problem' in answer && (answer.problem === 'tooLong' || answer.problem === 'failed');
    // A thread that hangs ends by itself once the compiler gives control back; nobody waits for that.
    if (isOver || made >= mostDocuments) void close();
    return answer;
  };
  return {
    make: async (job) => {
      if (waiting >= mostWaiting) return { problem: 'busy', signs: [] };
      waiting += 1;
      const turn = last.then(() => one(job)).finally(() => { waiting -= 1; });
      last = turn.catch(() => null);
      return turn;
    },
    close
  };
}

function start(workerData: PdfWorkerData): Worker {
  // Built, the source is .js.
  const worker = new Worker(new URL(import.meta.url.replace(/pdf-maker(?=\.[jt]s)/, 'pdf-worker')), { workerData });
  worker.unref();
  return worker;
}

async function ask(worker: Worker, job: PdfJob, timeLimitMs: number): Promise<PdfAnswer> {
  return new Promise((resolve) => {
    const ended = (): void => { done({ problem: 'failed', signs: [] }); };
    const done = (answer: PdfAnswer): void => {
      clearTimeout(timer);
      worker.off('message', done).off('exit', ended);
      resolve(answer);
    };
    const timer = setTimeout(() => { done({ problem: 'tooLong', signs: [] }); }, timeLimitMs);
    worker.once('message', done).once('exit', ended);
    worker.postMessage(job);
  });
}
