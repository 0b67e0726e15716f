// npm run verify [-- --anchors FILE]: recomputes every chain and rebuilds every case; says the first wrong row of each. With anchors (FILE, or
// ANCHOR_FILE) it also finds what was cut off or written anew as a whole. npm run verify -- FILE.zip checks a case that was taken along with
// nothing but that file. Exits with 1 when something is wrong.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { verify } from '../cases/verify.ts';
import { verifyAnchors } from '../cases/verify-anchors.ts';
import { StartProblem } from '../errors.ts';
import { readAnchors } from '../jobs/anchor-file.ts';
import { runCommand, withDatabase } from './run-command.ts';
import { verifiedLines } from './verified-lines.ts';
import { verifyFile } from './verify-file.ts';

await runCommand(async (parts) => {
  const { config, t, say } = parts;
  const [zip, ...more] = process.argv.slice(2);
  if (zip !== undefined && !zip.startsWith('-') && more.length === 0) return verifyFile(zip, parts);
  const asked = anchorsAsked(process.argv.slice(2));
  if (asked !== null && !existsSync(asked)) throw new StartProblem('upkeep.anchorNotRead', { file: asked, code: 'ENOENT' });
  const file = asked ?? config.anchorFile;
  const anchors = file === null ? null : readAnchors(file);
  const verified = await withDatabase(parts, async (database, keys) => {
    const whole = await verify(database, keys);
    return { ...whole, findings: [...whole.findings, ...(anchors === null ? [] : await verifyAnchors(database, keys, anchors))] };
  });
  for (const line of verifiedLines(verified, t)) say(line);
  if (anchors === null || file === null) say(t('upkeep.anchorsNone'));
  else if (anchors.broken !== null) say(t('upkeep.anchorsBroken', { file, line: anchors.broken }));
  else say(t('upkeep.anchorsRead', { file, n: anchors.lines }));
  return verified.findings.length === 0 && (anchors?.broken ?? null) === null;
});

function anchorsAsked(args: string[]): string | null {
  try {
    const { values } = parseArgs({ args, options: { anchors: { type: 'string' } } });
    return values.anchors === undefined ? null : resolve(values.anchors);
  } catch (error) {
    throw new StartProblem('upkeep.unknownArgument', { argument: args.join(' '), usage: 'npm run verify [-- --anchors BESTAND | -- ZAAK.zip]' }, { cause: error });
  }
}
