import { verify } from '../../src/cases/verify.ts';
import { readAccessLog } from '../../src/trust/access-log-store.ts';
import { handIn, keepDraft, startCase } from './client.ts';
import { firstReader, type TortureBoard } from './open-board.ts';
import { type Person, type Prepared, prepareServer, type RunningServer } from './server.ts';
import { field, task } from './small-content.ts';
import { makeDice, type Verdict, verdict, type Where } from './verdict.ts';

/** What one person sent for one case, in order; of the last one nobody knows what became of it. */
type Client = { person: Person; number: string; sent: { kind: 'record' | 'draft'; text: string; isPromised: boolean }[] };

/** A database grows with every cycle; a new one keeps a long run fast. */
const cyclesPerFolder = 60;
const clientsPerLife = 6;

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

type Life = { name: string; promises: number; afterMs: number; dice: (below: number) => number };

/** Kills the server so long after so many promises, or after the clients began. `odd`: answers that were no promise. */
async function oneLife(server: RunningServer, { people }: Prepared, { name, promises, afterMs, dice }: Life): Promise<{ clients: Client[]; odd: number }> {
  const clients: Client[] = [];
  let promised = 0;
  let odd = 0;
  const kill = (): void => { setTimeout(() => { server.child.kill('SIGKILL'); }, afterMs); };
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

async function brokenIn({ database, keys }: TortureBoard): Promise<number> {
  const { findings } = await verify(database, keys);
  if (database.kind === 'postgres') return findings.length;
  const [check] = await database.read.raw<{ integrity_check: string }[]>('PRAGMA integrity_check');
  return findings.length + (check?.integrity_check === 'ok' ? 0 : 1);
}

/** Counts the promises that were not kept, and cases that hold more than was sent or than the log tells of. */
async function lostOf(board: TortureBoard, clients: Client[]): Promise<number> {
  let lost = 0;
  for (const { person, number, sent } of clients) {
    const open = await board.cases.open(firstReader(board), number, 'view');
    if (open === null) {
      lost += sent.length;
      continue;
    }
    const { id, state: { records } } = open.stored;
    const stored = records.map(({ answers }) => answers['tekst']);
    const lines = (await readAccessLog(board.database.read, id)).filter(({ action }) => action === 'start' || action === 'change');
    if (lines.length !== records.length || new Set(stored).size !== stored.length) lost += 1;
    for (const { kind, text, isPromised } of sent) {
      if (isPromised && kind === 'record' && !(stored.includes(text) && await board.cases.answerOf(person.reader, text) === number)) lost += 1;
    }
    const draft = await board.cases.drafts.find({ person: person.reader.id, case: id, task, record: null });
    if (!isDraftKept(sent, draft?.pairs.find(([name]) => name === field)?.[1], stored)) lost += 1;
  }
  return lost;
}

/** The last promised draft stands as long as what was sent after it did not take its place or, as a record, erase it. */
function isDraftKept(sent: Client['sent'], draft: string | undefined, stored: unknown[]): boolean {
  const promised = sent.filter(({ isPromised }) => isPromised).at(-1);
  const last = sent.at(-1);
  if (promised?.kind !== 'draft') return draft === undefined || draft === last?.text;
  return draft === promised.text || draft === last?.text || (last?.kind === 'record' && draft === undefined && stored.includes(last.text));
}
