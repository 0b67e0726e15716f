import t from 'tap';
import { stepStatus } from '../src/engine/model/visits.ts';
import type { Actor } from '../src/engine/state/case-state.ts';
import { consequences } from '../src/engine/overview/consequences.ts';
import { nextDue } from '../src/engine/reading/due.ts';
import { prefilledAnswers } from '../src/engine/reading/prefill.ts';
import { caseContext } from '../src/engine/model/case-context.ts';
import { answersToCopy, offeredLinks } from '../src/engine/reading/links.ts';
import { overview } from '../src/engine/overview/overview.ts';
import { act, attempt, begin, eventsOf, everything, noon, ownOnly, type Played, refused, shippedRoute, submit, succeeded, take } from './fixtures/small-route.ts';

const model = shippedRoute('meldcode');
const teacher: Actor = { id: 'smit', roles: ['leerkracht'] };
const coordinator: Actor = { id: 'vries', roles: ['ib'] };
const director: Actor = { id: 'hofman', roles: ['directie'] };
const board: Actor = { id: 'bos', roles: ['bestuur'] };

const signal = { betreftMedewerker: false, feit: 'Blauwe plek op de arm.', bron: 'zelf', datum: '2026-03-18', richting: 'bevestigt' };
const closing = { conclusie: 'x', beslotenDoor: 'x', oudersWeten: true };
const talk = { datum: '2026-03-18', feiten: 'Besproken.', uitkomst: 'zorgen-blijven', ondertekend: 'allen' };

const started = (by = coordinator, answers = {}): Played => begin(model, { ...signal, ...answers }, { task: 'signaal', by, now: noon, subject: { naam: 'Sem Bakker', geboortedatum: '2013-01-01' } });
const statuses = ({ state }: Played): { [step: string]: string } => Object.fromEntries([...model.steps.keys()].map((step) => [step, stepStatus(model, state, step)]));
const nowOf = (played: Played, by: Actor): unknown => overview(model, played.state, everything(by), played.now).now;

function toTalk(): Played {
  const played = submit(submit(started(), 'overleg', { metDirectie: true, metIb: true }), 'samenvatting', { zijnErZorgen: 'ja' });
  take(played, 'signalen', 'naarConsultatie');
  submit(submit(played, 'bespreking', { waar: 'bilateraal', wijze: 'anoniem', uitkomst: 'x', datum: '2026-03-18' }), 'adviesAfweging', { adviesNodig: false });
  return take(played, 'consultatie', 'naarGesprek');
}

function toDecision(): Played {
  const played = take(submit(toTalk(), 'ouderGesprek', talk), 'gesprek', 'naarWegen');
  submit(submit(played, 'oordeelVragen', { bij: 'meldpunt', advies: 'x' }), 'zorgkantoorBetrekken', { bij: 'zorgkantoor', advies: 'x' });
  return take(submit(played, 'weging', { risico: 'x', ernst: 'x' }), 'wegen', 'naarBesluiten');
}

t.test('each plan asks two talks about its results, on the day that was chosen and after its end (S123)', async (t) => {
  const plan = { datum: '2026-03-18', status: 'concept', besprokenOp: '2026-03-18', van: '2026-03-18', tussentijdsOp: '2026-04-08', tot: '2026-04-30' };
  const played = submit(toTalk(), 'handelingsplan', plan);
  const record = played.state.lastRecord;
  const talks = (): unknown[] => overview(model, played.state, everything(coordinator), played.now).tasks.filter(({ form }) => form === 'plan-resultaten').map(({ id, status, due }) => [id, status, due?.day]);
  const why = (): string[] => overview(model, played.state, everything(coordinator), played.now).tasks.find(({ id }) => id === 'planTussentijds')?.reasons ?? [];
  t.same(talks(), [['planTussentijds', 'notYet', undefined], ['planNaAfloop', 'notYet', undefined]], 'a plan that has not begun has no results');
  t.match(why().join(' '), /^Dit kan alleen als dit geldt: ‘Hoe staat het met het plan\?’ bij ‘[^’]*’ is ‘[^’]*oopt’/, 'and it is not said that there has to be a plan first');
  act(played, { type: 'update', record, answers: { status: 'loopt' } });
  t.same(talks(), [['planTussentijds', 'todo', '2026-04-08'], ['planNaAfloop', 'todo', '2026-05-14']]);
  act(played, { type: 'submit', task: 'planTussentijds', source: String(record), answers: { datum: '2026-03-18', resultaten: 'Rustiger.' } });
  t.equal(played.state.records.at(-1)?.answers['moment'], 'tussentijds', 'which of the two it is nobody has to say');
  t.same(talks().length, 2);
});

t.test('closing for another cause offers a route of care, which takes along who the pupil is and nothing else (S127)', async (t) => {
  const played = toTalk();
  t.same(offeredLinks(played), []);
  act(submit(played, 'ouderGesprek', { ...talk, uitkomst: 'andere-oorzaak', andereOorzaak: 'Gevallen.' }), { type: 'take', step: 'gesprek', transition: 'andereOorzaak', answers: closing });
  const [link] = offeredLinks(played);
  t.equal(link?.definition.workflow, 'zorgroute');
  const form = model.bundle.forms['leerling'];
  const answers = link === undefined || form === undefined ? {} : answersToCopy(caseContext(model, played.state, noon, coordinator), link.definition, { leerling: form, signaal: form });
  t.same(answers, { leerling: { naam: 'Sem Bakker', geboortedatum: '2013-01-01' } });
});

t.test('the weighing of objections starts with what was weighed in step 4 (S171)', async (t) => {
  const played = take(submit(toTalk(), 'ouderGesprek', talk), 'gesprek', 'naarWegen');
  submit(played, 'weging', { risico: 'hoog', risicoMotivering: 'Het kan weer gebeuren.', ernst: 'ernstig', ernstMotivering: 'Er is letsel.', aardMotivering: 'Er wordt geslagen.' });
  for (const id of ['aankondigingOuder', 'aankondigingLeerling']) {
    const task = model.tasks.get(id);
    t.same(task === undefined ? {} : prefilledAnswers(model, played.state, task, { person: coordinator, now: noon }), { wegingAard: 'Er wordt geslagen.', wegingErnst: 'Er is letsel.', wegingNoodzaak: 'Het kan weer gebeuren.' });
  }
});

t.test('a case closes in step 3 because of another cause', async (t) => {
  const played = toTalk();
  const close = { type: 'take', step: 'gesprek', transition: 'andereOorzaak', answers: closing } as const;
  t.equal(refused(played, close).code, 'notOffered');
  submit(played, 'ouderGesprek', { ...talk, uitkomst: 'andere-oorzaak', andereOorzaak: 'Gevallen.' });
  t.equal(refused({ ...played, by: teacher }, close).code, 'notPerformer');
  t.match(nowOf(played, coordinator), { type: 'task', task: { id: 'delenMetOuders', title: 'Bespreek de uitkomst met de ouders: collegiale consultatie van 18 maart' } });
  act(played, { type: 'submit', task: 'delenMetOuders', source: String(played.state.records.find(({ task }) => task === 'bespreking')?.id), answers: { gedeeld: 'niet', reden: 'Het was anoniem.' } });
  t.match(nowOf(played, coordinator), { type: 'decide', step: 'gesprek' });
  act(played, close);
  t.match(played.state, { status: 'closed', outcome: 'andere-oorzaak' });
  t.match(nowOf(played, coordinator), { type: 'closed' });
  t.equal(nextDue(model, played.state, noon), '2027-03-18T22:59:59.999Z', 'nothing is to be done but to look after a year how long it is kept');
});

t.test('each step is shut until what it asks is there, and says so', async (t) => {
  const played = submit(started(), 'samenvatting', { zijnErZorgen: 'ja' });
  t.same(refused(played, { type: 'take', step: 'signalen', transition: 'naarConsultatie', answers: null }).texts, [model.steps.get('signalen')?.rules[0]?.definition.message]);
  const consulting = take(submit(played, 'overleg', { metDirectie: true, metIb: true }), 'signalen', 'naarConsultatie');
  t.equal(refused(consulting, { type: 'take', step: 'consultatie', transition: 'naarGesprek', answers: null }).texts.length, 2, 'unfinished leaves tasks open, rules never');
  submit(consulting, 'adviesAfweging', { adviesNodig: true, twijfelOorzaak: true });
  const reasons = refused(consulting, { type: 'take', step: 'consultatie', transition: 'naarGesprek', answers: null }).texts;
  t.ok(reasons.includes(model.steps.get('consultatie')?.rules.find(({ id }) => id === 'S084')?.definition.message ?? ''));
  t.equal(refused(consulting, { type: 'waive', rule: 'S084', step: 'consultatie', reason: 'Geen tijd voor gehad.' }).code, 'notOffered', 'a hard rule is passed by nobody');
});

t.test('help, relapse, back to the decision, a report and a second report', async (t) => {
  const played = submit(toDecision(), 'besluit', { kanBeschermen: 'ja' });
  t.equal(refused(played, { type: 'take', step: 'besluiten', transition: 'melden', answers: null }).code, 'notOffered');
  take(played, 'besluiten', 'hulp');
  submit(submit(played, 'hulpGesprek', talk), 'hulpplan', { datum: '2026-03-18', eersteEvaluatieOp: '2026-04-01', coordinatie: 'school' });
  t.equal(nextDue(model, played.state, noon), '2026-04-01T21:59:59.999Z');
  played.now = '2026-04-02T09:00:00.000Z';
  t.match(nowOf(played, coordinator), { type: 'task', task: { id: 'effect', due: { day: '2026-04-01', late: true } } });
  submit(played, 'effect', { datum: '2026-04-02', resultaat: 'opnieuw-begonnen' });
  t.equal(refused(played, { type: 'take', step: 'hulp', transition: 'afsluiten', answers: closing }).code, 'notOffered');
  take(played, 'hulp', 'opnieuwBesluiten', { motivering: 'x' });
  t.equal(refused(played, { type: 'take', step: 'besluiten', transition: 'hulp', answers: null }).code, 'notOffered', 'the decision is asked again');
  take(submit(played, 'besluit', { kanBeschermen: 'twijfel' }), 'besluiten', 'melden');

  const report = { type: 'submit', task: 'melding', answers: { gemeldOp: '2026-04-02', terugkijkenOp: '2026-04-20' } } as const;
  t.equal(refused(played, report).texts.length, 1, 'it is discussed with the parent first');
  act(submit(played, 'aankondigingOuder', { besproken: true, datum: '2026-04-02' }), report);
  submit(played, 'naMelding', { datum: '2026-04-20', verbetering: 'onvoldoende' });
  take(played, 'melden', 'opnieuwMelden');
  t.equal(played.state.visits.filter(({ step }) => step === 'melden').length, 2);
  t.match(nowOf(played, coordinator), { type: 'task', task: { id: 'aankondigingOuder', visit: 9 }, record: null }, 'a second report is announced again');
  act(submit(played, 'aankondigingOuder', { besproken: true, datum: '2026-04-21' }), report);
  submit(played, 'naMelding', { datum: '2026-05-01', verbetering: 'voldoende' });
  t.equal(refused(played, { type: 'take', step: 'melden', transition: 'afsluiten', answers: closing }).texts.length, 1);
  submit(played, 'instanties', { beslotenOp: '2026-05-01' });
  take(played, 'melden', 'afsluiten', closing);
  t.equal(played.state.outcome, 'gemeld');
  t.equal(played.state.records.filter(({ task }) => task === 'melding').length, 2);
});

t.test('semantics 20: grounds given in an emergency count for the rules that ask for them later', async (t) => {
  const grounds = { geenGesprekGrond: 'veiligheid', geenGesprekMotivering: 'x', geenAankondigingGrond: 'veiligheid', geenAankondigingMotivering: 'x' };
  const without = submit(started(), 'noodsituatie', { gezegd: 'x', meldingGedaan: true });
  t.equal(refused(without, { type: 'submit', task: 'melding', answers: { gemeldOp: '2026-03-18' } }).texts.length, 2);
  const withGrounds = submit(started(), 'noodsituatie', { gezegd: 'x', meldingGedaan: true, ...grounds });
  submit(withGrounds, 'melding', { gemeldOp: '2026-03-18' });
  t.notOk(overview(model, withGrounds.state, everything(coordinator), noon).activeSteps[0]?.tasks.find(({ id }) => id === 'aankondigingOuder')?.required);
});

t.test('an emergency in step 1 that was reported goes to 5b and skips what was not reached, with the reason', async (t) => {
  const played = started(teacher);
  played.by = teacher;
  const command = { type: 'submit', task: 'noodsituatie', answers: { gezegd: 'x', meldingGedaan: true } } as const;
  const foretold = consequences(model, played.state, succeeded(attempt(played, command)), ownOnly(teacher), noon);
  t.same(foretold.slice(0, 3), [
    'Verlaten: Stap 1: In kaart brengen van signalen.',
    'Overgeslagen: stap 1, 2, 3, 4 en 5. Noodsituatie.',
    'De zaak gaat naar: Stap 5b: Melden en bespreken met de ouder.'
  ]);
  act(played, command);
  t.same(statuses(played), { signalen: 'skipped', consultatie: 'skipped', gesprek: 'skipped', wegen: 'skipped', besluiten: 'skipped', hulp: 'ahead', melden: 'active' });
  const seen = overview(model, played.state, everything(coordinator), noon);
  t.same(seen.steps[0]?.reason, 'noodsituatie');
  t.ok(seen.unfinished.some(({ id, status }) => id === 'samenvatting' && status === 'optional'), 'what lapsed may still be handed in');
  t.ok(submit({ ...played, by: coordinator }, 'samenvatting', { zijnErZorgen: 'ja' }).state.records.at(-1)?.late);
});

t.test('an emergency form without a report moves nothing, and opens a case by itself', async (t) => {
  const played = begin(model, { gezegd: 'x' }, { task: 'noodsituatie', by: teacher });
  t.equal(statuses(played)['signalen'], 'active');
  act({ ...played, by: teacher }, { type: 'update', record: 1, answers: { gebeld: true } });
  const reported = act({ ...played, by: teacher }, { type: 'update', record: 1, answers: { meldingGedaan: true } });
  t.equal(statuses(reported)['melden'], 'active');
});

t.test('a suspected colleague restricts the case in the same act, tells the board, and asks for it today', async (t) => {
  const played = started(teacher, { betreftMedewerker: true, medewerker: { id: 'hofman', naam: 'M. Hofman' } });
  t.match(played.state.restriction, { to: ['author', 'bestuur'], never: ['hofman'], lift: ['bestuur'] });
  t.match(played.state.notices, [{ roles: ['bestuur'] }]);
  t.equal(nextDue(model, played.state, noon), '2026-03-18T22:59:59.999Z');
  const seen = overview(model, played.state, ownOnly(teacher), noon);
  t.match(seen.tasks.find(({ id }) => id === 'meldBestuur'), { status: 'todo', due: { day: '2026-03-18', late: false } });
  t.match(overview(model, played.state, ownOnly(teacher), '2026-03-19T08:00:00.000Z').now, { type: 'task', task: { id: 'meldBestuur', due: { late: true } } });
  played.by = board;
  submit(played, 'samenvatting', { zijnErZorgen: 'ja' });
  t.same(refused(played, { type: 'take', step: 'signalen', transition: 'naarConsultatie', answers: null }).texts, [model.rules.find(({ id }) => id === 'S065')?.definition.message], 'and the talk with the director is not asked');
  take(submit(played, 'meldBestuur', { aanWie: 'x' }), 'signalen', 'naarConsultatie');
});

t.test('a suspected colleague who is named later is shut out at that moment', async (t) => {
  const played = started(teacher, { betreftMedewerker: true });
  t.same(played.state.restriction?.never, []);
  act({ ...played, by: teacher }, { type: 'update', record: 2, answers: { tijd: '10:00' } });
  const named = act({ ...played, by: teacher, events: [] }, { type: 'update', record: 2, answers: { medewerker: { id: 'hofman', naam: 'M. Hofman' } } });
  t.match(named.state.restriction, { to: ['author', 'bestuur'], never: ['hofman'] });
  t.same(eventsOf(named, 'restricted').map(({ never }) => never), [['hofman']]);
});

t.test('who begins with a suspicion is told who will still see the case; who is shut out is told nothing more', async (t) => {
  const played = started(teacher);
  const result = succeeded(attempt({ ...played, by: coordinator }, { type: 'submit', task: 'signaal', answers: { ...signal, betreftMedewerker: true } }));
  t.same(consequences(model, played.state, result, everything(coordinator), noon), [
    'Deze zaak is dan alleen nog te zien voor: degene die de zaak begon en schoolbestuur.',
    'Krijgt een melding op de werklijst: schoolbestuur.'
  ]);
  t.ok(consequences(model, played.state, result, ownOnly(teacher), noon).includes('Nieuwe taak voor u: Meld dit bij het schoolbestuur.'));
});

t.test('a refused consent is written down by the program as a signal, without a person as its author', async (t) => {
  const played = submit(started(), 'toestemming', { ouder: 'De moeder', voor: 'zorgteam', gevraagdOp: '2026-03-18', status: 'gevraagd' });
  t.equal(nextDue(model, played.state, noon), '2026-04-01T21:59:59.999Z');
  act(played, { type: 'update', record: 3, answers: { status: 'geweigerd' } });
  t.match(played.state.records.at(-1), { task: 'signaal', by: null, answers: { feit: /^De moeder heeft geen/, datum: '2026-03-18' } });
  t.equal(eventsOf(played, 'recordEntered').at(-1)?.bySystem, true);
});

t.test('discussing openly in the care team needs consent that is signed and not withdrawn on that day', async (t) => {
  const played = toTalk();
  const meeting = { type: 'submit', task: 'zorgteam', answers: { wijze: 'open', datum: '2026-03-18' } } as const;
  submit(played, 'zorgteamIntake', { datum: '2026-03-18', met: 'x' });
  t.equal(refused(played, meeting).texts.length, 1);
  submit(played, 'toestemming', { ouder: 'x', voor: 'zorgteam', gevraagdOp: '2026-03-17', status: 'gegeven', getekendOp: '2026-03-17' });
  t.ok(attempt(played, meeting).ok);
  act(played, { type: 'update', record: played.state.lastRecord, answers: { status: 'ingetrokken', ingetrokkenOp: '2026-03-18' } });
  t.equal(refused(played, meeting).texts.length, 1);
  t.ok(attempt(played, { ...meeting, answers: { ...meeting.answers, wijze: 'anoniem' } }).ok, 'anonymously always');
});

t.test('a director closes what was opened wrongly, from any step, and nobody else', async (t) => {
  const played = toTalk();
  const wrong = { type: 'take', step: null, transition: 'onterecht', answers: closing } as const;
  t.equal(refused(played, wrong).code, 'notPerformer');
  t.equal(act({ ...played, by: director }, wrong).state.outcome, 'onterecht');
});
