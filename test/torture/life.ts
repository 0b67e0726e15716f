import { handIn, keepDraft, startCase } from './client.ts';
import type { Client } from './promises.ts';
import type { Prepared, RunningServer } from './server.ts';

/** `signal`: how it ends, so many milliseconds after so many promises. */
type Life = { name: string; promises: number; afterMs: number; signal?: 'SIGKILL' | 'SIGTERM'; dice: (below: number) => number };

const clientsPerLife = 6;

/** Six clients start cases, hand in and keep drafts until the server ends, which is so long after so many promises, or after they began. `odd`: answers that were no promise. */
export async function oneLife(server: RunningServer, { people }: Prepared, { name, promises, afterMs, signal = 'SIGKILL', dice }: Life): Promise<{ clients: Client[]; odd: number }> {
  const clients: Client[] = [];
  let promised = 0;
  let odd = 0;
  const kill = (): void => { setTimeout(() => { server.child.kill(signal); }, afterMs); };
  const promise = (): void => {
    promised += 1;
    if (promised === promises) kill();
  };
  if (promises === 0) kill();
  await Promise.all(Array.from({ length: clientsPerLife }, async (_, index) => {
    const person = people[index % 2 === 0 ? 0 : 1];
    const text = (count: number): string => `${name}-${String(index)}-${String(count)}`;
    const number = await startCase(server, person, text(0));
    if (number === null) return;
    const sent: Client['sent'] = [{ kind: 'record', text: text(0), isPromised: true }];
    clients.push({ person, number, sent });
    promise();
    for (let count = 1; ; count += 1) {
      const one: Client['sent'][number] = { kind: dice(3) === 0 ? 'draft' : 'record', text: text(count), isPromised: false };
      sent.push(one);
      const answer = await (one.kind === 'draft' ? keepDraft : handIn)(server, person, number, one.text);
      if (answer?.status !== 303) {
        odd += answer === null ? 0 : 1;
        return;
      }
      one.isPromised = true;
      promise();
    }
  }));
  await server.ended;
  return { clients, odd };
}
