import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { makeApp, makeServices } from '../../src/app.ts';
import { verify } from '../../src/cases/verify.ts';
import { readConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/database/database.ts';
import { loadContent } from '../../src/documents/load-content.ts';
import { readTexts } from '../../src/texts.ts';
import { openKeys } from '../../src/trust/key-store.ts';
import { handIn } from './client.ts';
import { firstReader } from './open-board.ts';
import { prepareServer } from './server.ts';
import { makeDice, type Verdict, verdict } from './verdict.ts';

const clients = 6;
const triesWhileFull = 3;

/**
 * R4: six clients hand in over HTTP when the disk is full, at any moment, and after a while it has room again. While it is full each is
 * refused with 503 and finds on that page what was typed; then the same post is taken, without a restart; what was acknowledged is there,
 * once. Full is SQLite's own limit (PRAGMA max_page_count), so the server runs in this process.
 */
export async function fullDisk({ cycles, seed }: { cycles: number; seed: number }): Promise<Verdict> {
  const dice = makeDice(seed);
  const { folder, number, people: [person], look, remove } = await prepareServer();
  const { address, database, stop } = await runHere(folder);
  const counts = { acknowledged: 0, refused: 0, textsLost: 0, takenAfter: 0, odd: 0, lost: 0, twice: 0 };
  const promised: string[] = [];
  const limit = (pages: number): Promise<void> => database.write(async (connection) => { await connection.raw(`PRAGMA max_page_count = ${String(pages)}`); });
  const send = (text: string): ReturnType<typeof handIn> => handIn({ address }, person, number, text);
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const fullAfter = promised.length + 2 + dice(12);
    let isFull = false;
    const refused = await Promise.all(Array.from({ length: clients }, async (_, nth) => {
      for (let count = 0, refusals = 0; ; count += 1) {
        const text = `Vastlegging ${String(cycle)}-${String(nth)}-${String(count)}: ${'lang verhaal '.repeat(dice(400))}einde`;
        const answer = await send(text);
        if (answer?.status === 303) promised.push(text);
        else if (answer?.status === 503) {
          refusals += 1;
          counts.refused += 1;
          if (!answer.html.includes(text.slice(0, 200))) counts.textsLost += 1;
          if (refusals === triesWhileFull) return text;
        } else counts.odd += 1;
        if (counts.odd > 0) return text;
        if (!isFull && promised.length >= fullAfter) {
          isFull = true;
          await limit(1);
        }
      }
    }));
    await limit(1_000_000_000);
    for (const text of refused) {
      if ((await send(text))?.status !== 303) counts.odd += 1;
      else {
        counts.takenAfter += 1;
        promised.push(text);
      }
    }
  }
  await stop();
  const findings = await look(async (board) => {
    const stored = (await board.cases.open(firstReader(board), number, 'view'))?.stored.state.records.map(({ answers }) => answers['tekst']) ?? [];
    counts.lost = promised.filter((text) => !stored.includes(text)).length;
    counts.twice = stored.length - new Set(stored).size;
    const [check] = await board.database.read.raw<{ integrity_check: string }[]>('PRAGMA integrity_check');
    return (await verify(board.database, board.keys)).findings.length + (check?.integrity_check === 'ok' ? 0 : 1);
  });
  remove();
  counts.acknowledged = promised.length;
  const ok = counts.textsLost + counts.odd + counts.lost + counts.twice + findings === 0 && counts.refused >= cycles * clients && counts.takenAfter === cycles * clients;
  return verdict('R4 full disk', ok, { seed, cycles, ...counts, findings });
}

/** The application on a folder, in this process. */
async function runHere(folder: string): Promise<{ address: string; database: Awaited<ReturnType<typeof openDatabase>>; stop: () => Promise<void> }> {
  const config = readConfig({ DATA_DIR: join(folder, 'data'), KEY_FILE: join(folder, 'keys', 'main.key'), CONTENT_DIR: folder, PORT: '0', SECOND_FACTOR: '0' }, []);
  const now = (): string => new Date().toISOString();
  const t = readTexts('nl');
  const database = await openDatabase(config);
  const keys = await openKeys({ database, file: config.keyFile, random: randomBytes, now: now() });
  const parts = { config, database, keys, t, now, starter: null, log: null };
  const services = makeServices(parts);
  const content = loadContent(folder, t);
  await services.library.publish(content.workflows, content.names, now());
  const app = await makeApp(parts, services);
  await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    database, address: `http://127.0.0.1:${String((app.server.address() as AddressInfo).port)}`,
    stop: async () => {
      await app.close();
      await database.close();
    }
  };
}
