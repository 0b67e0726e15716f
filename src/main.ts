import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { makeApp, makeServices, type AppParts } from './app.ts';
import { readConfig, type Config } from './config.ts';
import { type Database, openDatabase } from './database/database.ts';
import { routeVersions, unpublished } from './cases/version-list.ts';
import { watchContent } from './content-watch.ts';
import { dutchZone } from './engine/time/zone.ts';
import { loadContent } from './documents/load-content.ts';
import { editorSchemas } from './definitions/editor-schemas.ts';
import { formatProblem } from './definitions/problem.ts';
import { makeDemo } from './demo.ts';
import { StartProblem } from './errors.ts';
import { headsOf } from './cases/verify.ts';
import { anchorDaily } from './jobs/anchor-file.ts';
import { keepTime } from './jobs/keep-time.ts';
import { sendLog } from './jobs/send-log.ts';
import { makeQuietSince } from './jobs/settled-clock.ts';
import { readTexts } from './texts.ts';
import { openKeys } from './trust/key-store.ts';
import { writeFiles } from './write-files.ts';

const t = readTexts('nl');
const say = (line: string): void => { process.stdout.write(`${line}\n`); };

/** A stop waits so long for answers on their way, less than the ten seconds after which others kill a program. */
const answersFinishInMs = 7_000;

try {
  await start();
} catch (error) {
  if (!(error instanceof StartProblem)) throw error;
  process.stderr.write(`${t(error.key, error.params)}\n`);
  process.exitCode = 1;
}

/** Opens everything, listens, and stops cleanly on a signal. Throws a StartProblem for what the person who starts it can mend. */
async function start(): Promise<void> {
  const config = withDemoFolder(readConfig(process.env, process.argv.slice(2)));
  const database = await openDatabase(config);
  try {
    await serve(config, database);
  } catch (error) {
    // An open database would keep the process alive after it said why it cannot go on.
    await database.close();
    throw error;
  }
}

async function serve(config: Config, database: Database): Promise<void> {
  const now = (): string => new Date().toISOString();
  const keys = await openKeys({ database, file: config.keyFile, random: randomBytes, now: now() });
  const content = loadContent(config.contentDir, t, { today: dutchZone.dayOf(now()) });
  const starter = content.partnerMaps.find(({ file }) => file.endsWith('/starter.json')) ?? null;
  const parts: AppParts = { config, database, keys, t, now, starter, maps: content.partnerMaps, demos: content.demos, log: process.stdout };
  const services = makeServices(parts);
  for (const problem of content.problems) say(formatProblem(problem, t));
  // From the first school on, publishing is an act of somebody (docs/decisions/0004).
  const isOwn = !config.demo && !config.development;
  const follows = !isOwn || (await services.people.schools()).length === 0;
  if (follows) await services.library.publish(content.workflows, content.names, now());
  else await services.library.refresh();
  const waiting = follows ? [] : unpublished(await routeVersions(services.bundles, content)).map(({ id }) => id);
  const demo = config.demo ? await makeDemo(parts, services) : null;
  const app = await makeApp(parts, services);
  // A disk elsewhere that is full or away must not stop what is due; it is said, and tried again.
  const outside = async (work: Promise<unknown>): Promise<void> => {
    try {
      await work;
    } catch (error) {
      if (!(error instanceof StartProblem)) throw error;
      say(t(error.key, error.params));
    }
  };
  const quietSince = makeQuietSince(database);
  let saidQuiet: string | null = null;
  const timers = { run: async () => {
    // Also of a server that began before there was a school: it hears as well what a command publishes since.
    if (!follows || (isOwn && (await services.people.schools()).length > 0)) await services.library.refresh();
    const quiet = await quietSince(now());
    if (quiet !== null && quiet !== saidQuiet) say(t('start.nothingErased', { now: now(), last: quiet }));
    saidQuiet = quiet;
    const round = await services.timers.run({ erases: quiet === null });
    // First the line of the day, about all that is there, and what goes elsewhere; then what is over its term goes.
    if (config.anchorFile !== null) await outside(anchorDaily(config.anchorFile, now(), () => database.snapshot(headsOf)));
    if (config.logFile !== null) await outside(sendLog(database, config.logFile));
    const { broken } = quiet === null ? await services.logTerm.run() : { broken: [] };
    if (broken.length > 0) say(t('start.logTermBroken', { chains: broken.join(' ') }));
    return round;
  } };
  const time = await keepTime(timers, (failed, why) => { say(t(failed.length === 0 ? 'start.timersWait' : 'start.timersFailed', { cases: failed.join(' '), why: why.join(' ') })); });
  await app.listen({ host: config.host, port: config.port }).catch((error: unknown) => {
    const { code } = error as { code?: string };
    throw code === 'EADDRINUSE' || code === 'EACCES' || code === 'EADDRNOTAVAIL' ? new StartProblem(`start.${code}`, { host: config.host, port: String(config.port) }) : error;
  });
  const stopWatching = config.development ? watchContent(config.contentDir, async () => {
    const changed = loadContent(config.contentDir, t, { today: dutchZone.dayOf(now()) });
    writeFiles(config.contentDir, editorSchemas(changed.readable));
    for (const problem of changed.problems) say(formatProblem(problem, t));
    await services.library.publish(changed.workflows, changed.names, now());
    say(t('start.contentRead', { n: changed.workflows.length }));
  }) : () => undefined;
  // Before anything is said: whoever reads that the server runs may stop it.
  const stop = (): void => {
    stopWatching();
    // A browser holds connections on which it has asked nothing yet; they would keep the server for a minute.
    setTimeout(() => { app.server.closeAllConnections(); }, answersFinishInMs).unref();
    Promise.all([app.close(), time.stop()]).then(() => database.close()).catch(() => { process.exitCode = 1; });
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  const address = config.publicUrl ?? `http://${config.host}:${String((app.server.address() as AddressInfo).port)}`;
  say(t('start.listening', { address }));
  for (const line of demo ?? []) say(line);
  if (waiting.length > 0) say(t('start.unpublished', { routes: waiting.join(', ') }));
  const token = await services.setUp.begin();
  if (token !== null) say(t('start.setup', { address: `${address}/setup/${token}` }));
}

/** A practice school without a folder of its own is thrown away with the temporary files. */
function withDemoFolder(config: Config): Config {
  if (!config.demo || config.databaseUrl !== null) return config;
  const dataDir = config.given.includes('DATA_DIR') ? config.dataDir : mkdtempSync(join(tmpdir(), 'stappenplan-'));
  return { ...config, dataDir, keyFile: config.given.includes('KEY_FILE') ? config.keyFile : join(dataDir, 'demo.key') };
}
