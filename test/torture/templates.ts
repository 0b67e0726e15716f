import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeBundle } from '../../src/definitions/make-bundle.ts';
import type { WorkflowDefinition } from '../../src/definitions/workflow.types.ts';
import { get, handIn } from './client.ts';
import { firstReader, openTortureBoard, startOne } from './open-board.ts';
import { brokenIn } from './promises.ts';
import { type Person, type RunningServer, signedIn, startServer } from './server.ts';
import { bundle as small, writeSmallContent } from './small-content.ts';
import { type Verdict, verdict } from './verdict.ts';

const each = '{{#each taken.melding}}';
const inside = '{{#each @root.taken.melding}}';
const end = '{{/each}}';

/** Templates that cannot become a document, each in its own way. They are put straight into the database: publishing would refuse most. */
const faults: { [id: string]: string } = {
  ontbreekt: '<h1>Verslag</h1>\n<p>{{zaak.plaats}}</p>',
  'ontbreekt-dieper': `${each}<p>{{antwoorden.ouder.naam}}</p>${end}`,
  'onbekend-deel': '{{> nergens}}',
  diep: '{{#if zaak.nummer}}'.repeat(3_000) + '{{/if}}'.repeat(3_000),
  'lange-naam': `<p>{{${'a'.repeat(65_536)}}}</p>`,
  'groot-bestand': '<p>x</p>'.repeat(100_000),
  eindeloos: `${each}${inside}${inside}${inside}<p>x</p>${end}${end}${end}${end}`,
  'grote-uitvoer': `${each}${inside}<p>{{antwoorden.tekst}}</p>${end}${end}`,
  'verkeerde-hulp': '<p>{{datum}}</p>',
  'onbekende-hulp': '<p>{{uitvoeren "ls"}}</p>',
  rauw: '<p>{{{zaak.nummer}}}</p>',
  stuk: '<p>{{#if zaak.nummer}}</p>'
};
const workflow = {
  ...small.workflow, id: 'sjabloon',
  documents: Object.fromEntries(['goed', ...Object.keys(faults)].map((id) => [id, { template: id, title: id }]))
} as unknown as WorkflowDefinition;
const bundle = makeBundle(workflow, { forms: small.forms, documents: { goed: '<h1>Goed</h1>\n<p>{{zaak.nummer}}</p>', ...faults }, partials: {} });

/** Records that the loops go through. */
const records = 40;
const looksPerWindow = 40;
/** So many people ask for documents that fail, over and over, while another works. */
const askers = 2;

/**
 * R18: documents of templates that fail, over HTTP: whoever asks is told which document and why, the log says so, the case goes on. In
 * turn nobody and two people ask for them over and over; another, who works meanwhile, waits at most twice as long (99 of 100 pages).
 */
export async function templates({ cycles, seed }: { cycles: number; seed: number }): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'stappenplan-templates-'));
  writeSmallContent(folder);
  const board = await openTortureBoard(folder, null, { bundle });
  const reader = firstReader(board);
  const number = await startOne(board, reader, 'start', 'start');
  for (let count = 1; count < records; count += 1) {
    await board.cases.act(reader, number, { type: 'submit', task: 'melding', answers: { tekst: 'lang verhaal '.repeat(700) } }, { key: String(count), draft: null });
  }
  const people = [await signedIn(board, reader), await signedIn(board, board.readers[1] ?? reader)] as const;
  const server = await startServer(folder);
  let log = '';
  server.child.stdout?.on('data', (chunk: Buffer) => { log += String(chunk); });

  const counts = { asked: 0, told: 0, logged: 0, odd: 0, goesOn: 0, broken: 0 };
  for (const id of Object.keys(faults)) {
    const answer = await get(server, people[0], `/cases/${number}/documents/${id}/word`);
    counts.asked += 1;
    counts.told += answer?.status === 422 && answer.html.includes(`documents/${id}.hbs`) ? 1 : 0;
    counts.odd += (await get(server, people[0], `/cases/${number}/documents/goed/word`))?.status === 200 ? 0 : 1;
    counts.goesOn += (await handIn(server, people[1], number, `na ${id}`))?.status === 303 ? 1 : 0;
    counts.logged += log.includes(`"document":"${id}"`) ? 1 : 0;
  }
  const alone: number[] = [];
  const beside: number[] = [];
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    alone.push(...await looks(server, people[1], number));
    let isOver = false;
    const asking = Array.from({ length: askers }, async (_, nth) => {
      for (let count = nth; !isOver; count += 1) {
        const id = Object.keys(faults)[count % Object.keys(faults).length] ?? '';
        counts.asked += 1;
        const answer = await get(server, people[0], `/cases/${number}/documents/${id}/word`);
        counts.told += answer?.status === 422 && answer.html.includes(`documents/${id}.hbs`) ? 1 : 0;
      }
    });
    beside.push(...await looks(server, people[1], number));
    isOver = true;
    await Promise.all(asking);
  }
  server.child.kill('SIGTERM');
  counts.odd += await server.ended === 0 ? 0 : 1;
  counts.broken += await brokenIn(board);
  await board.close();
  rmSync(folder, { recursive: true, force: true });
  const many = Object.keys(faults).length;
  const [quietMs, besideMs] = [slowest(alone), slowest(beside)];
  const ok = counts.told === counts.asked && counts.logged === many && counts.goesOn === many && counts.odd + counts.broken === 0 && besideMs < 2 * quietMs;
  return verdict('R18 templates that fail', ok, { seed, cycles, ...counts, 'p99 alone in ms': quietMs, 'p99 beside them in ms': besideMs });
}

/** How long somebody waits for each of some pages, in milliseconds. */
async function looks(server: RunningServer, person: Person, number: string): Promise<number[]> {
  const waits: number[] = [];
  for (let count = 0; count < looksPerWindow; count += 1) {
    const from = performance.now();
    await get(server, person, count % 2 === 0 ? '/cases' : `/cases/${number}`);
    waits.push(performance.now() - from);
  }
  return waits;
}

function slowest(waits: number[]): number {
  return Math.round(waits.sort((one, other) => one - other)[Math.floor(waits.length * 0.99)] ?? 0);
}
