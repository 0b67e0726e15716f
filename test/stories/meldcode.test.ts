import t from 'tap';
import type { Answers } from '../../src/definitions/bundle.ts';
import { advice, castAt, child, signal, toConversation } from '../fixtures/conversation.ts';
import { startSite, verifyFindings } from '../fixtures/site.ts';
import { startCase } from '../fixtures/story.ts';

const talk: Answers = {
  datum: '2026-03-05', ouder: 'M. Bakker', doelUitgelegd: 'Verteld dat wij ons zorgen maken.', feiten: 'Drie keer zonder ontbijt.', reactie: 'Schrok en wil helpen.',
  bijzondereVorm: 'geen', uitkomst: 'bekrachtigd', ondertekend: 'allen'
};
const closing: Answers = { conclusie: 'Alles is besproken.', beslotenDoor: 'A. de Vries', oudersIngelicht: true };
const weighing: Answers = {
  datum: '2026-03-06', basisSignalen: 'Drie signalen.', basisAdvies: 'Advies van 4 maart.', basisGesprek: 'Gesprek van 5 maart.', risico: 'matig', risicoMotivering: 'Het komt vaker voor.',
  aard: ['verwaarlozing'], aardMotivering: 'Geen ontbijt en geen jas.', ernst: 'matig', ernstMotivering: 'Sem is moe.', oordeelMeldpunt: 'Deelt de zorg.', gewogenDoor: 'A. de Vries'
};

t.test('a case closes in step 3 because of another cause', async (t) => {
  const site = await startSite();
  t.teardown(() => site.stop());
  const story = await toConversation(site);
  const cast = await castAt(site, '2026-03-05T15:00:00.000Z');
  t.match((await story.look(cast.vries)).text, /Stap 3/);
  await story.handIn(cast.vries, 'ouderGesprek', { ...talk, uitkomst: 'andere-oorzaak', andereOorzaak: 'De vader is ziek.' });
  const closed = await story.take(cast.vries, 'gesprek', 'andereOorzaak', closing);
  t.equal(closed.path, `/cases/${story.number}?done=closed`);
  t.match(closed.text, /De zorgen hebben een andere oorzaak/);
  const list = await cast.vries.get('/cases');
  t.notMatch(list.text, story.number, 'a closed case is not in the list');
  t.match((await cast.vries.get('/cases?afgesloten=1')).text, story.number);
});

t.test('each consultation asks by itself to be shared, with an address and a draft of its own', async (t) => {
  const site = await startSite();
  t.teardown(() => site.stop());
  const story = await toConversation(site);
  const { vries } = await castAt(site, '2026-03-05T15:00:00.000Z');
  await story.handIn(vries, 'advies', { ...advice, datum: '2026-03-05', anoniem: false });
  await story.handIn(vries, 'advies', { ...advice, datum: '2026-03-05', anoniem: true });
  const page = await story.look(vries);
  t.match(page.text, /Bespreek de uitkomst met de ouders: advies van 5 maart/);
  t.match(page.text, /Uitkomst delen met de ouders: collegiale consultatie van 4 maart/, 'the timeline says which one was shared');
  const tasks = `/cases/${story.number}/tasks`;
  const [open = '', ...more] = new Set(page.links.map(({ href }) => href).filter((href) => href.startsWith(`${tasks}/delenMetOuders:`)));
  t.same(more, [], 'not of what was asked anonymously, and not again of what was shared');
  await (await vries.get(open)).submit({ '/gedeeld': 'niet', _action: 'later' });
  const chosen = /value="niet"[^>]*checked/;
  t.match((await vries.get(open)).html, chosen);
  await story.handIn(vries, 'advies', { ...advice, datum: '2026-03-04', anoniem: false });
  const other = (await story.look(vries)).links.map(({ href }) => href).find((href) => href.startsWith(`${tasks}/delenMetOuders:`) && href !== open) ?? '';
  t.notMatch((await vries.get(other)).html, chosen, 'a draft belongs to one of them');
  for (const lost of ['delenMetOuders', 'delenMetOuders:1', 'delenMetOuders:999', 'advies:1']) t.equal((await vries.get(`${tasks}/${lost}`)).status, 404, lost);
});

t.test('help is organised, it starts again, the decision is made anew, a report is made twice', async (t) => {
  const site = await startSite();
  t.teardown(() => site.stop());
  const story = await toConversation(site);
  const before = await castAt(site, '2026-03-06T15:00:00.000Z');
  await story.handIn(before.vries, 'ouderGesprek', talk);
  await story.take(before.vries, 'gesprek', 'naarWegen');
  await story.handIn(before.vries, 'oordeelVragen', { ...advice, datum: '2026-03-06', over: 'wegen', oordeelWeging: 'Deelt de zorg.' });
  await story.handIn(before.vries, 'zorgkantoorBetrekken', { ...advice, datum: '2026-03-06', bij: 'zorgkantoor', over: 'vervolgstappen' });
  const empty = await before.vries.get(`/cases/${story.number}/tasks/weging`);
  t.match(empty.html, /<textarea[^>]*oordeelMeldpunt[^>]*>\s*Deelt de zorg\./, 'the judgement is taken over, to be changed');
  await story.handIn(before.vries, 'weging', weighing);
  t.equal((await story.take(before.vries, 'wegen', 'naarBesluiten')).path, `/cases/${story.number}?done=moved`);
  await story.handIn(before.vries, 'besluit', { beslotenOp: '2026-03-06', kanBeschermen: 'ja', motivering: 'De ouder werkt mee.', beslissers: [{ naam: 'A. de Vries', functie: 'intern begeleider' }] });
  t.match((await story.look(before.vries)).text, /‘Naar stap 5b: melden’ kan nog niet/, 'a closed way says so');
  t.equal((await story.take(before.vries, 'besluiten', 'hulp')).path, `/cases/${story.number}?done=moved`);
  const { vries, hofman } = await castAt(site, '2026-03-20T10:00:00.000Z');
  await story.handIn(vries, 'effect', { datum: '2026-03-20', waarnemingen: 'Weer zonder ontbijt.', resultaat: 'opnieuw-begonnen', toelichting: 'Drie dagen achter elkaar.', volgendeOp: '2026-03-27' });
  t.match((await story.look(vries)).text, /‘Alsnog melden: naar stap 5b’ kan nu/);
  await story.take(vries, 'hulp', 'opnieuwBesluiten', { motivering: 'Het is opnieuw begonnen.', beslotenDoor: 'A. de Vries' });
  await story.handIn(vries, 'besluit', { beslotenOp: '2026-03-20', kanBeschermen: 'nee', motivering: 'De hulp helpt niet.', beslissers: [{ naam: 'M. Hofman', functie: 'directeur' }] });
  await story.take(hofman, 'besluiten', 'melden');
  const announcement: Answers = { wie: 'M. Bakker', besproken: true, datum: '2026-03-20', redenUitgelegd: 'Verteld.', doelUitgelegd: 'Veiligheid.', reactie: 'Begrijpt het.', bezwaren: false, beschermingDoorslag: true };
  const report: Answers = {
    gemeldOp: '2026-03-20', hoe: 'telefoon', aanleiding: 'Het stopt niet.', feiten: [{ datum: '2026-03-18', gebeurtenis: 'Zonder ontbijt.', bron: 'eigen-waarneming' }],
    eigenActies: [{ voorWie: 'leerling', wat: 'Ontbijt op school.' }], terugkijkenOp: '2026-04-10'
  };
  const refused = await story.fillIn(vries, 'melding', report);
  t.equal(refused.status, 422, 'a report before it was discussed is refused');
  t.match(refused.text, /nog niet vooraf met de ouder besproken/);
  t.match(refused.html, /Het stopt niet\./, 'what was typed is still there');
  await story.handIn(vries, 'aankondigingOuder', announcement);
  await story.handIn(vries, 'melding', report);
  await story.handIn(vries, 'naMelding', { datum: '2026-03-20', waarnemingen: 'Geen verschil.', verbetering: 'onvoldoende', contactOp: '2026-03-20' });
  const again = await story.take(vries, 'melden', 'opnieuwMelden');
  t.equal(again.path, `/cases/${story.number}?done=moved`);
  await story.handIn(vries, 'aankondigingOuder', announcement);
  await story.handIn(vries, 'melding', { ...report, aanleiding: 'Nog geen verbetering.' });
  await story.handIn(vries, 'naMelding', { datum: '2026-03-20', waarnemingen: 'Het gaat beter.', verbetering: 'voldoende' });
  await story.handIn(vries, 'instanties', { beslotenOp: '2026-03-20', beslotenMet: 'ret', wieMeldt: 'A. de Vries', wieCommuniceert: 'M. Hofman', wieAanpak: 'A. de Vries' });
  t.equal((await story.take(vries, 'melden', 'afsluiten', closing)).path, `/cases/${story.number}?done=closed`);
  const document = await vries.get(`/cases/${story.number}/documents/melding`);
  t.equal(document.status, 200);
  t.notMatch(document.html, 'sp-paper__logo');
  await site.services.schools.setLogo(site.school, { type: 'image/png', data: Buffer.from('a picture') }, null);
  for (const path of ['', '?print=1']) t.match((await vries.get(`/cases/${story.number}/documents/melding${path}`)).html, /sp-paper">(?:<p class="sp-paper__mark">[^<]+<\/p>)?<img class="sp-paper__logo" src="\/assets\/logo\/[^"]+" alt="">/, 'the logo of the school stands on the paper');
  t.match(document.text, /Nog geen verbetering|Het stopt niet/);
});

t.test('an emergency in step 1 skips the check page, reports in the same form and marks the skipped steps; it is written down in an open case and before one exists, and about a closed case it starts a new one', async (t) => {
  const site = await startSite();
  t.teardown(() => site.stop());
  const { smit, vries, hofman } = await castAt(site, '2026-03-02T09:00:00.000Z');
  const { story } = await startCase(site, smit, 'signaal', signal, child);
  const saved = await story.fillIn(smit, 'noodsituatie', { gebeld: ['alarm', 'meldpunt'], gezegd: 'Meteen komen.', meldingGedaan: true });
  t.equal(saved.path, `/cases/${story.number}?done=saved`, 'at once, without a check page');
  const page = await story.look(vries);
  t.match(page.text, /Stap 5b/);
  t.match(page.text, /Overgeslagen: noodsituatie/);
  const note = await (await smit.get('/emergency-note')).submit({ '/gezegd': 'Gebeld met 112.' });
  t.match(note.path, /^\/cases\/\d{4}-[A-Z0-9]{4}\?done=started/, 'also without a case, with one answer');
  const empty = await (await smit.get('/emergency-note')).submit();
  t.match(empty.path, /done=started/, 'nothing at all is required');
  t.ok((await story.look(vries)).links.some(({ href }) => href === `/cases/${story.number}/tasks/noodsituatie`));
  await story.take(hofman, null, 'onterecht', { conclusie: 'Het ging over een ander kind.', beslotenDoor: 'M. Hofman', oudersIngelicht: true });
  const closed = await story.look(vries);
  t.match(closed.text, /Deze zaak is gesloten: hiermee begint een nieuwe\./);
  t.same(closed.links.map(({ href }) => href).filter((href) => /emergency-note|noodsituatie/.test(href)), ['/emergency-note']);
});

t.test('semantics 25: without a contact of the board the branch about staff says so and names the vertrouwensinspecteur', async (t) => {
  const site = await startSite();
  t.teardown(() => site.stop());
  const { smit } = await castAt(site, '2026-03-02T09:00:00.000Z');
  const asked = await (await smit.get('/cases/new')).submit({ '/betreftMedewerker': 'true', '/feit': 'Een klap.' });
  t.match(asked.text, /Bel nu het schoolbestuur.*Vertrouwensinspecteur.*0900-1113111.*nog geen nummer van: Schoolbestuur\. Bel dan wie hierboven wel een nummer heeft/, 'also while the directory is empty');
  await site.services.partners.load(site.school, { partners: [{ organisation: 'Stichting Zuid', roles: ['schoolbestuur'], phone: '050-000 00 90' }] }, null);
  const known = await (await smit.get('/cases/new')).submit({ '/betreftMedewerker': 'true', '/feit': 'Een klap.' });
  t.match(known.text, /Stichting Zuid 050-000 00 90.*0900-1113111/);
  t.notMatch(known.text, /nog geen nummer/);
  await site.services.people.setRoles(site.people['visser']?.id ?? '', site.school, { roles: [], admin: false });
  const { story } = await startCase(site, smit, 'signaal', { ...signal, betreftMedewerker: true }, child);
  t.match((await story.look(smit)).text, /Nog niemand anders leest dit.*niemand een account met de rol Schoolbestuur.*Draag de zaak over/);
  await site.services.people.setRoles(site.people['visser']?.id ?? '', site.school, { roles: ['bestuur'], admin: false });
  const visser = await site.signIn('visser');
  t.equal((await story.look(visser)).status, 404, 'a role alone gives nothing');
  await (await smit.get(`/cases/${story.number}/responsible`)).submit({ to: site.people['visser']?.id ?? '' });
  t.match((await story.look(visser)).text, /Deze zaak is afgeschermd/);
  t.notMatch((await story.look(smit)).text, /Nog niemand anders leest dit/);
});

t.test('semantics 8: what somebody was writing when a case became restricted is kept for the board, which reading is written down', async (t) => {
  const site = await startSite();
  t.teardown(() => site.stop());
  const { smit, vries, hofman } = await castAt(site, '2026-03-02T09:00:00.000Z');
  const { story } = await startCase(site, smit, 'signaal', signal, child);
  const form = await hofman.get(`/cases/${story.number}/tasks/overleg`);
  t.match((await form.submit({ '/uitkomst': 'Ik regel dit zelf wel.' }, { button: 'Later verder' })).text, /U kunt 14 dagen lang verder/);
  t.match((await hofman.get(`/cases/${story.number}/tasks/overleg`)).text, /U kunt verder tot en met maandag 16 maart|U kunt verder tot en met 16 maart/);
  t.notMatch((await story.look(vries)).text, /Concept van/, 'not while the case is open to its readers');
  await story.handIn(smit, 'signaal', { ...signal, betreftMedewerker: true, medewerker: { id: site.people['hofman']?.id ?? '' } });
  const gone = await form.submit({ '/uitkomst': 'Ik regel dit zelf wel, en nu.' }, { button: 'Later verder' });
  t.equal(gone.status, 404);
  const visser = await site.signIn('visser');
  const page = await story.look(visser);
  t.match(page.text, /Concept van M\. Hofman: Intern overleg|Concept van M\. Hofman/);
  const { href = '' } = page.links.find(({ text }) => text.startsWith('Concept van')) ?? {};
  const draft = await visser.get(href);
  t.match(draft.text, /Concept, niet vastgelegd.*Concept van M\. Hofman.*Ik regel dit zelf wel/);
  t.notMatch(draft.text, /en nu/, 'what came after it is not kept');
  t.notMatch(draft.html, /<form method="post" action="\/cases/, 'it is read and not changed');
  const lines = await site.database.read('access_log').where('action', 'viewDraft') as { person_id: string }[];
  t.same(lines.map(({ person_id: id }) => id), [site.people['visser']?.id]);
  for (const other of [smit, vries, hofman, await site.signIn('beheer')]) t.equal((await other.get(href)).status, 404);
  t.notMatch((await story.look(smit)).text, /Concept van/);
});

t.test('a case about somebody who works at school is seen by its author and the board only', async (t) => {
  const site = await startSite();
  t.teardown(() => site.stop());
  const { smit, vries, hofman } = await castAt(site, '2026-03-02T09:00:00.000Z');
  const visser = await site.signIn('visser');
  const { story, page } = await startCase(site, smit, 'signaal', { ...signal, betreftMedewerker: true, medewerker: { id: site.people['hofman']?.id ?? '' } }, child);
  t.match(page.path, /done=boardTold/);
  t.match((await story.look(visser)).text, /Deze zaak is afgeschermd/);
  t.match((await visser.get('/cases')).text, story.number);
  for (const outsider of [vries, hofman, await site.signIn('jansen'), await site.signIn('beheer')]) {
    const none = await outsider.get('/cases/2026-ZZZZ');
    const other = await outsider.get(`/cases/${story.number}`);
    t.equal(other.status, 404);
    t.equal(other.html.replaceAll(story.number, '2026-ZZZZ'), none.html, 'no case and not your case look the same');
    t.notMatch((await outsider.get('/cases')).html, story.number);
  }
  t.equal((await story.look(smit)).status, 200, 'the author keeps what is their own');
  t.equal((await smit.get(`/cases/${story.number}/documents`)).status, 404);

  t.equal((await smit.get(`/cases/${story.number}/restriction-end`)).status, 404, 'the author cannot lift it');
  const lifting = await (await story.look(visser)).follow('Opheffen');
  t.match(lifting.text, /Daarna zien ook A\. de Vries deze zaak.*M\. Hofman: ziet deze zaak ook daarna nooit/);
  t.equal((await lifting.submit({ reason: 'kort' })).status, 422);
  const lifted = await lifting.submit({ reason: 'Onderzocht: de zorg gaat over thuis.' });
  t.match(lifted.text, /De afscherming is opgeheven\..*Onderzocht: de zorg gaat over thuis\./);
  t.notMatch(lifted.text, /Deze zaak is afgeschermd|Opheffen/);
  t.match((await story.look(vries)).text, 'Sem Bakker', 'the readers of the route are on the list again');
  t.equal((await hofman.get(`/cases/${story.number}`)).status, 404, 'who was shut out by name stays out');
  t.notMatch((await vries.get(`/cases/${story.number}/responsible`)).text, 'M. Hofman', 'and cannot be made responsible');
  t.same(await verifyFindings(site), []);
});
