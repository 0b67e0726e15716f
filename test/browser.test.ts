import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContext, Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { sideways } from './fixtures/by-keyboard.ts';
import { startChromium } from './fixtures/chromium.ts';
import { png } from './fixtures/school-samples.ts';
import { password, startSite, type TestSite } from './fixtures/site.ts';

const looks = [
  { name: 'desktop', options: { viewport: { width: 1280, height: 900 } } },
  { name: 'phone', options: { viewport: { width: 390, height: 844 } } },
  { name: 'dark', options: { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' as const } },
  { name: 'without JavaScript', options: { viewport: { width: 390, height: 844 }, javaScriptEnabled: false } }
];

t.test('a case goes from a signal to the check page in a real browser', async (t) => {
  const site = await startSite();
  const browser = await startChromium();
  t.teardown(async () => {
    await browser.close();
    await site.stop();
  });
  for (const { name, options } of looks) {
    await t.test(name, async (t) => {
      const context = await browser.newContext(options);
      const page = await context.newPage();
      const errors: string[] = [];
      page.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()); });
      page.on('pageerror', (error) => { errors.push(error.message); });
      const seen = async (): Promise<void> => { await accepts(t, context, page, options); };
      await page.goto(`${site.address}/sign-in`);
      await seen();
      await signIn(page, site, 'vries');
      await seen();
      await page.getByRole('link', { name: 'Zaak starten' }).click();
      await seen();
      if (options.javaScriptEnabled !== false) {
        await page.getByRole('radio', { name: 'Ja of misschien' }).check();
        t.ok(await page.getByRole('button', { name: 'Alleen naar het schoolbestuur sturen' }).isVisible(), 'the button says at once who gets it');
        t.notOk(await page.getByText('Na het starten zien').isVisible(), 'and the promise about others goes');
        t.equal(await sideways(page), 0, 'whom to call now fits on the screen');
      }
      await page.getByRole('radio', { name: 'Nee', exact: true }).check();
      await page.getByLabel('Om welke leerling gaat het?').fill('Sem Bakker');
      await page.getByRole('button', { name: 'Zaak starten' }).and(page.locator(':visible')).last().click();
      t.match(await page.title(), /^Fout: /, 'what is missing is said in the title');
      t.equal(await page.getByLabel('Om welke leerling gaat het?').inputValue(), 'Sem Bakker', 'what was typed stays');
      await seen();
      await page.locator('[name="/feit"]').fill('Kwam zonder ontbijt op school.');
      await page.locator('[name="/bron"][value="eigen-waarneming"]').check();
      await page.locator('[name="/datum#dag"]').fill('2');
      await page.locator('[name="/datum#maand"]').fill('3');
      await page.locator('[name="/datum#jaar"]').fill('2026');
      const start = page.getByRole('button', { name: 'Zaak starten' }).and(page.locator(':visible')).last();
      if (options.javaScriptEnabled !== false) {
        await context.setOffline(true);
        await start.click();
        t.ok(await page.getByText('er is niets verstuurd').isVisible(), 'without a connection nothing is sent, and it is said');
        t.equal(await page.locator('[name="/feit"]').inputValue(), 'Kwam zonder ontbijt op school.', 'what was typed stands there');
        await context.setOffline(false);
      }
      await start.click();
      await page.waitForURL(/\/cases\/2026-/);
      if (name === 'phone') {
        const started = page.url();
        await page.goto(`${site.address}/cases/new`);
        await page.getByRole('radio', { name: 'Nee', exact: true }).check();
        await page.getByLabel('Om welke leerling gaat het?').fill('Daan Vos');
        await page.locator('[name="/feit"]').fill('Kwam zonder jas.');
        await page.locator('[name="/bron"][value="eigen-waarneming"]').check();
        for (const [part, value] of [['dag', '2'], ['maand', '3'], ['jaar', '2026']] as const) await page.locator(`[name="/datum#${part}"]`).fill(value);
        await start.click();
        await page.waitForURL(/\/cases\/2026-/);
        await page.goBack();
        t.notOk(await page.locator('[name="/bron"][value="eigen-waarneming"]').isChecked(), 'the button back leads to an empty form, not to half of what was sent');
        await page.goto(`${site.address}/cases`);
        t.equal(await page.getByText('Verder met een zaak die u nog niet startte').count(), 0, 'and keeps nothing as a case that is not started yet');
        await page.goto(started);
      }
      t.equal(await page.locator('h1').innerText(), 'Sem Bakker');
      await seen();
      const number = new URL(page.url()).pathname;
      await page.goto(`${site.address}${number}/tasks/samenvatting`);
      await seen();
      await page.locator('[name="/zijnErZorgen"][value="ja"]').check();
      const concerns = page.locator('[name="/zorgen"]');
      if (!await concerns.isVisible()) {
        await page.getByRole('button', { name: 'Controleren en afronden' }).last().click();
        await page.getByText('vragen bijgekomen').waitFor();
        await seen();
      }
      await concerns.fill('Verwaarlozing.');
      await page.getByRole('button', { name: 'Controleren en afronden' }).last().click();
      await page.waitForURL(/\/check$/);
      await seen();
      await page.getByRole('button', { name: 'Afronden' }).last().click();
      await page.waitForURL(/done=saved/);
      for (const path of ['/cases', '/partners', '/emergency-note', `${number}/tasks/overleg`, `${number}/exits/signalen/naarConsultatie`, `${number}/documents`, `${number}/documents/signalenoverzicht`, '/nergens']) {
        await page.goto(site.address + path);
        await seen();
      }
      if (name === 'desktop') {
        await page.goto(`${site.address}${number}?before=3#tijdlijn`);
        t.equal(await page.locator('#tijdlijn:focus').count(), 1, 'a part of the timeline opens at its heading');
        await seen();
      }
      if (name === 'desktop') await fillsInLater(t, page, site.address + number, seen);
      if (name === 'dark') await preparesCopy(page, `${site.address}${number}/disclosures`, seen);
      t.same(errors.filter((text) => !/status of 4(04|22)|ERR_INTERNET_DISCONNECTED/.test(text)), [], 'nothing is refused by the content policy, no script fails');
      await context.close();
    });
  }
});

t.test('a new school is set up in a real browser', async (t) => {
  const site = await startSite({ empty: true });
  const browser = await startChromium();
  t.teardown(async () => {
    await browser.close();
    await site.stop();
  });
  const context = await browser.newContext();
  const page = await context.newPage();
  let pages = 0;
  // Looked at in turn as on a desk in the light and as on a phone in the dark.
  const seen = async (): Promise<void> => {
    const isPhone = (pages += 1) % 2 === 0;
    await page.setViewportSize({ width: isPhone ? 390 : 1280, height: 844 });
    await page.emulateMedia({ colorScheme: isPhone ? 'dark' : 'light' });
    await accepts(t, context, page, {});
  };
  const next = async (button: string): Promise<void> => {
    await page.getByRole('button', { name: button }).click();
    await page.waitForLoadState();
  };
  await page.goto(`${site.address}/setup/${await site.services.setUp.begin() ?? ''}`);
  await next('Verder: uw account');
  t.match(await page.title(), /^Fout: /);
  await seen();
  await page.getByLabel('Naam van de school').fill('Basisschool De Linde');
  await page.getByLabel('Kleur van de school').fill('#7a1f5c');
  await page.locator('#colour-oordeel').getByText('9,6 op 1').waitFor();
  t.pass('a colour is weighed while it is typed');
  await page.getByLabel('Logo').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: png });
  t.ok(await page.getByText('logo.png').isVisible(), 'the own button says which file was chosen');
  await next('Verder: uw account');
  await page.getByLabel('Uw naam').fill('B. Heer');
  await page.getByLabel('Uw e-mail van school').fill('b.heer@linde.example');
  await page.getByLabel('Kies een wachtwoord').fill(password);
  await page.getByRole('button', { name: 'Toon' }).click();
  t.equal(await page.getByLabel('Kies een wachtwoord').getAttribute('type'), 'text');
  await seen();
  await next('Account maken en verder');
  await seen();
  const code = await page.locator('.sp-code li').allInnerTexts();
  await page.emulateMedia({ media: 'print' });
  t.same([await page.locator('.sp-code').isVisible(), await page.getByRole('button', { name: 'Afdrukken' }).isVisible(), await page.getByLabel('Typ de laatste').isVisible()], [true, false, false], 'paper has the code alone');
  await page.emulateMedia({ media: 'screen' });
  await page.getByLabel('Typ de laatste drie groepen').fill(code.slice(-3).join('-'));
  await next('Ik heb de code bewaard');
  await seen();
  await next('Deze kaart gebruiken');
  await seen();
  await next('Bewaren en verder: routes');
  await seen();
  await next('Bewaren en verder: collega’s');
  await seen();
  await next('Klaar met instellen');
  await seen();
  for (const path of ['/people/new', '/partners/new', '/school/settings', '/people', '/account']) {
    await page.goto(site.address + path);
    await seen();
  }
});

/** What is prepared for who asks: each page that looks like no other. */
async function preparesCopy(page: Page, path: string, seen: () => Promise<void>): Promise<void> {
  await page.goto(path);
  await seen();
  await page.getByRole('radio', { name: 'Iemand anders' }).check();
  await page.getByLabel('Naam van iemand anders').fill('Mevrouw Jansen');
  await page.getByRole('button', { name: 'Afschrift voorbereiden' }).click();
  await seen();
  const here = page.url();
  await page.getByRole('link', { name: 'Verder met' }).click();
  await seen();
  for (const part of ['reading', 'preview']) {
    await page.goto(`${here}/${part}`);
    await seen();
  }
}

async function signIn(page: Page, site: TestSite, person: string): Promise<void> {
  await page.getByLabel('E-mail van school').fill(site.people[person]?.email ?? '');
  await page.getByLabel('Wachtwoord').fill(password);
  await page.getByRole('button', { name: 'Inloggen' }).click();
  await page.waitForURL(/\/cases/);
}

/** A row that was handed in has an id of its own; its questions stand as wide as those of a new one. */
async function fillsInLater(t: Test, page: Page, address: string, seen: () => Promise<void>): Promise<void> {
  await page.goto(address);
  await page.getByRole('link', { name: 'Leerling', exact: true }).click();
  await page.getByRole('button', { name: 'Ouder of verzorger toevoegen' }).click();
  await page.getByLabel('Naam', { exact: true }).fill('M. Vos');
  const questions = page.locator('.sp-row__questions:visible');
  const width = async (): Promise<number> => (await questions.boundingBox())?.width ?? 0;
  const before = await width();
  await page.getByRole('button', { name: 'Bewaren' }).last().click();
  await page.waitForURL(/done=|\/other-cases/);
  await page.goto(address);
  await page.getByRole('link', { name: 'Leerling', exact: true }).click();
  t.equal(await width(), before);
  t.ok(before > 300);
  await seen();
}

/** No axe finding, no sideways scroll, no name of a child in the title. */
async function accepts(t: Test, context: BrowserContext, page: Page, { javaScriptEnabled }: { javaScriptEnabled?: boolean }): Promise<void> {
  const path = new URL(page.url()).pathname;
  t.notMatch(await page.title(), /Sem|Bakker/, `${path}: no name in the title`);
  // axe runs as a script: where pages get none, the same page is looked at in a second context.
  const looked = javaScriptEnabled === false ? await sameWithScripts(context, page) : page;
  const { violations } = await new AxeBuilder({ page: looked }).analyze();
  t.same(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ').slice(0, 300)}`), [], `${path}: axe finds nothing`);
  t.equal(await sideways(looked), 0, `${path}: no sideways scroll`);
  const size = looked.viewportSize() ?? { width: 1280, height: 900 };
  await looked.setViewportSize({ width: 320, height: size.height });
  t.equal(await sideways(looked), 0, `${path}: nor at 320 px, which is a page at 400 %`);
  await looked.setViewportSize(size);
  if (looked !== page) await looked.context().close();
}

async function sameWithScripts(context: BrowserContext, page: Page): Promise<Page> {
  const browser = context.browser();
  if (browser === null) throw new Error('The context has no browser.');
  const other = await browser.newContext({ viewport: page.viewportSize(), bypassCSP: true });
  const copy = await other.newPage();
  await copy.route('**/*', (route) => (route.request().url().endsWith('.css') ? route.continue() : route.fulfill({ body: '' })));
  await copy.setContent((await page.content()).replace('<head>', `<head><base href="${page.url()}">`).replace(/<script[^>]*><\/script>/g, ''));
  return copy;
}
