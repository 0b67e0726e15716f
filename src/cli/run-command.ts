import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, readConfig } from '../config.ts';
import { type Database, openDatabase } from '../database/database.ts';
import { StartProblem } from '../errors.ts';
import { readTexts, type Translate } from '../texts.ts';
import { type Keys, openKeys } from '../trust/key-store.ts';
import { writeOut } from './write-out.ts';

/** What a command of the person who runs the server works with. `say` prints a line. */
export type CommandParts = { config: Config; t: Translate; say: (line: string) => void; now: () => string };

/** Runs a command on the settings of the environment. It answers whether all went well; a StartProblem becomes its sentence, both set the exit code. */
export async function runCommand(work: (parts: CommandParts) => Promise<boolean>): Promise<void> {
  const t = readTexts('nl');
  try {
    const ok = await work({ config: readConfig(process.env, []), t, say: (line) => { writeOut(`${line}\n`); }, now: () => new Date().toISOString() });
    if (!ok) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof StartProblem)) throw error;
    process.stderr.write(`${t(error.key, error.params)}\n`);
    process.exitCode = 1;
  }
}

/** Opens the database and keys of the settings, and closes them after `work`. Makes neither: throws a StartProblem when there is no database yet. */
export async function withDatabase<Result>({ config, now }: Pick<CommandParts, 'config' | 'now'>, work: (database: Database, keys: Keys) => Promise<Result>): Promise<Result> {
  if (config.databaseUrl === null && !existsSync(join(config.dataDir, 'stappenplan.sqlite'))) throw new StartProblem('upkeep.noDatabase', { folder: config.dataDir });
  const database = await openDatabase(config);
  try {
    return await work(database, await openKeys({ database, file: config.keyFile, random: randomBytes, now: now() }));
  } finally {
    await database.close();
  }
}
