import { createHash } from 'node:crypto';
import { projectRoot } from '../../src/config.ts';
import { startSite, type TestSite, verifyFindings } from '../fixtures/site.ts';
import { type Crawled, makeCrawler } from './fuzz-crawl.ts';
import { sendBroken } from './fuzz-raw.ts';
import { canary } from './hostile.ts';
import { makeDice, type Verdict, verdict, type Where } from './verdict.ts';

/** Per cycle: pages that are visited, and requests that are none. */
const pagesPerCycle = 60;
const brokenPerCycle = 100;

/**
 * R17: somebody who may do everything at a practice school walks from page to page and fills every field of every form with what is hostile;
 * another sends bytes that are nearly a request. Nothing gives a 5xx or takes a second, no page is made of what was typed, what is
 * refused comes back with what was typed, the log holds none of it, and every case and chain still holds.
 */
export async function fuzz({ cycles, seed, newDatabase }: Where & { cycles: number }): Promise<Verdict> {
  const dice = makeDice(seed);
  const site = await startSite({ contentDir: projectRoot, routes: ['meldcode', 'zorgroute'], random: drawnFrom(seed), databaseUrl: await newDatabase?.() ?? '' });
  const total: Crawled = { pages: 0, posts: 0, taken: 0, refused: 0, slowestMs: 0, faults: new Set() };
  let sent = 0;
  try {
    const guest = { name: 'Gast', email: 'gast@proef.example' };
    await site.services.practice.make({ passwordHash: null, guest });
    const crawler = makeCrawler(site, { dice, total, signIn: () => signIn(site, guest.email) });
    for (let cycle = 0; cycle < cycles; cycle += 1) {
      await crawler.walk(pagesPerCycle);
      const session = await signIn(site, guest.email);
      sent += await sendBroken(site, { dice, session, requests: brokenPerCycle, faults: total.faults });
    }
    if (site.log.some((line) => line.includes(canary))) total.faults.add('the log holds what was typed');
    for (const { chain, problem } of await verifyFindings(site)) total.faults.add(`${chain}: ${problem}`);
  } finally {
    await site.stop();
  }
  const { faults, ...counts } = total;
  const ok = faults.size === 0 && counts.taken > 0 && counts.refused > 0;
  return verdict(`R17 hostile forms and broken requests, ${newDatabase === null ? 'sqlite' : 'postgres'}`, ok, { seed, cycles, ...counts, broken: sent, faults: faults.size, ...(faults.size === 0 ? {} : { which: [...faults].join('; ') }) });
}

/** Keys, ids and tokens that are the same for the same seed, so that what was found is found again. */
function drawnFrom(seed: number): (size: number) => Buffer {
  let drawn = 0;
  return (size) => Buffer.concat(Array.from({ length: Math.ceil(size / 32) }, () => createHash('sha256').update(`${String(seed)} ${String(drawn++)}`).digest())).subarray(0, size);
}

async function signIn({ services: { people, sessions }, clock }: TestSite, email: string): Promise<{ cookie: string; csrf: string }> {
  const school = (await people.schools()).find(({ practice }) => practice);
  const person = (await people.staff(school?.id ?? '')).find((one) => one.email === email);
  if (person === undefined) throw new Error('The guest of the practice school is gone.');
  const { token } = await sessions.start(person.id, clock.now);
  return { cookie: `stappenplan=${token}`, csrf: sessions.csrf(token) };
}
