import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chromium, type BrowserServer, type Page } from 'playwright-core';
import { readDocument } from '../src/documents/document-tree.ts';
import { paperOf } from '../src/documents/paper.ts';
import { pdfData } from '../src/documents/pdf-data.ts';
import { printHtml } from '../src/documents/print-html.ts';
import { wordFile } from '../src/documents/word-file.ts';
import { makePdfMaker, type PdfMaker } from '../src/pdf-maker.ts';
import { readTexts } from '../src/texts.ts';
import { median, say, spread } from './figures.ts';

/**
 * What a PDF of two pages costs, in turn with a Chromium that is warm and keeps its page (performance.md P12), where there is one;
 * what Word costs; and what memory a thousand documents leave behind. Every document has a text of its own.
 */
const t = readTexts('nl');
const madeOn = '2026-03-18T14:04:00.000Z';
const perRound = 10;
const rounds = 5;

let last = 0;
const pdfs = makePdfMaker();
const browser = await warmBrowser();

const ours: number[] = [];
const theirs: number[] = [];
for (let round = 0; round <= rounds; round += 1) {
  const own = await cpuMs(ownCpu, () => makeOurs(pdfs));
  const other = browser === null ? NaN : await cpuMs(browser.cpu, () => makeTheirs(browser.page));
  // The first round warms up.
  if (round === 0) continue;
  ours.push(own);
  theirs.push(other);
}
say(`PDF of two pages: ${median(ours).toFixed(1)} ms CPU`);
if (browser === null) say('Chromium: none here (CHROMIUM or /usr/bin/chromium), so nothing to compare with');
else say(`a warm Chromium that keeps its page: ${median(theirs).toFixed(1)} ms CPU; ours is ${spread(ours.map((own, index) => own / (theirs[index] ?? NaN)))} of that`);
await browser?.server.close();

const words: number[] = [];
for (let round = 0; round <= rounds; round += 1) words.push(await cpuMs(ownCpu, async () => { await wordFile(nextPaper(), null); }));
say(`Word file of the same: ${median(words.slice(1)).toFixed(1)} ms CPU`);
await pdfs.close();

const recycled = makePdfMaker({ mostDocuments: 100 });
const memory: number[] = [];
for (let hundred = 0; hundred < 10; hundred += 1) {
  for (let count = 0; count < 100; count += 1) await makeOurs(recycled);
  globalThis.gc?.();
  memory.push(process.memoryUsage().rss / 1e6);
}
say(`memory after each hundred of a thousand documents, thread replaced each time: ${memory.map((mb) => mb.toFixed(0)).join(' ')} MB; the last is ${((memory[9] ?? NaN) / (memory[4] ?? NaN)).toFixed(2)} times the fifth`);
await recycled.close();

async function makeOurs(maker: PdfMaker): Promise<void> {
  const answer = await maker.make({ data: pdfData(nextPaper()), logo: null, standard: 'a-2a', madeOn });
  if ('problem' in answer) throw new Error(`No PDF was made: ${answer.problem}.`);
  if (!Buffer.from(answer.pdf).includes('/Count 2\n')) throw new Error('The document does not have two pages.');
}

async function makeTheirs(page: Page): Promise<void> {
  await page.setContent(`<!doctype html><html lang="nl"><title>Verslag</title><style>body{font:10.5pt serif;hyphens:auto}table{width:100%;border-collapse:collapse}td,th{border:1px solid #b6c2c7;padding:4pt}thead{display:table-header-group}@page{size:A4;margin:2.2cm}</style>${printHtml(readDocument(nextHtml()))}`);
  const pdf = await page.pdf({ format: 'A4', tagged: true, preferCSSPageSize: true });
  if (pdf.length === 0) throw new Error('Chromium made nothing.');
}

function nextPaper(): ReturnType<typeof paperOf> {
  return paperOf({ tree: readDocument(nextHtml()), fallback: '', colour: '#0b5563', logo: null, context: { school: { name: 'De Wilgen', board: null }, number: '2026-014', t } });
}

/** A report of a talk: some paragraphs, a table of 30 rows, room for three signatures. */
function nextHtml(): string {
  last += 1;
  const sentence = (about: number): string => `In gesprek ${String(last)} is punt ${String(about)} besproken en vastgelegd zoals het is gezegd. `;
  const rows = Array.from({ length: 30 }, (_, row) => `<tr><td>Persoon ${String(row)}</td><td>${sentence(row)}</td><td>dinsdag ${String(row)} maart</td></tr>`);
  const signers = ['A', 'B', 'C'].map((name) => `<tr><td>${name}. de Vries ${String(last)}</td><td></td><td></td></tr>`);
  return `<h1>Verslag ${String(last)}</h1>${Array.from({ length: 5 }, (_, part) => `<h2>Deel ${String(part)}</h2><p>${sentence(part).repeat(3)}</p>`).join('')}
    <table><thead><tr><th scope="col">Wie</th><th scope="col">Wat</th><th scope="col">Wanneer</th></tr></thead><tbody>${rows.join('')}</tbody></table>
    <table class="sign"><thead><tr><th scope="col">Naam</th><th scope="col">Handtekening</th><th scope="col">Datum</th></tr></thead><tbody>${signers.join('')}</tbody></table>`;
}

type Warm = { server: BrowserServer; page: Page; cpu: () => number };

async function warmBrowser(): Promise<Warm | null> {
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  if (!existsSync(executablePath) || !existsSync('/proc/self/stat')) return null;
  const server = await chromium.launchServer({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
  const page = await (await chromium.connect(server.wsEndpoint())).newPage();
  // Asking the browser is work of this process, and counts too.
  return { server, page, cpu: () => treeCpuMs(server.process().pid ?? 0) + ownCpu() };
}

/** CPU of one call, in milliseconds, over a round. */
async function cpuMs(clock: () => number, make: () => Promise<void>): Promise<number> {
  const before = clock();
  for (let count = 0; count < perRound; count += 1) await make();
  return (clock() - before) / perRound;
}

/** All threads of this process. */
function ownCpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** A process and all it started. Linux counts in hundredths of a second. */
function treeCpuMs(root: number): number {
  const stats = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ').map(Number);
      return [{ pid: Number(name), parent: fields[1] ?? 0, ms: ((fields[11] ?? 0) + (fields[12] ?? 0) + (fields[13] ?? 0) + (fields[14] ?? 0)) * 10 }];
    } catch {
      // It ended meanwhile.
      return [];
    }
  });
  const sumOf = (pid: number): number => stats.filter((one) => one.parent === pid).reduce((sum, one) => sum + sumOf(one.pid), stats.find((one) => one.pid === pid)?.ms ?? 0);
  return sumOf(root);
}
