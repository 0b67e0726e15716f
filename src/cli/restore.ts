// npm run restore -- FILE [--verify] [--into FOLDER] [--replace]: puts a backup back in the database of the settings or in FOLDER.
// With --verify it only tries, in a place of its own. Exits with 1 when what was restored does not hold.
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { StartProblem } from '../errors.ts';
import { restore, tryRestore } from '../jobs/restore.ts';
import { readKeyFile } from '../trust/key-file.ts';
import { runCommand } from './run-command.ts';
import { verifiedLines } from './verified-lines.ts';

await runCommand(async ({ config, t, say, now }) => {
  const { file, only, into, replace } = readArguments(process.argv.slice(2));
  const key = readKeyFile(config.keyFile, { holdsData: true, random: randomBytes });
  const parts = { file, key, keyFile: config.keyFile, now: now(), random: randomBytes };
  const place = into === null ? config : { dataDir: into, databaseUrl: null };
  const { manifest, verified, old } = only ? await tryRestore(parts) : await restore({ ...parts, place, replace });
  const isSame = verified.anchor === manifest.anchor;
  for (const line of verifiedLines(verified, t)) say(line);
  if (!isSame) say(t('upkeep.otherAnchor', { anchor: manifest.anchor }));
  if (old !== null) say(t('upkeep.oldKept', { file: old }));
  say(t(only ? 'upkeep.backupRead' : 'upkeep.restored', { made: manifest.made, place: place.databaseUrl === null ? place.dataDir : new URL(place.databaseUrl).host }));
  return isSame && verified.findings.length === 0;
});

function readArguments(args: string[]): { file: string; only: boolean; into: string | null; replace: boolean } {
  const usage = 'npm run restore -- BESTAND [--verify] [--into MAP] [--replace]';
  try {
    const { values, positionals: [file, ...more] } = parseArgs({
      args, allowPositionals: true, options: { verify: { type: 'boolean', default: false }, into: { type: 'string' }, replace: { type: 'boolean', default: false } }
    });
    if (file === undefined || more.length > 0) throw new StartProblem('upkeep.unknownArgument', { argument: more[0] ?? '', usage });
    return { file: resolve(file), only: values.verify, into: values.into === undefined ? null : resolve(values.into), replace: values.replace };
  } catch (error) {
    if (error instanceof StartProblem) throw error;
    throw new StartProblem('upkeep.unknownArgument', { argument: args.join(' '), usage }, { cause: error });
  }
}
