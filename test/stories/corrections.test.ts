import t from 'tap';
import type { Answers } from '../../src/definitions/bundle.ts';
import type { Browser } from '../fixtures/browser.ts';
import { startSite, type TestSite, verifyFindings } from '../fixtures/site.ts';
import { startCase, type Story } from '../fixtures/story.ts';

const signal: Answers = { betreftMedewerker: false, feit: 'Kwam drie dagen zonder ontbijt op school.', bron: 'eigen-waarneming', datum: '2026-03-02' };
const child: Answers = { naam: 'Sem Bakker', groep: '5' };
const meeting: Answers = { metDirectie: true, directieOp: '2026-03-02', metIb: true, ibOp: '2026-03-02', uitkomst: 'Wij gaan verder.' };

type Cast = { smit: Browser; vries: Browser; hofman: Browser };

/** A case in step 1 with its meeting, and three people signed in. */
async function begun(): Promise<{ site: TestSite; story: Story; cast: Cast }> {
  const site = await startSite({ now: '2026-03-04T15:00:00.000Z' });
  const cast = { smit: await site.signIn('smit'), vries: await site.signIn('vries'), hofman: await site.signIn('hofman') };
  const { story } = await startCase(site, cast.smit, 'signaal', signal, child);
  return { site, story, cast };
}


t.test('a record is corrected with a reason; the old version stays to be read, and what was passed is not undone', async (t) => {
  const { site, story, cast: { smit, vries } } = await begun();
  t.teardown(() => site.stop());
  await story.handIn(vries, 'overleg', meeting);
  await story.handIn(vries, 'samenvatting', { zijnErZorgen: 'ja', zorgen: 'Verwaarlozing.' });
  await story.take(vries, 'signalen', 'naarConsultatie');
  const record = `/cases/${story.number}/records/3`;
  const page = await vries.get(record);
  t.match(page.text, /Wij gaan verder/);
  const form = await page.follow('Deze vastlegging verbeteren');
  const refused = await form.submit({ '/uitkomst': 'Wij wachten nog.', reason: '' }, { button: 'Controleren en verbeteren' });
  t.equal(refused.status, 422);
  t.match(refused.text, /Schrijf een reden van ten minste 10 tekens/);
  t.match(refused.html, /Wij wachten nog/, 'what was typed is still there');
  site.clock.now = '2026-03-04T15:10:00.000Z';
  const check = await refused.submit({ '/metDirectie': 'false', '/directieOp/day': '', '/directieOp/month': '', '/directieOp/year': '', reason: 'De directeur was er niet bij.' }, { button: 'Controleren en verbeteren' });
  t.equal(check.path, `${record}/correction/check`, check.text.slice(0, 900));
  t.match(check.text, /Zo wordt het.*Wij wachten nog.*Zo staat het nu.*Wij gaan verder.*De directeur was er niet bij/);
  t.match(check.text, /Achteraf niet meer voldaan: Overleg/);
  const done = await check.submit();
  t.equal(done.path, `${record}?done=corrected`);
  t.match(done.text, /Verbeterd op .* door u.*Wij wachten nog.*Eerdere versies.*Versie 1.*Reden: De directeur was er niet bij.*Wij gaan verder/);
  const again = await check.submit();
  t.equal(again.path, `${record}?done=corrected`, 'a second click makes no second version');
  const after = await story.look(vries);
  t.match(after.text, /Stap 2/);
  t.match(after.text, /Verbeterd: .*De directeur was er niet bij.*Achteraf niet meer voldaan: Overleg/);
  t.equal((await site.services.cases.versions(await opened(site, story.number), await recordAt(site, story.number, 3))).length, 2);
  t.equal((await smit.get(`${record}/correction`)).status, 404, 'a colleague with own access does not even see it');
});

t.test('what a parent thinks of a record stands beside it: on its page, in the dossier and in what prints it; neither changes the other', async (t) => {
  const { site, story, cast: { smit, vries } } = await begun();
  t.teardown(() => site.stop());
  await story.handIn(vries, 'samenvatting', { zijnErZorgen: 'ja', zorgen: 'Verwaarlozing.' });
  const record = `/cases/${story.number}/records/3`;
  const form = await (await vries.get(record)).follow('Leg een visie of correctie van ouder of leerling vast, bij deze vastlegging');
  t.match(form.html, /name="\/bij"[^>]*value="3"[^>]*checked/, 'the record is chosen already');
  t.notMatch(form.text, 'Leerling van', 'whom it is about is no record to choose');
  const view = { soort: 'visie', van: 'M. Bakker, moeder', gegevenOp: '2026-03-04', woorden: 'Sem ontbijt bij oma.' };
  t.match((await story.fillIn(vries, 'visie', view)).text, /Kies bij welke vastlegging dit hoort/);
  await story.handIn(vries, 'visie', { ...view, bij: '3' });
  const page = await vries.get(record);
  t.match(page.text, /Hierbij hoort ook .*Visie of correctie van ouder of leerling.*Sem ontbijt bij oma/);
  t.match(page.text, /Verwaarlozing/);
  const beside = await page.follow('Visie of correctie van ouder of leerling');
  t.match(beside.text, /Dit staat bij: /);
  t.match((await vries.get(`/cases/${story.number}/documents/signalenoverzicht`)).text, /Visie en correctie bij dit stuk.*Sem ontbijt bij oma/);
  const exported = await vries.get(`/cases/${story.number}/documents`);
  t.equal(exported.status, 200);
  t.notMatch((await smit.get(`/cases/${story.number}`)).text, 'Sem ontbijt', 'who sees only their own part reads none of it');
  t.equal((await smit.get(beside.path)).status, 404);
  t.match((await smit.get(`/cases/${story.number}/tasks/visie?beside=3`)).html, /Deze keuze is er niet meer, of u mag haar niet lezen/);
  t.same(await verifyFindings(site), []);
});

t.test('who started a case by mistake cancels it; it is gone from lists and says so to who could see it', async (t) => {
  const { site, story, cast: { smit, vries } } = await begun();
  t.teardown(() => site.stop());
  t.equal((await vries.get(`/cases/${story.number}/cancellation`)).status, 404);
  const ask = await (await story.look(smit)).follow('Annuleren');
  t.equal((await ask.submit({ reason: 'Fout' })).status, 422);
  const gone = await ask.submit({ reason: 'Ik koos het verkeerde kind.' });
  t.match(gone.text, /Deze zaak is geannuleerd.*U annuleerde zaak .*Reden: Ik koos het verkeerde kind/);
  t.notMatch(gone.html, /Sem Bakker/);
  for (const one of [smit, vries]) {
    t.notMatch((await one.get('/cases?afgesloten=1')).html, story.number);
    t.match((await story.look(one)).text, /Deze zaak is geannuleerd/);
  }
  const record = await vries.get(`/cases/${story.number}/records/2`);
  t.equal(record.status, 410);
  t.notMatch(record.html, /ontbijt|Sem/);
  t.equal((await (await site.signIn('jansen')).get(`/cases/${story.number}`)).status, 404, 'somebody else sees nothing');
});

t.test('a case is handed over, and the new one sees all of it', async (t) => {
  const { site, story, cast: { smit, vries } } = await begun();
  t.teardown(() => site.stop());
  const jansen = await site.signIn('jansen');
  t.equal((await story.look(jansen)).status, 404);
  t.match((await story.look(smit)).text, /U bent verantwoordelijk voor deze zaak/);
  const ask = await (await story.look(vries)).follow('Overdragen');
  t.equal((await ask.submit()).status, 422, 'somebody must be chosen');
  t.notMatch(ask.text, /B\. Heer/, 'not to somebody without a role in the route');
  const done = await ask.submit({ to: site.people['jansen']?.id ?? '' });
  t.match(done.text, /De zaak is overgedragen.*Verantwoordelijk: P\. Jansen.*P\. Jansen is nu verantwoordelijk/);
  t.match((await story.look(jansen)).text, /U bent verantwoordelijk.*Route/);
  t.match((await jansen.get(`/cases/${story.number}/records/2`)).text, /Deze vastlegging verbeteren/);
  t.equal((await smit.get(`/cases/${story.number}/responsible`)).status, 404);
});

t.test('a closed case is reopened where its outcome allows, with a motivation', async (t) => {
  const { site, story, cast: { smit, vries, hofman } } = await begun();
  t.teardown(() => site.stop());
  await story.take(hofman, null, 'onterecht', { conclusie: 'Vergissing.', beslotenDoor: 'M. Hofman', oudersIngelicht: true });
  const closed = (await story.look(hofman)).text;
  t.match(closed, /Besluit [^.]*Vergissing\./);
  const own = (await story.look(smit)).text;
  t.match(own, /Tijdlijn.*Besluit/, 'who sees only their own part reads what was decided');
  t.notMatch(own, /Vergissing|Motivatie openen/, 'and not what another wrote to it');
  t.match(closed, /‘Nieuwe signalen: weer in stap 1’ kan nu\. Intern begeleider mag dit doen/);
  t.match(closed, /‘Zaak heropenen’ kan hier niet\. Dit kan alleen als dit geldt: de afloop is ‘Hulp georganiseerd, het geweld is gestopt’ of ‘Gemeld, met voldoende verbetering’/);
  t.equal((await hofman.get(`/cases/${story.number}/reopenings/nieuweSignalen`)).status, 404);
  t.equal((await vries.get(`/cases/${story.number}/reopenings/heropenen`)).status, 404);
  t.equal((await vries.get(`/cases/${story.number}/records/2/correction`)).status, 404, 'who may not correct is not told why');
  const page = await vries.get(`/cases/${story.number}/reopenings/nieuweSignalen`);
  const refused = await page.submit({ '/beslotenDoor': 'A. de Vries' });
  t.equal(refused.status, 422);
  const done = await refused.submit({ '/motivering': 'Er is een nieuw signaal.' });
  t.match(done.text, /De zaak is heropend.*Stap 1.*Er is een nieuw signaal/);
  t.match((await vries.get('/cases')).text, story.number);
  t.match((await page.submit()).text, /Dit was al vastgelegd/, 'a second time is told it was done');
});

t.test('semantics 9: one task is asked of a colleague by name, who sees that task and nothing else of the case', async (t) => {
  const { site, story, cast: { smit, vries } } = await begun();
  t.teardown(() => site.stop());
  const jansen = await site.signIn('jansen');
  const { number } = story;
  await story.handIn(vries, 'contact', { datum: '2026-03-03', met: 'ouder', kanaal: 'telefoon', onderwerp: 'Ontbijt.', inhoud: 'Moeder werkt vroeg.' });
  t.equal((await jansen.get(`/cases/${number}`)).status, 404);
  t.equal((await vries.get(`/cases/${number}/handed-tasks/overleg`)).status, 404, 'what is not handed cannot be given back');
  const ask = await (await story.look(vries)).follow('Vraag een taak aan een collega');
  t.match(ask.text, /P\. Jansen leerkracht, ziet deze zaak nog niet/);
  t.match(ask.text, /M\. Hofman directeur, ziet deze zaak al/);
  t.notMatch(ask.text, /B\. Heer/, 'not somebody who has no cases');
  const refused = await ask.submit({ task: 'overleg' });
  t.equal(refused.status, 422);
  t.match(refused.text, /Kies een collega/);
  t.match(refused.html, /value="overleg" checked/);
  const done = await refused.submit({ to: site.people['jansen']?.id ?? '' });
  t.match(done.text, /De taak is gevraagd.*Voor één taak gevraagd: P\. Jansen.*Wacht op P\. Jansen.*is gevraagd aan P\. Jansen/);
  t.equal((await refused.submit({ to: site.people['jansen']?.id ?? '' })).path, `/cases/${number}?done=handed`, 'a double click');
  t.match((await story.look(smit)).text, /is gevraagd aan P\. Jansen/, 'who is responsible reads it');

  const list = await jansen.get('/cases');
  t.match(list.text, /Nu doen \(1\).*S\.B\..*overleg/i);
  const page = await jansen.get(`/cases/${number}`);
  t.match(page.text, /Sem Bakker.*A\. de Vries vroeg u op .* om hulp bij deze taak.*U ziet alleen wat u is gevraagd/);
  t.notMatch(page.text, /Route|Tijdlijn|Hoe het verder kan|J\. Smit|M\. Hofman|Documenten|Signaal|Moeder werkt vroeg|verantwoordelijk/);
  const hidden = [
    'tasks/contact', 'records/1', 'records/2', 'documents', 'documents/signalenoverzicht', 'responsible', 'cancellation', 'handed-tasks',
    'exits/signalen/naarConsultatie', 'waivers/signalen/S019', 'tasks/leerling'
  ];
  for (const path of hidden) t.notMatch((await jansen.get(`/cases/${number}/${path}`)).html, /Moeder werkt vroeg|zonder ontbijt|J\. Smit|M\. Hofman|<form method="post" action="\/cases/, path);
  for (const path of hidden.slice(1, -1)) t.equal((await jansen.get(`/cases/${number}/${path}`)).status, 404, path);
  const form = await jansen.get(`/cases/${number}/tasks/overleg`);
  const post = async (path: string, pairs: { [name: string]: string }) => jansen.post(`/cases/${number}/${path}`, new URLSearchParams({ _csrf: /name="_csrf" value="([^"]+)"/.exec(form.html)?.[1] ?? '', ...pairs }));
  t.equal((await post('responsible', { to: site.people['jansen']?.id ?? '' })).status, 404);
  t.equal((await post('handed-tasks', { task: 'contact', to: site.people['jansen']?.id ?? '' })).status, 404);
  t.equal((await post('exits/signalen/naarConsultatie', {})).status, 404);
  t.equal((await post('tasks/contact', { '/inhoud': 'Zelf gebeld.' })).status, 409);
  t.equal((await opened(site, number)).stored.state.records.length, 3);

  const check = await story.fillIn(jansen, 'overleg', meeting);
  t.match(check.path, /check$/);
  t.notMatch(check.text, /Nieuwe taak|Dit kan nu|kan nog niet/, 'what follows in the case is not told');
  t.match((await check.submit()).text, /Er staat niets open voor u/);
  t.match((await jansen.get(`/cases/${number}/records/4`)).text, /Wij gaan verder/);
  t.match((await story.look(vries)).text, /P\. Jansen/);
  await (await vries.get(`/cases/${number}/handed-tasks/overleg`)).submit();
  t.equal((await jansen.get(`/cases/${number}`)).status, 404, 'after it is taken back nothing is left to see');
  t.equal((await jansen.get(`/cases/${number}/records/4`)).status, 404);
  t.match((await story.look(vries)).text, /is niet langer gevraagd aan P\. Jansen/);
});

t.test('a task asked by name is given back, and goes to somebody else', async (t) => {
  const { site, story, cast: { vries } } = await begun();
  t.teardown(() => site.stop());
  const jansen = await site.signIn('jansen');
  const ask = async (task: string, to: string) => (await vries.get(`/cases/${story.number}/handed-tasks?task=${task}`)).submit({ to: site.people[to]?.id ?? '' });
  await ask('overleg', 'jansen');
  await ask('contact', 'jansen');
  const back = await (await story.look(jansen)).follow('Teruggeven');
  t.notMatch(back.text, /ziet deze zaak daarna niet meer/);
  t.equal((await back.submit()).path, '/cases?done=gaveBack');
  t.equal((await story.look(jansen)).status, 200, 'the other task is still there');
  const last = await (await story.look(jansen)).follow('Teruggeven');
  t.match(last.text, /U ziet deze zaak daarna niet meer/);
  t.match((await last.submit()).text, /U hebt de taak teruggegeven/);
  t.equal((await last.submit()).path, '/cases?done=gaveBack', 'a double click');
  t.equal((await story.look(jansen)).status, 404);
  t.match((await story.look(vries)).text, /P\. Jansen gaf ‘.*’ terug/);
  await ask('samenvatting', 'jansen');
  await ask('overleg', 'smit');
  await ask('overleg', 'hofman');
  await story.complete(vries, 'signaal', { richting: 'bevestigt' });
  t.match((await vries.get('/cases')).text, /Wacht op anderen \(1\).*Wacht op M\. Hofman/);
  t.match((await story.look(vries)).text, /Wacht op M\. Hofman/);
  t.same(await verifyFindings(site), []);
});

const other: Answers = { ...meeting, uitkomst: 'Wij gaan verder. Moeder belde ook.' };

t.test('two people at one task: the second sees both texts, and makes theirs a correction', async (t) => {
  const { site, story, cast: { vries, hofman } } = await begun();
  t.teardown(() => site.stop());
  const check = await story.fillIn(hofman, 'overleg', other);
  t.match(check.path, /check$/);
  await story.handIn(vries, 'overleg', meeting);
  const conflict = await check.submit();
  t.equal(conflict.status, 409);
  t.match(conflict.text, /A\. de Vries was u net voor.*Uw tekst is bewaard.*4 antwoorden zijn gelijk\. 1 verschilt/);
  t.match(conflict.html, /<ins>Moeder belde ook\.<\/ins>/);
  t.match(conflict.html, /value="later" checked/, 'who may not correct it is not offered to');
  t.match(conflict.text, /U mag deze vastlegging niet verbeteren/);
  const kept = await conflict.submit();
  t.match(kept.text, /Uw concept is bewaard.*Uw tekst van .* is nog bewaard/);
  await (await hofman.get(`/cases/${story.number}/responsible`)).submit({ to: site.people['hofman']?.id ?? '' });
  const again = await hofman.get(`/cases/${story.number}/tasks/overleg`);
  t.match(again.text, /A\. de Vries was u net voor.*Moeder belde ook/, 'it is asked again where the text is found back');
  const correction = await again.submit({ choice: 'keep' });
  t.match(correction.path, /records\/\d+\/correction\/check$/);
  t.match(correction.text, /Tegelijk geschreven met A\. de Vries/);
  const done = await correction.submit();
  t.match(done.text, /De verbetering is vastgelegd.*Moeder belde ook.*Eerdere versies.*A\. de Vries/);
  const [record, ...more] = (await opened(site, story.number)).stored.state.records.filter(({ task }) => task === 'overleg');
  t.same(more, []);
  t.match((await vries.get(`/cases/${story.number}/records/${String(record?.id)}`)).text, /Deze vastlegging verbeteren/, 'the coordinator, responsible or not, is among those who may correct');
});

t.test('two people at a task that repeats: each keeps a record of their own; two tasks never collide', async (t) => {
  const { site, story, cast: { vries, hofman } } = await begun();
  t.teardown(() => site.stop());
  const contact: Answers = { datum: '2026-03-03', met: 'ouder', kanaal: 'telefoon', onderwerp: 'Ontbijt.', inhoud: 'Moeder werkt vroeg.' };
  const form = await vries.get(`/cases/${story.number}/tasks/contact`);
  await story.handIn(hofman, 'overleg', meeting);
  t.ok(form.fields().includes('_rev'));
  const mine = await story.fillIn(vries, 'contact', contact);
  t.match(mine.path, /check$/, mine.text.slice(0, 600));
  await story.handIn(hofman, 'contact', { ...contact, inhoud: 'Vader slaapt dan nog.' });
  const conflict = await mine.submit();
  t.equal(conflict.status, 409);
  t.match(conflict.text, /Als eigen vastlegging toevoegen/);
  t.notOk(JSON.stringify((await opened(site, story.number)).stored.state.records).includes('Moeder werkt vroeg'), 'nothing was stored');
  const sure = await conflict.submit({ choice: 'discard' });
  t.match(sure.text, /Weet u zeker dat u uw tekst weggooit/);
  const kept = await conflict.submit();
  t.equal(kept.path, `/cases/${story.number}?done=saved`);
  t.equal((await conflict.submit()).path, `/cases/${story.number}?done=saved`, 'a double click');
  t.equal((await mine.submit()).path, `/cases/${story.number}/tasks/contact`, 'the back button finds an empty form');
  t.equal((await opened(site, story.number)).stored.state.records.filter(({ task }) => task === 'contact').length, 2, 'one record each');
});

t.test('a text is thrown away after it was asked once more', async (t) => {
  const { site, story, cast: { vries, hofman } } = await begun();
  t.teardown(() => site.stop());
  const check = await story.fillIn(vries, 'overleg', other);
  await story.handIn(hofman, 'overleg', meeting);
  const sure = await (await check.submit()).submit({ choice: 'discard' });
  const gone = await sure.submit();
  t.match(gone.text, /Uw tekst is weggegooid/);
  t.notMatch((await vries.get(`/cases/${story.number}/tasks/overleg`)).html, /Moeder belde ook/);
});

t.test('two people fill in later answers of one record: the second keeps theirs as the next version', async (t) => {
  const { site, story, cast: { vries, hofman } } = await begun();
  t.teardown(() => site.stop());
  const path = `/cases/${story.number}/records/2`;
  const [one, two] = [await vries.get(path), await hofman.get(path)];
  t.match((await two.submit({ '/letsel': 'Blauwe plek.' }, { form: '/records/' })).path, /done=saved/);
  const conflict = await one.submit({ '/letsel': 'Schaafwond.' }, { form: '/records/' });
  t.equal(conflict.status, 409);
  t.match(conflict.text, /M\. Hofman wijzigde .*Schaafwond.*Blauwe plek.*Als nieuwe versie bewaren/);
  const kept = await conflict.submit();
  t.match(kept.text, /Schaafwond.*Eerdere versies.*Blauwe plek/);
});

t.test('two people correct one record: the second sees the first correction before adding theirs', async (t) => {
  const { site, story, cast: { smit, vries } } = await begun();
  t.teardown(() => site.stop());
  await (await vries.get(`/cases/${story.number}/responsible`)).submit({ to: site.people['vries']?.id ?? '' });
  const path = `/cases/${story.number}/records/2`;
  const [one, two] = [await vries.get(`${path}/correction`), await smit.get(`${path}/correction`)];
  const check = await one.submit({ '/feit': 'Kwam vier dagen zonder ontbijt.', reason: 'Ik telde verkeerd.' }, { button: 'Controleren en verbeteren' });
  await (await two.submit({ '/feit': 'Kwam twee dagen zonder ontbijt.', reason: 'Het waren er twee.' }, { button: 'Controleren en verbeteren' })).submit();
  const conflict = await check.submit();
  t.equal(conflict.status, 409);
  t.match(conflict.text, /J\. Smit wijzigde .*vier dagen.*twee dagen/);
  const again = await conflict.submit();
  t.match(again.text, /Zo wordt het.*vier dagen.*Zo staat het nu.*twee dagen.*Ik telde verkeerd/);
  t.match((await again.submit()).text, /vier dagen.*Versie 2.*Ik telde verkeerd.*twee dagen.*Versie 1.*Het waren er twee.*drie dagen/);
});

t.test('two people at one way on: the second finds the case as it is now, and a double click moves once', async (t) => {
  const { site, story, cast: { vries, hofman } } = await begun();
  t.teardown(() => site.stop());
  await story.handIn(vries, 'overleg', meeting);
  await story.handIn(vries, 'samenvatting', { zijnErZorgen: 'ja', zorgen: 'Verwaarlozing.' });
  const address = `/cases/${story.number}/exits/signalen/naarConsultatie`;
  const [one, two] = [await vries.get(address), await hofman.get(address)];
  const late = await vries.get(address);
  t.match((await one.submit()).text, /De zaak is verder gegaan/);
  t.match((await one.submit()).text, /De zaak is verder gegaan/, 'a double click');
  const second = await two.submit();
  t.equal(second.status, 200);
  t.match(second.text, /De zaak is intussen verder gegaan\. Dit is de stand van nu.*Stap 2/);
  t.equal((await opened(site, story.number)).stored.state.visits.length, 2);
  t.match((await late.submit()).text, /De zaak is intussen verder gegaan/);
  const wrong = await hofman.get(`/cases/${story.number}/exits/-/onterecht`);
  await story.handIn(vries, 'contact', { datum: '2026-03-03', met: 'ouder', kanaal: 'telefoon', onderwerp: 'Ontbijt.', inhoud: 'Moeder werkt vroeg.' });
  const moved = await wrong.submit({ '/conclusie': 'Vergissing.', '/beslotenDoor': 'M. Hofman', '/oudersIngelicht': 'true' });
  t.equal(moved.status, 409);
  t.match(moved.text, /De zaak is intussen gewijzigd/);
  t.match((await moved.submit()).text, /De zaak is afgesloten/);
});

async function opened(site: TestSite, number: string) {
  const person = site.people['vries']?.id ?? '';
  const open = await site.services.cases.open({ id: person, roles: ['ib'], school: site.school, settings: {} }, number, 'view');
  if (open === null) throw new Error('No such case.');
  return open;
}

async function recordAt(site: TestSite, number: string, id: number) {
  const record = (await opened(site, number)).stored.state.records.find((one) => one.id === id);
  if (record === undefined) throw new Error(`No record ${String(id)}.`);
  return record;
}
