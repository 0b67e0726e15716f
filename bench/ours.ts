import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeApp, makeServices } from '../src/app.ts';
import type { Route } from '../src/cases/library.ts';
import { projectRoot, readConfig } from '../src/config.ts';
import { openDatabase } from '../src/database/database.ts';
import { loadContent } from '../src/documents/load-content.ts';
import type { PreparedTask } from '../src/engine/model/prepare.ts';
import { makePasswords } from '../src/staff/passwords.ts';
import { readTexts } from '../src/texts.ts';
import { openKeys } from '../src/trust/key-store.ts';
import { answerParent } from './servers.ts';

/** The product as it is, on SQLite in an empty folder, with one open case per user. Arguments: how many users, and a folder with definitions other than our own. */
const users = Number(process.argv[2]);
const contentDir = process.argv[3] ?? projectRoot;
const folder = mkdtempSync(join(tmpdir(), 'stappenplan-bench-'));
const config = readConfig({ DATA_DIR: join(folder, 'data'), KEY_FILE: join(folder, 'main.key'), PORT: '0', CONTENT_DIR: contentDir }, []);
const now = (): string => new Date().toISOString();
const t = readTexts('nl');
const database = await openDatabase(config);
const keys = await openKeys({ database, file: config.keyFile, random: randomBytes, now: now() });
const content = loadContent(config.contentDir, t);
// All users of a measurement share one session.
const parts = { config, database, keys, t, now, starter: null, log: null, postsPerSecond: Infinity };
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
const task = longest(route);
if (opening === undefined) throw new Error('No task to begin with.');
const reader = { id: person.id, roles, school: school.id, settings: {} };
const cases: string[] = [];
for (let user = 0; user < users; user += 1) {
  const result = await services.cases.start(reader, route, { type: 'open', task: opening.id, answers: {}, subject: null }, { key: services.newKey(), draft: null });
  if (result.type === 'done') cases.push(result.number);
}
const app = await makeApp(parts, services);
await app.listen({ host: '127.0.0.1', port: 0 });
const address = `http://127.0.0.1:${String((app.server.address() as AddressInfo).port)}`;
const cookie = `stappenplan=${session.token}`;
const size = (await (await fetch(`${address}/cases/${cases[0] ?? ''}/tasks/${task.id}`, { headers: { cookie } })).text()).length;
answerParent({ address, size, cookie, cases, task: task.id, fields: typicalFields(task.form?.schema.properties ?? {}) }, async () => {
  await app.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The task with most questions that can be handed in again and again. */
function longest({ model }: Route): PreparedTask {
  const plain = model.topTasks.filter((one) => one.repeat && !one.isSubject && !one.emergency && one.rules.length === 0 && one.applies === null);
  const [first] = plain.sort((one, other) => fieldCount(other) - fieldCount(one));
  if (first === undefined) throw new Error('No task to measure.');
  return first;
}

function fieldCount({ form }: PreparedTask): number {
  return form === null ? 0 : Object.keys(form.schema.properties).length;
}

/** Something valid for every plain question. */
function typicalFields(properties: { [name: string]: { type?: unknown; format?: string | undefined; oneOf?: { const?: unknown }[] | undefined } }): [string, string][] {
  return Object.entries(properties).flatMap(([name, field]): [string, string][] => {
    if (field.oneOf !== undefined) return [[`/${name}`, String(field.oneOf[0]?.const)]];
    if (field.format === 'date') return [[`/${name}#dag`, '1'], [`/${name}#maand`, '9'], [`/${name}#jaar`, '2025']];
    if (field.type === 'boolean') return [[`/${name}`, 'true']];
    return field.type === 'string' && field.format === undefined ? [[`/${name}`, 'Een gewone zin over wat er is gezien en gehoord op school.']] : [];
  });
}
