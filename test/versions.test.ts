import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import type { Reader } from '../src/cases/cases.ts';
import { verify } from '../src/cases/verify.ts';
import { differenceLines } from '../src/cli/compare.ts';
import { readRouteArguments } from '../src/cli/route-arguments.ts';
import { runRoutes } from '../src/cli/run-routes.ts';
import { projectRoot, readConfig } from '../src/config.ts';
import type { Bundle } from '../src/definitions/bundle.ts';
import { bundleFromText } from '../src/definitions/make-bundle.ts';
import { loadContent } from '../src/documents/load-content.ts';
import type { Command } from '../src/engine/state/case-state.ts';
import { differenceText } from '../src/engine/versions/difference-text.ts';
import { differences, weightOf } from '../src/engine/versions/differences.ts';
import { prepare } from '../src/engine/model/prepare.ts';
import { StartProblem } from '../src/errors.ts';
import { readTexts } from '../src/texts.ts';
import { copyOfContent, smallContent } from './fixtures/mistakes.ts';
import { startPostgres } from './fixtures/postgres.ts';
import { startSite } from './fixtures/site.ts';

const texts = readTexts('nl');

t.test('publishing is an act: a route in the folder is offered from then on, every running case keeps its own, also while the server runs', async (t) => {
  const { folder, routes, start, site } = await school(t);
  change(folder, 'workflows/klein.json', '"version": "1.0.0"', '"version": "1.1.0"');
  t.match(await routes(), { status: 0, stdout: /^klein: Kleine route\n {2}gepubliceerd {3}1\.0\.0 \([0-9a-f]{8}\)\n {2}bestand {8}1\.1\.0 \([0-9a-f]{8}\), nog niet gepubliceerd\n {2}lopende zaken {2}geen\n$/ });
  await site.services.library.refresh();
  t.same(offered(site), ['1.0.0'], 'a changed file alone changes nothing');
  const running = await begin(site, 'gewoon');

  t.match(await routes('publish', 'klien'), { status: 1, stderr: 'Er is geen bestand workflows/klien.json. Bedoelde u klein?\n' });
  t.match(await routes('publish', 'klein'), { status: 0, stdout: /^klein: 1\.1\.0 \([0-9a-f]{8}\) is gepubliceerd\./ });
  await site.services.library.refresh();
  t.same(offered(site), ['1.1.0']);
  const vries = await site.signIn('vries');
  t.match((await vries.get(`/cases/${running}`)).text, 'versie 1.0.0', 'a case stays with the bundle it began with');
  t.match((await vries.get(`/cases/${await begin(site, 'gewoon')}`)).text, 'versie 1.1.0', 'a new one takes what was published last');
  const child = start('publish');
  t.match([await textOf(child), child.exitCode], [/^klein: 1\.1\.0 \([0-9a-f]{8}\) was al gepubliceerd\.\nklein: 1 lopende zaak blijft op een oudere versie\.\n$/, 0], 'the command itself');

  change(folder, 'workflows/klein.json', '"start": "', '"start": "x');
  t.match(await routes('publish', 'klein'), { status: 1, stderr: /^klein heeft een fout of gebruikt een bestand met een fout\. Er is niets gepubliceerd\./ });
  t.match(await routes(), { stdout: /bestand {8}heeft een fout/ });
  await site.services.library.refresh();
  t.same(offered(site), ['1.1.0'], 'the last good version stays');
  t.match(await routes('publiceer'), { status: 1, stderr: /"publiceer" hoort niet bij deze opdracht\. Gebruik: npm run routes/ });
});

t.test('publishing counts running cases by number, without the restricted ones, and so does the page of an admin', async (t) => {
  const { folder, routes, site } = await school(t);
  await begin(site, 'gewoon');
  await begin(site, 'dringend');
  t.match(await routes(), { stdout: /lopende zaken {2}2 op 1\.0\.0 \([0-9a-f]{8}\)\n$/ });
  // An urgent report is restricted from this version on.
  change(folder, 'workflows/klein.json', '"notify": ["ib"],', '"notify": ["ib"], "restrict": { "to": ["ib"], "lift": ["ib"] },');
  change(folder, 'workflows/klein.json', '"version": "1.0.0"', '"version": "1.1.0"');
  t.match(await routes('publish'), { stdout: /is gepubliceerd\.[^\n]*\nklein: 2 lopende zaken blijven op een oudere versie\.\n$/ });
  await site.services.library.refresh();
  await begin(site, 'gewoon');
  await begin(site, 'dringend');
  t.match(await routes(), { stdout: /lopende zaken {2}2 op 1\.0\.0 \([0-9a-f]{8}\), 1 op 1\.1\.0 \([0-9a-f]{8}\)\n$/ });
  const admin = await site.signIn('beheer');
  t.match((await admin.get('/school')).text, 'Kleine route: versie 1.1.0 is gepubliceerd, 2 op een andere versie (1.0.0) en 1 lopende zaak erop.');
  change(folder, 'workflows/klein.json', '"title": "Kiezen"', '"title": "Nu kiezen"');
  t.match(await routes('publish'), { stdout: /is gepubliceerd\.[^\n]*\nklein: let op, een andere inhoud is ook als versie 1\.1\.0 gepubliceerd\. Hoog "version" bij elke verandering op/ });
});

t.test('a form that changed since somebody began it says so; what it has no place for any more is shown to copy, and is not lost by saving', async (t) => {
  const { folder, routes, site } = await school(t);
  const vries = await site.signIn('vries');
  const number = await begin(site, 'gewoon');
  const [path, start] = [`/cases/${number}/tasks/gesprek`, '/cases/new?route=klein'];
  const more = await (await vries.get(path)).submit({ '/boos': 'true', '/deelnemers/0': '', '/deelnemers/0/naam': 'Anna', '/deelnemers/0/functie': 'anders' }, { button: 'Werk het formulier bij' });
  await more.submit({ '/feiten': 'Het ging goed.', '/waarom': 'Om de toets.\nEn om thuis.', '/zorgen': ['slaap', 'eten'], '/deelnemers/0/welke': 'de buurvrouw' }, { button: 'Later verder' });
  await (await vries.get(start)).submit({ '/wat': 'Kwam te laat.', '/soort': 'gewoon', 'subject/naam': 'Noor' }, { button: 'Later verder' });
  t.notMatch((await vries.get(path)).text, /is veranderd|Neem over/, 'as long as nothing changed nothing is said');

  change(folder, 'workflows/klein.json', '"version": "1.0.0"', '"version": "1.1.0"');
  change(folder, 'forms/gesprek.json', '"boos": {', '"slot": { "type": "string", "title": "Hoe liep het af?", "maxLength": 200 }, "boos": {');
  change(folder, 'forms/gesprek.json', '{ "type": "Control", "scope": "#/properties/boos" }', '{ "type": "Control", "scope": "#/properties/slot" }, { "type": "Control", "scope": "#/properties/boos" }');
  const move = async (): Promise<void> => {
    t.match(await routes('publish'), { status: 0 });
    t.match(await routes('move', 'klein'), { status: 0 });
    await site.services.library.refresh();
  };
  await move();
  const changed = await vries.get(path);
  t.match(changed.text, /Dit formulier is veranderd sinds u begon.*Hoe liep het af\?/);
  t.notMatch(changed.text, /Neem over/);

  change(folder, 'workflows/klein.json', '"version": "1.1.0"', '"version": "1.2.0"');
  change(folder, 'forms/gesprek.json', '["slaap", "eten"]', '["eten", "school"]');
  change(folder, 'forms/gesprek.json', ',\n          "welke": { "type": "string", "title": "Welke?", "maxLength": 200, "when": { "functie": "anders" } }', '');
  change(folder, 'forms/gesprek.json', ',\n      "waarom": { "type": "string", "title": "Waarover?", "maxLength": 200 }', '');
  change(folder, 'forms/gesprek.json', '"elements": [{ "type": "Control", "scope": "#/properties/waarom" }]', '"elements": [{ "type": "Label", "text": "Blijf rustig." }]');
  await move();
  const left = /Neem over wat u wilt houden.*Waarover\? Om de toets\. En om thuis\..*Wie waren erbij\? Naam Anna; Functie anders; Welke\? de buurvrouw.*Welke zorgen zijn er\? slaap /;
  const resumed = await vries.get(path);
  t.match(resumed.text, left);
  t.match(resumed.html, /name="\/deelnemers\/0\/naam"[^>]*value="Anna"/, 'the rest stands where it stood');
  t.match(resumed.html, /value="eten" checked/, 'and of several answers what is still in the list');
  const saved = await vries.post(`${path}/draft`, new URLSearchParams(Object.entries({ ...hiddenIn(resumed), '/feiten': 'Het ging heel goed.', '/deelnemers/0': '', '/deelnemers/0/naam': 'Anna B.' })), { accept: 'application/json' });
  t.equal(saved.status, 200);
  const after = await vries.get(path);
  t.match(after.text, left, 'the first saving by itself loses nothing of it');
  t.match(after.html, /Het ging heel goed\./);
  const check = await after.submit({ '/datum#dag': '1', '/datum#maand': '3', '/datum#jaar': '2026', '/boos': 'false' });
  t.match(check.text, /Dit wordt niet bewaard.*Voor deze antwoorden heeft het formulier geen plaats meer\. Waarover\? Om de toets/);
  t.equal((await check.submit()).path, `/cases/${number}?done=saved`);
  change(folder, 'workflows/klein.json', '"version": "1.2.0"', '"version": "1.3.0"');
  change(folder, 'forms/leerling.json', '"naam": { "type": "string", "title": "Hoe heet de leerling?", "maxLength": 200', '"naam": { "type": "string", "title": "Hoe heet de leerling?", "enum": ["Sem", "Sara"]');
  t.match(await routes('publish'), { status: 0 });
  await site.services.library.refresh();
  t.match((await vries.get(start)).text, /is veranderd sinds u begon Deze vragen.*Hoe heet de leerling\? Noor/, 'so it goes for a case that is not there yet');
});

t.test('what is being written for a task that becomes another one goes along with the case, and back when that is undone', async (t) => {
  const { folder, routes, site } = await school(t);
  const vries = await site.signIn('vries');
  const [writing, other] = [await begin(site, 'gewoon'), await begin(site, 'gewoon')];
  await act(site, other, { type: 'submit', task: 'gesprek', answers: { datum: '2026-03-01', feiten: 'Klaar.', boos: false } });
  await (await vries.get(`/cases/${writing}/tasks/gesprek`)).submit({ '/feiten': 'Het ging goed.' }, { button: 'Later verder' });
  change(folder, 'workflows/klein.json', '"version": "1.0.0"', '"version": "1.1.0"');
  change(folder, 'workflows/klein.json', '"tasks.gesprek"', '"tasks.praten"');
  change(folder, 'workflows/klein.json', '"tasks": { "gesprek"', '"tasks": { "praten"');
  change(folder, 'workflows/klein.demo.json', '"submit": "gesprek"', '"submit": "praten"');
  change(folder, 'documents/verslag.hbs', 'taken.gesprek', 'taken.praten');
  t.match(await routes('publish'), { status: 0 });
  const plan = join(folder, 'plan.json');
  t.match(await routes('move', 'klein', '--plan', plan), { status: 1 });
  change(folder, 'plan.json', '"becomes": "?"', '"becomes": "praten"');
  t.match(await routes('move', 'klein', '--plan', plan), { status: 0, stdout: /2 zijn overgezet/ });
  await site.services.library.refresh();
  t.match((await vries.get(`/cases/${writing}/tasks/praten`)).html, /Het ging goed\./);
  t.same((await verify(site.database, site.keys)).findings, []);
  t.match(await routes('move', 'klein', '--undo'), { stdout: /2 zijn teruggezet/ });
  t.match((await vries.get(`/cases/${writing}/tasks/gesprek`)).html, /Het ging goed\./);
  t.same((await verify(site.database, site.keys)).findings, []);

  change(folder, 'plan.json', '"becomes": "praten"', '"becomes": null');
  t.match(await routes('move', 'klein', '--plan', plan), { status: 0, stdout: /zijn overgezet|is overgezet/ });
  await site.services.library.refresh();
  const gone = await (await vries.get(`/cases/${writing}`)).follow('een taak die er niet meer is');
  t.match(gone.text, /Concept, niet vastgelegd.*Na .* wordt dit gewist\..*Neem over wat u nog nodig hebt\..*Het ging goed\./, 'for a task that became nothing it can still be read');
  t.equal((await (await site.signIn('smit')).get(gone.path)).status, 404, 'by who wrote it only');
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
    '- Anders: regel R1, wat moet kloppen was "‘Gesprek’ is gedaan" en is nu "‘Gesprek’ is afgehandeld".',
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

t.test('SQLite', (t) => {
  moving(t, () => Promise.resolve(''));
  t.end();
});

t.test('PostgreSQL', async (t) => {
  const server = await startPostgres();
  t.teardown(() => server.stop());
  moving(t, () => server.newDatabase());
});

/** What every database must do. */
function moving(t: Test, newDatabase: () => Promise<string>): void {
  t.test('running cases move by a command while the server runs, the restricted ones not, and can be taken back as long as nothing was written', async (t) => {
    const { folder, routes, site } = await school(t, restricted, await newDatabase());
    const vries = await site.signIn('vries');
    const [first, second, hidden] = [await begin(site, 'gewoon'), await begin(site, 'gewoon'), await begin(site, 'dringend')];
    await act(site, first, { type: 'submit', task: 'gesprek', answers: { datum: '2026-03-01', feiten: 'Sam was moe.' } });
    for (const command of decided) await act(site, second, command);
    change(folder, 'workflows/klein.json', '"version": "1.0.0"', '"version": "1.1.0"');
    change(folder, 'workflows/klein.json', '"besluit.hulp": ["ja", "misschien"]', '"besluit.hulp": "ja"');
    change(folder, 'workflows/klein.json', '"tasks": { "gesprek"', '"tasks": { "huisbezoek": { "title": "Leg het huisbezoek vast", "form": "gesprek", "required": true }, "gesprek"');
    change(folder, 'forms/besluit.json', '["ja", "misschien", "nee"]', '["ja", "nee"]');
    change(folder, 'forms/gesprek.json', '"Wat hebt u besproken?"', '"Waarover sprak u?"');
    t.match(await routes('publish'), { stdout: /klein: 2 lopende zaken blijven op een oudere versie\.\nklein: let op, 1 lopende zaak kan niet zonder meer mee naar deze versie\./ });
    await site.services.library.refresh();

    const tried = await routes('move', 'klein', '--dry-run');
    t.equal(tried.status, 1);
    t.match(tried.stdout, /^klein: naar 1\.1\.0 \([0-9a-f]{8}\)\nVan 1\.0\.0 \([0-9a-f]{8}\): Vraagt een keuze: .*\n1 kan mee, 0 blijven, 1 vraagt een keuze\.\n/);
    t.match(tried.stdout, `${first}: kan mee. Daarna wordt gevraagd: Leg het huisbezoek vast.`);
    t.match(tried.stdout, `${second}: vraagt een keuze. Bij de vraag ‘Gaat u helpen?’ is ‘misschien’ gekozen. Dat antwoord is er niet meer.`);
    t.match(tried.stdout, 'npm run routes -- move klein --plan klein.plan.json --dry-run');
    t.notMatch(tried.stdout, new RegExp(`${hidden}|Sam|3 `), 'nothing of the restricted case, and no name');
    t.match((await vries.get(`/cases/${first}`)).text, 'versie 1.0.0', 'a try changes nothing');

    const plan = join(folder, 'plan.json');
    t.match(await routes('move', 'klein', '--plan', plan), { status: 1, stdout: /Het plan \S+ wacht op 1 keuze\. Vul die in en geef de opdracht opnieuw\.\n$/ });
    t.match(JSON.parse(readFileSync(plan, 'utf8')), { route: 'klein', answers: { 'besluit.hulp': { misschien: { was: 'misschien', cases: 1, becomes: '?', choose: { ja: 'ja', nee: 'nee' } } } } });
    change(folder, 'plan.json', '"becomes": "?"', '"becomes": "soms"');
    t.match(await routes('move', 'klein', '--plan', plan), { status: 1, stderr: /In het plan \S+ staat bij besluit\.hulp misschien achter "becomes": "soms"\. Kies een van: ja, nee, null\./ });
    change(folder, 'plan.json', '"becomes": "soms"', '"becomes": "ja"');
    t.match(await routes('move', 'klein', '--plan', plan, '--dry-run'), { status: 0, stdout: /\n2 kunnen mee, 0 blijven, 0 vragen een keuze\.\n/ });
    t.match(await routes('move', 'klein', '--plan', plan), { status: 0, stdout: /\n2 zijn overgezet, 0 blijven, 0 vragen een keuze\.\n/ });
    t.match(await routes('move', 'klein'), { status: 0, stdout: /0 zijn overgezet, 0 blijven, 0 vragen een keuze\.\n2 lopen er al op\.\n$/ });
    t.same((await verify(site.database, site.keys)).findings, []);

    const page = await vries.get(`/cases/${first}`);
    t.match(page.text, /versie 1\.1\.0/);
    t.match(page.text, 'Leg het huisbezoek vast', 'what is new is asked');
    t.match(page.text, 'De zaak is overgezet naar een nieuwe versie van de route, door het systeem.');
    t.match((await vries.get(`/cases/${first}/records/3`)).text, /Wat hebt u besproken\? Sam was moe\./, 'a record is shown with the form it was entered in');
    t.match((await vries.get(`/cases/${second}/records/4`)).text, /Gaat u helpen\? misschien/);
    t.match((await vries.get(`/cases/${second}`)).text, 'Helpen', 'and counts as what was chosen');
    t.match((await vries.get(`/cases/${first}/tasks/huisbezoek`)).text, 'Waarover sprak u?', 'what is filled in now has the new form');
    t.match((await vries.get(`/cases/${hidden}`)).text, /versie 1\.0\.0/, 'the restricted case stayed');

    await act(site, first, { type: 'correct', record: 3, answers: { feiten: 'Sam was ziek.' }, reason: 'De moeder belde dat het anders was.' });
    const corrected = (await vries.get(`/cases/${first}/records/3`)).text;
    t.match(corrected, /Waarover sprak u\? Sam was ziek\.[^]*Wat hebt u besproken\? Sam was moe\./, 'a correction is entered now, what it replaced was entered then');
    const undone = await routes('move', 'klein', '--undo');
    t.match(undone.stdout, `1 is teruggezet, 1 niet.\n${second}: teruggezet.\n${first}: kan niet terug. Er is sindsdien iets gebeurd.\n`);
    t.match((await vries.get(`/cases/${second}`)).text, /versie 1\.0\.0[^]*De zaak is teruggezet naar de vorige versie van de route/);
    t.match((await routes('move', 'klein', '--undo')).stdout, /^0 zijn teruggezet, 1 niet\./);
    t.same((await verify(site.database, site.keys)).findings, []);
    t.match((await routes('move', 'klein', '--to', '1.2.0')).stderr, /^Er is geen versie klein@1\.2\.0\. .*Versies die bewaard zijn: 1\.1\.0 \([0-9a-f]{8}\), 1\.0\.0 \([0-9a-f]{8}\)\.\n$/);
    t.match(await routes('move', 'klein', '--to', '1.0.0'), { status: 0, stdout: /1 is overgezet, 0 blijven/ });
    t.same((await verify(site.database, site.keys)).findings, []);
  });

  t.test('semantics 26: publishing and migration count and show by number the cases that are not restricted; restricted ones stay on their version until someone who may see them moves them', async (t) => {
    const { folder, routes, site } = await school(t, restricted, await newDatabase());
    const [vries, hofman] = [await site.signIn('vries'), await site.signIn('hofman')];
    const [hidden, plain] = [await begin(site, 'dringend'), await begin(site, 'gewoon')];
    for (const command of decided) await act(site, hidden, command);
    change(folder, 'workflows/klein.json', '"version": "1.0.0"', '"version": "1.1.0"');
    change(folder, 'workflows/klein.json', '"besluit.hulp": ["ja", "misschien"]', '"besluit.hulp": "ja"');
    change(folder, 'forms/besluit.json', '["ja", "misschien", "nee"]', '["ja", "nee"]');
    t.match(await routes('publish'), { stdout: /klein: 1 lopende zaak blijft op een oudere versie\.\n$/ });
    await site.services.library.refresh();
    t.match((await routes('move', 'klein')).stdout, new RegExp(`\\n1 is overgezet, 0 blijven, 0 vragen een keuze\\.\n${plain}: overgezet\\.\n$`));
    t.match((await vries.get(`/cases/${hidden}`)).text, /versie 1\.0\.0[^]*Versie 1\.1\.0 van de route is er\. Deze zaak is of was afgeschermd/);
    t.notMatch((await vries.get(`/cases/${plain}`)).text, 'van de route is er');
    t.same([(await vries.get(`/cases/${plain}/version`)).status, (await hofman.get(`/cases/${hidden}/version`)).status], [404, 404]);

    const page = await vries.get(`/cases/${hidden}/version`);
    t.match(page.text, /Deze zaak loopt op versie 1\.0\.0 van de route\. Gepubliceerd is versie 1\.1\.0\.[^]*‘misschien’ gekozen\. Dat antwoord is er niet meer\./);
    const refused = await page.submit({});
    t.match([refused.status, refused.text], [422, /Kies wat het wordt\./]);
    const moved = await refused.submit({ 'answer:besluit.hulp:misschien': 'ja' });
    t.match([moved.path, moved.text], [new RegExp(`^/cases/${hidden}`), /De zaak is overgezet naar de nieuwe versie van de route\.[^]*versie 1\.1\.0/]);
    t.match(moved.text, /overgezet naar een nieuwe versie van de route, door u/);
    t.same((await verify(site.database, site.keys)).findings, []);

    const back = await (await vries.get(`/cases/${hidden}/version`)).submit({});
    t.match(back.text, /De zaak is teruggezet naar de vorige versie van de route\.[^]*versie 1\.0\.0/);
    t.same((await verify(site.database, site.keys)).findings, []);
  });

  t.test('a move that is killed in the middle leaves whole cases, and goes on where it was', async (t) => {
    const { folder, routes, start, site } = await school(t, restricted, await newDatabase());
    for (let cases = 0; cases < 40; cases += 1) await begin(site, 'gewoon');
    change(folder, 'workflows/klein.json', '"title": "Kiezen"', '"title": "Nu kiezen"');
    await routes('publish');
    const [{ hash } = { hash: '' }] = await site.services.bundles.latest();
    const moved = async (): Promise<number> => (await site.services.bundles.running()).find((one) => one.hash === hash)?.cases ?? 0;
    const child = start('move', 'klein');
    const ended = new Promise((resolve) => { child.once('close', resolve); });
    while (child.exitCode === null && await moved() < 3) await new Promise((resolve) => { setTimeout(resolve, 2); });
    child.kill('SIGKILL');
    await ended;
    const half = await moved();
    t.ok(half >= 3 && half < 40, `${String(half)} of 40 had moved`);
    t.same((await verify(site.database, site.keys)).findings, []);
    t.match(await routes('move', 'klein'), { status: 0, stdout: new RegExp(`${String(40 - half)} (?:is|zijn) overgezet, 0 blijven, 0 vragen een keuze\\.\n${String(half)} lopen er al op`) });
    t.equal(await moved(), 40);
    t.same((await verify(site.database, site.keys)).findings, []);
  });
}

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

const restricted: [string, string, string] = ['workflows/klein.json', '"notify": ["ib"],', '"notify": ["ib"], "restrict": { "to": ["ib"], "lift": ["ib"] },'];

const decided: Act[] = [
  { type: 'submit', task: 'gesprek', answers: { datum: '2026-03-01', feiten: 'Sam was boos.' } },
  { type: 'take', step: 'kijken', transition: 'verder', answers: null },
  { type: 'submit', task: 'besluit', answers: { hulp: 'misschien' } }
];

type Act = Exclude<Command, { type: 'open' }>;

function readerAt({ people, school: id }: Site): Reader {
  return { id: people['vries']?.id ?? '', roles: ['ib'], school: id, settings: {} };
}

/** Starts a case of the published version; gives its number. */
async function begin(site: Site, soort: string): Promise<string> {
  const { services } = site;
  const [route] = services.library.published();
  if (route === undefined) throw new Error('Nothing is published.');
  const started = await services.cases.start(readerAt(site), route, { type: 'open', task: 'melding', answers: { wat: 'Een melding', soort }, subject: { naam: 'Sam' } }, { key: services.newKey(), draft: null });
  if (started.type !== 'done') throw new Error(started.type);
  return started.number;
}

async function act(site: Site, number: string, command: Act): Promise<void> {
  const done = await site.services.cases.act(readerAt(site), number, command, { key: site.services.newKey(), draft: null });
  if (done.type !== 'done') throw new Error(`${command.type}: ${done.type}`);
}

type Answer = { status: number | null; stdout: string; stderr: string };
/** `routes`: the command on the database of the site, in this process; `start`: as a process of its own. */
type School = { folder: string; site: Site; routes: (...args: string[]) => Promise<Answer>; start: (...args: string[]) => ChildProcess };

/** A server with the small route, after a change of its files, and the command on its database. */
async function school(t: Test, first: [string, string, string] | null = null, databaseUrl = ''): Promise<School> {
  const folder = copyOfContent(t);
  if (first !== null) change(folder, ...first);
  const site = await startSite({ contentDir: folder, databaseUrl });
  t.teardown(() => site.stop());
  const { PATH = '', HOME = '' } = process.env;
  const settings = { DATA_DIR: join(site.folder, 'data'), KEY_FILE: join(site.folder, 'main.key'), CONTENT_DIR: folder, DATABASE_URL: databaseUrl };
  const config = readConfig(settings, []);
  return {
    folder, site,
    routes: async (...args) => {
      const lines: string[] = [];
      const parts = { config, t: texts, say: (line: string) => { lines.push(`${line}\n`); }, now: () => new Date().toISOString(), database: site.database, keys: site.keys };
      try {
        const ok = await runRoutes(readRouteArguments(args, texts('routes.usage')), parts);
        return { status: ok ? 0 : 1, stdout: lines.join(''), stderr: '' };
      } catch (error) {
        if (!(error instanceof StartProblem)) throw error;
        return { status: 1, stdout: lines.join(''), stderr: `${texts(error.key, error.params)}\n` };
      }
    },
    start: (...args) => spawn(process.execPath, [join(projectRoot, 'dist', 'src', 'cli', 'routes.js'), ...args], { env: { PATH, HOME, ...settings }, stdio: ['ignore', 'pipe', 'inherit'] })
  };
}

/** What a process prints until it ends. */
async function textOf(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (part: string) => { text += part; });
  await new Promise((resolve) => { child.once('close', resolve); });
  return text;
}

/** Changes what stands once in a file. */
function change(folder: string, file: string, from: string, to: string): void {
  const text = readFileSync(join(folder, file), 'utf8');
  if (text.split(from).length !== 2) throw new Error(`"${from}" does not stand exactly once in ${file}.`);
  writeFileSync(join(folder, file), text.replace(from, () => to));
}

/** What a page tells of itself when it saves. */
function hiddenIn({ html }: { html: string }): { [name: string]: string } {
  return Object.fromEntries([...html.matchAll(/<input type="hidden" name="(_[a-z]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));
}
