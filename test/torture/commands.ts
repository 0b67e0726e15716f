import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { makeCaseStore } from '../../src/cases/stores/case-store.ts';
import type { ActResult, Reader } from '../../src/cases/cases.ts';
import { verify } from '../../src/cases/verify.ts';
import { backup } from '../../src/jobs/backup.ts';
import { restore } from '../../src/jobs/restore.ts';
import { makePeopleStore } from '../../src/staff/people-store.ts';
import { readKeyFile } from '../../src/trust/key-file.ts';
import { openTortureBoard, type TortureBoard } from './open-board.ts';
import { type Act, acts, foretell, type KnownCase, mostPeople, sees, type World } from './oracle.ts';
import { field, task } from './small-content.ts';
import { type Verdict, verdict, type Where } from './verdict.ts';

type Place = { folder: string; databaseUrl: string | null };
/** One sequence: the cases it made, by number, and the backup it made last. */
type Run = { name: string; numbers: string[]; kept: { file: string; world: World; numbers: string[] } | null };

/** A new database after so many sequences, so that lists and backups stay small. */
const sequencesPerDatabase = 40;
const now = (): string => new Date().toISOString();

/**
 * R20: random acts of three people (starting, handing in, correcting, handing over, ending, drafts, the same post again, shutting somebody
 * out), with restarts, backups and restores in between: each answer, and all that everybody sees afterwards, is what an oracle that
 * knows nothing of the program says.
 */
export async function commands({ cycles, seed, newDatabase }: Where & { cycles: number }): Promise<Verdict> {
  const counts = { sequences: 0, acts: 0, done: 0, refused: 0, repeated: 0, notFound: 0, restarts: 0, restored: 0, broken: 0 };
  let failure: string | null = null;
  for (let left = cycles; left > 0 && failure === null; left -= sequencesPerDatabase) {
    const place: Place = { folder: mkdtempSync(join(tmpdir(), 'stappenplan-commands-')), databaseUrl: await newDatabase?.() ?? null };
    let board = await openTortureBoard(place.folder, place.databaseUrl);
    await makePeopleStore({ database: board.database, newId: () => board.cases.newId(), now, today: () => now().slice(0, 10) })
      .add({ name: 'drie', email: 'drie@proef.example', roles: ['lid'], admin: false, school: board.readers[0]?.school ?? '', passwordHash: null });
    const reopened = async (): Promise<void> => {
      await board.close();
      board = await openTortureBoard(place.folder, place.databaseUrl);
    };
    await reopened();
    const result = await fc.check(fc.asyncProperty(acts, async (sequence) => {
      counts.sequences += 1;
      const run: Run = { name: `${String(left)}.${String(counts.sequences)}`, numbers: [], kept: null };
      let world: World = { cases: [], keys: {} };
      for (const [index, act] of sequence.entries()) {
        counts.acts += 1;
        switch (act.type) {
          case 'restart':
            counts.restarts += 1;
            await reopened();
            break;
          case 'backup':
            run.kept = { file: join(place.folder, `${run.name}.${String(index)}.backup`), world: structuredClone(world), numbers: [...run.numbers] };
            await backup({ database: board.database, key: keyOf(place), file: run.kept.file, made: now(), random: randomBytes });
            break;
          case 'restore':
            if (run.kept === null) break;
            await board.close();
            await restore({ file: run.kept.file, key: keyOf(place), keyFile: keyFileOf(place), place: { dataDir: join(place.folder, 'data'), databaseUrl: place.databaseUrl }, replace: true, now: now(), random: randomBytes });
            world = structuredClone(run.kept.world);
            run.numbers = [...run.kept.numbers];
            board = await openTortureBoard(place.folder, place.databaseUrl);
            counts.restored += 1;
            break;
          default: {
            const expected = foretell(world, act);
            const found = await carryOut(board, run, act);
            if (expected !== null && expected !== found) throw new Error(`act ${String(index)}, ${JSON.stringify(act)}: ${String(found)} instead of ${expected}`);
            if (expected !== null) counts[expected] += 1;
          }
        }
      }
      const wrong = await firstDifference(board, run, world);
      if (wrong !== null) throw new Error(`afterwards: ${wrong}`);
    }), { numRuns: Math.min(left, sequencesPerDatabase), seed: seed + left, endOnFailure: false });
    if (result.failed) failure = `${result.errorInstance instanceof Error ? result.errorInstance.message : String(result.errorInstance)} in ${JSON.stringify(result.counterexample)}`;
    counts.broken += (await verify(board.database, board.keys)).findings.length;
    await board.close();
    rmSync(place.folder, { recursive: true, force: true });
  }
  const ok = failure === null && counts.broken === 0 && counts.done > 0 && counts.refused > 0 && counts.repeated > 0;
  return verdict(`R20 random acts against an oracle, ${newDatabase === null ? 'sqlite' : 'postgres'}`, ok, { seed, ...counts, ...(failure === null ? {} : { failure }) });
}

/** Does one act to the program; gives how it was answered, null for what answers nothing. */
async function carryOut(board: TortureBoard, run: Run, act: Exclude<Act, { type: 'restart' | 'backup' | 'restore' }>): Promise<string | null> {
  const { cases, route } = board;
  const reader = readerAt(board, act.who);
  const number = run.numbers[act.one];
  const key = 'key' in act ? keyName(run, act.key) : '';
  if (act.type === 'start') {
    const result = await cases.start(reader, route, { type: 'open', task, answers: { tekst: act.text }, subject: null }, { key, draft: null });
    if (result.type === 'done') run.numbers.push(result.number);
    return told(result, run, key);
  }
  if (number === undefined) return act.type === 'exclude' ? null : 'notFound';
  if (act.type === 'exclude') return exclude(board, number, reader.id);
  const open = await cases.open(reader, number, 'view');
  if (open === null) {
    const refused = act.type === 'draft' ? 'notFound' : (await cases.act(reader, number, { type: 'cancel', reason: '' }, { key: `${key} other`, draft: null })).type;
    return refused;
  }
  const draft = { person: reader.id, case: open.stored.id, task, record: null };
  const reason = 'Dit stond er verkeerd.';
  switch (act.type) {
    case 'draft': await cases.drafts.save(draft, [[field, act.text]], now()); return null;
    case 'submit': return told(await cases.act(reader, number, { type: 'submit', task, answers: { tekst: act.text } }, { key, draft }), run, key);
    case 'correct': return told(await cases.act(reader, number, { type: 'correct', record: act.record + 1, answers: { tekst: act.text }, reason }, { key, draft: null }), run, key);
    case 'handOver': return told(await cases.act(reader, number, { type: 'handOver', to: readerAt(board, act.to) }, { key, draft: null }), run, key);
    case 'cancel': return told(await cases.act(reader, number, { type: 'cancel', reason }, { key, draft: null }), run, key);
    case 'close': {
      if (await cases.answerOf(reader, key) === null) await cases.act(reader, number, { type: 'submit', task: 'einde', answers: { datum: '2026-03-02' } }, { key: `${key} einde`, draft: null });
      return told(await cases.act(reader, number, { type: 'take', step: 'bezig', transition: 'klaar', answers: null }, { key, draft: null }), run, key);
    }
  }
}

/** What came twice is told what it did the first time. */
function told(result: ActResult, run: Run, key: string): string {
  if (result.type === 'repeated' && !run.numbers.includes(result.number)) return `repeated ${key} of another sequence`;
  return result.type;
}

async function exclude({ database, keys, readers }: TortureBoard, number: string, person: string): Promise<null> {
  const rows = makeCaseStore({ database, keys, today: () => now().slice(0, 10), now });
  const row = await database.read<{ id: string }>('cases').where('number', number).first('id');
  const stored = await rows.byId(row?.id ?? '');
  if (stored === null) throw new Error(`Case ${number} is gone.`);
  if ((await rows.shutOut(stored.id)).includes(person)) return null;
  await rows.write({ person: readers[0]?.id ?? '', now: now(), key: null, case: stored, expected: stored, events: [], records: [], people: { add: [], remove: [], release: [], exclude: [{ person, reason: 'proef' }] }, findBy: null, draft: null, log: [], answer: number });
  return null;
}

/** Says where what people see is another than the oracle says; null: nowhere. */
async function firstDifference(board: TortureBoard, run: Run, world: World): Promise<string | null> {
  const { cases } = board;
  if (run.numbers.length !== world.cases.length) return `${String(run.numbers.length)} cases instead of ${String(world.cases.length)}`;
  for (let who = 0; who < mostPeople; who += 1) {
    const reader = readerAt(board, who);
    for (const closed of [false, true]) {
      const listed = (await cases.list(reader, { closed })).map(({ stored }) => stored.number).filter((number) => run.numbers.includes(number)).sort();
      const expected = run.numbers.filter((_, at) => sees(world, who, at) && (world.cases[at]?.status === 'open' || (closed && world.cases[at]?.status === 'closed'))).sort();
      if (listed.join() !== expected.join()) return `person ${String(who)} lists ${listed.join()} instead of ${expected.join()}`;
    }
    for (const [at, known] of world.cases.entries()) {
      const open = await cases.open(reader, run.numbers[at] ?? '', 'view');
      const found = open === null ? null : seen(board, open.stored.state, (await cases.drafts.find({ person: reader.id, case: open.stored.id, task, record: null }))?.pairs.find(([name]) => name === field)?.[1]);
      const expected = sees(world, who, at) ? shown(known, who) : null;
      if (JSON.stringify(found) !== JSON.stringify(expected)) return `person ${String(who)} sees ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`;
    }
  }
  for (const [name, at] of Object.entries(world.keys)) {
    const [who = '', key = ''] = name.split('/');
    const answer = await cases.answerOf(readerAt(board, Number(who)), keyName(run, Number(key)));
    if (answer !== run.numbers[at]) return `key ${name} is answered with ${String(answer)}`;
  }
  return null;
}

type State = Awaited<ReturnType<TortureBoard['cases']['list']>>[number]['stored']['state'];

function seen(board: TortureBoard, { status, responsible, records }: State, draft: string | undefined): unknown {
  const at = (id: string | null): number => board.readers.findIndex((reader) => reader.id === id);
  return { status, responsible: at(responsible), records: records.filter((record) => record.task === task).map(({ by, answers, version }) => [at(by), answers['tekst'], version]), draft: draft ?? null };
}

function shown({ status, responsible, records, drafts }: KnownCase, who: number): unknown {
  return { status, responsible, records: records.map(({ by, text, version }) => [by, text, version]), draft: drafts[who] ?? null };
}

function readerAt({ readers }: TortureBoard, who: number): Reader {
  const reader = readers[who];
  if (reader === undefined) throw new Error(`There is no person ${String(who)}.`);
  return reader;
}

function keyName({ name }: Run, key: number): string {
  return `${name} ${String(key)}`;
}

function keyFileOf({ folder }: Place): string {
  return join(folder, 'keys', 'main.key');
}

function keyOf(place: Place): Buffer {
  return readKeyFile(keyFileOf(place), { holdsData: true, random: randomBytes });
}
