import fc from 'fast-check';
import t from 'tap';
import type { CaseRecord, Command } from '../src/engine/state/case-state.ts';
import { consequences } from '../src/engine/overview/consequences.ts';
import { overview } from '../src/engine/overview/overview.ts';
import { brokenByCorrections } from '../src/engine/reading/passed-rules.ts';
import { type LoggedEvent, rebuild } from '../src/engine/commands/rebuild.ts';
import { apply } from '../src/engine/commands/transition.ts';
import { textDifference } from '../src/web/words/text-difference.ts';
import { compareAnswers } from '../src/web/words/compare-answers.ts';
import { act, attempt, begin, choice, coordinator, director, eventsOf, everything, noon, ownOnly, type Played, refused, smallRoute, submit, succeeded, take, teacher } from './fixtures/small-route.ts';

const reason = 'De datum was verkeerd opgeschreven.';
const active = ({ state }: Played): string[] => state.visits.filter(({ status }) => status === 'active').map(({ step }) => step);

const route = smallRoute({
  subject: 'kind',
  tasks: {
    overleg: {
      form: 'overleg', title: 'Overleg', repeat: true, later: ['uitkomst'],
      rules: { brief: { when: { 'this.open': true }, must: { toestemming: { some: { op: { onOrBefore: { field: 'this.op' } } } } }, message: 'Er was nog geen toestemming.' } }
    },
    toestemming: { form: 'toestemming', title: 'Toestemming', repeat: true, correct: ['directie'] }
  },
  events: { gezegd: { for: 'overleg', on: { 'for.spoed': true }, notify: ['directie'] } },
  rules: { top: { must: { 'keuze.ernst': 'hoog' }, message: 'De ernst is niet hoog.' } },
  steps: {
    een: { title: 'Stap 1', tasks: { keuze: { form: 'keuze', title: 'Kies' } }, rules: { wijs: { must: { 'keuze.waarom': { answered: true } }, message: 'Er staat geen waarom.', waivable: ['ib'] } }, transitions: { verder: { title: 'Verder', to: 'twee', form: 'motief' } } },
    twee: { title: 'Stap 2', transitions: { terug: { title: 'Terug', to: 'een' }, klaar: { title: 'Klaar', close: 'goed' } } }
  },
  reopen: {
    opnieuw: { title: 'Heropenen', performers: ['ib'], to: ['een', 'twee'], decide: 'one', form: 'motief' },
    nooit: { title: 'Anders heropenen', performers: ['ib'], when: { 'case.outcome': 'anders' }, to: ['een'] }
  }
}, {
  kind: { naam: { type: 'string', title: 'Naam' } },
  keuze: { ernst: choice('laag', 'hoog'), waarom: { type: 'string', title: 'Waarom?', when: { ernst: 'hoog' } } },
  overleg: { open: { type: 'boolean', title: 'Open?' }, op: { type: 'string', format: 'date', title: 'Wanneer?' }, spoed: { type: 'boolean', title: 'Spoed?' }, uitkomst: { type: 'string', title: 'Uitkomst?' } },
  toestemming: { op: { type: 'string', format: 'date', title: 'Wanneer getekend?' } },
  motief: { waarom: { type: 'string', title: 'Waarom?' } }
});

/** Record 1 is the subject, 2 the start, 3 the choice of step 1, 4 the motivation of leaving it. */
const past = (): Played => take(submit(begin(route, {}, { by: coordinator, subject: { naam: 'Sem' } }), 'keuze', { ernst: 'hoog', waarom: 'Veel.' }), 'een', 'verder', { waarom: 'Klaar.' });
const correct = (record: number, answers: CaseRecord['answers'], why = reason): Command & { type: 'correct' } => ({ type: 'correct', record, answers, reason: why });

t.test('semantics 10: a correction is a new version with a reason, by author or responsible or who the task names, in an open visit and after it', async (t) => {
  const played = begin(route, {}, { by: teacher });
  played.by = coordinator;
  submit(played, 'toestemming', { op: '2026-03-01' });
  t.same([teacher, coordinator, director].map((by) => attempt({ ...played, by }, correct(2, { op: '2026-03-02' })).ok), [true, true, true], 'responsible, author, named role');
  submit(played, 'keuze', { ernst: 'laag' });
  t.equal(refused({ ...played, by: director }, correct(3, { ernst: 'hoog' })).texts[0], 'Dit kan alleen worden gedaan door: degene die dit vastlegde, de verantwoordelijke.');
  t.equal(refused(played, correct(3, { ernst: 'hoog' }, 'Fout.')).texts[0], 'Schrijf een reden van ten minste 10 tekens.');
  t.equal(refused(played, correct(3, { ernst: 'laag' })).texts[0], 'U hebt geen antwoord gewijzigd.');
  t.equal(refused(played, correct(9, {})).code, 'unknown');
  act(played, correct(3, { ernst: 'hoog', waarom: 'Toch veel.' }));
  t.match(played.state.records[2], { version: 2, by: 'vries', at: noon, updatedBy: 'vries', answers: { ernst: 'hoog', waarom: 'Toch veel.' } });
  t.match(eventsOf(played, 'recordCorrected'), [{ record: 3, task: 'keuze', version: 2, fields: ['ernst', 'waarom'], reason }]);
  t.same(active(take(played, 'een', 'verder', {})), ['twee'], 'conditions read the latest version');
});

t.test('semantics 10: a correction drops what its own answers hide, also a frozen one, and nothing else', async (t) => {
  const played = act(past(), correct(3, { ernst: 'laag' }));
  t.same(played.state.records[2]?.answers, { ernst: 'laag' });
  t.same(eventsOf(played, 'recordCorrected').map(({ fields }) => fields), [['ernst', 'waarom']]);
});

t.test('semantics 10: it undoes no transition that was passed; a rule that no longer holds is named, once, and again when mended', async (t) => {
  const played = past();
  const result = succeeded(attempt(played, correct(3, { ernst: 'laag' })));
  t.match(consequences(route, played.state, result, everything(coordinator), noon), ['Achteraf niet meer voldaan: De ernst is niet hoog.', 'Achteraf niet meer voldaan: Er staat geen waarom.']);
  act(played, correct(3, { ernst: 'laag' }));
  t.same(active(played), ['twee']);
  t.same(brokenByCorrections(played.events).map(({ rule, visit }) => [rule, visit]), [['top', 1], ['wijs', 1]]);
  submit(played, 'overleg', { open: false, op: '2026-03-10' });
  act(played, correct(5, { op: '2026-03-11' }));
  t.equal(brokenByCorrections(played.events).length, 2, 'what another correction does not touch stays as it was');
  act(played, correct(3, { ernst: 'hoog', waarom: 'Toch wel.' }));
  t.same(brokenByCorrections(played.events), []);
});

t.test('semantics 10: a rule of another record that reads the corrected one is named at that record; nothing refuses the truth', async (t) => {
  const played = submit(submit(begin(route), 'toestemming', { op: '2026-03-01' }), 'overleg', { open: true, op: '2026-03-05' });
  act(played, correct(2, { op: '2026-03-08' }));
  t.same(brokenByCorrections(played.events), [{ rule: 'brief', visit: null, record: 3, text: 'Er was nog geen toestemming.' }]);
  t.match(played.state.records[2], { version: 1 });
});

t.test('semantics 10: an event that becomes true by a correction fires, and one that fired is not undone', async (t) => {
  const played = submit(begin(route), 'overleg', { spoed: false });
  act(played, correct(2, { spoed: true }));
  t.same(eventsOf(played, 'noticed').length, 1);
  act(played, correct(2, { spoed: false }));
  t.equal(played.state.notices.length, 1);
});

t.test('semantics 10: the form of a way out can be corrected by who wrote it; the subject never needs it', async (t) => {
  const played = past();
  act(played, correct(4, { waarom: 'Klaar met stap 1.' }));
  t.match(played.state.records[3], { task: 'transition:een:verder', version: 2 });
  t.equal(refused(played, correct(1, { naam: 'Semmie' })).code, 'notPerformer');
});

t.test('semantics 10: a closed case is corrected after it is opened again', async (t) => {
  const played = take(past(), 'twee', 'klaar');
  t.equal(refused(played, correct(3, { ernst: 'laag' })).code, 'closed');
  const open = { type: 'reopen', reopening: 'opnieuw', to: 'twee', answers: { waarom: 'Nieuw signaal.' } } as const;
  t.equal(refused({ ...played, by: director }, open).code, 'notPerformer');
  t.equal(refused(played, { ...open, to: 'drie' }).code, 'unknown');
  t.equal(refused(played, { ...open, reopening: 'anders' }).code, 'unknown');
  t.equal(refused(played, { ...open, reopening: 'nooit', to: 'een' }).code, 'notOffered');
  t.equal(refused(played, { ...open, answers: null }).texts[0], 'Vul eerst in: Formulier motief.');
  t.match(overview(route, played.state, everything(coordinator), noon).reopenings, [{ id: 'opnieuw', title: 'Heropenen', mayTake: true, reasons: [], to: [{ id: 'een' }, { id: 'twee' }], form: 'motief' }, { id: 'nooit', reasons: [{ kind: 'condition' }] }]);
  t.match(overview(route, played.state, everything(director), noon).reopenings, [{ mayTake: false, performers: ['Intern begeleider'] }, { mayTake: false }]);
  act(played, open);
  t.match(played.state, { status: 'open', closedAt: null, outcome: null });
  t.same(active(played), ['twee']);
  t.match(played.state.records.at(-1), { task: 'reopen:opnieuw', answers: { waarom: 'Nieuw signaal.' } });
  t.same(overview(route, played.state, everything(coordinator), noon).reopenings, []);
  t.equal(refused(played, open).code, 'notOpen');
  act(played, correct(3, { waarom: 'Heel veel.' }));
  t.equal(take(played, 'twee', 'terug').state.status, 'open');
});

t.test('semantics 24: who started a case by mistake cancels it within its first step, with a reason; nothing follows after', async (t) => {
  const played = begin(route, {}, { by: teacher });
  const cancel = { type: 'cancel', reason: 'Verkeerd kind gekozen.' } as const;
  t.equal(refused({ ...played, by: coordinator }, cancel).code, 'notPerformer');
  t.equal(refused(played, { ...cancel, reason: 'Fout' }).code, 'rules');
  t.equal(refused({ ...past(), by: coordinator }, cancel).texts[0], 'De zaak is al verder dan de eerste stap. Sluit haar af op de gewone manier.');
  act(played, cancel);
  t.match(played.state, { status: 'cancelled', closedAt: noon, outcome: null });
  t.same(eventsOf(played, 'caseCancelled'), [{ type: 'caseCancelled', reason: 'Verkeerd kind gekozen.' }]);
  t.same(active(played), []);
  const all: Exclude<Command, { type: 'open' }>[] = [
    cancel, correct(1, { a: 'x' }), { type: 'submit', task: 'overleg', answers: {} }, { type: 'update', record: 1, answers: {} },
    { type: 'reopen', reopening: 'opnieuw', to: 'een', answers: {} }, { type: 'handOver', to: coordinator }
  ];
  t.same(all.map((command) => refused(played, command).code), all.map(() => 'closed'));
  t.match(overview(route, played.state, everything(teacher), noon), { status: 'cancelled', now: { type: 'closed' }, exits: [], reopenings: [] });
});

t.test('a case is handed over by who is responsible or who sees it all, and the new one may correct and hand over', async (t) => {
  const played = begin(route, { a: 'x' }, { by: teacher });
  const to = (person: typeof teacher): Command & { type: 'handOver' } => ({ type: 'handOver', to: person });
  const other = { id: 'jansen', roles: ['leraar'] };
  t.equal(refused({ ...played, by: other }, to(coordinator)).code, 'notPerformer');
  t.equal(refused(played, to(teacher)).code, 'notOffered');
  t.ok(attempt({ ...played, by: director }, to(coordinator)).ok);
  act(played, to(other));
  t.same(eventsOf(played, 'handedOver'), [{ type: 'handedOver', from: 'smit', to: 'jansen' }]);
  t.equal(played.state.responsible, 'jansen');
  t.ok(attempt({ ...played, by: other }, correct(1, { a: 'y' })).ok);
  t.ok(attempt({ ...played, by: other }, to(coordinator)).ok);
  t.equal(refused(played, to(coordinator)).code, 'notPerformer', 'who handed it over may no longer');
  t.equal(overview(route, played.state, ownOnly(teacher), noon).status, 'open');
});

t.test('a restricted case is handed over to the people it is restricted to and to nobody else', async (t) => {
  const model = smallRoute({ events: { scherm: { for: 'start', on: { 'for.geheim': true }, restrict: { to: ['author', 'directie'], never: 'for.wie' } } } });
  const played = begin(model, { geheim: true, wie: ['geheim'] }, { by: teacher });
  t.same([coordinator, director, { id: 'geheim', roles: ['directie'] }].map((to) => attempt(played, { type: 'handOver', to }).ok), [false, true, false]);
  t.equal(refused({ ...played, by: coordinator }, { type: 'handOver', to: director }).code, 'notPerformer');
});

t.test('corrections, handing over, reopening and cancelling are rebuilt from events and versions', async (t) => {
  const versions: CaseRecord[] = [];
  const logged: LoggedEvent[] = [];
  const opened = succeeded(apply(route, null, { type: 'open', task: 'start', answers: {}, subject: { naam: 'Sem' } }, coordinator, noon));
  let state = opened.state;
  const keep = ({ events, state: next }: typeof opened): void => {
    logged.push(...events.map((event) => ({ at: noon, person: coordinator.id, event })));
    versions.push(...next.records.filter(({ id, version }) => !versions.some((known) => known.id === id && known.version === version)));
    state = next;
  };
  keep(opened);
  const acts: Exclude<Command, { type: 'open' }>[] = [
    { type: 'submit', task: 'keuze', answers: { ernst: 'hoog', waarom: 'x' } }, { type: 'take', step: 'een', transition: 'verder', answers: {} },
    correct(3, { ernst: 'laag' }), correct(3, { ernst: 'hoog', waarom: 'y' }), { type: 'handOver', to: director }, { type: 'take', step: 'twee', transition: 'klaar', answers: null },
    { type: 'reopen', reopening: 'opnieuw', to: 'twee', answers: { waarom: 'x' } }
  ];
  for (const command of acts) {
    keep(succeeded(apply(route, state, command, coordinator, noon)));
    t.strictSame(rebuild(logged, versions), { ok: true, state, unused: [] }, command.type);
  }
  const other = begin(route);
  const cancelled = act(other, { type: 'cancel', reason });
  t.strictSame(rebuild(cancelled.events.map((event) => ({ at: noon, person: 'vries', event })), cancelled.state.records), { ok: true, state: cancelled.state, unused: [] });
});

t.test('two texts are compared word by word; the pieces of each side together are that text', async (t) => {
  t.same(textDifference('Sem kwam te laat. Hij had geen jas aan.', 'Sem kwam te laat.'), {
    one: [{ text: 'Sem kwam te laat. ', only: false }, { text: 'Hij had geen jas aan.', only: true }], other: [{ text: 'Sem kwam te laat.', only: false }]
  });
  t.same(textDifference('', 'Ja'), { one: [], other: [{ text: 'Ja', only: true }] });
  const text = fc.array(fc.constantFrom('a', 'b', 'c', ' ', '\n', '. '), { maxLength: 30 }).map((parts) => parts.join(''));
  t.doesNotThrow(() => { fc.assert(fc.property(text, text, (one, other) => {
    const pieces = textDifference(one, other);
    const together = (side: typeof pieces.one): string => side.map((piece) => piece.text).join('');
    const shared = (side: typeof pieces.one): string => side.filter(({ only }) => !only).map((piece) => piece.text).join(' ').replace(/\s+/g, ' ').trim();
    return together(pieces.one) === one && together(pieces.other) === other && shared(pieces.one) === shared(pieces.other);
  }), { seed: 5 }); });
  t.ok(textDifference('woord '.repeat(5000), 'ander '.repeat(5000)).one.length === 1, 'very long texts are marked whole');
});

t.test('answers of two records are compared as they are read; what neither answered is not counted', async (t) => {
  const answer = (pointer: string, ...lines: string[]) => ({ pointer, label: pointer, lines, rows: null, href: `#${pointer}`, source: null });
  const one = [answer('/a', 'x'), answer('/b', 'y'), answer('/c')];
  const compared = compareAnswers(one, [answer('/a', 'x'), answer('/b', 'z'), answer('/c'), answer('/d', 'nieuw')]);
  t.equal(compared.same, 1);
  t.same(compared.different.map(({ pointer, one: left, other }) => [pointer, left?.lines, other?.lines]), [['/b', ['y'], ['z']], ['/d', undefined, ['nieuw']]]);
});
