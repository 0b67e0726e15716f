// npm run keys -- rotate: makes a new main key and wraps all keys with it. The server has to be stopped; a stop in the middle is harmless, run it again.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { databaseFile, openDatabase, refuseInUse } from '../database/database.ts';
import { StartProblem } from '../errors.ts';
import { rotateKeys } from '../jobs/rotate-keys.ts';
import { runCommand } from './run-command.ts';

await runCommand(async ({ config, t, say, now }) => {
  const [wish = '', argument] = process.argv.slice(2);
  if (wish !== 'rotate' || argument !== undefined) throw new StartProblem('upkeep.unknownArgument', { argument: argument ?? wish, usage: 'npm run keys -- rotate' });
  if (config.databaseUrl === null && !existsSync(databaseFile(config.dataDir))) throw new StartProblem('upkeep.noDatabase', { folder: config.dataDir });
  await refuseInUse(config);
  const database = await openDatabase(config);
  try {
    const { keys, old } = await rotateKeys({ database, file: config.keyFile, random: randomBytes, now: now() });
    say(t('upkeep.keys.rotated', { file: config.keyFile, n: keys }));
    say(t('upkeep.keys.old', { old }));
    say(t('upkeep.keys.print'));
    return true;
  } finally {
    await database.close();
  }
});
