import fc from 'fast-check';
import t from 'tap';
import { differenceText } from '../src/engine/versions/difference-text.ts';
import { differences } from '../src/engine/versions/differences.ts';
import { nextDue } from '../src/engine/reading/due.ts';
import { overview } from '../src/engine/overview/overview.ts';
import type { TaskView } from '../src/engine/model/overview-types.ts';
import { apply } from '../src/engine/commands/transition.ts';
import { clockwork } from '../src/engine/state/case-state.ts';
import { rebuild } from '../src/engine/commands/rebuild.ts';
import { nextTimer } from '../src/engine/commands/timers.ts';
import { startSite } from './fixtures/site.ts';
import { startCase } from './fixtures/story.ts';
import { begin, choice, coordinator, director, eventsOf, everything, noon, type Played, refused, smallRoute, submit, succeeded, take, teacher, translate } from './fixtures/small-route.ts';

const date = { type: 'string', format: 'date', title: 'Wanneer?' } as const;
const leave = { type: 'take', step: 'een', transition: 'verder', answers: null } as const;

function kijken(repeat: object): ReturnType<typeof smallRoute> {
  return smallRoute({ steps: {
    een: { title: 'Stap 1', tasks: { kijk: { form: 'kijk', title: 'Kijk opnieuw', required: true, repeat } }, transitions: { verder: { title: 'Verder', to: 'twee' } } },
    twee: { title: 'Stap 2', transitions: { klaar: { title: 'Klaar', close: 'goed' } } }
  } }, { kijk: { op: { ...date, 'x-date': true }, weer: date, elke: choice('4-weeks', '1-days'), gestopt: { type: 'boolean', title: 'Gestopt?' } } });
}

function taskOf({ model, state, now }: Played, id = 'kijk'): TaskView | undefined {
  return overview(model, state, everything(coordinator), now).activeSteps.flatMap(({ tasks }) => tasks).find((task) => task.id === id);
}

t.test('semantics 14: repeat.every counts from the date of the last one, else from hand-in, and missed ones do not pile up', async (t) => {
  const played = begin(kijken({ every: { weeks: 2 }, until: { 'this.gestopt': true } }));
  submit(played, 'kijk', { op: '2026-03-10' });
  t.match(taskOf(played), { status: 'done', due: { day: '2026-03-24', late: false } }, 'what is planned is not asked yet');
  t.equal(nextDue(played.model, played.state, noon), '2026-03-24T22:59:59.999Z');
  t.ok(take({ ...played }, 'een', 'verder'), 'and holds nothing up');
  played.now = '2026-03-24T07:00:00.000Z';
  t.match(taskOf(played), { status: 'todo', due: { day: '2026-03-24', late: false } });
  t.same(refused(played, leave).texts, ['Doe eerst ‘Kijk opnieuw’.']);
  played.now = '2026-06-01T07:00:00.000Z';
  t.match(taskOf(played), { status: 'todo', due: { day: '2026-03-24', late: true }, records: { length: 1 } });
  submit(played, 'kijk');
  t.match(taskOf(played), { status: 'done', due: { day: '2026-06-15' } }, 'without a date it counts from hand-in; ten weeks ask once');
  played.now = '2026-06-16T07:00:00.000Z';
  submit(played, 'kijk', { gestopt: true });
  t.match(taskOf(played), { status: 'done', due: null });
});

t.test('semantics 14: next is the day that was chosen, before every; an answer may say how long', async (t) => {
  const chosen = (repeat: object, answers: object): TaskView | undefined => taskOf(submit(begin(kijken(repeat)), 'kijk', { ...answers }));
  t.match(chosen({ next: 'this.weer', every: { days: 1 } }, { weer: '2026-04-02' }), { status: 'done', due: { day: '2026-04-02' } });
  t.match(chosen({ next: 'this.weer' }, {}), { status: 'done', due: null }, 'nobody chose a day');
  t.match(chosen({ next: 'this.weer', until: { 'this.gestopt': true } }, {}), { status: 'todo' }, 'going on until something holds');
  t.match(chosen({ every: 'this.elke' }, { elke: '4-weeks' }), { due: { day: '2026-04-15' } });
  t.match(chosen({ every: { hours: 3 } }, {}), { status: 'done', due: { at: '2026-03-18T13:30:00.000Z' } });
});

const autumn = {
  title: 'De Proef', unit: { one: 'schooldag', other: 'schooldagen' }, from: '2026-01-01', until: '2026-12-18',
  holidays: { herfst: { title: 'Herfstvakantie', from: '2026-10-12', until: '2026-10-16' }, studiedag: { title: 'Studiedag', from: '2026-10-19' } }
};

t.test('semantics 14: a calendar unit in within counts the days a school is open, and past what the calendar knows the term is unknown', async (t) => {
  const model = smallRoute({
    tasks: { bel: { form: 'bel', title: 'Bel', required: true, due: { within: { schooldagen: 3 }, remind: [{ workdays: 1 }], escalateTo: ['directie'] } } },
    steps: {
      een: { title: 'Stap 1', due: { within: { schooldagen: 60 } }, tasks: { verslag: { form: 'verslag', title: 'Schrijf', required: true } }, transitions: { verder: { title: 'Verder', to: 'twee', unfinished: true } } },
      twee: { title: 'Stap 2', transitions: { klaar: { title: 'Klaar', close: 'goed', unfinished: true } } }
    },
    events: { vraag: { at: { within: { schooldagen: 5 } }, notify: ['ib'] } }
  }, {}, { schooldagen: autumn });
  const at = (now: string): Played => begin(model, {}, { now });
  const bel = ({ state, now }: Played): TaskView | undefined => overview(model, state, everything(coordinator), now).tasks.find(({ id }) => id === 'bel');
  const october = at('2026-10-08T10:00:00.000Z');
  t.match(bel(october), { due: { day: '2026-10-21' }, termUnknown: false }, 'Friday, then the Tuesday and Wednesday after the holiday and the day the staff study');
  t.match(taskOf(october, 'verslag'), { due: null, termUnknown: true }, 'a step of sixty days ends in the next calendar');
  const inDays = smallRoute({ ...model.workflow, tasks: { ...model.workflow.tasks, brief: { form: 'brief', title: 'Brief', required: true, due: { within: { days: 5 } } } } }, {}, { schooldagen: autumn });
  const [, brief] = overview(inDays, begin(inDays, {}, { now: october.now }).state, everything(coordinator), october.now).tasks.map(({ due }) => due).filter((due) => due !== null);
  t.strictSame(brief, { day: '2026-10-13', at: '2026-10-13T21:59:59.999Z', late: false, holiday: 'Herfstvakantie' }, 'a term in days ends when it ends; that the school is closed then is told');
  const december = at('2026-12-17T10:00:00.000Z');
  t.match(bel(december), { due: null, termUnknown: true }, 'Friday is the last day it knows');
  t.equal(nextDue(model, december.state, december.now), null);
  t.equal(nextTimer(model, december.state, december.now), null, 'nobody is told of a term that has no end, and an event waits');
  const more = smallRoute(model.workflow, {}, { schooldagen: { ...autumn, until: '2027-07-16', holidays: { ...autumn.holidays, kerst: { title: 'Kerstvakantie', from: '2026-12-19', until: '2027-01-03' } } } });
  t.match(overview(more, december.state, everything(coordinator), december.now).tasks.find(({ id }) => id === 'bel'), { due: { day: '2027-01-05' }, termUnknown: false });
  t.not(model.bundle.hash, more.bundle.hash, 'a longer calendar is a new version');
  t.same(differences(model, more).map((one) => differenceText(one, translate)), [
    'Anders: kalender "De Proef" (schooldagen), tot wanneer was "2026-12-18" en is nu "2027-07-16".',
    'Nieuw: kalender "De Proef" (schooldagen), vrije dagen "Kerstvakantie" (kerst).'
  ]);
});

const told = smallRoute({
  tasks: { bel: { form: 'bel', title: 'Bel', required: true, due: { within: { days: 1 }, remind: [{ hours: 2 }], escalateTo: ['directie'] } } },
  steps: {
    een: {
      title: 'Stap 1', performers: ['ib'], due: { within: { workdays: 10 }, remind: [{ workdays: 3 }, { workdays: 1 }], escalateTo: ['directie'] },
      tasks: { verslag: { form: 'verslag', title: 'Schrijf een verslag', required: true } }, transitions: { verder: { title: 'Verder', to: 'twee', unfinished: true } }
    },
    twee: { title: 'Stap 2', transitions: { klaar: { title: 'Klaar', close: 'goed' } } }
  }
});

/** What a server does that looks at this moment. */
function later(played: Played, now: string): Played {
  const result = succeeded(apply(played.model, played.state, { type: 'passTime' }, clockwork, now));
  return { ...played, now, state: result.state, events: result.events };
}

function tellings(played: Played): string[] {
  return eventsOf(played, 'termTold').map(({ kind, task, step }) => `${kind} ${task ?? step ?? ''}`);
}

t.test('semantics 14: reminders count back from due, a calendar unit only in within; each fires once', async (t) => {
  const played = begin(told);
  t.equal(nextTimer(told, played.state, noon), '2026-03-19T20:59:59.999Z', 'two hours before the end of the next day');
  t.same(tellings(later(played, '2026-03-19T20:00:00.000Z')), []);
  const first = later(played, '2026-03-19T21:00:00.000Z');
  t.same(tellings(first), ['reminded bel']);
  t.same(tellings(later(first, '2026-03-19T21:01:00.000Z')), []);
  const done = submit({ ...first }, 'bel');
  t.equal(nextTimer(told, done.state, done.now), '2026-03-26T23:00:00.000Z', 'three working days before 1 April, from the start of that day');
  t.same(overview(told, first.state, everything(coordinator), first.now).told.map(({ kind, title }) => [kind, title]), [['reminded', 'Bel']]);
  t.same(overview(told, done.state, everything(coordinator), first.now).told, [], 'what is done needs no reminder');
});

t.test('what should have happened in a week of downtime happens once, in order', async (t) => {
  const start = begin(told);
  const back = later(start, '2026-04-03T08:00:00.000Z');
  t.same(tellings(back), ['reminded bel', 'escalated bel', 'reminded een', 'reminded een', 'escalated een']);
  t.same(tellings(later(back, '2026-04-03T09:00:00.000Z')), []);
  t.equal(nextTimer(told, back.state, back.now), null);
  const seen = (person: typeof coordinator): string[] => overview(told, back.state, everything(person), back.now).told.map(({ kind, title }) => `${kind} ${title}`);
  t.same(seen(director), ['escalated Bel', 'escalated Stap 1'], 'whom it was escalated to');
  t.same(seen(teacher), [], 'and nobody else: the reminders have been overtaken');
  const log = [...start.events.map((event) => ({ at: noon, person: 'vries', event })), ...back.events.map((event) => ({ at: back.now, person: 'system', event }))];
  t.match(rebuild(log, back.state.records), { ok: true, state: back.state }, 'the events rebuild what was told');
});

t.test('R9: wherever the clock jumps in between (back, a summer night, a leap day, New Year), nothing that was due is skipped and nothing is told twice', async (t) => {
  const start = begin(told);
  const once = ['escalated bel', 'escalated een', 'reminded bel', 'reminded een', 'reminded een'];
  const reading = fc.constantFrom('2024-02-29T12:00:00.000Z', '2025-12-31T23:00:00.000Z', '2026-01-01T00:00:00.000Z', '2026-03-20T07:00:00.000Z', '2026-03-26T22:59:59.999Z', '2026-03-26T23:00:00.000Z', '2026-03-29T00:59:00.000Z', '2026-03-29T01:01:00.000Z', '2026-04-01T21:59:59.999Z', '2026-04-02T08:00:00.000Z', '2026-10-25T00:30:00.000Z', '2028-02-29T12:00:00.000Z');
  t.doesNotThrow(() => { fc.assert(fc.property(fc.array(reading, { maxLength: 8 }), (readings) => {
    let [played, all] = [start, [] as string[]];
    for (const now of [...readings, '2028-03-01T08:00:00.000Z', '2026-03-19T08:00:00.000Z']) {
      played = later(played, now);
      all = [...all, ...tellings(played)];
    }
    return String(all.sort()) === String(once) && nextTimer(told, played.state, played.now) === null;
  }), { numRuns: 200, seed: 9 }); });
});

t.test('a term that moved is told of again, one that ended is not', async (t) => {
  const model = smallRoute({ tasks: { vraag: { form: 'vraag', title: 'Vraag', repeat: true, later: ['op', 'antwoord'], done: { 'this.antwoord': 'ja' }, due: { from: 'this.op', within: { days: 7 }, remind: [{ days: 2 }] } } } }, { vraag: { op: date, antwoord: choice('ja') } });
  const played = submit(begin(model), 'vraag', { op: '2026-03-18' });
  const reminded = later(played, '2026-03-23T08:00:00.000Z');
  t.same(tellings(reminded), ['reminded vraag']);
  const moved = succeeded(apply(model, reminded.state, { type: 'update', record: 2, answers: { op: '2026-03-25' } }, coordinator, reminded.now));
  t.same(overview(model, moved.state, everything(coordinator), reminded.now).told, []);
  t.same(tellings(later({ ...reminded, state: moved.state }, '2026-03-30T08:00:00.000Z')), ['reminded vraag']);
  const answered = succeeded(apply(model, moved.state, { type: 'update', record: 2, answers: { antwoord: 'ja' } }, coordinator, reminded.now));
  t.equal(nextTimer(model, answered.state, reminded.now), null);
});

t.test('an event with a moment fires then, per source, reads conditions as they were and may close the case', async (t) => {
  const model = smallRoute({
    tasks: { vraag: { form: 'vraag', repeat: true }, logboek: { form: 'logboek', repeat: true } },
    events: {
      kijk: { for: 'vraag', at: { from: 'for.op', within: { days: 1 } }, on: { 'for.ernstig': true }, notify: ['directie'] },
      schrijf: { at: { within: { weeks: 1 } }, write: { logboek: { op: { field: 'now' } } } },
      stop: { at: { within: { weeks: 2 } }, close: 'goed' }
    }
  }, { vraag: { op: date, ernstig: { type: 'boolean', title: 'Ernstig?' } }, logboek: { op: date } });
  const played = submit(submit(begin(model), 'vraag', { op: '2026-03-20', ernstig: true }), 'vraag', { op: '2026-03-20', ernstig: false });
  t.equal(nextTimer(model, played.state, noon), '2026-03-21T22:59:59.999Z');
  const fired = (one: Played): string[] => eventsOf(one, 'eventFired').map(({ key }) => key);
  const early = later(played, '2026-03-22T08:00:00.000Z');
  t.same(fired(early), ['kijk:2']);
  t.equal(nextTimer(model, early.state, early.now), '2026-03-25T22:59:59.999Z', 'what waits for its condition sets no clock');
  const after = later(played, '2026-05-01T08:00:00.000Z');
  t.same(fired(after), ['kijk:2', 'schrijf', 'stop'], 'in order of time, not of the file');
  t.match(after.state, { status: 'closed', outcome: 'goed', closedAt: '2026-05-01T08:00:00.000Z' });
  t.equal(after.state.records.at(-1)?.answers['op'], '2026-03-25', 'the day it was to be written');
  t.equal(nextTimer(model, after.state, after.now), null);
});

t.test('a round of the clock erases drafts that are past their days', async (t) => {
  const site = await startSite({ now: '2026-03-18T09:00:00.000Z' });
  t.teardown(() => site.stop());
  const vries = await site.signIn('vries');
  const signal = { betreftMedewerker: false, feit: 'Kwam zonder ontbijt.', bron: 'eigen-waarneming', datum: '2026-03-18' };
  const { story } = await startCase(site, vries, 'signaal', signal, { naam: 'Sem Bakker', groep: '8' });
  const page = await vries.get(`/cases/${story.number}/tasks/overleg`);
  t.equal((await page.submit({ '/uitkomst': 'Nog niet af.' }, { button: 'Later verder' })).status, 200);
  const drafts = async (): Promise<number> => (await site.database.read('drafts')).length;
  t.equal(await drafts(), 1);
  await site.services.timers.run();
  t.equal(await drafts(), 1);
  site.clock.now = '2026-04-02T09:00:00.000Z';
  await site.services.timers.run({ erases: false });
  t.equal(await drafts(), 1, 'a clock that may be wrong erases nothing');
  await site.services.timers.run();
  t.equal(await drafts(), 0);
});

t.test('the work list says of what somebody is reminded and what was escalated to them, once, whatever server looks', async (t) => {
  const site = await startSite({ now: '2026-03-18T09:00:00.000Z' });
  t.teardown(() => site.stop());
  const vries = await site.signIn('vries');
  const signal = { betreftMedewerker: false, feit: 'Zei dat ze moet trouwen.', bron: 'eigen-waarneming', datum: '2026-03-18' };
  const { story } = await startCase(site, vries, 'signaal', signal, { naam: 'Sem Bakker', groep: '8' });
  await story.complete(vries, 'signaal', { bijzondereVorm: 'eer' });
  t.match(await site.services.timers.run(), { done: 0, failed: [] });
  site.clock.now = '2026-03-18T21:30:00.000Z';
  const rounds = await Promise.all([site.services.timers.run(), site.services.timers.run()]);
  t.equal(rounds.reduce((sum, { done }) => sum + done, 0), 1);
  t.match((await (await site.signIn('vries')).get('/cases')).text, 'Herinnering: ‘Neem met spoed contact op met het AMK’, vóór woensdag 18 maart');
  site.clock.now = '2026-03-26T08:00:00.000Z';
  const [{ id, state_sealed: sealed, revision }] = await site.database.read<{ id: string; state_sealed: string; revision: number }>('cases') as [{ id: string; state_sealed: string; revision: number }];
  await site.database.write((connection) => connection('cases').where({ id, revision }).update({ state_sealed: 'v1.x.x.x' }));
  t.same(await site.services.timers.run(), { done: 0, failed: [id], why: ['SealBroken'] }, 'what cannot be done now says which case and why, and nothing that anybody wrote');
  await site.database.write((connection) => connection('cases').where({ id, revision }).update({ state_sealed: sealed }));
  site.clock.now = '2026-03-26T08:02:00.000Z';
  t.match(await site.services.timers.run(), { done: 1 });
  const hofman = await site.signIn('hofman');
  t.match((await hofman.get('/cases')).text, 'Aan u gemeld: ‘Neem met spoed contact op met het AMK’ moest woensdag 18 maart klaar zijn.');
  const page = await story.look(hofman);
  t.match(page.text, 'Aan u gemeld: ‘Neem met spoed contact op met het AMK’');
  t.match(page.text, /te laat, gemeld aan directeur of schoolbestuur: neem met spoed contact op met het AMK\./i);
  await story.handIn(await site.signIn('vries'), 'spoedAdvies', { datum: '2026-03-26', bij: 'meldpunt', anoniem: false, over: 'vervolgstappen', vraag: 'Wat nu?', advies: 'Kom langs.' });
  t.notMatch((await hofman.get('/cases')).text, 'Aan u gemeld');
  t.equal((await site.database.read('timers')).length, 0);
});
