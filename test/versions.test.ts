import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { differenceLines } from '../src/cli/compare.ts';
import { projectRoot } from '../src/config.ts';
import type { Bundle } from '../src/definitions/bundle.ts';
import { bundleFromText } from '../src/definitions/make-bundle.ts';
import { loadContent } from '../src/documents/load-content.ts';
import { differenceText } from '../src/engine/difference-text.ts';
import { differences, weightOf } from '../src/engine/differences.ts';
import { prepare } from '../src/engine/prepare.ts';
import { readTexts } from '../src/texts.ts';
import { copyOfContent, smallContent } from './fixtures/mistakes.ts';
import { startSite } from './fixtures/site.ts';

const texts = readTexts('nl');

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

t.test('two versions differ in words, in the order of the file, and what that means for running cases stands in front', (t) => {
  const [before, folder] = [smallBundle(smallContent), copyOfContent(t)];
  t.same(differenceLines(before, smallBundle(folder), texts), ['De twee versies zijn hetzelfde.']);
  change(folder, 'workflows/klein.json', '"version": "1.0.0"', '"version": "1.1.0"');
  change(folder, 'workflows/klein.json', '"days": 3', '"days": 5');
  change(folder, 'workflows/klein.json', '"must": { "tasks.gesprek": "done" }, "message": "Spreek eerst', '"must": { "tasks.gesprek": "settled" }, "message": "Praat eerst');
  change(folder, 'workflows/klein.json', '"verder": {', '"opnieuw": { "title": "Nog eens kijken", "to": "kijken" },\n        "verder": {');
  change(folder, 'workflows/klein.json', '"besluit.hulp": ["ja", "misschien"]', '"besluit.hulp": "ja"');
  change(folder, 'forms/besluit.json', '["ja", "misschien", "nee"]', '["ja", "nee"]');
  change(folder, 'forms/gesprek.json', '"required": ["datum", "feiten"]', '"required": ["datum"]');
  change(folder, 'forms/gesprek.json', '"waarom": { "type": "string", "title": "Waarover?", "maxLength": 200 }', '"waarom": { "type": "string", "title": "Waarover?", "maxLength": 300 },\n      "slot": { "type": "string", "title": "Hoe liep het af?", "maxLength": 200 }');
  change(folder, 'forms/gesprek.json', '"Bel het wijkteam."', '"Bel vandaag het wijkteam."');
  change(folder, 'documents/verslag.hbs', '{{/each}}', '{{/each}}\n<p>Einde.</p>');
  const [heading = '', ...rest] = differenceLines(before, smallBundle(folder), texts);
  t.match(heading, /^klein: van 1\.0\.0 \([0-9a-f]{8}\) naar 1\.1\.0 \([0-9a-f]{8}\)$/);
  t.same(rest, [
    'Vraagt een keuze: iets waar een lopende zaak kan staan is weg of van een andere soort.',
    '- Anders: het versienummer was "1.0.0" en is nu "1.1.0".',
    '- Anders: taak "Melding" (melding), de termijn, de duur was "3 dagen" en is nu "5 dagen".',
    '- Anders: regel R1, wat moet kloppen was "‘Gesprek’ is ‘gedaan’" en is nu "‘Gesprek’ is afgehandeld".',
    '- Anders: regel R1, de melding was "Spreek eerst met {leerling.naam}." en is nu "Praat eerst met {leerling.naam}.".',
    '- Nieuw: stap "Kijken" (kijken), uitgang "Nog eens kijken" (opnieuw).',
    '- Anders: stap "Kiezen" (kiezen), uitgang "Helpen" (helpen), wanneer het geldt was "‘Gaat u helpen?’ bij ‘Besluit’ is ‘ja’ of ‘misschien’" en is nu "‘Gaat u helpen?’ bij ‘Besluit’ is ‘ja’".',
    '- Anders: formulier "Gesprek" (gesprek), vraag "Wat hebt u besproken?" (feiten), of het verplicht is was "ja" en is er niet meer.',
    '- Anders: formulier "Gesprek" (gesprek), vraag "Waarover?" (waarom), de grootste lengte was "200" en is nu "300".',
    '- Nieuw: formulier "Gesprek" (gesprek), vraag "Hoe liep het af?" (slot).',
    '- Anders: formulier "Gesprek" (gesprek), de teksten tussen de vragen was "Boosheid en Bel het wijkteam." en is nu "Boosheid en Bel vandaag het wijkteam.".',
    '- Anders: formulier "Gesprek" (gesprek), de indeling.',
    '- Weg: formulier "Besluit" (besluit), vraag "Gaat u helpen?" (hulp), antwoord "misschien" (misschien).',
    '- Anders: sjabloon verslag, 1 regel nieuw en 0 regels weg.'
  ]);
  t.end();
});

t.test('a change of words alone is silent, more to ask is compatible, a step that is gone asks for a choice, another subject is blocked', (t) => {
  const weight = (from: string, to: string): string => {
    const before = smallBundle(smallContent);
    const after = bundleFromText(JSON.stringify({ ...before, hash: undefined }).replace(from, to));
    return weightOf(differences(prepare(before, texts), prepare(after, texts)));
  };
  t.equal(weight('', ''), 'silent');
  t.equal(weight('"title":"Kijken"', '"title":"Rondkijken"'), 'silent');
  t.equal(weight('"required":true', '"required":false'), 'compatible');
  t.equal(weight('"outcomes":{', '"links":{"x":{"workflow":"klein"}},"outcomes":{'), 'compatible');
  t.equal(weight('"kiezen":{', '"besluiten":{'), 'choice');
  t.equal(weight('"besluit":{"form"', '"keuze":{"form"'), 'choice');
  t.equal(weight('["ja","misschien","nee"]', '["ja","nee"]'), 'choice');
  t.equal(weight('"boos":{"type":"boolean"', '"boos":{"type":"string"'), 'choice');
  t.equal(weight('"subject":"leerling"', '"subject":"besluit"'), 'blocked');
  t.end();
});

t.test('whatever text of a route or form changes, the difference says so', (t) => {
  const before = smallBundle(smallContent);
  const model = prepare(before, texts);
  const places = leavesOf({ workflow: before.workflow, forms: before.forms });
  fc.assert(fc.property(fc.constantFrom(...places), (place) => {
    const after = bundleFromText(JSON.stringify(changedAt(before, place)));
    const found = differences(model, prepare(after, texts));
    return found.length > 0 && found.every((one) => differenceText(one, texts).length > 10);
  }), { numRuns: 200, seed: 4 });
  t.end();
});

type Site = Awaited<ReturnType<typeof startSite>>;

function offered({ services }: Site): string[] {
  return services.library.published().map(({ model }) => model.workflow.version);
}

/** The paths of all texts, also those that are ids of something else. */
function leavesOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value === 'string') return [path];
  return value !== null && typeof value === 'object' ? Object.entries(value).flatMap(([key, inside]) => leavesOf(inside, [...path, key])) : [];
}

/** A copy with one text longer. */
function changedAt(value: unknown, [key, ...rest]: string[]): unknown {
  if (key === undefined) return `${String(value)}x`;
  if (Array.isArray(value)) return value.map((one: unknown, index) => (String(index) === key ? changedAt(one, rest) : one));
  return Object.fromEntries(Object.entries(value as object).map(([name, one]) => [name, name === key ? changedAt(one, rest) : one]));
}

function smallBundle(folder: string): Bundle {
  const [bundle] = loadContent(folder, texts).workflows;
  if (bundle === undefined) throw new Error('The route has an error.');
  return bundle;
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
