import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, readdirSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { makeCaseStore } from '../src/cases/stores/case-store.ts';
import { caseTables, tombstonesOf } from '../src/cases/stores/erase-case.ts';
import { type Finding, headsOf, verify } from '../src/cases/verify.ts';
import { verifyAnchors } from '../src/cases/verify-anchors.ts';
import { verifiedLines } from '../src/cli/verified-lines.ts';
import { projectRoot } from '../src/config.ts';
import { openDatabase, refuseInUse } from '../src/database/database.ts';
import type { Work } from '../src/database/left-rows.ts';
import { dutchZone } from '../src/engine/time/zone.ts';
import { StartProblem } from '../src/errors.ts';
import { type ExamineParts, examine } from '../src/jobs/examine.ts';
import { keptFrom, makeLogTerm } from '../src/jobs/log-term.ts';
import { anchorDaily, appendAnchor, type ChainHead, readAnchors } from '../src/jobs/anchor-file.ts';
import { backup } from '../src/jobs/backup.ts';
import { releaseOf } from '../src/jobs/release.ts';
import { sendLog, waitsSince } from '../src/jobs/send-log.ts';
import { restore, tryRestore } from '../src/jobs/restore.ts';
import { type Rotated, rotateKeys } from '../src/jobs/rotate-keys.ts';
import { migrate } from '../src/database/migrate.ts';
import { tables } from '../src/database/tables.ts';
import { appendAccessLog, type ChainRow, type LogRow } from '../src/trust/access-log-store.ts';
import { chainStart, nextLink } from '../src/trust/chain.ts';
import { readKeyFile } from '../src/trust/key-file.ts';
import { openKeys } from '../src/trust/key-store.ts';
import { cutChain } from '../src/trust/log-cut.ts';
import { type Board, fillBoard, openBoard, texts } from './fixtures/board.ts';
import { startPostgres } from './fixtures/postgres.ts';
import { temporaryFolder } from './fixtures/storage.ts';

const random = randomBytes;
/** A line as it goes to another system. */
type LogLine = { log: string; at: string; chain: string; sequence: number; person: string | null; action: string; detail: string | null; hash: string };

const server = await startPostgres();
t.teardown(() => server.stop());

t.test('SQLite', (t) => {
  upkeep(t, (t) => filled(t, null));
  t.end();
});

t.test('PostgreSQL', (t) => {
  upkeep(t, async (t) => filled(t, await server.newDatabase()));
  t.end();
});

t.test('a backup moves everything from SQLite to PostgreSQL and back, row by row', async (t) => {
  const board = await filled(t, null);
  const { file, key } = await backedUp(t, board);
  const databaseUrl = await server.newDatabase();
  const parts = { file, key, keyFile: board.config.keyFile, now: board.now, random, replace: false };
  const there = await restore({ ...parts, place: { dataDir: '', databaseUrl } });
  t.same(there.verified.findings, []);
  t.equal(there.verified.anchor, there.manifest.anchor);
  await t.rejects(restore({ ...parts, place: { dataDir: '', databaseUrl } }), { name: 'StartProblem', key: 'upkeep.databaseExists' });
  await restore({ ...parts, replace: true, place: { dataDir: '', databaseUrl } });
  const moved = await openBoard(board.folder, databaseUrl);
  t.teardown(() => moved.close());
  for (const { name, key: columns, passing } of tables) {
    if (passing === true) continue;
    const [one, other] = await Promise.all([board, moved].map(async ({ database }) => (await database.read(name)).map((row: object) => JSON.stringify(Object.entries(row).sort())).sort()));
    t.strictSame(other, one, `${name} ${columns.join()}`);
  }
  const second = await backedUp(t, moved);
  const folder = join(temporaryFolder(t), 'data');
  const back = await restore({ ...parts, file: second.file, place: { dataDir: folder, databaseUrl: null } });
  t.same([back.verified.findings, back.verified.anchor], [[], there.manifest.anchor]);
  t.equal(statSync(join(folder, 'stappenplan.sqlite')).mode & 0o777, 0o600);
  t.same(readdirSync(folder), ['stappenplan.sqlite']);
});

t.test('a backup is nothing without its key, and damage, a cut or another key leaves the database that is there', async (t) => {
  const board = await filled(t, null);
  const { file, key } = await backedUp(t, board);
  t.equal(statSync(file).mode & 0o777, 0o600);
  const bytes = readFileSync(file);
  const secrets = { 'its key': key.toString('base64url'), 'the bytes of its key': key.toString('latin1'), 'a pupil': 'Leerling', 'the school': 'De Wilgen', 'a case number': '2026-' };
  for (const [name, text] of Object.entries(secrets)) t.equal(bytes.indexOf(text, bytes.indexOf('\n'), 'latin1'), -1, `without ${name}`);
  const keyFile = board.config.keyFile;
  const trying = (content: Buffer): Promise<unknown> => {
    const other = join(temporaryFolder(t), 'copy');
    writeFileSync(other, content);
    return tryRestore({ file: other, key, keyFile, now: board.now, random });
  };
  const refusedAs = (code: string): { name: string; key: string } => ({ name: 'StartProblem', key: `upkeep.backup.${code}` });
  await t.resolves(trying(bytes));
  for (const at of [bytes.indexOf('\n') + 1, bytes.indexOf('\n') + 7, Math.floor(bytes.length / 2), bytes.length - 1]) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    await t.rejects(trying(changed), refusedAs('damaged'), `bit of byte ${String(at)}`);
  }
  await t.rejects(trying(bytes.subarray(0, -1)), refusedAs('damaged'));
  await t.rejects(trying(Buffer.concat([bytes, Buffer.from('x')])), refusedAs('damaged'));
  await t.rejects(trying(Buffer.from('a text')), refusedAs('notSealed'));
  await t.rejects(trying(Buffer.alloc(0)), refusedAs('notSealed'));
  const into = { file, keyFile, now: board.now, random, place: board.config };
  await t.rejects(restore({ ...into, key: random(32), replace: true }), { name: 'StartProblem', key: 'upkeep.databaseInUse' }, 'the server is running');
  await board.close();
  await t.rejects(restore({ ...into, key, replace: false }), { name: 'StartProblem', key: 'upkeep.databaseExists' });
  await t.rejects(restore({ ...into, key: random(32), replace: true }), refusedAs('otherKey'));
  await t.rejects(restore({ ...into, key, file: `${file}x`, replace: true }), refusedAs('missing'));
  t.same(readdirSync(board.config.dataDir), ['stappenplan.sqlite'], 'nothing is left beside it');
  const { old, verified } = await restore({ ...into, key, replace: true });
  t.same(verified.findings, []);
  t.ok(old !== null && existsSync(old), 'the database that made way is kept');
  const again = await openBoard(board.folder);
  t.equal((await again.database.read('cases')).length, verified.cases);
  await again.close();
});

t.test('the key of a case that is erased stands in no file any more', async (t) => {
  const board = await filled(t, null);
  const { id, key_sealed } = await board.database.read('cases').first<{ id: string; key_sealed: string }>('id', 'key_sealed');
  const isInFiles = (): boolean => readdirSync(board.config.dataDir).some((name) => readFileSync(join(board.config.dataDir, name), 'latin1').includes(key_sealed));
  t.ok(isInFiles());
  await makeCaseStore({ ...board, today: () => board.now.slice(0, 10), now: () => board.now }).erase(id, { by: null, at: board.now, reason: 'retention' });
  t.notOk(isInFiles());
});

t.test('a backup while others write is one moment: its counts, chains and cases hold', async (t) => {
  const board = await filled(t, null);
  const [person] = await board.database.read<{ person_id: string; school_id: string }>('memberships').where('role', 'ib').limit(1);
  const [route] = board.services.library.published();
  const opening = [...(route?.model.tasks.values() ?? [])].find(({ emergency }) => emergency);
  if (person === undefined || route === undefined || opening === undefined) throw new Error('Nothing to write.');
  const reader = { id: person.person_id, roles: Object.keys(route.model.workflow.roles), school: person.school_id, settings: {} };
  const control = { stop: false };
  let written = 0;
  const writing = (async () => {
    for (; !control.stop; written += 1) await board.services.cases.start(reader, route, { type: 'open', task: opening.id, answers: {}, subject: null }, { key: `k${String(written)}`, draft: null });
  })();
  for (let round = 0; round < 4; round += 1) {
    const { file, key } = await backedUp(t, board);
    const { verified, manifest } = await tryRestore({ file, key, keyFile: board.config.keyFile, now: board.now, random });
    t.same(verified.findings, []);
    t.equal(verified.anchor, manifest.anchor);
    t.equal(verified.cases, manifest.counts['cases']);
  }
  control.stop = true;
  await writing;
  t.ok(written > 4, `${String(written)} cases were written meanwhile`);
});

t.test('the list of tables is that of the schema, each after those it refers to', async (t) => {
  const { database } = await openBoard(temporaryFolder(t));
  t.teardown(() => database.close());
  const names = (await database.read('sqlite_master').where('type', 'table').whereNot('name', 'like', 'sqlite_%').select<{ name: string }[]>('name')).map(({ name }) => name);
  t.same(['migrations', ...tables.map(({ name }) => name)].sort(), names.sort());
  for (const [index, { name, key, within }] of tables.entries()) {
    const columns = await database.read.raw<{ name: string; pk: number }[]>(`PRAGMA table_info(${name})`);
    t.same(columns.filter(({ pk }) => pk > 0).sort((one, other) => one.pk - other.pk).map((column) => column.name), key, name);
    const refers = await database.read.raw<{ table: string; from: string }[]>(`PRAGMA foreign_key_list(${name})`);
    const before = tables.slice(0, index).map((table) => table.name);
    t.same(refers.filter((one) => !before.includes(one.table)).map(({ from }) => from), within === undefined ? [] : [within], name);
  }
});

t.test('whatever table names a case goes with it: those of the schema are all among those that are emptied', async (t) => {
  const { database } = await openBoard(temporaryFolder(t));
  t.teardown(() => database.close());
  const naming: string[] = [];
  for (const { name } of tables) {
    const columns = (await database.read.raw<{ name: string }[]>(`PRAGMA table_info(${name})`)).map((column) => column.name);
    const refers = (await database.read.raw<{ table: string; from: string; on_delete: string }[]>(`PRAGMA foreign_key_list(${name})`)).filter(({ table }) => table === 'cases');
    t.same(refers.filter(({ from, on_delete: then }) => from !== 'case_id' && then !== 'CASCADE').map(({ from }) => from), [], `${name} names a case as case_id, or goes with the other case by itself`);
    if (columns.includes('case_id')) naming.push(name);
  }
  t.same(caseTables.toSorted(), naming.filter((name) => name !== 'erased_cases').sort(), 'a new table with a column case_id outside its key says ofCase in tables.ts');
});

t.test('a database of before gets a moment to look at each case that ended', async (t) => {
  const database = await openDatabase({ dataDir: join(temporaryFolder(t), 'data'), databaseUrl: null }, async (connection, kind) => {
    await migrate(connection, kind, ['0001-start', '0002-files']);
    await connection('schools').insert({ id: 's', name: 'De Wilgen', practice: 0, created_at: '2026-01-01T00:00:00.000Z' });
    await connection('people').insert({ id: 'p', name: 'P', email: 'p@school.nl', created_at: '2026-01-01T00:00:00.000Z' });
    await connection('bundles').insert({ hash: 'h', workflow: 'w', text: '{}', created_at: '2026-01-01T00:00:00.000Z' });
    const row = { school_id: 's', workflow: 'w', bundle_hash: 'h', active_steps: '[]', responsible_id: 'p', revision: 1, opened_at: '2026-01-01T00:00:00.000Z', event_head: '', event_count: 0, key_sealed: '', state_sealed: '' };
    for (const status of ['open', 'closed', 'cancelled']) await connection('cases').insert({ ...row, id: status, number: status, status });
    await connection('erased_cases').insert({ case_id: 'x', school_id: 's', erased_at: '2026-01-01T00:00:00.000Z', person_id: null, reason: 'retention' });
    await migrate(connection, kind);
  });
  t.teardown(() => database.close());
  t.same(await database.read('timers').orderBy('case_id').pluck<string[]>('case_id'), ['cancelled', 'closed']);
  t.match(await tombstonesOf(database.read, 's', 10), [{ id: 'x', workflow: null, restricted: false, basis: null }]);
});

/** What every database must do. */
function upkeep(t: Test, open: (t: Test) => Promise<Board>): void {
  t.test('every practice case holds its chains and is rebuilt as it is kept; whoever changes a row is found by table, case and row', async (t) => {
    const board = await open(t);
    const whole = await verify(board.database, board.keys);
    t.same(whole.findings, []);
    t.ok(whole.cases > 3 && whole.events > 30 && whole.records > 10 && whole.lines > 30, JSON.stringify(whole));
    t.match(verifiedLines(whole, texts).at(-1), /Alles klopt\.$/);
    const ids = await board.database.read('cases').select('id', 'number', 'key_sealed').orderBy('id') as { id: string; number: string; key_sealed: string }[];
    const [one = { id: '', number: '' }, other = { id: '', number: '', key_sealed: '' }] = ids;
    const { number } = one;

    const change = (table: string, where: object, columns: object | null) => (t: Test, expected: Partial<Finding>): Promise<void> => tampered(t, board, table, where, columns, expected);
    await change('events', { case_id: one.id, sequence: 2 }, { at: '2020-01-01T00:00:00.000Z' })(t, { table: 'events', chain: number, sequence: 2, problem: 'chain' });
    await change('events', { case_id: one.id, sequence: 3 }, { person_id: 'x' })(t, { table: 'events', chain: number, sequence: 3, problem: 'chain' });
    await change('access_log', { chain: one.id, sequence: 1 }, { person_id: 'x' })(t, { table: 'access_log', chain: number, sequence: 1, problem: 'chain' });
    await change('access_log', { chain: 'general', sequence: 2 }, { sequence: -7 })(t, { table: 'access_log', chain: 'general', sequence: -7, problem: 'chain' });
    await change('records', { case_id: one.id, record: 1, version: 1 }, { task: 'x' })(t, { table: 'events', chain: number, problem: 'rebuild' });
    await change('records', { case_id: one.id, record: 1, version: 1 }, { version: 7 })(t, { table: 'records', chain: number, sequence: 1, problem: 'sealed' });
    await change('records', { case_id: one.id, record: 1, version: 1 }, null)(t, { table: 'events', chain: number, problem: 'rebuild' });
    await change('cases', { id: one.id }, { event_count: 1 })(t, { table: 'events', chain: number, problem: 'chain' });
    await change('cases', { id: one.id }, { revision: 1_000 })(t, { table: 'cases', chain: number, problem: 'sealed' });
    await change('cases', { id: one.id }, { key_sealed: other.key_sealed })(t, { table: 'cases', chain: number, problem: 'sealed' });
    await change('cases', { id: one.id }, { status: 'cancelled' })(t, { table: 'cases', chain: number, problem: 'columns' });
    const [shut] = await board.database.read('case_exclusions').join('cases', 'cases.id', 'case_exclusions.case_id').select<{ case_id: string; person_id: string; number: string }[]>('case_id', 'person_id', 'number');
    t.ok(shut, 'somebody is shut out of a practice case');
    await change('case_exclusions', { case_id: shut?.case_id, person_id: shut?.person_id }, null)(t, { table: 'cases', chain: shut?.number ?? '', problem: 'columns' });
    t.match(verifiedLines({ ...whole, findings: [{ table: 'events', chain: number, sequence: 2, problem: 'chain' }] }, texts)[0], `events, ${number}, regel 2: vanaf hier`);
  });

  t.test('a new main key wraps every key anew, after any number of stops, and then opens all that the old one did', async (t) => {
    const board = await open(t);
    const file = board.config.keyFile;
    const before = readFileSync(file, 'utf8');
    const oldId = board.keys.main.keyId;
    const wrapped = (await board.database.read('cases')).length + (await board.database.read('keys')).length;
    const rotate = (stopAfter: number): Promise<Rotated> => {
      let left = stopAfter;
      const database = { ...board.database, write: <Result>(work: Work<Result>): Promise<Result> => {
        left -= 1;
        return left < 0 ? Promise.reject(new Error('stopped')) : board.database.write(work);
      } };
      return rotateKeys({ database, file, random, now: '2026-03-19T10:00:00.000Z', batch: 2 });
    };
    await t.rejects(refuseInUse(board.config), { name: 'StartProblem', key: 'upkeep.databaseInUse' }, 'a server that works is noticed');
    for (const stop of [0, 1, 2, 3]) await t.rejects(rotate(stop), { message: 'stopped' });
    t.equal(readFileSync(file, 'utf8'), before, 'the old key stays until all is done');
    const opening = (keyFile: string): ReturnType<typeof openKeys> => openKeys({ database: board.database, file: keyFile, random, now: board.now });
    await t.rejects(opening(file), { name: 'StartProblem', key: 'start.keyRotating' }, 'no server starts meanwhile');
    const { keys, old } = await rotate(Infinity);
    t.ok(keys > 0 && keys < wrapped, 'it went on where it stopped');
    t.equal(readFileSync(old, 'utf8'), before);
    t.equal(statSync(file).mode & 0o777, 0o600);
    t.same(readdirSync(dirname(file)).sort(), [basename(old), basename(file)].sort(), 'nothing else is left beside it');
    const after = await opening(file);
    t.not(after.main.keyId, oldId);
    t.equal(after.recovery.since, '2026-03-19T10:00:00.000Z', 'a print of before is of another key');
    t.same([after.csrf, after.index], [board.keys.csrf, board.keys.index]);
    t.same((await verify(board.database, after)).findings, []);
    const left = await everything(board);
    t.same(Object.keys(left).filter((name) => left[name]?.includes(`v1.${oldId}.`)), [], 'nothing is sealed by the old key');
    await t.rejects(opening(old), { name: 'StartProblem', key: 'start.keyWrong' });
    const other = join(temporaryFolder(t), 'other.key');
    readKeyFile(other, { holdsData: false, random });
    await t.rejects(rotateKeys({ database: board.database, file: other, random, now: board.now }), { name: 'StartProblem', key: 'start.keyWrong' });
    t.same((await verify(board.database, after)).findings, []);
  });

  t.test('a case that is erased leaves its chain and that it was there, and nothing else; the others stay whole', async (t) => {
    const board = await open(t);
    const before = await verify(board.database, board.keys);
    const { id, number, school_id } = await board.database.read('cases').where('status', 'open').orderBy('id').first<{ id: string; number: string; school_id: string }>('id', 'number', 'school_id');
    const person = await board.database.read('people').first<{ id: string }>('id');
    const store = makeCaseStore({ ...board, today: () => board.now.slice(0, 10), now: () => board.now });
    await store.drafts.save({ person: person.id, case: id, task: 'x', record: null }, [['/a', 'b']], board.now);
    t.equal(await store.erase(id, { by: person.id, at: board.now, reason: 'retention' }), true);
    t.equal(await store.erase(id, { by: person.id, at: board.now, reason: 'retention' }), false);
    const left = await everything(board);
    t.same(Object.keys(left).filter((name) => left[name]?.includes(id)).sort(), ['access_log', 'erased_cases', 'log_chains']);
    t.same(Object.keys(left).filter((name) => left[name]?.includes(number)), []);
    const after = await verify(board.database, board.keys);
    t.same([after.findings, after.cases], [[], before.cases - 1]);
    t.match(await store.tombstones(school_id), [{ id, reason: 'retention', by: person.id, workflow: /./, openedAt: /^2/ }]);
    t.match(await board.database.read('access_log').where('chain', id).orderBy('sequence', 'desc').first('action', 'detail'), { action: 'destroy', detail: 'retention' });
    const other = await board.database.read('cases').where('status', 'open').orderBy('id').first<{ id: string; revision: number }>('id', 'revision');
    t.equal(await store.erase(other.id, { by: person.id, at: board.now, reason: 'retention', revision: other.revision + 1 }), false, 'not what was read');
    await board.database.write((connection) => connection('erased_cases').delete());
    t.match((await verify(board.database, board.keys)).findings, [{ table: 'cases', chain: id, problem: 'gone' }], 'a case that is gone without a reason is found');
  });

  t.test('lines of the log go when their term is over, from the start of each chain; what is left holds, and a theft is told from it', async (t) => {
    const board = await open(t);
    const { database, keys } = board;
    const file = join(temporaryFolder(t), 'anchors');
    appendAnchor(file, await database.snapshot(headsOf), { at: board.now, why: 'day' });
    const now = '2031-03-18T10:00:00.000Z';
    const before = keptFrom(now, { years: 5, zone: dutchZone });
    t.equal(before, '2026-02-28T23:00:00.000Z', 'whole months, as people count them');
    const old = (): Promise<{ chain: string; sequence: number }[]> => database.read('access_log').where('at', '<', before).orderBy(['chain', 'sequence']).select('chain', 'sequence');
    const chains = [...new Set((await old()).map(({ chain }) => chain))].filter((chain) => chain !== 'general');
    const [held = '', broken = '', one = '', other = ''] = chains;
    t.ok(other !== '', 'several cases have lines of before');
    await database.write((connection) => connection('access_reviews').insert({ school_id: connection('schools').select('id').limit(1), person_id: connection('people').select('id').limit(1), month: '2026-01', at: board.now, remark_sealed: 'x' }));
    await database.write((connection) => connection('access_log').where({ chain: broken, sequence: 1 }).update({ action: 'print' }));
    const job = makeLogTerm({ database, keys, years: 5, zone: dutchZone, now: () => now, isHeld: (id) => Promise.resolve(id === held) });
    const gone = (await old()).filter(({ chain }) => chain !== held && chain !== broken).length;
    const round = await job.run();
    t.same(round.broken, [broken], 'what does not hold stays, to be looked into');
    t.ok(round.cut >= chains.length - 2, String(round.cut));
    t.same(await job.run(), { cut: 0, broken: [] }, 'once a day while something does not hold');
    await database.write((connection) => connection('access_log').where({ chain: broken, sequence: 1 }).update({ action: 'start' }));
    t.same([...new Set((await old()).map(({ chain }) => chain))].sort(), [held, broken].sort(), 'nothing else of before is left');
    t.same(await database.read('access_reviews'), []);
    const whole = await verify(database, keys);
    t.match(whole, { findings: [], destroyed: { lines: gone, chains: round.cut, last: now } });
    t.match(verifiedLines(whole, texts).at(-3), /regels vernietigd omdat de termijn voorbij was/);
    t.same(await verifyAnchors(database, keys, readAnchors(file)), [], 'what was kept elsewhere before still fits');
    const { cut_to: upto } = await database.read('log_chains').where('chain', one).first<{ cut_to: number }>('cut_to');
    t.match(await database.read('access_log').where({ chain: 'general', action: 'destroyLines' }).andWhere('detail', 'like', `${one} %`).first('person_id', 'detail'), { person_id: null, detail: new RegExp(`^${one} ${String(upto)} [0-9a-f]{64}$`) });

    const number = (await database.read('cases').where('id', one).first<{ number: string }>('number')).number;
    const { cut_sealed: sealed } = await database.read('log_chains').where('chain', other).first<{ cut_sealed: string }>('cut_sealed');
    for (const columns of [{ cut_to: upto + 1 }, { cut_sealed: sealed }]) await tampered(t, board, 'log_chains', { chain: one }, columns, { table: 'access_log', chain: number, problem: 'cut' });

    const later = makeLogTerm({ database, keys, years: 5, zone: dutchZone, now: () => '2031-04-01T10:00:00.000Z', isHeld: () => Promise.resolve(false) });
    t.match(await later.run(), { broken: [] });
    t.same((await database.read('access_log').where('at', '<', keptFrom('2031-04-01T10:00:00.000Z', { years: 5, zone: dutchZone }))), [], 'what was held goes when it is held no more');
    t.same((await verify(database, keys)).findings, []);
    t.same(await verifyAnchors(database, keys, readAnchors(file)), []);
    // Somebody who has the key does away with what was written a moment ago, and says that it was of long before.
    appendAnchor(file, await database.snapshot(headsOf), { at: now, why: 'day' });
    await database.write(async (connection) => { await appendAccessLog(connection, [{ person: null, case: one, action: 'view' }], '2020-01-01T00:00:00.000Z'); });
    t.match(await database.write((connection) => cutChain(connection, keys, { chain: one, before: '2026-04-01T00:00:00.000Z', at: now })), { by: 'log-term' });
    t.same((await verify(database, keys)).findings, [], 'the database alone does not show it');
    t.match(await verifyAnchors(database, keys, readAnchors(file)), [{ table: 'access_log', chain: number, problem: 'early' }]);
  });
}

/** Every value of every row, by table. */
async function everything({ database }: Board): Promise<{ [table: string]: string }> {
  return Object.fromEntries(await Promise.all(tables.map(async ({ name }) => [name, JSON.stringify(await database.read(name))] as const)));
}

/** Changes a row (or takes it out, without columns), expects that to be found, and puts it back. */
async function tampered(t: Test, { database, keys }: Board, table: string, where: object, columns: object | null, expected: Partial<Finding>): Promise<void> {
  const before = await database.read(table).where(where).first() as object;
  await database.write(async (connection) => {
    const rows = connection(table).where(where);
    await (columns === null ? rows.delete() : rows.update(columns));
  });
  t.match((await verify(database, keys)).findings, [expected], `${table} ${JSON.stringify(columns)}`);
  await database.write(async (connection) => {
    await connection(table).where({ ...where, ...columns }).delete();
    await connection(table).insert(before);
  }).catch(async () => database.write(async (connection) => { await connection(table).where(where).update(before); }));
  t.same((await verify(database, keys)).findings, [], `${table} put back`);
}

async function backedUp(t: Test, { database, config, now }: Board): Promise<{ file: string; key: Buffer }> {
  const file = join(temporaryFolder(t), 'copies', 'one.backup');
  const key = readKeyFile(config.keyFile, { holdsData: true, random });
  await backup({ database, key, file, made: now, random });
  await t.rejects(backup({ database, key, file, made: now, random }), { name: 'StartProblem', key: 'upkeep.backupExists' });
  return { file, key };
}

async function filled(t: Test, databaseUrl: string | null): Promise<Board> {
  const board = await openBoard(temporaryFolder(t), databaseUrl);
  t.teardown(() => board.close());
  await fillBoard(board);
  return board;
}

t.test('anchors elsewhere: a line a day and at each backup, never rewritten; what was cut off with its head shows against them, a case that was destroyed does not', async (t) => {
  const board = await filled(t, null);
  const file = join(temporaryFolder(t), 'elsewhere', 'anchors');
  const heads = (): Promise<ChainHead[]> => board.database.snapshot(headsOf);
  t.equal(await anchorDaily(file, board.now, heads), true);
  t.equal(await anchorDaily(file, board.now, heads), false, 'once a day');
  t.equal(statSync(file).mode & 0o777, 0o600);
  const first = readFileSync(file, 'utf8');
  const store = makeCaseStore({ ...board, today: () => board.now.slice(0, 10), now: () => board.now });
  const [one = { id: '', number: '' }, two = { id: '', number: '' }] = await board.database.read<{ id: string; number: string }>('cases').select('id', 'number').orderBy('id');
  await store.log([{ person: null, case: one.id, action: 'view' }], board.now);
  await store.erase(two.id, { by: null, at: board.now, reason: 'retention' });
  appendAnchor(file, await heads(), { at: board.now, why: 'backup' });
  const text = readFileSync(file, 'utf8');
  t.ok(text.startsWith(first) && text.length < 2 * first.length, 'only what changed is written again');
  t.notMatch(text, new RegExp(one.number), 'no number of a case');
  const kept = readAnchors(file);
  t.match(kept, { lines: 2, broken: null, lastAt: board.now });
  t.same(await verifyAnchors(board.database, board.keys, kept), []);
  const last = await board.database.read('access_log').where('chain', one.id).orderBy('sequence', 'desc').first<{ sequence: number }>();
  await board.database.write(async (connection) => {
    await connection('access_log').where({ chain: one.id, sequence: last.sequence }).delete();
    const before = await connection('access_log').where({ chain: one.id, sequence: last.sequence - 1 }).first<{ hash: string }>();
    await connection('log_chains').where('chain', one.id).update({ head: before.hash, length: last.sequence - 1 });
  });
  t.same((await verify(board.database, board.keys)).findings, [], 'the database alone does not show it');
  t.same(await verifyAnchors(board.database, board.keys, kept), [{ table: 'access_log', chain: one.number, sequence: last.sequence, problem: 'anchor' }]);
  writeFileSync(file, text.replace('"why":"day"', '"why":"back"'));
  t.equal(readAnchors(file).broken, 2, 'nor can the file be changed unseen');
  t.throws(() => { appendAnchor(join(file, 'x'), [], { at: board.now, why: 'day' }); }, { name: 'StartProblem', key: /anchorNot/ });
});

t.test('lines of the log go to a file elsewhere, each one, and its chains can be followed there', async (t) => {
  for (const databaseUrl of [null, await server.newDatabase()]) {
    const board = await filled(t, databaseUrl);
    const file = join(temporaryFolder(t), 'logs', 'access.jsonl');
    const lines = (name = file): LogLine[] => readFileSync(name, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as LogLine);
    const kept = await board.database.read<LogRow>('access_log');
    t.equal(await sendLog(board.database, file, { batch: 7 }), kept.length);
    t.equal(statSync(file).mode & 0o777, 0o600);
    t.equal(await sendLog(board.database, file), 0, 'and no line twice');
    const heads = new Map<string, string>();
    for (const { chain, sequence, at, person, action, detail, hash } of [...lines()].sort((one, other) => one.sequence - other.sequence)) {
      heads.set(chain, nextLink(heads.get(chain) ?? chainStart, [chain, sequence, at, person, action, detail]));
      t.equal(hash, heads.get(chain));
    }
    t.strictSame(Object.fromEntries(heads), Object.fromEntries((await board.database.read<ChainRow>('log_chains')).map(({ chain, head }) => [chain, head])), 'to the same ends');
    t.same((await verify(board.database, board.keys)).findings, []);
    // Moved away, as what sends logs does; and then out of reach.
    renameSync(file, `${file}.1`);
    const add = (): Promise<void> => board.database.write((connection) => appendAccessLog(connection, [{ person: null, case: null, action: 'signInFailed', detail: 'x' }], board.now));
    await add();
    const away = join(file, 'not');
    t.equal(await sendLog(board.database, file), 1);
    t.match(lines(), [{ log: 'access', action: 'signInFailed', person: null, chain: 'general' }]);
    await add();
    await t.rejects(sendLog(board.database, away), { name: 'StartProblem', key: 'upkeep.logNotWritten', params: { code: /^(ENOTDIR|EEXIST)$/ } });
    t.equal(await waitsSince(board.database), board.now);
    t.equal(await sendLog(board.database, file), 1, 'what could not go goes later');
    t.equal(await waitsSince(board.database), null);
    t.same(lines().map(({ sequence }) => sequence), [1, 2].map((more) => kept.filter(({ chain }) => chain === 'general').length + more));
  }
});

t.test('the doctor says what is right, what is worth a thought and what is wrong, and changes nothing', async (t) => {
  const board = await filled(t, null);
  await board.database.write((connection) => appendAccessLog(connection, [{ person: null, case: null, action: 'signIn' }], board.now));
  const folder = temporaryFolder(t);
  const backups = join(folder, 'backups');
  const anchorFile = join(folder, 'anchors');
  const config = { ...board.config, publicUrl: 'https://stappenplan.school.nl', anchorFile };
  const parts = { config, now: board.now, nodeVersion: 'v20.19.0', release: { version: '0.1.0', day: '2026-03-01' }, backups, opened: { database: board.database }, free: () => ({ share: 0.5, bytes: 5e9 }) };
  const levels = async (changed: Partial<ExamineParts>): Promise<{ [check: string]: string }> => Object.fromEntries((await examine({ ...parts, ...changed })).map(({ check, level, key }) => [check, `${level} ${key}`]));
  const key = readKeyFile(config.keyFile, { holdsData: true, random });
  const { heads } = await backup({ database: board.database, key, file: join(backups, 'a.backup'), made: board.now, random });
  utimesSync(join(backups, 'a.backup'), new Date(board.now), new Date(board.now));
  appendAnchor(anchorFile, heads, { at: board.now, why: 'backup' });
  const well = await levels({});
  t.same(well, {
    release: 'fine release', node: 'fine node', key: 'fine key', modes: 'fine modes', clock: 'fine clock', disk: 'fine disk', address: 'fine https', secondFactor: 'fine secondFactor', backup: 'fine backup', anchors: 'fine anchors', log: 'fine log'
  });
  t.match(await levels({ nodeVersion: 'v18.20.0', free: () => ({ share: 0.04, bytes: 5e9 }) }), { node: 'wrong oldNode', disk: 'note diskLow' });
  t.match(await levels({ free: () => ({ share: 0.5, bytes: 5e7 }) }), { disk: 'wrong diskFull' });
  const scans = async (code: string): Promise<string | undefined> => (await levels({ config: { ...config, scanCommand: [process.execPath, '-e', code] } }))['scan'];
  t.strictSame(await Promise.all([
    scans('process.stdin.on("data", (text) => { process.exitCode = text.includes("EICAR") ? 1 : 0; })'), scans('process.exitCode = 0'), scans('process.exitCode = 1'), scans('process.exitCode = 2')
  ]), ['fine scan', 'wrong scanMisses', 'wrong scanRefuses', 'wrong scanFails']);
  const logFile = join(folder, 'lines');
  t.match(await levels({ config: { ...config, logFile } }), { logFile: 'wrong logBehind' });
  await sendLog(board.database, logFile);
  t.match(await levels({ config: { ...config, logFile } }), { logFile: 'fine logSent' });
  t.match(await levels({ release: null }), { release: 'note noRelease' });
  t.match(await levels({ release: { version: '0.1.0', day: '2025-11-01' } }), { release: 'note oldRelease' });
  const told = releaseOf(readFileSync(join(projectRoot, 'CHANGELOG.md'), 'utf8'));
  t.equal(told?.version, (JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string }).version, 'the change log says of which day this version is');
  t.match(told?.day, /^\d{4}-(0[1-9]|1[0-2])-\d\d$/);
  t.strictSame([releaseOf('## Nog niet uitgebracht\n\n## 0.2.0 (3 mei 2027)\n\n## 0.1.0 (1 mei 2026)\n'), releaseOf('# Changelog\n')], [{ version: '0.2.0', day: '2027-05-03' }, null]);
  t.match(await levels({ now: '2020-01-01T00:00:00.000Z' }), { clock: 'wrong clockBehind' });
  t.match(await levels({ now: '2029-03-18T10:00:00.000Z' }), { clock: 'note clockQuiet' });
  t.match(await levels({ now: '2026-03-22T10:00:00.000Z' }), { backup: 'note oldBackup', anchors: 'note oldAnchors' });
  t.match(await levels({ config: { ...config, publicUrl: null, anchorFile: null, secondFactor: false } }), { address: 'note onlyHere', anchors: 'note noAnchors', secondFactor: 'wrong noSecondFactor' });
  t.match(await levels({ config: { ...config, publicUrl: 'http://school.nl', allowInsecureHttp: true, anchorFile: join(folder, 'none') }, backups: folder }), { address: 'wrong http', anchors: 'note emptyAnchors', backup: 'note noBackup' });
  t.match(await levels({ opened: { problem: new StartProblem('start.keyWrong', { file: 'x' }) } }), { key: 'wrong problem' });
  chmodSync(anchorFile, 0o644);
  writeFileSync(anchorFile, readFileSync(anchorFile, 'utf8').replace('"rows"', '"rowz"'));
  t.match(await levels({}), { modes: 'wrong openFile' });
  writeFileSync(anchorFile, '{}\n');
  t.match(await levels({}), { anchors: 'wrong brokenAnchors' });
  for (const one of await examine(parts)) t.match(texts(`upkeep.doctor.${one.key}`, one.params), /^[^{}]+$/, one.key);
});
