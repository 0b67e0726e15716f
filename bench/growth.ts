import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeApp, makeServices } from '../src/app.ts';
import { caseTables } from '../src/cases/stores/erase-case.ts';
import { projectRoot, readConfig } from '../src/config.ts';
import { type Database, openDatabase } from '../src/database/database.ts';
import { loadContent } from '../src/documents/load-content.ts';
import { readTexts } from '../src/texts.ts';
import { openKeys } from '../src/trust/key-store.ts';
import { median, say, spread } from './figures.ts';

/**
 * What a page costs in a database of 100,000 cases, as a ratio to one of 1,000: the same person with the same forty running cases of their
 * own, in a board where others have all the rest. And the pages of a case with 1,000 events, as a ratio to one with 10. In turn in one
 * process, one request at a time: whole requests, CPU first. Argument: how many cases the large one has.
 */
const large = Number(process.argv[2] ?? 100_000);
const small = 1_000;
const own = 40;
const [rounds, warmUps, requests] = [9, 3, 20];

const t = readTexts('nl');
const content = loadContent(projectRoot, t);
const now = (): string => new Date().toISOString();
const signal = { betreftMedewerker: false, feit: 'Kwam zonder ontbijt op school.', bron: 'eigen-waarneming', datum: now().slice(0, 10) };
const contact = { datum: now().slice(0, 10), met: 'ouder', kanaal: 'telefoon', onderwerp: 'Ontbijt', inhoud: 'Een gewone zin over wat er is gezien en gehoord.' };

const one = await site(small);
const many = await site(large);
const list = '/cases';
const search = '/cases?zoek=bakker';
say(`${String(small)} and ${String(large)} cases, ${String(own)} of them this person's own; ${String(requests)} requests a round, ${String(rounds)} rounds; ratio of the CPU, of the middle time in brackets`);
await compare('work list, page 1', () => one.get(list), () => many.get(list));
await compare('search by name', () => one.get(search), () => many.get(search));
await compare('page of a case', () => one.get(one.first), () => many.get(many.first));
await compare('page of a task', () => one.get(`${one.first}/tasks/signaal`), () => many.get(`${many.first}/tasks/signaal`));
await compare('who saw what of a case', () => one.get(`${one.first}/access-log`), () => many.get(`${many.first}/access-log`));
// Last: they are on the list of the same person.
const short = await one.grow(10);
const long = await one.grow(1_000);
const pages = { 'page of a case': '', 'earlier part of it': '?before=8', 'page of a task': '/tasks/contact', 'page of a record': '/records/3', 'documents': '/documents', 'who saw what': '/access-log' };
for (const [what, tail] of Object.entries(pages)) {
  await compare(`${what}, ${String(await one.events(long))} events against ${String(await one.events(short))}`, () => one.get(short + tail), () => one.get(long + tail.replace('=8', '=500')));
}
let late = 0;
for (let count = 0; count < 50; count += 1) {
  const path = await many.start();
  if (!(await many.get(list)).includes(path)) late += 1;
}
say(`started and not in the next list: ${String(late)} of 50`);
await one.stop();
await many.stop();

async function compare(what: string, reference: () => Promise<string>, grown: () => Promise<string>): Promise<void> {
  const results: { cpu: number; time: number; us: number }[] = [];
  for (let round = 0; round < warmUps + rounds; round += 1) {
    // Now one first, now the other.
    const last = round % 2 === 0 ? null : await costOf(grown);
    const before = await costOf(reference);
    const after = last ?? await costOf(grown);
    if (round >= warmUps) results.push({ cpu: after.cpu / before.cpu, time: after.time / before.time, us: before.cpu });
  }
  say(`${what}: ${spread(results.map(({ cpu }) => cpu))}, [${spread(results.map(({ time }) => time))}], ${median(results.map(({ us }) => us)).toFixed(0)} us in the small one`);
}

/** Of one request: CPU in microseconds, and the middle time. */
async function costOf(ask: () => Promise<string>): Promise<{ cpu: number; time: number }> {
  const times: number[] = [];
  const before = process.cpuUsage();
  for (let count = 0; count < requests; count += 1) {
    const began = performance.now();
    await ask();
    times.push(performance.now() - began);
  }
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / requests, time: median(times) };
}

/** The product on SQLite with so many cases. */
async function site(size: number) {
  const folder = mkdtempSync(join(tmpdir(), 'stappenplan-growth-'));
  const config = readConfig({ DATA_DIR: join(folder, 'data'), KEY_FILE: join(folder, 'main.key'), PORT: '0', SECOND_FACTOR: '0' }, []);
  const database = await openDatabase(config);
  const keys = await openKeys({ database, file: config.keyFile, random: randomBytes, now: now() });
  const parts = { config, database, keys, t, now, starter: null, log: null, postsPerSecond: Infinity };
  const services = makeServices(parts);
  await services.library.publish(content.workflows, content.names, now());
  const route = services.library.published().find(({ model }) => model.workflow.id === 'meldcode');
  const schools = await Promise.all(Array.from({ length: 20 }, (_, index) => services.people.addSchool({ name: `School ${String(index)}`, board: null, practice: false })));
  const people = await Promise.all(schools.map(({ id }, index) => services.people.add({ name: `P. ${String(index)}`, email: `p${String(index)}@school.example`, roles: ['ib'], admin: false, school: id, passwordHash: null })));
  const [school, person] = [schools[0], people[0]];
  if (route === undefined || school === undefined || person == null) throw new Error('Nothing to measure.');
  const reader = { id: person.id, roles: ['ib'], school: school.id, settings: {} };
  const names = ['Sem Bakker', 'Noor de Wit', 'Daan Visser', 'Lotte Smit'];
  let started = 0;
  const start = async (): Promise<string> => {
    const subject = { naam: names[started % names.length] ?? '', groep: '5' };
    const result = await services.cases.start(reader, route, { type: 'open', task: 'signaal', answers: signal, subject }, { key: services.newKey(), draft: null });
    if (result.type !== 'done') throw new Error(`A case was not started: ${JSON.stringify(result)}`);
    started += 1;
    return `/cases/${result.number}`;
  };
  const first = await start();
  while (started < own) await start();
  await fill(database, size - own, schools.map(({ id }, index) => ({ school: id, person: people[index]?.id ?? '' })).slice(1));
  const { token } = await services.sessions.start(person.id, now());
  const app = await makeApp(parts, services);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = `http://127.0.0.1:${String((app.server.address() as AddressInfo).port)}`;
  const get = async (path: string): Promise<string> => {
    const response = await fetch(address + path, { headers: { cookie: `stappenplan=${token}` } });
    if (response.status !== 200) throw new Error(`${path} gave ${String(response.status)}.`);
    return response.text();
  };
  const events = async (path: string): Promise<number> => (await database.read('cases').where('number', path.slice('/cases/'.length)).first<{ event_count: number }>('event_count')).event_count;
  return {
    get, first, start, events,
    /** A case with at least so many events. */
    grow: async (wanted: number): Promise<string> => {
      const path = await start();
      while (await events(path) < wanted) {
        const result = await services.cases.act(reader, path.slice('/cases/'.length), { type: 'submit', task: 'contact', answers: contact }, { key: services.newKey(), draft: null });
        if (result.type !== 'done') throw new Error(`Nothing was handed in: ${JSON.stringify(result)}`);
      }
      return path;
    },
    stop: async (): Promise<void> => {
      await app.close();
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

/** Cases of others, row by row like one that is there: as large, with as many rows of every kind. Nobody opens them. One in a hundred shares its words with it. */
async function fill(database: Database, count: number, others: { school: string; person: string }[]): Promise<void> {
  const { id } = await database.read('cases').orderBy('id').first<{ id: string }>('id');
  const columnsOf = async (table: string): Promise<string[]> => Object.keys(await database.read(table).columnInfo());
  const newId = "printf('00000000-0000-7000-8000-%012d', n)";
  const choose = (values: string[]): string => `case n % ${String(values.length)} ${values.map((value, index) => `when ${String(index)} then '${value}'`).join(' ')} end`;
  const changed: { [column: string]: string } = {
    id: newId, case_id: newId, chain: newId, number: "printf('2020-%06d', n)", school_id: choose(others.map(({ school }) => school)), person_id: choose(others.map(({ person }) => person)),
    responsible_id: choose(others.map(({ person }) => person)), token: "case n % 100 when 0 then token else token || (n % 997) end"
  };
  const counted = `with recursive counted(n) as (select 1 union all select n + 1 from counted where n < ${String(count)})`;
  await database.write(async (connection) => {
    for (const [table, key] of [['cases', 'id'], ['log_chains', 'chain'], ['access_log', 'chain'], ...caseTables.filter((name) => !['files', 'file_parts'].includes(name)).map((name) => [name, 'case_id'])] as [string, string][]) {
      const columns = await columnsOf(table);
      const values = columns.map((column) => (column === 'id' && table !== 'cases' ? 'id' : (changed[column] ?? `"${column}"`)));
      await connection.raw(`insert into ${table} (${columns.map((column) => `"${column}"`).join(', ')}) ${counted} select ${values.join(', ')} from counted, ${table} where ${table}.${key} = ?`, [id]);
    }
  });
}
