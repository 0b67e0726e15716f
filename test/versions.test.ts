import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { projectRoot } from '../src/config.ts';
import { copyOfContent } from './fixtures/mistakes.ts';
import { startSite } from './fixtures/site.ts';

t.test('publishing is an act: a route in the folder is offered from then on, also while the server runs', async (t) => {
  const { folder, routes, site } = await school(t);
  change(folder, 'workflows/klein.json', '"version": "1.0.0"', '"version": "1.1.0"');
  t.match(routes(), { status: 0, stdout: /^klein: Kleine route\n {2}gepubliceerd {3}1\.0\.0 \([0-9a-f]{8}\)\n {2}bestand {8}1\.1\.0 \([0-9a-f]{8}\), nog niet gepubliceerd\n {2}lopende zaken {2}geen\n$/ });
  await site.services.library.refresh();
  t.same(offered(site), ['1.0.0'], 'a changed file alone changes nothing');

  t.match(routes('publish', 'klien'), { status: 1, stderr: 'Er is geen bestand workflows/klien.json. Bedoelde u klein?\n' });
  t.match(routes('publish', 'klein'), { status: 0, stdout: /^klein: 1\.1\.0 \([0-9a-f]{8}\) is gepubliceerd\./ });
  await site.services.library.refresh();
  t.same(offered(site), ['1.1.0']);
  t.match(routes('publish'), { status: 0, stdout: /^klein: 1\.1\.0 \([0-9a-f]{8}\) was al gepubliceerd\.\n$/ });

  change(folder, 'workflows/klein.json', '"start": "', '"start": "x');
  t.match(routes('publish', 'klein'), { status: 1, stderr: /^klein heeft een fout of gebruikt een bestand met een fout\. Er is niets gepubliceerd\./ });
  t.match(routes(), { stdout: /bestand {8}heeft een fout/ });
  await site.services.library.refresh();
  t.same(offered(site), ['1.1.0'], 'the last good version stays');
  t.match(routes('publiceer'), { status: 1, stderr: /"publiceer" hoort niet bij deze opdracht\. Gebruik: npm run routes/ });
});

t.test('publishing counts running cases by number, without the restricted ones, and so does the page of an admin', async (t) => {
  const { folder, routes, site } = await school(t);
  await begin(site, 'gewoon');
  await begin(site, 'dringend');
  t.match(routes(), { stdout: /lopende zaken {2}2 op 1\.0\.0 \([0-9a-f]{8}\)\n$/ });
  // An urgent report is restricted from this version on.
  change(folder, 'workflows/klein.json', '"notify": ["ib"],', '"notify": ["ib"], "restrict": { "to": ["ib"], "lift": ["ib"] },');
  change(folder, 'workflows/klein.json', '"version": "1.0.0"', '"version": "1.1.0"');
  t.match(routes('publish'), { stdout: /is gepubliceerd\.[^\n]*\nklein: 2 lopende zaken blijven op een oudere versie\.\n$/ });
  await site.services.library.refresh();
  await begin(site, 'gewoon');
  await begin(site, 'dringend');
  t.match(routes(), { stdout: /lopende zaken {2}2 op 1\.0\.0 \([0-9a-f]{8}\), 1 op 1\.1\.0 \([0-9a-f]{8}\)\n$/ });
  const admin = await site.signIn('beheer');
  t.match((await admin.get('/school')).text, 'Kleine route: versie 1.1.0 is gepubliceerd, 2 op een andere versie (1.0.0) en 1 lopende zaak erop.');
});

type Site = Awaited<ReturnType<typeof startSite>>;

function offered({ services }: Site): string[] {
  return services.library.published().map(({ model }) => model.workflow.version);
}

/** Starts a case of the published version; gives its number. */
async function begin({ services, people, school: id }: Site, soort: string): Promise<string> {
  const [route] = services.library.published();
  if (route === undefined) throw new Error('Nothing is published.');
  const reader = { id: people['vries']?.id ?? '', roles: ['ib'], school: id, settings: {} };
  const started = await services.cases.start(reader, route, { type: 'open', task: 'melding', answers: { wat: 'Een melding', soort }, subject: { naam: 'Sam' } }, { key: services.newKey(), draft: null });
  if (started.type !== 'done') throw new Error(started.type);
  return started.number;
}

/** A server with the small route, and the command on its database. */
async function school(t: Test): Promise<{ folder: string; site: Site; routes: (...args: string[]) => { status: number | null; stdout: string; stderr: string } }> {
  const folder = copyOfContent(t);
  const site = await startSite({ contentDir: folder });
  t.teardown(() => site.stop());
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, DATA_DIR: join(site.folder, 'data'), KEY_FILE: join(site.folder, 'main.key'), CONTENT_DIR: folder };
  return { folder, site, routes: (...args) => spawnSync(process.execPath, [join(projectRoot, 'dist', 'src', 'cli', 'routes.js'), ...args], { encoding: 'utf8', env }) };
}

/** Changes what stands once in a file. */
function change(folder: string, file: string, from: string, to: string): void {
  const text = readFileSync(join(folder, file), 'utf8');
  if (text.split(from).length !== 2) throw new Error(`"${from}" does not stand exactly once in ${file}.`);
  writeFileSync(join(folder, file), text.replace(from, () => to));
}
