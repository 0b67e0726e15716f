import { join } from 'node:path';
import t from 'tap';
import { projectRoot } from '../../src/config.ts';
import type { Answers } from '../../src/definitions/bundle.ts';
import type { Browser } from '../fixtures/browser.ts';
import { startSite, type TestSite } from '../fixtures/site.ts';
import { startCase, type Story } from '../fixtures/story.ts';

const child: Answers = { naam: 'Sem Bakker', groep: '5' };
const signal: Answers = { betreftMedewerker: false, feit: 'Kwam drie dagen zonder ontbijt op school.', bron: 'eigen-waarneming', datum: '2026-03-02' };
const talk: Answers = {
  datum: '2026-03-03', ouder: 'M. Bakker', doelUitgelegd: 'Verteld dat wij ons zorgen maken.', feiten: 'Drie keer zonder ontbijt.', reactie: 'Schrok en wil helpen.',
  bijzondereVorm: 'geen', uitkomst: 'bekrachtigd', ondertekend: 'allen'
};
const weighing: Answers = {
  datum: '2026-03-03', basisSignalen: 'Drie signalen.', basisAdvies: 'Geen advies gevraagd.', basisGesprek: 'Gesprek van 3 maart.', risico: 'matig', risicoMotivering: 'Het komt vaker voor.',
  aard: ['verwaarlozing'], aardMotivering: 'Geen ontbijt.', ernst: 'matig', ernstMotivering: 'Sem is moe.', gewogenDoor: 'A. de Vries'
};
const deciders: Answers[] = [{ naam: 'M. Hofman', functie: 'directeur' }];
const closing: Answers = { conclusie: 'Alles is besproken.', beslotenDoor: 'M. Hofman', oudersIngelicht: true };

type Cast = { smit: Browser; vries: Browser; hofman: Browser };

/** Moves the clock; everybody signs in anew. */
async function castAt(site: TestSite, now: string): Promise<Cast> {
  site.clock.now = now;
  return { smit: await site.signIn('smit'), vries: await site.signIn('vries'), hofman: await site.signIn('hofman') };
}

/** The meldcode of 2019 up to and with the first question of the weighing. */
async function weighed(site: TestSite, { smit, vries }: Cast, vermoeden: 'ja' | 'nee'): Promise<Story> {
  const { story } = await startCase(site, smit, 'signaal', signal, child);
  await story.complete(smit, 'signaal', { richting: 'bevestigt' });
  await story.handIn(vries, 'overleg', { metDirectie: true, directieOp: '2026-03-02', metIb: true, ibOp: '2026-03-02', uitkomst: 'Wij gaan verder.' });
  await story.handIn(vries, 'kindcheck', { datum: '2026-03-02', oudersignalen: 'nee', andereKinderen: 'ja', kinderen: [{ naam: 'Zusje', leeftijd: '4' }] });
  await story.handIn(vries, 'samenvatting', { zijnErZorgen: 'ja', zorgen: 'Verwaarlozing.' });
  await story.take(vries, 'signalen', 'naarConsultatie');
  await story.handIn(vries, 'bespreking', { datum: '2026-03-03', bereik: 'intern', waar: 'bilateraal', met: 'intern-begeleider', deskundigheid: 'Intern begeleider', vraag: 'Herkent u dit?', uitkomst: 'Wij gaan in gesprek.' });
  await story.handIn(vries, 'adviesAfweging', { twijfelOorzaak: false, twijfelVeiligheid: false, adviesNodig: false, motivering: 'De oorzaak is bekend.' });
  await story.take(vries, 'consultatie', 'naarGesprek');
  await story.handIn(vries, 'ouderGesprek', talk);
  await story.waive(vries, 'gesprek', 'leerling', 'Sem is vandaag ziek.');
  await story.take(vries, 'gesprek', 'naarWegen');
  await story.handIn(vries, 'weging', weighing);
  await story.handIn(vries, 'vermoeden', { datum: '2026-03-03', vermoeden, motivering: 'Het herhaalt zich.', beantwoordDoor: 'M. Hofman' });
  return story;
}

t.test('with the route of 2019: doubt about safety means a report, help goes on beside it, and both end in one step', async (t) => {
  const site = await startSite({ routes: ['meldcode', 'meldcode-2019'] });
  t.teardown(() => site.stop());
  const cast = await castAt(site, '2026-03-03T15:00:00.000Z');
  const story = await weighed(site, cast, 'ja');
  await story.take(cast.vries, 'wegen', 'naarBeslissen');
  await story.handIn(cast.vries, 'afwegingskader', { datum: '2026-03-03', onveiligheid: 'twijfel', onveiligheidMotivering: 'Wij weten het niet zeker.', effectieveHulp: 'ja', hulpDoor: 'ib', effectieveHulpMotivering: 'Er is een aanbod.', aanvaarden: 'ja', aanvaardenMotivering: 'Moeder wil hulp.', gewogenDoor: 'A. de Vries' });
  const decision: Answers = { beslotenOp: '2026-03-03', melden: 'nee', meldenMotivering: 'Eerst hulp.', hulp: 'ja', hulpMotivering: 'Moeder wil hulp.', beslissers: deciders };
  const refused = await story.fillIn(cast.hofman, 'besluit', decision);
  t.equal(refused.status, 422);
  t.match(refused.text, /Bij onveiligheid, bij twijfel en bij een onthulling gaat melden voor/);
  await story.handIn(cast.hofman, 'besluit', { ...decision, melden: 'ja' });
  await story.take(cast.hofman, 'beslissen', '-');
  const both = await story.look(cast.vries);
  t.match(both.text, /Meld bij Veilig Thuis/);
  t.match(both.text, /Leg de afspraken over de hulp vast/, 'one click took both ways');
  const report: Answers = {
    gemeldOp: '2026-03-03', hoe: 'telefoon', bronVerborgen: false, aanleiding: 'Sem krijgt vaak geen eten.', feiten: [{ datum: '2026-03-02', gebeurtenis: 'Zonder ontbijt.', bron: 'eigen-waarneming' }],
    eigenActies: [{ voorWie: 'leerling', wat: 'Ontbijt op school.' }], terugkijkenOp: '2026-03-16'
  };
  t.match((await story.fillIn(cast.vries, 'melding', report)).text, /De ouder weet nog niet dat u gaat melden/);
  await story.handIn(cast.vries, 'aankondigingOuder', { wie: 'M. Bakker', besproken: false, grond: 'vertrouwen', motivering: 'De verstoring is ernstig, want moeder dreigt te verhuizen.' });
  await story.handIn(cast.vries, 'melding', report);
  const later = await castAt(site, '2026-03-16T15:00:00.000Z');
  const page = await story.look(later.vries);
  t.match(page.text, /Vraag Veilig Thuis wat er met de melding gebeurt/);
  t.match(page.text, /Ga na of Veilig Thuis de betrokkenen heeft ingelicht/);
  await story.handIn(later.vries, 'terugmelding', { gevraagdOp: '2026-03-10', terugmelding: 'Er komt onderzoek.', onderzoek: 'ja', besluitOp: '2026-03-09' });
  await story.handIn(later.vries, 'naMelding', { datum: '2026-03-16', waarnemingen: 'Sem heeft ontbeten.', verbetering: 'voldoende' });
  await story.take(later.vries, 'melden', 'afgerond');
  t.match((await story.look(later.vries)).text, /Stap 5a/, 'the help is not done yet');
  await story.handIn(later.vries, 'hulpGesprek', { ...talk, datum: '2026-03-16' });
  await story.handIn(later.vries, 'hulpplan', {
    datum: '2026-03-16', doelen: 'Elke dag eten.', hulp: [{ voorWie: 'gezin', wat: 'Opvoedhulp' }], casemanager: { id: site.people['vries']?.id ?? '' }, taken: [{ wie: 'Moeder', wat: 'Ontbijt maken.' }], resultaatOp: '2026-03-16', maatstaf: 'Sem heeft elke dag gegeten.'
  });
  await story.handIn(later.vries, 'resultaat', { datum: '2026-03-16', waarnemingen: 'Sem eet.', resultaat: 'ja', toelichting: 'Twee weken op rij.' });
  await story.take(later.vries, 'hulp', 'afgerond');
  await story.handIn(later.vries, 'monitoring', {
    datum: '2026-03-16', afspraken: [{ overWie: 'Sem', wat: 'Elke maandag vragen hoe het gaat.', wie: 'J. Smit' }], tot: '2026-09-01', verantwoordelijke: { id: site.people['vries']?.id ?? '' }, signaleren: 'Veilig Thuis bellen.'
  });
  t.equal((await story.take(later.hofman, 'afronden', 'sluiten', closing)).path, `/cases/${story.number}?done=closed`);
  for (const document of ['Afwegingskader en besluiten', 'Melding', 'Overzicht van signalen', 'Gespreksverslag van 16 maart']) t.equal((await (await later.vries.get(`/cases/${story.number}/documents`)).follow(document)).status, 200, document);
  t.match((await later.vries.get(`/cases/${story.number}/documents/melding`)).text, /Andere kinderen in het gezin Zusje, 4.*De vertrouwensrelatie kan er ernstig door worden verstoord/);
});

t.test('with the route of 2019: no suspicion closes the case, with the reason written down, and offers the zorgroute (S127)', async (t) => {
  const site = await startSite({ routes: ['meldcode-2019', 'zorgroute'] });
  t.teardown(() => site.stop());
  const cast = await castAt(site, '2026-03-03T15:00:00.000Z');
  const story = await weighed(site, cast, 'nee');
  t.match((await story.look(cast.vries)).text, /‘Naar stap 5: beslissen’ kan nog niet/);
  const closed = await story.take(cast.vries, 'wegen', 'geenVermoeden', closing);
  t.match(closed.text, /Gewogen: geen vermoeden/);
  const offer = (await story.look(cast.vries)).links.find(({ href }) => href.endsWith('link=zorgroute'));
  const first = await cast.vries.get(offer?.href ?? '');
  t.match(first.html, /value="Sem Bakker"/, 'who it is about goes along');
  t.notMatch(first.text, /Verwaarlozing|zonder ontbijt/, 'and nothing else does');
});

t.test('a newer route takes the place of the older one, until a school switches it off', async (t) => {
  const site = await startSite({ routes: ['meldcode', 'meldcode-2019'] });
  t.teardown(() => site.stop());
  const { smit } = await castAt(site, '2026-03-03T15:00:00.000Z');
  const start = await smit.get('/cases/new');
  t.match(start.text, /Meldcode met afwegingskader/, 'one is offered, so nothing has to be chosen');
  t.notMatch(start.text, /Sinds 1 januari 2019/);
  t.equal((await smit.get('/cases/new?route=meldcode')).html.includes('value="meldcode-2019"'), true);
  const beheer = await site.signIn('beheer');
  const routes = await beheer.get('/school/setup/routes');
  t.match(routes.text, /Nieuwe zaken beginnen met ‘Meldcode huiselijk geweld en kindermishandeling, met afwegingskader’/);
  t.notMatch(routes.text, /Sinds 1 januari 2019/);
  await routes.submit({ routes: ['meldcode'] });
  t.match((await beheer.get('/school/setup/routes')).text, /Sinds 1 januari 2019 moet elke meldcode/);
  t.match((await smit.get('/cases/new')).text, /Sinds 1 januari 2019 moet elke meldcode/);
});

t.test('the zorgroute runs from the group to a plan with the parents, and back to the group; closed, it is reopened where the person chooses', async (t) => {
  const site = await startSite({ routes: ['meldcode-2019', 'zorgroute'] });
  t.teardown(() => site.stop());
  const { smit, vries } = await castAt(site, '2026-03-03T15:00:00.000Z');
  const offer = await smit.get('/cases/new');
  t.match(offer.text, /Signaal van geweld.*Een leerling heeft extra ondersteuning nodig/, 'both routes are offered');
  const none = await offer.submit({}, { form: '/cases/new', button: 'Verder' });
  t.equal(none.status, 422, 'going on without a choice is told');
  t.match(none.title, /^Fout: /);
  t.match(none.html, /<div class="govuk-error-summary" tabindex="-1" data-focus>\s*<div role="alert">[^]*<a href="#route">Kies waar het om gaat\.<\/a>[^]*id="route-fout"[^]*<input[^>]*id="route"/);
  t.equal((await offer.submit({ route: 'zorgroute' }, { form: '/cases/new', button: 'Verder' })).html.includes('value="zorgroute"'), true);
  const { story } = await startCase(site, smit, 'signaal', { gebied: ['leren'], wat: 'Leest langzaam.' }, child, 'zorgroute');
  await story.handIn(smit, 'gesprek', { datum: '2026-03-03', met: 'M. Bakker', besproken: 'Lezen.', ouders: 'Willen helpen.', leerling: 'Vindt lezen moeilijk.' });
  await story.handIn(smit, 'groepsbespreking', { datum: '2026-03-03', aanwezig: 'A. de Vries', behoeften: 'Vaker oefenen.', aanbod: 'intensief', doelen: 'Niveau M4.', periodeTot: '2026-03-03' });
  t.match((await smit.get(`/cases/${story.number}/exits/signaleren/naarLeerlingbespreking`)).text, /De periode in de groep is nog niet afgerond/);
  await story.complete(smit, 'groepsbespreking', { resultaat: 'Te weinig.', uitkomst: 'leerlingbespreking' });
  await story.take(vries, 'signaleren', 'naarLeerlingbespreking');
  await story.handIn(vries, 'leerlingbespreking', { datum: '2026-03-03', aanwezig: 'J. Smit', vraag: 'Wat helpt bij lezen?', analyse: 'Te weinig oefening.', afspraken: [{ wie: 'J. Smit', wat: 'Elke dag lezen.' }], extern: 'nee' });
  await story.take(vries, 'bespreken', 'inDeSchool');
  await story.handIn(smit, 'handelingsplan', { datum: '2026-03-03', soort: 'handelingsplan', behoeften: 'Oefenen.', afsprakenKlas: 'Elke dag.', doelen: 'M4.', wie: 'J. Smit', van: '2026-03-03', tot: '2026-03-03', status: 'loopt', besprokenOp: '2026-03-03' });
  await story.take(vries, 'uitvoeren', 'naarEvaluatie');
  await story.handIn(vries, 'evaluatie', { datum: '2026-03-03', doelen: [{ doel: 'M4', bereikt: 'behaald' }], ouders: 'Blij.', leerling: 'Leest nu graag.', vervolg: 'afschalen', motivering: 'Het kan weer in de groep.' });
  await story.take(vries, 'evalueren', 'afschalen');
  t.match((await story.look(vries)).text, /Stap 1: Signaleren en in de groep aanpakken/);
  t.match((await vries.get(`/cases/${story.number}/documents/groeidocument`)).text, /Wat school en thuis weten.*Leest langzaam\..*Leest nu graag\./s);
  t.match((await (await vries.get(`/cases/${story.number}/documents`)).follow('Gespreksverslag van 3 maart')).text, /Vindt lezen moeilijk/);
  await story.take(vries, null, 'nietMeerNodig', { conclusie: 'Leest nu goed.', oudersIngelicht: true });
  const asked = await (await vries.get(`/cases/${story.number}/reopenings/heropenen`)).submit({ '/motivering': 'Het gaat weer minder.', '/beslotenDoor': 'A. de Vries' });
  t.equal(asked.status, 422);
  t.match(asked.text, /Kies waar de zaak verder gaat/);
  t.match((await asked.submit({ to: 'bespreken' })).text, /De zaak is heropend.*Het gaat weer minder/, 'in the step that the person chooses');
});

t.test('semantics 27: who chooses "Ik weet het niet" is offered a route by the answers, in doubt the meldcode, and nothing goes along', async (t) => {
  const site = await startSite({ routes: ['verzoek-inzage', 'meldcode', 'meldcode-2019', 'zorgroute', 'zorgwijzer'] });
  t.teardown(() => site.stop());
  const { smit, vries } = await castAt(site, '2026-03-03T15:00:00.000Z');
  const start = await smit.get('/cases/new');
  t.match(start.text, /Signaal van .*Een leerling heeft extra ondersteuning nodig.*om inzage of verbetering.*Ik weet het niet Drie korte vragen helpen u kiezen/s, 'what cannot wait first, then by title');
  const questions = await start.submit({ route: 'zorgwijzer' }, { form: '/cases/new', button: 'Verder' });
  t.match(questions.text, /Bekijk het antwoord.*Alleen u ziet wat u hier antwoordt\./s, 'the button says what it does: no case runs on');
  t.ok(questions.links.some(({ href }) => href === '/emergency-note'), 'an emergency is one click away, as everywhere');
  const no: Answers = { denktAanGeweld: false, zorgOverThuis: false, ietsVerteld: false };
  const answered = async (answers: Answers): Promise<{ number: string; text: string; offers: string[] }> => {
    const { story: { number }, page } = await startCase(site, smit, 'wegwijzervragen', answers, {}, 'zorgwijzer');
    return { number, text: page.text, offers: page.links.flatMap(({ href }) => (href.includes('link=') ? [href] : [])) };
  };
  const calm = await answered(no);
  t.match(calm.text, /Deze zaak is afgesloten De zorgroute past hier het best.*Een leerling heeft extra ondersteuning nodig kan worden gestart.*Er gaat niets mee\./s);
  t.strictSame(calm.offers, Array<string>(2).fill(`/cases/new?from=${calm.number}&link=zorgroute`), 'what to do now is a button, and stands in the list');
  const doubt = await answered({ ...no, zorgOverThuis: true });
  t.match(doubt.text, /De meldcode past hier het best.*Signaal van geweld, mishandeling of verwaarlozing kan worden gestart/s);
  t.strictSame(new Set(doubt.offers), new Set([`/cases/new?from=${doubt.number}&link=meldcode`]), 'the route of 2013 has been replaced');
  t.equal((await vries.get(`/cases/${doubt.number}`)).status, 404, 'nobody else sees the answers');
  const first = await smit.get(doubt.offers[0] ?? '');
  t.match(first.html, /name="_route" value="meldcode-2019"/);
  t.notMatch(first.text, /Wat neemt u nog meer mee|hoe het thuis gaat/);
  await (await (await site.signIn('beheer')).get('/school/setup/routes')).submit({ routes: ['meldcode', 'zorgwijzer', 'zorgroute'] });
  const older = await answered({ ...no, ietsVerteld: true });
  t.strictSame(new Set(older.offers), new Set([`/cases/new?from=${older.number}&link=meldcode2013`]), 'a school that keeps the route of 2013 is led there');
  t.match((await smit.get(older.offers[0] ?? '')).html, /name="_route" value="meldcode"/);
});

t.test('a leave request, another field altogether, runs through the same pages', async (t) => {
  const site = await startSite({ contentDir: join(projectRoot, 'test', 'fixtures', 'leave') });
  t.teardown(() => site.stop());
  const { smit, hofman } = await castAt(site, '2026-03-03T15:00:00.000Z');
  const wish: Answers = { soort: 'vakantie', van: '2026-04-06', tot: '2026-04-10' };
  await t.rejects(startCase(site, smit, 'aanvraag', { ...wish, tot: '2026-04-01' }, {}), /De laatste dag ligt voor de eerste/);
  const { story } = await startCase(site, smit, 'aanvraag', wish, {});
  t.match((await story.look(smit)).text, /U hoeft nu niets te doen/, 'who asks does not decide');
  await story.handIn(hofman, 'besluit', { akkoord: true });
  t.match((await story.look(hofman)).text, /‘Verlof geweigerd’ kan nog niet/);
  t.match((await story.take(hofman, 'beoordelen', 'akkoord')).text, /Verlof gegeven/);
});
