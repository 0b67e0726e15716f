// npm run backup [-- FILE]: writes a sealed copy of everything; without FILE in ./backups. The server may go on working.
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { StartProblem } from '../errors.ts';
import { appendAnchor } from '../jobs/anchor-file.ts';
import { backup } from '../jobs/backup.ts';
import { readKeyFile } from '../trust/key-file.ts';
import { runCommand, withDatabase } from './run-command.ts';

await runCommand(async ({ config, t, say, now }) => {
  const made = now();
  const [file = `backups/stappenplan-${made.slice(0, 19).replace(/[:T]/g, '-')}.backup`, ...more] = process.argv.slice(2);
  const [argument] = file.startsWith('-') ? [file] : more;
  if (argument !== undefined) throw new StartProblem('upkeep.unknownArgument', { argument, usage: 'npm run backup -- BESTAND' });
  const key = readKeyFile(config.keyFile, { holdsData: true, random: randomBytes });
  const { anchor, heads } = await withDatabase({ config, now }, (database) => backup({ database, key, file: resolve(file), made, random: randomBytes }));
  if (config.anchorFile !== null) appendAnchor(config.anchorFile, heads, { at: made, why: 'backup' });
  say(t('upkeep.backedUp', { file: resolve(file) }));
  say(t('upkeep.anchor', { anchor }));
  say(t('upkeep.keepKeyApart', { file: config.keyFile }));
  return true;
});
