import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { get, handIn, taskPath } from './client.ts';
import { firstReader } from './open-board.ts';
import { type Person, prepareServer, type RunningServer } from './server.ts';
import { type Verdict, verdict } from './verdict.ts';

/** One request that no browser of a person sends; `head` without what every request has. `hangsUp`: the answer may get lost in what is still being sent. */
type Attack = { name: string; path: string; method: 'GET' | 'POST'; head: string[]; body: Buffer; length?: number; hangsUp?: boolean };

const form = 'content-type: application/x-www-form-urlencoded';

/** R13: bodies without end, thousands of fields, headers and addresses that are too long, broken encodings: each is refused at once, nothing is stored, and others are served. */
export async function huge({ cycles, seed }: { cycles: number; seed: number }): Promise<Verdict> {
  const { number, people: [person], start, look, remove } = await prepareServer();
  const server = await start();
  const counts = { refused: 0, odd: 0, starved: 0, slowestMs: 0 };
  // The first answers warm the server up: what they leave in memory is no leak.
  for (let count = 0; count < 20; count += 1) await get(server, person, taskPath(number));
  const memory = memoryOf(server);
  const odd = new Set<string>();
  const attacks = attacksOn(taskPath(number));
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    for (const attack of attacks) {
      const began = Date.now();
      const [status, other] = await Promise.all([statusOf(server, person, attack), handIn(server, person, number, `${String(cycle)} ${attack.name}`)]);
      counts.slowestMs = Math.max(counts.slowestMs, Date.now() - began);
      const isRefused = status === null ? attack.hangsUp === true : status >= 400 && status < 500;
      counts[isRefused ? 'refused' : 'odd'] += 1;
      if (!isRefused) odd.add(`${attack.name}: ${String(status)}`);
      if (other?.status !== 303) counts.starved += 1;
    }
  }
  const grownMb = Math.max(0, Math.round((memoryOf(server) - memory) / 1024));
  server.child.kill('SIGTERM');
  await server.ended;
  const records = await look(async (board) => (await board.cases.open(firstReader(board), number, 'view'))?.stored.state.records.length ?? 0);
  remove();
  const sent = cycles * attacks.length;
  const ok = counts.refused === sent && counts.starved === 0 && records === sent + 1 && grownMb < mostGrownMb;
  return verdict('R13 huge and broken requests', ok, { seed, requests: sent, ...counts, stored: records - sent - 1, grownMb, ...(odd.size === 0 ? {} : { which: [...odd].join('; ') }) });
}

/** Room for the garbage of the requests that were served meanwhile. */
const mostGrownMb = 100;

function attacksOn(path: string): Attack[] {
  const post = (name: string, body: string | Buffer, more: Partial<Attack> = {}): Attack => ({ name, path, method: 'POST', head: [form], body: Buffer.from(body), ...more });
  const boundary = 'content-type: multipart/form-data; boundary=x';
  return [
    post('2 GB promised', 'x'.repeat(100_000), { length: 2_000_000_000 }),
    post('20 MB in one field', Buffer.alloc(20_000_000, 'x')),
    post('100,000 fields', Array.from({ length: 100_000 }, (_, index) => `f${String(index)}=`).join('&')),
    post('3,000 fields', Array.from({ length: 3_000 }, (_, index) => `f${String(index)}=1`).join('&')),
    post('another kind of body', '{"tekst":"x"}', { head: ['content-type: application/json'] }),
    post('no kind of body', 'tekst=x', { head: [] }),
    post('a file where none is asked', '--x\r\ncontent-disposition: form-data; name="a"; filename="a"\r\n\r\nx\r\n--x--\r\n', { head: [boundary] }),
    post('half a length', 'tekst=x', { head: [form, 'transfer-encoding: chunked'] }),
    post('a token of nobody', '_csrf=x&tekst=x'),
    post('broken percent signs', '_csrf=%E0%A4%A&%=%&tekst=%ff%fe%00'),
    { name: '64 kB of headers', path, method: 'GET', head: [`x-long: ${'x'.repeat(65_536)}`], body: Buffer.alloc(0), hangsUp: true },
    { name: 'an address of 20 kB', path: `/cases/${'x'.repeat(20_000)}`, method: 'GET', head: [], body: Buffer.alloc(0) },
    { name: 'an address with broken percent signs', path: '/cases/%E0%A4%A', method: 'GET', head: [], body: Buffer.alloc(0) },
    { name: 'an address with nothing in it', path: '/cases/2026%00ABCD', method: 'GET', head: [], body: Buffer.alloc(0) }
  ];
}

/** Sends bytes as they are; the status of the answer, null when the connection ended without one. */
function statusOf({ address }: RunningServer, { cookie }: Person, { path, method, head, body, length = body.length }: Attack): Promise<number | null> {
  const { hostname, port } = new URL(address);
  const sized = method === 'GET' || head.some((line) => line.startsWith('transfer-encoding')) ? [] : [`content-length: ${String(length)}`];
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let said = '';
    const done = (): void => {
      const status = /^HTTP\/1\.1 (\d{3})/.exec(said)?.[1];
      resolve(status === undefined ? null : Number(status));
      socket.destroy();
    };
    socket.setTimeout(10_000, done);
    socket.on('data', (chunk) => {
      said += chunk.toString('latin1');
      if (said.includes('\r\n\r\n')) done();
    });
    socket.on('error', () => undefined);
    socket.on('close', done);
    socket.write([`${method} ${path} HTTP/1.1`, `host: ${hostname}:${port}`, `cookie: ${cookie}`, ...head, ...sized, '', ''].join('\r\n'));
    socket.write(body);
  });
}

/** In kB, from what Linux says of the process. */
function memoryOf({ child }: RunningServer): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${String(child.pid)}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
