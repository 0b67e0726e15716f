import t, { type Test } from 'tap';
import { type Finding, verify } from '../src/cases/verify.ts';
import { verifiedLines } from '../src/cli/verified-lines.ts';
import { type Board, fillBoard, openBoard, texts } from './fixtures/board.ts';
import { startPostgres } from './fixtures/postgres.ts';
import { temporaryFolder } from './fixtures/storage.ts';

t.test('SQLite', (t) => {
  upkeep(t, (t) => filled(t, null));
  t.end();
});

t.test('PostgreSQL', async (t) => {
  const server = await startPostgres();
  t.teardown(() => server.stop());
  upkeep(t, async (t) => filled(t, await server.newDatabase()));
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

async function filled(t: Test, databaseUrl: string | null): Promise<Board> {
  const board = await openBoard(temporaryFolder(t), databaseUrl);
  t.teardown(() => board.close());
  await fillBoard(board);
  return board;
}
