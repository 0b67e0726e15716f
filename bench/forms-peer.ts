import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, say, spread } from './figures.ts';
import { startServer, type Server } from './servers.ts';
import { writeTwentyQuestions } from './twenty-questions.ts';

/**
 * The page, a refused post and a taken post of one form of 20 questions, 16 people at a time, against a server of generated forms that
 * keeps answers in memory: `@defra/forms-engine-plugin`, which is installed in a folder of its own and skipped where that cannot be.
 * Ours has sessions, CSRF, drafts and the access log on, and commits to disk. In turn on one machine: ratios count, not times.
 */
const peerPackage = '@defra/forms-engine-plugin@4.0.44';
const users = 16;
const warmUps = 4;
const rounds = 7;
const actsPerUser = 4;

const folder = mkdtempSync(join(tmpdir(), 'stappenplan-peer-'));
try {
  if (install()) await compare();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** What one person needs to ask: the address of the form, the cookies so far, and how this server names its fields. */
type Visitor = { url: string; cookies: Map<string, string>; csrf: string; hidden: [string, string][]; filled: [string, string][]; empty: [string, string][] };

function install(): boolean {
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  say(`Installing ${peerPackage} outside the project ...`);
  try {
    execFileSync('npm', ['install', peerPackage, '--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--loglevel=error'], { cwd: folder, stdio: 'pipe', shell: process.platform === 'win32' });
    return true;
  } catch (error) {
    say(`Skipped: ${peerPackage} could not be installed here. ${error instanceof Error ? error.message.split('\n')[0] ?? '' : ''}`);
    return false;
  }
}

async function compare(): Promise<void> {
  const content = join(folder, 'content');
  writeTwentyQuestions(content);
  const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  const ours = await startServer(path('ours.js'), [String(users), content]);
  const peer = await startServer(path('peer/defra.js'), [folder]);
  try {
    const oursBy = await Promise.all(Array.from({ length: users }, (_, user) => visitOurs(ours, user)));
    const peerBy = await Promise.all(Array.from({ length: users }, () => visitPeer(peer)));
    const acts: { [name: string]: { ours: (one: Visitor) => Promise<void>; peer: (one: Visitor) => Promise<void> } } = {
      'page': { ours: (one) => get(one), peer: (one) => get(one) },
      'refused post': { ours: (one) => post(one, one.empty, 422), peer: (one) => post(one, one.empty, 200) },
      'taken post': { ours: (one) => post(one, one.filled, 303), peer: (one) => post(one, one.filled, 303) }
    };
    for (const [name, act] of Object.entries(acts)) {
      const cpu: { ours: number; peer: number }[] = [];
      const time: { ours: number; peer: number }[] = [];
      for (let round = 0; round < warmUps + rounds; round += 1) {
        const one = { ours: await costOf(ours, oursBy, act.ours), peer: await costOf(peer, peerBy, act.peer) };
        if (round < warmUps) continue;
        cpu.push({ ours: one.ours.cpuUs, peer: one.peer.cpuUs });
        time.push({ ours: one.ours.wallUs, peer: one.peer.wallUs });
      }
      say(`${name.padEnd(13)} ours ${median(cpu.map((one) => one.ours)).toFixed(0)} us CPU, peer ${median(cpu.map((one) => one.peer)).toFixed(0)} us: ${spread(cpu.map((one) => one.peer / one.ours))} times as much; ${spread(time.map((one) => one.peer / one.ours))} times as many requests in the same time`);
    }
  } finally {
    ours.stop();
    peer.stop();
  }
}

/** Of one request, in microseconds. */
async function costOf(server: Server, visitors: Visitor[], act: (one: Visitor) => Promise<void>): Promise<{ cpuUs: number; wallUs: number }> {
  const before = await server.cpuUs();
  const start = process.hrtime.bigint();
  await Promise.all(visitors.map(async (one) => {
    for (let count = 0; count < actsPerUser; count += 1) await act(one);
  }));
  const wallUs = Number(process.hrtime.bigint() - start) / 1000;
  return { cpuUs: (await server.cpuUs() - before) / (visitors.length * actsPerUser), wallUs: wallUs / (visitors.length * actsPerUser) };
}

async function visitOurs({ ready }: Server, user: number): Promise<Visitor> {
  const { address, cases = [], task = '', cookie = '', fields = [] } = ready;
  const [name = '', value = ''] = cookie.split('=');
  const one: Visitor = { url: `${address}/cases/${cases[user] ?? ''}/tasks/${task}`, cookies: new Map([[name, value]]), csrf: '_csrf', hidden: [], filled: [], empty: [] };
  const page = await text(one, {}, 200);
  const hidden = [...page.matchAll(/<input type="hidden" name="(_csrf|_asked|_rev)" value="([^"]*)"/g)].map(([, field = '', content = '']): [string, string] => [field, content]);
  return { ...one, filled: [...fields, ...hidden, ['_action', 'check']], empty: [...hidden, ['_action', 'check']] };
}

async function visitPeer({ ready }: Server): Promise<Visitor> {
  const one: Visitor = { url: `${ready.address}/meting/meting`, cookies: new Map(), csrf: 'crumb', hidden: [], filled: [], empty: [] };
  await text(one, {}, 200);
  const hidden: [string, string][] = [['crumb', one.cookies.get('crumb') ?? ''], ['action', 'validate']];
  return { ...one, filled: [...(ready.fields ?? []), ...hidden], empty: hidden };
}

async function get(one: Visitor): Promise<void> {
  await text(one, {}, 200);
}

async function post(one: Visitor, pairs: [string, string][], status: number): Promise<void> {
  await text(one, { method: 'POST', body: new URLSearchParams(pairs).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(one.url).origin } }, status);
}

/** Asks with the cookies of one person, keeps those that come back, and reads the whole answer. */
async function text(one: Visitor, init: { method?: string; body?: string; headers?: { [name: string]: string } }, status: number): Promise<string> {
  const cookie = [...one.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const response = await fetch(one.url, { ...init, redirect: 'manual', headers: { ...init.headers, cookie } });
  for (const line of response.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    one.cookies.set(name, value);
  }
  const answer = await response.text();
  if (response.status !== status) throw new Error(`${init.method ?? 'GET'} ${one.url} gave ${String(response.status)} instead of ${String(status)}.`);
  return answer;
}
