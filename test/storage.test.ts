import { randomBytes } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import knex, { type Knex } from 'knex';
import t, { type Test } from 'tap';
import { readConfig } from '../src/config.ts';
import { isDuplicate, openDatabase } from '../src/database/database.ts';
import type { CaseRow } from '../src/cases/stores/case-rows.ts';
import { makeKeptStates } from '../src/cases/stores/kept-states.ts';
import { makeGroupCommit } from '../src/database/group-commit.ts';
import { keptQuery } from '../src/database/kept-query.ts';
import { SqlitePool } from '../src/database/sqlite-pool.ts';
import type { RawConnection } from '../src/database/sqlite-statements.ts';
import { rotateKeys } from '../src/jobs/rotate-keys.ts';
import { followLog, readAccessLog } from '../src/trust/access-log-store.ts';
import { chainStart } from '../src/trust/chain.ts';
import type { Keys } from '../src/trust/key-store.ts';
import { type Certified, makeAuthority } from './fixtures/certificates.ts';
import { draftContract } from './fixtures/draft-contract.ts';
import { fileContract } from './fixtures/file-contract.ts';
import { startPostgres } from './fixtures/postgres.ts';
import { formCycle, hearStatements } from './fixtures/round-trips.ts';
import { addStaff, nextWrite, openStorage, startWrite, type Storage, temporaryFolder } from './fixtures/storage.ts';
import { storeContract } from './fixtures/store-contract.ts';

const migrations = readdirSync('migrations').sort().map((file) => ({ name: file.replace(/\.ts$/, '') }));

t.test('SQLite', (t) => {
  storeContract(t, (t) => open(t));
  draftContract(t, (t) => open(t));
  fileContract(t, (t) => open(t));
  cycleContract(t, () => Promise.resolve(''));
  t.end();
});

t.test('PostgreSQL', async (t) => {
  const authority = makeAuthority('the school');
  const server = await startPostgres(authority);
  t.teardown(() => server.stop());
  const onServer = async (t: Test): Promise<Storage> => open(t, await server.newDatabase());
  storeContract(t, onServer);
  draftContract(t, onServer);
  fileContract(t, onServer);
  cycleContract(t, () => server.newDatabase());

  t.test('a server that falls is an outage, and after it is back the next write arrives', async (t) => {
    const storage = await onServer(t);
    const { school, ids: { ib = '' } } = await addStaff(storage, ['ib']);
    const write = startWrite(storage, { school: school.id, starter: ib, number: '2026-BBBB', key: 'k', readers: [ib] });
    const during = storage.database.write(async (connection) => {
      await connection('schools').update({ name: 'half' });
      await server.restart();
      await connection('schools').update({ name: 'whole' });
    });
    await t.rejects(during, { name: 'AppError', code: 'unavailable' });
    t.equal(await storage.cases.write(write), 'done');
    t.equal((await storage.people.schools())[0]?.name, school.name);
  });

  t.test('an address without a server stops the start with one sentence that holds no password', async (t) => {
    const none = openDatabase({ dataDir: temporaryFolder(t), databaseUrl: 'postgres://user:geheim@127.0.0.1:1/name' });
    await t.rejects(none, { name: 'StartProblem', key: 'start.noDatabase', params: { address: '127.0.0.1:1', code: 'ECONNREFUSED' } });
    const noSuch = openDatabase({ dataDir: temporaryFolder(t), databaseUrl: `${await server.newDatabase()}x` });
    await t.rejects(noSuch, { name: 'StartProblem', key: 'start.noDatabase', params: { code: '3D000' } });
  });

  t.test('with certificates both sides show who they are, no password is needed, and a renewed one counts without a new start', async (t) => {
    const folder = temporaryFolder(t);
    const file = (name: string): string => join(folder, name);
    const write = ({ certificate, key }: Certified): void => {
      writeFileSync(file('client.crt'), certificate);
      writeFileSync(file('client.key'), key, { mode: 0o600 });
    };
    write(authority.issue('byCertificate'));
    writeFileSync(file('root.crt'), authority.certificate);
    writeFileSync(file('other.crt'), makeAuthority('somebody else').certificate);
    const plain = await server.newDatabase();
    const owner = knex({ client: 'pg', connection: plain });
    await owner.raw('create role "byCertificate" login');
    await owner.raw('alter database ?? owner to "byCertificate"', [new URL(plain).pathname.slice(1)]);
    await owner.destroy();
    const address = (root: string, own = `&sslcert=${file('client.crt')}&sslkey=${file('client.key')}`): string => (
      readConfig({ DATABASE_URL: `${plain.replace('test@127.0.0.1', 'byCertificate@localhost')}?sslmode=verify-full&sslrootcert=${file(root)}${own}` }, []).databaseUrl ?? ''
    );
    const opened = (databaseUrl: string): ReturnType<typeof openDatabase> => openDatabase({ dataDir: folder, databaseUrl });
    await t.rejects(opened(address('root.crt', '')), { name: 'StartProblem', key: 'start.noDatabase', params: { code: '28000' } }, 'who has no certificate does not come in');
    await t.rejects(opened(address('other.crt')), { name: 'StartProblem', key: 'start.noDatabase', params: { code: /^(SELF_SIGNED|UNABLE_TO)/ } }, 'a server that others vouch for is not spoken to');
    const database = await opened(address('root.crt'));
    t.teardown(() => database.close());
    const { rows: [row] } = await database.read.raw<{ rows: { user: string; ssl: boolean; dn: string }[] }>('select current_user as user, ssl, client_dn as dn from pg_stat_ssl where pid = pg_backend_pid()');
    t.strictSame({ ...row }, { user: 'byCertificate', ssl: true, dn: '/CN=byCertificate' });
    write(authority.issue('somebody'));
    await t.rejects(opened(address('root.crt')), { name: 'StartProblem', params: { code: '28000' } }, 'nor under the name of another');
    write(authority.issue('byCertificate'));
    // One of these is the connection of before; the others are new.
    const three = await Promise.all([1, 2, 3].map(() => database.read.raw<{ rows: { serial: string }[] }>('select client_serial::text as serial, pg_sleep(0.05) from pg_stat_ssl where pid = pg_backend_pid()')));
    t.equal(new Set(three.map(({ rows }) => rows[0]?.serial)).size, 2, 'the server goes on with what is in the files now');
    t.throws(() => address('nothing.crt'), { name: 'StartProblem', key: 'start.noCertificate', params: { name: 'sslrootcert' } });
    t.throws(() => address('root.crt', `&sslcert=${file('client.crt')}`), { name: 'StartProblem', key: 'start.halfCertificate' });
    chmodSync(file('client.key'), 0o644);
    t.throws(() => address('root.crt'), { name: 'StartProblem', key: 'start.secretOpen' });
  });

  t.test('two servers that start together make the schema once', async (t) => {
    const databaseUrl = await server.newDatabase();
    const both = await Promise.all([1, 2].map(() => openDatabase({ dataDir: temporaryFolder(t), databaseUrl })));
    t.same(await Promise.all(both.map(({ read }) => read('migrations').select('name'))), both.map(() => migrations));
    await Promise.all(both.map((one) => one.close()));
  });
});

t.test('the pragmas that keep data are set on every connection', async (t) => {
  const { database } = await open(t);
  const pragmas = async (connection: Storage['database']['read']): Promise<unknown[]> => Promise.all(['synchronous', 'journal_mode', 'foreign_keys', 'secure_delete', 'trusted_schema'].map(async (name) => {
    const [row] = await connection.raw<{ [name: string]: unknown }[]>(`PRAGMA ${name}`);
    return row?.[name];
  }));
  const expected = [2, 'wal', 1, 1, 0];
  t.same(await database.write(pragmas), expected);
  t.same(await pragmas(database.read), expected);
});

t.test('only the owner can read the files of the database and of the key', async (t) => {
  const { folder } = await open(t);
  for (const name of readdirSync(join(folder, 'data'))) t.equal(statSync(join(folder, 'data', name)).mode & 0o777, 0o600, name);
  t.ok(existsSync(join(folder, 'data', 'stappenplan.sqlite-wal')));
  t.equal(statSync(join(folder, 'keys', 'main.key')).mode & 0o777, 0o600);
});

t.test('nothing that somebody typed is readable in the files of the database', async (t) => {
  const storage = await open(t);
  const { school, ids: { ib = '' } } = await addStaff(storage, ['ib'], 'kanarie-in-wachtwoord');
  const canaries = ['kanarie-in-antwoord', 'kanarie-in-concept', 'kanarie-in-nieuw-concept', 'kanarie-in-reden', 'kanarie-in-uitsluiting', 'kanarie-in-wachtwoord'];
  const write = startWrite(storage, { school: school.id, starter: ib, number: '2026-BBBB', key: 'k', readers: [ib], answers: { tekst: 'kanarie-in-antwoord' } });
  await storage.cases.write({ ...write, events: [{ type: 'ruleWaived', rule: 'r', step: null, visit: null, reason: 'kanarie-in-reden' }], people: { ...write.people, exclude: [{ person: 'x', reason: 'kanarie-in-uitsluiting' }] } });
  await storage.cases.drafts.save({ person: ib, case: write.case.id, task: 'a', record: null }, [['/a', 'kanarie-in-concept']], storage.clock.now);
  await storage.cases.drafts.save({ person: ib, case: null, school: school.id, task: 'a', record: null }, [['/a', 'kanarie-in-nieuw-concept']], storage.clock.now);
  const { token } = await storage.sessions.start(ib, storage.clock.now);
  const stored = readdirSync(join(storage.folder, 'data')).map((name) => readFileSync(join(storage.folder, 'data', name), 'latin1')).join('');
  for (const text of [...canaries, token]) t.notOk(stored.includes(text), text);
  t.ok(stored.includes('2026-BBBB'), 'while numbers are');
});

t.test('a newer schema, a file that is no database and a folder that cannot be made stop the start with one sentence', async (t) => {
  const folder = temporaryFolder(t);
  const database = await openDatabase({ dataDir: folder, databaseUrl: null });
  await database.write(async (connection) => { await connection('migrations').insert({ name: '0999-later', at: '2030-01-01T00:00:00.000Z' }); });
  await database.close();
  await t.rejects(openDatabase({ dataDir: folder, databaseUrl: null }), { name: 'StartProblem', key: 'start.newerSchema', params: { name: '0999-later' } });

  const broken = join(temporaryFolder(t), 'data');
  mkdirSync(broken);
  writeFileSync(join(broken, 'stappenplan.sqlite'), 'this is a text and no database, long enough for a header '.repeat(100));
  await t.rejects(openDatabase({ dataDir: broken, databaseUrl: null }), { name: 'StartProblem', key: 'start.notADatabase' });
  await t.rejects(openDatabase({ dataDir: join(broken, 'stappenplan.sqlite', 'data'), databaseUrl: null }), { name: 'StartProblem', key: 'start.noDataDir', params: { code: 'ENOTDIR' } });
});

t.test('a key file that is missing, wrong, damaged or readable by others stops the start', async (t) => {
  const { folder, database } = await openStorage(temporaryFolder(t));
  await database.close();
  const file = join(folder, 'keys', 'main.key');
  const key = readFileSync(file, 'utf8');
  const opening = async (): Promise<void> => { await (await openStorage(folder)).database.close(); };
  rmSync(file);
  await t.rejects(opening(), { name: 'StartProblem', key: 'start.keyMissing', params: { file } });
  t.notOk(existsSync(file), 'and no new key is made');
  writeFileSync(file, `${Buffer.alloc(32, 7).toString('base64url')}\n`, { mode: 0o600 });
  await t.rejects(opening(), { name: 'StartProblem', key: 'start.keyWrong' });
  writeFileSync(file, 'short');
  await t.rejects(opening(), { name: 'StartProblem', key: 'start.keyUnreadable' });
  writeFileSync(file, key);
  chmodSync(file, 0o644);
  await t.rejects(opening(), { name: 'StartProblem', key: 'start.keyOpen' });
  chmodSync(file, 0o600);
  await t.resolves(opening());
});

t.test('a key that a vault lays ready as a file is only read, and is exchanged by way of a copy', async (t) => {
  const storage = await open(t);
  const { school, ids: { ib = '' } } = await addStaff(storage, ['ib']);
  await storage.cases.write(startWrite(storage, { school: school.id, starter: ib, number: '2026-BBBB', key: 'k', readers: [ib], answers: { tekst: 'x' } }));
  await storage.database.close();
  const vault = join(storage.folder, 'keys');
  const file = join(vault, 'main.key');
  // systemd lets the group of root read it; files of somebody else are of another group.
  chmodSync(file, statSync(file).gid === 0 ? 0o440 : 0o400);
  chmodSync(vault, 0o500);
  t.teardown(() => { chmodSync(vault, 0o700); });
  const laid = (): unknown => ({ names: readdirSync(vault), key: readFileSync(file, 'utf8'), changed: statSync(file).mtimeMs });
  const before = laid();
  const read = async (): Promise<unknown> => {
    const { database, cases } = await openStorage(storage.folder);
    const found = await cases.find(ib, '2026-BBBB');
    await database.close();
    return found?.case.state.records[0]?.answers;
  };
  t.same(await read(), { tekst: 'x' });
  t.same(laid(), before);

  const copy = join(storage.folder, 'copy.key');
  copyFileSync(file, copy);
  chmodSync(copy, 0o600);
  const database = await openDatabase({ dataDir: join(storage.folder, 'data'), databaseUrl: null });
  await rotateKeys({ database, file: copy, random: randomBytes, now: storage.clock.now });
  await database.close();
  t.same(laid(), before, 'nothing is written in the vault');
  await t.rejects(read(), { name: 'StartProblem', key: 'start.keyWrong' });
  chmodSync(vault, 0o700);
  chmodSync(file, 0o600);
  copyFileSync(copy, file);
  t.same(await read(), { tekst: 'x' });
});

t.test('a full disk refuses the write, keeps the rest readable, and after it has space again the server goes on', async (t) => {
  const storage = await open(t);
  const { school, ids: { ib = '' } } = await addStaff(storage, ['ib']);
  const write = startWrite(storage, { school: school.id, starter: ib, number: '2026-BBBB', key: 'k', readers: [ib], answers: { tekst: 'x'.repeat(50_000) } });
  await storage.database.write(async (connection) => { await connection.raw('PRAGMA max_page_count = 1'); });
  await t.rejects(storage.cases.write(write), { name: 'AppError', code: 'unavailable' });
  t.equal((await storage.people.staff(school.id)).length, 1);
  await storage.database.write(async (connection) => { await connection.raw('PRAGMA max_page_count = 1000000'); });
  t.equal(await storage.cases.write(write), 'done');
});

t.test('writes that wait together share a commit, and one that fails undoes only itself', async (t) => {
  const connection = knex({ client: 'sqlite3', connection: { filename: join(temporaryFolder(t), 'group.sqlite') }, useNullAsDefault: true, pool: { min: 1, max: 1 } });
  t.teardown(() => connection.destroy());
  await connection.raw('PRAGMA journal_mode = WAL');
  await connection.schema.createTable('numbers', (table) => { table.integer('n').primary(); });
  const sql: string[] = [];
  connection.on('query', (query: { sql: string }) => { sql.push(query.sql); });
  const { write, idle } = makeGroupCommit(connection);
  const add = (n: number): Promise<number> => write(async (c) => {
    await c('numbers').insert({ n });
    await c('numbers').insert({ n: n + 1_000 });
    return n;
  });
  const results = await Promise.allSettled([1, 2, 3, 2, 5, 1_003].map(add));
  t.same(results.map((one) => (one.status === 'fulfilled' ? one.value : isDuplicate(one.reason))), [1, 2, 3, true, 5, true]);
  t.same((await connection('numbers').orderBy('n')).map(({ n }: { n: number }) => n), [1, 2, 3, 5, 1_001, 1_002, 1_003, 1_005]);
  t.equal(sql.filter((one) => one === 'COMMIT').length, 2, 'one for the first, one for all who came meanwhile');
  await add(50);
  await idle();
  t.equal(sql.filter((one) => one === 'COMMIT').length, 3);
});

t.test('rows that are left for the end are written together, those of a write that fails not at all, and each write that leaves what cannot be stands alone', async (t) => {
  const { database } = await open(t);
  const statements: number[] = [];
  const insert = async (connection: Knex, { rows }: { rows: { name: string; at: string }[] }): Promise<void> => {
    statements.push(rows.length);
    await connection('migrations').insert(rows);
  };
  const leave = (name: string): Promise<string> => database.write(async (_, left) => {
    left(insert, [{ name, at: '2030-01-01T00:00:00.000Z' }]);
    if (name === 'no') throw new Error(name);
    return name;
  });
  const written = async (): Promise<string[]> => (await database.read('migrations').where('at', 'like', '2030%').orderBy('name')).map(({ name }: { name: string }) => name);
  const results = async (names: string[]): Promise<unknown[]> => (await Promise.allSettled(names.map(leave))).map((one) => (one.status === 'fulfilled' ? one.value : isDuplicate(one.reason)));
  t.same(await results(['a', 'b', 'no', 'c']), ['a', 'b', false, 'c']);
  t.same(statements.splice(0), [1, 2], 'one for the first, one for those who came meanwhile');
  t.same(await results(['d', 'e', 'a', 'f']), ['d', 'e', true, 'f']);
  t.same(statements.splice(0), [1, 3, 1, 1, 1], 'nobody knows whose row it was');
  t.same(await written(), ['a', 'b', 'c', 'd', 'e', 'f']);
});

t.test('people who hand in at the same moment share the statements of what is only added', async (t) => {
  const storage = await open(t);
  const { school, ids: { ib = '' } } = await addStaff(storage, ['ib']);
  const numbers = ['2026-BBBB', '2026-CCCC', '2026-DDDD', '2026-FFFF'];
  for (const number of numbers) await storage.cases.write(startWrite(storage, { school: school.id, starter: ib, number, key: number, readers: [ib] }));
  const found = await storage.cases.list(ib, { school: school.id, closed: false });
  const statements = hearStatements(t);
  const writes = found.map((one, index) => storage.cases.write(nextWrite(storage, one.case, { person: ib, key: String(index) })));
  t.same(await Promise.all(writes), found.map(() => 'done'));
  const count = (start: RegExp): number => statements.filter((one) => start.test(one)).length;
  t.equal(count(/^commit/i), 2, 'the first, and the three who came meanwhile');
  for (const table of ['events', 'access_log', 'log_chains']) t.equal(count(new RegExp(`^insert into .${table}.`)), 2, table);
  t.equal(count(/^update .cases./), 4, 'each case is its own');
  for (const { case: { id } } of found) {
    t.equal((await storage.cases.events(id)).length, 4);
    t.same((await readAccessLog(storage.database.read, id)).map(({ sequence, action }) => [sequence, action]), [[1, 'start'], [2, 'change']]);
    t.equal((await followLog(storage.database.read, id, { from: chainStart, until: null })).broken, null);
  }
});

t.test('when the disk fills up under writes that wait together, those that fit are kept', async (t) => {
  const storage = await open(t);
  const { school, ids: { ib = '' } } = await addStaff(storage, ['ib']);
  const [row] = await storage.database.read.raw<{ page_count: number }[]>('PRAGMA page_count');
  await storage.database.write(async (connection) => { await connection.raw(`PRAGMA max_page_count = ${String((row?.page_count ?? 0) + 12)}`); });
  const writes = ['x', 'x'.repeat(200_000), 'y', 'x'.repeat(200_000), 'z'].map((tekst, index) => storage.cases.write(startWrite(storage, {
    school: school.id, starter: ib, number: `2026-BBB${String(index)}`, key: String(index), readers: [ib], answers: { tekst }
  })));
  const results = await Promise.allSettled(writes);
  t.same(results.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as { code: string }).code)), ['done', 'unavailable', 'done', 'unavailable', 'done']);
  t.same((await storage.cases.list(ib, { school: school.id, closed: true })).map((found) => found.case.number).sort(), ['2026-BBB0', '2026-BBB2', '2026-BBB4']);
});

t.test('who finds every connection at work is served in turn, or refused when none is free in time', async (t) => {
  const closed: object[] = [];
  const pool = new SqlitePool({ most: 2, waitMs: 30, open: () => {
    const raw = { close: (done: (error: null) => void) => { closed.push(raw); done(null); } };
    return Promise.resolve(raw as unknown as RawConnection);
  } });
  const [one, other] = await Promise.all([pool.wait(), pool.wait()]);
  t.equal(pool.take(), null);
  const third = pool.wait();
  const fourth = pool.wait();
  pool.give(other);
  t.equal(await third, other);
  await t.rejects(fourth, { name: 'AppError', code: 'unavailable' });
  pool.give(other);
  t.equal(pool.take(), other, 'who was refused is given nothing any more');
  pool.give(one);
  const closing = pool.destroy();
  pool.give(other);
  await closing;
  t.same(closed.length, 2, 'also the one that was at work when it was closed');
});

t.test('what is asked over and over says what went wrong without the values', async (t) => {
  const { database } = await open(t);
  const add = keptQuery<{ name: string }, unknown>((connection, { name }) => connection('migrations').insert({ name, at: '2030-01-01T00:00:00.000Z' }));
  const twice = database.write(async (connection) => {
    await add(connection, { name: 'kanarie' });
    await add(connection, { name: 'kanarie' });
  });
  const error = await twice.catch((thrown: unknown) => thrown);
  t.ok(isDuplicate(error));
  t.match((error as Error).message, /^insert into `migrations` .*UNIQUE constraint failed/);
  t.notMatch((error as Error).message, /kanarie/);
});

t.test('what was opened of a case is forgotten after a moment', async (t) => {
  const storage = await open(t);
  const { school, ids: { ib = '' } } = await addStaff(storage, ['ib']);
  await storage.cases.write(startWrite(storage, { school: school.id, starter: ib, number: '2026-BBBB', key: 'k', readers: [ib] }));
  const row = await storage.database.read<CaseRow>('cases').first();
  if (row === undefined) throw new Error('No case.');
  let opened = 0;
  const keys: Pick<Keys, 'opened'> = { opened: (...place) => { opened += 1; return storage.keys.opened(...place); } };
  const states = makeKeptStates(keys, 50);
  const state = states.stateOf(row, states.find(row.number));
  t.same(states.find(row.number), { number: '2026-BBBB', revision: 1, head: row.event_head, key: row.key_sealed, state });
  t.equal(states.stateOf({ ...row, state_sealed: null }, states.find(row.number)), state, 'the database says that it is still the same');
  t.equal(opened, 1);
  await new Promise((resolve) => { setTimeout(resolve, 100); });
  t.equal(states.find(row.number), null, 'the moment has passed');
});

t.test('a write waits for another program that holds the database', async (t) => {
  const storage = await open(t);
  const { school, ids: { ib = '' } } = await addStaff(storage, ['ib']);
  const write = startWrite(storage, { school: school.id, starter: ib, number: '2026-BBBB', key: 'k', readers: [ib] });
  const other = await openDatabase({ dataDir: join(storage.folder, 'data'), databaseUrl: null });
  t.teardown(() => other.close());
  const holding = other.write(() => new Promise((resolve) => { setTimeout(resolve, 300); }));
  t.equal(await storage.cases.write(write), 'done');
  await holding;
  const found = await storage.cases.find(ib, '2026-BBBB');
  if (found === null) return;
  const results = await Promise.all([storage, { ...storage, database: other }].map((one, index) => one.cases.write(nextWrite(one, found.case, { person: ib, key: String(index) }))));
  t.same(results.sort(), ['conflict', 'done']);
});

async function open(t: Test, databaseUrl: string | null = null): Promise<Storage> {
  const storage = await openStorage(temporaryFolder(t), databaseUrl);
  t.teardown(() => storage.database.close());
  return storage;
}

/** Figures of docs/performance.md: who lowers one lowers it there as well. */
function cycleContract(t: Test, newDatabase: () => Promise<string>): void {
  t.test('a task takes two questions and one transaction a request, and a post that only leads on is no look', async (t) => {
    t.same(await formCycle(t, await newDatabase()), {
      page: { questions: 2, transactions: 1, statementsInside: 3, looks: 1 },
      kept: { questions: 2, transactions: 1, statementsInside: 1, looks: 0 },
      check: { questions: 2, transactions: 1, statementsInside: 3, looks: 1 },
      done: { questions: 2, transactions: 1, statementsInside: 8, looks: 0 }
    });
  });
}
