import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Fastify from 'fastify';
import Handlebars from 'handlebars';
import { makeApp, makeServices } from '../src/app.ts';
import { projectRoot, readConfig } from '../src/config.ts';
import { openDatabase } from '../src/database.ts';
import { loadContent } from '../src/documents/load-content.ts';
import { makePasswords } from '../src/staff/passwords.ts';
import { readTexts } from '../src/texts.ts';
import { openKeys } from '../src/trust/key-store.ts';

/**
 * CPU of one form cycle (GET the page of a task, POST it, finish it) under 16 users,
 * against a bare Fastify + Handlebars page of the same size that keeps nothing. Both run in this machine in turn; ratios count, not times.
 */
const users = 16;
const rounds = 5;
const cyclesPerUser = 4;

if (process.argv[2] === 'ours') await serveOurs();
else if (process.argv[2] === 'bare') serveBare(Number(process.argv[3]));
else await measure();

type Ready = { address: string; cases?: string[]; cookie?: string; task?: string; fields?: [string, string][] };

async function measure(): Promise<void> {
  const ours = await startServer(['ours']);
  const { cases = [], cookie = '', task = '', fields = [] } = ours.ready;
  const size = (await (await fetch(`${ours.ready.address}/cases/${cases[0] ?? ''}/tasks/${task}`, { headers: { cookie } })).text()).length;
  const bare = await startServer(['bare', String(size)]);
  const results: { ours: number; bare: number }[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const own = await cpuOf(ours, (user) => ownCycle(ours.ready.address, cases[user] ?? '', { cookie, task, fields }));
    const floor = await cpuOf(bare, () => bareCycle(bare.ready.address, fields));
    // The first round warms up.
    if (round > 0) results.push({ ours: own, bare: floor });
  }
  const ratios = results.map((one) => one.ours / one.bare).sort((a, b) => a - b);
  const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  process.stdout.write([
    `page ${String(size)} bytes, ${String(fields.length)} fields posted, ${String(users)} users`,
    `ours  ${median(results.map((one) => one.ours)).toFixed(0)} us CPU per cycle (GET + POST + finish, stored)`,
    `bare  ${median(results.map((one) => one.bare)).toFixed(0)} us CPU per cycle (GET + POST + POST, nothing stored)`,
    `ratio ${median(ratios).toFixed(2)} (${(ratios[0] ?? 0).toFixed(2)} to ${(ratios.at(-1) ?? 0).toFixed(2)})`
  ].join('\n') + '\n');
  ours.stop();
  bare.stop();
}

async function ownCycle(address: string, number: string, { cookie, task, fields }: { cookie: string; task: string; fields: [string, string][] }): Promise<void> {
  const url = `${address}/cases/${number}/tasks/${task}`;
  const hidden = (html: string, name: string): string => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';
  const page = await (await fetch(url, { headers: { cookie } })).text();
  const check = await post(url, [...fields, ['_csrf', hidden(page, '_csrf')], ['_action', 'check']], cookie);
  const finish = await (await fetch(new URL(check.headers.get('location') ?? '', address), { headers: { cookie } })).text();
  const done = await post(`${url}/check`, [['_csrf', hidden(finish, '_csrf')], ['_key', hidden(finish, '_key')]], cookie);
  if (done.headers.get('location')?.endsWith('?done=saved') !== true) throw new Error(`A cycle failed: ${String(done.status)}`);
}

async function bareCycle(address: string, fields: [string, string][]): Promise<void> {
  await (await fetch(`${address}/form`)).text();
  await post(`${address}/form`, fields, '');
  await (await fetch(`${address}/form`)).text();
  await post(`${address}/form`, [['_key', 'x']], '');
}

async function post(url: string, pairs: [string, string][], cookie: string): Promise<Response> {
  const response = await fetch(url, {
    method: 'POST', redirect: 'manual', body: new URLSearchParams(pairs).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', cookie, origin: new URL(url).origin }
  });
  await response.text();
  return response;
}

type Server = { ready: Ready; cpuUs: () => Promise<number>; stop: () => void };

async function cpuOf(server: Server, cycle: (user: number) => Promise<void>): Promise<number> {
  const before = await server.cpuUs();
  await Promise.all(Array.from({ length: users }, async (_, user) => {
    for (let count = 0; count < cyclesPerUser; count += 1) await cycle(user);
  }));
  return (await server.cpuUs() - before) / (users * cyclesPerUser);
}

function startServer(args: string[]): Promise<Server> {
  const child = fork(fileURLToPath(import.meta.url), args);
  return new Promise((resolve, reject) => {
    const answers: ((cpu: number) => void)[] = [];
    child.on('message', (message: Ready | { cpu: number }) => {
      if ('cpu' in message) answers.shift()?.(message.cpu);
      else {
        resolve({
          ready: message, stop: () => { child.send('stop'); },
          cpuUs: () => new Promise((answer) => { answers.push(answer); child.send('cpu'); })
        });
      }
    });
    child.once('exit', (code) => { reject(new Error(`The server stopped with ${String(code)}.`)); });
  });
}

function answerParent(stop: () => Promise<void>): void {
  process.on('message', (message) => {
    if (message === 'cpu') {
      const { user, system } = process.cpuUsage();
      process.send?.({ cpu: user + system });
    } else {
      void stop().then(() => { process.exit(0); });
    }
  });
}

async function serveOurs(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'stappenplan-bench-'));
  const config = readConfig({ DATA_DIR: join(folder, 'data'), KEY_FILE: join(folder, 'main.key'), PORT: '0', CONTENT_DIR: projectRoot }, []);
  const now = (): string => new Date().toISOString();
  const t = readTexts('nl');
  const database = await openDatabase(config);
  const keys = await openKeys({ database, file: config.keyFile, random: randomBytes, now: now() });
  const content = loadContent(config.contentDir, t);
  const parts = { config, database, keys, t, now, starter: null, log: null };
  const services = makeServices(parts);
  await services.library.publish(content.workflows, content.names, now());
  const [route] = services.library.published();
  if (route === undefined) throw new Error('No route to measure.');
  const school = await services.people.addSchool({ name: 'Meetschool', board: null, practice: true });
  const roles = Object.keys(route.model.workflow.roles);
  const person = await services.people.add({ name: 'M. Meter', email: 'meter@school.example', roles, admin: false, school: school.id, passwordHash: await makePasswords().hash('bench') });
  if (person === null) throw new Error('Nobody to measure with.');
  const session = await services.sessions.start(person.id, now());
  const opening = [...route.model.tasks.values()].find((task) => task.emergency);
  const task = [...route.model.topTasks].filter((one) => one.repeat && !one.emergency && one.rules.length === 0 && one.applies === null)
    .sort((one, other) => fieldCount(other.form) - fieldCount(one.form))[0];
  if (opening === undefined || task === undefined) throw new Error('No task to measure.');
  const reader = { id: person.id, roles, school: school.id, settings: {} };
  const cases: string[] = [];
  for (let user = 0; user < users; user += 1) {
    const result = await services.cases.start(reader, route, { type: 'open', task: opening.id, answers: {}, subject: null }, { key: services.newKey(), draft: null });
    if (result.type === 'done') cases.push(result.number);
  }
  const app = await makeApp(parts, services);
  await app.listen({ host: '127.0.0.1', port: 0 });
  process.send?.({
    address: `http://127.0.0.1:${String((app.server.address() as AddressInfo).port)}`, cases, task: task.id, cookie: `stappenplan=${session.token}`,
    fields: typicalFields(task.form?.schema.properties ?? {})
  } satisfies Ready);
  answerParent(async () => {
    await app.close();
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });
}

function fieldCount(form: { schema: { properties: object } } | null): number {
  return form === null ? 0 : Object.keys(form.schema.properties).length;
}

/** Something valid for every plain question. */
function typicalFields(properties: { [name: string]: { type?: unknown; format?: string | undefined; oneOf?: { const: unknown }[] | undefined } }): [string, string][] {
  return Object.entries(properties).flatMap(([name, field]): [string, string][] => {
    if (field.oneOf !== undefined) return [[`/${name}`, String(field.oneOf[0]?.const)]];
    if (field.format === 'date') return [[`/${name}#dag`, '1'], [`/${name}#maand`, '9'], [`/${name}#jaar`, '2025']];
    if (field.type === 'boolean') return [[`/${name}`, 'true']];
    return field.type === 'string' && field.format === undefined ? [[`/${name}`, 'Een gewone zin over wat er is gezien en gehoord op school.']] : [];
  });
}

function serveBare(size: number): void {
  const template = Handlebars.compile('<!doctype html><title>{{title}}</title><form method="post">{{#each fields}}<label>{{label}}<input name="{{name}}" value="{{value}}"></label>{{/each}}</form>');
  const fields = Array.from({ length: 20 }, (_, index) => ({ label: `Vraag ${String(index)}`, name: `/veld${String(index)}`, value: 'x'.repeat(Math.max(1, Math.round(size / 20) - 70)) }));
  const app = Fastify();
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => { done(null, [...new URLSearchParams(String(body))]); });
  app.get('/form', async (_request, reply) => reply.type('text/html').send(template({ title: 'Formulier', fields })));
  app.post('/form', async (_request, reply) => reply.code(303).header('location', '/form').send());
  void app.listen({ host: '127.0.0.1', port: 0 }).then(() => {
    process.send?.({ address: `http://127.0.0.1:${String((app.server.address() as AddressInfo).port)}` } satisfies Ready);
  });
  answerParent(() => app.close());
}
