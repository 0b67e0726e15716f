import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../src/config.ts';
import { type Verdict, verdict } from './verdict.ts';

const absent: Verdict = { ok: true, line: 'Connections were not watched: there is no strace here (apt-get install strace).' };

/** What a program said, how it ended, how many calls to a network it made, and which of them went elsewhere than to this machine. */
type Watched = { output: string; code: number | null; calls: number; strange: string[] };

/** Asks a name and an address of elsewhere, to know that both are seen. */
const talker = "require('node:dns').lookup('stappenplan.example', () => process.exit()); require('node:net').connect(9, '192.0.2.1').on('error', () => {}); setTimeout(() => process.exit(), 3000);";

/**
 * No program of ours speaks to another machine, nor asks for the address of one: not the server, from its first start to its stop, not
 * while somebody walks over every page and posts every form (fuzz.ts, with PDFs and Word files), and no command. Every call to a network
 * of all their threads is watched by strace.
 */
export async function connections({ cycles, seed }: { cycles: number; seed: number }): Promise<Verdict> {
  if (spawnSync('strace', ['-V']).error !== undefined) return absent;
  const folder = mkdtempSync(join(tmpdir(), 'stappenplan-connections-'));
  const env = {
    PATH: process.env['PATH'], DATA_DIR: join(folder, 'data'), KEY_FILE: join(folder, 'keys', 'main.key'), ANCHOR_FILE: join(folder, 'elsewhere', 'anchors'), PORT: '0', CONTENT_DIR: projectRoot, TMPDIR: folder
  };
  const built = (...path: string[]): string => join(projectRoot, 'dist', ...path);
  const command = (name: string, ...args: string[]): Promise<Watched> => watch(folder, env, [built('src', 'cli', `${name}.js`), ...args]);
  const talked = await watch(folder, env, ['-e', talker]);
  const all: { [program: string]: Watched } = { server: await watch(folder, env, [built('src', 'main.js')], visit) };
  const copy = join(folder, 'one.backup');
  for (const [name, ...args] of [['check'], ['doctor'], ['backup', copy], ['verify'], ['restore', copy, '--verify'], ['keys', 'rotate'], ['routes']]) all[name ?? ''] = await command(name ?? '', ...args);
  const fuzzed = await watch(folder, env, [built('test', 'torture', 'main.js'), 'fuzz', '--on', 'sqlite', '--cycles', String(cycles), '--seed', String(seed)]);
  all['fuzz'] = fuzzed;
  rmSync(folder, { recursive: true, force: true });
  // The doctor says that there is no https.
  const failed = Object.entries(all).filter(([name, { code }]) => code !== 0 && name !== 'doctor').map(([name, { output }]) => `${name}: ${output.trim().split('\n').at(-1) ?? ''}`);
  const strange = Object.entries(all).flatMap(([name, own]) => own.strange.map((call) => `${name}: ${call}`));
  const ok = strange.length === 0 && failed.length === 0 && talked.strange.length >= 2 && fuzzed.calls > 0 && /: holds /.test(fuzzed.output);
  const wrong = [...strange, ...failed].slice(0, 5).join('; ');
  return verdict('connections to elsewhere', ok, {
    seed, cycles, programs: Object.keys(all).length, calls: Object.values(all).reduce((sum, { calls }) => sum + calls, 0), toElsewhere: strange.length, seenOfOneThatDoes: talked.strange.length, ...(wrong === '' ? {} : { which: wrong })
  });
}

/** Some pages of a server, and then its stop. */
async function visit(child: ChildProcess, output: () => string): Promise<void> {
  const address = /http:\/\/[\w.:]+/.exec(output())?.[0];
  if (address === undefined) return;
  for (const path of ['/sign-in', '/healthz', '/readyz', '/', '/nergens']) await (await fetch(address + path)).text();
  child.kill('SIGTERM');
}

/** Runs Node with these arguments under strace; `reached` is called once it listens. */
async function watch(folder: string, env: { [name: string]: string | undefined }, args: string[], reached: ((child: ChildProcess, output: () => string) => Promise<void>) | null = null): Promise<Watched> {
  const out = join(folder, 'trace');
  rmSync(out, { force: true });
  // -D: the process that is started is Node itself, so that a signal reaches it.
  const child = spawn('strace', ['-D', '-f', '--seccomp-bpf', '-qq', '-e', 'trace=connect,sendto,sendmsg,sendmmsg', '-e', 'signal=none', '-s', '0', '-o', out, process.execPath, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env, cwd: projectRoot });
  let output = '';
  let isReached = false;
  const hear = (text: Buffer): void => {
    output += text.toString();
    if (isReached || reached === null || !/http:\/\/[\w.:]+\/setup\//.test(output)) return;
    isReached = true;
    void reached(child, () => output);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const code = await new Promise<number | null>((resolve) => { child.once('close', resolve); });
  const calls = readFileSync(out, 'latin1').split('\n').filter((line) => /sa_family=AF_(?!NETLINK|UNSPEC)/.test(line));
  return { output, code, calls: calls.length, strange: calls.flatMap(elsewhere) };
}

/** The address of a call; none when it is of this machine. What asks for names, there or through a socket of the machine, speaks to elsewhere. */
function elsewhere(call: string): string[] {
  const [, address = call] = /(?:inet_addr\(|inet_pton\(AF_INET6, |sun_path=)"([^"]*)"/.exec(call) ?? [];
  const port = /_port=htons\((\d+)\)/.exec(call)?.[1] ?? '';
  const isOwn = (address.startsWith('127.') || address === '::1') && port !== '53';
  return isOwn ? [] : [`${address} ${port}`];
}
