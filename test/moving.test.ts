import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import t from 'tap';
import type { Bundle } from '../src/definitions/bundle.ts';
import { bundleFromText } from '../src/definitions/make-bundle.ts';
import { loadContent } from '../src/documents/load-content.ts';
import { type CaseRecord, type CaseState, clockwork, type Command } from '../src/engine/state/case-state.ts';
import { moveCase, type MoveResult } from '../src/engine/versions/move-case.ts';
import { choiceMade, type Choices, type Need, noChoices } from '../src/engine/state/move-choices.ts';
import { asEntered } from '../src/engine/state/moved-state.ts';
import { targetsOf } from '../src/engine/versions/move-targets.ts';
import { needText } from '../src/engine/versions/need-text.ts';
import { overview } from '../src/engine/overview/overview.ts';
import { type Model, prepare } from '../src/engine/model/prepare.ts';
import { type LoggedEvent, rebuild } from '../src/engine/commands/rebuild.ts';
import { apply } from '../src/engine/commands/transition.ts';
import { readTexts } from '../src/texts.ts';
import { smallContent } from './fixtures/mistakes.ts';

// Moving a running case to another version of its route: the engine's part, without a store.

const texts = readTexts('nl');
const [bundle] = loadContent(smallContent, texts).workflows;
if (bundle === undefined) throw new Error('The small route has an error.');
const small = prepare(bundle, texts);
const person = { id: 'vries', roles: ['ib', 'leraar'] };
const later = '2026-04-01T09:00:00.000Z';

const opening: Command & { type: 'open' } = { type: 'open', task: 'melding', answers: { wat: 'Een melding', soort: 'gewoon' }, subject: { naam: 'Sam' } };
const talk: Command = { type: 'submit', task: 'gesprek', answers: { datum: '2026-03-01', feiten: 'Een gesprek', boos: true, deelnemers: [{ id: '1-1', naam: 'Bo', functie: 'leraar' }] } };
const acts: Exclude<Command, { type: 'open' }>[] = [
  talk,
  { type: 'submit', task: 'melding', answers: { wat: 'Nog een', soort: 'dringend', datum: '2026-03-01' } },
  { type: 'take', step: 'kijken', transition: 'verder', answers: null },
  ...['ja', 'misschien', 'nee'].map((hulp) => ({ type: 'submit' as const, task: 'besluit', answers: { hulp } })),
  { type: 'take', step: 'kiezen', transition: 'helpen', answers: null },
  { type: 'update', record: 2, answers: { datum: '2026-03-02' } },
  { type: 'correct', record: 2, answers: { wat: 'Iets anders' }, reason: 'Het was anders dan eerst gedacht.' },
  { type: 'waive', rule: 'R1', step: 'kijken', reason: 'De ouder was er bij, dus dit hoeft niet.' },
  { type: 'handTask', task: 'gesprek', to: person }
];

const renamed = version(['"kiezen":{"title":"Kiezen"', '"besluiten":{"title":"Besluiten"'], ['"to":"kiezen"', '"to":"besluiten"']);
const fewerAnswers = version(['"enum":["ja","misschien","nee"]', '"enum":["ja","nee"]'], ['["ja","misschien"]', '"ja"']);
const otherTask = version(['"tasks":{"besluit":{"form":"besluit"', '"tasks":{"keuze":{"form":"besluit"'], ['"besluit.hulp":["ja"', '"keuze.hulp":["ja"'], ['"besluit.hulp":"nee"', '"keuze.hulp":"nee"']);

t.test('a case goes on where it stands when words change or more is asked, and what is asked then is said', (t) => {
  const { state } = played(small, opening, talk, { type: 'take', step: 'kijken', transition: 'verder', answers: null });
  const silent = goes(moveCase(small, version(['"title":"Kiezen"', '"title":"Nu kiezen"']), state, noChoices, later));
  t.match([silent.asked, silent.state.visits.map(({ step, status }) => [step, status])], [[], [['kijken', 'completed'], ['kiezen', 'active']]]);
  t.same(silent.state.records.map(asEntered), state.records);
  const more = version(['"tasks":{"besluit"', '"tasks":{"huisbezoek":{"title":"Leg het huisbezoek vast","form":"gesprek","required":true},"besluit"']);
  const asked = goes(moveCase(small, more, state, noChoices, later));
  t.same(asked.asked, ['Leg het huisbezoek vast']);
  t.equal(asked.state.asked.find(({ task }) => task === 'huisbezoek')?.since, later);
  t.ok(asked.state.asked.some(({ task, since }) => task === 'besluit' && since < later), 'what was asked before is asked since then');
  t.end();
});

t.test('a step that is gone asks a choice of the cases that stand in it, and of no others', (t) => {
  const there = played(small, opening, talk, { type: 'take', step: 'kijken', transition: 'verder', answers: null }).state;
  t.same(moveCase(small, renamed, there, noChoices, later), { type: 'asks', needs: [{ kind: 'step', id: 'kiezen' }] });
  t.equal(moveCase(small, renamed, played(small, opening).state, noChoices, later).type, 'goes');
  const moved = goes(moveCase(small, renamed, there, { ...noChoices, steps: { kiezen: 'besluiten' } }, later));
  t.match(overview(renamed, moved.state, { ...person, sees: 'full' }, later).activeSteps, [{ title: 'Besluiten', tasks: [{ title: 'Besluit', status: 'todo' }] }]);
  t.equal(moveCase(small, renamed, there, { ...noChoices, steps: { kiezen: 'weg' } }, later).type, 'stays');
  t.end();
});

t.test('records count for the task that is chosen or for nothing, and stay as they were entered', (t) => {
  const { state } = played(small, opening, talk, { type: 'take', step: 'kijken', transition: 'verder', answers: null }, { type: 'submit', task: 'besluit', answers: { hulp: 'nee' } });
  t.same(moveCase(small, otherTask, state, noChoices, later), { type: 'asks', needs: [{ kind: 'task', id: 'besluit' }] });
  const counted = goes(moveCase(small, otherTask, state, { ...noChoices, tasks: { besluit: 'keuze' } }, later)).state;
  t.equal(exitOf(otherTask, counted, 'stoppen'), 'open', 'the answer is read by the new conditions');
  const nothing = goes(moveCase(small, otherTask, state, { ...noChoices, tasks: { besluit: null } }, later)).state;
  t.equal(exitOf(otherTask, nothing, 'stoppen'), 'closed');
  for (const moved of [counted, nothing]) t.same(moved.records.map(asEntered), state.records);
  t.end();
});

t.test('an answer that is gone becomes another one for conditions, and is shown as it was given', (t) => {
  const { state } = played(small, opening, talk, { type: 'take', step: 'kijken', transition: 'verder', answers: null }, { type: 'submit', task: 'besluit', answers: { hulp: 'misschien' } });
  const result = moveCase(small, fewerAnswers, state, noChoices, later);
  t.same(result, { type: 'asks', needs: [{ kind: 'answer', path: 'besluit.hulp', answer: 'misschien' }] });
  t.equal(needText(small, fewerAnswers, (result as { needs: Need[] }).needs[0] as Need), 'Bij de vraag ‘Gaat u helpen?’ is ‘misschien’ gekozen. Dat antwoord is er niet meer.');
  const yes = goes(moveCase(small, fewerAnswers, state, { ...noChoices, answers: { 'besluit.hulp': { misschien: 'ja' } } }, later)).state;
  t.equal(exitOf(fewerAnswers, yes, 'helpen'), 'open');
  const none = goes(moveCase(small, fewerAnswers, state, { ...noChoices, answers: { 'besluit.hulp': { misschien: null } } }, later)).state;
  t.equal(exitOf(fewerAnswers, none, 'helpen'), 'closed');
  t.same([yes, none].map(({ records }) => asEntered(records.at(-1) as CaseRecord).answers), [{ hulp: 'misschien' }, { hulp: 'misschien' }]);
  t.equal(moveCase(small, fewerAnswers, state, { ...noChoices, answers: { 'besluit.hulp': { misschien: 'soms' } } }, later).type, 'stays', 'an answer that neither version has');
  t.end();
});

t.test('an event that would happen at once asks whether it may, and one that happened does not happen again', (t) => {
  const notified = version(['"events":{', '"events":{"gewoon":{"for":"melding","on":{"for.soort":"gewoon"},"notify":["ib"]},']);
  const { state } = played(small, opening);
  t.same(moveCase(small, notified, state, noChoices, later), { type: 'asks', needs: [{ kind: 'event', id: 'gewoon' }] });
  const act = (moved: CaseState): string[] => {
    const result = apply(notified, moved, talk, person, later);
    return result.ok ? result.events.flatMap((event) => (event.type === 'eventFired' ? [event.key] : [])) : ['refused'];
  };
  t.same(act(goes(moveCase(small, notified, state, { ...noChoices, events: { gewoon: 'now' } }, later)).state), ['gewoon:2']);
  t.same(act(goes(moveCase(small, notified, state, { ...noChoices, events: { gewoon: 'never' } }, later)).state), []);
  const urgent = played(small, { ...opening, answers: { wat: 'Brand', soort: 'dringend' } }).state;
  t.same(urgent.fired, ['dringend:2']);
  t.equal(moveCase(small, version(['"title":"Kiezen"', '"title":"Nu kiezen"']), urgent, noChoices, later).type, 'goes');
  t.end();
});

t.test('another route, another kind of subject, and a case that is closed stay', (t) => {
  const { state } = played(small, opening);
  const stays = (result: MoveResult): string => (result.type === 'stays' ? result.reason : result.type);
  t.equal(stays(moveCase(small, version(['"id":"klein"', '"id":"groot"']), state, noChoices, later)), 'Dit is een andere route, of een ander soort onderwerp.');
  t.equal(stays(moveCase(small, version(['"subject":"leerling"', '"subject":"gesprek"']), state, noChoices, later)), 'Dit is een andere route, of een ander soort onderwerp.');
  t.equal(stays(moveCase(small, renamed, { ...state, status: 'closed' }, noChoices, later)), 'De zaak is gesloten.');
  t.end();
});

t.test('whatever a case went through and whatever version it moves to: its events rebuild it, its records stay, it can be undone, and it goes on', (t) => {
  const versions = [renamed, fewerAnswers, otherTask,
    version(['"title":"Kiezen"', '"title":"Nu kiezen"']),
    version(['"boos":{"type":"boolean"', '"boos":{"type":"string"'], ['"when":{"boos":true}', '"when":{"boos":"ja"}']),
    version(['"tasks":{"gesprek":{"form":"gesprek","required":true}}', '"tasks":{"gesprek":{"form":"gesprek","for":"melding"}}']),
    version(['"events":{', '"events":{"gewoon":{"for":"melding","on":{"for.soort":"gewoon"},"to":"kiezen"},']),
    version(['"kiezen":{"title":"Kiezen"', '"besluiten":{"title":"Besluiten"'], ['"to":"kiezen"', '"to":"besluiten"'], ['"enum":["ja","misschien","nee"]', '"enum":["ja","nee"]'], ['["ja","misschien"]', '"ja"'])
  ];
  const met = new Set<string>();
  fc.assert(fc.property(fc.array(fc.constantFrom(...acts), { maxLength: 9 }), fc.constantFrom(...versions), fc.constantFrom(...acts), fc.nat(5), (commands, after, next, pick) => {
    const { state, events, records } = played(small, opening, ...commands);
    const result = settled(after, state, pick);
    met.add(result.type);
    if (result.type !== 'goes') return result.type === 'stays';
    const logged: LoggedEvent[] = [...events, { at: later, person: clockwork.id, event: result.event }];
    const rebuilt = rebuild(logged, records);
    const undone = rebuild([...logged, { at: later, person: clockwork.id, event: { type: 'moveUndone', from: after.bundle.hash, to: small.bundle.hash } }], records);
    const again = settled(small, result.state, pick, after);
    met.add(`back ${again.type}`);
    apply(after, result.state, next, person, later);
    const isAsEntered = (moved: MoveResult): boolean => moved.type !== 'goes' || isDeepStrictEqual(moved.state.records.map(asEntered), state.records);
    return isDeepStrictEqual(rebuilt, { ok: true, state: result.state, unused: [] }) && isDeepStrictEqual(undone, { ok: true, state, unused: [] })
      && isAsEntered(result) && isAsEntered(again) && overview(after, result.state, { ...person, sees: 'full' }, later).activeSteps.length > 0;
  }), { numRuns: 300, seed: 12 });
  t.match([...met].sort(), ['back goes', 'goes', 'stays']);
  t.end();
});

function goes(result: MoveResult): MoveResult & { type: 'goes' } {
  if (result.type !== 'goes') throw new Error(JSON.stringify(result));
  return result;
}

function exitOf(model: Model, state: CaseState, id: string): string | undefined {
  return overview(model, state, { ...person, sees: 'full' }, later).activeSteps.flatMap(({ exits }) => exits).find((exit) => exit.id === id)?.status;
}

/** Another version of the small route; each text that is replaced stands in it. */
function version(...changes: [string, string][]): Model {
  const text = JSON.stringify({ ...(bundle as Bundle), hash: undefined });
  return prepare(bundleFromText(changes.reduce((whole, [from, to]) => {
    if (!whole.includes(from)) throw new Error(`The route does not hold ${from}.`);
    return whole.replace(from, to);
  }, text)), texts);
}

/** Makes every choice a move asks for, until it asks no more. */
function settled(after: Model, state: CaseState, pick: number, before = small): MoveResult {
  let choices = noChoices;
  let result = moveCase(before, after, state, choices, later);
  for (let rounds = 0; result.type === 'asks' && rounds < 20; rounds += 1) {
    for (const need of result.needs) choices = chosen(after, choices, need, pick);
    result = moveCase(before, after, state, choices, later);
  }
  return result;
}

function chosen(after: Model, choices: Choices, need: Need, pick: number): Choices {
  if (need.kind === 'event') return choiceMade(choices, need, pick % 2 === 0 ? 'now' : 'never');
  const ids: (string | null)[] = [...targetsOf(after, need, choices).map(({ id }) => id), ...(need.kind === 'step' ? [] : [null])];
  return choiceMade(choices, need, need.kind === 'field' ? null : ids[pick % ids.length] ?? null);
}

/** Plays commands one minute after the other; what is refused changes nothing. */
function played(model: Model, ...commands: Command[]): { state: CaseState; events: LoggedEvent[]; records: CaseRecord[] } {
  let state: CaseState | null = null;
  const events: LoggedEvent[] = [];
  const records = new Map<string, CaseRecord>();
  for (const [index, command] of commands.entries()) {
    const at = new Date(Date.parse('2026-03-02T09:00:00.000Z') + index * 60_000).toISOString();
    const result = apply(model, state, command, person, at);
    if (!result.ok) continue;
    state = result.state;
    events.push(...result.events.map((event) => ({ at, person: person.id, event })));
    for (const record of state.records) records.set(`${String(record.id)}/${String(record.version)}`, record);
  }
  if (state === null) throw new Error('No case was opened.');
  return { state, events, records: [...records.values()] };
}
