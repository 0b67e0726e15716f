import type { Locator, Page } from 'playwright-core';
import t from 'tap';
import { startChromium } from '../fixtures/chromium.ts';
import { password, startSite, type TestSite } from '../fixtures/site.ts';
import { startCase } from '../fixtures/story.ts';

const signal = { betreftMedewerker: false, feit: 'Kwam zonder ontbijt.', bron: 'eigen-waarneming', datum: '2026-03-02' };

/** A case of the shipped route, a form of it, and devices of A. de Vries. */
type Desk = { site: TestSite; path: string; device: (options?: { javaScriptEnabled?: boolean }) => Promise<Page> };

t.test('drafts in a real browser', async (t) => {
  const site = await startSite();
  const browser = await startChromium();
  t.teardown(async () => {
    await browser.close();
    await site.stop();
  });
  const faults: string[] = [];
  const desk = async (task: string): Promise<Desk> => {
    const { story } = await startCase(site, await site.signIn('vries'), 'signaal', signal, { naam: 'Sem Bakker', groep: '5' });
    const path = `/cases/${story.number}/tasks/${task}`;
    return {
      site, path,
      device: async (options = {}) => {
        const context = await browser.newContext({ viewport: { width: 390, height: 844 }, ...options });
        const page = await context.newPage();
        await page.clock.install();
        page.on('console', (message) => { if (message.type() === 'error' && !/status of (401|403|409|422|503)|ERR_INTERNET_DISCONNECTED/.test(message.text())) faults.push(message.text()); });
        page.on('pageerror', (error) => { faults.push(error.message); });
        await signIn(page, site);
        await page.goto(site.address + path);
        return page;
      }
    };
  };

  await t.test('what is typed is saved by itself, and the page says so truly', async (t) => {
    const { site, path, device } = await desk('samenvatting');
    const page = await device();
    t.notOk(await status(page).isVisible(), 'nothing is claimed before anything is typed');
    await page.locator('[name="/zijnErZorgen"][value="ja"]').check();
    await page.locator('[name="/zorgen"]').fill('Komt vaak zonder eten.');
    await status(page).filter({ hasText: 'Concept bewaard om 10:00.' }).waitFor();
    t.same(await draftText(site, path), [['/zijnErZorgen', 'ja'], ['/zorgen', 'Komt vaak zonder eten.']]);
    await page.context().setOffline(true);
    await page.locator('[name="/zorgen"]').fill('Komt vaak zonder eten en zonder jas.');
    await status(page).filter({ hasText: 'Niet bewaard: geen verbinding, nieuwe poging over 10 s.' }).waitFor();
    await page.context().setOffline(false);
    site.clock.now = '2026-03-02T09:01:00.000Z';
    await page.clock.fastForward(10_000);
    await status(page).filter({ hasText: 'Concept bewaard om 10:01.' }).waitFor();
    await page.context().close();
    const other = await device();
    t.equal(await other.locator('[name="/zorgen"]').inputValue(), 'Komt vaak zonder eten en zonder jas.', 'and goes on elsewhere');
    await other.context().close();
  });

  t.same(faults, [], 'no script fails and nothing is refused by the content policy');
});

function status(page: Page): Locator {
  return page.locator('[data-draft-status]');
}

/** What stands in the draft, without what the machinery adds. */
async function draftText(site: TestSite, path: string): Promise<[string, string][]> {
  const [, , number = '', , task = ''] = path.split('/');
  const found = await site.services.cases.openTask({ id: site.people['vries']?.id ?? '', roles: ['ib'], school: site.school, settings: {} }, number, task);
  return (found?.draft?.pairs ?? []).filter(([name, value]) => name.startsWith('/') && value !== '');
}

async function signIn(page: Page, site: TestSite): Promise<void> {
  await page.goto(`${site.address}/sign-in`);
  await page.getByLabel('E-mail van school').fill(site.people['vries']?.email ?? '');
  await page.getByLabel('Wachtwoord').fill(password);
  await page.getByRole('button', { name: 'Inloggen' }).click();
  await page.waitForURL(/\/cases/);
}
