import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verify } from '../../src/cases/verify.ts';
import { revisionOf } from '../../src/cases/seen.ts';
import { firstReader, openTortureBoard, startOne, type TortureBoard } from './open-board.ts';
import { linesOf, startWriter } from './processes.ts';
import { task } from './small-content.ts';
import { makeDice, type Verdict, verdict } from './verdict.ts';

type Where = { seed: number; databaseUrl: string | null };

/** R5: four processes write to one case, each reading it first and trying again when it was changed: nothing is lost or counted twice. */
export async function busy({ times, seed, databaseUrl }: Where & { times: number }): Promise<Verdict> {
  return inFolder(databaseUrl, async (board, folder) => {
    const number = await startOne(board, firstReader(board), 'first', 'first');
    const said = await Promise.all([1, 2, 3, 4].map(async (process) => {
      let acknowledged = 0;
      for await (const line of linesOf(startWriter([folder, `p${String(process)}`, '1', String(times), number], databaseUrl))) acknowledged += 'key' in line ? 1 : 0;
      return acknowledged;
    }));
    const acknowledged = said.reduce((sum, count) => sum + count, 0);
    const stored = (await board.cases.open(firstReader(board), number, 'view'))?.stored;
    const findings = (await verify(board.database, board.keys)).findings.length;
    const ok = acknowledged === 4 * times && stored?.state.records.length === 4 * times + 1 && stored.revision === 4 * times + 1 && findings === 0;
    return verdict(`R5 four processes, one case, ${board.database.kind}`, ok, { seed, acknowledged, stored: (stored?.state.records.length ?? 0) - 1, findings });
  });
}

/** R6: two people have the same record before them and both save: one is stored, the other is told what changed, every time. */
export async function sameTask({ rounds, seed, databaseUrl }: Where & { rounds: number }): Promise<Verdict> {
  return inFolder(databaseUrl, async (board) => {
    const dice = makeDice(seed);
    const reader = firstReader(board);
    const [, other = reader] = board.readers;
    const number = await startOne(board, reader, 'first', 'first');
    const counts = { done: 0, changed: 0, else: 0 };
    for (let round = 0; round < rounds; round += 1) {
      const results = await Promise.all([reader, other].map(async (person, index) => {
        const open = await board.cases.open(person, number, 'viewTask');
        if (open === null) throw new Error('The case is gone.');
        const seen = { of: 'case' as const, revision: revisionOf(open, { of: 'case' }) };
        return async () => {
          if (dice(2) === index) await new Promise((resolve) => { setTimeout(resolve, dice(3)); });
          return board.cases.act(person, number, { type: 'submit', task, answers: { tekst: `${String(round)} ${String(index)}` } }, { key: `${String(round)}-${String(index)}`, draft: null, seen });
        };
      }));
      const outcomes = (await Promise.all(results.map((act) => act()))).map(({ type }) => type);
      for (const type of outcomes) counts[type === 'done' || type === 'changed' ? type : 'else'] += 1;
    }
    const stored = (await board.cases.open(reader, number, 'view'))?.stored;
    const ok = counts.done === rounds && counts.changed === rounds && stored?.state.records.length === rounds + 1;
    return verdict(`R6 same record by two, ${board.database.kind}`, ok, { seed, rounds, ...counts });
  });
}

/** R7: the same post up to five times at once, and again after a restart: one effect, and every copy hears the same. */
export async function doubleSubmit({ rounds, seed, databaseUrl }: Where & { rounds: number }): Promise<Verdict> {
  return inFolder(databaseUrl, async (board, folder) => {
    const dice = makeDice(seed);
    const reader = firstReader(board);
    const number = await startOne(board, reader, 'first', 'first');
    let wrong = 0;
    const post = async (on: TortureBoard, round: number): Promise<string> => {
      const result = await on.cases.act(reader, number, { type: 'submit', task, answers: { tekst: String(round) } }, { key: `key ${String(round)}`, draft: null });
      return result.type === 'done' || result.type === 'repeated' ? result.number : result.type;
    };
    for (let round = 0; round < rounds; round += 1) {
      const told = await Promise.all(Array.from({ length: 2 + dice(4) }, () => post(board, round)));
      wrong += told.filter((one) => one !== number).length;
    }
    const again = await openTortureBoard(folder, databaseUrl);
    for (let round = 0; round < rounds; round += 1) wrong += await post(again, round) === number ? 0 : 1;
    const records = (await again.cases.open(reader, number, 'view'))?.stored.state.records.length ?? 0;
    await again.close();
    return verdict(`R7 the same post again, ${board.database.kind}`, wrong === 0 && records === rounds + 1, { seed, rounds, stored: records - 1, wrong });
  });
}

async function inFolder(databaseUrl: string | null, run: (board: TortureBoard, folder: string) => Promise<Verdict>): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'stappenplan-race-'));
  const board = await openTortureBoard(folder, databaseUrl);
  try {
    return await run(board, folder);
  } finally {
    await board.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
