import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { accessChanges } from '../src/cases/stores/access-changes.ts';
import { projectRoot } from '../src/config.ts';
import { caseContext } from '../src/engine/model/case-context.ts';
import type { CaseState, Command } from '../src/engine/state/case-state.ts';
import { goesByItself, keepingView } from '../src/engine/commands/keeping.ts';
import { isHeld } from '../src/engine/reading/retention.ts';
import { nextTimer } from '../src/engine/commands/timers.ts';
import { quietSince } from '../src/jobs/settled-clock.ts';
import { act, attempt, begin, coordinator, director, everything, eventsOf, type Fields, noon, type Played, refused, smallRoute, take } from './fixtures/small-route.ts';
import { startSite, type TestSite, verifyFindings } from './fixtures/site.ts';
import { startCase } from './fixtures/story.ts';

const fields: Fields = { leerling: { vertrokkenOp: { type: 'string', format: 'date', title: 'Wanneer ging de leerling weg?' } }, start: { klacht: { type: 'boolean', title: 'Is er een klacht?' } } };
const after = { type: 'passTime' } as const;

/** A case of a route that keeps it two years from the day the pupil left, closed at noon. */
function closed(subject: { vertrokkenOp?: string } = {}, retention: object = {}): Played {
  const model = smallRoute({ subject: 'leerling', retention: { from: 'leerling.vertrokkenOp', keep: { years: 2 }, basis: 'richtlijn', destroyWithin: { weeks: 8 }, longer: { start: { some: { klacht: true } } }, ...retention } }, fields);
  return take(take(begin(model, {}, { subject }), 'een', 'verder'), 'twee', 'klaar');
}

const asked = ({ model, state, now, by }: Played) => keepingView(caseContext(model, state, now, by), everything(by));
const at = (played: Played, now: string, by = played.by): Played => Object.assign(played, { now, by });
const propose = (what: 'destroy' | 'keep', until: string | null = null, reason = ''): Command & { type: 'proposeKeeping' } => ({ type: 'proposeKeeping', what, until, reason });

t.test('at the end of its term a closed case asks two people: one proposes, another confirms, and it may be taken back until then', async (t) => {
  const played = closed({ vertrokkenOp: '2026-03-01' });
  t.equal(asked(played), null);
  t.equal(nextTimer(played.model, played.state, noon), '2028-03-01T22:59:59.999Z');
  t.match(refused(played, propose('destroy')).texts, [/reden van ten minste 10 tekens/], 'before that it goes on request only, with why');
  at(played, '2028-03-02T08:00:00.000Z');
  t.match(asked(played), { why: 'term', proposed: null, since: '2028-03-01', goneBy: '2028-04-26' });
  act(played, after);
  t.same(eventsOf(played, 'keepingDue').map(({ key }) => key), ['keeping:2028-03-01T22:59:59.999Z']);
  t.equal(nextTimer(played.model, played.state, played.now), null);
  t.same(eventsOf(act(played, after), 'keepingDue').length, 1, 'once');
  act(played, propose('destroy'));
  t.match(asked(played), { byYou: true, proposed: { what: 'destroy', ground: 'term', by: coordinator.id } });
  t.match(refused(played, propose('destroy')).texts, [/ligt al een voorstel/]);
  const proposedAt = played.state.keeping?.proposed?.at ?? '';
  t.match(refused(played, { type: 'confirmKeeping', at: proposedAt }).texts, [/geen voorstel meer/], 'destroying is not keeping');
  act(played, { type: 'withdrawKeeping' });
  t.match(asked(played), { why: 'term', proposed: null });
  t.match(refused(played, { type: 'withdrawKeeping' }).code, 'notOpen');
});

t.test('a case is kept longer by two people, neither alone, with a reason and a day; then it asks again', async (t) => {
  const played = at(closed({ vertrokkenOp: '2026-03-01' }), '2028-03-02T08:00:00.000Z');
  act(played, after);
  t.match(refused(played, propose('keep', '2030-01-01')).texts, [/reden van ten minste 10 tekens/]);
  t.match(refused(played, propose('keep', '2028-03-02', 'Er loopt een klacht.')).texts, [/Kies een dag na vandaag/]);
  act(played, propose('keep', '2030-01-01', 'Er loopt een klacht.'));
  const confirm = { type: 'confirmKeeping' as const, at: played.now };
  t.match(refused(played, confirm).texts, [/zelf/]);
  at(played, '2028-03-03T08:00:00.000Z', director);
  t.match(refused(played, { ...confirm, at: noon }).texts, [/geen voorstel meer/], 'what was read is not what waits');
  act(played, confirm);
  t.match(played.state.keeping?.hold, { until: '2030-01-01', reason: 'Er loopt een klacht.', by: coordinator.id, confirmedBy: director.id });
  t.equal(asked(played), null);
  t.equal(nextTimer(played.model, played.state, played.now), '2030-01-01T22:59:59.999Z');
  t.match(refused(played, propose('destroy')).texts, [/reden/], 'meanwhile it goes on request only');
  t.match(asked(at(played, '2030-01-02T00:00:00.000Z')), { why: 'term', goneBy: null });
});

t.test('semantics 16: while retention.from is missing the case is kept, and once a year somebody is asked', async (t) => {
  const played = closed();
  t.equal(asked(at(played, '2027-03-18T08:00:00.000Z')), null);
  t.match(asked(at(played, '2027-03-19T08:00:00.000Z')), { why: 'start', goneBy: null });
  act(act(played, after), { type: 'stillUnknown' });
  t.equal(asked(played), null);
  t.equal(refused(played, { type: 'stillUnknown' }).code, 'notOpen');
  t.equal(asked(at(played, '2028-03-19T08:00:00.000Z')), null);
  t.match(asked(at(played, '2028-03-20T08:00:00.000Z')), { why: 'start' });
  const [subject] = played.state.records;
  act(played, { type: 'update', record: subject?.id ?? 0, answers: { vertrokkenOp: '2027-12-24' } });
  t.equal(asked(played), null, 'the day is known');
  t.match(asked(at(played, '2029-12-25T08:00:00.000Z')), { why: 'term', since: '2029-12-24' });
});

t.test('while something keeps it longer nothing is asked, and it is looked at again each year; opened again it forgets what was proposed', async (t) => {
  const played = closed({ vertrokkenOp: '2026-03-01' });
  played.state = { ...played.state, records: played.state.records.map((record) => (record.task === 'start' ? { ...record, answers: { klacht: true } } : record)) };
  at(played, '2028-03-02T08:00:00.000Z');
  t.equal(asked(played), null);
  t.ok(isHeld(caseContext(played.model, played.state, played.now, played.by)));
  t.notOk(isHeld(caseContext(played.model, closed({ vertrokkenOp: '2026-03-01' }).state, played.now, played.by)));
  t.equal(nextTimer(played.model, played.state, played.now), '2029-03-01T22:59:59.999Z');
  t.equal(eventsOf(act(played, after), 'keepingDue').length, 0);
  const again = closed({ vertrokkenOp: '2026-03-01' }, {});
  const model = smallRoute({ ...again.model.workflow, reopen: { heropenen: { title: 'Heropenen', to: ['een'], performers: ['ib'] } } }, fields);
  const reopened = act(act({ ...again, model, now: '2028-03-02T08:00:00.000Z' }, propose('destroy')), { type: 'reopen', reopening: 'heropenen', to: 'een', answers: null });
  t.equal(reopened.state.keeping, undefined);
});

t.test('what a route does not ask about goes by itself, and so does a mistake; not what is kept or proposed', async (t) => {
  const played = closed({ vertrokkenOp: '2026-03-01' }, { then: 'destroy' });
  const late = '2028-03-02T08:00:00.000Z';
  t.notOk(goesByItself(played.model, played.state, noon));
  t.ok(goesByItself(played.model, played.state, late));
  t.notOk(goesByItself(played.model, act(at({ ...played }, late), propose('keep', '2030-01-01', 'Er loopt een klacht.')).state, late));
  const asking = closed({ vertrokkenOp: '2026-03-01' });
  t.notOk(goesByItself(asking.model, asking.state, late));
  const mistake = act(begin(asking.model, {}, { subject: {} }), { type: 'cancel', reason: 'Verkeerde leerling gekozen.' });
  t.equal(nextTimer(mistake.model, mistake.state, noon), '2028-03-18T22:59:59.999Z');
  t.ok(goesByItself(mistake.model, mistake.state, '2028-03-19T08:00:00.000Z'));
  t.ok(attempt(mistake, after).ok);
});

t.test('who decides comes on the list when it is time: as at the start, never who was shut out, and of a restricted case only its own', async (t) => {
  const played = at(closed({ vertrokkenOp: '2026-03-01' }), '2028-03-02T08:00:00.000Z');
  const staff = { staff: [{ id: 'nieuw', roles: ['ib'] }, { id: 'uit', roles: ['directie'] }, { id: 'leraar', roles: ['leraar'] }], there: [] };
  const before: CaseState = { ...played.state, barred: ['uit'] };
  const next = act({ ...played, state: before }, after).state;
  t.same(accessChanges(played.model, before, next, staff), { add: [{ person: 'nieuw', access: 'full' }], remove: [], release: [], exclude: [] });
  const restriction = { event: 'x', at: noon, to: ['author', 'directie'], never: ['uit'], lift: [] };
  t.same(accessChanges(played.model, { ...before, restriction, barred: [] }, { ...next, restriction, barred: [] }, staff).add, []);
});

t.test('over HTTP: the work list asks, one proposes, the other confirms, and nothing of the case is left but that it was there', async (t) => {
  const site = await siteOf(t);
  const hofman = await site.signIn('hofman');
  const { story } = await startCase(site, await site.signIn('smit'), 'aanvraag', { soort: 'vakantie', van: '2026-04-06', tot: '2026-04-10' }, {}, 'verlof');
  await story.handIn(hofman, 'besluit', { akkoord: true });
  await story.take(hofman, 'beoordelen', 'akkoord');
  t.match((await story.look(hofman)).text, /Deze zaak wordt bewaard tot en met donderdag 2 maart 2028.*Vernietigen of langer bewaren/);
  const early = await (await hofman.get(`/cases/${story.number}/keeping`)).submit({ what: 'destroy' });
  t.match([early.status, early.text], [422, /Vernietigen kan nu alleen op verzoek.*Schrijf een reden van ten minste 10 tekens/]);
  t.equal((await (await site.signIn('smit')).get(`/cases/${story.number}/keeping`)).status, 404, 'who sees only their own part does not decide');

  site.clock.now = '2028-03-03T08:00:00.000Z';
  // A new director sees old cases once it is time to decide.
  await site.services.people.setRoles(site.people['visser']?.id ?? '', site.school, { roles: ['directie'], admin: false, until: null });
  await site.services.timers.run();
  const [one, other] = [await site.signIn('hofman'), await site.signIn('visser')];
  t.match((await one.get('/cases')).text, /Bij 1 afgesloten zaak is iets over het bewaren te beslissen.*Vernietigen of langer bewaren\?/);
  const page = await one.get(`/cases/${story.number}/keeping`);
  t.match(page.text, /Een tweede persoon moet bevestigen wat u kiest. Dat kan: .*K. Visser/);
  t.match((await page.submit({ what: 'keep', until: 'morgen', reason: 'Er loopt een klacht.' })).text, /Schrijf een dag, zoals 31-12-2030/);
  t.match((await page.submit({})).text, /Kies wat u voorstelt/);
  t.equal((await page.submit({ what: 'destroy' })).path, `/cases/${story.number}?done=keepingProposed`);
  t.match((await one.get('/cases')).text, /Wacht op een tweede persoon/);
  const own = await one.get(`/cases/${story.number}/keeping`);
  t.notMatch(own.html, /value="confirm"/);
  t.equal((await own.submit({ verdict: 'confirm' })).status, 422, 'nobody confirms what they proposed');
  await (await one.get(`/cases/${story.number}/keeping`)).submit({});
  t.match((await story.look(one)).text, /liet het voorstel over het bewaren vervallen/);
  await (await one.get(`/cases/${story.number}/keeping`)).submit({ what: 'destroy' });

  const admin = await site.signIn('beheer');
  await (await admin.get(`/people/${site.people['jansen']?.id ?? ''}`)).submit({ roles: ['leerkracht', 'directie'] });
  t.match((await (await site.signIn('jansen')).get(`/cases/${story.number}/keeping`)).text, 'M. Hofman stelt voor deze zaak te vernietigen', 'who gets the role afterwards sees the proposal too');
  await site.services.people.setRoles(site.people['jansen']?.id ?? '', site.school, { roles: ['leerkracht'], admin: false, until: null });

  t.same(await verifyFindings(site), []);
  const { id } = await site.database.read('cases').where('number', story.number).first<{ id: string }>('id');
  const asks = await other.get(`/cases/${story.number}/keeping`);
  t.match(asks.text, /M. Hofman stelt voor deze zaak te vernietigen/);
  t.match((await asks.submit({})).text, /Kies of u dit bevestigt/);
  const gone = await asks.submit({ verdict: 'confirm' });
  t.equal(gone.path, '/retention?done=destroyed');
  t.match(gone.text, /Verlof Liep van 2 maart 2026 tot 2 maart 2026. De bewaartermijn was voorbij. De termijn was een besluit van de school. Voorgesteld door M. Hofman, bevestigd door u/);
  t.equal((await asks.submit({ verdict: 'confirm' })).path, '/retention?done=destroyed', 'a second click ends on the same page');
  t.equal((await one.get(`/cases/${story.number}`)).status, 404);
  t.match((await (await site.signIn('beheer')).get('/retention')).text, /Vernietigd \(1\)/);
  t.notMatch((await (await site.signIn('jansen')).get('/retention')).text, /Voorgesteld door/, 'a teacher does not see that it was there');
  t.match(await site.database.read('access_log').where('chain', id).orderBy('sequence', 'desc').first('action', 'person_id', 'detail'), { action: 'destroy', person_id: site.people['visser']?.id, detail: `retention ${site.people['hofman']?.id ?? ''}` });
  t.same(await verifyFindings(site), []);
});

t.test('over HTTP: two people keep a case longer, the yearly question is answered, and what nobody is asked about goes by itself', async (t) => {
  const site = await siteOf(t);
  const leave = { soort: 'vakantie', van: '2026-04-06', tot: '2026-04-10' };
  const [smit, hofman] = [await site.signIn('smit'), await site.signIn('hofman')];
  const end = async (route: string): Promise<string> => {
    const { story } = await startCase(site, smit, 'aanvraag', leave, {}, route);
    await story.handIn(hofman, 'besluit', { akkoord: true });
    await story.take(hofman, 'beoordelen', 'akkoord');
    return story.number;
  };
  const [kept, unknown, short] = [await end('verlof'), await end('onbekend'), await end('kort')];
  site.clock.now = '2028-03-03T08:00:00.000Z';
  await site.services.people.setRoles(site.people['visser']?.id ?? '', site.school, { roles: ['directie'], admin: false, until: null });
  t.match(await quietSince(site.database, site.clock.now), /^2026-/, 'nobody did anything for two years');
  await site.services.timers.run({ erases: false });
  t.same(await site.database.read('erased_cases'), [], 'the clock may be wrong');
  await site.signIn('hofman');
  site.clock.now = '2028-03-13T08:00:00.000Z';
  t.equal(await quietSince(site.database, site.clock.now), null, 'people worked here for a week');
  await site.services.timers.run();
  t.same((await site.database.read('erased_cases').select('reason', 'workflow', 'person_id')), [{ reason: 'retention', workflow: 'kort', person_id: null }]);
  t.equal((await (await site.signIn('hofman')).get(`/cases/${short}`)).status, 404);
  const [one, other] = [await site.signIn('hofman'), await site.signIn('visser')];
  await (await one.get(`/cases/${kept}/keeping`)).submit({ what: 'keep', until: '31-12-2031', reason: 'Er loopt een klacht.' });
  t.equal((await (await other.get(`/cases/${kept}/keeping`)).submit({ verdict: 'confirm' })).path, `/cases/${kept}?done=keptLonger`);
  t.match((await other.get('/retention')).text, /Langer bewaard \(1\).*Er loopt een klacht. Besloten door M. Hofman en u\. blijft tot en met 31 december 2031/);
  t.match((await other.get(`/cases/${kept}`)).text, /Deze zaak blijft bewaard tot en met woensdag 31 december 2031. Reden: Er loopt een klacht/);
  const question = await one.get(`/cases/${unknown}/keeping`);
  t.match(question.text, /Is dit al bekend: ‘Sinds wanneer\?’\?/);
  t.equal((await question.submit()).path, `/cases/${unknown}?done=stillUnknown`);
  t.notMatch((await one.get('/cases')).text, /over het bewaren/);
  const oldLines = async (): Promise<string[]> => (await site.database.read('access_log').leftJoin('cases', 'cases.id', 'access_log.chain').where('at', '<', '2027').distinct().pluck<(string | null)[]>('number')).map((number) => number ?? '');
  t.same((await oldLines()).sort(), ['', kept, unknown].sort());
  site.clock.now = '2031-05-03T08:00:00.000Z';
  await site.services.logTerm.run();
  t.same(await oldLines(), [kept], 'of a case that is kept longer the log stays as well; of one that was destroyed it goes when its term is over');
  site.clock.now = '2032-01-03T08:00:00.000Z';
  await site.services.logTerm.run();
  t.same(await oldLines(), []);
  t.same(await verifyFindings(site), []);
});

/** The leave requests of the fixtures, and the same with other terms. */
async function siteOf(t: Test): Promise<TestSite> {
  const folder = mkdtempSync(join(tmpdir(), 'stappenplan-bewaren-'));
  cpSync(join(projectRoot, 'test', 'fixtures', 'leave'), folder, { recursive: true });
  const route = JSON.parse(readFileSync(join(folder, 'workflows', 'verlof.json'), 'utf8')) as { tasks: { aanvraag: object } };
  const form = JSON.parse(readFileSync(join(folder, 'forms', 'aanvraag.json'), 'utf8')) as { schema: { properties: object } };
  Object.assign(form.schema.properties, { sinds: { type: 'string', format: 'date', title: 'Sinds wanneer?' } });
  Object.assign(route.tasks.aanvraag, { later: ['sinds'] });
  writeFileSync(join(folder, 'forms', 'aanvraag.json'), JSON.stringify(form));
  const write = (id: string, retention: object): void => { writeFileSync(join(folder, 'workflows', `${id}.json`), JSON.stringify({ ...route, id, title: id === 'verlof' ? 'Verlof' : id, retention })); };
  write('verlof', { from: 'case.closedAt', keep: { years: 2 }, basis: 'schoolbesluit' });
  write('onbekend', { from: 'aanvraag.sinds', keep: { years: 2 }, basis: 'richtlijn' });
  write('kort', { from: 'case.closedAt', keep: { weeks: 4 }, basis: 'schoolbesluit', then: 'destroy' });
  const site = await startSite({ contentDir: folder });
  t.teardown(async () => {
    await site.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return site;
}

