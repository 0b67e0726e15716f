import { execFileSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { makeBundle } from '../../src/definitions/make-bundle.ts';
import type { WorkflowDefinition } from '../../src/definitions/workflow.types.ts';
import { get, handIn } from './client.ts';
import { firstReader, openTortureBoard, startOne, type TortureBoard } from './open-board.ts';
import { brokenIn } from './promises.ts';
import { signedIn, startServer } from './server.ts';
import { bundle as small, writeSmallContent } from './small-content.ts';
import { makeDice, type Verdict, verdict, type Where } from './verdict.ts';

const told = { remind: [{ hours: 2 }], escalateTo: ['lid'] };
const workflow = {
  ...small.workflow, id: 'klok',
  tasks: { ...small.workflow.tasks, bel: { form: 'melding', title: 'Bel', required: true, due: { within: { hours: 30 }, ...told } } },
  steps: { bezig: { ...small.workflow.steps['bezig'], due: { within: { days: 2 }, ...told, remind: [{ days: 1 }] } } },
  events: { kijk: { at: { within: { days: 400 } }, notify: ['lid'] } }
} as unknown as WorkflowDefinition;
const bundle = makeBundle(workflow, { forms: small.forms, documents: {}, partials: {} });

/** Cases that begin at noon or at eleven in the Netherlands, and what they tell when, reckoned by hand: thirty hours, two days and 400 days later. */
const beginnings = [
  { name: 'autumn night', from: '2026-10-24T10:00:00.000Z', dayAfter: '2026-10-24T22:00:00.000Z', beforeCall: '2026-10-25T14:00:00.000Z', call: '2026-10-25T16:00:00.000Z', step: '2026-10-26T22:59:59.999Z', look: '2027-11-28T22:59:59.999Z' },
  { name: 'spring night', from: '2027-03-27T10:00:00.000Z', dayAfter: '2027-03-27T23:00:00.000Z', beforeCall: '2027-03-28T14:00:00.000Z', call: '2027-03-28T16:00:00.000Z', step: '2027-03-29T21:59:59.999Z', look: '2028-04-30T21:59:59.999Z' },
  { name: 'leap day', from: '2028-02-28T10:00:00.000Z', dayAfter: '2028-02-28T23:00:00.000Z', beforeCall: '2028-02-29T14:00:00.000Z', call: '2028-02-29T16:00:00.000Z', step: '2028-03-01T22:59:59.999Z', look: '2029-04-03T21:59:59.999Z' },
  { name: 'New Year', from: '2026-12-31T10:00:00.000Z', dayAfter: '2026-12-31T23:00:00.000Z', beforeCall: '2027-01-01T14:00:00.000Z', call: '2027-01-01T16:00:00.000Z', step: '2027-01-02T22:59:59.999Z', look: '2028-02-04T22:59:59.999Z' }
];
type Beginning = (typeof beginnings)[number];

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** A server looks at the clock each half minute. */
const roundMs = 33_000;
const jumps = 5;

/**
 * R9: the clock of the machine jumps under a running server (libfaketime): back and ahead by minutes, days and years, around a night on
 * which summer time begins or ends, a leap day, New Year. After each jump everything that was due by the latest time seen has been told,
 * once; people hand in; a session lasts no longer, nor while the clock stands before it was used; at the end every chain and case holds.
 */
export async function clock({ cycles, seed, newDatabase }: Where & { cycles: number }): Promise<Verdict> {
  const preload = fakeTime();
  const name = `R9 a clock that jumps, ${newDatabase === null ? 'sqlite' : 'postgres'}`;
  if (preload === null) return { ok: true, line: `${name} was not tried: there is no libfaketime here (apt-get install faketime).` };
  const dice = makeDice(seed);
  const total = { cases: 0, jumps: 0, told: 0, wrong: 0, refused: 0, sessions: 0, broken: 0 };
  for (let left = cycles; left > 0; left -= beginnings.length) {
    await Promise.all(beginnings.slice(0, left).map(async (beginning) => oneClock(beginning, { preload, databaseUrl: await newDatabase?.() ?? null, dice, total })));
  }
  return verdict(name, total.wrong + total.refused + total.sessions + total.broken === 0 && total.told > 0, { seed, cycles, ...total });
}

type Parts = { preload: string; databaseUrl: string | null; dice: (below: number) => number; total: { [name in 'cases' | 'jumps' | 'told' | 'wrong' | 'refused' | 'sessions' | 'broken']: number } };

/** One server with its own clock. `told`: by one of its two cases; `wrong`: tellings too many or too few; `refused`: posts not taken; `sessions`: that lasted too long or too short. */
async function oneClock(beginning: Beginning, { preload, databaseUrl, dice, total }: Parts): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'stappenplan-clock-'));
  writeSmallContent(folder);
  const from = Date.parse(beginning.from);
  const look = async <Result>(at: number, work: (board: TortureBoard) => Promise<Result>): Promise<Result> => {
    const board = await openTortureBoard(folder, databaseUrl, { bundle, now: () => new Date(at).toISOString() });
    try {
      return await work(board);
    } finally {
      await board.close();
    }
  };
  // Those who work there do so since long before the clock can go back to.
  await look(from - 1_000 * dayMs, () => Promise.resolve());
  const [quiet, busy] = await look(from, async (board) => [await startOne(board, firstReader(board), 'rustig', 'rustig'), await startOne(board, firstReader(board), 'druk', 'druk')] as const);
  const signIn = (at: number): ReturnType<typeof signedIn> => look(at, (board) => signedIn(board, firstReader(board), new Date(at).toISOString()));
  const file = join(folder, 'clock');
  const set = (at: number): void => {
    writeFileSync(`${file}.new`, `${at < Date.now() ? '' : '+'}${String((at - Date.now()) / 1_000)}`);
    renameSync(`${file}.new`, file);
  };
  set(from + minuteMs);
  const server = await startServer(folder, databaseUrl, { LD_PRELOAD: preload, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1', NO_FAKE_STAT: '1' });
  total.cases += 2;

  const session = await signIn(from);
  for (const [at, lasts] of [[from + 10 * minuteMs, true], [from - dayMs, false], [from + 24 * minuteMs, true], [from + 40 * minuteMs, false], [from - 10 * minuteMs, false], [from + 40 * minuteMs, false]] as const) {
    set(at);
    const page = await get(server, session, '/cases');
    total.sessions += (page?.status === 200) === lasts ? 0 : 1;
  }

  const moments = [beginning.dayAfter, beginning.beforeCall, beginning.call, beginning.step, beginning.look].map((moment) => Date.parse(moment));
  const near = moments.flatMap((moment) => [moment - 10 * minuteMs, moment + 10 * minuteMs]);
  const readings = [...near, from - 700 * dayMs, from - dayMs, from + 2 * dayMs, from + 60 * minuteMs];
  const chosen = Array.from({ length: jumps }, () => readings[dice(readings.length)] ?? from);
  let latest = from;
  for (const [count, at] of [...chosen, from + 2_000 * dayMs, from - 30 * dayMs].entries()) {
    set(at);
    total.jumps += 1;
    latest = Math.max(latest, at);
    await wait(roundMs);
    const answer = await handIn(server, await signIn(at), busy, `${beginning.name} ${String(count)}`);
    total.refused += answer?.status === 303 ? 0 : 1;
    const expected = ['reminded bezig', 'reminded bel', 'escalated bel', 'escalated bezig', 'kijk'].filter((_, nth) => (moments[nth] ?? 0) <= latest).sort().join();
    for (const number of [quiet, busy]) {
      const found = await look(at, (board) => tellings(board, number));
      total.wrong += found.sort().join() === expected ? 0 : 1;
    }
  }
  server.child.kill('SIGTERM');
  const code = await server.ended;
  const [all, broken] = await look(latest, async (board) => [await tellings(board, quiet), await brokenIn(board)] as const);
  // Four servers count together: nothing is awaited while adding.
  total.told += all.length;
  total.broken += broken + (code === 0 ? 0 : 1);
  rmSync(folder, { recursive: true, force: true });
}

async function tellings(board: TortureBoard, number: string): Promise<string[]> {
  const open = await board.cases.open(firstReader(board), number, 'view');
  if (open === null) return [];
  return (await board.cases.events(open)).flatMap(({ event }) => event.type === 'termTold' ? [`${event.kind} ${event.task ?? event.step ?? ''}`] : event.type === 'eventFired' ? [event.event] : []);
}

/** The library that gives a program another clock, for a program with threads; null: it is not here. */
function fakeTime(): string | null {
  try {
    return execFileSync('faketime', ['-m', '-f', '+0', 'printenv', 'LD_PRELOAD'], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}
