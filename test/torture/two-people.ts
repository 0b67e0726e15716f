import { type Answer, get, handIn, hiddenIn, post, taskPath } from './client.ts';
import { firstReader } from './open-board.ts';
import { type Prepared, prepareServer, type RunningServer } from './server.ts';
import { field } from './small-content.ts';
import { makeDice, type Verdict, verdict, type Where } from './verdict.ts';

/** R6: two people have the same task before them and both hand in over HTTP: one is stored, the other sees both texts, every time. */
export async function sameTask({ cycles, seed, newDatabase }: Where & { cycles: number }): Promise<Verdict> {
  return onServer(newDatabase, async (prepared, server) => {
    const dice = makeDice(seed);
    const { number, people } = prepared;
    const counts = { stored: 0, told: 0, odd: 0 };
    for (let round = 0; round < cycles; round += 1) {
      const pages = await Promise.all(people.map((person) => get(server, person, taskPath(number))));
      const late = dice(3);
      const answers = await Promise.all(people.map(async (person, index) => {
        if (index === late) await new Promise((resolve) => { setTimeout(resolve, dice(4)); });
        // One word: the page marks words that differ.
        const text = `r${String(round)}p${String(index)}`;
        return { text, answer: await post(server, person, taskPath(number), [[field, text], ['_key', text], ['_rev', hiddenIn(pages[index] ?? null, '_rev')]]) };
      }));
      for (const { text, answer } of answers) counts[outcomeOf(answer, text)] += 1;
      // Whoever was told throws the own text away and begins anew.
      await Promise.all(people.map((person) => post(server, person, `${taskPath(number)}/conflict`, [['choice', 'discard'], ['sure', 'yes']])));
    }
    const records = await recordsOf(prepared);
    const ok = counts.stored === cycles && counts.told === cycles && records === cycles + 1;
    return verdict(`R6 the same task by two over HTTP, ${nameOf(newDatabase)}`, ok, { seed, rounds: cycles, ...counts });
  });
}

/** R7: the same post up to five times at once, and again after a restart: one effect, and every copy is led to the same page. */
export async function doubleClick({ cycles, seed, newDatabase }: Where & { cycles: number }): Promise<Verdict> {
  return onServer(newDatabase, async (prepared, server) => {
    const dice = makeDice(seed);
    const { number, people: [person] } = prepared;
    let wrong = 0;
    const isRight = (answer: Answer | null): boolean => answer?.status === 303 && answer.location === `/cases/${number}?done=saved`;
    const send = (on: RunningServer, round: number): Promise<Answer | null> => handIn(on, person, number, `key ${String(round)}`);
    for (let round = 0; round < cycles; round += 1) {
      const answers = await Promise.all(Array.from({ length: 2 + dice(4) }, () => send(server, round)));
      wrong += answers.filter((answer) => !isRight(answer)).length;
    }
    await stop(server);
    const again = await prepared.start();
    for (let round = 0; round < cycles; round += 1) wrong += isRight(await send(again, round)) ? 0 : 1;
    await stop(again);
    const records = await recordsOf(prepared);
    return verdict(`R7 the same post again over HTTP, ${nameOf(newDatabase)}`, wrong === 0 && records === cycles + 1, { seed, rounds: cycles, stored: records - 1, wrong });
  });
}

/** `told`: the page of two texts, with what was typed. */
function outcomeOf(answer: Answer | null, text: string): 'stored' | 'told' | 'odd' {
  if (answer?.status === 303) return 'stored';
  return answer?.status === 409 && answer.html.includes(text) ? 'told' : 'odd';
}

async function recordsOf({ look, number }: Prepared): Promise<number> {
  return look(async (board) => (await board.cases.open(firstReader(board), number, 'view'))?.stored.state.records.length ?? 0);
}

async function onServer(newDatabase: Where['newDatabase'], run: (prepared: Prepared, server: RunningServer) => Promise<Verdict>): Promise<Verdict> {
  const prepared = await prepareServer(await newDatabase?.() ?? null);
  const server = await prepared.start();
  try {
    return await run(prepared, server);
  } finally {
    await stop(server);
    prepared.remove();
  }
}

async function stop({ child, ended }: RunningServer): Promise<void> {
  child.kill('SIGTERM');
  await ended;
}

function nameOf(newDatabase: Where['newDatabase']): string {
  return newDatabase === null ? 'sqlite' : 'postgres';
}

