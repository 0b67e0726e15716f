// npm run doctor [-- --format json]: looks at what is around the program (its own age, key, modes, clock, disk, address, backups, anchors) and says what to
// mend. Exits with 1 when something is wrong; what is only worth a thought leaves 0.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../config.ts';
import { StartProblem } from '../errors.ts';
import { type Examined, examine } from '../jobs/examine.ts';
import { releaseOf } from '../jobs/release.ts';
import { runCommand, withDatabase } from './run-command.ts';

await runCommand(async (parts) => {
  const { config, t, say, now } = parts;
  const format = formatAsked(process.argv.slice(2));
  const changes = join(projectRoot, 'CHANGELOG.md');
  const common = { config, now: now(), nodeVersion: process.version, release: existsSync(changes) ? releaseOf(readFileSync(changes, 'utf8')) : null, backups: resolve('backups') };
  const found = await withDatabase(parts, async (database) => ({ examined: await examine({ ...common, opened: { database } }), problem: null }))
    .catch(async (problem: unknown) => {
      if (!(problem instanceof StartProblem)) throw problem;
      return { examined: await examine({ ...common, opened: { problem } }), problem };
    });
  const textOf = ({ key, params }: Examined): string => (key === 'problem' && found.problem !== null ? t(found.problem.key, found.problem.params) : t(`upkeep.doctor.${key}`, params));
  const wrong = found.examined.filter(({ level }) => level === 'wrong').length;
  const notes = found.examined.filter(({ level }) => level === 'note').length;
  if (format === 'json') say(JSON.stringify({ ok: wrong === 0, checks: found.examined.map((one) => ({ check: one.check, level: one.level, text: textOf(one) })) }, null, 2));
  else {
    for (const one of found.examined) say(`${t(`upkeep.doctor.level.${one.level}`)} ${textOf(one)}`);
    say(wrong === 0 && notes === 0 ? t('upkeep.doctor.well') : t('upkeep.doctor.sum', { wrong, notes }));
  }
  return wrong === 0;
});

function formatAsked(args: string[]): 'text' | 'json' {
  const usage = 'npm run doctor [-- --format json]';
  try {
    const { values: { format } } = parseArgs({ args, options: { format: { type: 'string', default: 'text' } } });
    if (format === 'text' || format === 'json') return format;
  } catch (error) {
    throw new StartProblem('upkeep.unknownArgument', { argument: args.join(' '), usage }, { cause: error });
  }
  throw new StartProblem('upkeep.unknownArgument', { argument: args.join(' '), usage });
}
