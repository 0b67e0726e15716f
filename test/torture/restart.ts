import { verify } from '../../src/cases/verify.ts';
import { handIn } from './client.ts';
import { firstReader } from './open-board.ts';
import { prepareServer } from './server.ts';
import { makeDice, type Verdict, verdict } from './verdict.ts';

/** R8: the server is told to stop (SIGTERM) while 50 people hand in: whoever got an answer is stored, and the session goes on after. */
export async function restartUnderLoad({ cycles, seed }: { cycles: number; seed: number }): Promise<Verdict> {
  const dice = makeDice(seed);
  const { number, people: [person], start, look, remove } = await prepareServer();
  const counts = { answered: 0, lost: 0, odd: 0, unclean: 0 };
  const promised: string[] = [];
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const server = await start();
    const stopAfter = promised.length + 10 + dice(60);
    const posts = Array.from({ length: 50 }, async (_, nth) => {
      for (let count = 0; ; count += 1) {
        const text = `${String(cycle)}-${String(nth)}-${String(count)}`;
        const answer = await handIn(server, person, number, text);
        if (answer?.status !== 303) {
          if (answer !== null && answer.status !== 503) counts.odd += 1;
          return;
        }
        promised.push(text);
        if (promised.length === stopAfter) server.child.kill('SIGTERM');
      }
    });
    await Promise.all(posts);
    counts.unclean += await server.ended === 0 ? 0 : 1;
  }
  const findings = await look(async (board) => {
    const stored = new Set((await board.cases.open(firstReader(board), number, 'view'))?.stored.state.records.map(({ answers }) => answers['tekst']));
    counts.lost = promised.filter((text) => !stored.has(text)).length;
    return (await verify(board.database, board.keys)).findings.length;
  });
  counts.answered = promised.length;
  remove();
  return verdict('R8 stop under load', counts.lost === 0 && counts.odd === 0 && counts.unclean === 0 && findings === 0 && counts.answered > 0, { seed, cycles, ...counts, findings });
}
