import { dirname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import type { PdfAnswer, PdfJob, PdfWorkerData } from './pdf-maker.ts';
import { ready } from './worker-thread.ts';

/** The thread that makes PDFs: the compiler blocks, and it is a binary of its own that some machines lack. */
const { compilerModule, layout } = workerData as PdfWorkerData;
/** What the compiler keeps between documents is shared by all threads and never freed by itself. */
const keptRounds = 2;

type Loaded = { compiler: NodeCompiler } | null;

const loaded = await load();
parentPort?.on('message', (job: PdfJob) => { parentPort?.postMessage(loaded === null ? { problem: 'missing', signs: [] } satisfies PdfAnswer : answer(loaded.compiler, job)); });
parentPort?.postMessage(ready);

async function load(): Promise<Loaded> {
  try {
    const { NodeCompiler } = await import(compilerModule) as typeof import('@myriaddreamin/typst-ts-node-compiler');
    return { compiler: NodeCompiler.create({ workspace: dirname(layout) }) };
  } catch {
    return null;
  }
}

function answer(compiler: NodeCompiler, { data, logo, pictures = [], standard, madeOn }: PdfJob): PdfAnswer {
  try {
    if (logo !== null) compiler.mapShadow(`${dirname(layout)}/logo.${logo.type}`, Buffer.from(logo.data));
    for (const picture of pictures) compiler.mapShadow(`${dirname(layout)}/${picture.name}`, Buffer.from(picture.data));
    return { pdf: write(compiler, data, standard, Math.floor(Date.parse(madeOn) / 1000)) };
  } catch (error) {
    const signs = signsIn(error instanceof Error ? error.message : '');
    return { problem: signs.length === 0 ? 'failed' : 'signs', signs };
  } finally {
    compiler.resetShadow();
    compiler.evictCache(keptRounds);
  }
}

/**
 * In one call: a compiled document in between would stay in memory until JavaScript throws it away, which sees only how small it is itself.
 * Older binaries, all there is on some platforms, know PDF/A-2b and not PDF/A-2a.
 */
function write(compiler: NodeCompiler, data: string, standard: PdfJob['standard'], creationTimestamp: number): Uint8Array {
  const source = { mainFilePath: layout, inputs: { document: data } };
  try {
    return compiler.pdf(source, { pdfStandard: standard, creationTimestamp });
  } catch (error) {
    if (standard !== 'a-2a' || !(error instanceof Error) || !error.message.includes('unknown variant')) throw error;
    return compiler.pdf(source, { pdfStandard: 'a-2b', creationTimestamp });
  }
}

/** The standard wants every sign to have a shape; the compiler names those that no font has. */
function signsIn(message: string): string[] {
  return [...new Set([...message.matchAll(/the text `\\?"(.+?)\\?"` could not be displayed/gu)].map(([, sign = '']) => sign))];
}
