import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { openDatabase } from '../src/database/database.ts';
import { readKeyFile, writeKeyFile } from '../src/trust/key-file.ts';
import { openKeys } from '../src/trust/key-store.ts';
import { isPartOfRecovery, keyFromRecovery, recoveryCode } from '../src/trust/recovery.ts';
import { temporaryFolder } from './fixtures/storage.ts';

const fixed = Buffer.from('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff', 'hex');

t.test('a key is printed as thirteen groups of five and read back, however it is typed', (t) => {
  t.match(recoveryCode(fixed), /^([0-9A-HJKMNP-TV-Z]{5}-){12}[0-9A-HJKMNP-TV-Z]{5}$/);
  for (const key of [fixed, Buffer.alloc(32), Buffer.alloc(32, 255), ...Array.from({ length: 50 }, () => randomBytes(32))]) t.same(keyFromRecovery(recoveryCode(key)), key);
  const code = recoveryCode(fixed);
  for (const typed of [code.toLowerCase(), code.replaceAll('-', ' '), code.replaceAll('-', ''), ` ${code.replaceAll('0', 'O').replaceAll('1', 'l')}\n`]) t.same(keyFromRecovery(typed), fixed);
  t.end();
});

t.test('any one wrong letter and any two groups changed about are named by the number of the group', (t) => {
  const code = recoveryCode(fixed);
  const wrong: unknown[] = [];
  for (const [index, letter] of Array.from(code).entries()) {
    if (letter === '-') continue;
    for (const other of '0123456789ABCDEFGHJKMNPQRSTVWXYZ') {
      if (other !== letter) wrong.push([Math.floor(index / 6) + 1, keyFromRecovery(`${code.slice(0, index)}${other}${code.slice(index + 1)}`)]);
    }
  }
  t.equal(wrong.length, 65 * 31);
  t.ok(wrong.every((one) => JSON.stringify(one).startsWith(`[${String((one as number[])[0])},{"text":"upkeep.recovery.group","params":{"number":${String((one as number[])[0])},`)));
  const groups = code.split('-');
  t.match(keyFromRecovery([groups[1], groups[0], ...groups.slice(2)].join('-')), { text: 'upkeep.recovery.group', params: { number: 1 } });
  t.same(keyFromRecovery(code.slice(0, -1)), { text: 'upkeep.recovery.length', params: { n: 64, expected: 65 } });
  t.same(keyFromRecovery(`${code.slice(0, -1)}!`), { text: 'upkeep.recovery.letter', params: { letter: '!' } });
  t.end();
});

t.test('the last three groups typed back show that it was written down', (t) => {
  const end = recoveryCode(fixed).split('-').slice(-3).join(' ');
  t.ok(isPartOfRecovery(fixed, end));
  t.ok(isPartOfRecovery(fixed, end.toLowerCase()));
  for (const typed of ['', end.slice(0, -1), recoveryCode(fixed), recoveryCode(fixed).split('-').slice(0, 3).join(' ')]) t.notOk(isPartOfRecovery(fixed, typed));
  t.end();
});

t.test('a lost key comes back from its print and opens the database; a key file that is there is never touched', async (t) => {
  const folder = temporaryFolder(t);
  const database = await openDatabase({ dataDir: join(folder, 'data'), databaseUrl: null });
  t.teardown(() => database.close());
  const file = join(folder, 'keys', 'main.key');
  const opened = await openKeys({ database, file, random: randomBytes, now: '2026-03-18T10:00:00.000Z' });
  const before = readFileSync(file);
  const key = keyFromRecovery(opened.recovery.code());
  if (!Buffer.isBuffer(key)) throw new Error('No key.');
  t.throws(() => { writeKeyFile(file, key); }, { name: 'StartProblem', key: 'start.keyExists' });
  const second = join(folder, 'other', 'main.key');
  t.notOk(existsSync(second));
  mkdirSync(join(folder, 'other'));
  writeKeyFile(second, key);
  t.same(readFileSync(second), before);
  t.equal(statSync(second).mode & 0o777, 0o600);
  t.same(readKeyFile(second, { holdsData: true, random: randomBytes }), key);
  t.equal((await openKeys({ database, file: second, random: randomBytes, now: '2026-03-18T10:00:00.000Z' })).csrf.compare(opened.csrf), 0);
  t.ok(opened.recovery.isPart(opened.recovery.code().split('-').slice(-3).join('-')));
});
