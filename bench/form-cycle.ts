import { fileURLToPath } from 'node:url';
import { median, spread } from './figures.ts';
import { postForm, startServer, type Ready, type Server } from './servers.ts';

/**
 * CPU of one form cycle (page of a task, post of its answers, check page, handing in) under 16 users, against two servers that answer
 * the same four requests with pages of the same size: `floor` seals, chains, logs and commits as ours does, by hand and with nothing
 * else (floor/server.ts); `bare` draws a page and keeps nothing (floor/bare.ts). In turn on one machine: ratios count, not times.
 */
const users = 16;
/** Twice so many, each time in other cases: a busy moment of the machine weighs less. */
const rounds = 7;
const measuredSets = 2;
/**
 * A server runs for weeks: what the engine of JavaScript spends on compiling at first is not what a page costs. Its own threads take a
 * sixth of the CPU until the fortieth round, and a fifteenth to a twentieth after that. In other cases, sixteen anew each time,
 * since they grow: both servers read and write all of a case.
 */
const warmUps = { sets: 6, rounds: 10 };
/** In the cases that are measured: they have 16 records when measuring begins, and 44 when it ends. */
const firstRounds = 4;
const cyclesPerUser = 4;

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const ours = await startServer(path('ours.js'), [String(users * (measuredSets + warmUps.sets))]);
const { size = 0, fields = [] } = ours.ready;
const floor = await startServer(path('floor/server.js'), [String(users * (measuredSets + warmUps.sets)), String(size), String(fields.length)]);
const bare = await startServer(path('floor/bare.js'), [String(users * (measuredSets + warmUps.sets)), String(size), String(fields.length)]);
const results: { ours: number; floor: number; bare: number }[] = [];
for (let round = 0; round < warmUps.sets * warmUps.rounds; round += 1) await cpuOfAll(users * (measuredSets + Math.floor(round / warmUps.rounds)));
for (let set = 0; set < measuredSets; set += 1) {
  for (let round = 0; round < firstRounds; round += 1) await cpuOfAll(users * set);
  for (let round = 0; round < rounds; round += 1) results.push(await cpuOfAll(users * set));
}
process.stdout.write([
  `page of ${String(size)} bytes, ${String(fields.length)} answers posted, ${String(users)} users`,
  `ours  ${median(results.map((one) => one.ours)).toFixed(0)} us CPU per cycle`,
  `floor ${median(results.map((one) => one.floor)).toFixed(0)} us, ratio ${spread(results.map((one) => one.ours / one.floor))}`,
  `bare  ${median(results.map((one) => one.bare)).toFixed(0)} us, ratio ${spread(results.map((one) => one.ours / one.bare))}`
].join('\n') + '\n');
for (const server of [ours, floor, bare]) server.stop();

/** Of all three, in turn. */
async function cpuOfAll(first: number): Promise<{ ours: number; floor: number; bare: number }> {
  return { ours: await cpuOf(ours, first), floor: await cpuOf(floor, first), bare: await cpuOf(bare, first) };
}

/** In microseconds, of one cycle; `first`: the first of the cases the users work in. */
async function cpuOf(server: Server, first: number): Promise<number> {
  const before = await server.cpuUs();
  await Promise.all(Array.from({ length: users }, async (_, user) => {
    for (let count = 0; count < cyclesPerUser; count += 1) await cycle(server.ready, first + user);
  }));
  return (await server.cpuUs() - before) / (users * cyclesPerUser);
}

async function cycle({ address, cases = [], task = '', cookie = '' }: Ready, user: number): Promise<void> {
  const url = `${address}/cases/${cases[user] ?? ''}/tasks/${task}`;
  const page = await read(url, cookie);
  const asked = [...page.matchAll(/name="_asked" value="([^"]*)"/g)].map(([, name = '']): [string, string] => ['_asked', name]);
  const kept = await postForm(url, [...fields, ...asked, ['_csrf', hidden(page, '_csrf')], ['_action', 'check']], cookie);
  if (kept.headers.get('location')?.endsWith('/check') !== true) throw new Error(`The answers were not accepted: ${String(kept.status)}.`);
  const check = await read(`${url}/check`, cookie);
  const done = await postForm(`${url}/check`, [['_csrf', hidden(check, '_csrf')], ['_key', hidden(check, '_key')]], cookie);
  if (done.headers.get('location')?.endsWith('?done=saved') !== true) throw new Error(`Handing in failed: ${String(done.status)}.`);
}

async function read(url: string, cookie: string): Promise<string> {
  const response = await fetch(url, { headers: { cookie } });
  if (response.status !== 200) throw new Error(`The page failed: ${String(response.status)}.`);
  return response.text();
}

function hidden(html: string, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';
}
