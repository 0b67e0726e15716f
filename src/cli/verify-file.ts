import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { checkZip } from '../cases/stores/case-file-zip.ts';
import { StartProblem } from '../errors.ts';
import type { CommandParts } from './run-command.ts';

/** Checks a case that was taken along, with nothing but its file, and says what is wrong. False: something is. Throws a StartProblem when it is not there. */
export function verifyFile(file: string, { t, say }: Pick<CommandParts, 't' | 'say'>): boolean {
  const path = resolve(file);
  if (!existsSync(path)) throw new StartProblem('upkeep.noZip', { file });
  const { problems, manifest } = checkZip(readFileSync(path));
  for (const { problem, path: inside } of problems) say(t(`upkeep.zip.${problem}`, { file: inside ?? file }));
  if (manifest !== null) {
    const { events, accessLog } = manifest.chains;
    say(t('upkeep.zip.ends', { number: manifest.number, madeOn: manifest.madeOn, events: events.head, n: events.count, log: accessLog.head, lines: accessLog.count }));
    if (accessLog.after !== undefined) say(t('upkeep.zip.destroyed', { n: accessLog.after.count, hash: accessLog.after.head }));
  }
  say(t(problems.length === 0 ? 'upkeep.zip.holds' : 'upkeep.zip.broken', { files: Object.keys(manifest?.files ?? {}).length, n: problems.length }));
  return problems.length === 0;
}
