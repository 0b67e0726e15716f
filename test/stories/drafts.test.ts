import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { gzipSync } from 'node:zlib';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright-core';
import t from 'tap';
import { projectRoot } from '../../src/config.ts';
import { startChromium } from '../fixtures/chromium.ts';
import { castAt, toConversation } from '../fixtures/conversation.ts';
import { password, startSite, type TestSite } from '../fixtures/site.ts';
import { temporaryFolder } from '../fixtures/storage.ts';
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

  await t.test('a long text says how many characters may still be typed, and how many are too many; without JavaScript how many there may be', async (t) => {
    const { device } = await desk('samenvatting');
    const page = await device();
    await page.locator('[name="/zijnErZorgen"][value="ja"]').check();
    const text = page.locator('[name="/zorgen"]');
    const most = Number(await page.locator('[id="v/zorgen-aantal"]').getAttribute('data-most'));
    t.match(await text.getAttribute('aria-describedby'), 'v/zorgen-aantal');
    const said = async (typed: string): Promise<string | null> => {
      await text.fill(typed);
      return page.locator('[id="v/zorgen-aantal"]').textContent();
    };
    t.same([await said(''), await said('👍\n\nja'), await said('x'.repeat(most - 1)), await said('x'.repeat(most)), await said('x'.repeat(most + 1)), await said('x'.repeat(most + 5))], [
      `U kunt nog ${String(most)} tekens typen.`, `U kunt nog ${String(most - 5)} tekens typen.`, 'U kunt nog 1 teken typen.', 'U kunt nog 0 tekens typen.', 'U hebt 1 teken te veel.', 'U hebt 5 tekens te veel.'
    ]);
    await page.clock.fastForward(1_000);
    t.same(await page.locator('main > p[role="status"]').textContent(), 'U hebt 5 tekens te veel.', 'a screen reader hears it after a pause');
    t.equal(await text.inputValue().then((value) => value.length), most + 5, 'nothing is cut off');
    const without = await device({ javaScriptEnabled: false });
    t.equal(await without.locator('[id="v/zorgen-aantal"]').textContent(), `U kunt maximaal ${String(most)} tekens typen.`);
    await Promise.all([page.context().close(), without.context().close()]);
  });

  await t.test('two devices of one person: both texts stay until one is chosen, with and without JavaScript', async (t) => {
    for (const javaScriptEnabled of [true, false]) {
      const { site, path, device } = await desk('samenvatting');
      const [school, home] = [await device({ javaScriptEnabled }), await device({ javaScriptEnabled })];
      for (const page of [school, home]) await concerned(page, javaScriptEnabled);
      await typed(school, 'Op school geschreven.', javaScriptEnabled);
      await typed(home, 'Thuis geschreven.', javaScriptEnabled);
      if (javaScriptEnabled) {
        await status(home).filter({ hasText: 'Apart bewaard om 10:01: u schreef dit formulier ook op een andere plek.' }).waitFor();
        await home.locator('[name="/zorgen"]').fill('Thuis geschreven, en meer.');
        await home.waitForTimeout(2_000);
        await home.getByRole('link', { name: 'Vergelijk de twee teksten' }).click();
      }
      await home.waitForURL(/draft-choice$/);
      if (javaScriptEnabled) {
        const { violations } = await new AxeBuilder({ page: home }).analyze();
        t.same(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ').slice(0, 300)}`), [], 'axe finds nothing where one of two texts is chosen');
      }
      const page = await home.locator('main').innerText();
      t.match(page, 'Op school geschreven.');
      t.match(page, javaScriptEnabled ? 'Thuis geschreven, en meer.' : 'Thuis geschreven.');
      await school.goto(site.address + path);
      t.match(await school.locator('main').innerText(), 'De andere is ook bewaard.', 'the other device hears of it');
      await school.getByRole('button', { name: 'Controleren en afronden' }).last().click();
      await school.waitForURL(/draft-choice$/, { timeout: 5_000 });
      await home.getByLabel('Met de tweede tekst').check();
      await home.getByRole('button', { name: 'Verder' }).click();
      await home.waitForURL(`${site.address}${path}`);
      t.match(await home.locator('[name="/zorgen"]').inputValue(), 'Thuis geschreven');
      t.match(await draftText(site, path), [['/zijnErZorgen', 'ja'], ['/zorgen', /^Thuis/]]);
      await school.getByLabel('Met de eerste tekst').check();
      await school.getByRole('button', { name: 'Verder' }).click();
      await school.waitForURL(`${site.address}${path}`);
      t.match(await school.locator('[name="/zorgen"]').inputValue(), 'Thuis geschreven', 'a choice that was made already is not made again');
      await Promise.all([school.context().close(), home.context().close()]);
    }
  });

  await t.test('a session that ends: what was typed is saved first, then the sign-in, then the same field', async (t) => {
    const { site, path, device } = await desk('samenvatting');
    const page = await device();
    await page.locator('[name="/zijnErZorgen"][value="ja"]').check();
    await page.locator('[name="/zorgen"]').fill('Eerste zin.');
    await status(page).filter({ hasText: 'Concept bewaard' }).waitFor();
    const pass = async (ms: number): Promise<void> => {
      site.clock.now = new Date(Date.parse(site.clock.now) + ms).toISOString();
      await page.clock.fastForward(ms);
    };
    await pass(13.5 * 60_000);
    await page.getByText(/U wordt om \d\d:\d\d uitgelogd/).waitFor();
    await page.getByRole('button', { name: 'Ingelogd blijven' }).click();
    await page.getByText(/U wordt om/).waitFor({ state: 'hidden' });
    t.equal(await page.evaluate('document.activeElement.name'), '/zorgen', 'and the field keeps the focus');
    await pass(13.5 * 60_000);
    await page.getByText(/U wordt om/).waitFor();
    await pass(3 * 60_000);
    await page.waitForURL(/\/sign-in\?why=ended/);
    t.same(await draftText(site, path), [['/zijnErZorgen', 'ja'], ['/zorgen', 'Eerste zin.']]);
    await fillSignIn(page, site);
    await page.waitForURL((url) => url.pathname === path);
    t.equal(await page.evaluate('document.activeElement.name'), '/zorgen');
    // Ended while somebody types: a day at work is over, or somebody ended all sessions.
    await site.services.sessions.endAll(site.people['vries']?.id ?? '');
    await page.locator('[name="/zorgen"]').fill('Eerste zin. Tweede zin.');
    await status(page).filter({ hasText: 'Niet bewaard: u bent uitgelogd.' }).waitFor();
    await page.getByRole('button', { name: 'Inloggen en verder' }).click();
    await fillSignIn(page, site);
    await page.getByRole('button', { name: 'Verder met wat u schreef' }).click();
    t.equal(await page.locator('[name="/zorgen"]').inputValue(), 'Eerste zin. Tweede zin.');
    t.equal(await page.evaluate('document.activeElement.name'), '/zorgen');
    // Signed in again in another window: the page goes on by itself.
    const other = await page.context().newPage();
    await site.services.sessions.endAll(site.people['vries']?.id ?? '');
    await signIn(other, site);
    await page.bringToFront();
    await page.locator('[name="/zorgen"]').fill('Derde zin.');
    await status(page).filter({ hasText: 'Concept bewaard' }).waitFor();
    t.same(await draftText(site, path), [['/zijnErZorgen', 'ja'], ['/zorgen', 'Derde zin.']]);
    await page.context().close();
  });

  await t.test('covering the screen saves first, by button or with Shift three times; leaving the page saves too', async (t) => {
    const { site, path, device } = await desk('samenvatting');
    const page = await device();
    await page.locator('[name="/zijnErZorgen"][value="ja"]').check();
    await page.locator('[name="/zorgen"]').fill('Net getypt.');
    const other = await page.context().newPage();
    await other.goto(site.address + path.replace(/\/tasks.*/, ''));
    await page.bringToFront();
    for (let press = 0; press < 3; press += 1) await page.keyboard.press('Shift');
    await Promise.all([page.waitForURL(/\/cover$/), other.waitForURL(/\/cover$/)]);
    t.equal(await other.title(), 'Even weg', 'another tab is covered as well');
    await other.goBack();
    t.match(other.url(), /\/sign-in|about:blank/, 'and going back shows nothing');
    await other.close();
    t.same(await draftText(site, path), [['/zijnErZorgen', 'ja'], ['/zorgen', 'Net getypt.']]);
    t.notMatch(await page.content(), path, 'nobody sees which page was covered');
    await page.locator('.sp-cover a').click();
    await fillSignIn(page, site);
    await page.waitForURL((url) => url.pathname === path);
    t.equal(await page.evaluate('document.activeElement.name'), '/zorgen', 'unlocking leads back to the same field');
    await page.locator('[name="/zorgen"]').fill('Daarna getypt.');
    await page.getByRole('link', { name: 'Terug naar de zaak' }).click();
    await page.waitForURL(/\/cases\/[^/]+$/);
    await page.goto(site.address + path);
    t.equal(await page.locator('[name="/zorgen"]').inputValue(), 'Daarna getypt.');
    const without = await device({ javaScriptEnabled: false });
    await without.getByRole('button', { name: 'Scherm afdekken' }).click();
    await without.locator('.sp-cover a').click();
    await fillSignIn(without, site);
    await without.waitForURL(/\/cases/);
    t.equal(new URL(without.url()).pathname, path, 'and so it does without JavaScript');
    await without.getByRole('button', { name: 'Scherm afdekken' }).click();
    await without.locator('.sp-cover a').click();
    await fillSignIn(without, site, 'hofman');
    await without.waitForURL(/\/cases/);
    t.equal(new URL(without.url()).pathname, '/cases', 'somebody else comes to their own first page');
    await Promise.all([page.context().close(), without.context().close()]);
  });

  await t.test('a case that is not started yet and a correction are kept too, go on elsewhere, and are gone when they are handed in', async (t) => {
    const { site, device } = await desk('samenvatting');
    const page = await device();
    await page.goto(`${site.address}/cases/new?route=meldcode`);
    await page.getByLabel('Om welke leerling gaat het?').fill('Noa Visser');
    await page.locator('[name="/feit"]').fill('Slaapt in de les.');
    await status(page).filter({ hasText: 'Concept bewaard' }).waitFor();
    const without = await device({ javaScriptEnabled: false });
    await without.goto(`${site.address}/cases`);
    await without.getByRole('link', { name: 'Verder met een zaak die u nog niet startte' }).click();
    t.equal(await without.locator('[name="/feit"]').inputValue(), 'Slaapt in de les.');
    await without.locator('[name="/feit"]').fill('Slaapt vaak in de les.');
    await without.getByRole('button', { name: 'Later verder' }).first().click();
    await without.waitForURL(/\/cases\?done=draft/);
    await page.locator('[name="/feit"]').fill('Slaapt elke dag in de les.');
    await status(page).filter({ hasText: 'Apart bewaard' }).waitFor();
    await page.getByRole('link', { name: 'Vergelijk de twee teksten' }).click();
    t.match(await page.locator('main').innerText(), /Slaapt vaak in de les\.[^]*Slaapt elke dag in de les\./);
    await page.getByLabel('Met de tweede tekst').check();
    await page.getByRole('button', { name: 'Verder' }).click();
    t.equal(await page.getByLabel('Om welke leerling gaat het?').inputValue(), 'Noa Visser');
    t.equal(await page.locator('[name="/feit"]').inputValue(), 'Slaapt elke dag in de les.');
    await page.getByRole('radio', { name: 'Nee', exact: true }).check();
    await page.locator('[name="/bron"][value="eigen-waarneming"]').check();
    for (const [part, value] of [['dag', '2'], ['maand', '3'], ['jaar', '2026']]) await page.locator(`[name="/datum#${part ?? ''}"]`).fill(value ?? '');
    await page.getByRole('button', { name: 'Zaak starten' }).and(page.locator(':visible')).last().click();
    await page.waitForURL(/done=started/);
    const started = new URL(page.url()).pathname;
    await page.goto(`${site.address}/cases/new?route=meldcode`);
    t.equal(await page.locator('[name="/feit"]').inputValue(), '', 'the draft went with the start');
    await page.locator('[name="/feit"]').fill('Toch niet.');
    await status(page).filter({ hasText: 'Concept bewaard' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Weggooien en leeg beginnen' }).click();
    await page.getByRole('button', { name: 'Ja, weggooien' }).click();
    t.equal(await page.locator('[name="/feit"]').inputValue(), '');
    await page.goto(`${site.address}${started}/records/2/correction`);
    await page.locator('[name="/feit"]').fill('Sliep elke dag in de les.');
    await page.locator('[name="reason"]').fill('Beter opgeschreven.');
    await status(page).filter({ hasText: 'Concept bewaard' }).waitFor();
    await without.goto(`${site.address}${started}/records/2/correction`);
    t.same([await without.locator('[name="/feit"]').inputValue(), await without.locator('[name="reason"]').inputValue()], ['Sliep elke dag in de les.', 'Beter opgeschreven.']);
    await Promise.all([page.context().close(), without.context().close()]);
  });

  await t.test('a form page loads under 10 kB of scripts and 15 kB of styles, compressed, and runs under Trusted Types', async (t) => {
    const { device } = await desk('samenvatting');
    const page = await device();
    const urls: string[] = [];
    page.on('request', (request) => { urls.push(request.url()); });
    await page.reload({ waitUntil: 'networkidle' });
    const sizeOf = async (kind: string): Promise<number> => (await Promise.all(urls.filter((url) => url.endsWith(kind)).map(async (url) => gzipSync(await (await fetch(url)).text(), { level: 9 }).length))).reduce((all, one) => all + one, 0);
    const [scripts, styles] = [await sizeOf('.js'), await sizeOf('.css')];
    t.ok(scripts > 3_000 && scripts < 10_000, `${String(scripts)} bytes of scripts`);
    t.ok(styles > 3_000 && styles < 15_000, `${String(styles)} bytes of styles`);
    t.match(await page.evaluate('(() => { try { document.body.innerHTML = "<b>x</b>"; return "taken"; } catch (error) { return error.name; } })()'), 'TypeError', 'text cannot become markup');
    t.notOk(await page.evaluate('localStorage.length + sessionStorage.length'), 'nothing stays in the browser');
    await page.context().close();
  });

  t.same(faults.filter((text) => !text.includes('TrustedHTML')), [], 'no script fails and nothing is refused by the content policy');
});

t.test('the longest form with ten mistakes, corrected one by one, left for an hour, resumed on another device, finished', async (t) => {
  const site = await startSite();
  const browser = await startChromium();
  t.teardown(async () => {
    await browser.close();
    await site.stop();
  });
  const story = await toConversation(site);
  await castAt(site, '2026-03-05T15:00:00.000Z');
  const path = `/cases/${story.number}/tasks/ouderGesprek`;
  const page = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage();
  await page.clock.install();
  await signIn(page, site);
  await page.goto(site.address + path);
  const text = (name: string): Locator => page.locator(`[name="${name}"]`);
  const typed = (): Promise<{ [name: string]: string }> => page.evaluate('Object.fromEntries([...new FormData(document.querySelector("form[data-draft]"))].filter(([name, value]) => name.startsWith("/") && value !== ""))');
  const mistakes = (): Promise<number> => page.locator('.govuk-error-summary li').count();
  for (const name of ['mening', 'gedragThuis', 'ontwikkeling', 'opmerkingen']) await text(`/${name}`).fill(`Over ${name}: één zin,\nen nog een "zin" <met> tekens & meer.`);
  await page.locator('button[value="add:/deelnemers"]').click();
  await text('/deelnemers/0/hoedanigheid').fill('tolk');
  await page.locator('button[value="add:/afspraken"]').click();
  await text('/afspraken/0/wie').fill('M. Bakker');
  for (const [part, value] of Object.entries({ dag: '31', maand: '2', jaar: '2026' })) await text(`/afspraken/0/voor#${part}`).fill(value);
  await page.locator('button[value="add:/afspraken"]').click();
  await text('/afspraken/1/wat').fill('Ontbijt op school.');
  const day = (): Promise<void> => fillDay(page, '/datum', '5', '3', '2026');
  const corrections: (() => Promise<unknown>)[] = [
    day, () => text('/ouder').fill('M. Bakker'), () => text('/doelUitgelegd').fill('Verteld waarom.'), () => text('/deelnemers/0/naam').fill('T. Olk'), () => text('/afspraken/0/wat').fill('Bellen.'),
    () => text('/feiten').fill('Drie keer zonder ontbijt.'), () => text('/reactie').fill('Schrok.'), () => page.locator('[name="/bijzondereVorm"][value="geen"]').check(),
    () => page.locator('[name="/uitkomst"][value="bekrachtigd"]').check(), () => fillDay(page, '/afspraken/0/voor', '9', '3', '2026')
  ];
  const check = async (): Promise<void> => {
    const before = await typed();
    await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Controleren en afronden' }).last().click()]);
    t.same(await typed(), before, 'nothing typed is lost or moved');
  };
  await check();
  t.equal(await mistakes(), 10);
  for (const [index, correct] of corrections.slice(0, 6).entries()) {
    await correct();
    await check();
    t.equal(await mistakes(), 9 - index);
  }
  await text('/mening').fill('Op het laatst getypt.');
  await status(page).filter({ hasText: 'Concept bewaard' }).waitFor();
  const left = await typed();
  site.clock.now = '2026-03-05T16:00:00.000Z';
  await page.clock.fastForward(60 * 60_000);
  await page.waitForURL(/\/sign-in\?why=ended/);
  await page.context().close();

  const other = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, javaScriptEnabled: false })).newPage();
  await signIn(other, site);
  await other.goto(site.address + path);
  const stands = async (values: { [name: string]: string }): Promise<void> => {
    for (const [name, value] of Object.entries(values)) {
      const field = other.locator(`[name="${name}"]`);
      if (await field.first().getAttribute('type') === 'radio') t.ok(await other.locator(`[name="${name}"][value="${value}"]`).isChecked(), name);
      else t.equal((await field.first().inputValue()).replaceAll('\r\n', '\n'), value.replaceAll('\r\n', '\n'), name);
    }
  };
  await stands(left);
  // Rows without JavaScript: two more in the middle of correcting, the first of them goes again.
  for (const [index, wat] of ['Weg ermee.', 'Over een week bellen.'].entries()) {
    await other.locator('button[value="add:/afspraken"]').click();
    await other.locator(`[name="/afspraken/${String(index + 2)}/wat"]`).fill(wat);
  }
  await other.locator('button[value="remove:/afspraken/2"]').click();
  await stands({ ...left, '/afspraken/2/wat': 'Over een week bellen.' });
  await other.locator('[name="/reactie"]').fill('Schrok.');
  await other.locator('[name="/bijzondereVorm"][value="geen"]').check();
  await other.locator('[name="/uitkomst"][value="bekrachtigd"]').check();
  await fillDay(other, '/afspraken/0/voor', '9', '3', '2026');
  await other.getByRole('button', { name: 'Controleren en afronden' }).last().click();
  // The reaction of the parent brings a question.
  await other.getByText('vragen bijgekomen').waitFor();
  await other.getByRole('button', { name: 'Controleren en afronden' }).last().click();
  await other.waitForURL(/\/check$/);
  await other.getByRole('button', { name: 'Afronden' }).last().click();
  await other.waitForURL(/done=saved/);
  const open = await site.services.cases.open({ id: site.people['vries']?.id ?? '', roles: ['ib'], school: site.school, settings: {} }, story.number, 'view');
  const answers = open?.stored.state.records.findLast(({ task }) => task === 'ouderGesprek')?.answers;
  t.match(answers, {
    datum: '2026-03-05', ouder: 'M. Bakker', mening: 'Op het laatst getypt.', opmerkingen: 'Over opmerkingen: één zin,\nen nog een "zin" <met> tekens & meer.', feiten: 'Drie keer zonder ontbijt.', uitkomst: 'bekrachtigd',
    deelnemers: [{ naam: 'T. Olk', hoedanigheid: 'tolk' }],
    afspraken: [{ wat: 'Bellen.', wie: 'M. Bakker', voor: '2026-03-09' }, { wat: 'Ontbijt op school.' }, { wat: 'Over een week bellen.' }]
  });
  t.equal((answers?.['afspraken'] as unknown[]).length, 3);
});

t.test('a server that is killed while somebody types and started again: the page tries again and saves', async (t) => {
  const folder = temporaryFolder(t);
  const port = await freePort();
  const browser = await startChromium();
  t.teardown(() => browser.close());
  const first = await startDemo(folder, port, 'Wachtwoord voor iedereen: ');
  t.teardown(() => { first.process.kill('SIGKILL'); });
  const page = await (await browser.newContext()).newPage();
  await page.clock.install();
  await page.goto(`http://127.0.0.1:${port}/sign-in`);
  await page.getByLabel('E-mail van school').fill('a.devries@dewilgen.example');
  await page.getByLabel('Wachtwoord').fill(first.password);
  await page.getByRole('button', { name: 'Inloggen' }).click();
  await page.waitForURL(/\/cases/);
  await page.goto(`http://127.0.0.1:${port}/cases/new?route=meldcode-2019`);
  const text = page.locator('form[data-draft] textarea').first();
  await text.fill('Voor de klap.');
  await status(page).filter({ hasText: 'Concept bewaard' }).waitFor();
  await text.pressSequentially(' Tijdens de klap.');
  first.process.kill('SIGKILL');
  await status(page).filter({ hasText: 'Niet bewaard: geen verbinding, nieuwe poging over 10 s.' }).waitFor();
  await text.pressSequentially(' Na de klap.');
  const second = await startDemo(folder, port, 'Stappenplan draait');
  t.teardown(() => { second.process.kill('SIGTERM'); });
  await page.clock.fastForward(10_000);
  await status(page).filter({ hasText: 'Concept bewaard' }).waitFor();
  await page.reload();
  t.equal(await text.inputValue(), 'Voor de klap. Tijdens de klap. Na de klap.');
});

async function fillDay(page: Page, name: string, ...parts: [string, string, string]): Promise<void> {
  for (const [index, part] of ['dag', 'maand', 'jaar'].entries()) await page.locator(`[name="${name}#${part}"]`).fill(parts[index] ?? '');
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => { server.once('listening', resolve); });
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => { server.close(resolve); });
  return String(port);
}

/** Starts what was built, with a practice school in this folder, and waits for a line; only the first start says the password. */
async function startDemo(folder: string, port: string, words: string): Promise<{ process: ChildProcess; password: string }> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [join(projectRoot, 'dist', 'src', 'main.js'), '--demo'], { env: { PATH, HOME, PORT: port, DATA_DIR: join(folder, 'data'), KEY_FILE: join(folder, 'main.key') }, stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface(child.stdout)) {
    if (line.startsWith(words)) return { process: child, password: line.split(': ')[1] ?? '' };
  }
  throw new Error(`The server stopped before it said: ${words}`);
}

function status(page: Page): Locator {
  return page.locator('[data-draft-status]');
}

/** Answers the question that brings another one. */
async function concerned(page: Page, javaScriptEnabled: boolean): Promise<void> {
  await page.locator('[name="/zijnErZorgen"][value="ja"]').check();
  if (javaScriptEnabled) await status(page).filter({ hasText: 'bewaard om' }).waitFor();
  else await page.getByRole('button', { name: 'Werk het formulier bij' }).click();
}

/** Fills that one in and has it saved: by itself, or with the button. */
async function typed(page: Page, text: string, javaScriptEnabled: boolean): Promise<void> {
  const saved = javaScriptEnabled ? page.waitForResponse(/\/draft$/) : null;
  await page.locator('[name="/zorgen"]').fill(text);
  if (saved !== null) await saved;
  else await page.getByRole('button', { name: 'Later verder' }).click();
}

/** What stands in the draft, without what the machinery adds. */
async function draftText(site: TestSite, path: string): Promise<[string, string][]> {
  const [, , number = '', , task = ''] = path.split('/');
  const found = await site.services.cases.openTask({ id: site.people['vries']?.id ?? '', roles: ['ib'], school: site.school, settings: {} }, number, task);
  return (found?.draft?.pairs ?? []).filter(([name, value]) => name.startsWith('/') && value !== '');
}

async function signIn(page: Page, site: TestSite): Promise<void> {
  await page.goto(`${site.address}/sign-in`);
  await fillSignIn(page, site);
  await page.waitForURL(/\/cases/);
}

async function fillSignIn(page: Page, site: TestSite, who = 'vries'): Promise<void> {
  await page.getByLabel('E-mail van school').fill(site.people[who]?.email ?? '');
  await page.getByLabel('Wachtwoord').fill(password);
  await page.getByRole('button', { name: 'Inloggen' }).click();
}
