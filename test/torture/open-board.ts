import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { makeBundleStore } from '../../src/cases/stores/bundle-store.ts';
import { makeCaseStore } from '../../src/cases/stores/case-store.ts';
import type { Cases, Reader } from '../../src/cases/cases.ts';
import type { Route } from '../../src/cases/library.ts';
import { type Database, openDatabase } from '../../src/database/database.ts';
import type { Bundle } from '../../src/definitions/bundle.ts';
import { bundleText } from '../../src/definitions/make-bundle.ts';
import { prepare } from '../../src/engine/model/prepare.ts';
import { makePeopleStore } from '../../src/staff/people-store.ts';
import { readTexts } from '../../src/texts.ts';
import { caseNumber, uuid7 } from '../../src/trust/ids.ts';
import { type Keys, openKeys } from '../../src/trust/key-store.ts';
import { makeCases } from '../../src/cases/make-cases.ts';
import { bundle as smallBundle, task } from './small-content.ts';

/** The stores over one folder or database, with the small route and two people on every case. */
export type TortureBoard = { database: Database; keys: Keys; cases: Cases; route: Route; readers: Reader[]; close: () => Promise<void> };

const noPages = (): never => { throw new Error('No pages here.'); };

/** Opens it as a server does, without the pages, with the small route or another. Several processes may open the same one. */
export async function openTortureBoard(folder: string, databaseUrl: string | null = null, { bundle = smallBundle, now = () => new Date().toISOString() }: { bundle?: Bundle; now?: () => string } = {}): Promise<TortureBoard> {
  const newId = (): string => uuid7(new Date(), randomBytes);
  const today = (): string => now().slice(0, 10);
  const database = await openDatabase({ dataDir: join(folder, 'data'), databaseUrl });
  const keys = await openKeys({ database, file: join(folder, 'keys', 'main.key'), random: randomBytes, now: now() }).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  const people = makePeopleStore({ database, newId, now, today });
  const route: Route = { hash: bundle.hash, model: prepare(bundle, readTexts('nl')), form: noPages, askedForm: noPages, readBy: () => ({ form: noPages, askedForm: noPages }) };
  const library = { route: () => Promise.resolve(route), published: () => [route], publish: () => Promise.resolve(), refresh: () => Promise.resolve(), picture: () => Promise.resolve(null) };
  await makeBundleStore({ database, newId }).publish({ workflow: bundle.workflow.id, hash: bundle.hash, text: bundleText(bundle), at: now() });
  const [known] = await people.schools();
  const school = known ?? await people.addSchool({ name: 'Proefschool', board: null, practice: false });
  if (known === undefined) {
    for (const name of ['een', 'twee']) await people.add({ name, email: `${name}@proef.example`, roles: ['lid'], admin: false, school: school.id, passwordHash: null });
  }
  const readers = (await people.staff(school.id)).map(({ id, roles }) => ({ id, roles, school: school.id, settings: {} }));
  const cases = makeCases({ store: makeCaseStore({ database, keys, today, now }), library, now, newId, settingsOf: () => Promise.resolve({}), routesOffAt: () => Promise.resolve([]), staffOf: (id) => people.staff(id), newNumber: (year) => caseNumber(year, randomBytes) });
  return { database, keys, cases, route, readers, close: () => database.close() };
}

/** Starts a case and gives its number. */
export async function startOne({ cases, route }: TortureBoard, reader: Reader, key: string, text: string): Promise<string> {
  const result = await cases.start(reader, route, { type: 'open', task, answers: { tekst: text }, subject: null }, { key, draft: null });
  if (result.type !== 'done' && result.type !== 'repeated') throw new Error(`A case was not started: ${result.type}`);
  return result.number;
}

/** The first of the two people. */
export function firstReader({ readers }: TortureBoard): Reader {
  const [reader] = readers;
  if (reader === undefined) throw new Error('Nobody works here.');
  return reader;
}
