import { createHash, createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { nextLink } from '../../src/trust/chain.ts';
import { makeSealer } from '../../src/trust/seal.ts';
import { answerParent } from '../servers.ts';
import { openFloor } from './database.ts';
import { makePages } from './pages.ts';

/**
 * The least a server can do that keeps our promises: a session by cookie, a token in every form, content sealed per case, a chain of
 * events and one of looks, a draft, one durable commit per request. node:http and prepared statements, no rights, no engine, no
 * Dutch, no errors. Arguments: users, bytes of a page, number of answers.
 */
const [users = 0, size = 0, fieldCount = 0] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'stappenplan-floor-'));
const database = await openFloor(join(folder, 'floor.sqlite'));
await database.exec(`
  CREATE TABLE sessions (hash TEXT PRIMARY KEY, person TEXT); CREATE TABLE cases (number TEXT PRIMARY KEY, revision INTEGER, head TEXT, events INTEGER, log_head TEXT, log_length INTEGER, state TEXT);
  CREATE TABLE events (number TEXT, sequence INTEGER, payload TEXT, hash TEXT, PRIMARY KEY (number, sequence)); CREATE TABLE records (number TEXT, record INTEGER, answers TEXT, PRIMARY KEY (number, record));
  CREATE TABLE looks (number TEXT, sequence INTEGER, person TEXT, action TEXT, hash TEXT, PRIMARY KEY (number, sequence)); CREATE TABLE drafts (number TEXT PRIMARY KEY, pairs TEXT); CREATE TABLE posts (key TEXT PRIMARY KEY)`);
const statements = {
  look: await database.prepare('SELECT person, cases.*, drafts.pairs FROM sessions, cases LEFT JOIN drafts ON drafts.number = cases.number WHERE hash = ? AND cases.number = ?'),
  log: await database.prepare('INSERT INTO looks VALUES (?, ?, ?, ?, ?)'),
  logged: await database.prepare('UPDATE cases SET log_head = ?, log_length = ? WHERE number = ?'),
  draft: await database.prepare('INSERT INTO drafts VALUES (?, ?) ON CONFLICT DO UPDATE SET pairs = excluded.pairs'),
  undraft: await database.prepare('DELETE FROM drafts WHERE number = ?'),
  post: await database.prepare('INSERT INTO posts VALUES (?)'),
  event: await database.prepare('INSERT INTO events VALUES (?, ?, ?, ?)'),
  record: await database.prepare('INSERT INTO records VALUES (?, ?, ?)'),
  save: await database.prepare('UPDATE cases SET revision = revision + 1, head = ?, events = ?, state = ? WHERE number = ? AND revision = ?')
};
const sealer = makeSealer({ key: randomBytes(32), random: randomBytes });
const csrfKey = randomBytes(32);
const pages = makePages(size, fieldCount);
const isValid = new Ajv().compile({ type: 'object', additionalProperties: { type: 'string', maxLength: 4000 } });
const hash = (token: string): string => createHash('sha256').update(token).digest('hex');
const token = randomBytes(32).toString('base64url');
const cases = Array.from({ length: users }, (_, index) => `ZAAK-${String(index)}`);
const start = '0'.repeat(64);
const places = (number: string) => ({ state: { table: 'cases', row: number, column: 'state' }, draft: { table: 'drafts', row: number, column: 'pairs' }, event: { table: 'events', row: number, column: 'payload' }, record: { table: 'records', row: number, column: 'answers' } });
await database.exec(`INSERT INTO sessions VALUES ('${hash(token)}', 'person')`);
for (const number of cases) await database.exec(`INSERT INTO cases VALUES ('${number}', 0, '${start}', 0, '${start}', 0, '${sealer.seal(places(number).state, '{"records":[]}')}')`);

type State = { records: { id: number; answers: { [name: string]: string } }[] };
type Open = { number: string; token: string; csrf: string; row: { [column: string]: string | number | null }; state: State };

async function openCase(request: IncomingMessage): Promise<Open> {
  const [, , number = ''] = (request.url ?? '').split('/');
  const given = (request.headers.cookie ?? '').slice('floor='.length);
  const [row] = await statements.look.all(hash(given), number);
  if (row === undefined) throw new Error('Not signed in, or no such case.');
  const state = JSON.parse(sealer.open(places(number).state, String(row['state']))) as State;
  return { number, token: given, csrf: createHmac('sha256', csrfKey).update(given).digest('base64url'), row, state };
}

async function log({ number, row }: Open, action: string): Promise<void> {
  const sequence = Number(row['log_length']) + 1;
  const link = nextLink(String(row['log_head']), [number, sequence, String(row['person']), action]);
  await statements.log.run(number, sequence, String(row['person']), action, link);
  await statements.logged.run(link, sequence, number);
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = request.method === 'POST' ? await bodyOf(request) : '';
  const open = await openCase(request);
  const isCheck = request.url?.endsWith('/check') === true;
  const draft = open.row['pairs'];
  const place = places(open.number);
  const pairs = typeof draft === 'string' ? JSON.parse(sealer.open(place.draft, draft)) as [string, string][] : [];
  if (request.method === 'GET') {
    await database.write(() => log(open, 'view'));
    const { csrf } = open;
    const answers = pairs.map(([name, value]) => ({ name, value }));
    const html = isCheck ? pages.check({ csrf, key: randomBytes(16).toString('base64url'), answers }) : pages.form({ csrf, subject: String(open.state.records.length) });
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(html);
    return;
  }
  const posted = [...new URLSearchParams(body)];
  if (posted.find(([name]) => name === '_csrf')?.[1] !== open.csrf) throw new Error('No token.');
  if (!isCheck) {
    const answers = posted.filter(([name]) => !name.startsWith('_'));
    if (!isValid(Object.fromEntries(answers))) throw new Error('Wrong answers.');
    const sealed = sealer.seal(place.draft, JSON.stringify(answers));
    await database.write(async () => {
      await statements.draft.run(open.number, sealed);
      await log(open, 'draft');
    });
    redirect(response, `${request.url ?? ''}/check`);
    return;
  }
  await handIn(open, pairs, posted.find(([name]) => name === '_key')?.[1] ?? '');
  redirect(response, `/cases/${open.number}?done=saved`);
}

async function handIn(open: Open, pairs: [string, string][], key: string): Promise<void> {
  const { number, row } = open;
  const place = places(number);
  const record = { id: open.state.records.length + 1, answers: Object.fromEntries(pairs) };
  const state = sealer.seal(place.state, JSON.stringify({ records: [...open.state.records, record] }));
  const payload = sealer.seal(place.event, JSON.stringify({ type: 'recordEntered', record: record.id }));
  const sequence = Number(row['events']) + 1;
  const head = nextLink(String(row['head']), [number, sequence, payload]);
  const answers = sealer.seal(place.record, JSON.stringify(record.answers));
  await database.write(async () => {
    await statements.post.run(key);
    await statements.save.run(head, sequence, state, number, Number(row['revision']));
    await statements.event.run(number, sequence, payload, head);
    await statements.record.run(number, record.id, answers);
    await statements.undraft.run(number);
    await log(open, 'change');
  });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(303, { location }).end();
}

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    console.error(error);
    response.writeHead(500).end();
  });
});
await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
answerParent({ address: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, cookie: `floor=${token}`, task: 'task', cases }, async () => {
  server.closeAllConnections();
  server.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});
