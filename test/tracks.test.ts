import { join } from 'node:path';
import t from 'tap';
import { verify } from '../src/cases/verify.ts';
import { projectRoot } from '../src/config.ts';
import { checkTracks } from '../src/definitions/checks/tracks.ts';
import type { WorkflowDefinition } from '../src/definitions/workflow.types.ts';
import { nextDue } from '../src/engine/reading/due.ts';
import { overview } from '../src/engine/overview/overview.ts';
import { rebuild } from '../src/engine/commands/rebuild.ts';
import { together } from '../src/engine/commands/take-each.ts';
import { encode } from '../src/forms/encode.ts';
import { startSite } from './fixtures/site.ts';
import { storyOf } from './fixtures/story.ts';
import { act, begin, choice, coordinator, eventsOf, everything, noon, type Played, refused, smallRoute, submit, take, teacher } from './fixtures/small-route.ts';

const both = smallRoute({
  steps: {
    een: {
      title: 'Beslissen', decide: 'each', tasks: { besluit: { form: 'besluit', title: 'Besluit', required: true } },
      rules: { zacht: { must: { 'besluit.wie': { answered: true } }, message: 'Wie besliste is niet vastgelegd.', waivable: ['ib'] } },
      transitions: {
        melden: { title: 'Melden', to: 'melden', when: { 'besluit.melden': true } },
        hulp: { title: 'Hulp organiseren', to: ['hulp', 'melden'], when: { 'besluit.hulp': true }, rules: { samen: { must: { 'besluit.wie': 'samen' }, message: 'Besluit dit samen.', waivable: ['ib'] } } },
        niets: { title: 'Niets doen', close: 'goed', when: { 'besluit.melden': false } }
      }
    },
    melden: { title: 'Melden', transitions: { klaar: { title: 'Gemeld', to: 'afronden' }, sluit: { title: 'Sluiten', close: 'goed' } } },
    hulp: { title: 'Hulp', tasks: { plan: { form: 'plan', title: 'Maak een plan', required: true } }, transitions: {
      klaar: { title: 'Geholpen', to: 'afronden' }, ookOverleg: { title: 'Ook overleggen', to: 'overleg', stay: true }
    } },
    overleg: { title: 'Overleg', transitions: { klaar: { title: 'Overlegd', to: 'afronden' } } },
    afronden: { title: 'Afronden', waitForAll: true, due: { within: { days: 7 } }, tasks: { slot: { form: 'slot', title: 'Rond af', required: true } }, transitions: { sluiten: { title: 'Sluiten', close: 'goed' } } }
  },
  reopen: { weer: { title: 'Weer open', performers: ['ib'], to: ['hulp', 'melden'], decide: 'each' } }
}, { besluit: { melden: { type: 'boolean', title: 'Melden?' }, hulp: { type: 'boolean', title: 'Hulp?' }, wie: choice('samen', 'alleen') } });

const all = { type: 'take', step: 'een', transition: together, answers: null } as const;

function statuses({ model, state, now }: Played): string[] {
  return overview(model, state, everything(coordinator), now).steps.map(({ id, status }) => `${id} ${status}`).filter((line) => !line.endsWith('ahead'));
}

function decided(answers: { [field: string]: string | boolean }): Played {
  return submit(begin(both), 'besluit', answers);
}

t.test('semantics 6: decide each takes all that hold with one click, in the order of the file, the same target once', async (t) => {
  const played = act(decided({ melden: true, hulp: true, wie: 'samen' }), all);
  t.same(statuses(played), ['een completed', 'melden active', 'hulp active']);
  t.same(eventsOf(played, 'transitionTaken').map(({ transition }) => transition), ['melden', 'hulp']);
  t.same(eventsOf(played, 'stepEntered').map(({ step }) => step), ['een', 'melden', 'hulp']);
  const view = overview(both, decided({ melden: true, hulp: true, wie: 'samen' }).state, everything(coordinator), noon);
  t.match(view.activeSteps[0]?.exits, [{ id: together, title: 'Melden en Hulp organiseren', status: 'open', to: [{ id: 'melden' }, { id: 'hulp' }] }, { id: 'niets', status: 'closed' }]);
  t.equal(view.now.type, 'decide', 'also then a person clicks');
});

t.test('semantics 6: when none holds it is refused with every reason, never an empty move', async (t) => {
  t.same(refused(decided({ hulp: false, wie: 'samen' }), all), { code: 'notOffered', texts: [
    'Bij ‘Besluit’ is de vraag ‘Melden?’ nog niet beantwoord.', 'Dit kan alleen als dit geldt: ‘Hulp?’ bij ‘Besluit’ is ‘ja’.'
  ] });
  t.equal(refused(decided({ melden: true, wie: 'samen' }), { ...all, transition: 'melden' }).code, 'notOffered', 'none of them alone');
});

t.test('ways taken together meet the rules of each, and one that closes the case goes with no other', async (t) => {
  const played = decided({ melden: true, hulp: true, wie: 'alleen' });
  t.same(refused(played, all), { code: 'rules', texts: ['Besluit dit samen.'] });
  act(act(played, { type: 'waive', rule: 'samen', step: 'een', reason: 'De directeur is ziek.' }), all);
  t.same(eventsOf(played, 'transitionTaken').map(({ waived }) => waived), [[], ['samen']]);
  t.same(refused(decided({ melden: false, hulp: true, wie: 'samen' }), all).texts, ['‘Niets doen’ sluit de zaak af en gaat niet samen met een andere weg.']);
  t.equal(act(decided({ melden: false, hulp: false, wie: 'samen' }), all).state.status, 'closed');
});

t.test('semantics 18: closing a step is refused while another track is active; a waiting step starts when it is the last', async (t) => {
  const played = act(decided({ melden: true, hulp: true, wie: 'samen' }), all);
  t.same(refused(played, { type: 'take', step: 'melden', transition: 'sluit', answers: null }).texts, ['De stap ‘Hulp’ loopt nog. Rond die eerst af.']);
  take(played, 'melden', 'klaar');
  t.same(statuses(played), ['een completed', 'melden completed', 'hulp active', 'afronden waiting']);
  t.equal(refused(played, { type: 'submit', task: 'slot', answers: {} }).code, 'notOpen', 'nothing is asked in a step that waits');
  t.equal(nextDue(both, played.state, noon), null, 'and it has no term');
  t.equal(refused(played, { type: 'take', step: 'afronden', transition: 'sluiten', answers: null }).code, 'notOpen');
  played.now = '2026-04-01T10:00:00.000Z';
  take(submit(played, 'plan'), 'hulp', 'klaar');
  t.same(statuses(played), ['een completed', 'melden completed', 'hulp completed', 'afronden active']);
  t.same(eventsOf(played, 'stepAlreadyActive').map(({ step }) => step), ['afronden'], 'both tracks came together');
  t.equal(nextDue(both, played.state, played.now), '2026-04-08T21:59:59.999Z', 'its term counts from its start');
  t.equal(take(submit(played, 'slot'), 'afronden', 'sluiten').state.status, 'closed');
});

t.test('with stay the own step goes on: its tasks and rules hold nothing up, and it is not ended', async (t) => {
  const played = act(decided({ melden: true, hulp: true, wie: 'samen' }), all);
  take(played, 'hulp', 'ookOverleg');
  t.same(statuses(played), ['een completed', 'melden active', 'hulp active', 'overleg active']);
  t.same(eventsOf(played, 'taskLapsed'), []);
  take(played, 'hulp', 'ookOverleg');
  t.same(eventsOf(played, 'stepAlreadyActive').map(({ step }) => step), ['overleg']);
  const log = played.events.map((event) => ({ at: noon, person: 'vries', event }));
  t.match(rebuild(log, played.state.records), { ok: true, state: played.state });
});

t.test('a closed case is opened again in all steps of its way back with decide each', async (t) => {
  const played = act(decided({ melden: false, hulp: false, wie: 'samen' }), all);
  t.equal(refused({ ...played, by: teacher }, { type: 'reopen', reopening: 'weer', to: 'hulp', answers: null }).code, 'notPerformer');
  act(played, { type: 'reopen', reopening: 'weer', to: 'hulp', answers: null });
  t.same(statuses(played), ['een completed', 'melden active', 'hulp active']);
  t.same(eventsOf(played, 'caseReopened').map(({ to }) => to), [['hulp', 'melden']]);
});

t.test('tracks that never come together are found, and ways taken together ask no form', async (t) => {
  const end = { klaar: { title: 'Klaar', close: 'goed' } };
  const found = (steps: WorkflowDefinition['steps'], parts: Partial<WorkflowDefinition> = {}): string[] => checkTracks(smallRoute({ steps, ...parts }).workflow).map(({ code, path }) => `${code} ${path.join('.')}`);
  const split = { een: { title: 'Stap 1', transitions: { verder: { title: 'Verder', to: ['twee', 'drie'] } } }, twee: { title: 'Stap 2', transitions: end }, drie: { title: 'Stap 3', transitions: end } };
  t.same(found(split), ['tracksNeverMeet steps.een.transitions.verder'], 'neither may close while the other runs');
  t.same(found(split, { transitions: { stop: { title: 'Stop', close: 'goed' } } }), [], 'a way of the top level ends them all');
  t.same(found({ ...split, drie: { title: 'Stap 3', transitions: { mee: { title: 'Mee', to: 'twee' } } } }), []);
  t.same(found({ een: { title: 'Stap 1', transitions: { ook: { title: 'Ook', to: 'twee', stay: true }, ...end } }, twee: { title: 'Stap 2', transitions: end } }), ['tracksNeverMeet steps.een.transitions.ook']);
  t.same(found({ een: { title: 'Stap 1', decide: 'each', transitions: { a: { title: 'A', to: 'twee', form: 'a' } } }, twee: { title: 'Stap 2', transitions: end } }), ['formInEach steps.een.transitions.a.form']);
  t.same(checkTracks(both.workflow), []);
});

t.test('a route from another field with two tracks is walked in the browser, from one decision to its end', async (t) => {
  const site = await startSite({ contentDir: join(projectRoot, 'test', 'fixtures', 'incident') });
  t.teardown(() => site.stop());
  const vries = await site.signIn('vries');
  const [route] = site.services.library.published();
  const told = Object.fromEntries(route === undefined ? [] : encode(route.form('voorval'), { wat: 'De boor sloeg vast.', wanneer: '2026-03-02' }));
  const start = await (await vries.get('/cases/new')).submit(told);
  const story = storyOf(site, /^\/cases\/(\d{4}-[A-Z0-9]{4})/.exec(start.path)?.[1] ?? '');
  await story.handIn(vries, 'oordeel', { onderzoek: true, herstel: true });
  const page = await story.look(vries);
  t.match(page.text, /^Incident in de werkplaats/, 'a case about nobody carries the name of its route');
  t.match(page.text, /‘Onderzoeken en Herstellen’ kan/);
  t.match(page.text, /‘Niets nodig: afsluiten’ kan nog niet/);
  const decide = await vries.get(`/cases/${story.number}/exits/beoordelen/-`);
  t.match(decide.text, /Begonnen met|Onderzoeken hoe het kwam/);
  const moved = await decide.submit();
  t.equal(moved.path, `/cases/${story.number}?done=moved`);
  t.equal((await vries.get(`/cases/${story.number}/exits/beoordelen/-`)).path, `/cases/${story.number}?done=changed`, 'a second click finds it done');
  t.equal((await story.look(vries)).html.match(/sp-route__line--done/g)?.length, 7, 'both lines from step 1 are drawn as walked, and the one from 2a to 2b is not');
  t.match((await vries.get('/cases')).text, 'stappen 2a en 2b');
  t.match((await story.look(vries)).text, /Onderzoeken hoe het kwam.*Beschrijf de oorzaak.*Herstellen wat stuk is.*Regel de reparatie/);
  t.match((await vries.get('/cases')).text, /Regel de reparatie , \d{4}-\w+ Incident/, 'what is due first, of both tracks');
  await story.handIn(vries, 'reparatie', { tekst: 'Nieuwe boor.' });
  await story.take(vries, 'herstel', 'klaar');
  t.match((await story.look(vries)).text, /Terugkijken Wacht tot de andere stappen klaar zijn/);
  t.same((await verify(site.database, site.keys)).findings, [], 'a step that waits is no fault');
  await story.handIn(vries, 'oorzaak', { tekst: 'Botte boor.' });
  await story.take(vries, 'onderzoek', 'klaar');
  await story.handIn(vries, 'les', { tekst: 'Eerder slijpen.' });
  for (const tekst of ['Nog uitzoeken.', 'Besteld.', 'Nog uitzoeken.']) await story.handIn(vries, 'logboek', { tekst });
  const shut = await story.look(vries);
  t.match(shut.text, /Er staat niets open voor u ‘Afsluiten’ kan nog niet\. In het logboek staat nog iets open: Nog uitzoeken\./, 'what stands in the way is said where one looks first');
  t.match((await vries.get('/cases')).text, /‘Afsluiten’ kan nog niet\. In het logboek staat nog iets open: Nog uitzoeken\./, 'and in the work list');
  const waivers = [...new Set(shut.links.map(({ href }) => href).filter((href) => href.includes('/waivers/')))];
  t.match(waivers, [/^\/cases\/\S+\/waivers\/evaluatie\/uitgezocht\?for=\d+$/, /\?for=\d+$/], 'each of the two that are open has a way past it, by its own number');
  for (const href of waivers) {
    const waiver = await vries.get(href);
    t.match(waiver.text, 'In het logboek staat nog iets open: Nog uitzoeken.');
    t.equal((await waiver.submit({ reason: 'kort' })).status, 422);
    await waiver.submit({ reason: 'Dit zoeken wij volgende week uit.' });
  }
  t.equal((await vries.get(`/cases/${story.number}/waivers/evaluatie/uitgezocht?for=999`)).status, 404);
  t.match((await story.take(vries, 'evaluatie', 'sluiten')).text, /De zaak is afgesloten/);
  const again = await (await vries.get(`/cases/${story.number}/reopenings/heropenen`)).submit();
  t.match(again.text, /Onderzoeken hoe het kwam.*Herstellen wat stuk is/, 'opened again in both');
});
