// Exchanges the main key of a board, one key at a time, and says "ready" when it begins and "done" at the end: rotator.js FOLDER.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { openDatabase } from '../../src/database/database.ts';
import { rotateKeys } from '../../src/jobs/rotate-keys.ts';

const [folder = ''] = process.argv.slice(2);
const database = await openDatabase({ dataDir: join(folder, 'data'), databaseUrl: process.env['DATABASE_URL'] ?? null });
process.stdout.write('"ready"\n');
await rotateKeys({ database, file: join(folder, 'keys', 'main.key'), random: randomBytes, now: new Date().toISOString(), batch: 1 });
process.stdout.write('"done"\n');
await database.close();
