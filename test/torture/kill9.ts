import { oneLife } from './life.ts';
import { brokenIn, type Client, lostOf } from './promises.ts';
import { prepareServer } from './server.ts';
import { makeDice, type Verdict, verdict, type Where } from './verdict.ts';

/** A database grows with every cycle; a new one keeps a long run fast. */
const cyclesPerFolder = 60;

/**
 * R1: six clients hand in over HTTP until the server is killed with SIGKILL, at any moment; after it has started again everything
 * that was acknowledged is there and whole, once, what was not is whole or absent, and the database, its chains and its cases hold.
 */
export async function kill9({ cycles, seed, newDatabase }: Where & { cycles: number }): Promise<Verdict> {
  const dice = makeDice(seed);
  const total = { acknowledged: 0, lost: 0, broken: 0, odd: 0, slowestStartMs: 0 };
  for (let left = cycles; left > 0; left -= cyclesPerFolder) {
    const prepared = await prepareServer(await newDatabase?.() ?? null);
    const clients: Client[] = [];
    let server = await prepared.start();
    for (let cycle = 0; cycle < Math.min(left, cyclesPerFolder); cycle += 1) {
      const life = await oneLife(server, prepared, { name: `${String(left)}.${String(cycle)}`, promises: dice(4) === 0 ? 0 : 1 + dice(24), afterMs: 5 + dice(120), dice });
      server = await prepared.start();
      clients.push(...life.clients);
      total.odd += life.odd;
      total.slowestStartMs = Math.max(total.slowestStartMs, server.startedMs);
      total.broken += await prepared.look(brokenIn);
      total.lost += await prepared.look((board) => lostOf(board, life.clients));
    }
    total.lost += await prepared.look((board) => lostOf(board, clients));
    total.acknowledged += clients.flatMap(({ sent }) => sent).filter(({ isPromised }) => isPromised).length;
    server.child.kill('SIGKILL');
    await server.ended;
    prepared.remove();
  }
  const ok = total.lost === 0 && total.broken === 0 && total.odd === 0 && total.acknowledged > cycles;
  return verdict(`R1 kill -9 of the server, ${newDatabase === null ? 'sqlite' : 'postgres'}`, ok, { seed, cycles, ...total });
}
